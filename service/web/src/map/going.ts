// Moving the map to what was found.

import type { Map as GlMap } from "maplibre-gl";
import { ask } from "../shell/api";
import { shownDay } from "./days";
import { room } from "./room";
import type { Point, Target } from "./types";

const POINT_ZOOM = 17;
/** A rough outline is enough to find its box. */
const BOX_ZOOM = 6;
const MOST_ZOOM = 14;

/** Move to a point and look at it, or to the ground of a unit and look at its middle. */
export async function goTo(map: GlMap, target: Target, look: (point: Point) => void): Promise<void> {
  if (target.point) {
    const { top, right, bottom, left } = room(true);
    map.flyTo({
      center: [target.point.lon, target.point.lat],
      zoom: Math.max(map.getZoom(), POINT_ZOOM),
      offset: [(left - right) / 2, (top - bottom) / 2],
    });
    return look(target.point);
  }
  const unit = target.commune ?? target.province;
  if (!unit) return;
  const path = `/v1/units/${unit.code}/boundary`;
  const { bbox } = await ask<{ bbox: [number, number, number, number] }>(path, { zoom: BOX_ZOOM, as_of: shownDay() });
  const [west, south, east, north] = bbox;
  map.fitBounds([[west, south], [east, north]], { padding: room(true), maxZoom: MOST_ZOOM });
  if (target.commune) look({ lat: (south + north) / 2, lon: (west + east) / 2 });
}

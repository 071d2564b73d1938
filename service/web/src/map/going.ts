// Moving the map to what was found.

import type { Map as GlMap } from "maplibre-gl";
import { ask } from "../shell/api";
import { shownDay } from "./days";
import { type Ground, pointInside } from "./inside";
import { room } from "./room";
import type { Point, Target } from "./types";

const POINT_ZOOM = 17;
/** Outlines of this zoom are near enough to find a box and a point inside. */
const OUTLINE_ZOOM = 10;
const MOST_ZOOM = 14;

interface Outline {
  readonly bbox: [number, number, number, number];
  readonly geometry: Ground;
}

/** Move to a point and look at it, or to the ground of a unit and look at a point inside. */
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
  const { bbox, geometry } = await ask<Outline>(path, { zoom: OUTLINE_ZOOM, as_of: shownDay() });
  const [west, south, east, north] = bbox;
  map.fitBounds([[west, south], [east, north]], { padding: room(true), maxZoom: MOST_ZOOM });
  if (target.commune) look(pointInside(geometry, bbox));
}

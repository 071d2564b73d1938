// A point inside an outline: the middle of its box may lie in a neighbour.

import type { Point } from "./types";

type Ring = readonly (readonly [lon: number, lat: number])[];

/** The ground of a unit, as GeoJSON has it. */
export type Ground =
  | { readonly type: "Polygon"; readonly coordinates: readonly Ring[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly Ring[])[] };

/** The middle of the widest stretch of an outline on the parallel through the middle of its box. */
export function pointInside(ground: Ground, bbox: readonly [number, number, number, number]): Point {
  const [west, south, east, north] = bbox;
  const lat = (south + north) / 2;
  const rings = ground.type === "Polygon" ? ground.coordinates : ground.coordinates.flat();
  const crossings = rings.flatMap((ring) => crossed(ring, lat)).sort((a, b) => a - b);
  let best: readonly [number, number] = [west, east];
  let widest = 0;
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [from, to] = [crossings[i]!, crossings[i + 1]!];
    if (to - from > widest) [best, widest] = [[from, to], to - from];
  }
  return { lat, lon: (best[0] + best[1]) / 2 };
}

function crossed(ring: Ring, lat: number): number[] {
  return ring.slice(1).flatMap(([lon, end], i) => {
    const [from, start] = ring[i]!;
    return start > lat !== end > lat ? [from + ((lat - start) / (end - start)) * (lon - from)] : [];
  });
}

"""Derive the cells' sites and weights, ``sources/cells.csv``, from the communes' points and areas.

    python data/derive/cells.py GLOBAL_LAND_MASK

Most of the publisher's points are centroids. So each site is moved until its cell's centroid is near the
point, and each weight is changed until the cell has the published area; both are held back by a pull towards
where they began, since a quarter of the points are not centroids, some areas are wrong, and real communes
are not as round as cells. How strong each pull is was chosen for the whole country at once.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

DATA = Path(__file__).parents[1]
sys.path[:0] = [str(DATA), str(Path(__file__).parent)]

from build import sources  # noqa: E402
from build.field import KM_PER_DEGREE, WEIGHT_LIMIT, Communes, Field, Floats  # noqa: E402
from land import land_within  # noqa: E402
from tables import write_table  # noqa: E402

from geoaddr.importing.tables import DataFolder  # noqa: E402

ROUNDS = 12
SOFTNESS = 0.05
"""Of a cell's edge while fitting, in radii of the nearest commune."""

FOLLOW_CENTROID, STAY_AT_POINT, LONGEST_STEP = 0.5, 0.2, 0.3
FOLLOW_AREA, STAY_AT_ZERO, LONGEST_GROWTH = 0.2, 0.1, 0.5
LEAST_AREA_KM2 = 0.3
"""Less than any commune has: a published area below it is a missing one."""

MASK_DEGREES = 1 / 120
SAMPLES_PER_RADIUS = 3.0


def published(folder: Path) -> tuple[Communes, Floats]:
    """The communes with their published points as sites, and their areas in km2."""
    lines = sorted(
        DataFolder(folder).table("commune_points.csv", ("code", "lat", "lon", "area_km2"), ("code",)),
        key=lambda line: line["code"],
    )
    codes = [line["code"] for line in lines]
    lon = np.array([float(line["lon"]) for line in lines])
    lat = np.array([float(line["lat"]) for line in lines])
    area = np.array([float(line["area_km2"] or 0) for line in lines])
    points = shapely.points(lon, lat)
    for row in np.flatnonzero(area < LEAST_AREA_KM2):
        third = np.sort(shapely.distance(points, points[row]))[3] * KM_PER_DEGREE
        area[row] = third**2 / 2
    weight = np.zeros(len(codes))
    came = sources.origins(folder, codes, sources.provinces(folder)[0])
    return Communes(codes, lon, lat, np.sqrt(area / np.pi), weight, came), area


def samples(field: Field, lon: Floats, lat: Floats) -> tuple[Floats, Floats, Floats]:
    """Points on land, denser where communes are small, each with the area that it stands for (km2)."""
    need = field.finest(lon, lat, among=6) / SAMPLES_PER_RADIUS
    level = np.clip(np.ceil(np.log2(MASK_DEGREES * KM_PER_DEGREE / need)), 0, 3).astype(int)
    parts = []
    for depth in range(4):
        here, split = level == depth, 2**depth
        steps = (np.arange(split) - (split - 1) / 2) * MASK_DEGREES / split
        east, north = (grid.ravel() for grid in np.meshgrid(steps, steps))
        parts.append(
            np.column_stack([
                (lon[here][:, None] + east).ravel(),
                (lat[here][:, None] + north).ravel(),
                np.full(here.sum() * split**2, (MASK_DEGREES * KM_PER_DEGREE / split) ** 2),
            ])
        )  # fmt: skip
    x, y, size = np.vstack(parts).T
    return x, y, size * np.cos(np.radians(y))


def fit(start: Communes, area: Floats, field: Field, lon: Floats, lat: Floats, size: Floats) -> Communes:
    """Move sites and change weights, a bounded step a round."""
    now, count = start, len(start.codes)
    patches = list(field.patches(lon, lat))
    per_degree = np.array([KM_PER_DEGREE * np.cos(np.radians(start.lat)), np.full(count, KM_PER_DEGREE)])
    moved = np.zeros((2, count))
    for _ in range(ROUNDS):
        field.communes = now
        held, sums = np.zeros(count), np.zeros((2, count))
        for patch in patches:
            x, y = lon[patch.rows], lat[patch.rows]
            scores, unit = field.scores(patch, field.squares(x, y, patch.candidates))
            share = np.exp((scores - scores.max(axis=1, keepdims=True)) / (SOFTNESS * unit[:, None]))
            share *= (size[patch.rows] / share.sum(axis=1))[:, None]
            held[patch.candidates] += share.sum(axis=0)
            for axis, (places, points) in enumerate(((x, start.lon), (y, start.lat))):
                sums[axis, patch.candidates] += (share * (places[:, None] - points[patch.candidates])).sum(axis=0)
        # Where the published point lies from the cell's centroid, in radii.
        lack = -sums / np.maximum(held, 1e-6) * per_degree / start.radius_km
        lack /= np.maximum(1, np.hypot(*lack) / LONGEST_STEP)
        moved += FOLLOW_CENTROID * lack * start.radius_km - STAY_AT_POINT * moved
        growth = np.clip(np.log(area / np.maximum(held, 1e-3)), -LONGEST_GROWTH, LONGEST_GROWTH)
        weight = np.clip((1 - STAY_AT_ZERO) * now.weight + FOLLOW_AREA * growth, -WEIGHT_LIMIT, WEIGHT_LIMIT)
        lon_now, lat_now = np.array([start.lon, start.lat]) + moved / per_degree
        now = replace(now, lon=lon_now, lat=lat_now, weight=weight)
    return now


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("global_land_mask", type=Path)
    given = parser.parse_args()
    start, area = published(DATA)
    far = sources.zones(DATA)
    near = np.array([code not in far for code in start.codes])
    field = Field(start, sources.provinces(DATA)[1], used=near)
    ((_, ground),) = sources.polygons(DATA, "ground.geojson")
    cells = fit(start, area, field, *samples(field, *land_within(given.global_land_mask, ground)))
    weight = np.where(near, cells.weight, 0.0)
    lon, lat = np.where(near, [cells.lon, cells.lat], [start.lon, start.lat])
    rows = zip(start.codes, lat.tolist(), lon.tolist(), start.radius_km.tolist(), weight.tolist(), strict=True)
    write_table(
        DATA / "sources" / "cells.csv",
        ("code", "lat", "lon", "radius_km", "weight"),
        [(code, f"{y:.5f}", f"{x:.5f}", f"{r:.3f}", f"{w + 0:.4f}") for code, y, x, r, w in rows],
    )


if __name__ == "__main__":
    main()

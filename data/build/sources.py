"""Reading what the cells are made of: sites, provinces, ground, special zones."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.errors import DataError, Said
from geoaddr.importing.tables import DataFolder

from .field import Communes

ZONE_COLUMNS = ("code", "feature", "lat", "lon", "reach_km", "source")


def polygons(folder: Path, name: str) -> list[tuple[dict[str, str], Any]]:
    """The features of ``sources/name``: properties and shape.

    :raises DataError: the file is not the one that the manifest describes.
    """
    path = folder / "sources" / name
    content = path.read_bytes()
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        sums = {line["file"]: line["sha256"] for line in csv.DictReader(lines)}
    if hashlib.sha256(content).hexdigest() != sums.get(f"sources/{name}"):
        raise DataError(
            path,
            Said(
                "not the file that the manifest describes: its SHA-256 differs",
                "không phải tệp mà bản kê mô tả: mã SHA-256 khác",
            ),
        )
    features = json.loads(content)["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return [(feature["properties"], shape) for feature, shape in zip(features, shapes, strict=True)]


def provinces(folder: Path) -> tuple[list[str], NDArray[Any]]:
    """Codes and polygons of the old provinces."""
    found = polygons(folder, "provinces_land.geojson")
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [shapely.make_valid(shape) for _, shape in found]
    return [properties["code"] for properties, _ in found], shapes


def zones(folder: Path) -> dict[str, NDArray[np.float64]]:
    """The special zones far from the coast: by code, rows of longitude, latitude and reach in km."""
    found: dict[str, list[list[float]]] = {}
    for line in DataFolder(folder).table("special_zones.csv", ZONE_COLUMNS):
        found.setdefault(line["code"], []).append(
            [float(line["lon"]), float(line["lat"]), float(line["reach_km"])]
        )
    return {code: np.array(rows) for code, rows in found.items()}


def origins(folder: Path, codes: list[str], province_codes: list[str]) -> NDArray[np.bool_]:
    """Which old provinces each commune came from: a row a commune."""
    data = DataFolder(folder)
    district = {line["code"]: line["province"] for line in data.table("districts_old.csv", ("code", "province"))}
    commune = {
        line["code"]: district[line["district"]]
        for line in data.table("communes_old.csv", ("code", "district"), ("code",))
    }
    place = {code: column for column, code in enumerate(province_codes)}
    row_of = {code: row for row, code in enumerate(codes)}
    came = np.zeros((len(codes), len(province_codes)), bool)
    for line in data.table("links_communes.csv", ("old", "new"), ("old", "new")):
        came[row_of[line["new"]], place[commune.get(line["old"]) or district[line["old"]]]] = True
    return came


def communes(folder: Path) -> Communes:
    """The sites and weights of ``sources/cells.csv``."""
    lines = DataFolder(folder).table("cells.csv", ("code", "lat", "lon", "radius_km", "weight"))
    codes = [line["code"] for line in lines]

    def column(name: str) -> NDArray[np.float64]:
        return np.array([float(line[name]) for line in lines])

    return Communes(
        codes, column("lon"), column("lat"), column("radius_km"), column("weight"),
        origins(folder, codes, provinces(folder)[0]),
    )  # fmt: skip


def points(folder: Path, codes: list[str]) -> NDArray[np.float64]:
    """The communes' published points: longitude, latitude."""
    lines = DataFolder(folder).table("commune_points.csv", ("code", "lat", "lon"), ("code",))
    place = {line["code"]: (float(line["lon"]), float(line["lat"])) for line in lines}
    return np.array([place[code] for code in codes])

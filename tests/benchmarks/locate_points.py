"""The layer that is looked up, and the points that are looked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

SHARED_LAYER = Path(__file__).resolve().parents[3] / "shared/data/boundaries/vn2025_communes_full.parquet"

Columns = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Latitudes and longitudes."""


def read_polygons(layer: Path) -> NDArray[Any]:
    """The polygons of a GeoParquet file with the columns ``code`` and ``geometry``, by code."""
    table = pq.read_table(layer, columns=["code", "geometry"]).sort_by("code")
    polygons: NDArray[Any] = shapely.from_wkb(table["geometry"].to_numpy())
    return polygons


def imported(layer: Path, folder: Path) -> Path:
    """A pack with these boundaries, made by the command that users type."""
    pack = folder / "layer.gapack"
    command = [sys.executable, "-m", "geoaddr.cli", "data", "import", str(layer), "-o", str(pack)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return pack


def households(bounds: NDArray[np.float64], n: int, seed: int = 1) -> NDArray[np.float64]:
    """Longitudes and latitudes: a unit, all alike likely, then uniform in its box. Nobody's home is in here."""
    random = np.random.default_rng(seed)
    box = bounds[random.integers(0, len(bounds), n)]
    return random.uniform(box[:, :2], box[:, 2:])


def columns(points: NDArray[np.float64]) -> Columns:
    """Points as two columns in memory."""
    return np.ascontiguousarray(points[:, 1]), np.ascontiguousarray(points[:, 0])


def kinds_of_points(polygons: NDArray[Any], n: int) -> dict[str, Columns]:
    """What is looked up in columns: households in no order; the same in map order, by bands of 1/64 degree; and
    points around borders, each a vertex with noise of 110 m."""
    random = np.random.default_rng(2)
    homes = households(shapely.bounds(polygons), n)
    in_order = homes[np.lexsort((homes[:, 0], np.floor(homes[:, 1] * 64)))]
    vertices = shapely.get_coordinates(polygons)
    borders = vertices[random.integers(0, len(vertices), n)] + random.normal(scale=1e-3, size=(n, 2))
    kinds = {
        "random": homes,
        "map order": in_order,
        "borders": borders,
    }
    return {name: columns(points) for name, points in kinds.items()}

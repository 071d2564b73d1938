"""The platform on two real provinces, exact and in full: Đà Nẵng with Hoàng Sa, Lào Cai with its overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

import geoaddr
from geoaddr.platform import Geoaddr
from tests.service.packs import write_two_provinces


@pytest.fixture(scope="session")
def two_provinces(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    return write_two_provinces(raw, tmp_path_factory.mktemp("pack") / "two.gapack")


@pytest.fixture(scope="session")
def ga(two_provinces: Path) -> Iterator[Geoaddr]:
    with geoaddr.open(two_provinces, "memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def full(ga: Geoaddr) -> dict[str, shapely.Geometry]:
    """The polygons by code, bit for bit as they were imported, turned to the right hand."""
    index, codes = ga.locator.index, ga.locator.codes
    polygons = np.array([index.polygon(row) for row in range(len(codes))], dtype=object)
    return dict(zip(codes, shapely.orient_polygons(polygons), strict=True))

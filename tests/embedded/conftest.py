"""The embedded pack as it is committed, and its cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def embedded() -> Pack:
    return Pack.open(EMBEDDED_PACK)


@pytest.fixture(scope="session")
def codes(embedded: Pack) -> list[str]:
    return [*embedded.strings("boundaries.communes.codes")]


@pytest.fixture(scope="session")
def index(embedded: Pack) -> BoundaryIndex:
    return BoundaryIndex.from_pack(embedded, "boundaries.communes")


@pytest.fixture(scope="session")
def cells(index: BoundaryIndex) -> NDArray[Any]:
    found = np.empty(len(index), dtype=object)
    found[:] = [index.polygon(row) for row in range(len(index))]
    return found

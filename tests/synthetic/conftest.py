"""Two made-up provinces on the embedded pack, and the streets that can be read out of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

import geoaddr

PROVINCES = ("01", "92")
"""Hà Nội and Cần Thơ: a city and rice fields, north and south."""

HOUSEHOLDS = 60_000

METRES_A_DEGREE = 111_195


@pytest.fixture(scope="session")
def ga() -> Iterator[geoaddr.Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def nation_file(ga: geoaddr.Geoaddr, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("synth") / "two.parquet"
    ga.synth(out, households=HOUSEHOLDS, provinces=PROVINCES, seed=7)
    return out


@pytest.fixture(scope="session")
def nation(nation_file: Path) -> pa.Table:
    return pq.read_table(nation_file)


@pytest.fixture(scope="session")
def rows(nation: pa.Table) -> list[dict[str, Any]]:
    return nation.to_pylist()


@pytest.fixture(scope="session")
def metres(nation: pa.Table) -> NDArray[np.float64]:
    """Metres east and north, a row a household; each commune has an origin of its own, its first household."""
    lat, lon = (nation[name].to_numpy() for name in ("lat", "lon"))
    _, first, commune = np.unique(nation["commune_code"].to_numpy(), return_index=True, return_inverse=True)
    origin = first[commune]
    east = (lon - lon[origin]) * np.cos(np.radians(lat[origin]))
    return np.stack([east, lat - lat[origin]], axis=1) * METRES_A_DEGREE


Street = tuple[Any, ...]


@pytest.fixture(scope="session")
def streets(rows: list[dict[str, Any]], metres: NDArray[np.float64]) -> dict[Street, dict[int, NDArray[Any]]]:
    """The places of houses on streets themselves, by number: no alleys, no flats, no numbers with a letter."""
    found: dict[Street, dict[int, NDArray[Any]]] = {}
    for row, place in zip(rows, metres, strict=True):
        number = row["house_number"] or ""
        if number.isdigit() and not row["alley"] and not row["building"]:
            found.setdefault((row["commune_code"], row["street"]), {})[int(number)] = place
    return found

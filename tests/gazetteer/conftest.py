"""The real gazetteer, built once from the data folder of the checkout and read back from a pack."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from geoaddr.gazetteer import Gazetteer
from geoaddr.importing.gazetteer_sections import to_sections
from geoaddr.importing.sources import Sources, read_sources
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack

DATA = Path(__file__).resolve().parents[2] / "data"

EVE = dt.date(2025, 6, 30)
REFORM = dt.date(2025, 7, 1)
NOW = dt.date(2026, 9, 20)


@pytest.fixture(scope="session")
def sources() -> Sources:
    return read_sources(DATA)


@pytest.fixture(scope="session")
def pack(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    path = tmp_path_factory.mktemp("pack") / "gazetteer.gapack"
    write_pack(path, PackInfo("test", "1", sources.date, "none"), to_sections(sources))
    return Pack.open(path)


@pytest.fixture(scope="session")
def gazetteer(pack: Pack) -> Gazetteer:
    return Gazetteer.from_pack(pack)

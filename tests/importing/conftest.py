"""A base pack with the real gazetteer and no boundaries, and an import that is one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoaddr.importing.gazetteer_sections import to_sections
from geoaddr.importing.layer_import import import_layer
from geoaddr.importing.report import ImportReport
from geoaddr.importing.sources import read_sources
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack

DATA = Path(__file__).resolve().parents[2] / "data"

Import = Callable[..., ImportReport]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    sources = read_sources(DATA)
    path = tmp_path_factory.mktemp("base") / "base.gapack"
    write_pack(
        path, PackInfo("base", "1", sources.date, "none"), to_sections(sources), meta={"sources": ["a source"]}
    )
    return Pack.open(path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "packs" / "out.gapack"


@pytest.fixture
def run(base: Pack, out: Path) -> Import:
    def imported(source: Path, **options: Any) -> ImportReport:
        return import_layer(source, out, base=base, **options)

    return imported

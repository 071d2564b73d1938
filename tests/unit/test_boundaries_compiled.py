"""When the compiled loops answer, and that nothing else changes with them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping

import numpy as np
import pytest
import shapely

from geoaddr.boundaries import ArraySections, BoundaryIndex, build, columnar
from geoaddr.boundaries.compiled import compiled_loops

pytest.importorskip("numba")
pytestmark = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="numba is switched off")

SQUARES = shapely.box([0, 1, 0.5], [0, 0, 0.25], [1, 2, 1.5], [1, 1, 0.75])
"""The third lies over both others."""

ASKING = """
import sys
import numpy as np, shapely
from geoaddr.boundaries import ArraySections, BoundaryIndex, build, columnar
from geoaddr.errors import MissingExtra
squares = shapely.box([0, 1, 0.5], [0, 0, 0.25], [1, 2, 1.5], [1, 1, 0.75])
index = BoundaryIndex.from_pack(ArraySections(build(squares)), "")
lat, lon = np.array([0.1, 0.5, 0.5, 0.1]), np.array([0.1, 0.7, 1.2, 5.0])
def ask(**how):
    hits = index.at_many(lat, lon, **how)
    assert hits.primary.tolist() == [0, 0, 1, -1] and hits.multi_units.tolist() == [0, 2, 1, 2]
"""


def run(script: str, environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(
        [sys.executable, "-c", ASKING + script], check=True, env={**os.environ, **(environment or {})}, timeout=120
    )


@pytest.fixture
def index() -> BoundaryIndex:
    return BoundaryIndex.from_pack(ArraySections(build(SQUARES)), "")


def test_few_points_load_nothing() -> None:
    run("ask(); assert 'numba' not in sys.modules; ask(compiled=True); assert 'numba' in sys.modules")


def test_many_points_turn_to_the_loops(index: BoundaryIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """The points of all questions count; ``compiled`` overrules the count either way."""
    monkeypatch.setattr(columnar, "WORTH_COMPILING", 100)
    answered: list[int] = []
    settle = columnar.CompiledLookup.settle

    def counted(loops: columnar.CompiledLookup, lat, lon, primary):  # type: ignore[no-untyped-def]
        answered.append(len(lat))
        return settle(loops, lat, lon, primary)

    monkeypatch.setattr(columnar.CompiledLookup, "settle", counted)
    columns = np.full(60, 0.1), np.full(60, 0.1)
    for compiled, by_loops in [(None, []), (True, [60]), (False, []), (None, [60]), (False, [])]:
        answered.clear()
        assert index.at_many(*columns, compiled=compiled).primary.tolist() == [0] * 60
        assert answered == by_loops, compiled


@pytest.mark.parametrize("without", ["not installed", "switched off"])
def test_without_numba(without: str) -> None:
    """Numpy answers, however many the points are; who insists on the loops is told what is missing."""
    run(
        "columnar.WORTH_COMPILING = 1\n"
        + ("sys.modules['numba'] = None\n" if without == "not installed" else "")
        + "ask(); ask(compiled=False)\n"
        "try: ask(compiled=True)\n"
        "except MissingExtra as missing: assert missing.extra == 'fast'\n"
        "else: raise SystemExit('not refused')\n",
        {"NUMBA_DISABLE_JIT": "1"} if without == "switched off" else None,
    )


def test_no_folder_to_keep_compiled_code_in() -> None:
    """As for a service without a home on a read-only disk: it compiles, and keeps nothing."""
    run(
        "import numba\n"
        "njit = numba.njit\n"
        "def where_nothing_can_be_kept(cache=False, **how):\n"
        "    if cache: raise RuntimeError('cannot cache function: no locator available')\n"
        "    return njit(**how)\n"
        "from geoaddr.boundaries.compiled import compiled_loops\n"
        "numba.njit = where_nothing_can_be_kept\n"
        "assert compiled_loops()\n"
        "numba.njit = njit\n"
        "ask(compiled=True)"
    )


def test_columns_longer_than_a_step(index: BoundaryIndex) -> None:
    """Points of a step with few others and of one where all are on borders, in both kinds of memory."""
    random = np.random.default_rng(5)
    lat, lon = random.uniform(-0.5, 1.5, (2, 70_000))
    lat[20_000:60_000] = 0.25
    expected = index.at_many(lat, lon, compiled=False)
    lat.flags.writeable = False
    for column in (lat, lat[::-1][::-1], lat.astype(">f8")):
        for one, other in zip(index.at_many(column, lon, compiled=True), expected, strict=True):
            assert np.array_equal(one, other)
    assert len(expected.multi_rows) > 20_000


def test_threads_may_share_an_index(index: BoundaryIndex) -> None:
    lat, lon = np.random.default_rng(6).uniform(-0.5, 2.5, (2, 200_000))
    expected = index.at_many(lat, lon, compiled=False)
    found: list[bool] = []

    def ask() -> None:
        hits = index.at_many(lat, lon, compiled=True)
        found.append(all(np.array_equal(a, b) for a, b in zip(hits, expected, strict=True)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def test_numba_compiles_the_loops() -> None:
    loops = compiled_loops()
    assert loops is not None
    assert all(hasattr(loop, "signatures") for loop in loops)

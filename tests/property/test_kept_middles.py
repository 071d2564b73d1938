"""The middles of places that a registry's file keeps are what would be worked out now, whatever became of its
addresses, or are not there."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.errors import GeoaddrError
from geoaddr.finding.labels import SAMPLE, spelling
from geoaddr.finding.points import middle
from geoaddr.model import Components, Point
from geoaddr.registry import Draft, Registry
from geoaddr.stores import sqlite_middles, sqlite_schema
from geoaddr.stores.sqlite import SQLiteStore
from tests.registries import execute

COMMUNES = ("00004", "00008")
PLACES: Sequence[Mapping[str, str]] = (
    {"hamlet": "Thôn 3"},
    {"hamlet": "thôn 03"},
    {"hamlet": "Tổ 5"},
    {"building": "Chung cư A1", "street": "Quán Thánh", "house_number": "4"},
    {"building": "Chung cư A1", "street": "Thụy Khuê"},
    {"building": "Chợ Bưởi", "poi": "Nhà hàng Hoa Sữa"},
    {"hamlet": "Tổ 5", "poi": "Chợ Bưởi"},
    {"street": "Quán Thánh", "house_number": "4"},
)
STEPS = st.integers(0, 30).map(lambda n: n * 1e-3)
PLACED = st.tuples(st.sampled_from(PLACES), st.sampled_from(COMMUNES), STEPS, STEPS)
Placed = tuple[Mapping[str, str], str, float, float]


def batches(households: Sequence[Placed], first: int) -> Iterator[pa.RecordBatch]:
    """The households as a load has them; every seventh is ended."""
    rows = [
        {
            "ndas": f"11120{first + n:05}", "lat": str(21.03 + north), "lon": str(105.83 + east),
            "commune_code": commune, "issued_on": "2025-09-01", "status": "retired" if n % 7 == 6 else "live",
            **{name: parts.get(name) for name in ("house_number", "street", "hamlet", "building", "poi")},
        }
        for n, (parts, commune, north, east) in enumerate(households)
    ]  # fmt: skip
    if rows:
        yield pa.RecordBatch.from_pylist(rows)


def kept(path: Path) -> dict[int, tuple[Any, ...]]:
    """The rows that are there, by the row of their place."""
    with closing(sqlite3.connect(path)) as connection:
        return {row[0]: row[1:] for row in connection.execute("SELECT * FROM middle")}


def hold(registry: Registry) -> int:
    """See that all that is kept is true; how much that is."""
    store, held = registry.store, 0
    for name in store.names("place", ""):
        [told] = store.middles("place", [(name.key, [name.filed.commune])])
        if told is not None:
            houses = store.houses("place", name.key, [name.filed.commune])
            point, uncertainty_m = middle(houses)
            assert (told.filed, told.lat, told.lon, told.uncertainty_m) == (
                name.filed, point.lat, point.lon, uncertainty_m,
            )  # fmt: skip
            sample = store.components([house.ndas for house in sorted(houses)[:SAMPLE]])
            assert told.written == spelling("place", name.key, sample)
            held += 1
    assert list(store.check()) == []
    return held


def live(registry: Registry, what: str, codes: list[str], placed: Placed, free: int) -> None:
    """Let something happen to the first of two addresses, or to a new one."""
    parts, commune, north, east = placed
    code, point = codes[0], {"lat": 21.03 + north, "lon": 105.83 + east}
    if what == "issue":
        draft = Draft(components=Components(**parts), area_code="00001", commune_code=commune,
                      issued_on=dt.date(2025, 9, 1), point=Point(**point))  # fmt: skip
        registry.issue(draft)
    elif what == "load":
        registry.load_batches(batches([placed], free))
    elif what == "erase":
        registry.erase(code, reason="asked for")
    elif what == "move":
        registry.amend(code, {}, cause="moved", **point)
    elif what == "rename":
        registry.amend(code, {"hamlet": "Thôn 3", "building": None, "poi": None}, cause="renamed")
    elif what == "retire":
        registry.retire(code)
    else:
        registry.supersede(code, codes[1:])


@settings(max_examples=40, deadline=None)
@given(households=st.lists(PLACED, min_size=1, max_size=30), life=st.lists(st.tuples(
    st.sampled_from(["issue", "load", "move", "rename", "retire", "erase", "supersede"]),
    st.integers(0, 29), PLACED), max_size=8))  # fmt: skip
def test_what_is_kept_is_true_whatever_becomes_of_addresses(
    tmp_path_factory: pytest.TempPathFactory, households: list[Placed], life: list[tuple[str, int, Placed]]
) -> None:
    path = tmp_path_factory.mktemp("lives") / "registry.db"
    registry = Registry(SQLiteStore(path))
    registry.load_batches(batches(households, 0))
    hold(registry)
    for n, (what, at, placed) in enumerate(life):
        with suppress(GeoaddrError):
            live(registry, what, [f"11120{(at + n) % len(households):05}" for n in range(2)], placed, 1000 + n)
        hold(registry)
    registry.close()


def test_a_load_keeps_the_places_that_are_spelt_alike(tmp_path: Path) -> None:
    """Two communes of each: hamlet 5 and the building have one spelling, hamlet 3 has two, and of what is in a
    place of interest the own parts would have to be read."""
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    every = [(parts, commune, n * 1e-4, 0.0) for n in range(9) for parts in PLACES for commune in COMMUNES]
    registry.load_batches(batches(every, 0))
    assert sorted(row[3] for row in kept(path).values()) == [*["Chung cư A1"] * 2, *["Tổ 5"] * 2]
    assert hold(registry) == 4


@pytest.mark.parametrize("together", [1, 40, 10**6])
def test_few_at_once_are_kept_as_all(tmp_path: Path, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_middles, "TOGETHER", together)
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    every = [(PLACES[n % 4], COMMUNES[n % 2], n % 13 * 1e-3, n % 17 * 1e-3) for n in range(200)]
    registry.load_batches(batches(every, 0), chunk=7)
    assert len(kept(path)) == 4  # each in one commune
    assert hold(registry) == 4


@pytest.mark.parametrize("read", [1, 7, 65_536])
def test_an_older_registry_gets_its_middles_in_one_step(
    tmp_path: Path, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    every = [(PLACES[n % 8], COMMUNES[n % 2], n % 13 * 1e-3, n % 17 * 1e-3) for n in range(200)]
    registry.load_batches(batches(every, 0))
    registry.close()
    before = kept(path)
    execute(path, "DROP TABLE middle")
    monkeypatch.setattr(sqlite_middles, "_READ", read)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP INDEX address_by_shared")
        connection.execute("PRAGMA user_version = 8")
        sqlite_schema.bring_forward(connection, str(path))
    assert before
    assert kept(path) == before


@pytest.mark.parametrize("damage", [
    "UPDATE middle SET lat = lat + 0.001", "UPDATE middle SET uncertainty_m = 31",
    "UPDATE middle SET written = 'x'",
    "INSERT INTO middle SELECT id, 21, 105, 30, 'x' FROM street WHERE name = 'quan thanh' LIMIT 1",
    "INSERT INTO middle VALUES (9999, 21, 105, 30, 'x')",
])  # fmt: skip
def test_verify_finds_a_middle_that_is_out_of_step(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    registry.load_batches(batches([(parts, COMMUNES[0], 0.0, 0.0) for parts in PLACES], 0))
    assert registry.verify() == []
    registry.close()
    execute(path, damage)
    assert any("middle" in problem.said.en for problem in Registry(SQLiteStore(path)).verify())


def test_an_erased_address_leaves_no_middle(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    registry.load_batches(batches([(PLACES[2], COMMUNES[0], 0.0123, 0.0)], 0))
    assert [row[0] for row in kept(path).values()] == [21.0423]
    registry.erase("1112000000", reason="asked for")
    registry.close()
    assert kept(path) == {}
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "Tổ 5".encode() not in written

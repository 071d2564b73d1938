"""Records of a registry file by the column: what is told one by one, and what is wrong with them, is the same."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest

from geoaddr.codes.issuing import Sequence
from geoaddr.components import components_from
from geoaddr.model import Alias, Point
from geoaddr.registry import Draft, Registry
from geoaddr.registry.verifying import problems
from geoaddr.store import Store
from geoaddr.stores.sqlite import SQLiteStore
from tests.pieces import told_in_pieces, told_in_scan

LOADED = [f"1112000{number:03}" for number in range(12)]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Twelve records that were loaded and two that were issued, and nothing else."""
    made = Registry(SQLiteStore(tmp_path / "registry.db"))
    rows = [
        {
            "ndas": code,
            "lat": 21.0368 + number / 1000,
            "lon": 105.8346,
            "commune_code": "00004",
            "issued_on": "2025-09-01",
            "status": ("live", "verified", "proposed", "retired")[number % 4],
            "uncertainty_m": None if number % 2 else 3.5,
            "house_number": str(number + 1),
            "alley": "12; 34" if number == 5 else None,
            "street": "Quán Thánh" if number < 8 else None,
            "hamlet": "Thôn 3" if number > 6 else None,
        }
        for number, code in enumerate(LOADED)
    ]
    assert made.load_batches([pa.RecordBatch.from_pylist(rows)]).refused == 0
    for number in ("7", "9"):
        made.issue(_draft(number))
    return made


def _draft(number: str) -> Draft:
    stated = components_from({"house_number": number, "street": "Thụy Khuê"})
    return Draft(
        components=stated,
        point=Point(lat=21.04, lon=105.82 + int(number) / 1000),
        area_code="11120",
        commune_code="00004",
        issued_on=dt.date(2026, 3, 1),
    )


def test_what_nothing_has_happened_to_is_told_by_the_column(registry: Registry) -> None:
    (piece,) = registry.store.pieces()
    assert piece.plain is not None
    assert not piece.others
    assert len(piece.plain) == len(piece.codes) == 14
    assert told_in_pieces(registry.store) == told_in_scan(registry.store)


def test_what_something_has_happened_to_is_told_by_itself(registry: Registry) -> None:
    moved, named, erased, replaced, confirmed = (LOADED[at] for at in (0, 1, 2, 4, 6))
    registry.amend(moved, lat=21.05, lon=105.83, reason="the gate was moved")
    registry.add_alias(named, Alias("parcel", "w7er8u5cvz3k"))
    registry.erase(erased, reason="at the holder's request")
    registry.supersede(replaced, [LOADED[8]])
    registry.confirm(confirmed)
    (piece,) = registry.store.pieces()
    assert [scanned.record.ndas for scanned in piece.others] == sorted([moved, named, erased, replaced, confirmed])
    assert told_in_pieces(registry.store) == told_in_scan(registry.store)
    assert registry.verify() == []


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


DAMAGES = """
what is written over             | of what it tells | how
likeness                         | likeness         | address SET likeness = likeness + 1 OF 3
street                           | street           | address SET street = NULL OF 3
another street                   | street           | street SET name = 'thuy' WHERE name = 'quan thanh'
number                           | street           | address SET number = 77 OF 3
place                            | street           | address SET place = NULL OF 9
a part, by a number              | storage          | address SET components = '{"house_number":5}' OF 3
a part, by another               | likeness         | address SET components = '{"house_number":"99"}' OF 3
a part of no address             | storage          | address SET components = '{"planet":"x"}' OF 3
parts, by nonsense               | storage          | address SET components = 'nonsense' OF 3
levels of an alley               | likeness         | address SET components = '{"alley":["12"]}' OF 5
levels of an alley, by one       | likeness         | address SET components = '{"alley":["12; 34"]}' OF 5
day, by none that ever is        | storage          | address SET issued_day = 99999999 OF 3
day, by one of another division  | street           | address SET issued_day = 1000 OF 3
time, by none that ever is       | storage          | address SET updated_ms = 9000000000000000000 OF 3
status                           | history          | address SET status = 3 OF 4
version                          | history          | address SET version = 2 OF 3
successors                       | successors       | address SET status = 4 OF 3
point, by text                   | storage          | address SET lat = 'x' OF 3
whose an event is                | history          | event SET ndas = 1112099999 OF 3
the number of an event           | history          | event SET number = 2 OF 3
how a history begins             | history          | event SET kind = 'moved' OF 3
what a history begins with       | history          | event SET details = '{"to":"live"}' OF 3
what an issued one begins with   | storage          | event SET details = 'nonsense' WHERE kind = 'issued'
how far the area has come        | area             | area SET position = 0
how far it has come, by one less | area             | area SET position = position - 1
"""  # fmt: skip


@pytest.mark.parametrize(("kind", "how"), [pytest.param(kind, how, id=what) for what, kind, how in _rows(DAMAGES)])
def test_the_same_is_wrong_by_the_column_as_one_by_one(registry: Registry, kind: str, how: str) -> None:
    store = registry.store
    assert isinstance(store, SQLiteStore)
    registry.close()
    _damage(store.path, how)
    by_column, one_by_one = _wrong(store), _wrong(_OneByOne(store.path))
    assert by_column == one_by_one
    assert kind in {problem.split(" ", 1)[0] for problem in by_column}, by_column


class _OneByOne(SQLiteStore):
    """Knows of no record that it is plain."""

    pieces = Store.pieces


def _wrong(store: SQLiteStore) -> list[str]:
    order = Sequence(store.key())
    found = [f"{problem.kind} {problem.ndas} {problem.said.en}" for problem in problems(store, order, None)]
    store.close()
    return sorted(found)


def _damage(path: Path, how: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    changed = connection.execute("UPDATE " + re.sub(r" OF (\d)$", r" WHERE ndas = 111200000\1", how)).rowcount
    connection.close()
    assert changed > 0

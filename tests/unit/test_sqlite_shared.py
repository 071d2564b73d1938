"""Parts that neighbours state alike are kept once in a registry file, and for as long as somebody states them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geoaddr.model import Components, Point
from geoaddr.registry import Draft, Registry
from geoaddr.stores.sqlite import SQLiteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


def issued(registry: Registry, number: int, **parts: str) -> str:
    commune = parts.pop("commune_code", "00004")
    draft = Draft(
        components=Components(house_number=str(number), **parts),
        area_code="11120",
        commune_code=commune,
        point=Point(lat=21 + number / 100, lon=105.8),
        issued_on=dt.date(2026, 3, 1),
    )
    return registry.issue(draft).record.ndas


def rows(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


SHARED = "SELECT parts FROM shared ORDER BY parts"
WAYS = '{"street":"Lê Lợi","province":"Hà Nội"}'


def test_neighbours_have_one_row_and_their_own_numbers(path):
    registry = Registry(SQLiteStore(path))
    codes = [issued(registry, n, street="Lê Lợi", province="Hà Nội") for n in range(3)]
    assert rows(path, SHARED) == [(WAYS,)]
    own = [(f'{{"house_number":"{n}"}}',) for n in range(3)]
    assert rows(path, "SELECT components FROM address ORDER BY components") == own
    stated = [registry.get(code).components for code in codes]
    assert stated == [Components(house_number=str(n), street="Lê Lợi", province="Hà Nội") for n in range(3)]


def test_streets_of_one_name_in_two_communes_are_two(path):
    registry = Registry(SQLiteStore(path))
    for number, commune in enumerate(("00004", "00008")):
        issued(registry, number, street="Lê Lợi", province="Hà Nội", commune_code=commune)
    assert rows(path, SHARED) == [(WAYS,), (WAYS,)]
    assert registry.verify() == []


@pytest.mark.parametrize("parts", [{"street": "Lê Lợi"}, {"hamlet": "Thôn 3"}, {"province": "Hà Nội"}])
def test_the_last_one_that_leaves_takes_the_row_with_it(path, parts):
    registry = Registry(SQLiteStore(path))
    first, last = issued(registry, 1, **parts), issued(registry, 2, **parts)
    before = rows(path, SHARED)
    assert len(before) == 1
    registry.erase(first, reason="asked for")
    assert rows(path, SHARED) == before
    registry.erase(last, reason="asked for")
    assert rows(path, SHARED) == []
    assert registry.verify() == []


def test_a_record_of_before_is_read_whole_and_moves_with_its_next_version(path):
    registry = Registry(SQLiteStore(path))
    code = issued(registry, 1, street="Lê Lợi", province="Hà Nội")
    whole = registry.get(code).components
    registry.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:  # as it was kept before
        connection.execute("UPDATE address SET shared = NULL, components = ?", (_WHOLE,))
        connection.execute("DELETE FROM shared")
    assert registry.get(code).components == whole
    assert registry.verify() == []
    registry.confirm(code)
    assert registry.get(code).components == whole
    assert rows(path, SHARED) == [(WAYS,)]


_WHOLE = '{"house_number":"1","street":"Lê Lợi","province":"Hà Nội"}'

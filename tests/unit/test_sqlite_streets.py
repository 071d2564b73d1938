"""The index of streets in a registry file: built for files of before it, in step, and answering alone."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geoaddr.cli.main import cli
from geoaddr.errors import SchemaMismatch
from geoaddr.model import Components, Point
from geoaddr.registry import Draft, Registry
from geoaddr.stores import sqlite_names, sqlite_reads, sqlite_schema
from geoaddr.stores.sqlite import SQLiteStore
from tests.registries import execute

STATED = [
    Components(house_number="184", street="Phố Quán Thánh"),
    Components(house_number="5", alley=("ngõ 12", "ngách 12/34"), street="Quán Thánh"),
    Components(street="Đường 3 tháng 2"),
    Components(text="17 Ng. 190 P. Đội Cấn, Đội Cấn, Ba Đình, Hà Nội"),
    Components(poi="Đền Quán Thánh"),
    Components(house_number="B5", street="QL.9"),
    Components(house_number="7", hamlet="Thôn 3"),
    Components(house_number="9", street="Quán Thánh", hamlet="Tổ 5", building="Chung cư A1"),
]

OLD_TABLES = ("registry", "area", "address", "alias", "successor", "event", "receipt", "batch_row")
"""The tables of the first schema."""


WHOLE = """json_patch(components, coalesce((SELECT parts FROM newer.shared s WHERE s.id = t.shared), '{}'))"""
"""All parts of an address, as they were kept before neighbours shared any."""


def filled(path: Path) -> Registry:
    registry = Registry(SQLiteStore(path))
    drafts = [
        Draft(components=components, status="verified", area_code="11120", commune_code=commune, issued_on=day,
              point=Point(lat=21.03 + n / 100, lon=105.83))
        for n, components in enumerate(STATED)
        for commune, day in (("00004", dt.date(2026, 3, 1)), ("00008", dt.date(2020, 3, 1)))
    ]  # fmt: skip
    codes = [a.record.ndas for a in registry.issue_many([(str(n), d) for n, d in enumerate(drafts)], batch_id="b")]
    registry.retire(codes[0])
    registry.supersede(codes[2], [codes[4]])
    return registry


def first_schema(path: Path, source: Path) -> None:
    """A file as the first schema kept what ``source`` holds."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    key = sqlite3.connect(source).execute("SELECT key FROM registry").fetchone()[0]
    sqlite_schema.bring_forward(connection, str(path), key=key, steps=sqlite_schema.STEPS[:1])
    connection.execute("ATTACH ? AS newer", (str(source),))
    for table in OLD_TABLES[1:]:
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
        stated = columns.replace("components", WHOLE) if table == "address" else columns
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {stated} FROM newer.{table} t")
    connection.close()


def test_an_older_registry_gets_its_streets_in_one_step(tmp_path: Path) -> None:
    newer = filled(tmp_path / "newer.db")
    newer.close()
    first_schema(tmp_path / "older.db", tmp_path / "newer.db")
    registry = Registry(SQLiteStore(tmp_path / "older.db"))
    with pytest.raises(SchemaMismatch, match="registry init"):
        registry.communes_of("Quán Thánh")
    registry.backup(tmp_path / "copy.db")
    assert sqlite3.connect(tmp_path / "copy.db").execute("PRAGMA user_version").fetchone() == (1,)
    registry.store.create()
    assert list(registry.store.scan()) == list(newer.store.scan())
    assert registry.verify() == []
    assert [name.key for name in registry.store.names("place", "")] == ["chung cu a1", "den quan thanh", "thon 3"]
    for street in ("Quán Thánh", "3/2", "Đội Cấn", "Quốc lộ 9", "Huế"):
        for number in (None, "14", "100"):
            told = registry.communes_of(street, house_number=number)
            assert told == newer.communes_of(street, house_number=number)
    assert registry.communes_of("Đội Cấn") == {"00004": 1}


def test_a_step_that_dies_leaves_the_older_file(tmp_path: Path) -> None:
    filled(tmp_path / "newer.db").close()
    first_schema(tmp_path / "older.db", tmp_path / "newer.db")
    connection = sqlite3.connect(tmp_path / "older.db", isolation_level=None)
    dying = (*sqlite_schema.STEPS[:1], (*sqlite_schema.STEPS[1], "SELECT no_such_function()"))
    with pytest.raises(sqlite3.OperationalError):
        sqlite_schema.bring_forward(connection, "older", steps=dying)
    assert sqlite_schema.version_of(connection, "older") == 1
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE '%street%'").fetchone() == (0,)


DAMAGE = {
    "no street": ("street", "UPDATE address SET street = NULL WHERE street IS NOT NULL"),
    "another street": ("street", "UPDATE address SET street = (SELECT id FROM street WHERE name = 'ql9')"),
    "another number": ("street", "UPDATE address SET number = 6 WHERE number = 184"),
    "another name": ("street", "UPDATE street SET name = name || 's'"),
    "no place": ("street", "UPDATE address SET place = NULL WHERE place IS NOT NULL"),
    "another place": ("street", "UPDATE address SET place = (SELECT id FROM street WHERE name = 'ql9')"),
    "another number there": ("street", "UPDATE address SET number = 8 WHERE number = 7"),
    "another commune": ("storage", "UPDATE street SET commune = '0' || commune"),
    "another division": ("street", "UPDATE street SET division = 5 - division"),
    "lost": ("dangling", "DELETE FROM street"),
    "shared parts of another street": ("storage", "UPDATE shared SET street = NULL WHERE street IS NOT NULL"),
    "shared parts of another place": ("storage", "UPDATE shared SET place = street WHERE place IS NOT NULL"),
    "shared parts lost": ("storage", "DELETE FROM shared"),
    "another's shared parts": ("likeness", "UPDATE shared SET parts = replace(parts, 'Thôn 3', 'Thôn 4')"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_verify_finds_an_index_of_streets_that_is_out_of_step(tmp_path: Path, damage: str) -> None:
    kind, statement = DAMAGE[damage]
    filled(tmp_path / "registry.db").close()
    execute(tmp_path / "registry.db", statement)
    registry = Registry(SQLiteStore(tmp_path / "registry.db"))
    assert kind in {problem.kind for problem in registry.verify()}


QUESTIONS = {
    "on all": (sqlite_reads.ON_ALL, ("x",)),
    "on some": (sqlite_reads.ON_SOME, ('["00004"]', "x")),
    "at all": (sqlite_reads.AT_ALL, ("x", 1, 9, 1, 2)),
    "at some": (sqlite_reads.AT_SOME, ('["00004"]', "x", 1, 9, 1, 2)),
    **{f"names of a {kind}": (sql, ("x", "y", 9)) for kind, sql in sqlite_reads.NAMES_ALL.items()},
    **{
        f"{kind} names of some": (sql, ('["00004"]', "x", "y", 9)) for kind, sql in sqlite_reads.NAMES_SOME.items()
    },
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_streets_are_answered_from_indexes_alone(question: str) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    sqlite_schema.bring_forward(connection, ":memory:")
    statement, values = QUESTIONS[question]
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    searched = [line for line in plan if line.startswith(("SEARCH", "SCAN")) and " j " not in line]
    assert searched
    assert all("USING COVERING INDEX" in line for line in searched), plan


def test_the_command_says_that_it_brought_a_registry_forward(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path / "newer.db").close()
    first_schema(tmp_path / "older.db", tmp_path / "newer.db")
    store = f"sqlite:///{tmp_path / 'older.db'}"
    said = []
    for _ in range(2):
        assert cli.run(["--store", store, "registry", "init", "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out)["brought_forward"])
    assert said == [True, False]


def test_an_older_registry_tells_its_events_in_the_order_of_their_times(tmp_path: Path) -> None:
    newer = filled(tmp_path / "newer.db")
    newer.close()
    first_schema(tmp_path / "older.db", tmp_path / "newer.db")
    registry = Registry(SQLiteStore(tmp_path / "older.db"))
    registry.store.create()
    found = registry.changes(limit=1000).changes
    assert sorted((c.at, c.ndas, c.number) for c in found) == [(c.at, c.ndas, c.number) for c in found]
    everything = {(event.ndas, event.number) for scanned in registry.store.scan() for event in scanned.events}
    assert {(c.ndas, c.number) for c in found} == everything
    assert registry.erase(found[0].ndas, reason="asked for").status == "withdrawn"
    assert registry.verify() == []


LINES = """
line                                        | street        | number
184 Quán Thánh, Ba Đình, Hà Nội             | quan thanh    | 184
Số 17, Phố Tôn Thất Tùng, Võ Cường          | ton that tung | 17
34 Tố Hữu, Hòa Cường Nam, Hải Châu          | to huu        | 34
12 Ấp 3, xã Tân Nhựt                        |               |
"""
OF_BEFORE = """
DROP INDEX address_by_shared;
UPDATE address SET street = NULL, number = NULL;
UPDATE shared SET street = NULL;
UPDATE address SET shared = (SELECT min(id) FROM shared) WHERE shared IS NOT NULL;
DELETE FROM shared WHERE id > (SELECT min(id) FROM shared);
DELETE FROM street;
PRAGMA user_version = 9;
"""
"""As a rule kept them that read no street in any of these lines."""


def shared_parts(path: Path) -> set[tuple[str, str | None]]:
    """What neighbours share, with the key of the street that it is kept for."""
    query = "SELECT parts, (SELECT name FROM street WHERE id = shared.street) FROM shared"
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute(query).fetchall())


DAMAGED = """
UPDATE address SET components = '{"text":5}'
UPDATE address SET components = '{"text":"184 Quán Thánh","zip":"1"}'
UPDATE address SET components = '{"text":"184 Quán'
UPDATE address SET issued_day = 99999999
UPDATE shared SET parts = '{oops'
"""


@pytest.mark.parametrize("damage", DAMAGED.strip().splitlines())
def test_a_damaged_row_stays_as_it_is_and_holds_nothing_up(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    components = Components(text="184 Quán Thánh, Ba Đình", commune="Ba Đình")
    registry.issue(
        Draft(components=components, area_code="11120", commune_code="00004", issued_on=dt.date(2026, 3, 1),
              point=Point(lat=21.03, lon=105.83))
    )  # fmt: skip
    registry.close()
    execute(path, OF_BEFORE + damage)
    registry = Registry(SQLiteStore(path))
    registry.store.create()
    assert registry.store.names("street", "") == []
    assert registry.verify() != []
    registry.close()


def test_who_else_shares_parts_without_a_street_is_told_by_an_index(tmp_path: Path) -> None:
    """Of a nation's addresses all would be looked at otherwise, whenever one of these changes."""
    path = tmp_path / "registry.db"
    filled(path).close()
    asked = sqlite_names._OTHERS.format(index=sqlite_names._ON_NO_NAME)
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {asked}", (1,)).fetchall()
    assert "address_by_shared" in plan[0][3]


@pytest.mark.parametrize(
    "units", [{}, {"commune": "Ba Đình", "province": "Hà Nội"}], ids=["line alone", "units beside"]
)
def test_lines_are_filed_anew_when_the_rule_of_streets_reads_more_in_them(
    tmp_path: Path, units: dict[str, str]
) -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in LINES.strip().splitlines()[1:]]
    drafts = [
        Draft(components=Components(text=line, **units), area_code="11120", commune_code="00004", status="live",
              issued_on=dt.date(2026, 3, 1), point=Point(lat=21.03 + n / 100, lon=105.83))
        for n, (line, _, _) in enumerate(rows)
    ]  # fmt: skip
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    codes = [a.record.ndas for a in registry.issue_many([(str(n), d) for n, d in enumerate(drafts)])]
    expected, shared = list(registry.store.scan()), shared_parts(path)
    registry.close()
    execute(path, OF_BEFORE)
    registry = Registry(SQLiteStore(path))
    registry.store.create()
    assert list(registry.store.scan()) == expected
    assert shared_parts(path) == shared
    assert registry.verify() == []
    for code, (_, street, number) in zip(codes, rows, strict=True):
        told = registry.store.houses("street", street, ["00004"]) if street else []
        assert [(house.ndas, house.number) for house in told] == ([(code, int(number))] if street else [])
    registry.close()

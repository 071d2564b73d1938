"""An older registry in PostgreSQL: what its steps make of the rows that it holds."""

from __future__ import annotations

import datetime as dt

import psycopg

from geoaddr.model import Components, Point
from geoaddr.registry import Draft, Registry
from geoaddr.stores.postgres import PostgresStore
from geoaddr.stores.postgres_schema import bring_forward, steps
from tests.postgres_server import Server

STATED = [
    Components(house_number="184", street="Phố Quán Thánh"),
    Components(house_number="7", hamlet="Thôn 3"),
    Components(house_number="9", street="Quán Thánh", hamlet="Tổ 5", building="Chung cư A1"),
    Components(poi="Đền Quán Thánh"),
    Components(text="17 Ng. 190 P. Đội Cấn, Đội Cấn, Ba Đình, Hà Nội"),
    Components(text="184 Quán Thánh, Ba Đình, Hà Nội", commune="Ba Đình"),
    Components(text="12 Ấp 3, xã Tân Nhựt"),
    Components(unit="25 - 06"),
]

FILED = (("11120", "00004", dt.date(2026, 3, 1), 105.83), ("99123", "00008", dt.date(2020, 3, 1), 105.84))
"""Areas of two partitions, and communes of two divisions of the country."""

FIRST = {
    "address": "ndas, likeness, lat, lon, created_ms, updated_ms, uncertainty_m, issued_day, version, status,"
    " commune, point_source, components, entrances, superseded_by",
    "event": "ndas, at_ms, number, kind, actor, reason, details",
    "alias": "ndas, number, from_day, to_day, system, code",
    "area": "area, position",
    "receipt": "key, ndas, outcome, digest",
    "batch_row": "batch_id, row_id, ndas, outcome, digest",
}
"""The tables of the first schema with their columns; those that streets are found by are copied apart."""

STREETS = """UPDATE geoaddr.address AS a SET street = n.street, division = n.division, number = n.number
    FROM newer AS n WHERE n.ndas = a.ndas AND n.street IS NOT NULL AND a.components::text NOT LIKE '%184 Quán%'"""
"""Of one line no street was read then."""


def filled(url: str) -> Registry:
    registry = Registry(PostgresStore(url))
    drafts = [
        Draft(components=components, status="verified", area_code=area, commune_code=commune, issued_on=day,
              point=Point(lat=21.03 + n / 100, lon=lon))
        for n, components in enumerate(STATED)
        for area, commune, day, lon in FILED
    ]  # fmt: skip
    codes = [a.record.ndas for a in registry.issue_many([(str(n), d) for n, d in enumerate(drafts)], batch_id="b")]
    registry.retire(codes[0])
    registry.supersede(codes[2], [codes[4]])
    return registry


def first_schema(url: str, source: str) -> None:
    """A registry as the first schema kept what ``source`` holds."""
    with psycopg.connect(source) as old, psycopg.connect(url, autocommit=True) as new:
        ((key,),) = old.execute("SELECT key FROM geoaddr.registry").fetchall()
        bring_forward(new, "here", steps()[:1], key=key)
        for prefix in (11, 99):
            new.execute("SELECT geoaddr.make_partition(%s)", (prefix,))
        for table, columns in FIRST.items():
            copy(old, new, f"SELECT {columns} FROM geoaddr.{table}", f"geoaddr.{table} ({columns})")
        new.execute("CREATE TEMPORARY TABLE newer (ndas bigint, street text, number integer, division smallint)")
        copy(old, new, "SELECT ndas, street, number, division FROM geoaddr.address", "newer")
        new.execute(STREETS)


def copy(old: psycopg.Connection, new: psycopg.Connection, query: str, target: str) -> None:
    with (
        old.cursor().copy(f"COPY ({query}) TO STDOUT") as rows,
        new.cursor().copy(f"COPY {target} FROM STDIN") as to,
    ):
        for block in rows:
            to.write(block)


def test_an_older_registry_gets_its_places_and_the_order_of_its_events(postgres: Server) -> None:
    newer_url, older_url = (postgres.url(postgres.new_database()) for _ in range(2))
    newer = filled(newer_url)
    first_schema(older_url, newer_url)
    older = Registry(PostgresStore(older_url))
    assert older.store.create() is False
    assert list(older.store.scan()) == list(newer.store.scan())
    assert older.verify() == []
    found = [(name.key, *name.filed) for name in older.store.names("place", "")]
    assert found == [
        ("chung cu a1", "00004", 1),
        ("chung cu a1", "00008", 0),
        ("den quan thanh", "00004", 1),
        ("den quan thanh", "00008", 0),
        ("thon 3", "00008", 0),
    ]
    (house,) = older.store.houses("place", "thon 3", ["00004", "00008"])
    assert house.number == 7
    told = older.changes(limit=1000).changes
    assert [(c.at, c.ndas, c.number) for c in told] == sorted((c.at, c.ndas, c.number) for c in told)
    everything = {(event.ndas, event.number) for scanned in newer.store.scan() for event in scanned.events}
    assert {(c.ndas, c.number) for c in told} == everything
    assert _made_of(older_url) == _made_of(newer_url)
    assert older.erase(told[0].ndas, reason="asked for").status == "withdrawn"
    assert older.verify() == []
    for registry in (older, newer):
        registry.close()


MADE_OF = """SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'geoaddr'::regnamespace
    UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid) FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = tgrelid WHERE relnamespace = 'geoaddr'::regnamespace AND NOT tgisinternal
    UNION ALL SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        JOIN pg_class AS c ON c.oid = indrelid WHERE relnamespace = 'geoaddr'::regnamespace"""


def _made_of(url: str) -> set[tuple[str, str]]:
    """Constraints, triggers and indexes of a registry, each with its table."""
    with psycopg.connect(url) as connection:
        return set(connection.execute(MADE_OF).fetchall())

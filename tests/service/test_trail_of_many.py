"""What one request told of many addresses: kept in one row, and read as an entry for each."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.cli.main import cli
from geoaddr.errors import SchemaMismatch
from geoaddr.platform import Geoaddr
from service.keys.database import FORWARD, Database, open_database
from service.keys.packing import bytes_of, packed, unpacked
from service.keys.trail import FEWEST, About, Trail, entry, keeping, of_many, of_told, weight
from tests.command_lines import Lines
from tests.disks import only_for_reading, small_disk
from tests.postgres_server import PASSWORD, Server
from tests.service.access import Served
from tests.service.households import household

HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/give-out-keys.md"

CODES = [f"{number:010}" for number in (5020600000, 1, 9999999999, 5020600000, 42, 7000000007)]
"""In no order, one of them twice."""


@given(st.lists(st.integers(0, 10**10 - 1)))
def test_codes_are_packed_and_unpacked(numbers: list[int]) -> None:
    many = packed(np.array(numbers, dtype=np.int64))
    assert [*unpacked(many)] == [f"{number:010}" for number in numbers]
    assert all(bytes_of(f"{number:010}") in many for number in numbers)


def kept(database: Database) -> None:
    """At 10 a batch, at 20 some codes one by one and a tile, at 30 a batch of another key."""
    told = [(code, "point") for code in CODES]
    database.write(keeping(of_told(10, "k1", "batch_resolve", told)))
    database.write(
        keeping([entry(20, "k1", "resolve", CODES[4], "address"), entry(20, "k2", "tile", "15/1/2", "")])
    )
    database.write(keeping(of_many(30, "k2", "job_resolve", "point", np.array([int(code) for code in CODES[3:]]))))


# what is asked | which codes are told, by the time of their entries
ASKED = """
                                | 10: 0 1 2 3 4 5; 20: 4 tile; 30: 3 4 5
limit=1                         | 10: 0
limit=7                         | 10: 0 1 2 3 4 5; 20: 4
limit=9                         | 10: 0 1 2 3 4 5; 20: 4 tile; 30: 3
since_ms=20                     | 20: 4 tile; 30: 3 4 5
who=k1                          | 10: 0 1 2 3 4 5; 20: 4
who=k2, limit=2                 | 20: tile; 30: 3
subject=4                       | 10: 4; 20: 4; 30: 4
subject=4, who=k2               | 30: 4
subject=4, limit=2              | 10: 4; 20: 4
subject=4, since_ms=11          | 20: 4; 30: 4
subject=0                       | 10: 0 3; 30: 3
subject=0, limit=2              | 10: 0 3
subject=6                       |
about=0 0-10, 5 0-99            | 10: 5; 30: 5
about=0 0-11, 5 30-99, tile 0-9 | 10: 0 3; 30: 5
about=tile 0-99, 1 0-99         | 10: 1; 20: tile
"""


@pytest.mark.parametrize("line", ASKED.strip("\n").splitlines())
def test_each_code_is_an_entry(database: Database, line: str) -> None:
    kept(database)
    asked, told = (cell.strip() for cell in line.split("|"))
    wanted = []
    for part in filter(None, told.split("; ")):
        at, names = part.split(": ")
        wanted += [(int(at), subject_of(name)) for name in names.split()]
    found = Trail(database).read(**read(asked))  # type: ignore[arg-type]
    assert [(e.at_ms, e.subject) for e in found] == wanted


def subject_of(name: str) -> str:
    return "15/1/2" if name == "tile" else [*CODES, "0000000099"][int(name)]


def read(asked: str) -> dict[str, object]:
    if asked.startswith("about="):
        parts = [part.split() for part in asked.removeprefix("about=").split(", ")]
        return {"about": [About(subject_of(name), *map(int, when.split("-"))) for name, when in parts]}
    how: dict[str, object] = {}
    for name, value in (part.split("=") for part in filter(None, asked.split(", "))):
        how[name] = subject_of(value) if name == "subject" else value if name == "who" else int(value)
    return how


def test_bytes_across_two_codes_are_no_code(database: Database) -> None:
    one, other = 0x01_02_03_01_05, 0x01_07_08_09_0A
    across = int.from_bytes(packed(np.array([one, other]))[3:8], "big")
    assert across < 10**10
    numbers = np.array([one, other] * 3)
    database.write(keeping([*of_many(1, "k", "a", "", numbers), entry(2, "k", "b", f"{across:010}", "")]))
    assert [e.at_ms for e in Trail(database).read(subject=f"{across:010}", limit=1)] == [2]


def test_what_is_pruned_is_counted_by_entries(database: Database) -> None:
    kept(database)
    trail = Trail(database)
    assert trail.prune(before_ms=30, actor="cli:an", now_ms=40) == len(CODES) + 2
    assert [e.at_ms for e in trail.read()] == [30, 30, 30, 40]


def test_few_codes_and_other_subjects_have_rows_of_their_own() -> None:
    told = [(code, "point") for code in CODES[: FEWEST - 1]]
    assert [row[3] for row in of_told(1, "k", "a", told)] == CODES[: FEWEST - 1]
    told = [*((code, "point") for code in CODES), ("048271310009", "point"), (CODES[0], "address point")]
    rows = of_told(1, "k", "a", told)
    assert [(row[3], row[4]) for row in rows] == [
        ("", "point"), ("048271310009", "point"), (CODES[0], "address point"),
    ]  # fmt: skip
    assert [*unpacked(rows[0][5])] == CODES


def test_a_long_batch_takes_up_the_room_that_it_needs() -> None:
    (row,) = of_many(1, "k", "a", "point", np.arange(10_000))
    assert len(row[5]) == 50_000
    assert weight(row) * 250 >= 50_000
    assert weight(entry(1, "k", "a", CODES[0], "")) == 1


def test_each_code_of_a_batch_is_found(served: Served, ga: Geoaddr) -> None:
    codes = [
        ga.assign(made["components"], lat=made["lat"], lon=made["lon"]).ndas for made in map(household, range(7))
    ]
    token = served.key(["address", "point"])
    asked = [*codes, "5020699999", codes[0], f"{codes[1][:5]} {codes[1][5:]}", "7P8C369C+48F"]
    sent = [{"code": code} for code in asked]
    assert served.client(token).post("/v1/batch/resolve", json=sent).status_code == 200
    who = token.split("_")[1]
    seen = [(e.who, e.act, e.subject, e.seen) for e in served.trail(who=who)]
    told = [*codes, codes[0], codes[1]]
    assert seen == [(who, "batch_resolve", code, "point") for code in told]
    for code in codes:
        assert [e.subject for e in served.trail(subject=code)] == [code] * told.count(code)
    assert served.database.read("SELECT count(*) FROM trail WHERE act = 'batch_resolve'") == [(1,)]


FIRST_VERSION = """
CREATE TABLE trail (number {serial}, at_ms BIGINT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL,
    subject TEXT NOT NULL, seen TEXT NOT NULL);
INSERT INTO trail (at_ms, who, act, subject, seen) VALUES (5, 'k', 'resolve', '0000000042', 'point');
CREATE TABLE access_key (id TEXT PRIMARY KEY);
"""
"""What of the tables matters here."""


def first_version(folder: Path) -> Path:
    """A file of keys of the first version."""
    path = folder / "keys.db"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(FIRST_VERSION.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT"))
        made.execute(f"PRAGMA application_id = {0x67614B59}")
        made.execute("PRAGMA user_version = 1")
    return path


def first_version_in(server: Server) -> str:
    """The name of a database with keys of the first version, made by the superuser."""
    name = server.new_database()
    server.execute(name, "CREATE SCHEMA geoaddr_access")
    serial = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    server.execute(name, "SET search_path = geoaddr_access;" + FIRST_VERSION.format(serial=serial))
    return name


def told(database: Database) -> list[list[int]]:
    """When the entries are of, found in each way that there is to ask for them."""
    trail = Trail(database)
    ways = (trail.read(), trail.read(who="k"), trail.read(subject=CODES[4]))
    return [[each.at_ms for each in way] for way in ways]


def test_to_read_the_first_version_nothing_is_written(tmp_path: Path) -> None:
    path = first_version(tmp_path)
    database = open_database(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")  # who would write now waits in vain
        assert told(database) == [[5]] * 3
        assert other.execute("PRAGMA user_version").fetchall() == [(1,)]


def test_the_first_version_is_read_on_a_disk_that_only_reads(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        database = open_database(f"sqlite:///{first_version(disk)}")
        only_for_reading(disk)
        assert told(database) == [[5]] * 3
        database.close()


def test_who_may_only_insert_is_told_who_brings_the_trail_forward(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the rights that the how-to gives a service."""
    name = first_version_in(postgres)
    postgres.execute(name, "CREATE TABLE geoaddr_access.share (id TEXT PRIMARY KEY)")
    postgres.execute(name, "DROP ROLE IF EXISTS only_inserts")
    postgres.execute(name, f"CREATE ROLE only_inserts LOGIN PASSWORD '{PASSWORD}'")
    (rights,) = re.findall(r"^```sql\n(.*?)^```$", HOW_TO.read_text(), re.DOTALL | re.MULTILINE)
    postgres.execute(name, rights.replace("geoaddr_service", "only_inserts"))
    service = open_database(postgres.tcp_url(name, "only_inserts"))
    assert told(service) == [[5]] * 3
    for refuses in (service.check_version, service.check, service.bring_forward):
        with pytest.raises(SchemaMismatch, match=re.escape(FORWARD)):
            refuses()
    open_database(postgres.url(name)).check_version()  # the owner may add what lacks
    monkeypatch.setenv("GEOADDR_ACCESS", postgres.url(name))
    monkeypatch.chdir(tmp_path)
    assert cli.main(FORWARD.split()[1:], standalone_mode=False) == 0
    service.check()
    service.write(keeping(of_told(10, "k", "batch_resolve", [(code, "point") for code in CODES])))
    assert [e.at_ms for e in Trail(service).read(subject=CODES[4])][-1] == 10
    service.close()
    postgres.execute(name, "DROP OWNED BY only_inserts; DROP ROLE only_inserts")


def test_registry_init_brings_keys_forward_and_forgets_nothing(tmp_path: Path) -> None:
    line = Lines(tmp_path)
    first_version(tmp_path).rename(tmp_path / "registry.access.db")
    asked = ("registry", "init", "--json", "--store", f"sqlite:///{tmp_path}/registry.db")
    assert [line(*asked).answer["keys_brought_forward"] for _ in range(2)] == [True, False]
    assert told(open_database(f"sqlite:///{tmp_path}/registry.access.db")) == [[5]] * 3


def test_so_it_does_in_postgresql(postgres: Server, tmp_path: Path) -> None:
    line = Lines(tmp_path)
    store = postgres.tcp_url(first_version_in(postgres))
    said = line("registry", "init", "--store", store).out
    assert re.search(r"^Keys +an older schema was brought forward$", said, re.MULTILINE)
    assert line("registry", "init", "--json", "--store", store).answer["keys_brought_forward"] is False
    assert told(open_database(store)) == [[5]] * 3
    comment = "SELECT obj_description('geoaddr_access'::regnamespace, 'pg_namespace')"
    assert postgres.execute(postgres.last_database, comment) == [("keys, schema 2",)]


def test_registry_init_makes_no_keys(postgres: Server, tmp_path: Path) -> None:
    line = Lines(tmp_path)
    name = postgres.new_database()
    for store in (postgres.tcp_url(name), f"sqlite:///{tmp_path}/registry.db"):
        assert line("registry", "init", "--json", "--store", store).answer["keys_brought_forward"] is False
    assert postgres.execute(name, "SELECT to_regnamespace('geoaddr_access')") == [(None,)]
    assert not (tmp_path / "registry.access.db").exists()


@pytest.mark.parametrize("first", ["read", "write"])
def test_a_trail_of_the_first_version_is_gone_on_with(tmp_path: Path, first: str) -> None:
    path = first_version(tmp_path)
    database, beside = open_database(f"sqlite:///{path}"), open_database(f"sqlite:///{path}")
    assert goes_on(database, first) == [5, 10]
    assert [e.at_ms for e in Trail(beside).read(subject=CODES[4])] == [5, 10]


@pytest.mark.parametrize("first", ["read", "write"])
def test_so_it_is_in_postgresql(postgres: Server, first: str) -> None:
    assert goes_on(open_database(postgres.url(first_version_in(postgres))), first) == [5, 10]


def goes_on(database: Database, first: str) -> Sequence[int]:
    if first == "read":
        assert [e.at_ms for e in islice(Trail(database).read(), 2)] == [5]
    database.write(keeping(of_told(10, "k", "batch_resolve", [(code, "point") for code in CODES])))
    return [e.at_ms for e in Trail(database).read(subject=CODES[4])]

"""The file of a registry in SQLite: what it is, what it refuses, what it does not touch."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoaddr.errors import SchemaMismatch, StoreUnavailable, UnknownAddress
from geoaddr.model import Alias
from geoaddr.registry import Registry
from geoaddr.stores import sqlite_schema
from geoaddr.stores.files import make_file
from geoaddr.stores.sqlite import SQLiteStore
from service.keys.database import SQLiteDatabase, Statement
from tests.registries import execute, fill, row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "registry.db"


READS = {
    "exists": lambda r: r.exists(),
    "find": lambda r: r.find("1112000001"),
    "find_many": lambda r: r.find_many(["1112000001"]),
    "issued": lambda r: r.issued(["1112000001"]),
    "find_by_alias": lambda r: r.find_by_alias("parcel", "w"),
    "near": lambda r: r.near(lat=21, lon=105),
    "stats": lambda r: r.stats(),
    "export": lambda r: list(r.export()),
    "verify": lambda r: r.verify(),
}


@pytest.mark.parametrize("verb", READS)
def test_reading_creates_nothing(path, verb):
    registry = Registry(SQLiteStore(path))
    READS[verb](registry)
    registry.close()
    assert not path.parent.exists()


CHANGES = {
    "confirm": lambda r: r.confirm("1112000001"),
    "retire": lambda r: r.retire("1112000001"),
    "supersede": lambda r: r.supersede("1112000001", ["1112000002"]),
    "add_alias": lambda r: r.add_alias("1112000001", Alias("parcel", "w")),
}


@pytest.mark.parametrize("verb", CHANGES)
def test_changing_what_is_not_there_creates_nothing(path, verb):
    registry = Registry(SQLiteStore(path))
    with pytest.raises(UnknownAddress):
        CHANGES[verb](registry)
    registry.close()
    assert not path.parent.exists()


def test_a_load_of_which_nothing_can_be_kept_creates_nothing(path):
    registry = Registry(SQLiteStore(path))
    assert registry.load([row("x"), row("y")]).refused == 2
    assert not path.parent.exists()


def test_a_registry_exists_from_its_first_write(path):
    registry = Registry(SQLiteStore(path))
    assert not registry.exists()
    path.parent.mkdir()
    path.touch()
    assert not registry.exists()
    fill(path, "1112000001").close()
    assert registry.exists()
    path.write_bytes(b"something else")
    with pytest.raises(SchemaMismatch):
        Registry(SQLiteStore(path)).exists()


@pytest.mark.parametrize("verb", READS)
def test_reading_waits_for_no_writer(path, verb):
    registry = fill(path, "1112000001")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("UPDATE area SET position = 5")
    READS[verb](Registry(SQLiteStore(path, busy_s=0.05)))
    READS[verb](registry)
    holder.close()


def test_a_registry_that_others_make_is_seen(path):
    early = Registry(SQLiteStore(path))
    assert early.find("1112000001") is None
    fill(path, "1112000001")
    assert early.find("1112000001") is not None


def test_the_file_is_durable_by_its_settings(path):
    store = SQLiteStore(path)
    store.create()
    connection = store._connections.reading()
    settings = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    ]
    assert settings == ["wal", 2, 1, 1]
    assert connection.execute("PRAGMA application_id").fetchone()[0] == sqlite_schema.APPLICATION_ID


def test_create_says_whether_it_made_it(path):
    store = SQLiteStore(path)
    assert [store.create(), store.create(), SQLiteStore(path).create()] == [True, False, False]


FOREIGN = {
    "text": lambda p: p.write_text("ndas,lat,lon\n" * 100),
    "short": lambda p: p.write_bytes(b"x"),
    "other database": lambda p: execute(p, "CREATE TABLE t (x)"),
    "other application": lambda p: execute(p, "PRAGMA application_id = 12345"),
    "other version": lambda p: execute(p, "PRAGMA user_version = 7"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path, kind):
    path = tmp_path / "other.db"
    FOREIGN[kind](path)
    before = path.read_bytes()
    registry = Registry(SQLiteStore(path))
    for verb in (
        lambda: registry.find("1112000001"),
        lambda: registry.load([row("1112000001")]),
        registry.store.create,
    ):
        with pytest.raises(SchemaMismatch, match="not a geoaddr registry"):
            verb()
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["other.db"]


def test_an_empty_file_is_a_registry_not_made_yet(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    assert Registry(SQLiteStore(path)).find("1112000001") is None
    assert path.stat().st_size == 0
    assert fill(path, "1112000001").find("1112000001") is not None


def test_a_newer_schema_is_refused_with_both_versions(path):
    fill(path, "1112000001").close()
    execute(path, "PRAGMA user_version = 99")
    registry = Registry(SQLiteStore(path))
    for verb in (lambda: registry.find("1112000001"), lambda: registry.load([row("1112000001")])):
        with pytest.raises(SchemaMismatch) as caught:
            verb()
        for lang in ("en", "vi"):
            assert "99" in caught.value.message(lang)
            assert str(len(sqlite_schema.STEPS)) in caught.value.message(lang)


def test_an_older_schema_is_brought_forward_by_a_write_and_not_by_a_read(path):
    fill(path, "1112000001").close()
    newer = (*sqlite_schema.STEPS, ("CREATE TABLE note (text TEXT)", "INSERT INTO note VALUES ('new')"))
    registry = Registry(SQLiteStore(path, steps=newer))
    with pytest.raises(SchemaMismatch, match="registry init"):
        registry.find("1112000001")
    registry.store.create()
    assert registry.find("1112000001") is not None
    assert registry.stats()["schema"] == len(newer)
    assert sqlite3.connect(path).execute("SELECT * FROM note").fetchall() == [("new",)]


def test_a_step_that_fails_leaves_the_older_schema(path):
    fill(path, "1112000001").close()
    steps = (*sqlite_schema.STEPS, ("CREATE TABLE note (text TEXT)", "CREATE TABLE note (text TEXT)"))
    connection = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        sqlite_schema.bring_forward(connection, str(path), steps=steps)
    assert sqlite_schema.version_of(connection, str(path)) == len(sqlite_schema.STEPS)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'note'").fetchone() == (0,)


FORBIDDEN = [
    "UPDATE event SET reason = 'other'",
    "DELETE FROM event",
    "DELETE FROM address",
    "UPDATE address SET ndas = 5",
    "UPDATE registry SET key = zeroblob(32)",
    "UPDATE address SET lat = 10.0",
    "UPDATE address SET cell = cell + 1",
    "INSERT INTO event SELECT 5, 1, kind, at_ms, actor, reason, details, told FROM event",
    "INSERT OR REPLACE INTO event SELECT ndas, number, kind, at_ms, 'other', reason, details, told FROM event",
    "INSERT INTO told SELECT 1, kind, at_ms, actor, reason, details FROM event; UPDATE told SET actor = 'x'",
    "INSERT INTO told SELECT 1, kind, at_ms, actor, reason, details FROM event; DELETE FROM told",
    "INSERT INTO told SELECT 1, kind, 5, actor, reason, details FROM event; UPDATE event SET told = 1",
    "INSERT OR REPLACE INTO address SELECT * FROM address",
    "INSERT OR REPLACE INTO registry VALUES (1, zeroblob(32))",
    "DELETE FROM registry",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_file_itself_forbids_rewriting_the_past(path, statement):
    registry = fill(path, "1112000001")
    connection = registry.store._connections.reading()
    with pytest.raises(sqlite3.IntegrityError):
        connection.executescript(statement)


def test_a_writer_that_waits_in_vain_says_so(path):
    fill(path, "1112000001")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    late = Registry(SQLiteStore(path, busy_s=0.05))
    with pytest.raises(StoreUnavailable, match="locked"):
        late.load([row("1112000002")])
    holder.execute("ROLLBACK")
    assert late.load([row("1112000002")]).loaded == 1


def test_a_folder_is_no_registry(tmp_path):
    for verb in (lambda r: r.find("1112000001"), lambda r: r.load([row("1112000001")])):
        with pytest.raises(StoreUnavailable, match="it is a folder"):
            verb(Registry(SQLiteStore(tmp_path)))


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match=r"the folder .*file cannot be made"):
        fill(tmp_path / "file" / "registry.db", "1112000001")


AS_NOBODY = """
import os, sys
from geoaddr.errors import StoreUnavailable
from geoaddr.registry import LoadRow, Registry
from geoaddr.stores.files import make_file
from geoaddr.stores.sqlite import SQLiteStore
if os.geteuid() == 0:  # after the imports: others may not read what root has installed
    os.setuid(65534)
registry = Registry(SQLiteStore(sys.argv[1]))
try:
    registry.load([LoadRow(1, {"ndas": "1112000009", "lat": "21", "lon": "105", "commune_code": "00004",
                               "issued_on": "2025-09-01"})])
except StoreUnavailable as error:
    print(error, "|", error.message("vi"))
"""

OBSTACLES = [
    (0o444, 0o777, "no permission to write to it"),
    (0o000, 0o777, "no permission to read it"),
    (None, 0o555, "no permission to write in the folder"),
]


@pytest.mark.parametrize(("of_file", "of_folder", "reason"), OBSTACLES)
def test_a_file_that_cannot_be_written_says_why(of_file, of_folder, reason):
    with tempfile.TemporaryDirectory() as place:  # where others may go, unlike the folder of the test
        folder = Path(place)
        path = folder / "registry.db"
        if of_file is not None:
            fill(path, "1112000001").close()
            path.chmod(of_file)
        folder.chmod(of_folder)
        command = [sys.executable, "-c", AS_NOBODY, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o700)
    assert reason in done.stdout, done.stderr
    assert "không có quyền" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(tmp_path):
    """Else a service that runs as another user could not open what its administrator has made."""
    os.chown(tmp_path, 10_001, 10_002)
    fill(tmp_path / "registry.db", "1112000001").close()
    SQLiteDatabase(tmp_path / "keys.db").write([Statement("DELETE FROM trail WHERE number = ?", [(1,)])])
    made = {file.name: (file.stat().st_uid, file.stat().st_gid) for file in tmp_path.iterdir()}
    assert made.keys() >= {"registry.db", "keys.db"}
    assert set(made.values()) == {(10_001, 10_002)}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_what_stands_there_already_is_given_to_nobody(tmp_path, link):
    """Whoever may write in the folder may have put a link to a file of root's where the registry is to be."""
    (tmp_path / "secret").write_bytes(bytes(2048))
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 10_001, 10_002)
    link(tmp_path / "secret", folder / "registry.db")
    make_file(folder / "registry.db")
    assert (tmp_path / "secret").stat().st_uid == 0
    assert [file.name for file in folder.iterdir()] == ["registry.db"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_what_is_put_in_its_place_meanwhile_is_given_to_nobody(tmp_path):
    """The same while it is made: they replace every file as soon as they see it."""
    secret, folder = tmp_path / "secret", tmp_path / "theirs"
    secret.write_bytes(b"root's")
    folder.mkdir()
    os.chown(folder, 10_001, 10_002)
    ended = threading.Event()

    def replace():
        number = 0
        while not ended.is_set():
            for file in folder.iterdir():
                with contextlib.suppress(OSError):
                    number += 1
                    os.link(secret, tmp_path / str(number))
                    (tmp_path / str(number)).rename(file)

    thread = threading.Thread(target=replace)
    thread.start()
    for number in range(300):
        make_file(folder / f"{number}.db")
    ended.set()
    thread.join()
    assert (secret.stat().st_uid, secret.stat().st_gid) == (0, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
@pytest.mark.parametrize("call", ["link", "fchown"])
@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_on_which_root_makes_no_file_for_others_is_named(tmp_path, monkeypatch, call, number):
    """As FAT, and what clouds and networks are mounted as: no hard links (link(2): EPERM), or no owners."""

    def refused(*_, **__):
        raise OSError(number, os.strerror(number))

    os.chown(tmp_path, 10_001, 10_002)
    monkeypatch.setattr(os, call, refused)
    with pytest.raises(StoreUnavailable, match="this file system lets root make no file for another user"):
        make_file(tmp_path / "registry.db")
    assert [*tmp_path.iterdir()] == []
    (tmp_path / "registry.db").touch()
    make_file(tmp_path / "registry.db")  # it is there: nothing is to be made


def test_opening_lets_go_of_no_lock_of_this_process(path):
    """POSIX drops a process's locks on a file when it closes any descriptor of it."""
    registry = fill(path, "1112000001")
    before = locks_on(path)
    assert before
    list(registry.export())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(registry.find, "1112000001").result()
    assert locks_on(path) == before


def locks_on(path: Path) -> set[str]:
    """The byte ranges of the file that this process has locked, as Linux tells them."""
    if not Path("/proc/locks").exists():
        pytest.skip("this system does not tell which locks a process has")
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    mine = (str(os.getpid()), f":{path.stat().st_ino}")
    return {" ".join(words[-2:]) for words in lines if words[-4] == mine[0] and words[-3].endswith(mine[1])}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_read(path):
    fill(path, "1112000001").close()
    path.chmod(stat.S_IRUSR)
    registry = Registry(SQLiteStore(path))
    assert registry.find("1112000001") is not None
    with pytest.raises(StoreUnavailable):
        registry.retire("1112000001")

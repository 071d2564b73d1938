"""Backups of a registry file, and the damage that verifying finds."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geoaddr.errors import StoreError, StoreUnavailable
from geoaddr.model import Alias, Components, Point
from geoaddr.registry import Draft, Registry
from geoaddr.stores.sqlite import SQLiteStore
from geoaddr.stores.sqlite_connections import store_error
from tests.registries import execute, fill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "registry.db"


def test_a_backup_is_a_registry_with_the_same_order(path, tmp_path):
    registry = fill(path, "1112000001")
    target = tmp_path / "copy.db"
    registry.backup(target)
    copy = Registry(SQLiteStore(target))
    assert list(copy.export()) == list(registry.export())
    assert copy.history("1112000001") == registry.history("1112000001")
    assert copy.store.key() == registry.store.key()
    assert copy.verify() == []
    with pytest.raises(StoreUnavailable, match="exists"):
        registry.backup(target)
    registry.backup(target, overwrite=True)
    assert sorted(p.name for p in tmp_path.iterdir() if "partial" in p.name) == []


def test_a_registry_is_not_replaced_by_its_backup(path, tmp_path):
    registry = fill(path, "1112000001")
    (tmp_path / "link.db").symlink_to(path)
    for target in (path, tmp_path / "link.db"):
        with pytest.raises(StoreUnavailable, match="the registry itself"):
            registry.backup(target, overwrite=True)


def test_a_backup_is_taken_while_others_write(path, tmp_path):
    registry = fill(path, "1112000001")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    registry.backup(tmp_path / "copy.db")
    assert Registry(SQLiteStore(tmp_path / "copy.db")).find("1112000001") is not None


def test_no_backup_of_nothing(path, tmp_path):
    with pytest.raises(StoreUnavailable, match="no registry"):
        Registry(SQLiteStore(path)).backup(tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_cannot_be_written_leaves_nothing(path, tmp_path):
    registry = fill(path, "1112000001")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match=r"the folder .*file cannot be made"):
        registry.backup(tmp_path / "file" / "copy.db")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", path.parent.name]


def test_a_backup_makes_its_folders(path, tmp_path):
    target = tmp_path / "year" / "month" / "copy.db"
    fill(path, "1112000001").backup(target)
    assert Registry(SQLiteStore(target)).find("1112000001") is not None


def test_an_export_is_one_state_while_others_write(path):
    registry = fill(path, *(f"11120{n:05}" for n in range(500)))
    records = registry.export()
    first = next(records)
    registry.retire("1112000400")
    rest = list(records)
    assert first.ndas == "1112000000"
    assert {record.status for record in rest} == {"live"}


DAMAGE = {
    "storage": "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'address_by_cell'",
    "dangling": "PRAGMA foreign_keys = OFF; INSERT INTO receipt VALUES ('k', 77, 'created', 'd')",
    "likeness": 'UPDATE address SET components = \'{"street":"X"}\' WHERE ndas = 1112000001',
    "history": "UPDATE address SET version = 3 WHERE ndas = 1112000001",
    "successors": "UPDATE address SET status = 4 WHERE ndas = 1112000001",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_verify_finds_damage(path, kind):
    fill(path, "1112000001", "1112000002").close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(DAMAGE[kind])
    connection.close()
    found = Registry(SQLiteStore(path)).verify()
    assert kind in {problem.kind for problem in found}, found


def test_verify_finds_a_spatial_index_that_is_behind(path):
    fill(path, "1112000001", "1112000002").close()
    connection = sqlite3.connect(path, isolation_level=None)
    (definition,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'address_by_cell'").fetchone()
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'address_by_cell'").fetchone()
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = 'address_by_cell'")
    connection.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE address SET lat = 10.0, cell = 5 WHERE ndas = 1112000001")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "INSERT INTO sqlite_master VALUES ('index', 'address_by_cell', 'address', ?, ?)", (root, definition)
    )
    connection.close()
    problems = Registry(SQLiteStore(path)).verify()
    assert any(problem.kind == "storage" and "address_by_cell" in problem.said.en for problem in problems)


def test_verify_finds_a_code_out_of_the_issuing_order(path, draft_in_ba_dinh: Draft):
    registry = Registry(SQLiteStore(path))
    code = registry.issue(draft_in_ba_dinh).record.ndas
    execute(path, "UPDATE area SET position = 0")
    (problem,) = registry.verify()
    assert (problem.kind, problem.ndas) == ("area", code)


def test_verify_compares_areas_with_communes(path, draft_in_ba_dinh: Draft):
    registry = Registry(SQLiteStore(path))
    code = registry.issue(draft_in_ba_dinh).record.ndas
    assert registry.verify(lambda commune, day: "11120") == []
    (problem,) = registry.verify(lambda commune, day: "11119")
    assert (problem.kind, problem.ndas) == ("area", code)


ROWS_WRITTEN_OVER = {
    "no status": "PRAGMA ignore_check_constraints = ON; UPDATE address SET status = 77 WHERE ndas = 1112000001",
    "no parts": "UPDATE address SET components = '{\"street' WHERE ndas = 1112000001",
    "no point": "PRAGMA ignore_check_constraints = ON; UPDATE address SET lat = 'x' WHERE ndas = 1112000001",
    "no text": "UPDATE address SET point_source = CAST(x'ff' AS TEXT) WHERE ndas = 1112000001",
    "no day": "UPDATE address SET issued_day = 99999999999 WHERE ndas = 1112000001",
}


@pytest.mark.parametrize("how", ROWS_WRITTEN_OVER)
def test_a_row_that_was_written_over_is_named(path: Path, how: str) -> None:
    fill(path, "1112000001", "1112000002").close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(ROWS_WRITTEN_OVER[how])
    connection.close()
    registry = Registry(SQLiteStore(path))
    with pytest.raises(StoreError, match="damaged; restore a backup"):
        registry.find("1112000001")
    assert "storage" in {problem.kind for problem in registry.verify()}
    assert registry.find("1112000002") is not None


@pytest.mark.parametrize("byte", [b"\x81", b"\xf8", b"\xff"])
@pytest.mark.parametrize("table", ["address", "event", "registry"])
def test_a_schema_that_is_no_text_any_more_says_so(path, table, byte):
    """SQLite quotes it in what it says, and Python cannot read that."""
    fill(path, "1112000001").close()
    whole = path.read_bytes()
    name = whole.index(f"table{table}{table}".encode()) + len("table")
    definition = whole.index(f"CREATE TABLE {table}".encode(), name)
    path.write_bytes(byte.join((whole[:name], whole[name + 1 : definition], whole[definition + 1 :])))
    registry = Registry(SQLiteStore(path))
    for verb in (registry.verify, lambda: registry.find("1112000001")):
        with pytest.raises(StoreError, match="damaged; restore a backup"):
            verb()


def test_sizes_for_which_there_is_no_memory_are_damage_unless_memory_is_short(path):
    assert "if memory is not short, it is damaged" in store_error(MemoryError(), path).message("en")


def test_a_damaged_file_says_so(path):
    fill(path, *(f"11120{n:05}" for n in range(2000))).close()
    with path.open("r+b") as file:
        for page in range(3, 40):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    registry = Registry(SQLiteStore(path))
    with pytest.raises(StoreError, match="damaged"):
        registry.find_many([f"11120{n:05}" for n in range(2000)])


@pytest.fixture
def draft_in_ba_dinh() -> Draft:
    import datetime as dt

    from geoaddr.model import Components, Point

    return Draft(
        components=Components(house_number="1"),
        area_code="11120",
        commune_code="00004",
        point=Point(lat=21.0368, lon=105.8346),
        issued_on=dt.date(2026, 3, 1),
    )


def test_what_was_erased_is_not_in_the_file(tmp_path: Path) -> None:
    """Neither in its pages, nor in the free ones, nor in its log: a disk tells no more than the registry."""
    path = tmp_path / "registry.db"
    registry = Registry(SQLiteStore(path))
    secret = Components(house_number="12", alley=("Ngõ Bí Mật",), street="Quán Thánh")
    drafts = [
        Draft(components=components, area_code="11120", commune_code="00004", issued_on=dt.date(2026, 3, 1),
              point=Point(lat=21.03 + n / 1000, lon=105.83), aliases=(Alias("parcel", f"w7er8u0fu{n:03}"),))
        for n, components in enumerate([*(Components(house_number=str(i)) for i in range(300)), secret])
    ]  # fmt: skip
    code = registry.issue_many([(None, draft) for draft in drafts], actor="postman 7")[-1].record.ndas
    registry.amend(code, {"poi": "Quán Cà Phê Bí Mật"}, evidence="photo-9-of-the-gate")
    written = [text.encode() for text in ("Bí Mật", "bi mat", "photo-9-of-the-gate", "w7er8u0fu300")]

    def found() -> list[bytes]:
        files = [file.read_bytes() for file in tmp_path.iterdir() if not file.name.endswith("-shm")]
        return [text for text in written if any(text in data for data in files)]

    assert found() == written
    registry.erase(code, reason="asked for")
    assert found() == []
    assert registry.verify() == []


def test_what_was_withdrawn_stays_so_whoever_writes(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    registry = fill(path, "1112000001", "1112000002")
    registry.erase("1112000001", reason="asked for")
    for statement in (
        "UPDATE address SET status = 2 WHERE ndas = 1112000001",
        "UPDATE event SET details = '{}' WHERE ndas = 1112000002",
        "UPDATE event SET actor = 'x' WHERE ndas = 1112000001",
        "UPDATE event SET kind = 'issued' WHERE ndas = 1112000001",
        "UPDATE address SET status = 6 WHERE ndas = 1112000002",
    ):
        with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
    assert registry.verify() == []

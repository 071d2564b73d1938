"""The doctor says what is installed and in use, and finds what is broken."""

from __future__ import annotations

import configparser
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

import geoaddr
from geoaddr.cli import diagnosis
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.interpreter import MANY
from geoaddr.pack import Pack, write_pack
from service.keys.database import open_database
from service.keys.keyring import Keyring
from tests.command_lines import Lines, Ran
from tests.disks import fill, only_for_reading, small_disk

SETUP = Path(__file__).resolve().parents[2] / "setup.cfg"


def requirements(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[ <>=\[]", each.strip())[0] for each in text.strip().splitlines())


def test_it_knows_the_requirements_of_setup_cfg() -> None:
    setup = configparser.ConfigParser()
    setup.read(SETUP)
    extras = {name: requirements(text) for name, text in setup["options.extras_require"].items()}
    assert requirements(setup["options"]["install_requires"]) == diagnosis.CORE
    assert {name: names for name, names in extras.items() if name not in ("all", "dev")} == diagnosis.EXTRAS


def test_a_sound_installation(line: Lines) -> None:
    told = line("doctor", "--json")
    assert (told.code, told.answer["problems"]) == (0, [])
    assert told.answer["pack"]["units"] == {"province": 34, "commune": 3321}
    assert told.answer["registry"]["store"] == line.store
    assert all(told.answer["packages"].values())
    assert told.answer["compiled"] is Interpreter(geoaddr.open(store="memory:").gazetteer).expect(MANY)
    assert "toàn vẹn" in line("doctor", "--lang", "vi").out


def test_a_registry_that_is_not_made_yet_is_no_problem(line: Lines, tmp_path: Path) -> None:
    assert "not made yet" in line("doctor").out
    assert list(tmp_path.iterdir()) == []
    line("registry", "init")
    assert "not made yet" not in line("doctor").out


def test_a_pack_with_one_changed_byte_is_found(line: Lines, tmp_path: Path) -> None:
    content = bytearray(Path(line("data", "info", "--json").answer["file"]).read_bytes())
    content[-100_000] ^= 1
    altered = tmp_path / "altered.gapack"
    altered.write_bytes(content)
    told, shown = line("doctor", "--pack", altered, "--json"), line("doctor", "--pack", altered, "--lang", "vi")
    assert (told.code, told.answer["sound"], told.answer["pack"]["sound"]) == (1, False, False)
    assert "altered" in told.answer["problems"][0]["en"]
    assert (shown.code, shown.err, "đã bị thay đổi" in shown.out) == (1, "", True)


def test_a_registry_that_cannot_be_opened_is_a_problem_not_a_failure(line: Lines, tmp_path: Path) -> None:
    (tmp_path / "registry.db").write_text("not a database, but long enough to be looked at")
    told = line("doctor", "--json")
    assert (told.code, told.err, told.answer["registry"]["sound"]) == (1, "", False)


def test_a_password_in_a_url_is_not_shown(line: Lines) -> None:
    told = line("doctor", "--store", "postgresql://me:secret@db/addresses")
    assert (told.code, "secret" in told.out + told.err) == (1, False)


def test_the_settings_of_the_service_and_where_each_comes_from(line: Lines, tmp_path: Path) -> None:
    file = tmp_path / "geoaddr.toml"
    file.write_text(f'workers = 3\nmetrics_token = "s3cret"\nstore = "sqlite:///{tmp_path}/other.db"\n')
    told = line("doctor", "--config", file, "--json")
    settings = told.answer["settings"]
    assert (told.code, settings["workers"]) == (0, {"value": 3, "from": "file"})
    assert settings["port"] == {"value": 8080, "from": "default"}
    assert settings["store"]["from"] == "environment"
    assert "s3cret" not in told.out + line("doctor", "--config", file).out
    shown = line("doctor", "--config", file, "--lang", "vi").out
    assert "workers = 3  (theo tệp cấu hình)" in shown


def test_a_setting_that_there_is_not_is_a_problem(line: Lines, tmp_path: Path) -> None:
    file = tmp_path / "geoaddr.toml"
    file.write_text("worker = 3\n")
    told = line("doctor", "--config", file, "--json")
    assert (told.code, told.err, told.answer["pack"]["sound"]) == (1, "", True)
    assert "did you mean workers?" in told.answer["problems"][0]["en"]


def in_both_languages(line: Lines, *words: object) -> tuple[Ran, str]:
    """What the doctor found, and what it says of it in Vietnamese; neither with a trace."""
    told, shown = line("doctor", "--json", *words), line("doctor", "--lang", "vi", *words)
    assert (told.code, shown.code, told.err + shown.err) == (1, 1, "")
    assert "Traceback" not in told.out + shown.out
    return told, " ".join(shown.out.split())


def make_keys(folder: Path) -> Path:
    database = open_database(f"sqlite:///{folder}/registry.access.db")
    Keyring(database).create("ours", {"area": None})
    database.close()
    return folder / "registry.access.db"


@pytest.mark.parametrize("of", ["registry", "keys"])
def test_a_schema_that_is_yet_to_come(line: Lines, tmp_path: Path, of: str) -> None:
    line("registry", "init")
    path = make_keys(tmp_path)
    connection = sqlite3.connect(path if of == "keys" else tmp_path / "registry.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    told, shown = in_both_languages(line)
    assert told.answer[of]["sound"] is False
    (problem,) = told.answer["problems"]
    assert "schema 99" in problem["en"]
    assert "use a newer geoaddr" in problem["en"]
    assert "hãy dùng bản geoaddr mới hơn" in shown


def test_keys_that_are_sound(line: Lines, tmp_path: Path) -> None:
    path = make_keys(tmp_path)
    told = line("doctor", "--json")
    assert (told.code, told.answer["keys"]) == (0, {"store": f"sqlite:///{path}", "sound": True, "keys": 1})


def test_a_disk_that_only_reads(line: Lines, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 100) as disk:
        line("registry", "init", "--store", f"sqlite:///{disk}/registry.db")
        make_keys(disk)
        only_for_reading(disk)
        told, shown = in_both_languages(line, "--store", f"sqlite:///{disk}/registry.db")
    assert [problem["en"].partition(": ")[0] for problem in told.answer["problems"]] == [
        f"{disk}/registry.db", f"{disk}/registry.access.db",
    ]  # fmt: skip
    for problem in told.answer["problems"]:
        assert "the file system is read-only" in problem["en"]
        assert "give the user of the service the right to write there" in problem["en"]
    assert "hệ thống tệp chỉ cho đọc" in shown
    assert "hãy cấp quyền ghi" in shown


def test_a_place_where_no_registry_can_be_made(line: Lines, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 100) as disk:
        only_for_reading(disk)
        told, _ = in_both_languages(line, "--store", f"sqlite:///{disk}/registry.db")
    (problem,) = told.answer["problems"]
    assert "the file system is read-only; give the user of the service the right" in problem["en"]


def test_a_disk_that_is_full(line: Lines, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        line("registry", "init", "--store", f"sqlite:///{disk}/registry.db")
        fill(disk)
        told, shown = in_both_languages(line, "--store", f"sqlite:///{disk}/registry.db")
    (problem,) = told.answer["problems"]
    assert problem["en"] == f"{disk}/registry.db: 0 MB are free; make room on its disk"
    assert "hãy giải phóng dung lượng đĩa" in shown


def test_a_pack_that_is_not_there(line: Lines) -> None:
    told, shown = in_both_languages(line, "--pack", "/nowhere/vn.gapack")
    (problem,) = told.answer["problems"]
    assert problem["en"].startswith("/nowhere/vn.gapack: no such pack; give the path of one with --pack")
    assert "hãy chỉ đường dẫn bằng --pack" in shown


def test_a_pack_of_an_older_day(line: Lines, tmp_path: Path) -> None:
    """Than the units that come with the software: they have been changed since."""
    own = Pack.open(line("data", "info", "--json").answer["file"])
    path = tmp_path / "old.gapack"
    sections = {name: own.array(name) for name in own.sections}
    write_pack(path, replace(own.info, date="2025-07-01", version="2025.07.01"), sections, meta=own.meta)
    told, shown = in_both_languages(line, "--pack", path)
    (problem,) = told.answer["problems"]
    assert f"its units are those of 2025-07-01, those that come with geoaddr of {own.info.date}" in problem["en"]
    assert "hãy tạo lại bằng lệnh 'geoaddr data import'" in shown

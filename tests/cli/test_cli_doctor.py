"""The doctor says what is installed and in use, and finds what is broken."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import geoaddr
from geoaddr.cli import diagnosis
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.interpreter import MANY
from tests.command_lines import Lines

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

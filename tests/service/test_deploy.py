"""What is under ``deploy/``: it says what the service takes, and gives it no more rights than it needs."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from service.configuration import configure
from service.setting import settings_of
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "geoaddr.service"
HOW_TO = (ROOT / "docs" / "how-to" / "run-the-service.md").read_text("utf-8")
WORST_EXPOSURE = 2.0
"""Of systemd's scale, on which 10 is a service with every right; it calls all below 4 "OK"."""


def unit() -> configparser.SectionProxy:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment]  # names of systemd have capitals
    read.read(UNIT, "utf-8")
    return read["Service"]


def test_the_file_of_settings_is_one() -> None:
    settings = configure(environment={}, file=DEPLOY / "geoaddr.toml").settings
    assert (settings.workers, settings.open, settings.metrics_token) == (2, False, None)


def test_the_unit_waits_longer_than_the_service_takes_to_stop() -> None:
    defaults = Settings()
    assert float(unit()["TimeoutStopSec"]) > defaults.drain_s + defaults.finish_s + 5
    assert "docker run" in (ROOT / "docs/how-to/deploy-the-service.md").read_text("utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_unit_gives_hardly_any_rights(tmp_path: Path) -> None:
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", UNIT], capture_output=True, text=True, timeout=60
    ).stdout
    found = re.search(r"Overall exposure level for geoaddr.service: ([\d.]+)", rated)
    assert found
    assert float(found[1]) < WORST_EXPOSURE
    runnable = tmp_path / "geoaddr.service"
    runnable.write_text(UNIT.read_text("utf-8").replace("/opt/geoaddr/bin/geoaddr", "/bin/true"), "utf-8")
    checked = subprocess.run(["systemd-analyze", "verify", runnable], capture_output=True, text=True, timeout=60)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_image_runs_as_nobody_in_particular() -> None:
    instructions = re.findall(r"^([A-Z]+) (.*)$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    last_stage = max(number for number, (word, _) in enumerate(instructions) if word == "FROM")
    final = instructions[last_stage:]
    user = dict(final)["USER"]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert [value for word, value in final if word == "COPY"] == ["--from=build /opt/geoaddr /opt/geoaddr"]
    stated = re.findall(r"\bGEOADDR_(\w+)=", (DEPLOY / "Dockerfile").read_text("utf-8"))
    assert {name.lower() for name in stated} <= set(settings_of(Settings))


def test_the_container_is_started_with_the_least_rights() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    for line in (
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "127.0.0.1:8080",
    ):
        assert line in text


def test_every_setting_is_in_the_how_to() -> None:
    rows = "".join(line for line in HOW_TO.splitlines() if line.startswith("| `"))
    missing = [
        name for name, known in settings_of(Settings).items() if not known.flag_only and f"`{name}`" not in rows
    ]
    assert missing == []


def test_the_example_in_the_how_to_is_read() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", HOW_TO, re.DOTALL)
    assert set(tomllib.loads(example)) <= set(settings_of(Settings))

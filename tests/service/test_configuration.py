"""Settings come from flags, the environment and a file, in this order, and each says from where it came."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geoaddr.errors import DataError, InvalidInput
from service.configuration import configure
from service.setting import settings_of
from service.settings import Settings


def written(folder: Path, text: str) -> Path:
    path = folder / "geoaddr.toml"
    path.write_text(text, "utf-8")
    return path


def test_flags_before_the_environment_before_the_file_before_defaults(tmp_path: Path) -> None:
    file = written(tmp_path, 'port = 1001\nworkers = 3\npack = "file.gapack"\nbusy_s = 2\naccess_log = false\n')
    environment = {"GEOADDR_PORT": "1002", "GEOADDR_WORKERS": "4", "GEOADDR_CONFIG": str(file), "HOME": "/"}
    found = configure({"port": 1003, "pack": None}, environment=environment)
    wanted = Settings(port=1003, workers=4, pack="file.gapack", busy_s=2.0, access_log=False)
    assert found.settings == wanted
    names = ("port", "workers", "pack", "host")
    assert [found.origins[name] for name in names] == ["flag", "environment", "file", "default"]
    assert found.file == file


def test_a_file_that_is_named_wins_over_that_of_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, "port = 1001")
    found = configure(environment={"GEOADDR_CONFIG": "/nowhere.toml"}, file=file)
    assert (found.settings.port, found.file) == (1001, file)


REFUSED = """
environment            | file               | field                        | says
GEOADDR_WORKRES=2      |                    | GEOADDR_WORKRES              | did you mean GEOADDR_WORKERS?
GEOADDR_ZZZZZZ=2       |                    | GEOADDR_ZZZZZZ               | known: pack, store
GEOADDR_WORKERS=0      |                    | GEOADDR_WORKERS              | not 1 to 256
GEOADDR_WORKERS=2.5    |                    | GEOADDR_WORKERS              | not 1 to 256
GEOADDR_BUSY_S=nan     |                    | GEOADDR_BUSY_S               | not 0.05 to 60
GEOADDR_BUSY_S=1_0     |                    | GEOADDR_BUSY_S               | not 0.05 to 60
GEOADDR_OPEN=true      |                    | GEOADDR_OPEN                 | on the command line only
GEOADDR_WATCH_PACK=yes |                    | GEOADDR_WATCH_PACK           | neither true nor false
GEOADDR_LOG_LEVEL=loud |                    | GEOADDR_LOG_LEVEL            | debug, info, warning, error
                       | prot = 8080        | geoaddr.toml: prot           | did you mean port?
                       | open = true        | geoaddr.toml: open           | on the command line only
                       | port = "8080"      | geoaddr.toml: port           | not 0 to 65535
                       | port = true        | geoaddr.toml: port           | not 0 to 65535
                       | pack = 7           | geoaddr.toml: pack           | not a text
                       | max_body_bytes = 0 | geoaddr.toml: max_body_bytes | positive whole number
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:], ids=lambda line: line.split("|")[2].strip())
def test_what_is_refused(line: str, tmp_path: Path) -> None:
    variable, text, field, says = (cell.strip() for cell in line.split("|"))
    environment = dict([variable.split("=", 1)]) if variable else {}
    with pytest.raises(InvalidInput) as refused:
        configure(environment=environment, file=written(tmp_path, text))
    assert refused.value.field.removeprefix(f"{tmp_path}/") == field
    assert says in str(refused.value)
    assert refused.value.message("vi") != refused.value.message("en")


@pytest.mark.parametrize(("text", "says"), [("port 80", "not TOML"), (None, "No such file")])
def test_a_file_that_cannot_be_read(text: str | None, says: str, tmp_path: Path) -> None:
    file = tmp_path / "none.toml" if text is None else written(tmp_path, text)
    with pytest.raises(DataError, match=says):
        configure(environment={}, file=file)


def test_secrets_are_shown_to_nobody(tmp_path: Path) -> None:
    environment = {"GEOADDR_METRICS_TOKEN": "s3cret", "GEOADDR_STORE": "postgresql://ann:pass5@db/geo"}
    found = configure(environment=environment)
    assert "s3cret" not in repr(found.shown())
    assert "pass5" not in repr(found.shown())
    assert found.shown()["metrics_token"] == {"value": "***", "from": "environment"}
    with pytest.raises(InvalidInput) as refused:
        configure(environment={}, file=written(tmp_path, 'metrics_token = ["s3cret"]'))
    assert "s3cret" not in refused.value.message("en") + refused.value.message("vi")


@pytest.mark.parametrize("setting", settings_of(Settings).values(), ids=lambda setting: setting.name)
def test_a_default_is_a_value_that_its_setting_takes(setting: Any) -> None:
    assert setting.said.en != setting.said.vi
    if setting.default is not None:
        plain = list(setting.default) if isinstance(setting.default, tuple) else setting.default
        plain = str(plain) if setting.read is not None and plain else plain
        assert setting.checked(plain, setting.name) == setting.default

"""Where settings come from: flags, the environment, a file, defaults, in this order; and which came from where."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.stores import without_password
from service.setting import ENVIRONMENT_PREFIX, Setting, settings_of
from service.settings import Settings

CONFIG = "GEOADDR_CONFIG"

ELSEWHERE = frozenset((CONFIG, "GEOADDR_REQUIRE_SHARED"))
"""Variables with our prefix that are no settings of the service."""

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Configured:
    """The settings, and of each whether a ``flag``, the ``environment`` or a ``file`` states it, or the
    ``default`` holds."""

    settings: Settings
    origins: Mapping[str, str]
    file: Path | None

    def shown(self) -> dict[str, dict[str, Any]]:
        """Every setting with its value and origin, as plain data; secrets are hidden."""
        return {
            name: {"value": _shown(known, getattr(self.settings, name)), "from": self.origins[name]}
            for name, known in settings_of(Settings).items()
        }


def configure(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    file: str | os.PathLike[str] | None = None,
) -> Configured:
    """The settings of a service.

    :param flags: what the command line states, by the names of the settings; ``None`` for what it does not.
    :param file: a TOML file of settings; by default the one that ``GEOADDR_CONFIG`` names, if any.
    :raises InvalidInput: for a name that is no setting, and a value that its setting does not take.
    :raises DataError: for a file that cannot be read or is no TOML.
    """
    known = settings_of(Settings)
    named = file or environment.get(CONFIG)
    path = Path(named) if named else None
    found: dict[str, tuple[Any, str]] = {name: (setting.default, "default") for name, setting in known.items()}
    if path is not None:
        found |= {name: (value, "file") for name, value in _of_file(path, known).items()}
    found |= {name: (value, "environment") for name, value in _of_environment(environment, known).items()}
    for name, value in (flags or {}).items():
        if value is not None:
            found[name] = (known[name].checked(value, name), "flag")
    settings = Settings(**{name: value for name, (value, _) in found.items()})
    return Configured(settings, {name: origin for name, (_, origin) in found.items()}, path)


def _of_file(path: Path, known: Mapping[str, Setting]) -> dict[str, Any]:
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(path, os_reason(error)) from None
    except UnicodeDecodeError:
        raise DataError(path, Said("not UTF-8", "không phải UTF-8")) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(path, Said(f"not TOML: {error}", f"không phải TOML: {error}")) from None
    found = {}
    for name, value in stated.items():
        setting = known.get(name)
        if setting is None:
            raise InvalidInput(f"{path}: {name}", None, _unknown(name, known))
        if setting.flag_only:
            raise InvalidInput(f"{path}: {name}", value, _FLAG_ONLY)
        found[name] = setting.checked(value, f"{path}: {name}")
    return found


def _of_environment(environment: Mapping[str, str], known: Mapping[str, Setting]) -> dict[str, Any]:
    by_variable = {setting.variable: setting for setting in known.values()}
    found = {}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in ELSEWHERE or not text:
            continue
        setting = by_variable.get(variable)
        if setting is None:
            raise InvalidInput(variable, None, _unknown(variable, known, ENVIRONMENT_PREFIX))
        if setting.flag_only:
            raise InvalidInput(variable, text, _FLAG_ONLY)
        found[setting.name] = setting.from_text(text, variable)
    return found


_FLAG_ONLY = Said(
    "is stated on the command line only, so that nothing left behind can open a service",
    "chỉ đặt được trên dòng lệnh, để không thiết lập nào bị bỏ quên có thể mở dịch vụ",
)


def _unknown(name: str, known: Mapping[str, Setting], prefix: str = "") -> Said:
    bare = name.removeprefix(prefix)
    near = get_close_matches(bare.lower(), known, 1)
    if near:
        meant = prefix + near[0].upper() if prefix else near[0]
        return Said(f"no such setting; did you mean {meant}?", f"không có thiết lập này; ý bạn là {meant}?")
    listed = ", ".join(known)
    return Said(f"no such setting; known: {listed}", f"không có thiết lập này; có: {listed}")


def _shown(setting: Setting, value: Any) -> Any:
    if setting.secret and value is not None:
        return HIDDEN
    if setting.read is not None:
        return str(value) if not isinstance(value, tuple) else [str(each) for each in value]
    return without_password(value) if setting.name in ("store", "access") and value else value

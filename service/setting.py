"""One setting: what it is for, which values it takes, and how a text or a TOML value becomes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from math import inf
from typing import Any, get_type_hints

from geoaddr.errors import InvalidInput, Said

ENVIRONMENT_PREFIX = "GEOADDR_"

MOST_DIGITS = 20
"""Of a whole number; Python refuses to read thousands of them, with an error of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of one field of :class:`service.settings.Settings`.

    ``least``, ``most``: the bounds of a number, which is never negative; ``choices``: the only texts that it
    takes; ``secret``: shown to nobody; ``flag_only``: read from no environment and no file; ``read``: makes the
    value of a text, given it and the name to complain under.
    """

    name: str
    kind: Any
    default: Any
    said: Said
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False
    flag_only: bool = False
    read: Callable[[str, str], Any] | None = None

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return ENVIRONMENT_PREFIX + self.name.upper()

    def from_text(self, text: str, shown_as: str) -> Any:
        """The value that a variable of the environment states. Lists are separated by commas.

        :raises InvalidInput: naming ``shown_as``.
        """
        if self.read is not None:
            return self.read(text, shown_as)
        if self.kind is int:
            plain = text.isascii() and text.removeprefix("-").isdigit() and len(text) < MOST_DIGITS
            return self.checked(int(text) if plain else text, shown_as)
        if self.kind is float:
            try:
                return self.checked(float(text) if text.isascii() and "_" not in text else text, shown_as)
            except ValueError:
                return self.checked(text, shown_as)
        if self.kind is bool:
            return self.checked({"true": True, "false": False}.get(text, text), shown_as)
        if self.kind == tuple[str, ...]:
            return self.checked([part.strip() for part in text.split(",") if part.strip()], shown_as)
        return self.checked(text, shown_as)

    def checked(self, value: Any, shown_as: str) -> Any:
        """``value``, as TOML gives it, once it is one that this setting takes.

        :raises InvalidInput: naming ``shown_as``.
        """
        shown_value = "***" if self.secret else value
        if self.read is not None:
            text = ",".join(map(str, value)) if isinstance(value, list) else value
            if isinstance(text, str):
                return self.read(text, shown_as)
            raise InvalidInput(shown_as, value, Said("not a text", "không phải văn bản"))
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if self.kind == tuple[str, ...]:
            if isinstance(value, list) and all(isinstance(part, str) for part in value):
                return tuple(value)
            raise InvalidInput(shown_as, shown_value, Said("not a list of texts", "không phải danh sách văn bản"))
        wanted = self.kind if self.kind in (int, float, bool) else str
        if type(value) is not wanted or not self._within(value):
            raise InvalidInput(shown_as, shown_value, self._wanted())
        return value

    def _within(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices
        if self.kind not in (int, float):
            return True
        low, high = self.least or 0, inf if self.most is None else self.most
        return bool(low <= value <= high and value != inf)

    def _wanted(self) -> Said:
        if self.choices:
            listed = ", ".join(self.choices)
            return Said(f"not one of: {listed}", f"không thuộc: {listed}")
        if self.kind is bool:
            return Said("neither true nor false", "không phải true hay false")
        if self.kind not in (int, float):
            return Said("not a text", "không phải văn bản")
        if self.most is not None:
            low, high = f"{self.least or 0:g}", f"{self.most:g}"
            return Said(f"not {low} to {high}", f"không từ {low} đến {high}")
        if self.kind is int:
            return Said("not a positive whole number", "không phải số nguyên dương")
        return Said("not a positive number", "không phải số dương")


def setting(default: Any, en: str, vi: str, **about: Any) -> Any:
    """A field of the settings: its default, and for people what it is. ``about`` as :class:`Setting` has it."""
    return field(default=default, metadata={"said": Said(en, vi), **about})


def settings_of(cls: type) -> Mapping[str, Setting]:
    """The settings that the fields of a dataclass declare, by name."""
    hints = get_type_hints(cls)
    kinds = {name: (str if hint == str | None else hint) for name, hint in hints.items()}
    return {f.name: Setting(name=f.name, kind=kinds[f.name], default=f.default, **f.metadata) for f in fields(cls)}

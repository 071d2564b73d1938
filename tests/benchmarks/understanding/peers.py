"""The best open converter, called as its own documentation says.

``convert_address(text)`` for an old address and ``parse_address(text, mode=...)`` for the others, in the mode of
the rows' era. On a divided ward with a street it asks a public web geocoder. There is no network here, so the
geocoder answers that it knows no place, and the peer takes its default ward: its own way out, and its best
figure without a network. Unhindered it would raise ``GeocoderServiceError`` there, and no answer come at all.
It raises nothing else on any text that was tried.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.benchmarks.understanding.rows import Answer

NAME = "vietnamadminunits"


@dataclass(frozen=True, slots=True)
class Peer:
    """The installed package."""

    version: str
    package: Any
    frames: Any

    def convert(self, text: str) -> Answer:
        """An old address in today's communes; status ``looked up`` where it asked for the place."""
        _ASKED.clear()
        answer = _answer(self.package.convert_address(text).ward_code)
        return replace(answer, status="looked up") if _ASKED else answer

    def convert_column(self, texts: list[str]) -> None:
        """A column of addresses by its own columnar verb."""
        import pandas as pd

        frame = pd.DataFrame({"address": texts})
        self.frames.convert_address_column(frame, address="address", show_progress=False)

    def parse_new(self, text: str) -> Answer:
        """The commune of a text in units of today."""
        return _answer(self.package.parse_address(text, mode="FROM_2025", level=2).ward_code)

    def parse_old(self, text: str) -> Answer:
        """The commune of a text in units of before the reform."""
        return _answer(self.package.parse_address(text, mode="LEGACY", level=3).ward_code)

    def names(self, text: str) -> tuple[str, str, str]:
        """Province, district and ward of a text in units of before the reform, by their short names."""
        found = self.package.parse_address(text, mode="LEGACY", level=3)
        return found.short_province or "", found.short_district or "", found.short_ward or ""


def installed() -> Peer | None:
    """The peer where it is installed."""
    try:
        number = version(NAME)
    except PackageNotFoundError:
        return None
    converter = importlib.import_module(f"{NAME}.converter.converter_2025")
    converter.get_geo_location = _nowhere  # type: ignore[attr-defined]
    return Peer(number, importlib.import_module(NAME), importlib.import_module(f"{NAME}.pandas"))


_ASKED: list[str] = []


def _nowhere(address: str) -> None:
    """What its geocoder says of a place that it does not know."""
    _ASKED.append(address)


def _answer(code: Any) -> Answer:
    """Having a ward is all that it says of being sure."""
    return Answer((f"{int(code):05d}",), ok=True) if code else Answer((), ok=False)

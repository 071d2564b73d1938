"""What forms put into a unit's field that has nothing to say, such as a district since districts ended."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from geoaddr.text.fold import fold


@cache
def _words() -> frozenset[str]:
    text = files("geoaddr.text").joinpath("no_unit.csv").read_text(encoding="utf-8")
    return frozenset(fold(row["words"]) for row in csv.DictReader(text.splitlines()))


def says_nothing(written: str) -> bool:
    """Whether a unit's field is filled with words that name none."""
    folded = fold(written)
    return not folded or folded in _words()

"""Codes of the registry that stand in a text: to look for a text is to look for them."""

from __future__ import annotations

from typing import Any

from geoaddr.interpretation.codes_in_text import codes_in
from service.operations import Asked

FEWEST_DIGITS = 10
"""Of a code that only the registry can read."""


def note_codes(asked: Asked[Any, Any], text: str) -> None:
    """Note the codes in a text that the caller asked about, and whether each was ever issued."""
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return
    for written in codes_in(text, asked.ga.gazetteer):
        if written.system == "ndas":
            asked.tally.looked_up(written.code, found=bool(asked.ga.registry.issued([written.code])))
        elif written.system == "location_id":
            bearers = asked.ga.registry.find_by_alias("location_id", written.code, on=asked.ga.date)
            asked.tally.looked_up(written.code, found=bool(bearers))

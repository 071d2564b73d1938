"""Codes of the registry that stand in a question: to look for a text is to look for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from geoaddr.interpretation.codes_in_text import codes_in
from service.operations import Asked
from service.row_codes import FEWEST_DIGITS

if TYPE_CHECKING:
    from geoaddr.model import Reading
    from geoaddr.validation import Validated


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


def note_verdict(asked: Asked[Any, Any], answer: Validated, readings: Iterable[Reading]) -> None:
    """Note which codes a verdict looked at, and write down those whose households the caller may see: that a text
    agrees with a record tells what stands in it.

    :raises StoreUnavailable: where the trail takes no more.
    """
    for reading in readings:
        issued = reading.status != "not_issued"
        asked.tally.looked_up(reading.code, found=issued)
        if issued and asked.caller.key is not None:
            scopes = asked.grants.at(asked.sight.lies_in(reading) if asked.grants.limited else None)
            if "address" in scopes:
                seen = "address point" if "point" in scopes and answer.point is not None else "address"
                asked.tally.note(asked.caller.key, "validate", reading.ndas or reading.code, seen)

"""Households whose address is the very one of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geoaddr.finding.records import Match


def exact_houses(matches: Iterable[Match]) -> Iterator[Match]:
    """Those of some matches that are one household of the address that was asked for: its number on its street, as
    both are called today."""
    for match in matches:
        parts = {name: part.value for name, part in match.score_parts.items()}
        followed = parts.get("street") == parts.get("number") == 1.0 and "former" not in parts
        if followed and match.match_level == "house" and match.ndas is not None:
            yield match

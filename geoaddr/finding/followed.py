"""What the scalar verb answers for all that is found in one commune by units that mean the same, but for what the
household or street has for itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geoaddr.finding import scoring
from geoaddr.finding.asking import Asked, Name
from geoaddr.finding.geocoder import Geocoder
from geoaddr.finding.hits import Hit, joined, shares_of, shown
from geoaddr.finding.records import Match
from geoaddr.finding.streets import Found
from geoaddr.finding.wanted import Units
from geoaddr.interpretation.detail import Detail

MATCHES = 5
"""Matches whose communes are candidates: as many as the scalar verb gives unless it is told otherwise."""

_NAME = Name("street", "-", "street", "-")
"""Whatever it is called."""


def matches_of(geocoder: Geocoder, units: Units, communes: Sequence[str], *, house: bool) -> list[Match]:
    """The matches of a text of these units whose first name is borne in these communes of them alone, the best
    first: of a text whose house is known there, which is then one commune, or else of one without a number. None
    where another commune is likelier."""
    number = 1 if house else None
    asked = Asked(Detail(), [_NAME], number, dict(units.communes), dict(units.provinces))
    asked.elsewhere = units.elsewhere
    found = [
        Found(_NAME, _NAME.key, commune, 1.0, units.communes[commune], geocoder.homes.filings_of(commune))
        for commune in communes
    ]
    hits = shown(shares_of(joined(list(geocoder.hits_on(asked, found, _house if house else None)))), MATCHES)
    return [geocoder.in_units(hit) for hit in hits] if hits and hits[0].found is not None else []


def _house(hit: Hit, asked: Asked) -> Iterator[Hit]:
    """The one household of a house that is known."""
    yield replace(hit, mass=hit.mass * scoring.NUMBERS["house"], number="house")

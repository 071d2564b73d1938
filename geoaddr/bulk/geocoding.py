"""The place of an address text as one row; ``geocode`` for columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from geoaddr.bulk.answer_columns import GEOCODE_COLUMNS
from geoaddr.bulk.distinct import Answer, OneByOne
from geoaddr.bulk.parsing import unit_names
from geoaddr.bulk.views import weights
from geoaddr.finding.followed import MATCHES
from geoaddr.finding.geocoder import Geocoder
from geoaddr.finding.records import Match
from geoaddr.parsing import SURE


class GeocodeRows(OneByOne[None]):
    """Answers ``geocode`` for one text at a time, by its best match."""

    columns: tuple[str, ...] = GEOCODE_COLUMNS
    written: frozenset[str] = frozenset()
    quoting: frozenset[str] = frozenset()

    def __init__(self, geocoder: Geocoder, as_of: dt.date | None, area_only: bool = False) -> None:
        self._geocoder, self._as_of, self._area_only = geocoder, as_of, area_only

    def answer(self, text: str, given: None) -> Answer:
        """The row of :data:`GEOCODE_COLUMNS` for ``text``; every house has its own."""
        found = self._geocoder.best(text, limit=MATCHES, as_of=self._as_of, area_only=self._area_only)
        return Answer(row_of(found), alike=False)


def row_of(matches: Sequence[Match]) -> tuple[Any, ...]:
    """The row of :data:`GEOCODE_COLUMNS` that some matches make, by the best of them."""
    if not matches:
        return ("not_found", *[None] * (len(GEOCODE_COLUMNS) - 1))
    best, shares = matches[0], _communes(matches)
    sure = shares.get(best.commune.code, 0.0) if best.commune else None
    return (
        "partial" if sure is None else "ok" if sure >= SURE else "ambiguous",
        *unit_names(best.province, None, best.commune),
        None if sure is None else round(min(sure, 1.0), 4),
        best.point.lat if best.point else None,
        best.point.lon if best.point else None,
        best.ndas,
        best.match_level,
        best.coordinate_level,
        best.uncertainty_m,
        best.score,
        best.label,
        best.postcode,
        weights(shares) if shares else None,
        None,
    )


def _communes(matches: Sequence[Match]) -> dict[str, float]:
    """The share of each commune among the matches, that of the best match first, then the heaviest."""
    shares: dict[str, float] = {}
    for match in matches:
        if match.commune is not None:
            shares[match.commune.code] = shares.get(match.commune.code, 0.0) + match.weight
    first = matches[0].commune.code if matches[0].commune else ""
    return dict(sorted(shares.items(), key=lambda item: (item[0] != first, -item[1], item[0])))

"""Codes in a text that is looked for: each is a place by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from geoaddr.disclosure import at_area_level
from geoaddr.distance import haversine_m
from geoaddr.finding import scoring
from geoaddr.finding.homes import Homes
from geoaddr.finding.labels import label
from geoaddr.finding.records import Match
from geoaddr.interpretation.codes_in_text import CodeInText
from geoaddr.model import Cell, Components, Reading
from geoaddr.resolving import NOT_ISSUED, Resolver


class CodesFound:
    """Places that codes name."""

    def __init__(self, homes: Homes, resolver: Callable[[], Resolver]) -> None:
        self._homes, self._resolver = homes, resolver

    def matches(self, codes: Sequence[CodeInText], *, area_only: bool) -> list[Match]:
        """What the codes in a text name, by their order in it: households, else cells. A postcode is a commune
        that is looked for with the rest of the text, and no match by itself."""
        asked = dict.fromkeys(code.code for code in codes if code.system != "postcode")
        readings = [reading for code in asked for reading in self._readings(code, area_only)]
        share = 1.0 / len(readings) if readings else 0.0
        return [self._match(reading, share, area_only) for reading in readings]

    def _readings(self, code: str, area_only: bool) -> Iterator[Reading]:
        answer = self._resolver().resolve(code, as_of=self._homes.date)
        if area_only:
            answer = at_area_level(answer)
        for reading in answer.readings:
            if reading.status != NOT_ISSUED and reading.province is not None:
                yield reading

    def _match(self, reading: Reading, share: float, area_only: bool) -> Match:
        parts = scoring.parts(share, None, None)
        found = Match(
            label=label(Components(), (reading.commune, reading.province)),
            components=Components(),
            score=scoring.score(parts),
            score_parts=parts,
            weight=share,
            match_level="commune" if reading.commune else "province",
            postcode=reading.postcode,
            commune=reading.commune,
            province=reading.province,
        )
        if area_only:
            return found
        if reading.address is not None:
            return self._homes.of_record(reading.address, found)
        return replace(
            found,
            label=f"{reading.code}, {found.label}",
            point=reading.point,
            vpostcode=reading.vpostcode,
            match_level="code",
            coordinate_level="cell",
            uncertainty_m=None if reading.cell is None else half_diagonal_m(reading.cell),
        )


def half_diagonal_m(cell: Cell) -> float:
    """From the middle of a cell to its corner, metres, rounded up to the decimetre."""
    return math.ceil(haversine_m(cell.south, cell.west, cell.north, cell.east) * 5.0) / 10.0

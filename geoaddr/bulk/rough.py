"""Columns of rough points to the communes that they may lie in, with their weights."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.boundaries.spread import OUTSIDE, spread
from geoaddr.bulk.columns import Degrees, degrees
from geoaddr.bulk.dated import DatedPlaces
from geoaddr.bulk.places import TEXT_NAMES, PlaceAnswer
from geoaddr.bulk.views import weighed
from geoaddr.errors import Said
from geoaddr.model import WeighedUnit
from geoaddr.uncertain import OUT_OF_RANGE, within_range
from geoaddr.uncertain import weighed as weighed_units

_NOT_A_NUMBER = Said("not a finite number", "không phải số hữu hạn")


def uncertainties(column: Any, lang: str = "en") -> Degrees:
    """Metres from a numeric or text column; NaN where nothing stands, or what is no number from 0 to 10,000, which
    is an error."""
    read = degrees(column, "uncertainty_m", np.inf)
    fits = within_range(read.values)
    absent = ~np.isfinite(read.values) & ~read.blank
    masks = pc.make_struct(pa.array(absent), pa.array(~absent & ~read.blank & ~fits))
    reasons = [f"uncertainty_m: {said.in_language(lang)}" for said in (_NOT_A_NUMBER, OUT_OF_RANGE)]
    return Degrees(
        np.where(fits, read.values, np.nan), pc.cast(pc.case_when(masks, *reasons), pa.string()), read.blank
    )


class RoughPlaces:
    """Numbers of answers for rough points on one date, the same as :meth:`geoaddr.locating.Locator.locate` says;
    only layers of communes are asked."""

    def __init__(self, places: DatedPlaces, sure: float) -> None:
        self._places, self._sure = places, sure
        self._locator, self._as_of = places.communes, places.as_of
        self._alone: dict[int, int] = {}

    def replace(
        self,
        places: NDArray[np.int32],
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        uncertainty_m: NDArray[np.float64],
    ) -> list[PlaceAnswer]:
        """Put into ``places`` the numbers of the answers for the rows that have an uncertainty.

        :returns: answers that are not kept, with the numbers -1, -2 and so on.
        """
        rough = np.flatnonzero(np.isfinite(uncertainty_m) & np.isfinite(lat) & np.isfinite(lon))
        found = spread(self._locator.index, lat[rough], lon[rough], uncertainty_m[rough])
        begins = np.searchsorted(found.positions, np.arange(len(rough) + 1))
        alone = np.flatnonzero(np.diff(begins) == 1)
        held, where = np.unique(found.rows[begins[alone]], return_inverse=True)
        numbers = np.array([self._of_one(row) for row in held.tolist()], dtype=np.int32)
        places[rough[alone]] = numbers[where]

        several = np.flatnonzero(np.diff(begins) > 1)
        answers: list[PlaceAnswer] = []
        spans = list(pairwise(begins.tolist()))
        for position in several.tolist():
            pairs = slice(*spans[position])
            weights = dict(zip(found.rows[pairs].tolist(), found.weights[pairs].tolist(), strict=True))
            answers.append(self._answer(weights, weights.pop(OUTSIDE, 0.0)))
        places[rough[several]] = ~np.arange(len(several), dtype=np.int32)
        return answers

    def _of_one(self, row: int) -> int:
        if row not in self._alone:
            answer = self._answer({} if row == OUTSIDE else {row: 1.0}, 0.0)
            self._alone[row] = self._places.table.add(answer)
        return self._alone[row]

    def _answer(self, weights: dict[int, float], outside: float) -> PlaceAnswer:
        view = self._locator.view_of(tuple(weights), self._as_of)
        plain = self._places.answer_of(view, self._locator.basis_by_level(view, self._as_of))
        shares = ((self._locator.communes_of(row, self._as_of), weights[row]) for row in weights)
        communes = weighed_units(shares)
        said = dict(zip(TEXT_NAMES, plain.texts, strict=True)) | {"candidates": _text(communes, outside)}
        if len(weights) + bool(outside) > 1:
            said["status"] = "ambiguous"
        if not communes:  # outside, or an island district that had none
            return PlaceAnswer(tuple(said.values()), np.nan)
        heaviest = communes[0]
        said |= {"commune_code": heaviest.code, "commune": heaviest.name}
        return PlaceAnswer(tuple(said.values()), round(heaviest.weight * self._sure, 4))


def _text(communes: tuple[WeighedUnit, ...], outside: float) -> str | None:
    """Codes with their weights, the heaviest first, and the weight of what lies outside all communes."""
    shares = [(commune.code, commune.weight) for commune in communes]
    return weighed([*shares, ("outside", outside)] if outside else shares) if communes else None

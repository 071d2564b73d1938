"""Columns of rough points to the communes that they may lie in, with their weights."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.boundaries.spread import OUTSIDE, spread
from geoaddr.bulk.columns import Degrees, degrees
from geoaddr.bulk.views import NAMES, UnitColumns, weighed
from geoaddr.errors import Said
from geoaddr.locating import Locator
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


class RoughColumns:
    """The columns of units for rough points on one date, the same as :meth:`geoaddr.locating.Locator.locate`
    says."""

    def __init__(self, locator: Locator, units: UnitColumns, as_of: dt.date) -> None:
        self._locator, self._units, self._as_of = locator, units, as_of
        alone = [self._communes({row: 1.0}) for row in range(len(locator.codes))]
        self._alone = pa.array([_text(communes, 0.0) for communes in alone], pa.string())
        # the last, for row -1: outside
        self._heaviest = np.array([communes[0].weight if communes else np.nan for communes in alone] + [np.nan])

    def replace(
        self, columns: dict[str, Any], lat: NDArray[Any], lon: NDArray[Any], uncertainty_m: NDArray[Any]
    ) -> tuple[dict[str, Any], NDArray[np.float64]]:
        """``columns`` of :data:`NAMES` with the answers for the rows that have an uncertainty, and the weight of
        the heaviest commune of each; NaN for the other rows and where there is none."""
        rough = np.flatnonzero(np.isfinite(uncertainty_m) & np.isfinite(lat) & np.isfinite(lon))
        found = spread(self._locator.index, lat[rough], lon[rough], uncertainty_m[rough])
        begins = np.searchsorted(found.positions, np.arange(len(rough) + 1))
        alone = np.flatnonzero(np.diff(begins) == 1)
        rows = found.rows[begins[alone]]
        single = self._units.take(rows)
        single["status"] = pc.fill_null(single["status"], "not_found")
        single["candidates"] = self._alone.take(pa.array(rows, mask=rows < 0))
        columns = _replaced(columns, rough[alone], single)
        heaviest = np.full(len(lat), np.nan)
        heaviest[rough[alone]] = self._heaviest[rows]

        several = np.flatnonzero(np.diff(begins) > 1)
        answers: list[dict[str, str | None]] = []
        spans = list(pairwise(begins.tolist()))
        for position in several.tolist():
            pairs = slice(*spans[position])
            weights = dict(zip(found.rows[pairs].tolist(), found.weights[pairs].tolist(), strict=True))
            answer, weight = self._several(weights, weights.pop(OUTSIDE, 0.0))
            answers.append(answer)
            heaviest[rough[position]] = weight
        several_columns = {name: pa.array([a[name] for a in answers], pa.string()) for name in NAMES}
        return _replaced(columns, rough[several], several_columns), heaviest

    def _several(self, weights: dict[int, float], outside: float) -> tuple[dict[str, str | None], float]:
        communes = self._communes(weights)
        answer = self._units.several(list(weights)) | {
            "status": "ambiguous",
            "candidates": _text(communes, outside),
        }
        if not communes:  # an island district that had none
            return answer, np.nan
        return answer | {"commune_code": communes[0].code, "commune": communes[0].name}, communes[0].weight

    def _communes(self, weights: dict[int, float]) -> tuple[WeighedUnit, ...]:
        return weighed_units((self._locator.communes_of(row, self._as_of), weights[row]) for row in weights)


def _text(communes: tuple[WeighedUnit, ...], outside: float) -> str | None:
    """Codes with their weights, the heaviest first, and the weight of what lies outside all communes."""
    shares = [(commune.code, commune.weight) for commune in communes]
    return weighed([*shares, ("outside", outside)] if outside else shares) if communes else None


def _replaced(columns: dict[str, Any], rows: NDArray[np.int64], by: dict[str, Any]) -> dict[str, Any]:
    if not len(rows):
        return columns
    where = np.zeros(len(columns["status"]), dtype=bool)
    where[rows] = True
    mask = pa.array(where)
    return columns | {name: pc.replace_with_mask(columns[name], mask, by[name]) for name in NAMES}

"""Columns of points to columns of units, postcodes and codes; the columnar twin of ``locate``."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.bulk.answer_columns import BORDER_COLUMNS as BORDER_COLUMNS
from geoaddr.bulk.answer_columns import LOCATE_COLUMNS as LOCATE_COLUMNS
from geoaddr.bulk.columns import Degrees
from geoaddr.bulk.dated import DatedPlaces
from geoaddr.bulk.fixed import fixed_texts
from geoaddr.bulk.places import PlaceTable
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.rough import RoughPlaces
from geoaddr.codes import plus_code_columns
from geoaddr.codes.vpostcode_columns import joined_many
from geoaddr.locating import PLUS_CODE_LENGTH


class PointColumns:
    """Answers about columns of points on one date; on request with the nearest border."""

    def __init__(self, ga: Platform, as_of: dt.date, *, border: bool = False) -> None:
        self._border = border
        self._accuracy = ga.pack.info.boundary_accuracy
        self._sure = float(ga.pack.meta.get("commune_confidence", 1.0))
        self._table = PlaceTable()
        self._places = DatedPlaces(ga.locator, as_of, self._table, self._sure)

    def locate(self, lat: Degrees, lon: Degrees, uncertainty_m: Degrees | None = None) -> dict[str, Any]:
        """The columns of :data:`LOCATE_COLUMNS` for coordinates in degrees, each known to some metres or
        exactly."""
        errors = _either(lat.errors, lon.errors)
        if uncertainty_m is not None and uncertainty_m.errors.null_count < len(errors):
            errors = _either(errors, uncertainty_m.errors)
            unusable = np.asarray(pc.is_valid(uncertainty_m.errors))
            lat = replace(lat, values=np.where(unusable, np.nan, lat.values))
        good, others = lat.good & lon.good, []
        places = self._places.at(lat.values, lon.values)
        if uncertainty_m is not None:
            others = self._rough.replace(places, lat.values, lon.values, uncertainty_m.values)
        found = self._table.take(places, others)
        plus = plus_codes(good, lat.values, lon.values)
        columns = found.texts | {
            "confidence": pa.array(found.confidence, from_pandas=True),
            "vpostcode": fixed_texts(joined_many(found.postcodes, plus), found.postcodes.view(np.uint64) != 0),
            "plus_code": fixed_texts(plus, good),
            "boundary_accuracy": pa.repeat(self._accuracy, len(good)),
            "error": errors,
        }
        if errors.null_count < len(errors):
            columns["status"] = pc.if_else(pc.is_null(errors), columns["status"], "error")
        answers = {name: columns[name] for name in LOCATE_COLUMNS}
        return answers | self._borders(lat.values, lon.values) if self._border else answers

    @cached_property
    def _rough(self) -> RoughPlaces:
        return RoughPlaces(self._places, self._sure)

    def _borders(self, lat: NDArray[Any], lon: NDArray[Any]) -> dict[str, Any]:
        """The columns of :data:`BORDER_COLUMNS`; null where no border is near, and for a date without polygons."""
        communes, as_of = self._places.communes, self._places.as_of
        distance_m, beyond = np.full(len(lat), np.nan), np.full(len(lat), -1, dtype=np.int32)
        if communes.layer.holds(as_of):
            held = communes.rows_at(lat, lon).primary
            distance_m, beyond = communes.index.border_many(lat, lon, held)
        rows, where = np.unique(beyond, return_inverse=True)
        units = [communes.view(row, as_of).commune if row >= 0 else None for row in rows.tolist()]
        indices = pa.array(where)
        columns = (
            pa.array(distance_m.round(2), from_pandas=True),
            pc.take(pa.array([unit.code if unit else None for unit in units], pa.string()), indices),
            pc.take(pa.array([unit.name if unit else None for unit in units], pa.string()), indices),
        )
        return dict(zip(BORDER_COLUMNS, columns, strict=True))


def plus_codes(good: NDArray[np.bool_], lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bytes_]:
    """Plus Codes of the good rows, whatever for the others."""
    if not good.all():
        lat, lon = np.where(good, lat, 0.0), np.where(good, lon, 0.0)
    return plus_code_columns.encode_many(lat, lon, PLUS_CODE_LENGTH)


def _either(errors: Any, others: Any) -> Any:
    """What is wrong with each row, by the one column or else by the other; null for a row without fault."""
    if others.null_count == len(others):
        return errors
    return pc.coalesce(errors, others)

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

from geoaddr.bulk.columns import Degrees
from geoaddr.bulk.dated import DatedColumns
from geoaddr.bulk.fixed import fixed_texts
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.rough import RoughColumns
from geoaddr.bulk.views import NAMES, UnitColumns
from geoaddr.codes import plus_code_columns, vpostcode
from geoaddr.dated_locating import DatedLocator
from geoaddr.locating import PLUS_CODE_LENGTH

LOCATE_COLUMNS = (
    "status", "province_code", "province", "district_code", "district", "commune_code", "commune",
    "confidence", "vpostcode", "plus_code", "postcode", "candidates", "boundary_accuracy",
    "basis_by_level", "disagreements", "error",
)  # fmt: skip

BORDER_COLUMNS = ("edge_distance_m", "neighbour_code", "neighbour")
"""What follows where the nearest border is asked for: metres to it, and the commune beyond."""


class PointColumns:
    """Answers about columns of points on one date; on request with the nearest border."""

    def __init__(self, ga: Platform, as_of: dt.date, *, border: bool = False) -> None:
        self._locator, self._as_of, self._border = ga.locator.on(as_of), as_of, border
        areas = ga.locator.areas_on(as_of) if isinstance(ga.locator, DatedLocator) else None
        self._dated = DatedColumns(areas, ga.pack.info.boundary_accuracy) if areas is not None else None
        self._units = UnitColumns(self._locator, as_of)
        self._sure = float(ga.pack.meta.get("commune_confidence", 1.0))
        self._accuracy = ga.pack.info.boundary_accuracy

    def locate(self, lat: Degrees, lon: Degrees, uncertainty_m: Degrees | None = None) -> dict[str, Any]:
        """The columns of :data:`LOCATE_COLUMNS` for coordinates in degrees, each known to some metres or
        exactly."""
        errors = pc.coalesce(lat.errors, lon.errors)
        if uncertainty_m is not None:
            errors = pc.coalesce(errors, uncertainty_m.errors)
            unusable = np.asarray(pc.is_valid(uncertainty_m.errors))
            lat = replace(lat, values=np.where(unusable, np.nan, lat.values))
        columns, good = self.units(lat.values, lon.values), lat.good & lon.good
        confidence = self._confidence(columns["commune_code"], columns["candidates"])
        if uncertainty_m is not None:
            columns, heaviest = self._rough.replace(columns, lat.values, lon.values, uncertainty_m.values)
            weighed = pa.array(np.round(heaviest * self._sure, 4), from_pandas=True)
            rough = pa.array(np.isfinite(uncertainty_m.values))
            confidence = pc.if_else(rough, weighed, confidence)
            columns["disagreements"] = pc.if_else(rough, None, columns["disagreements"])
        plus = codes_where(good, plus_code_columns.encode_many, lat.values, lon.values, PLUS_CODE_LENGTH)
        size = len(good)
        columns |= {
            "status": pc.if_else(pc.is_null(errors), columns["status"], "error"),
            "confidence": confidence,
            "vpostcode": vpostcodes(lat.values, lon.values, columns["postcode"]),
            "plus_code": plus,
            "boundary_accuracy": pa.array([self._accuracy] * size, pa.string()),
            "error": errors,
        }
        answers = {name: columns[name] for name in LOCATE_COLUMNS}
        return answers | self._borders(lat.values, lon.values) if self._border else answers

    @cached_property
    def _rough(self) -> RoughColumns:
        return RoughColumns(self._locator, self._units, self._as_of)

    def units(self, lat: NDArray[Any], lon: NDArray[Any]) -> dict[str, Any]:
        """The columns of units with ``status``, ``candidates`` and how they were found."""
        if self._dated is not None:
            return self._dated.units(lat, lon)
        hits = self._locator.rows_at(lat, lon)
        columns = self._units.take(hits.primary)
        columns["disagreements"] = pa.nulls(len(lat), pa.string())
        columns["status"] = pc.fill_null(columns["status"], "not_found")
        if len(hits.multi_rows):
            columns |= self._overlaps(columns, hits)
        return columns

    def _borders(self, lat: NDArray[Any], lon: NDArray[Any]) -> dict[str, Any]:
        """The columns of :data:`BORDER_COLUMNS`; null where no border is near, and for a date without polygons."""
        held = self._locator.rows_at(lat, lon).primary
        distance_m, beyond = np.full(len(lat), np.nan), np.full(len(lat), -1, dtype=np.int32)
        if self._locator.layer.holds(self._as_of):
            distance_m, beyond = self._locator.index.border_many(lat, lon, held)
        units = self._units.take(beyond)
        columns = (pa.array(distance_m.round(2), from_pandas=True), units["commune_code"], units["commune"])
        return dict(zip(BORDER_COLUMNS, columns, strict=True))

    def _overlaps(self, columns: dict[str, Any], hits: Any) -> dict[str, Any]:
        """Points in several units: all of them are candidates, and none is stood behind."""
        held: dict[int, list[int]] = {}
        for row, unit in zip(hits.multi_rows.tolist(), hits.multi_units.tolist(), strict=True):
            held.setdefault(row, []).append(unit)
        where = np.zeros(len(hits.primary), dtype=bool)
        where[list(held)] = True
        mask = pa.array(where)
        answers = [self._units.several(held[row]) for row in sorted(held)]
        return {
            name: pc.replace_with_mask(columns[name], mask, pa.array([a[name] for a in answers], pa.string()))
            for name in NAMES
        }

    def _confidence(self, commune: Any, candidates: Any) -> Any:
        """How often the commune answered is right: certain on exact boundaries, as measured on approximate ones,
        and a share of that where several are candidates; null where none is answered."""
        several = pc.add(pc.fill_null(pc.count_substring(candidates, ";"), 0), 1)
        share = pc.round(pc.divide(pa.scalar(self._sure), pc.cast(several, pa.float64())), ndigits=4)
        return pc.if_else(pc.is_valid(commune), share, None)


def codes_where(good: NDArray[np.bool_], encode: Any, lat: Any, lon: Any, length: int) -> Any:
    """Plus Codes of the good rows, null for the others."""
    return fixed_texts(encode(np.where(good, lat, 0.0), np.where(good, lon, 0.0), length), good)


def vpostcodes(lat: NDArray[Any], lon: NDArray[Any], postcodes: Any) -> Any:
    """Vpostcodes where the postcode is known, null elsewhere."""
    known = np.asarray(pc.is_valid(postcodes))
    heads = np.zeros(len(known), dtype="S5")
    heads[known] = np.asarray(postcodes.drop_null(), dtype="S5")
    codes = vpostcode.encode_many(np.where(known, lat, 0.0), np.where(known, lon, 0.0), heads)
    return fixed_texts(codes, known)

"""Columns of points to units by the layers of a date; the columnar twin of ``Locator.locate``.

Points that lie in the same rows of every layer have the same answer. So each point gets one number for its rows,
and the answer of each number is worked out once, for all pieces of a column.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries import Hits
from geoaddr.bulk.places import PlaceAnswer, PlaceTable, Texts
from geoaddr.bulk.views import row_of
from geoaddr.dated_locating import DatedLocator, Rows
from geoaddr.locating import Locator, UnitView
from geoaddr.model import Disagreement, Level, LevelBasis

_UNKNOWN = -1

DENSE = 2**16
"""Up to so many combinations of rows, the ones that occur are found by marking them instead of by sorting."""


class DatedPlaces:
    """Numbers of answers in a table, for columns of points on one date.

    :param sure: how often the commune of a point in one commune is right.
    """

    def __init__(self, locator: Locator, as_of: dt.date, table: PlaceTable, sure: float) -> None:
        self.communes, self.table, self.as_of = locator.on(as_of), table, as_of
        self._sure = sure
        self._status = "ok" if locator.info.boundary_accuracy == "exact" else "partial"
        self._areas = locator.areas_on(as_of) if isinstance(locator, DatedLocator) else None
        layers = self._areas.layers.values() if self._areas is not None else ()
        self._indexes = [self.communes.index, *(layer.index for layer in layers)]
        self._number_of: dict[tuple[Rows, ...], int] = {}
        space = math.prod(len(index) + 1 for index in self._indexes)
        self._numbers = np.full(space, _UNKNOWN, dtype=np.int32) if space <= DENSE else None
        self._number_of_key: dict[int, int] = {}

    def at(self, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.int32]:
        """The number of each point's answer."""
        hits = [index.at_many(lat, lon) for index in self._indexes]
        keys, space = hits[0].primary + np.int64(1), len(self._indexes[0]) + 1
        for index, found in zip(self._indexes[1:], hits[1:], strict=True):
            size = len(index) + 1
            keys, space = keys * size + (found.primary + 1), space * size
        distinct, where = _distinct(keys, space)
        places: NDArray[np.int32] = np.take(self._of_keys(distinct), where)
        for point, rows in _in_several(hits).items():
            places[point] = self._of_rows(rows)
        return places

    def of_each_row(self) -> Iterator[tuple[int, int]]:
        """The rows of the communes with the numbers of their answers, where communes alone tell."""
        if len(self._indexes) == 1:
            for row in range(len(self.communes.codes)):
                yield row, int(self._of_keys(np.array([row + 1]))[0])

    def answer_of(
        self, view: UnitView, bases: dict[Level, LevelBasis], others: Sequence[Disagreement] = ()
    ) -> PlaceAnswer:
        """What is said of a view."""
        texts: Texts = (*row_of(view, bases, self._status), disagreements_text(others))
        known = 1 if view.commune and not view.candidates else len(view.candidates)
        return PlaceAnswer(texts, round(self._sure / known, 4) if known else np.nan)

    def _of_keys(self, keys: NDArray[np.int64]) -> NDArray[np.int32]:
        """The numbers of keys; where there are few, no object of Python is touched for those that are known."""
        if self._numbers is None:
            return np.array([self._of_key(key) for key in keys.tolist()], dtype=np.int32)
        numbers: NDArray[np.int32] = self._numbers[keys]
        if (unknown := np.flatnonzero(numbers == _UNKNOWN)).size:
            for at in unknown.tolist():
                numbers[at] = self._of_key(int(keys[at]))
            self._numbers[keys[unknown]] = numbers[unknown]
        return numbers

    def _of_key(self, key: int) -> int:
        found = self._number_of_key.get(key)
        if found is None:
            rest, rows = key, []
            for index in reversed(self._indexes[1:]):
                rest, row = divmod(rest, len(index) + 1)
                rows.append(row - 1)
            rows.append(rest - 1)
            found = self._of_rows(tuple((row,) if row >= 0 else () for row in reversed(rows)))
            self._number_of_key[key] = found
        return found

    def _of_rows(self, rows: tuple[Rows, ...]) -> int:
        found = self._number_of.get(rows)
        if found is None:
            found = self._number_of[rows] = self.table.add(self._work_out(rows))
        return found

    def _work_out(self, rows: tuple[Rows, ...]) -> PlaceAnswer:
        if self._areas is not None:
            answer = self._areas.answer(rows[0], rows[1:])
            return self.answer_of(answer.view, dict(answer.basis_by_level), answer.disagreements)
        view = self.communes.view_of(rows[0], self.as_of)
        return self.answer_of(view, self.communes.basis_by_level(view, self.as_of))


def disagreements_text(found: Sequence[Disagreement]) -> str | None:
    """What does not agree, as ``district 274 / 276``: the polygons' units, then those of everything else."""
    said = (f"{d.level} {', '.join(d.boundary) or '-'} / {', '.join(d.otherwise)}" for d in found)
    return "; ".join(said) or None


def _distinct(keys: NDArray[np.int64], space: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys that occur, ascending, and for each row where its own stands among them."""
    if space > DENSE:
        found, where = np.unique(keys, return_inverse=True)
        return found, where
    seen = np.zeros(space, dtype=bool)
    seen[keys] = True
    found = np.flatnonzero(seen)
    place_of = np.cumsum(seen) - 1
    return found, np.take(place_of, keys)


def _primary(found: Hits, at: int) -> Rows:
    row = int(found.primary[at])
    return (row,) if row >= 0 else ()


def _in_several(hits: Sequence[Hits]) -> dict[int, tuple[Rows, ...]]:
    """For each point that lies in several rows of one layer its rows in every layer."""
    several: list[dict[int, list[int]]] = []
    for found in hits:
        held: dict[int, list[int]] = {}
        for at, row in zip(found.multi_rows.tolist(), found.multi_units.tolist(), strict=True):
            held.setdefault(at, []).append(row)
        several.append(held)
    points = sorted(set().union(*several))
    return {
        at: tuple(
            tuple(held[at]) if at in held else _primary(found, at)
            for held, found in zip(several, hits, strict=True)
        )
        for at in points
    }

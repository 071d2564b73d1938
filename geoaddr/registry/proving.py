"""Plain records proved sound by the column.

The columnar twin of what :mod:`geoaddr.registry.verifying` says of a record. It says nothing of those that it
cannot prove sound: they are looked at one by one, so there is one judge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.arrivals import Beginnings, Plain
from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.known import division_of
from geoaddr.registry.column_keys import found_by, likeness_numbers
from geoaddr.registry.columns import NONE, Texts, numbers, texts_of
from geoaddr.store import AREA_CAPACITY

AreaOf = Callable[[str, dt.date], str | None]
"""From a commune's code and a day to its postcode on that day, ``None`` where it had none."""

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()


def doubtful(
    plain: Plain, begun: Beginnings, beginnings: Collection[str], area_of: AreaOf | None
) -> NDArray[np.bool_]:
    """Which records are not proved sound.

    :param beginnings: the kinds of event that a history may begin with.
    :param area_of: as for :func:`geoaddr.registry.verifying.problems`.
    """
    parts = {name: texts_of(column) for name, column in plain.parts.items()}
    wrong: NDArray[np.bool_] = likeness_numbers(parts, len(plain)) != plain.likeness
    wrong |= _misplaced(plain, parts)
    wrong |= texts_of(begun.kind).numbers(lambda kind: int(kind in beginnings)) != 1
    wrong |= begun.to != plain.status
    if area_of is not None:
        wrong |= issued_here(begun) & (_areas(plain, area_of) != plain.ndas // AREA_CAPACITY)
    return wrong


def issued_here(begun: Beginnings) -> NDArray[np.bool_]:
    """Which codes were dealt in the order of this registry."""
    found: NDArray[np.bool_] = texts_of(begun.kind).numbers(lambda kind: int(kind == "issued")) == 1
    return found


def _misplaced(plain: Plain, parts: Mapping[str, Texts]) -> NDArray[np.bool_]:
    found = found_by(parts, len(plain))
    filed = found.street.stated | found.place.stated
    number = numbers(plain.number.fill_null(NONE), np.int32)
    wrong: NDArray[np.bool_] = np.where(filed, _divisions(plain), NONE) != plain.division
    wrong |= number != np.where(filed, found.number, NONE)
    return wrong | _differ(found.street, plain.street) | _differ(found.place, plain.place)


def _differ(texts: Texts, kept: Any) -> NDArray[np.bool_]:
    """Which texts are not those of a dictionary array."""
    known = {text: place for place, text in enumerate(kept.dictionary.to_pylist())}
    found: NDArray[np.bool_] = texts.numbers(lambda text: known.get(text, NONE - 1)) != texts_of(kept).at
    return found


def _divisions(plain: Plain) -> NDArray[np.int64]:
    days, of = np.unique(plain.issued_day, return_inverse=True)
    told = [division_of(dt.date.fromordinal(day + _DAY_ZERO)) for day in days.tolist()]
    return np.array(told, dtype=np.int64)[of]


def _areas(plain: Plain, area_of: AreaOf) -> NDArray[np.int64]:
    """The area of each record's commune on its day, :data:`NONE` for none."""
    communes = texts_of(plain.commune)
    pairs, of = np.unique(
        communes.at * np.int64(2**32) + plain.issued_day.astype(np.int64) + 2**31, return_inverse=True
    )
    told = []
    for pair in pairs.tolist():
        commune, day = communes.values[pair >> 32], dt.date.fromordinal((pair & (2**32 - 1)) - 2**31 + _DAY_ZERO)
        area = area_of(commune, day)
        told.append(NONE if area is None else int(area))
    return np.array(told, dtype=np.int64)[of]


class Issued:
    """Codes issued here that are not among the first of the issuing order of their area, as areas end.

    :param positions: how far each area has come.
    """

    def __init__(self, order: IssuingOrder, positions: Mapping[str, int]) -> None:
        self._order, self._positions = order, positions
        self._held = np.empty(0, dtype=np.int64)

    def strays(self, codes: NDArray[np.int64], before: int | None) -> Iterator[int]:
        """Take codes, ascending or not; the strays of the areas ``before`` one, of all of them without."""
        held = np.unique(np.concatenate((self._held, codes)))
        areas = held // AREA_CAPACITY
        ended = areas < before if before is not None else np.ones(len(held), dtype=bool)
        self._held = held[~ended]
        for area in np.unique(areas[ended]).tolist():
            of_area = held[ended & (areas == area)]
            name = f"{area:05}"
            position = self._positions.get(name, 0)
            given = self._order.extension_numbers(name, 0, position) if position else ()
            yield from of_area[~np.isin(of_area % AREA_CAPACITY, given)].tolist()

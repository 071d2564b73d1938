"""Rows of a file to load, checked by the column: those that are proved good become :class:`Arrivals`.

The columnar twin of :func:`geoaddr.registry.rows.record_from_row`. It says nothing of the rows that it cannot
prove good, or that have more than it can keep (other codes, entrances, successors): they go the way of single
rows, which takes them or says what is wrong. So there is one set of refusals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.arrivals import LEVELS, Arrivals
from geoaddr.components import components_from
from geoaddr.errors import InvalidInput
from geoaddr.known import division_of
from geoaddr.model import COMPONENT_NAMES, STATUSES, day_from
from geoaddr.registry.column_keys import found_by, likeness_numbers
from geoaddr.registry.columns import NONE, Texts, codes, floats, numbers, texts
from geoaddr.registry.drafts import COMMUNE_DIGITS, MAX_UNCERTAINTY_M, POINT_SOURCES, Note
from geoaddr.registry.rows import COLUMNS, DEFAULT_SOURCE, DEFAULT_STATUS, REQUIRED, listed

KnownCommune = Callable[[str, dt.date], bool]
"""Whether a commune had this code on that day."""

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_ALONE = ("entrances", "aliases", "superseded_by")
"""Columns whose rows go one by one where they state something."""

_STATUSES = {status: STATUSES.index(status) for status in ("proposed", "verified", "live", "retired")}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was proved good, and the places of all other rows in the batch; ``at`` the places of the good ones."""

    arrivals: Arrivals
    at: NDArray[np.int64]
    others: NDArray[np.int64]


class Checker:
    """Checks batches of one load.

    :param note: who loads, why and when.
    :param today: no record is of a later day.
    :param known: with it, records of communes that it does not know are not good.
    """

    def __init__(self, note: Note, today: dt.date, known: KnownCommune | None) -> None:
        self._note, self._today, self._known = note, today, known

    def check(self, batch: pa.RecordBatch) -> Checked:
        """The rows of a batch of columns named in ``docs/reference/registry-load.md``."""
        columns = {name: batch.column(at) for at, name in enumerate(batch.schema.names)}
        if not columns.keys() <= set(COLUMNS) or not columns.keys() >= set(REQUIRED):
            columns = {}
        good = np.full(batch.num_rows, bool(columns))
        stated = {name: self._texts(columns, name, batch.num_rows, good) for name in _TEXTS}
        ndas = codes(columns["ndas"]) if columns else np.full(batch.num_rows, NONE, dtype=np.int64)
        good &= ndas != NONE
        order = np.argsort(ndas, kind="stable")
        same = ndas[order][1:] == ndas[order][:-1]
        good[order[1:][same]] = good[order[:-1][same]] = False  # of two rows of a code, the first counts
        parts = {name: _cleaned(name, stated[name], good) for name in COMPONENT_NAMES if name in columns}
        days = _days(columns.get("issued_on"), good)
        commune, status, source = stated["commune_code"], stated["status"], stated["point_source"]
        self._check_communes(commune, days, good)
        status_number = _chosen(status, _STATUSES, DEFAULT_STATUS, good)
        source_number = _chosen(source, {s: i for i, s in enumerate(POINT_SOURCES)}, DEFAULT_SOURCE, good)
        lat, lon = (_within(columns.get(name), limit, good) for name, limit in (("lat", 90.0), ("lon", 180.0)))
        metres = _metres(columns.get("uncertainty_m"), good)
        at = order[good[order]]
        own = {name: Texts(part.values, part.at[at]) for name, part in parts.items() if part.stated.any()}
        found = found_by(own, len(at))
        arrivals = Arrivals(
            ndas=ndas[at],
            status=status_number[at].astype(np.int8),
            commune=Texts(commune.values, commune.at[at]).array(),
            lat=lat[at],
            lon=lon[at],
            issued_day=days[at].astype(np.int32),
            point_source=Texts(POINT_SOURCES, source_number[at].astype(np.int32)).array(),
            uncertainty_m=metres[at],
            parts={name: part.array() for name, part in own.items()},
            likeness=likeness_numbers(own, len(at)),
            division=_divisions(days[at]),
            street=found.street.array(),
            place=found.place.array(),
            number=pa.array(found.number.astype(np.int32), mask=found.number == NONE),
            kind="loaded",
            at=self._note.at,
            actor=self._note.actor,
            reason=self._note.reason,
        )
        return Checked(arrivals, at, np.flatnonzero(~good))

    def _texts(self, columns: Mapping[str, Any], name: str, rows: int, good: NDArray[np.bool_]) -> Texts:
        """A column of texts, empty where it is absent; rows of another type are not good."""
        nothing = Texts([], np.full(rows, NONE, dtype=np.int32))
        if name not in columns:
            return nothing
        found = texts(columns[name])
        if found is None:
            good &= ~numbers_valid(columns[name])
            return nothing
        if name in _ALONE:
            good &= ~found.stated
        return found

    def _check_communes(self, commune: Texts, days: NDArray[np.int64], good: NDArray[np.bool_]) -> None:
        right = commune.numbers(
            lambda code: int(len(code) == COMMUNE_DIGITS and code.isascii() and code.isdigit())
        )
        good &= (right == 1) & (days <= self._today.toordinal() - _DAY_ZERO)
        if self._known is None or not good.any():
            return
        first = int(days[good].min())
        pairs, of = np.unique(commune.at[good] * np.int64(2**32) + (days[good] - first), return_inverse=True)
        known = [
            self._known(commune.values[pair >> 32], dt.date.fromordinal((pair & (2**32 - 1)) + first + _DAY_ZERO))
            for pair in pairs.tolist()
        ]
        good[np.flatnonzero(good)[~np.array(known)[of]]] = False


_TEXTS = ("commune_code", "status", "point_source", *_ALONE, *COMPONENT_NAMES)


def _cleaned(name: str, given: Texts, good: NDArray[np.bool_]) -> Texts:
    """Texts as records keep them; rows of a text that no record may hold are not good."""
    refused = set()

    def clean(text: str) -> str | None:
        try:
            stated = components_from({name: listed(text) if name == "alley" else text})
        except InvalidInput:
            refused.add(text)
            return None
        value: Any = getattr(stated, name)
        return LEVELS.join(value) if name == "alley" else value

    cleaned = given.mapped(clean)
    if refused:
        good &= given.numbers(lambda text: 0 if text in refused else 1) != 0
    return cleaned


def _days(column: Any, good: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Days since 1970 of a column of days, or of texts; rows without one are not good."""
    nothing = np.iinfo(np.int32).min
    if column is None:
        return np.full(len(good), nothing, dtype=np.int64)
    if pa.types.is_date32(column.type):
        found = numbers(pc.fill_null(column.cast(pa.int32()), nothing), np.int32).astype(np.int64)
    else:
        written = texts(column) or Texts([], np.full(len(good), NONE, dtype=np.int32))
        read = [_day(text) for text in written.values]
        found = np.array([*read, nothing], dtype=np.int64)[written.at]
    good &= found != nothing
    return found


def _day(text: str) -> int:
    try:
        return day_from(text, "issued_on").toordinal() - _DAY_ZERO
    except InvalidInput:
        return int(np.iinfo(np.int32).min)


def _chosen(given: Texts, places: Mapping[str, int], default: str, good: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each row the place of its word, and of ``default`` without one; rows of another word are not good."""
    found = given.numbers(lambda word: places.get(word, NONE - 1))
    good &= found != NONE - 1
    return np.where(found == NONE, places[default], found)


def _within(column: Any, limit: float, good: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Degrees; rows without, or beyond ``limit``, are not good."""
    found = np.full(len(good), np.nan) if column is None else floats(column)
    good &= np.abs(found) <= limit
    return found


def _metres(column: Any, good: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What is uncertain, NaN where nothing is stated; rows of anything else are not good."""
    if column is None or column.null_count == len(good):
        return np.full(len(good), np.nan)
    found = floats(column)
    stated = numbers_valid(column)
    written = texts(column)
    if written is not None:
        stated &= written.stated
    good &= ~stated | ((found >= 0) & (found <= MAX_UNCERTAINTY_M))
    return np.where(stated, found, np.nan)


def _divisions(days: NDArray[np.int64]) -> NDArray[np.int8]:
    distinct, of = np.unique(days, return_inverse=True)
    found = [division_of(dt.date.fromordinal(day + _DAY_ZERO)) for day in distinct.tolist()]
    return np.array(found, dtype=np.int8)[of]


def numbers_valid(column: Any) -> NDArray[np.bool_]:
    """Which rows of a column are not null."""
    return numbers(pc.is_valid(column).cast(pa.uint8()), np.uint8).astype(bool)

"""Records of a registry by column: new ones that a load hands to an engine, and what an engine tells of many.

A column that has one value for each record is an array of numpy; a column of texts is a dictionary array of Arrow,
null where there is nothing, so that an engine does what it does to a text once for each that is different.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from geoaddr.model import COMPONENT_NAMES, STATUSES, AddressRecord, Components, Event, Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEVELS = "; "
"""Stands between the levels of an alley in :attr:`Arrivals.parts`; no level has a semicolon."""

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Records in their first version, with neither entrances, aliases nor successors, by code ascending.

    ``ndas`` the codes as numbers; ``status`` the places of the statuses in :data:`~geoaddr.model.STATUSES`;
    ``issued_day`` days since 1970-01-01; ``lat``, ``lon`` degrees; ``uncertainty_m`` metres, NaN where unknown;
    ``likeness`` the numbers of the folded components; ``division`` of which division of the country the commune
    codes are; ``street``, ``place`` the keys that an address is found by, ``number`` its number there (32 bits of
    Arrow), null for none.

    ``parts`` cleaned components by their names, as texts; the levels of an alley are parted by :data:`LEVELS`.
    Names that no record states are absent.
    """

    ndas: NDArray[np.int64]
    status: NDArray[np.int8]
    commune: Any
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    issued_day: NDArray[np.int32]
    point_source: Any
    uncertainty_m: NDArray[np.float64]
    parts: Mapping[str, Any]
    likeness: NDArray[np.int64]
    division: NDArray[np.int8]
    street: Any
    place: Any
    number: Any

    def __len__(self) -> int:
        return len(self.ndas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals(Columns):
    """Records that nobody has yet, each code once.

    ``kind``, ``at`` (UTC, ISO 8601), ``actor`` and ``reason`` are of the event with which each history begins, and
    which leads to the record's status.

    ``ready`` is what an engine has worked out of the rest beforehand; those chosen of the records have nothing.
    """

    kind: str
    at: str
    actor: str
    reason: str
    ready: Any = None

    def chosen(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Arrivals:
        """Those of a mask, or of ascending row numbers."""
        import numpy as np
        import pyarrow as pa

        taken = pa.array(np.flatnonzero(rows) if rows.dtype == bool else rows)
        columns: dict[str, Any] = {}
        for column in fields(self):
            value = getattr(self, column.name)
            if isinstance(value, np.ndarray):
                columns[column.name] = value[rows]
            elif isinstance(value, pa.Array):
                columns[column.name] = value.take(taken)
        parts = {name: texts.take(taken) for name, texts in self.parts.items()}
        return replace(self, parts=parts, ready=None, **columns)

    def records(self) -> Iterator[AddressRecord]:
        """The records, one by one."""
        parts = {name: texts.to_pylist() for name, texts in self.parts.items()}
        sources, communes = self.point_source.to_pylist(), self.commune.to_pylist()
        uncertain = self.uncertainty_m.tolist()
        for row, code in enumerate(self.ndas.tolist()):
            metres = uncertain[row]
            yield AddressRecord(
                ndas=f"{code:010}",
                status=STATUSES[int(self.status[row])],
                components=_components({name: texts[row] for name, texts in parts.items()}),
                commune_code=communes[row],
                issued_on=dt.date.fromordinal(int(self.issued_day[row]) + _DAY_ZERO),
                point=Point(lat=float(self.lat[row]), lon=float(self.lon[row])),
                point_source=sources[row],
                uncertainty_m=None if math.isnan(metres) else metres,
                created_at=self.at,
                updated_at=self.at,
            )

    def events(self) -> Iterator[Event]:
        """How each history begins, one by one."""
        for code, status in zip(self.ndas.tolist(), self.status.tolist(), strict=True):
            details = {"to": STATUSES[status]}
            yield Event(f"{code:010}", 1, self.kind, self.at, self.actor, self.reason, details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginnings:
    """The first events of some records: ``kind``, ``at`` (UTC, ISO 8601) and ``reason`` as dictionary arrays, and
    ``to``, the place in :data:`~geoaddr.model.STATUSES` of the status that each leads to. Nothing else is told."""

    kind: Any
    at: Any
    reason: Any
    to: NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain(Columns):
    """Records that nothing has happened to: proposed, verified, live or retired.

    ``division`` is -1 for a record that is filed under no name. ``begun`` has their only events, where these were
    asked for.
    """

    begun: Beginnings | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """What a registry has of some records but their components and lists, by code ascending; the columns as in
    :class:`Arrivals`."""

    ndas: NDArray[np.int64]
    status: NDArray[np.int8]
    commune: Any
    issued_day: NDArray[np.int32]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]

    def chosen(self, rows: NDArray[np.bool_]) -> Outlines:
        """Those of a mask."""
        import numpy as np
        import pyarrow as pa

        columns = {column.name: getattr(self, column.name) for column in fields(self)}
        commune = columns.pop("commune").take(pa.array(np.flatnonzero(rows)))
        return Outlines(commune=commune, **{name: values[rows] for name, values in columns.items()})

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, str, int, float, float]]) -> Outlines:
        """The columns of rows that have their values in the order of the fields, by code ascending."""
        import numpy as np
        import pyarrow as pa

        ndas, status, commune, issued_day, lat, lon = [*zip(*rows, strict=True)] or [()] * 6
        return cls(
            ndas=np.array(ndas, dtype=np.int64),
            status=np.array(status, dtype=np.int8),
            commune=pa.array(commune, pa.string()).dictionary_encode(),
            issued_day=np.array(issued_day, dtype=np.int32),
            lat=np.array(lat, dtype=np.float64),
            lon=np.array(lon, dtype=np.float64),
        )

    @classmethod
    def of_records(cls, records: Iterable[AddressRecord]) -> Outlines:
        """The columns of records."""
        rows = (
            (int(r.ndas), STATUSES.index(r.status), r.commune_code, r.issued_on.toordinal() - _DAY_ZERO,
             r.point.lat, r.point.lon)
            for r in records
        )  # fmt: skip
        return cls.of(sorted(rows))


def _components(stated: Mapping[str, str | None]) -> Components:
    texts: dict[str, Any] = {name: stated.get(name) for name in COMPONENT_NAMES}
    alley = texts["alley"]
    texts["alley"] = tuple(alley.split(LEVELS)) if alley else ()
    return Components(**texts)

"""The layers of boundaries in one pack: each of one level of units, for one stretch of time.

A pack always has the communes of its date, under :data:`COMMUNES`. One that holds nothing else needs no table:
those are the communes made on 1 July 2025. Otherwise the section :data:`TABLE` lists every layer, and each but
the first lies under a name made of its level and its days. A layer is opened when it is first asked for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from geoaddr.boundaries.index import BoundaryIndex
from geoaddr.model import Accuracy, Level, Record
from geoaddr.profiles.vn import REFORM

if TYPE_CHECKING:
    from geoaddr.boundaries.sections import SectionSource

COMMUNES = "boundaries.communes"
"""Where the communes of the pack's date lie."""

TABLE = "boundaries.layers"
"""The section with the list of layers, as JSON; absent where there is one."""


class Texts(Protocol):
    """A column of texts."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[str]: ...

    def __getitem__(self, index: int, /) -> str: ...


class VintageSource(Protocol):
    """What is needed of a pack to read its layers."""

    def view(self, name: str) -> memoryview[Any]:
        """A section as a flat typed memoryview."""

    def array(self, name: str) -> Any:
        """A section as a numpy array, not copied."""

    def raw(self, name: str) -> memoryview:
        """The bytes of a section."""

    def strings(self, name: str) -> Texts:
        """A section of texts."""

    def __contains__(self, name: str) -> bool:
        """Whether there is a section of this name."""


@dataclass(frozen=True, slots=True)
class LayerInfo(Record):
    """A layer: the ``level`` of its units, the days ``[valid_from, valid_to)`` for which its polygons hold
    (``None``: still), how good they are, and the name of the file that they came from."""

    level: Level
    valid_from: dt.date
    valid_to: dt.date | None
    accuracy: Accuracy
    source: str

    def holds(self, day: dt.date) -> bool:
        """Whether the polygons are those of ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def distance_days(self, day: dt.date) -> int:
        """How many days ``day`` lies before the first or after the last day of the layer; 0 within."""
        last = None if self.valid_to is None else self.valid_to - dt.timedelta(days=1)
        if day < self.valid_from:
            return (self.valid_from - day).days
        return 0 if last is None or day <= last else (day - last).days

    def nearest_day(self, day: dt.date) -> dt.date:
        """The day of the layer that lies nearest to ``day``."""
        if self.valid_to is not None and day >= self.valid_to:
            return self.valid_to - dt.timedelta(days=1)
        return max(day, self.valid_from)

    @property
    def own_prefix(self) -> str:
        """The name under which the layer lies where it is not the communes of the pack's date."""
        until = self.valid_to.isoformat() if self.valid_to else "open"
        return f"boundaries.{self.level}.{self.valid_from.isoformat()}.{until}"


class Vintage:
    """One layer with its polygons and codes, opened when they are first needed."""

    def __init__(self, info: LayerInfo, source: VintageSource, prefix: str) -> None:
        self.info, self.prefix = info, prefix
        self._source = source

    @cached_property
    def index(self) -> BoundaryIndex:
        """The polygons."""
        source: SectionSource = self._source
        return BoundaryIndex.from_pack(source, self.prefix)

    @cached_property
    def codes(self) -> Sequence[str]:
        """The code of each row of :attr:`index`, ascending."""
        return list(self._source.strings(self.prefix + ".codes"))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each code."""
        return {code: row for row, code in enumerate(self.codes)}


class Vintages:
    """All layers of a pack. ``date`` and ``accuracy`` are the pack's."""

    def __init__(self, source: VintageSource, date: dt.date, accuracy: Accuracy) -> None:
        self.date = date
        if TABLE in source:
            rows = json.loads(bytes(source.raw(TABLE)))
            infos = [_info(row) for row in rows]
            present = present_of(infos, date)
            self.all = [Vintage(i, source, COMMUNES if i is present else i.own_prefix) for i in infos]
        else:
            self.all = [Vintage(LayerInfo("commune", REFORM, None, accuracy, ""), source, COMMUNES)]

    @property
    def present(self) -> Vintage:
        """The communes of the pack's date."""
        return next(vintage for vintage in self.all if vintage.prefix == COMMUNES)

    def holding(self, level: Level, day: dt.date) -> Vintage | None:
        """The layer of a level that holds on a day; of several the one that began last."""
        return _latest([v for v in self.all if v.info.level == level and v.info.holds(day)])

    def nearest_communes(self, day: dt.date) -> Vintage:
        """The communes of a day, or those of the nearest day that has any."""
        found = self.holding("commune", day)
        communes = [v for v in self.all if v.info.level == "commune"]
        return found or min(communes, key=lambda v: v.info.distance_days(day))


def present_of(infos: Sequence[LayerInfo], date: dt.date) -> LayerInfo:
    """Which layer is that of the communes of the pack's ``date``: the one that holds then, else the nearest."""
    communes = [info for info in infos if info.level == "commune"]
    holding = [info for info in communes if info.holds(date)]
    if holding:
        return max(holding, key=_recency)
    return min(communes, key=lambda info: info.distance_days(date))


def table_of(infos: Iterable[LayerInfo]) -> bytes:
    """The section :data:`TABLE` for these layers."""
    ordered = sorted(infos, key=lambda info: (info.level, info.valid_from, info.valid_to or dt.date.max))
    return json.dumps([info.to_dict() for info in ordered], ensure_ascii=False, indent=0).encode()


def _latest(vintages: list[Vintage]) -> Vintage | None:
    return max(vintages, key=lambda vintage: _recency(vintage.info), default=None)


def _recency(info: LayerInfo) -> tuple[dt.date, int]:
    """Of layers that hold on one day the one that began last is asked; of those the one that ends first."""
    return info.valid_from, -(info.valid_to or dt.date.max).toordinal()


def _info(row: dict[str, Any]) -> LayerInfo:
    until = row["valid_to"]
    return LayerInfo(
        row["level"],
        dt.date.fromisoformat(row["valid_from"]),
        None if until is None else dt.date.fromisoformat(until),
        row["accuracy"],
        row["source"],
    )

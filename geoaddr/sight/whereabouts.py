"""In which province of today a household lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from geoaddr.belonging import as_filed, belonging
from geoaddr.sight.lain import Lain, lain

if TYPE_CHECKING:
    from geoaddr.locating import Locator
    from geoaddr.model import AddressRecord, Change, Event
    from geoaddr.registry import Registry


class Whereabouts:
    """Says in which provinces addresses lie, on the day of the data; what is not certain is ``None``.

    :param registry: gives the registry, where a code is to be looked up.
    """

    def __init__(self, locator: Locator, registry: Callable[[], Registry]) -> None:
        self._locator, self._registry = locator, registry

    def of_record(self, record: AddressRecord) -> str | None:
        """The code of the province of a record, by its point or as it was filed."""
        day = self._locator.gazetteer.date
        if record.status == "withdrawn":
            units = as_filed(self._locator, record, day)
        else:
            here = self._locator.locate(lat=record.point.lat, lon=record.point.lon, as_of=day, border=False)
            units = belonging(self._locator, record, here)
        return None if units.province is None else units.province.code

    def of_codes(self, codes: Iterable[str]) -> Mapping[str, str | None]:
        """The provinces of NDAS codes; ``None`` for those that were never issued."""
        wanted = list(dict.fromkeys(codes))
        found = zip(wanted, self._registry().find_many(wanted), strict=True)
        return {code: None if record is None else self.of_record(record) for code, record in found}

    def at_events(self, events: Iterable[Event | Change]) -> Mapping[tuple[str, int], Lain]:
        """Where addresses lay before and after at least these events, by code and number.

        Those are absent whose events since then are not all told: a move would be missed, and what was in one
        province be taken for what was in another.
        """
        numbers: dict[str, list[int]] = {}
        for event in events:
            numbers.setdefault(event.ndas, []).append(event.number)
        wanted = {code: range(min(each), max(each) + 1) for code, each in numbers.items()}
        found: dict[tuple[str, int], Lain] = {}
        for code, (record, told) in self._registry().lives(wanted).items():
            if [event.number for event in told] == list(range(wanted[code].start, record.version + 1)):
                for number, lay in lain(record, told, self.of_record).items():
                    found[code, number] = lay
        return found

    def history(self, ndas: str) -> Sequence[Event]:
        """All that happened to an address. :raises UnknownAddress: where it was never issued."""
        return self._registry().history(ndas)

    def of_point(self, *, lat: float, lon: float) -> str | None:
        """The code of the province that holds a point."""
        province = self._locator.locate(
            lat=lat, lon=lon, as_of=self._locator.gazetteer.date, border=False
        ).province
        return None if province is None else province.code

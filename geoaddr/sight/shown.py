"""Answers with everything withheld that grants do not cover: one walk over whatever a view answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from geoaddr.disclosure import Grants, Scope, is_computed
from geoaddr.finding.records import Completion, Match
from geoaddr.model import AddressRecord, Alias, Amended, Assigned, Change, Event, Reading, Record, Resolved, Unit
from geoaddr.registry.amending import FORMERLY
from geoaddr.registry.renaming import NotRenamed
from geoaddr.registry.reviewing import Suspicion
from geoaddr.sight.fields import HOUSE_LEVELS, OPAQUE, WITHHELD, without_computed, without_point
from geoaddr.sight.lain import Lain, formerly_elsewhere, moves, told

if TYPE_CHECKING:
    from geoaddr.sight.whereabouts import Whereabouts

_HAVE_ALIASES = frozenset({Reading, AddressRecord, Amended})
_PLAIN = frozenset({str, int, float, bool, type(None)})


class Shown:
    """Shows values to a reader with these grants.

    :param whereabouts: asked only for grants that are limited to provinces.
    """

    def __init__(self, grants: Grants, whereabouts: Callable[[], Whereabouts]) -> None:
        self.grants = grants
        self.whereabouts = whereabouts
        self._known: dict[str, str | None] = {}
        self._lay: dict[tuple[str, int], Lain] = {}

    @property
    def sees_none(self) -> bool:
        """Whether this reader sees of every household what everyone sees."""
        grants = self.grants
        return grants.everywhere("area") and "address" not in grants and "point" not in grants

    def shown(self, content: Any) -> Any:
        """``content`` (values of the model, lists and mappings of them) with ``None`` for each field that this
        reader may not see, whatever its type says."""
        if self.grants.sees_all:
            return content
        if self.grants.limited:
            self._look_up(content)
        return self._shown(content)

    def _shown(self, value: Any) -> Any:
        kind: Any = type(value)
        if kind in OPAQUE or kind in _PLAIN:
            return value
        if kind in WITHHELD:
            return self._record(value, kind)
        if kind is tuple:
            return tuple(map(self._shown, value))
        if kind is Resolved:
            readings = self._shown(value.readings)
            return Resolved(value.input, readings, self._suggestions(value))
        if isinstance(value, Record):
            return _replaced(value, {name: self._shown(getattr(value, name)) for name in _names(kind)})
        if isinstance(value, Mapping):
            return {name: self._shown(part) for name, part in value.items()}
        if isinstance(value, list):
            return list(map(self._shown, value))
        return value

    def _record(self, value: Any, kind: type) -> Any:
        """A record of the table."""
        if kind is Event or kind is Change:
            return self._event(value, kind)
        if kind is Reading and is_computed(value):
            return value
        scopes = self._scopes(value)
        shown = dict.fromkeys(_withheld(kind, scopes))
        address, point = "address" in scopes, "point" in scopes
        if kind is Reading:
            if address:
                shown["address"] = self._shown(value.address)
                if self.grants.limited:
                    self._stays(value)
                shown["history"] = self._shown(value.history)
            elif value.system != "ndas":
                shown["ndas"] = None
        elif kind is Assigned:
            shown["address"] = self._shown(value.address)
            if address and self.grants.limited and value.same_address:
                lie = self.provinces(value.same_address)
                codes = tuple(code for code in value.same_address if "address" in self.grants.at(lie[code]))
                shown["same_address"] = codes
        elif kind is Suspicion and not address:
            shown = {"evidence": None, "said": None}
        elif isinstance(value, Match) and not address and value.match_level in HOUSE_LEVELS:
            shown |= {"label": None, "components": None}
        if address and kind in _HAVE_ALIASES and value.aliases:
            aliases = value.aliases if point else without_computed(value.aliases)
            shown["aliases"] = self._without_lines_of_elsewhere(value.ndas, aliases)
        return _replaced(value, shown)

    def _event(self, value: Any, kind: type) -> Any:
        """An event: what it tells of before as what lay there then, of after as what lies there since."""
        if not self.grants.limited:
            before = after = self.grants.anywhere
        else:
            lay = self.lain([value])[value.ndas, value.number]
            before, after = self.grants.at(lay.before), self.grants.at(lay.after)
        if "address" not in before | after:
            return _replaced(value, dict.fromkeys(_withheld(kind, after)))
        if before != after:
            return _replaced(value, {"details": told(value.details, before, after)})
        return value if "point" in after else _replaced(value, {"details": without_point(value.details)})

    def lain(self, events: Sequence[Event | Change]) -> Mapping[tuple[str, int], Lain]:
        """Where addresses lay at least at these events, by code and number; each is asked for once."""
        unknown = [event for event in events if (event.ndas, event.number) not in self._lay]
        if unknown:
            self._lay.update(self.whereabouts().at_events(unknown))
            nowhere = Lain(None, None)
            for event in unknown:
                self._lay.setdefault((event.ndas, event.number), nowhere)
        return self._lay

    def _stays(self, reading: Reading) -> None:
        """Take the history of an address that was never moved as one in its province: nothing need be asked."""
        events = reading.history or ()
        if not any(map(moves, events)):
            province = self._province(reading)
            for event in events:
                self._lay[event.ndas, event.number] = Lain(province, province)

    def hides_lines_of(self, record: AddressRecord) -> bool:
        """Whether the address had another line while it lay where the reader does not see addresses."""
        return self._without_lines_of_elsewhere(record.ndas, record.aliases) != record.aliases

    def _without_lines_of_elsewhere(self, ndas: str, aliases: tuple[Alias, ...]) -> tuple[Alias, ...]:
        """Aliases without the lines that the address had while it lay where the reader does not see addresses."""
        if not self.grants.limited or all(alias.system != FORMERLY for alias in aliases):
            return aliases
        events = self.whereabouts().history(ndas)
        self.lain(events)
        lay = {event.number: self._lay[ndas, event.number] for event in events}
        hidden = formerly_elsewhere(aliases, events, lay, lambda each: "address" in self.grants.at(each))
        return tuple(alias for alias in aliases if alias.system != FORMERLY or alias not in hidden)

    def _scopes(self, value: Any) -> frozenset[Scope]:
        return self.grants.at(self._province(value)) if self.grants.limited else self.grants.anywhere

    def lies_in(self, reading: Reading) -> str | None:
        """The province of the household that a code of the registry stands for."""
        self._look_up(reading)
        return self._province(reading)

    def _province(self, value: Any) -> str | None:
        """Where what a value tells of lies."""
        if isinstance(value, Reading | Assigned) and value.address is not None:
            value = value.address
        if isinstance(value, AddressRecord):
            return self.whereabouts().of_record(value)
        code = getattr(value, "ndas", None)
        if code is not None:
            return self._known[code]
        province = getattr(value, "province", None)
        return province.code if isinstance(province, Unit) else None

    def _look_up(self, content: Any) -> None:
        """Learn in one question where all the codes lie, and in another where those of events lay."""
        self.provinces(_codes(content))
        self.lain(list(_events(content)))

    def provinces(self, codes: Iterable[str]) -> Mapping[str, str | None]:
        """The provinces of at least these codes, each asked for once."""
        unknown = [code for code in codes if code not in self._known]
        if unknown:
            self._known.update(self.whereabouts().of_codes(unknown))
        return self._known

    def _suggestions(self, resolved: Resolved) -> Any:
        """Which codes a wrong one may have been meant as tells which codes exist."""
        suggestions = resolved.suggestions
        if "address" not in self.grants or suggestions is None:
            return None
        if self.grants.everywhere("address"):
            return suggestions
        issued = [s.code for s in suggestions if s.issued and len(s.code) == _NDAS_DIGITS and s.code.isdigit()]
        lie = self.whereabouts().of_codes(issued)
        return tuple(s for s in suggestions if "address" in self.grants.at(lie.get(s.code)))


_NDAS_DIGITS = 10


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _read_all(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """What reads the fields of a record; a type of the table has several."""
    return attrgetter(*_names(kind))


@cache
def _withheld(kind: type, scopes: frozenset[Scope]) -> tuple[str, ...]:
    """The fields of a type of the table that scopes do not open."""
    return tuple(name for name, scope in WITHHELD[kind].items() if scope not in scopes)


def _codes(value: Any) -> Iterator[str]:
    """The NDAS codes whose province must be asked for, wherever they stand in an answer."""
    if isinstance(value, Suspicion | Match | Completion | Reading | NotRenamed):
        if value.ndas is not None:
            yield value.ndas
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _codes(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _codes(part)
    elif isinstance(value, Record) and type(value) not in OPAQUE and type(value) not in WITHHELD:
        for name in value:
            yield from _codes(getattr(value, name))


def _events(value: Any) -> Iterator[Event | Change]:
    """The events of an answer, wherever they stand in it."""
    if isinstance(value, Event | Change):
        yield value
    elif isinstance(value, Reading):
        events = value.history or ()
        yield from events if any(map(moves, events)) else ()
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _events(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _events(part)
    elif isinstance(value, Record) and type(value) not in OPAQUE and type(value) not in WITHHELD:
        for name in value:
            yield from _events(getattr(value, name))


def _replaced(value: Any, told: dict[str, Any]) -> Any:
    """``value`` with these fields, or itself where they are as they were."""
    for name, part in told.items():
        if getattr(value, name) is not part:
            break
    else:
        return value
    kind: Any = type(value)
    if len(names := _names(kind)) == 1:
        return kind(**told)
    return kind(
        **dict(zip(names, _read_all(kind)(value), strict=True)) | told
    )  # three times as fast as dataclasses.replace

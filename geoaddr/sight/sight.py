"""One reader's sight: answers with everything withheld that the reader's grants do not cover.

Answers that are made of many households (what a search finds, what a verdict is based on) are asked for twice
where a reader may see houses in some provinces only: the houses are taken from there, and of elsewhere what
everyone is told. A point can be found out by asking about it, so the houses near a point are shown only to whoever
may see points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from geoaddr.disclosure import Grants, Scope, is_computed
from geoaddr.finding.records import Completion, Match
from geoaddr.model import AddressRecord, Assigned, Change, Event, Reading, Record, Resolved, Unit
from geoaddr.registry.reviewing import Suspicion
from geoaddr.sight.fields import HOUSE_LEVELS, OPAQUE, WITHHELD, without_computed, without_point

if TYPE_CHECKING:
    from geoaddr.conversion import Converted
    from geoaddr.finding.nearest import Nearby
    from geoaddr.sight.whereabouts import Whereabouts
    from geoaddr.validation.records import Validated

Found = TypeVar("Found", bound=Match | Completion)
Judged = TypeVar("Judged", "Converted", "Validated")

_PLAIN = (str, int, float, type(None))


class Sight:
    """What a reader with these grants sees.

    :param whereabouts: asked only for grants that are limited to provinces.
    """

    def __init__(self, grants: Grants, whereabouts: Callable[[], Whereabouts]) -> None:
        self.grants = grants
        self._whereabouts = whereabouts
        self._known: dict[str, str | None] = {}
        self._everywhere = None if grants.limited else grants.at(None)

    def shown(self, content: Any) -> Any:
        """``content`` (values of the model, lists and mappings of them) with ``None`` for each field that this
        reader may not see, whatever its type says."""
        if self.grants.sees_all:
            return content
        if self.grants.limited:
            self._look_up(content)
        return self._shown(content)

    def _shown(self, value: Any) -> Any:
        kind = type(value)
        if kind in OPAQUE or isinstance(value, _PLAIN):
            return value
        if kind in WITHHELD:
            return self._record(value)
        if isinstance(value, Mapping):
            return {name: self._shown(part) for name, part in value.items()}
        if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
            return [self._shown(part) for part in value] if kind is list else tuple(map(self._shown, value))
        if kind is Resolved:
            value = replace(value, suggestions=self._suggestions(value))
        if isinstance(value, Record):
            names = [f.name for f in fields(value)]  # type: ignore[arg-type]  # every record is a dataclass
            return _replaced(value, {name: self._shown(getattr(value, name)) for name in names})
        return value

    def _record(self, value: Any) -> Any:
        """A record of the table."""
        if isinstance(value, Reading) and is_computed(value):
            return value
        scopes = self._scopes(value)
        told: dict[str, Any] = {name: None for name, scope in WITHHELD[type(value)].items() if scope not in scopes}
        if isinstance(value, Suspicion) and "address" not in scopes:
            told |= {"evidence": None, "said": None}
        if isinstance(value, Match) and value.match_level in HOUSE_LEVELS and "address" not in scopes:
            told |= {"label": None, "components": None}
        if isinstance(value, Reading) and value.system != "ndas" and "address" not in scopes:
            told["ndas"] = None
        for name, part in self._parts(value, scopes):
            told.setdefault(name, part)
        return _replaced(value, told)

    def _parts(self, value: Any, scopes: frozenset[Scope]) -> Iterable[tuple[str, Any]]:
        """What a shown field may hold that is not shown."""
        if isinstance(value, Reading | AddressRecord) and "point" not in scopes and value.aliases is not None:
            yield "aliases", without_computed(value.aliases)
        if isinstance(value, Event | Change) and "point" not in scopes:
            yield "details", without_point(value.details)
        if isinstance(value, Reading):
            yield "address", self._shown(value.address)
            yield "history", self._shown(value.history)
        if isinstance(value, Assigned):
            yield "address", self._shown(value.address)

    def _scopes(self, value: Any) -> frozenset[Scope]:
        return self._everywhere if self._everywhere is not None else self.grants.at(self._province(value))

    # where things lie

    def _province(self, value: Any) -> str | None:
        if isinstance(value, Reading | Assigned) and value.address is not None:
            value = value.address
        if isinstance(value, AddressRecord):
            return self._whereabouts().of_record(value)
        code = getattr(value, "ndas", None)
        if code is not None:
            return self._known[code]
        province = getattr(value, "province", None)
        return province.code if isinstance(province, Unit) else None

    def _look_up(self, content: Any) -> None:
        """Learn in one question where all the codes lie."""
        codes = [code for code in _codes(content) if code not in self._known]
        if codes:
            self._known.update(self._whereabouts().of_codes(codes))

    def _suggestions(self, resolved: Resolved) -> Any:
        """Which codes a wrong one may have been meant as tells which codes exist."""
        suggestions = resolved.suggestions
        if "address" not in self.grants or suggestions is None:
            return None
        if self.grants.everywhere("address"):
            return suggestions
        codes = [s.code for s in suggestions if s.issued and s.code.isdigit()]
        lie = self._whereabouts().of_codes([code for code in codes if len(code) == _NDAS_DIGITS])
        return tuple(s for s in suggestions if "address" in self.grants.at(lie.get(s.code)))

    # answers that are made of many households

    def found(self, ask: Callable[[bool], Sequence[Found]], limit: int) -> list[Found]:
        """What a text may mean, or become.

        :param ask: asks at area level (``True``) or with houses, for at most ``limit``.
        """
        return self._merged(ask, limit, ("address",))

    def nearby(self, ask: Callable[[bool], Nearby], limit: int) -> Nearby:
        """What is near a point; ``ask`` as for :meth:`found`."""
        from geoaddr.finding.nearest import Nearby

        answers: list[Nearby] = []

        def told(area_only: bool) -> Nearby:
            answers.append(ask(area_only))
            return answers[-1]

        return Nearby(self._merged(told, limit, ("address", "point")), lambda: answers[0].located)

    def _merged(
        self, ask: Callable[[bool], Sequence[Found]], limit: int, needed: tuple[Scope, ...]
    ) -> list[Found]:
        if not all(scope in self.grants for scope in needed):
            return self.shown(list(ask(True)))  # type: ignore[no-any-return]
        houses: Sequence[Found] = ask(False)
        if not self.grants.everywhere(*needed):
            self._look_up(houses)
            here = [each for each in houses if self._covers(each, needed)]
            if len(here) < len(houses):
                elsewhere = [each for each in ask(True) if not self._covers(each, needed)]
                houses = [*here, *elsewhere][:limit]
        return self.shown(list(houses))  # type: ignore[no-any-return]

    def _covers(self, each: Match | Completion, needed: tuple[Scope, ...]) -> bool:
        held = self.grants.at(self._province(each))
        return all(scope in held for scope in needed)

    def converted(self, ask: Callable[[bool], Converted]) -> Converted:
        """An address carried over the reform; ``ask`` asks at area level or with the evidence of houses."""
        return self._judged(ask)

    def validated(self, ask: Callable[[bool], Validated]) -> Validated:
        """A verdict; ``ask`` as for :meth:`converted`."""
        judged = self._judged(ask)
        if "address" not in self.grants or self.grants.everywhere("point"):
            return judged
        if judged.province is not None and "point" in self.grants.at(judged.province.code):
            return judged
        own = ask(True)  # the point, and the codes of a point, that the question itself gave
        codes = replace(judged.codes, vpostcode=own.codes.vpostcode, plus_code=own.codes.plus_code)
        return replace(judged, point=own.point, codes=codes)

    def _judged(self, ask: Callable[[bool], Judged]) -> Judged:
        if "address" not in self.grants:
            return ask(True)
        judged = ask(False)
        if self.grants.everywhere("address"):
            return judged
        provinces = {candidate.commune.parent for candidate in judged.candidates}
        if judged.province is not None:
            provinces.add(judged.province.code)
        everywhere = provinces and all("address" in self.grants.at(each) for each in provinces)
        return judged if everywhere else ask(True)


_NDAS_DIGITS = 10


def _codes(value: Any) -> Iterable[str]:
    """The NDAS codes whose province must be asked for, wherever they stand in an answer."""
    if isinstance(value, Event | Change | Suspicion | Match | Completion):
        if value.ndas is not None:
            yield value.ndas
    elif isinstance(value, Reading):
        if value.ndas is not None:
            yield value.ndas
        elif value.system == "ndas":
            return
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _codes(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _codes(part)
    elif isinstance(value, Record) and type(value) not in OPAQUE and type(value) not in WITHHELD:
        for field in fields(value):  # type: ignore[arg-type]  # every record is a dataclass
            yield from _codes(getattr(value, field.name))


def _replaced(value: Any, told: Mapping[str, Any]) -> Any:
    """``value`` with these fields, or itself where they are as they were."""
    changed = {name: part for name, part in told.items() if getattr(value, name) is not part}
    return replace(value, **changed) if changed else value

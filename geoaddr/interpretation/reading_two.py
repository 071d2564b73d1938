"""Two addresses of one line, read each by itself and held against one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.codes_in_text import CodeInText, codes_in, spans_without
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_beside_codes import detail_below
from geoaddr.interpretation.interpreter import Interpreter
from geoaddr.interpretation.reading import Interpretation
from geoaddr.interpretation.two_addresses import TwoAddresses, two_addresses
from geoaddr.interpretation.weighing import SHOWN, weighed
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold

EVE = REFORM - dt.timedelta(days=1)
WRONG = 0.05
"""How often a second address leads to the place of the first although another is right: the estimate of
``validation.place``, where other names are such evidence."""
TORN = 0.5
"""The most that a confidence may be where two addresses contradict one another: either may be right."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``first`` and ``second``: the readings of both, best first, weighed by one another too. ``agrees``: whether
    the best of them can mean one place; ``None`` where that cannot be told."""

    parts: TwoAddresses
    first: list[Interpretation]
    second: list[Interpretation]
    agrees: bool | None


def with_second(confidence: float, agrees: bool | None) -> float:
    """A confidence in an address, with what a second one beside it says (Bayes)."""
    if agrees is None:
        return confidence
    return confidence / (confidence + (1 - confidence) * WRONG) if agrees else min(confidence, TORN)


def pair_of(
    interpreter: Interpreter, text: str, *, as_of: dt.date | None = None, shown: int = SHOWN
) -> Pair | None:
    """The two addresses of ``text``; ``None`` where there is one alone.

    :param as_of: the day of the first one; the second is of another time.
    """
    parts = two_addresses(text) if isinstance(text, str) else None
    if parts is None:
        return None
    first = weighed(interpreter, parts.first, as_of=as_of, shown=shown)
    second = weighed(interpreter, parts.second)
    if not first or not second:
        return None
    above = first[0].province
    if "province" in second[0].inferred and "province" not in first[0].inferred and above is not None:
        second = weighed(interpreter, f"{parts.second}, {above.full_name}") or second
    if not any(_within(parts, span) for _, span in second[0].named):
        return None
    ground = _Ground(interpreter.gazetteer)
    first, second = _weighed_by(first, second, ground), _weighed_by(second, first, ground)
    return Pair(parts, first, second, ground.agree(first[0], second[0]))


def _within(parts: TwoAddresses, span: tuple[int, int]) -> bool:
    return parts.start <= span[0] and span[1] <= parts.end


def _weighed_by(
    readings: Sequence[Interpretation], others: Sequence[Interpretation], ground: _Ground
) -> list[Interpretation]:
    """Readings of one address, those the likelier that agree with the likeliest of the other's."""
    support = [
        sum(other.weight for other in others[:SHOWN] if ground.agree(reading, other) is not False)
        for reading in readings
    ]
    if not any(support):
        return [*readings]
    weights = [r.weight * (WRONG + (1 - WRONG) * s) for r, s in zip(readings, support, strict=True)]
    total = sum(weights)
    found = [replace(r, weight=weight / total) for r, weight in zip(readings, weights, strict=True)]
    return sorted(found, key=lambda reading: -reading.weight)


class _Ground:
    """What the units of two addresses hold today, worked out once for each."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._known: dict[Unit, frozenset[str]] = {}

    def agree(self, one: Interpretation, other: Interpretation) -> bool | None:
        """Whether two readings can mean one place: communes of today hold some of both; else by the provinces."""
        mine, theirs = (self._of(reading.commune or reading.district) for reading in (one, other))
        if mine and theirs:
            return not mine.isdisjoint(theirs)
        mine, theirs = self._of(one.province), self._of(other.province)
        return False if mine and theirs and mine.isdisjoint(theirs) else None

    def _of(self, unit: Unit | None) -> frozenset[str]:
        """The codes of the units of today that hold some of it: provinces of one, communes of all else."""
        if unit is None:
            return frozenset()
        known = self._known.get(unit)
        if known is None:
            known = self._known[unit] = frozenset(self._codes(unit))
        return known

    def _codes(self, unit: Unit) -> Iterator[str]:
        if unit.level == "district":
            inside = self._gazetteer.units("commune", as_of=EVE, parent=unit.code) if _stood(unit) else ()
            for commune in inside:
                yield from self._of(commune)
            return
        for found, _ in self._gazetteer.became(unit, as_of=self._gazetteer.date):
            if found.level == unit.level:
                yield found.code


def _stood(unit: Unit) -> bool:
    """Whether a district was in force on the last day of districts."""
    return unit.valid_from <= EVE and (unit.valid_to is None or unit.valid_to > EVE)


def detail_of_pair(
    text: str, pair: Pair, gazetteer: Gazetteer, *, codes: Sequence[CodeInText] | None = None
) -> Detail:
    """What stands below the units of the first address; what the second says besides is the rest."""
    parts = pair.parts
    codes = codes_in(text, gazetteer) if codes is None else codes
    detail = detail_below(parts.first, pair.first, gazetteer, codes=codes)
    taken = sorted(span for _, span in pair.second[0].named if _within(parts, span))
    spans, at = [], parts.start
    for begin, end in [*taken, (parts.end, parts.end)]:
        if at < begin:
            spans.append((at, begin))
        at = max(at, end)
    spans = [*spans_without(spans, codes)]
    known = {fold(text[a:b]) for _, a, b in detail.parts}
    places, more = [*detail.parts], []
    for _, a, b in read_detail(text, spans).parts if spans else ():
        again = fold(text[a:b]) in known
        places.append(("same" if again else "rest", a, b))
        if not again:
            more.append(" ".join(text[a:b].split()))
    rest = ", ".join(filter(None, [detail.rest, *more]))
    return replace(detail, rest=rest, parts=tuple(sorted(places, key=lambda place: place[1])))

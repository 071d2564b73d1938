"""An old address to today's units, and back: every unit that it may be now, with its weight and why.

A commune that went whole into one is an answer. A commune that was split is never guessed: all its successors
are candidates, unless something decides between them: a point, or addresses that the registry knows. Works
offline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from geoaddr.conversion import confidence
from geoaddr.conversion.carrying import EVE, Carrier
from geoaddr.conversion.holders import Above, Holders
from geoaddr.conversion.records import Candidate, Converted, Direction, Status
from geoaddr.conversion.second import Second, Side, together
from geoaddr.errors import InvalidDate, InvalidInput, InvalidQuery, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_beside_codes import detail_below
from geoaddr.interpretation.detail_print import reprint
from geoaddr.interpretation.reading import AMID_WORDS, Best, Likely, amid_words
from geoaddr.interpretation.reading_two import Pair, detail_of_pair, pair_of, with_second
from geoaddr.interpretation.stray_provinces import stray_provinces
from geoaddr.interpretation.two_addresses import two_addresses
from geoaddr.interpretation.weighing import MOST, likeliest, likeliest_of_all
from geoaddr.known import KnownStreets, number_on_street
from geoaddr.locating import Locator
from geoaddr.model import Point, Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold

SETTLED = frozenset({"name", "whole", "known", "boundary"})
"""Grounds on which an answer is stood behind; a note or a prior is none."""

DECIDED = frozenset({"known", "boundary"})
"""Grounds that decide between the parts of a divided unit."""

UNKNOWN_STREET = 2.0
"""How many addresses are shared among the parts by their weights, beside those that are known."""


class Read(NamedTuple):
    """A text's best reading, what all its readings come down to, and what stands below the best one's units."""

    best: Best | None
    likely: Sequence[Likely]
    detail: Detail
    second: Second | None = None
    """The second address of a line that has two."""


class Decided(NamedTuple):
    """What there is to say of a text, as in :class:`Converted`; ``above`` holds the commune of the heaviest
    candidate."""

    status: Status
    candidates: Sequence[Candidate]
    confidence: float | None
    above: Holders

    @property
    def commune(self) -> Unit | None:
        """The heaviest candidate's."""
        return self.candidates[0].commune if self.candidates else None

    def address(self, detail: Detail) -> str | None:
        """The text in the official order with the new names, for ``ok`` alone."""
        if self.status != "ok":
            return None
        door, line = reprint(detail), self.above.line
        return f"{door}, {line}" if door and line else door or line


class Converter:
    """Carries addresses from one time to another. Safe to share between threads.

    :param known: gives somebody who knows where streets lie, or ``None`` while nobody does; asked for each
        address of a divided commune that names a street.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        locator: Locator,
        known: Callable[[], KnownStreets | None] = lambda: None,
    ) -> None:
        self._interpreter, self._locator, self._known = interpreter, locator, known
        self._gazetteer: Gazetteer = locator.gazetteer
        self.carrier = Carrier(self._gazetteer)
        self._above = Above(self._gazetteer)

    def convert(
        self, text: str, *, to: str = "new", point: Point | None = None, as_of: dt.date | None = None
    ) -> Converted:
        """The address in today's units (``to="new"``) or in those of 30 June 2025 (``to="old"``).

        :param point: where the address lies; on exact boundaries it decides between the parts of a commune.
        :param as_of: the day whose units are answered, on the side of the reform that ``to`` names; by default
            the day of the data, or 30 June 2025.
        :raises InvalidInput: for another ``to``.
        :raises InvalidDate: for a day on the other side of the reform.
        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        day_answered(to, as_of)
        read = self.read(text)
        return self._said(text, read, self.decided(text, read, to=to, point=point, as_of=as_of), to)

    def read(self, text: str) -> Read:
        """What :meth:`convert` reads in a text: units of all days compete."""
        pair = pair_of(self._interpreter, text)
        if pair is not None:
            detail = detail_of_pair(text, pair, self._gazetteer)
            return Read(pair.first[0].best, [r.likely for r in pair.first], detail, _second(pair))
        best, likely = likeliest(self._interpreter, text)
        return Read(best, likely, detail_below(text, [best] if best else [], self._gazetteer))

    def read_all(self, texts: Sequence[str]) -> list[Read | InvalidQuery]:
        """The same of many texts; for what is no text to be read, why."""
        found = likeliest_of_all(self._interpreter, texts)
        return [
            read
            if isinstance(read, InvalidQuery)
            else self.read(text)
            if two_addresses(text) is not None
            else Read(*read, detail_below(text, [read[0]] if read[0] else [], self._gazetteer))
            for text, read in zip(texts, found, strict=True)
        ]

    def converted(
        self,
        text: str,
        readings: Sequence[Interpretation],
        detail: Detail,
        *,
        to: str = "new",
        point: Point | None = None,
        as_of: dt.date | None = None,
        names_first: bool = False,
        pair: Pair | None = None,
    ) -> Converted:
        """The same from the ``readings`` of a text, best first, and its ``detail``, already read.

        :param names_first: let a point choose among the communes that the names leave open, and no more; for one
            who weighs himself where it contradicts them.
        :param pair: the two addresses of the text, where it has two.
        """
        second = None if pair is None else _second(pair)
        best = readings[0].best if readings else None
        read = Read(best, [reading.likely for reading in readings], detail, second)
        decided = self.decided(text, read, to=to, point=point, as_of=as_of, names_first=names_first)
        return self._said(text, read, decided, to)

    def decided(
        self,
        text: str,
        read: Read,
        *,
        to: str = "new",
        point: Point | None = None,
        as_of: dt.date | None = None,
        names_first: bool = False,
    ) -> Decided:
        """The same, no more than what was decided."""
        return self.decided_on(self.day(to, as_of), text, read, to=to, point=point, names_first=names_first)

    def day(self, to: str, as_of: dt.date | None) -> dt.date:
        """The day whose units are answered.

        :raises InvalidInput, InvalidDate: as :meth:`convert`.
        """
        return day_answered(to, as_of) or self._gazetteer.date

    def decided_on(
        self,
        day: dt.date,
        text: str,
        read: Read,
        *,
        to: str = "new",
        point: Point | None = None,
        names_first: bool = False,
    ) -> Decided:
        """The same with the units of a :meth:`day`, which many texts share."""
        new = to == "new"
        best, likely, detail, second = read
        if second is None and best is not None and best.commune is None:
            likely = self._inside(text, best, likely, day)
        carried = self._carried(likely, day)
        alone = len(likely) == len(carried) == 1 and carried[0].weight == 1.0  # as most are
        candidates = [*carried] if alone else self._weighed(likely, day)
        agrees: bool | None = None
        if second is not None:
            beside = Side(second.best, self._carried(second.likely, day), self._weighed(second.likely, day))
            (best, carried, candidates), agrees = together(Side(best, carried, candidates), beside)
        if new and detail.street and len(carried) > 1:
            streets = self._known()
            if streets is not None:
                candidates = _by_street(streets, candidates, carried, detail.street, detail)
        outside = False
        if point is not None and new and self._locator.info.boundary_accuracy == "exact":
            held = self._held(candidates, day, point) or self._held_by_any(text, day, point)
            if not (held or candidates or names_first):
                held = self._held_in_province(best, day, point)
            outside = bool(candidates) and not (held or names_first)
            candidates = held or candidates
        sure = confidence.of_commune([best], carried, candidates) if best is not None else None
        if outside and sure is not None:
            sure *= confidence.OUTSIDE
        if second is not None and sure is not None:
            sure = with_second(sure, False if second.agrees is False else agrees)
        if second is None and sure is not None and best is not None:
            if self._contradicted(text, detail, candidates[0], day):
                sure *= confidence.CONTRADICTED
            elif candidates[0].basis not in ("boundary", "known") and amid_words(best, text):
                sure *= AMID_WORDS
        above = self._above.of(candidates[0].commune, day) if candidates else self._above.of_province(best, day)
        return Decided(_status(best, carried, candidates, sure), candidates, sure, above)

    def _carried(self, likely: Sequence[Likely], day: dt.date) -> Sequence[Candidate]:
        """Where the best of the readings alone leads."""
        unit = likely[0].unit if likely else None
        return self.carrier.carried(unit, day) if unit is not None else ()

    def _weighed(self, likely: Sequence[Likely], day: dt.date) -> list[Candidate]:
        """The communes of all readings, those that several readings lead to added up, heaviest first."""
        weights: dict[str, float] = {}
        found: dict[str, Candidate] = {}
        for unit, weight in likely:
            for candidate in self.carrier.carried(unit, day) if unit is not None else ():
                code = candidate.commune.code
                weights[code] = weights.get(code, 0.0) + candidate.weight * weight
                found.setdefault(code, candidate)
        if len(weights) == 1:
            return [
                candidate if candidate.weight == 1.0 else _weighing(candidate, 1.0) for candidate in found.values()
            ]
        total = sum(weights.values())
        order = sorted(weights, key=lambda code: (-weights[code], code))
        return [_weighing(found[code], weights[code] / total) for code in order]

    def _held(self, candidates: list[Candidate], day: dt.date, point: Point) -> list[Candidate]:
        """Those of the candidates in which the point lies."""
        held_by = self._locator.on(day).commune_codes_at(point)
        kept = [c for c in candidates if c.commune.code in held_by]
        total = sum(c.weight for c in kept)
        return [replace(c, weight=c.weight / total, basis="boundary") for c in kept]

    def _held_by_any(self, text: str, day: dt.date, point: Point) -> list[Candidate]:
        """The same of readings that the text alone makes too unlikely to be named."""
        readings = self._interpreter.interpret_whole(text, limit=MOST, wide=True)
        return self._held(self._weighed([reading.likely for reading in readings], day), day, point)

    def _held_in_province(self, best: Best | None, day: dt.date, point: Point) -> list[Candidate]:
        """The communes in which the point lies, where the text names no more than their province."""
        if best is None or best.province is None:
            return []
        provinces = self._above.provinces(best.province, day)
        held_by = [
            self._gazetteer.unit(code, level="commune", as_of=day)
            for code in self._locator.on(day).commune_codes_at(point)
        ]
        inside = [commune for commune in held_by if commune.parent in provinces]
        return [Candidate(c, 1 / len(inside), "boundary", None, c.legal_basis) for c in inside]

    def _inside(self, text: str, best: Best, likely: Sequence[Likely], day: dt.date) -> Sequence[Likely]:
        """The readings without those that leave the province which the text names, where that is all that is sure:
        its street bears the name of a commune elsewhere. Of a name alone all stay: it may be a commune's."""
        province = best.province
        if province is None or "province" in best.inferred or _is_name_alone(text, best):
            return likely
        return [
            each
            for each in likely
            if each.unit is None
            or any(self._above.lies_in(c, province, day) for c in self.carrier.carried(each.unit, day))
        ]

    def _contradicted(self, text: str, detail: Detail, candidate: Candidate, day: dt.date) -> bool:
        """Whether the text names a province beside its units in which the candidate does not lie."""
        if not detail.rest:
            return False
        return any(
            not any(self._above.lies_in(candidate, unit, day) for unit in units)
            for units in stray_provinces(text, detail, self._gazetteer)
        )

    def _said(self, text: str, read: Read, decided: Decided, to: str) -> Converted:
        above, commune = decided.above, decided.commune
        understood = read.best if direction(to) == "old" else None
        return Converted(
            input=text,
            to=direction(to),
            status=decided.status,
            address=decided.address(read.detail),
            province=above.province or (understood.province if understood else None),
            district=above.district or (understood.district if understood and commune is None else None),
            commune=commune,
            postcode=above.postcode,
            candidates=tuple(decided.candidates),
            components=read.detail,
            legal_basis=commune.legal_basis if commune else None,
            confidence=decided.confidence,
            pack=self._locator.info,
        )


def _is_name_alone(text: str, best: Best) -> bool:
    """Whether a text is no more than the name of one unit, without its type."""
    names = [text[begin:end].strip() for _, (begin, end) in best.named]
    beside = any(letter.isalpha() for begin, end in best.rest for letter in text[begin:end])
    return len(names) == 1 and not beside and fold(names[0]) == fold(best.named[0][0].name)


def direction(to: str) -> Direction:
    """``to`` as a direction. :raises InvalidInput: for anything but ``new`` and ``old``."""
    if to == "new":
        return "new"
    if to == "old":
        return "old"
    raise InvalidInput("to", to, Said("must be new or old", "phải là new hoặc old"))


def day_answered(to: str, as_of: dt.date | None) -> dt.date | None:
    """The day whose units are answered; ``None`` for that of the data.

    :raises InvalidInput: for another ``to`` than ``new`` and ``old``.
    :raises InvalidDate: for a day on the other side of the reform.
    """
    new = direction(to) == "new"
    if as_of is None:
        return None if new else EVE
    if (as_of >= REFORM) is new:
        return as_of
    shown = as_of.isoformat()
    if new:
        said = Said("before 1 July 2025; use to=old for it", "trước ngày 1/7/2025; hãy dùng to=old")
    else:
        said = Said("not before 1 July 2025; use to=new for it", "không trước ngày 1/7/2025; hãy dùng to=new")
    raise InvalidDate("as_of", shown, said)


def _status(
    understood: Best | None,
    carried: Sequence[Candidate],
    candidates: Sequence[Candidate],
    sure: float | None,
) -> Status:
    if understood is None:
        return "not_found"
    if not candidates or sure is None:
        return "partial"
    best = candidates[0]
    one = best.basis in DECIDED or (len(carried) == 1 and carried[0].commune.code == best.commune.code)
    heavy = best.weight >= confidence.LEAST_WEIGHT and sure >= confidence.OK_FROM
    if one and heavy and best.basis in SETTLED:
        return "ok"
    return "ambiguous" if understood.commune is not None else "partial"


def _by_street(
    streets: KnownStreets,
    candidates: list[Candidate],
    parts: Sequence[Candidate],
    street: str,
    detail: Detail,
) -> list[Candidate]:
    """The candidates, those that are ``parts`` of the unit that was read weighed by known addresses on the street.

    The weight of the parts together stays as it is; unknown streets change nothing.
    """
    mine = {part.commune.code for part in parts}
    number = number_on_street(detail.house_number, detail.alley)
    counts = streets.communes_of(
        street, communes=sorted(mine), house_number=None if number is None else str(number)
    )
    if not sum(counts.values()):
        return candidates
    share = sum(c.weight for c in candidates if c.commune.code in mine)
    total = sum(counts.values()) + UNKNOWN_STREET
    found = []
    for c in candidates:
        if c.commune.code in mine:
            weight = share * (counts.get(c.commune.code, 0) + UNKNOWN_STREET * c.weight / share) / total
            c = replace(c, weight=weight, basis="known")
        found.append(c)
    return sorted(found, key=lambda c: (-c.weight, c.commune.code))


def _second(pair: Pair) -> Second:
    return Second(pair.second[0].best, [reading.likely for reading in pair.second], pair.agrees)


def _weighing(candidate: Candidate, weight: float) -> Candidate:
    return Candidate(candidate.commune, weight, candidate.basis, candidate.grade, candidate.legal_basis)

"""What a text asks for: communes of today with how likely each is, and the names and number below them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from geoaddr.conversion.carrying import Carrier
from geoaddr.finding.elsewhere import Elsewhere, OtherUnits
from geoaddr.finding.houses import house_doors, last_digits, levels_of
from geoaddr.finding.records import MatchLevel
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.codes_in_text import CodeInText
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_beside_codes import detail_below
from geoaddr.interpretation.detail_gathered import Naming
from geoaddr.interpretation.reading import may_be_none
from geoaddr.interpretation.weighing import weighed
from geoaddr.known import number_on_street, read_street
from geoaddr.model import Unit
from geoaddr.named import place_key
from geoaddr.profiles.vn import REFORM
from geoaddr.store import Kind, Numbered
from geoaddr.text.fold import fold
from geoaddr.text.tokens import LONGEST_REMEMBERED

EVE = REFORM - dt.timedelta(days=1)

READINGS = 16
"""Readings whose names are looked for."""

SLIGHT = 0.02
"""Ways to understand a text that weigh no more than this share of the best one are left aside."""

AS_STREET = 0.5
"""How often a number right before the abbreviation of a ward, which a street has too, is on a street so called."""

POSTCODE_WEIGHT = 1.0
"""A postcode is a commune that was written in digits."""


class Name(NamedTuple):
    """A name to look for: which kind a store files it as, its key, and what is found by it. ``spelt``: no other
    name is taken for a slip of it."""

    kind: Kind
    key: str
    level: MatchLevel
    written: str
    spelt: bool = False


@dataclass(slots=True)
class Asked:
    """One way to understand a text below its units: the names in their order, the number, and where to look.

    ``communes``: of today, with the probability of each; ``province`` the probability that only a province was
    understood, and ``wide`` the communes of the provinces that were; ``anywhere`` the probability that no unit was
    named at all. ``holding``: digits that the house number has in every way to write it; ``between``: ranges of
    what its doors are numbered by. ``elsewhere``: what the text names besides.
    """

    detail: Detail
    names: list[Name]
    number: int | None
    communes: dict[str, float] = field(default_factory=dict)
    provinces: dict[str, float] = field(default_factory=dict)
    wide: dict[str, float] = field(default_factory=dict)
    anywhere: float = 0.0
    holding: str = ""
    between: tuple[tuple[float, float], ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()

    def at(self, key: str, codes: tuple[str, ...]) -> Numbered:
        """What stands at its number of a street or place."""
        assert self.number is not None
        return Numbered(key, codes, self.number, self.holding, self.between)

    @property
    def mass(self) -> float:
        """How likely it is, of all ways to understand the text."""
        return sum(self.communes.values()) + sum(self.provinces.values()) + self.anywhere


class Asking:
    """Reads texts for a search. Safe to share between threads."""

    def __init__(self, interpreter: Interpreter, carrier: Carrier, gazetteer: Gazetteer) -> None:
        self._interpreter, self._carrier, self._gazetteer = interpreter, carrier, gazetteer
        self._inside: dict[tuple[str, dt.date], tuple[str, ...]] = {}
        self._others = OtherUnits(interpreter, self._communes_in)

    def read(self, text: str, codes: Sequence[CodeInText], as_of: dt.date | None) -> list[Asked]:
        """All that ``text`` may ask for, the likeliest first; weights of all together sum to 1.

        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        return self.of_readings(text, weighed(self._interpreter, text, as_of=as_of), codes, as_of)

    def of_readings(
        self,
        text: str,
        readings: Sequence[Interpretation],
        codes: Sequence[CodeInText] = (),
        as_of: dt.date | None = None,
    ) -> list[Asked]:
        """The same where it is known how the units of ``text`` may be read."""
        by_rest: dict[tuple[tuple[int, int], ...], Asked] = {}
        firsts: list[tuple[Asked, Interpretation]] = []
        for reading in readings[:READINGS]:
            asked = by_rest.get(reading.rest)
            if asked is None:
                asked = by_rest[reading.rest] = _asked(detail_below(text, [reading], self._gazetteer, codes=codes))
                if asked.number is not None and not asked.names:
                    firsts.append((asked, reading))
            self._add(asked, reading)
        for rest, asked in by_rest.items():
            asked.elsewhere = self.elsewhere(text, [r for r in readings[:READINGS] if r.rest == rest], as_of)
        ways = [*by_rest.values(), *(way for first in firsts for way in _on_street_of_ward(*first, text))]
        most = max((asked.mass for asked in ways), default=0.0)
        found = [asked for asked in ways if asked.mass >= SLIGHT * most]
        if not readings or may_be_none(readings[0], text):
            found.append(self._without_units(text, codes, whole=not readings))
        return found

    def units_of(self, readings: Sequence[Interpretation]) -> tuple[dict[str, float], dict[str, float]]:
        """The communes and the provinces of what :meth:`of_readings` finds, where the readings all leave the same
        of a text and take several units of it: that is one way then."""
        communes: dict[str, float] = {}
        provinces: dict[str, float] = {}
        for reading in readings[:READINGS]:
            self._add_units(communes, provinces, reading)
        return communes, provinces

    def elsewhere(
        self, text: str, readings: Sequence[Interpretation], as_of: dt.date | None
    ) -> tuple[Elsewhere, ...]:
        """What ``text`` names besides the units of some of its readings, that all leave the same of it."""
        return self._others.of(text, readings[:READINGS], as_of)

    def _communes_in(self, unit: Unit) -> tuple[str, ...]:
        """The communes of today that lie in a unit of any day, with a part of them at least."""
        if unit.level == "province":
            return self._communes_of(unit)
        return tuple([candidate.commune.code for candidate in self._carrier.carried(unit, self._gazetteer.date)])

    def _add(self, asked: Asked, reading: Interpretation) -> None:
        self._add_units(asked.communes, asked.provinces, reading)
        if reading.province is not None:
            inside = self._communes_of(reading.province)
            if asked.wide:
                for code in inside:
                    asked.wide[code] = asked.wide.get(code, 0.0) + reading.weight
            else:
                asked.wide = dict.fromkeys(inside, reading.weight)

    def _add_units(self, communes: dict[str, float], provinces: dict[str, float], reading: Interpretation) -> None:
        unit = reading.commune or reading.district
        if unit is not None:
            for candidate in self._carrier.carried(unit, self._gazetteer.date):
                code = candidate.commune.code
                communes[code] = communes.get(code, 0.0) + reading.weight * candidate.weight
        elif reading.province is not None:
            for province in self._now(reading.province):
                provinces[province] = provinces.get(province, 0.0) + reading.weight

    def _without_units(self, text: str, codes: Sequence[CodeInText], *, whole: bool) -> Asked:
        """The text with no unit in it; the postcode that it holds says its commune."""
        asked = _asked(detail_below(text, [], self._gazetteer, codes=codes) if whole else read_detail(text))
        asked.anywhere = 1.0 if whole else 0.5
        for code in codes:
            if code.system == "postcode" and whole:
                for commune in self._gazetteer.by_postcode(code.code, as_of=self._gazetteer.date):
                    asked.communes[commune.code] = POSTCODE_WEIGHT
        if asked.communes:
            asked.anywhere = 0.0
        return asked

    def _now(self, province: Unit) -> list[str]:
        """The provinces of today that hold the ground of one."""
        known_on = province.valid_from if province.valid_to is None else province.valid_to - dt.timedelta(days=1)
        day = self._gazetteer.date
        return [
            unit.code
            for unit, _ in self._gazetteer.translate(province.code, "province", known_on=known_on, as_of=day)
        ]

    def _communes_of(self, province: Unit) -> tuple[str, ...]:
        """The communes of today that lie in a province of any day, with a part of them at least."""
        key = (province.code, province.valid_from)
        if key not in self._inside:
            self._inside[key] = tuple(sorted(self._inside_of(province)))
        return self._inside[key]

    def _inside_of(self, province: Unit) -> Iterator[str]:
        day = self._gazetteer.date
        if province.valid_to is None or province.valid_to > REFORM:
            for code in self._now(province):
                yield from (unit.code for unit in self._gazetteer.units("commune", as_of=day, parent=code))
            return
        last = province.valid_to - dt.timedelta(days=1)
        inside: Mapping[str, None] = {
            candidate.commune.code: None
            for unit in self._gazetteer.units("commune", as_of=min(last, EVE), parent=province.code)
            for candidate in self._carrier.carried(unit, day)
        }
        yield from inside


def _asked(detail: Detail) -> Asked:
    names = list(names_of(detail.brief[0]))
    number = number_on_street(detail.house_number, detail.alley)
    if number is None and detail.street:
        number = read_street(detail.street).number
    levels = levels_of(detail.house_number, detail.alley)
    between = (
        house_doors(last_digits(levels)) if detail.unit is None else ()
    )  # of another flat than the one asked for all may count
    return Asked(detail, names, number, holding=last_digits(levels), between=between)


def _on_street_of_ward(asked: Asked, reading: Interpretation, text: str) -> Iterator[Asked]:
    """The number on the street that is called like the ward right behind it, in what became of that ward, as a way
    beside that of the ward: ``184 P. Quán Thánh`` may be a phố (street) as well as a phường (ward)."""
    for match in reading.matches:
        if match.span is None or match.unit.level != "commune" or match.unit.type != "Phường":
            continue
        begin, end = match.span
        short = _WARD_OR_STREET.match(text, begin, end)
        before = "".join(text[a:b] for a, b in reading.rest if b == begin)
        if short and _NUMBER_BEFORE.search(before):
            written = text[short.end() : end]
            spelt = fold(written) == fold(match.unit.name)
            names = [name._replace(spelt=spelt) for name in _street(written)]
            there = {code: mass * AS_STREET for code, mass in asked.communes.items()}
            asked.communes = {code: mass * (1.0 - AS_STREET) for code, mass in asked.communes.items()}
            yield replace(asked, names=names, communes=there, provinces={}, wide={})
            return


_WARD_OR_STREET = re.compile(r"p(?:\.\s*|\s+)(?=[^\W\d])", re.IGNORECASE)
"""An abbreviation of both, before a name: a number would be that of a ward."""

_NUMBER_BEFORE = re.compile(r"\w[ \t\u00a0]+\Z")
"""A house's number with blanks alone behind it; a comma or a line of its own parts it from a unit."""


def names_of(naming: Naming) -> tuple[Name, ...]:
    """What to look for, the surest first, each once; what no word says may be a street or the name of a place."""
    street, hamlet, building, poi, rest = naming
    found = [*_street(street)] if street else []
    levels: tuple[tuple[str | None, MatchLevel], ...] = (
        (poi, "poi"), (building, "building"), (hamlet, "hamlet"), (street, "poi"),
    )  # fmt: skip
    for written, level in levels:
        if written:
            found += _places(written, level)
    if not street:
        for written in (hamlet, poi, rest):
            found += _street(written) if written else ()
        if rest and (key := place_key(rest)):
            found.append(Name("place", key, "poi", rest))
    return tuple(dict.fromkeys(found))


def _street(written: str) -> tuple[Name, ...]:
    return _street_common(written) if len(written) <= LONGEST_REMEMBERED else _street_whole(written)


def _street_whole(written: str) -> tuple[Name, ...]:
    key = read_street(written).street
    return (Name("street", key, "street", written),) if key else ()


_street_common = lru_cache(maxsize=16_384)(_street_whole)


def _places(written: str, level: MatchLevel) -> tuple[Name, ...]:
    known = len(written) <= LONGEST_REMEMBERED
    return _places_common(written, level) if known else _places_whole(written, level)


def _places_whole(written: str, level: MatchLevel) -> tuple[Name, ...]:
    """The places of a list parted by commas."""
    pieces = [(piece.strip(), place_key(piece)) for piece in written.split(",")]
    return tuple([Name("place", key, level, piece) for piece, key in pieces if key])


_places_common = lru_cache(maxsize=16_384)(_places_whole)
"""Streets and hamlets come again and again."""

"""Texts that ask for houses of one street: understood once, and told apart by their house numbers alone.

``Số 12 đường Láng, Phường ...`` and ``Số 97 đường Láng, Phường ...`` lead to the same street by the same steps,
and so do two flats of one house. What a text's first number could change is looked for here, and where there is
any doubt nothing is shared:

- the units stand at the end, in a chain that is certain whatever stands before it (see
  :mod:`geoaddr.interpretation.chains`), and in a head a number without a type word names no unit;
- in every way to understand the text it is the number of the house, or of the flat, and part of nothing else;
- it is no day (``3/2``), begins no unit's name (``1 Bảo Lộc``), and stands nowhere else in the text but behind a
  word that says what is numbered there.

How many digits it has, and the letters in it, may matter: texts are alike only where these are the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from geoaddr.finding import scoring
from geoaddr.finding.asking import Asked
from geoaddr.finding.geocoder import Geocoder, Hit, joined, shares_of, shown
from geoaddr.finding.homes import Homes
from geoaddr.finding.houses import figures, last_digits, levels_of
from geoaddr.finding.looking import Looking
from geoaddr.finding.records import Match
from geoaddr.finding.streets import Found
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.assembling import Assembler
from geoaddr.interpretation.chains import Chains
from geoaddr.interpretation.detail_lexicon import lexicon
from geoaddr.interpretation.detail_roles import SAME
from geoaddr.interpretation.weighing import SHOWN, weighed
from geoaddr.interpretation.words import WordReader
from geoaddr.interpretation.written import Writings
from geoaddr.known import number_on_street
from geoaddr.model import Components
from geoaddr.store import Door, Reads
from geoaddr.text.fold import fold
from geoaddr.text.masking import masked

MATCHES = 5
"""Matches whose communes are candidates: as many as the scalar verb gives unless it is told otherwise."""

LONGEST = 512
"""Longer texts are understood one by one; they would fill what is remembered of texts."""

MOST_NAMES = 16_384
"""Names in communes whose places are remembered."""

_HOUSE = re.compile(
    r"((?:[Ss](?:ố|o) (?:nh(?:à|a) )?)?)([1-9][0-9]{0,3}[A-Za-z]?(?:/[1-9][0-9]{0,3}[A-Za-z]?){0,4})(?= [^\W\d_])"
)
_FLAT = re.compile(r"((?:[Cc]ăn hộ|[Cc]an ho|CH) )([0-9]{1,3}[A-Za-z]?-[0-9]{1,3}[A-Za-z]?)(?=, )")
_CODED = re.compile(r"[0-9]{5}|\+|[wW][0-9A-Za-z]{11}|@|www|://")
_SAID = re.compile(
    r"\b(?:ngõ|ngo|ngách|ngach|hẻm|hem|kiệt|kiet|thôn|thon|ấp|ap|xóm|xom|khóm|khom|đường số|duong so|"
    r"tầng|tang) "
    r"[0-9][0-9A-Za-z/]*",
    re.IGNORECASE,
)
"""Numbers of alleys, hamlets, streets and floors: no other number of the text is compared with them."""
_DIGITS = re.compile(r"[0-9]+")
_SHAPE = str.maketrans("123456789", "000000000")


class Text(NamedTuple):
    """A text in three pieces: the number of the house, or of the ``flat``, as written, and what stands before and
    after it."""

    before: str
    number: str
    after: str
    flat: bool

    @property
    def kind(self) -> tuple[str, str, str]:
        """What it has in common with all that are alike."""
        return self.before, self.number.translate(_SHAPE), self.after


@dataclass(frozen=True, slots=True)
class Street:
    """What alike texts lead to: the one street, and what their details have in common. ``number``: at the street,
    where it is not their own; ``house_number``: of the house in which they differ by the flat."""

    found: Found
    alley: tuple[str, ...]
    number: int | None
    house_number: str | None

    def at(self, number: str) -> int:
        """The number at the street of a text with this number of its own."""
        at = self.number if self.number is not None else number_on_street(number)
        assert at is not None  # it begins with digits
        return at

    def levels(self, number: str) -> tuple[str, ...]:
        """The number of a text as it is compared with those of doors."""
        if self.house_number is None:
            return levels_of(number, self.alley)
        return (*levels_of(self.house_number, self.alley), *_flat(number))

    def holding(self, levels: tuple[str, ...]) -> str:
        """Digits that the house number of every door of these levels holds: a flat's are not its house's."""
        return last_digits(levels if self.house_number is None else levels[:-2])

    def doors_by_levels(self, doors: Sequence[Door], homes: Homes) -> dict[tuple[str, ...], list[Door]]:
        """The doors that lie in the street's commune, by what their numbers are compared by; a flat by that of its
        house too."""
        found: dict[tuple[str, ...], list[Door]] = {}
        commune, filings = self.found.commune, self.found.filings
        for door in doors:
            if homes.lies_in(door.house, commune, filings):
                levels = levels_of(door.house_number, door.alley)
                found.setdefault(levels, []).append(door)
                if unit := door.stated.get("unit"):
                    found.setdefault((*levels, *_flat(unit)), []).append(door)
        return found


def _flat(unit: str) -> tuple[str, str]:
    """What flats are compared by, behind the levels of their house."""
    return "flat", figures(unit)


class Alike:
    """Finds by text, and says what other texts have the same answer but for the house. Safe to share between
    threads.

    :param as_of: texts are read with the units of that day; without it those of all days compete.
    """

    def __init__(self, geocoder: Geocoder, interpreter: Interpreter, as_of: dt.date | None) -> None:
        self._geocoder, self._interpreter, self._as_of = geocoder, interpreter, as_of
        self._known: dict[tuple[object, ...], list[Found]] = {}

    def text(self, text: str) -> Text | None:
        """The text parted at its house number; ``None`` where another number there may make a difference."""
        found = _HOUSE.match(text) or _FLAT.match(text)
        if found is None or len(text) > LONGEST:
            return None
        before, number = found.groups()
        after = text[found.end() :]
        others = _numbers(after)
        if others is None or number in lexicon().days or not others.isdisjoint(_DIGITS.findall(number)):
            return None
        return Text(before, number, after, found.re is _FLAT)

    def street(self, text: str, parted: Text) -> tuple[Street, list[Match]] | None:
        """The street on which all texts of a kind ask for a house, and what the scalar verb answers where the
        house is known and lies in the street's commune, but for what is the house's own; ``None`` where they may
        differ in more."""
        geocoder = self._geocoder
        reads = geocoder.reads()
        readings = None if reads is None else self._readings(text, parted)
        if reads is None or readings is None:
            return None
        ways = geocoder.asking.of_readings(text, readings)
        if not all(_is_number_alone(parted, way) for way in ways):
            return None
        found = [self._found(reads, way) for way in ways]
        named = [(way, at) for way, there in zip(ways, found, strict=True) for at in there or ()]
        if len(named) != 1 or named[0][0].number is None:
            return None
        hits = [
            hit for way, there in zip(ways, found, strict=True) for hit in geocoder.hits_on(way, there, _house)
        ]
        best, *others = shown(shares_of(joined(hits)), MATCHES)
        if best.found is None:
            return None
        return _street(parted, *named[0]), [self._match(hit) for hit in (best, *others)]

    def _found(self, reads: Reads, way: Asked) -> list[Found] | None:
        """Where the names are that a way to understand a text asks for, remembered."""
        if not way.names:
            return None
        key = (*way.names, *way.communes.items(), *way.provinces.items(), *way.wide.items(), way.anywhere)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_NAMES:
                self._known.clear()
            found = self._known[key] = self._geocoder.streets.find(Looking(reads, False), way)
        return found

    def _match(self, hit: Hit) -> Match:
        """A hit with what it has in common with those of alike texts."""
        parts = scoring.parts(hit.mass, hit.street, hit.number, former=hit.former)
        commune, province = self._geocoder.homes.units(hit.commune) if hit.commune else (None, None)
        house = hit.found is not None
        return Match(
            label="",
            components=Components(),
            postcode=self._geocoder.homes.postcode(hit.commune) if hit.commune else None,
            province=province,
            commune=commune,
            score=scoring.score(parts),
            score_parts=parts,
            weight=round(hit.mass, 4),
            match_level="house" if house else "commune" if commune else "province",
            coordinate_level="house" if house else None,
        )

    def _readings(self, text: str, parted: Text) -> Sequence[Interpretation] | None:
        """The readings of a text whose units are certain from its end, and whose beginning is no name of one."""
        beginning = fold(parted.after[:60]).replace(" ", "")
        if beginning.startswith("thang") or beginning.startswith(self._numbered_names):
            return None
        day = None if self._as_of is None else self._as_of.toordinal()
        found = self._chains.interpret(masked(text), day, SHOWN)
        if found is None or len(found) < SHOWN:
            return found
        return weighed(self._interpreter, text, as_of=self._as_of)  # more of them may matter

    @cached_property
    def _chains(self) -> Chains:
        dictionary = self._interpreter.dictionary
        reader = WordReader(dictionary.syllables, dictionary.keys)
        return Chains(dictionary, reader, Writings(dictionary), Assembler(dictionary))

    @cached_property
    def _numbered_names(self) -> tuple[str, ...]:
        """How names of units go on that begin with a number."""
        dictionary = self._interpreter.dictionary
        found = (
            re.fullmatch(r"(?:so|sonha)?[0-9]+([a-z].*)", key) for key in (*dictionary.keys, *dictionary.shortened)
        )
        return tuple({name[1] for name in found if name})


@lru_cache(maxsize=16_384)
def _numbers(after: str) -> frozenset[str] | None:
    """The numbers behind a text's own but for those that say what they number; ``None`` where there is a code."""
    return None if _CODED.search(after) else frozenset(_DIGITS.findall(_SAID.sub("", after)))


def _house(hit: Hit, asked: Asked) -> list[Hit]:
    """The one household of a house that is known."""
    return [replace(hit, mass=hit.mass * scoring.NUMBERS["house"], number="house")]


def _street(parted: Text, asked: Asked, found: Found) -> Street:
    detail = asked.detail
    if parted.flat:
        return Street(found, detail.alley, asked.number, detail.house_number)
    return Street(found, detail.alley, asked.number if detail.alley else None, None)


def _is_number_alone(parted: Text, way: Asked) -> bool:
    """Whether a way to understand the text has the number as the house's, or the flat's, and as nothing else."""
    detail, begin = way.detail, len(parted.before)
    end = begin + len(parted.number)
    role = "unit" if parted.flat else "house_number"
    roles = [part for part, first, last in detail.parts if first < end and begin < last]
    if roles != [role] or any(part == SAME for part, _, _ in detail.parts):
        return False
    if parted.flat:
        return detail.unit == f"{parted.before}{parted.number}" and detail.house_number is not None
    if detail.house_number != parted.number or detail.unit is not None:
        return False
    return way.number == number_on_street(parted.number, detail.alley)

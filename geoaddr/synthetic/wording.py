"""What the households of a way have in common, in words: street, alleys, hamlet, and the line around a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from geoaddr.synthetic import draws
from geoaddr.synthetic.draws import Use
from geoaddr.synthetic.names import NAMES, STRIDES, name, unaccented
from geoaddr.synthetic.styles import Place, Style
from geoaddr.synthetic.ways import INNER, Houses, Ways, numbered_houses, tower_numbers

NUMBERED_STREETS_SHARE = 0.15
NAMED_HAMLETS_SHARE = 0.5
NUMBERED_HOUSES_SHARE = 0.5
"""How many communes number their streets or name their hamlets, and how many hamlets number their houses."""

BETWEEN_ALLEYS = "; "
"""Between the alleys of a chain, from the street inwards, as records are loaded."""

HAMLET = {"north": "Thôn", "centre": "Thôn", "south": "Ấp"}
BUILDING = "Chung cư"


class WayWords(NamedTuple):
    """The words of one way; ``house`` is the number of an apartment house."""

    street: str | None
    alleys: tuple[str, ...]
    hamlet: str | None
    building: str | None
    house: str | None


@dataclass(slots=True)
class Words:
    """The words of many ways, by column, and for each style the lines before and after a house's number."""

    street: list[str | None] = field(default_factory=list)
    alley: list[str | None] = field(default_factory=list)
    hamlet: list[str | None] = field(default_factory=list)
    building: list[str | None] = field(default_factory=list)
    house: list[str | None] = field(default_factory=list)
    before: dict[Style, list[str]] = field(default_factory=dict)
    after: dict[Style, list[str]] = field(default_factory=dict)


def house_text(number: int, lettered: bool) -> str:
    """A house number as it is written."""
    return f"{number}A" if lettered else str(number)


def words_of(ways: Ways, styles: tuple[Style, ...]) -> Words:
    """The words of ways."""
    words = Words(before={s: [] for s in styles}, after={s: [] for s in styles})
    mouths = _mouth_texts(ways)
    namers = [_Names(int(key)) for key in ways.communes.keys]
    houses = tower_numbers(ways).tolist()
    settled = _Settled(ways)
    columns = (ways.commune, ways.group, ways.part, ways.tower, ways.settlement)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for way, (commune, group, part, tower, settlement) in enumerate(rows):
        owner, namer = ways.communes.communes[commune], namers[commune]
        hamlet = None if owner.urban else namer.hamlet(settled.number[settlement], owner.place.region)
        if owner.urban or settled.has_numbers[settlement]:
            chain = (mouths[way - 2], mouths[way]) if part == INNER else (mouths[way],)
            found = WayWords(
                namer.street(group),
                tuple(text for text in chain if text),
                hamlet,
                f"{BUILDING} {namer.building(group)}" if tower else None,
                str(houses[way]) if tower else None,
            )
        else:
            found = WayWords(None, (), hamlet, None, None)
        _add(words, found, owner.place, settled.former[settlement])
    return words


class _Settled:
    """What each settlement draws: whether its houses have numbers, and which of its old units it writes."""

    def __init__(self, ways: Ways) -> None:
        commune, number = ways.settlement_commune, ways.settlement_number
        keys = ways.communes.keys[commune]
        former = np.array([len(c.place.ends["old"]) for c in ways.communes.communes])
        self.number: list[int] = number.tolist()
        self.has_numbers: list[bool] = (
            draws.share(keys, Use.NUMBERED_HOUSES, number) < NUMBERED_HOUSES_SHARE
        ).tolist()
        self.former: list[int] = draws.below(former[commune], keys, Use.FORMER_UNIT, number).tolist()


class _Names:
    """The names of one commune, as its key draws them."""

    def __init__(self, key: int) -> None:
        self._key = np.uint64(key)
        starts = [int(draws.below(len(NAMES), self._key, u, 0)) for u in (Use.NAME_START, Use.HAMLET_START)]
        self._street, self._hamlet = starts
        self._stride = STRIDES[int(draws.below(len(STRIDES), self._key, Use.NAME_STRIDE, 0))]
        self._numbered = self._drawn(Use.NUMBERED_STREETS, 0) < NUMBERED_STREETS_SHARE
        self._named = self._drawn(Use.NAMED_HAMLETS, 0) < NAMED_HAMLETS_SHARE

    def _drawn(self, use: Use, index: int) -> float:
        return float(draws.share(self._key, use, index))

    def street(self, group: int) -> str:
        return f"Đường số {group + 1}" if self._numbered else name(self._street, self._stride, group)

    def building(self, group: int) -> str:
        return name(self._hamlet, self._stride, group)

    def hamlet(self, settlement: int, region: str) -> str:
        named = name(self._hamlet, self._stride, settlement) if self._named else str(settlement + 1)
        return f"{HAMLET[region]} {named}"


def _mouth_texts(ways: Ways) -> list[str | None]:
    """The number that each alley takes from its mouth."""
    some = np.flatnonzero(ways.mouth >= 0)
    houses: Houses = numbered_houses(ways, ways.parent[some], ways.mouth[some])
    found: list[str | None] = [None] * len(ways.mouth)
    for way, number, lettered in zip(some.tolist(), houses.number.tolist(), houses.lettered.tolist(), strict=True):
        found[way] = house_text(number, lettered)
    return found


def _add(words: Words, way: WayWords, place: Place, former: int) -> None:
    words.street.append(way.street)
    words.alley.append(BETWEEN_ALLEYS.join(way.alleys) or None)
    words.hamlet.append(way.hamlet)
    words.building.append(way.building)
    words.house.append(way.house)
    for style in words.before:
        ends = place.ends[style]
        before, after = line_around(way, place.region, ends[former % len(ends)], short=style == "abbreviated")
        if style == "unaccented":
            before, after = unaccented(before), unaccented(after)
        words.before[style].append(before)
        words.after[style].append(after)


def line_around(way: WayWords, region: str, end: str, *, short: bool) -> tuple[str, str]:
    """An address without its number: what stands before it and what after."""
    rest = ", ".join(part for part in (way.hamlet, end) if part)
    if way.street is None:
        return "", rest
    named = way.street.removeprefix("Đường ")
    street, number = f"{'Đ.' if short else 'đường'} {named}", "" if short else "Số "
    if way.building:
        building = way.building.replace(BUILDING, "CC") if short else way.building
        return "CH " if short else "Căn hộ ", f", {building}, {number.lower()}{way.house} {street}, {rest}"
    if not way.alleys:
        return number, f" {street}, {rest}"
    chain = "/".join(way.alleys)
    if region == "south":
        return f"{chain}/", f" {street}, {rest}"
    alley = "kiệt" if region == "centre" else "ngõ" if len(way.alleys) == 1 else "ngách"
    return number, f" {alley} {chain} {street}, {rest}"

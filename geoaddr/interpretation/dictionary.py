"""The dictionary: every unit of every era, the names that it answers to, and which units hold which.

An *entity* is one unit in one era (before the reform of 1 July 2025, since, or both for what did not change);
it has one number here, whatever stretches its life has. Names are keyed by their folded letters without
blanks, so that glued and parted writing meet.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import NO_KEY, OPEN
from geoaddr.interpretation.lexicon import lexicon
from geoaddr.interpretation.spelling import deletions
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold_keep_accents

OLD, NEW, BOTH = 0, 1, 2
PROVINCE, DISTRICT, COMMUNE = range(3)
FUZZY_FROM = 4
"""Letters that a name must have before a typo in it is looked for."""

_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
ROMAN = {numeral: str(number) for number, numeral in enumerate(_NUMERALS, 1)}
"""Numerals as names have them, folded."""


@dataclass(slots=True)
class Entity:
    """A unit in one era. ``rows``: its stretches, oldest first. ``holders``: the entities of higher levels
    that it may be written with; the value is true where that mixes the eras."""

    rank: int
    era: int
    rows: list[int]
    key: int
    parent: int | None = None


Held = tuple[int, str, int]
"""A name's letters as bits, its key, and the unit that it names."""


class Name(NamedTuple):
    """A name of an entity; ``text`` as written in full, ``alias`` when it is not the unit's own."""

    entity: int
    type: str | None
    text: str
    alias: bool

    @property
    def accented(self) -> str:
        """The name's letters with accents, without blanks."""
        return joined_accents(self.text)


def letters_of(key: str) -> int:
    """Which letters and digits a key has, as bits."""
    bits = 0
    for letter in set(key):
        bits |= 1 << (ord(letter) & 63)
    return bits


_ACCENTS: dict[str, str] = {}


def joined_accents(text: str) -> str:
    """The letters of a name with accents in their canonical place, without blanks."""
    known = _ACCENTS.get(text)
    if known is None:
        known = _ACCENTS[text] = fold_keep_accents(text).replace(" ", "")
    return known


class Dictionary:
    """Names to entities, entities to units. Built once from a gazetteer; read-only and safe to share."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.units, self._names, self._changes = gazetteer.tables
        self.today = gazetteer.date.toordinal()
        self.entities: list[Entity] = []
        self._of_row: list[int] = []
        self._old: dict[int, int] = {}
        self._new: dict[int, int] = {}
        self._read_entities()
        self.kinds = [2 * entity.rank + (entity.era == OLD) for entity in self.entities]
        """For each entity its rank, twice, and one more for a unit of before the reform."""
        self.holders: list[dict[int, bool]] = self._read_holders()
        self.index: dict[str, list[Name]] = defaultdict(list)
        self.shortened: dict[str, list[Name]] = defaultdict(list)
        self._inside: dict[int, tuple[tuple[int, tuple[Held, ...]], ...]] = {}
        self.syllables: set[str] = lexicon().syllables()
        self._read_names()

    def unit(self, entity: int, day: int | None) -> Unit:
        """The unit as it was on a day, or as it was last before that; without a day as it was last."""
        rows = self.entities[entity].rows
        if day is not None:
            for row in reversed(rows):
                if self.units.begins[row] <= day:
                    return self.units.unit(row)
        return self.units.unit(rows[-1])

    def begins(self, entity: int) -> int:
        """The day on which the entity's life begins."""
        return int(self.units.begins[self.entities[entity].rows[0]])

    def holds(self, entity: int, day: int) -> bool:
        """Whether the entity was in force on a day."""
        return any(self.units.holds(row, day) for row in self.entities[entity].rows)

    def similar(self, key: str) -> list[str]:
        """The keys of names that differ from ``key`` by a letter or two: one left out on either side."""
        found = set(self._left_out.get(key, ()))
        for shorter in deletions(key):
            if shorter in self.index:
                found.add(shorter)
            found.update(self._left_out.get(shorter, ()))
        found.discard(key)
        return sorted(found)

    @cached_property
    def _left_out(self) -> dict[str, tuple[str, ...]]:
        # tuples of texts, here and below: the garbage collector stops looking at them, which keeps its
        # pauses out of the answers
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.index:
            if len(key) >= FUZZY_FROM and not key.isdigit():
                for shorter in set(deletions(key)):
                    found[shorter].append(key)
        return {shorter: tuple(keys) for shorter, keys in found.items()}

    def inside(self, holder: int) -> tuple[tuple[int, tuple[Held, ...]], ...]:
        """The names of all units that may be written with a higher one, by the length of their keys."""
        known = self._inside.get(holder)
        if known is None:
            found: dict[int, set[Held]] = defaultdict(set)
            for entity in self._held.get(holder, ()):
                for key in self._keys_of[entity]:
                    found[len(key)].add((letters_of(key), key, entity))
            known = tuple((length, tuple(sorted(names))) for length, names in sorted(found.items()))
            self._inside[holder] = known
        return known

    @cached_property
    def _held(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = defaultdict(list)
        for entity, holders in enumerate(self.holders):
            for holder in holders:
                found[holder].append(entity)
        return {holder: tuple(entities) for holder, entities in found.items()}

    @cached_property
    def _keys_of(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, list[str]] = defaultdict(list)
        for key, names in self.index.items():
            for name in names:
                found[name.entity].append(key)
        return {entity: tuple(keys) for entity, keys in found.items()}

    def _read_entities(self) -> None:
        reform = REFORM.toordinal()
        keys, begins = self.units.keys.tolist(), self.units.begins.tolist()
        ends, continues = self.units.ends.tolist(), self.units.continues.tolist()
        for row, key in enumerate(keys):
            era = NEW if begins[row] >= reform else BOTH if ends[row] == OPEN or ends[row] > reform else OLD
            last = self.entities[-1] if continues[row] else None
            if last is not None and (last.era == era or last.era == BOTH or era == BOTH):
                last.rows.append(row)
                last.era = last.era if last.era == era else BOTH
            else:
                self.entities.append(Entity(key // 100_000, era, [row], key))
            number = len(self.entities) - 1
            self._of_row.append(number)
            era = self.entities[number].era
            if era != NEW:
                self._old[key] = number
            if era != OLD:
                self._new[key] = number
        parents = self.units.parents
        for entity in self.entities:
            above = parents[entity.rows[-1]]
            if above != NO_KEY:
                entity.parent = (self._new if entity.era == NEW else self._old)[above]

    def _read_holders(self) -> list[dict[int, bool]]:
        holders: list[dict[int, bool]] = []
        for entity in self.entities:
            mine: dict[int, bool] = {}
            above = entity.parent
            while above is not None:
                mine[above] = False
                above = self.entities[above].parent
            holders.append(mine)
        reform = REFORM.toordinal()
        for old_key, new_key, on in self._changes.pairs():
            if on != reform:
                continue
            old, new = self._old[old_key], self._new[new_key]
            if self.entities[new].rank == PROVINCE:
                continue
            province = self.entities[new].parent
            for holder in [*holders[old], *([old] if self.entities[old].rank == DISTRICT else ())]:
                holders[new].setdefault(holder, True)
                if self.entities[holder].rank == DISTRICT and province is not None:
                    holders[holder].setdefault(province, True)
            if province is not None:
                holders[old].setdefault(province, True)
        return holders

    def _read_names(self) -> None:
        seen = set()
        units = self.units
        for key, row, kind, text in self._names.entries():
            entity = self._of_row[row]
            name = text or units.name(row)
            alias = bool(text) and all(units.name(own) != text for own in self.entities[entity].rows)
            if (key, entity, kind, name) in seen:
                continue
            seen.add((key, entity, kind, name))
            self.index[key.replace(" ", "")].append(Name(entity, kind, name, alias))
            if key in ROMAN:  # Phường III of Vị Thanh is written Phường 3 as well
                self.index[ROMAN[key]].append(Name(entity, kind, name, alias))
            words = key.split()
            self.syllables.update(words)
            if len(words) > 1 and self.entities[entity].rank != COMMUNE:
                self.shortened[words[0][0] + "".join(words[1:])].append(Name(entity, kind, name, True))
                if self.entities[entity].rank == PROVINCE:
                    self.shortened["".join(word[0] for word in words)].append(Name(entity, kind, name, True))


def day_number(day: dt.date | None) -> int | None:
    """A day as the dictionary counts them."""
    return None if day is None else day.toordinal()

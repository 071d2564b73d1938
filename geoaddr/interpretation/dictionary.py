"""The dictionary: every unit of every era, the names that it answers to, and which units hold which.

An *entity* is one unit in one era (before the reform of 1 July 2025, since, or both for what did not change);
it has one number here, whatever stretches its life has. Names are keyed by their folded letters without
blanks, so that glued and parted writing meet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.changes import ChangeTable
from geoaddr.gazetteer.layout import NO_KEY, OPEN
from geoaddr.interpretation.lexicon import lexicon
from geoaddr.interpretation.spelling import one_left_out
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold_keep_accents

OLD, NEW, BOTH = 0, 1, 2
PROVINCE, DISTRICT, COMMUNE = range(3)
FUZZY_FROM = 4
"""Letters that a name must have before a typo in it is looked for."""

MOST_ALIKE = 16_384
"""Misspelt names for which it is remembered what they are like."""

_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
ROMAN = {numeral: str(number) for number, numeral in enumerate(_NUMERALS, 1)}
"""Numerals as names have them, folded."""


@dataclass(slots=True)
class Entity:
    """A unit in one era. ``rows``: its stretches, oldest first. ``parent``: what held it last."""

    rank: int
    era: int
    rows: list[int]
    key: int
    parent: int | None = None


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


_ACCENTS: dict[str, str] = {}


def joined_accents(text: str) -> str:
    """The letters of a name with accents in their canonical place, without blanks."""
    known = _ACCENTS.get(text)
    if known is None:
        known = _ACCENTS[text] = fold_keep_accents(text).replace(" ", "")
    return known


class Index(dict[str, list[Name]]):
    """The names of keys, each list made when it is first asked for."""

    def __init__(self, make: Callable[[str], list[Name]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: str) -> list[Name]:
        names = self[key] = self._make(key)
        return names


class Dictionary:
    """Names to entities, entities to units. Built once from a gazetteer; read-only and safe to share.

    One answer needs few of its names, so what can be made when it is needed is left until then.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.units, names, changes = gazetteer.tables
        self.units.take_in()
        changes.take_in()
        self.today = gazetteer.date.toordinal()
        self.names = names.columns()
        self.entities: list[Entity] = []
        self.of_row: list[int] = []
        """For each stretch of a unit's life its entity."""
        self._old: dict[int, int] = {}
        self._new: dict[int, int] = {}
        self._read_entities()
        self.kinds = [2 * entity.rank + (entity.era == OLD) for entity in self.entities]
        """For each entity its rank, twice, and one more for a unit of before the reform."""
        self.links = self._links(changes)
        """The entities that the reform made of others: each older one with each that it went into."""
        self.holders = Holders(self.entities, self.links)
        """For each entity those of higher levels that it may be written with."""
        self.keys = self._places_of_keys()
        """Every key that names something, with its places among the names."""
        self.index = Index(self._named)
        self.shortened = self._shortened()
        """Names of provinces and districts by initials: of the first word, or of all of a province's."""
        self._inside: dict[int, dict[str, tuple[int, ...]]] = {}
        self._alike: dict[str, tuple[str, ...]] = {}
        self.syllables: set[str] = lexicon().syllables() | set(" ".join(self.names.keys).split())

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

    def similar(self, key: str) -> tuple[str, ...]:
        """The keys of names that differ from ``key`` by a letter or two: one left out on either side."""
        known = self._alike.get(key)
        if known is None:
            if len(self._alike) >= MOST_ALIKE:
                self._alike.clear()
            known = self._alike[key] = tuple(sorted(self._similar(key)))
        return known

    def _similar(self, key: str) -> Iterator[str]:
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import extract

        like = self._of_like_length.get(len(key), ())
        for other, _, _ in extract(key, like, scorer=Levenshtein.distance, score_cutoff=2, limit=None):
            if one_left_out(key, other):
                yield other

    @cached_property
    def _of_like_length(self) -> dict[int, tuple[str, ...]]:
        """For each length of a misspelt name the keys that may be meant: those with as many letters, one less or
        one more. Numbers and the shortest names are meant only by what has a letter too many."""
        found: dict[int, list[str]] = defaultdict(list)
        for key in self.keys:
            length = len(key)
            found[length + 1].append(key)
            if length >= FUZZY_FROM and not key.isdigit():
                found[length].append(key)
                found[length - 1].append(key)
        # tuples of texts, here and below: the garbage collector stops looking at them, which keeps its
        # pauses out of the answers
        return {length: tuple(keys) for length, keys in found.items()}

    def inside(self, holder: int) -> Mapping[str, tuple[int, ...]]:
        """The keys of all units that may be written with a higher one, each with the units that it names."""
        known = self._inside.get(holder)
        if known is None:
            found: dict[str, list[int]] = defaultdict(list)
            for entity in self._held.get(holder, ()):
                for key in self._keys_of[entity]:
                    if entity not in found[key]:
                        found[key].append(entity)
            known = self._inside[holder] = {key: tuple(entities) for key, entities in sorted(found.items())}
        return known

    @cached_property
    def _held(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = defaultdict(list)
        for entity in range(len(self.entities)):
            for holder in self.holders[entity]:
                found[holder].append(entity)
        return {holder: tuple(entities) for holder, entities in found.items()}

    @cached_property
    def _keys_of(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, list[str]] = defaultdict(list)
        starts, rows = self.names.starts, self.names.rows
        for key, places in self.keys.items():
            for place in places:
                for row in rows[starts[place] : starts[place + 1]]:
                    found[self.of_row[row]].append(key)
        return {entity: tuple(keys) for entity, keys in found.items()}

    def _read_entities(self) -> None:
        reform = REFORM.toordinal()
        entities, of_row, old, new = self.entities, self.of_row, self._old, self._new
        units = self.units
        columns = (units.keys, units.begins, units.ends, units.continues)
        last: Entity | None = None
        for row, (key, begin, end, continues) in enumerate(zip(*columns, strict=True)):
            era = NEW if begin >= reform else BOTH if end == OPEN or end > reform else OLD
            if last is not None and continues and (last.era == era or last.era == BOTH or era == BOTH):
                last.rows.append(row)
                last.era = era = last.era if last.era == era else BOTH
            else:
                last = Entity(key // 100_000, era, [row], key)
                entities.append(last)
            number = len(entities) - 1
            of_row.append(number)
            if era != NEW:
                old[key] = number
            if era != OLD:
                new[key] = number
        parents = units.parents
        for entity in entities:
            above = parents[entity.rows[-1]]
            if above != NO_KEY:
                entity.parent = (new if entity.era == NEW else old)[above]

    def _links(self, changes: ChangeTable) -> list[tuple[int, int]]:
        reform = REFORM.toordinal()
        old, new = self._old, self._new
        return [(old[before], new[after]) for before, after, on in changes.pairs() if on == reform]

    def _places_of_keys(self) -> dict[str, tuple[int, ...]]:
        places: dict[str, tuple[int, ...]] = {}
        for place, key in enumerate(self.names.keys):
            joined = key.replace(" ", "")
            places[joined] = (*places[joined], place) if joined in places else (place,)
        for place, key in enumerate(self.names.keys):
            if key in ROMAN:  # Phường III of Vị Thanh is written Phường 3 as well
                places[ROMAN[key]] = (*places.get(ROMAN[key], ()), place)
        return places

    def _named(self, key: str) -> list[Name]:
        return [name for place in self.keys.get(key, ()) for name in self._names_at(place)]

    def _names_at(self, place: int) -> list[Name]:
        columns, words, units = self.names, self.units.type_words, self.units
        found: dict[Name, None] = {}
        for i in range(columns.starts[place], columns.starts[place + 1]):
            row, kind, text = columns.rows[i], columns.types[i], columns.texts[i]
            entity = self.of_row[row]
            alias = bool(text) and all(units.name(own) != text for own in self.entities[entity].rows)
            found[Name(entity, words[kind] if kind < len(words) else None, text or units.name(row), alias)] = None
        return list(found)

    def _shortened(self) -> dict[str, list[Name]]:
        found: dict[str, list[Name]] = defaultdict(list)
        starts, rows = self.names.starts, self.names.rows
        communes = bisect_left(self.units.keys, COMMUNE * 100_000)
        for place, key in enumerate(self.names.keys):
            if min(rows[starts[place] : starts[place + 1]]) >= communes:
                continue
            words = key.split()
            for name in self._names_at(place) if len(words) > 1 else ():
                rank = self.entities[name.entity].rank
                named = Name(name.entity, name.type, name.text, alias=True)
                if rank != COMMUNE:
                    found[words[0][0] + "".join(words[1:])].append(named)
                if rank == PROVINCE:
                    found["".join([word[0] for word in words])].append(named)
        return dict(found)


class Holders(dict[int, dict[int, bool]]):
    """For each entity those of higher levels that it may be written with, and whether that mixes the eras;
    worked out when it is first asked for.

    A unit of before the reform may be written with the province that it went to; one of since with the
    districts and provinces of what it was made of; a district with the province that anything in it went to.

    :param links: the entities that the reform made of others: each older one with each that it went into.
    """

    def __init__(self, entities: list[Entity], links: list[tuple[int, int]]) -> None:
        super().__init__()
        self._entities = entities
        self._made_of: dict[int, list[int]] = defaultdict(list)
        self._provinces: dict[int, dict[int, bool]] = defaultdict(dict)
        for old, new in links:
            if entities[new].rank == PROVINCE:
                continue
            self._made_of[new].append(old)
            province, above = entities[new].parent, entities[old].parent
            if province is not None:
                self._provinces[old][province] = True
                if above is not None and entities[above].rank == DISTRICT:
                    self._provinces[above][province] = True

    def __missing__(self, entity: int) -> dict[int, bool]:
        mine = dict.fromkeys(self._above(entity), False)
        for old in self._made_of.get(entity, ()):
            for holder in (*self._above(old), *((old,) if self._entities[old].rank == DISTRICT else ())):
                mine.setdefault(holder, True)
        for province in self._provinces.get(entity, ()):
            mine.setdefault(province, True)
        self[entity] = mine
        return mine

    def _above(self, entity: int) -> list[int]:
        found = []
        above = self._entities[entity].parent
        while above is not None:
            found.append(above)
            above = self._entities[above].parent
        return found

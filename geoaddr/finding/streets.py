"""A name in the communes where it may be: exactly, misspelt, or in another commune of the same province."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geoaddr.disclosure import FEWEST_HOUSEHOLDS
from geoaddr.finding import scoring
from geoaddr.finding.asking import Asked, Name
from geoaddr.finding.filings import Filings
from geoaddr.finding.former import Former
from geoaddr.finding.homes import Homes
from geoaddr.finding.looking import Looking
from geoaddr.known import is_day_or_road
from geoaddr.store import Door, Filed, House, Kept, Reads

MISSPELT_IN = 12
"""Up to so many communes all names are compared with one that may be misspelt; of more, those that begin alike."""

BEGINNING = 2
"""So many letters are taken to be right where a misspelt name is looked for in many communes."""

MOST_NAMES = 2_000
"""Names that are looked at where no unit says in which communes."""

MANY = 24
"""From so many communes on it is remembered under which codes they were filed: a province's, say."""

MOST_REMEMBERED = 64

SHARPNESS = 4
"""How much less likely one of two like names is: this power of its likeness."""


@dataclass(frozen=True, slots=True)
class Found:
    """A street or place of one commune of today that may be meant: its key there, how like the one asked for
    it is, its mass, and the codes that its addresses were filed under. ``former``: it was asked for by the name
    that it had before."""

    name: Name
    key: str
    commune: str
    like: float
    mass: float
    filings: Filings
    former: bool = False


class Streets:
    """Looks names up in communes of today. Safe to share between threads."""

    def __init__(self, homes: Homes) -> None:
        self._homes, self._present = homes, homes.present
        self._former = Former(homes)
        self._many: dict[tuple[str, ...], Filings] = {}

    def find(self, looking: Looking, asked: Asked) -> list[Found]:
        """Where the first of the names that is known anywhere is: in the communes that were named, else
        :meth:`elsewhere`."""
        return self.in_named(looking, asked) or self.elsewhere(looking, asked)

    def elsewhere(self, looking: Looking, asked: Asked) -> list[Found]:
        """The same where no name is known in the communes that were named: by a name of before, then in others of
        their province, then, where no unit was named, in all the country."""
        return (
            self._renamed_in_named(looking, asked) or self._in_wide(looking, asked) or self._in_all(looking, asked)
        )

    def in_named(self, looking: Looking, asked: Asked) -> list[Found]:
        """Where the first of the names is that is known in the communes that were named, exactly or misspelt."""
        filings = self._filings(asked.communes)

        def look(name: Name) -> list[Found]:
            if asked.number is not None and len(asked.communes) <= MISSPELT_IN:
                looking.meet(name.kind, asked.at(name.key, filings.codes))
            return self._in(looking, name, asked.communes, filings)

        return _first(_names(looking, asked), look)

    def _renamed_in_named(self, looking: Looking, asked: Asked) -> list[Found]:
        if looking.area_only or not asked.communes:
            return []
        return _first(_names(looking, asked), lambda name: self._renamed(looking, name, asked))

    def _in_wide(self, looking: Looking, asked: Asked) -> list[Found]:
        spread = {c: mass for c, mass in asked.wide.items() if c not in asked.communes}
        if not spread:
            return []
        filings = self._filings(asked.wide)
        names = filter(_is_own, _names(looking, asked))
        return _first(names, lambda name: self._wide(looking, name, asked, spread, filings))

    def _in_all(self, looking: Looking, asked: Asked) -> list[Found]:
        if not asked.anywhere:
            return []
        names = filter(_is_own, _names(looking, asked))
        return _first(names, lambda name: self._anywhere(looking, name, asked.anywhere))

    def houses(self, reads: Reads, at: Found, numbers: range | None = None) -> list[House]:
        """The houses of what was found that lie in its commune."""
        found = reads.houses(at.name.kind, at.key, at.filings.codes, numbers)
        sure = {filed for filed in {house.filed for house in found} if self._wholly(filed, at)}
        lies_in = self._homes.lies_in
        return [house for house in found if house.filed in sure or lies_in(house, at.commune, at.filings)]

    def kept(self, reads: Reads, at: Found) -> Kept | None:
        """What an engine keeps of these houses, where all that bear the name lie in the commune."""
        (kept,) = reads.middles(at.name.kind, [(at.key, at.filings.codes)])
        return kept if kept is not None and self._wholly(kept.filed, at) else None

    def _wholly(self, filed: Filed, at: Found) -> bool:
        """Whether all that was filed so lies in the commune of what was found."""
        return at.commune in at.filings.communes(filed) and not at.filings.divided(filed, self._present)

    def doors(self, looking: Looking, found: Sequence[Found], asked: Asked) -> list[list[Door]]:
        """What stands at the number that is asked for of each of what was found, in its commune."""
        wanted = [asked.at(at.key, at.filings.codes) for at in found]
        told = looking.doors(found[0].name.kind, wanted, self._filings(asked.communes).codes)
        lies_in = self._homes.lies_in
        return [
            [self._homes.door(door) for door in doors if lies_in(door.house, at.commune, at.filings)]
            for at, doors in zip(found, told, strict=True)
        ]

    def _filings(self, communes: Collection[str]) -> Filings:
        """Under which codes to look for what lies in some communes, remembered."""
        if len(communes) == 1:
            (commune,) = communes
            return self._homes.filings_of(commune)
        key = tuple(communes)
        found = self._many.get(key)
        if found is None:
            found = Filings(self._present, communes)
            if len(communes) >= MANY:
                if len(self._many) >= MOST_REMEMBERED:
                    self._many.clear()
                self._many[key] = found
        return found

    def _in(self, looking: Looking, name: Name, communes: Mapping[str, float], filings: Filings) -> list[Found]:
        """The name in these communes, each with its mass, else those that are like it."""
        if not communes:
            return []
        found = self._of(looking, name, {name.key: 1.0}, communes, filings)
        if found or name.spelt:
            return found
        begin = 0 if len(communes) <= MISSPELT_IN else BEGINNING
        return self._of(looking, name, looking.like(name.kind, name.key, filings.codes, begin), communes, filings)

    def _wide(
        self, looking: Looking, name: Name, asked: Asked, communes: Mapping[str, float], filings: Filings
    ) -> list[Found]:
        """The name in the provinces: where only they were understood, and else, less likely, in another commune
        than the one named. What a reading weighs is shared among the communes that have the name."""
        found = self._in(looking, name, communes, filings)
        if not found or not asked.communes:
            total = sum(each.mass for each in found)
            return [replace(each, mass=communes[each.commune] * each.mass / total) for each in found]
        near = [any(self._homes.touch(each.commune, named) for named in asked.communes) for each in found]
        parts = [scoring.NEXT_COMMUNE if at_hand else scoring.FAR_COMMUNE for at_hand in near]
        counts = {part: parts.count(part) for part in parts}
        return [
            replace(each, mass=each.mass * part / counts[part]) for each, part in zip(found, parts, strict=True)
        ]

    def _renamed(self, looking: Looking, name: Name, asked: Asked) -> list[Found]:
        """What the name is now that it had before, in the communes that were named."""
        found: list[Found] = []
        for commune, key in self._former.names(looking.reads, name, asked).items():
            mass = {commune: asked.communes[commune] * scoring.FORMER}
            now = self._of(looking, name._replace(key=key), {key: 1.0}, mass, self._homes.filings_of(commune))
            found += [replace(each, former=True) for each in now]
        return found

    def _anywhere(self, looking: Looking, name: Name, mass: float) -> list[Found]:
        names = looking.reads.names(name.kind, name.key, None, MOST_NAMES)
        codes = {self._present.code(named.filed) for named in names if named.key == name.key} - {None}
        communes = {code: mass / len(codes) for code in codes if code is not None}
        return self._of(looking, name, {name.key: 1.0}, communes, self._filings(communes)) if communes else []

    def _of(
        self,
        looking: Looking,
        name: Name,
        like: Mapping[str, float],
        communes: Mapping[str, float],
        filings: Filings,
    ) -> list[Found]:
        """The names that are like the one asked for, where they are known in these communes."""
        counted: dict[tuple[str, str], int] = {}
        for (key, filed), count in looking.known(name.kind, like, filings.codes):
            if looking.area_only and filings.divided(filed, self._present):
                count = 0  # an address of a divided commune may lie elsewhere: it tells nothing where no point may
            for commune in filings.communes(filed):
                if commune in communes:
                    counted[commune, key] = counted.get((commune, key), 0) + count
        least = FEWEST_HOUSEHOLDS if looking.area_only else 1
        return [
            Found(
                name,
                key,
                commune,
                like[key],
                communes[commune] * like[key] ** SHARPNESS,
                self._homes.filings_of(commune),
            )
            for (commune, key), count in counted.items()
            if count >= least
        ]


def _first(names: Iterable[Name], look: Callable[[Name], list[Found]]) -> list[Found]:
    """What is found by the first of some names that is known."""
    return next(filter(None, map(look, names)), [])


def _names(looking: Looking, asked: Asked) -> list[Name]:
    if not looking.area_only:
        return asked.names
    return [name for name in asked.names if name.level in ("street", "hamlet")]


def _is_own(name: Name) -> bool:
    """Whether a name is told apart from others of its kind: hamlets and numbered streets have theirs
    everywhere, but for days (``3/2``) and the roads of the country and of provinces."""
    if name.level == "hamlet":
        return False
    worded = any(word.isalpha() and len(word) > 1 for word in name.key.split())
    return worded or (name.kind == "street" and is_day_or_road(name.key))

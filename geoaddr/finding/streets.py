"""A name in the communes where it may be: exactly, misspelt, or in another commune of the same province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geoaddr.disclosure import FEWEST_HOUSEHOLDS
from geoaddr.finding import scoring
from geoaddr.finding.asking import Asked, Name
from geoaddr.finding.filings import Filings
from geoaddr.finding.former import Former
from geoaddr.finding.homes import Homes
from geoaddr.store import Door, House, Named, Numbered, Reads

MISSPELT_IN = 12
"""Up to so many communes all names are compared with one that may be misspelt; of more, those that begin alike."""

BEGINNING = 2
"""So many letters are taken to be right where a misspelt name is looked for in many communes."""

MOST_NAMES = 2_000
"""Names that are looked at where no unit says in which communes."""


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

    def find(self, reads: Reads, asked: Asked, *, area_only: bool) -> list[Found]:
        """Where the first of the names that is known anywhere is, best first: in the communes that were named,
        exactly, misspelt or by a name of before, then in others of their province, then, where no unit was
        named, in all the country."""
        names = [name for name in asked.names if not area_only or name.level in ("street", "hamlet")]
        for name in names:
            if found := self._in(reads, name, asked.communes, area_only, fuzzy=True):
                return found
        for name in names if asked.communes and not area_only else ():
            if found := self._renamed(reads, name, asked):
                return found
        spread = {c: mass for c, mass in asked.wide.items() if c not in asked.communes}
        for name in filter(_is_own, names):
            if found := self._wide(reads, name, asked, spread, area_only):
                return found
        for name in filter(_is_own, names) if asked.anywhere else ():
            if found := self._anywhere(reads, name, asked.anywhere, area_only):
                return found
        return []

    def houses(self, reads: Reads, at: Found, numbers: range | None = None) -> list[House]:
        """The houses of what was found that lie in its commune."""
        found = reads.houses(at.name.kind, at.key, at.filings.codes, numbers)
        return [house for house in found if self._homes.lies_in(house, at.commune, at.filings)]

    def doors(self, reads: Reads, at: Found, number: int, holding: str) -> list[Door]:
        """What stands at one number of what was found, in its commune: see :class:`Numbered`."""
        (found,) = reads.doors(at.name.kind, [Numbered(at.key, tuple(at.filings.codes), number, holding)])
        return [door for door in found if self._homes.lies_in(door.house, at.commune, at.filings)]

    def _in(
        self, reads: Reads, name: Name, communes: Mapping[str, float], area_only: bool, *, fuzzy: bool
    ) -> list[Found]:
        """The name in these communes, each with its mass."""
        if not communes:
            return []
        filings = Filings(self._present, communes)
        exact = reads.names(name.kind, name.key, filings.codes)
        found = self._of(name, {name.key: 1.0}, exact, communes, filings, area_only)
        if found or not fuzzy:
            return found
        begin = "" if len(communes) <= MISSPELT_IN else name.key[:BEGINNING]
        known = reads.names(name.kind, begin, filings.codes)
        like = scoring.alike(name.key, {named.key for named in known})
        return self._of(name, like, known, communes, filings, area_only)

    def _wide(
        self, reads: Reads, name: Name, asked: Asked, communes: Mapping[str, float], area_only: bool
    ) -> list[Found]:
        """The name in the provinces: where only they were understood, and else, less likely, in another commune
        than the one named. What a reading weighs is shared among the communes that have the name."""
        found = self._in(reads, name, communes, area_only, fuzzy=True)
        if not found or not asked.communes:
            total = sum(each.mass for each in found)
            return [replace(each, mass=communes[each.commune] * each.mass / total) for each in found]
        near = [any(self._homes.touch(each.commune, named) for named in asked.communes) for each in found]
        parts = [scoring.NEXT_COMMUNE if at_hand else scoring.FAR_COMMUNE for at_hand in near]
        counts = {part: parts.count(part) for part in parts}
        return [
            replace(each, mass=each.mass * part / counts[part]) for each, part in zip(found, parts, strict=True)
        ]

    def _renamed(self, reads: Reads, name: Name, asked: Asked) -> list[Found]:
        """What the name is now that it had before, in the communes that were named."""
        found: list[Found] = []
        for commune, key in self._former.names(reads, name, asked).items():
            mass = {commune: asked.communes[commune] * scoring.FORMER}
            now = self._in(reads, name._replace(key=key), mass, False, fuzzy=False)
            found += [replace(each, former=True) for each in now]
        return found

    def _anywhere(self, reads: Reads, name: Name, mass: float, area_only: bool) -> list[Found]:
        names = reads.names(name.kind, name.key, None, MOST_NAMES)
        codes = {self._present.code(named.filed) for named in names if named.key == name.key} - {None}
        communes = {code: mass / len(codes) for code in codes if code is not None}
        return self._in(reads, name, communes, area_only, fuzzy=False)

    def _of(
        self,
        name: Name,
        like: Mapping[str, float],
        known: Sequence[Named],
        communes: Mapping[str, float],
        filings: Filings,
        area_only: bool,
    ) -> list[Found]:
        counted: dict[tuple[str, str], int] = {}
        for named in known:
            if named.key in like:
                for commune in filings.communes(named.filed):
                    # an address of a divided commune may lie elsewhere: it tells nothing where no point may
                    whole = not filings.divided(named.filed, self._present)
                    count = (named.vouched if whole else 0) if area_only else named.standing
                    counted[commune, named.key] = counted.get((commune, named.key), 0) + count
        least = FEWEST_HOUSEHOLDS if area_only else 1
        return [
            Found(name, key, commune, like[key], communes[commune] * like[key] ** SHARPNESS,
                  Filings(self._present, [commune]))
            for (commune, key), count in counted.items()
            if count >= least
        ]  # fmt: skip


def _is_own(name: Name) -> bool:
    """Whether a name is told apart from others of its kind: hamlets and numbered streets have theirs
    everywhere."""
    return name.level != "hamlet" and any(word.isalpha() and len(word) > 1 for word in name.key.split())

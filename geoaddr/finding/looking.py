"""Names of a registry as one text asks for them: the ways to understand it have most of them in common, so each is
looked up once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from geoaddr.finding import scoring
from geoaddr.store import Borne, Door, Kind, Numbered, Reads


class Known(NamedTuple):
    """A street or place of a commune as it was filed, and of how many ``households`` that is known: those that
    are vouched for where these are counted, else 1."""

    borne: Borne
    households: int


class Looking:
    """Looks names up for one text. Not to be shared between threads.

    :param area_only: counts those that are vouched for.
    """

    def __init__(self, reads: Reads, area_only: bool) -> None:
        self.reads, self.area_only = reads, area_only
        self._known: dict[tuple[Kind, str, tuple[str, ...]], list[Known]] = {}
        self._doors: dict[tuple[Kind, Numbered], list[Door]] = {}
        self._like: dict[tuple[Kind, str, tuple[str, ...], int], dict[str, float]] = {}

    def meet(self, kind: Kind, wanted: Numbered) -> None:
        """Ask for a name and for what stands at a number there together: both are told at once later."""
        at = (kind, wanted.key, wanted.communes)
        if at not in self._known and wanted.communes and not self.area_only:
            borne, doors = self.reads.met(kind, wanted)
            self._known[at] = [Known(each, 1) for each in borne]
            self._doors[kind, wanted] = doors

    def doors(self, kind: Kind, wanted: Sequence[Numbered], among: tuple[str, ...]) -> list[list[Door]]:
        """What stands at each of some numbers: see :meth:`Reads.doors`.

        :param among: the codes that :meth:`meet` may have been asked for, those of others among them.
        """
        met = [
            self._doors.get((kind, each._replace(communes=among))) if set(each.communes) <= set(among) else None
            for each in wanted
        ]
        told = [doors for doors in met if doors is not None]
        return told if len(told) == len(wanted) else self.reads.doors(kind, wanted)

    def known(self, kind: Kind, keys: Iterable[str], codes: tuple[str, ...]) -> list[Known]:
        """Where some names are known, of the communes filed under some codes."""
        found: list[Known] = []
        new = [key for key in dict.fromkeys(keys) if (kind, key, codes) not in self._known]
        if new and codes:
            asked: dict[str, list[Known]] = {key: [] for key in new}
            for each in self._asked(kind, new, codes):
                asked[each.borne.key].append(each)
            self._known |= {(kind, key, codes): there for key, there in asked.items()}
        for key in dict.fromkeys(keys):
            found += self._known.get((kind, key, codes), ())
        return found

    def like(self, kind: Kind, key: str, codes: tuple[str, ...], begin: int) -> dict[str, float]:
        """The names there that are a slip away from one, with how like it they are; none where somebody bears that
        itself.

        :param begin: so many letters of it are right.
        """
        asked = (kind, key, codes, begin)
        if asked not in self._like:
            there = () if self.known(kind, [key], codes) else self.reads.keys(kind, key[:begin], codes)
            self._like[asked] = scoring.alike(key, [each for each in there if each != key])
        return self._like[asked]

    def _asked(self, kind: Kind, keys: Collection[str], codes: tuple[str, ...]) -> list[Known]:
        if not self.area_only:
            return [Known(borne, 1) for borne in self.reads.bearing(kind, keys, codes)]
        return [
            Known(Borne(named.key, named.filed), named.vouched)
            for key in keys
            for named in self.reads.names(kind, key, codes)
            if named.key == key
        ]

"""One reader's sight: what the grants cover of the platform's answers.

Answers that are made of many households (what a search finds, what a verdict is based on) are asked for twice
where a reader may see houses in some provinces only: the houses are taken from there, and of elsewhere what
everyone is told. A point can be found out by asking about it, so the houses near a point are shown only to
whoever may see points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from geoaddr.disclosure import Scope
from geoaddr.finding.records import Completion, Match
from geoaddr.sight.judging import looked_at
from geoaddr.sight.shown import Shown

if TYPE_CHECKING:
    from geoaddr.conversion import Converted
    from geoaddr.finding.nearest import Nearby
    from geoaddr.model import Reading, Resolved
    from geoaddr.validation.records import Validated

Found = TypeVar("Found", bound=Match | Completion)
Judged = TypeVar("Judged", "Converted", "Validated")


class Sight(Shown):
    """What a reader with these grants sees."""

    def found(self, ask: Callable[[bool], Sequence[Found]], limit: int) -> list[Found]:
        """What a text may mean, or become.

        :param ask: asks at area level (``True``) or with houses, for at most ``limit``.
        """
        return self._merged(ask, limit, ("address",))

    def nearby(self, ask: Callable[[bool], Nearby], limit: int) -> Nearby:
        """What is near a point; ``ask`` as for :meth:`found`."""
        from geoaddr.finding.nearest import Nearby

        answers: list[Nearby] = []

        def told(area_only: bool) -> Nearby:
            answers.append(ask(area_only))
            return answers[-1]

        return Nearby(self._merged(told, limit, ("address", "point")), lambda: answers[0].located)

    def _merged(
        self, ask: Callable[[bool], Sequence[Found]], limit: int, needed: tuple[Scope, ...]
    ) -> list[Found]:
        houses: Sequence[Found]
        if not all(scope in self.grants for scope in needed):
            houses = ask(True)
        else:
            houses = ask(False)
            if not self.grants.everywhere(*needed):
                self._look_up(houses)
                here = [each for each in houses if self._covers(each, needed)]
                if len(here) < len(houses):
                    elsewhere = [each for each in ask(True) if not self._covers(each, needed)]
                    houses = [*here, *elsewhere][:limit]
        if not self.grants.everywhere("area"):
            self._look_up(houses)
            houses = [each for each in houses if self._covers(each, ("area",))]
        seen: list[Found] = self.shown(list(houses))
        return seen

    def _covers(self, each: Match | Completion, needed: tuple[Scope, ...]) -> bool:
        return self.grants.at(self._province(each)).issuperset(needed)

    def converted(self, ask: Callable[[bool], Converted]) -> Converted:
        """An address carried over the reform; ``ask`` asks at area level or with the evidence of houses."""
        return self.judged(ask)

    def validated(self, ask: Callable[[bool], Validated], resolve: Callable[[str], Resolved]) -> Validated:
        """A verdict; ``ask`` as for :meth:`converted`.

        :param resolve: answers every reading of a code that the question holds.
        """

        def readings(judged: Validated) -> list[Reading]:
            return looked_at(judged, resolve)

        judged = self.judged(ask, readings)
        if "address" not in self.grants or self.grants.everywhere("point"):
            return judged
        if self._holds("point", self._places(judged, readings(judged))):
            return judged
        own = ask(True)  # the point, and the codes of a point, that the question itself gave
        codes = replace(judged.codes, vpostcode=own.codes.vpostcode, plus_code=own.codes.plus_code)
        return replace(judged, point=own.point, codes=codes)

    def judged(
        self, ask: Callable[[bool], Judged], readings: Callable[[Judged], Iterable[Reading]] = lambda _: ()
    ) -> Judged:
        """What is made of an address, with the evidence of houses or without it; ``ask`` as for
        :meth:`converted`, and it is asked last for what is answered.

        :param readings: what the registry says of the codes that were looked at.
        """
        if "address" not in self.grants:
            return ask(True)
        judged = ask(False)
        if self.grants.everywhere("address"):
            return judged
        places = self._places(judged, readings(judged)) | {each.commune.parent for each in judged.candidates}
        return judged if self._holds("address", places) else ask(True)

    def _places(self, judged: Converted | Validated, readings: Iterable[Reading]) -> set[str | None]:
        """The provinces that a judgement tells of: its own, and those of the households behind its codes."""
        own: set[str | None] = set() if judged.province is None else {judged.province.code}
        return own | {self.lies_in(each) for each in readings if each.status != "not_issued"}

    def _holds(self, scope: Scope, places: set[str | None]) -> bool:
        return bool(places) and all(scope in self.grants.at(each) for each in places)

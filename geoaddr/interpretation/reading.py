"""What an interpretation says: the units of a text, where they stand in it, and how good the reading is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from geoaddr.interpretation.written import How
from geoaddr.model import Level, Record, Unit
from geoaddr.model.quick import quick
from geoaddr.text.fold import fold

Era = Literal["old", "new", "mixed"]


@quick
@dataclass(frozen=True, slots=True)
class UnitMatch(Record):
    """One unit of a reading. ``name``: which of its names was read, its own or an alias.
    ``span``: character offsets in the original text, its type word included,
    ``None`` when inferred. ``cost``: what its writing costs, 0 for the full name."""

    unit: Unit
    name: str
    span: tuple[int, int] | None
    how: How
    cost: float


class Likely(NamedTuple):
    """The smallest district or commune of a reading, ``None`` for a province, and its weight."""

    unit: Unit | None
    weight: float


Named = tuple[Unit, tuple[int, int]]
"""A unit that a text names, and where: character offsets in the original text, its type word included."""


class Best(NamedTuple):
    """Of the best reading of a text what a conversion asks for; the fields as in :class:`Interpretation`.

    ``named``: the units that the text names.
    """

    province: Unit | None
    district: Unit | None
    commune: Unit | None
    named: tuple[Named, ...]
    inferred: tuple[Level, ...]
    score: float
    weight: float
    rest: tuple[tuple[int, int], ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation(Record):
    """One reading of a text.

    ``era``: ``old`` units of before 1 July 2025, ``new`` ones, or ``mixed`` where a unit of one era is
    written with one of the other. ``inferred``: levels that the text does not name. ``score``: from 0 to 1,
    the exponential of the sum of ``score_parts``, each 0 at best. ``weight``: the share among all readings
    given. ``rest``: the character spans that no unit took, the country's name left out.
    """

    province: Unit | None
    district: Unit | None
    commune: Unit | None
    era: Era
    matches: tuple[UnitMatch, ...]
    inferred: tuple[Level, ...]
    score: float
    score_parts: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0
    rest: tuple[tuple[int, int], ...] = ()

    @property
    def likely(self) -> Likely:
        """What it comes down to."""
        return Likely(self.commune or self.district, self.weight)

    @property
    def named(self) -> tuple[Named, ...]:
        """The units that the text names."""
        return tuple([(match.unit, match.span) for match in self.matches if match.span is not None])

    @property
    def best(self) -> Best:
        """What a conversion asks for, where this is the best reading."""
        return Best(
            self.province,
            self.district,
            self.commune,
            self.named,
            self.inferred,
            self.score,
            self.weight,
            self.rest,
        )


Reading = Interpretation | Best

UNNAMED = 0.5
"""The name of a commune alone that weighs less than this may be no unit at all, but a street that bears its
name; so may any unit in a line without commas."""


AMID_WORDS = 0.5
"""What is left of a confidence in a unit :func:`amid_words`: more streets are called like some commune than
addresses name nothing but a commune, with no comma before it. Set by hand."""


def amid_words(reading: Reading, text: str) -> bool:
    """Whether the one unit that was understood is a bare name right behind a number or other words, which may be
    all the name of a street: ``123 Võ Nguyên Giáp``, where Nguyên Giáp is a commune."""
    if len(reading.named) != 1:
        return False
    unit, (begin, end) = reading.named[0]
    before = text[:begin].rstrip()
    return before[-1:].isalnum() and unit.level != "province" and fold(text[begin:end]) == fold(unit.name)


def may_be_none(reading: Interpretation, text: str) -> bool:
    """Whether the one unit that was understood may be a street that bears its name."""
    named = [match for match in reading.matches if match.span is not None]
    if len(named) != 1:
        return False
    return "," not in text or (named[0].unit.level == "commune" and reading.weight < UNNAMED)

"""Units that a reading leaves unused: what the rest of the text may name besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from geoaddr.interpretation.interpreter import Interpreter
from geoaddr.interpretation.reading import Interpretation
from geoaddr.model import Level, Unit
from geoaddr.text.fold import fold

SUSPECT = -1.0
"""The score of unused words below which they may name units; plain words cost less."""

COVERED = 0.8
"""How much of a part of the line a unit's name must take to be what the part says."""


def is_suspect(reading: Interpretation) -> bool:
    """Whether words that a reading leaves unused may name units."""
    return reading.score_parts.get("unused", 0.0) < SUSPECT


ABOVE: Collection[Level] = ("province", "district")
"""Levels whose units are known by their names alone."""


def units_named(
    interpreter: Interpreter,
    text: str,
    as_of: dt.date | None,
    level: Level | None = None,
    *,
    bare: Collection[Level] = ABOVE,
) -> tuple[Unit, ...]:
    """The units that a part of a line names, each the smallest of a reading, the likeliest first.

    :param level: of that level alone, with its type word or without.
    :param bare: else the levels whose names may stand without their type word.
    """
    readings = interpreter.interpret(text, as_of=as_of)
    named = [_named(reading, text, level, bare) for reading in readings]
    return tuple([unit for unit in named if unit is not None])


def _named(reading: Interpretation, text: str, level: Level | None, bare: Collection[Level]) -> Unit | None:
    written = [match for match in reading.matches if match.span and match.how != "fuzzy"]
    taken = sum(match.span[1] - match.span[0] for match in written if match.span)
    if not written or taken < COVERED * len(text.strip()):
        return None
    unit = written[0].unit
    if level is not None:
        return unit if unit.level == level else None
    typed = len(fold(text)) > len(fold(written[0].name))
    return unit if typed or unit.level in bare else None

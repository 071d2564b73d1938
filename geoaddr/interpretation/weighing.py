"""How many readings are weighed: the few that are shown where these settle it, all where they do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from geoaddr.errors import InvalidQuery
from geoaddr.interpretation.interpreter import Interpreter
from geoaddr.interpretation.reading import Best, Interpretation, Likely

SHOWN = 5
MOST = 64
"""Readings that are weighed at most: more than the units, of all times, that bear any one name."""


def weighed(
    interpreter: Interpreter, text: str, *, as_of: dt.date | None = None, shown: int = SHOWN
) -> list[Interpretation]:
    """The readings of ``text``, best first, among which its weights are honest: as many as are shown, or all that
    may be meant, at most ``MOST``, where the last one shown is not much less likely than the first.

    :param shown: more for one who goes on to rule some out.
    :raises InvalidQuery: for a text longer than 4,096 characters.
    """
    return interpreter.interpret(text, as_of=as_of, limit=shown, open_limit=MOST)


def likeliest(interpreter: Interpreter, text: str) -> tuple[Best | None, list[Likely]]:
    """The best of these readings, and what each of them comes down to."""
    return interpreter.likeliest(text, limit=SHOWN, open_limit=MOST)


def likeliest_of_all(
    interpreter: Interpreter, texts: Sequence[str]
) -> list[tuple[Best | None, list[Likely]] | InvalidQuery]:
    """The same of many texts; for what is no text to be read, why."""
    return interpreter.likeliest_of_all(texts, limit=SHOWN, open_limit=MOST)

"""Somebody who tries codes one after another is noticed, and slowed down.

A code that was never issued is a miss; so is a code next to the one before it, issued or not: codes are given
out in no order, so that neighbours in number are no neighbours in the street, and only somebody who counts asks
for them. Other codes that were issued make up for misses, and so does time. Above the limit looking up is
refused for a time that doubles whenever it comes to that again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.limits.counters import DEBT, DEBT_AT, LAST, STRIKES, UNTIL, Counters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORGIVEN_A_SECOND = 0.05
"""Three misses a minute."""

MADE_UP = 0.25
"""What a code that was issued makes up for: with less than a fifth of misses nobody is slowed down."""

NEXT_TO = 8
"""Codes this near in number are neighbours."""

FIRST_PAUSE_S = 4
LONGEST_PAUSE_S = 3600
FORGOTTEN_AFTER_S = 3600.0
"""So long after a pause the next one is the first again."""

_MOST_STRIKES = 10


def refused_s(counters: Counters, slot: int, now: float) -> int:
    """For how many seconds looking up codes is refused; 0 for a caller who may."""
    left = counters.times[slot + UNTIL] - now
    return (
        math.ceil(left) if 0.0 < left <= LONGEST_PAUSE_S else 0
    )  # a longer one is of before the clock was set back


def looked_up(counters: Counters, slot: int, now: float, code: str, *, found: bool, most: int) -> None:
    """Note that a caller looked for a code.

    :param code: of digits alone.
    :param most: how many misses are let pass; 0 for any number.
    """
    all_looked_up(counters, slot, now, ((int(code), found),), most=most)


def all_looked_up(
    counters: Counters, slot: int, now: float, looked_for: Iterable[tuple[int, bool]], *, most: int
) -> None:
    """:func:`looked_up` of codes as numbers, one after another, each with whether it was found."""
    if not most:
        return
    words, times = counters.words, counters.times
    with counters.turn:
        last, debt, at = words[slot + LAST], _debt(counters, slot, now), times[slot + DEBT_AT]
        for number, found in looked_for:
            counting = 0 < abs(number - last) <= NEXT_TO
            last, at = number, now
            if found and not counting:
                debt = debt - MADE_UP if debt > MADE_UP else 0.0
                continue
            debt += 1.0 + counting
            if debt > most:
                strikes = words[slot + STRIKES] if now - times[slot + UNTIL] < FORGOTTEN_AFTER_S else 0
                at = times[slot + UNTIL] = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S << strikes)
                words[slot + STRIKES] = min(strikes + 1, _MOST_STRIKES)  # a pause forgives nothing
                debt = most - min(most / 2.0, 5.0)  # a few more tries, once it is over
        words[slot + LAST], times[slot + DEBT], times[slot + DEBT_AT] = last, debt, at


def _debt(counters: Counters, slot: int, now: float) -> float:
    """What is not forgiven yet."""
    forgiven = max(0.0, now - counters.times[slot + DEBT_AT]) * FORGIVEN_A_SECOND
    return max(0.0, counters.times[slot + DEBT] - forgiven)


def columns_looked_up(
    counters: Counters, slot: int, now: float, numbers: NDArray[np.int64], found: NDArray[np.bool_], *, most: int
) -> None:
    """:func:`all_looked_up` of columns.

    What they do to any debt is worked out first, so that the counters are read and written within a microsecond:
    batches that other threads and processes count meanwhile are not undone.
    """
    if not (most and len(numbers)):
        return
    import numpy as np

    words, times = counters.words, counters.times
    apart = np.abs(np.diff(numbers, prepend=np.int64(words[slot + LAST])))
    counting = (apart > 0) & (apart <= NEXT_TO)
    made_up = found & ~counting
    steps = np.where(made_up, -MADE_UP, 1.0 + counting)
    # Some steps after a debt x it is max(x + course, floor): it does not fall below nothing.
    course = np.cumsum(steps)
    floor = course - np.minimum.accumulate(np.where(made_up, course, np.inf))
    rises, change = float(course.max()), float(course[-1])
    top, least, last = float(floor.max()), float(floor[-1]), int(numbers[-1])
    with counters.turn:
        debt = _debt(counters, slot, now)
        if max(debt + rises, top) <= most:
            words[slot + LAST], times[slot + DEBT], times[slot + DEBT_AT] = last, max(debt + change, least), now
            return
    all_looked_up(counters, slot, now, zip(numbers.tolist(), found.tolist(), strict=True), most=most)

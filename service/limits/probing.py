"""Somebody who tries codes one after another is noticed, and slowed down.

A code that was never issued is a miss; so is a code next to the one before it, issued or not: codes are given
out in no order, so that neighbours in number are no neighbours in the street, and only somebody who counts asks
for them. Other codes that were issued make up for misses, and so does time. Above the limit looking up is
refused for a time that doubles whenever it comes to that again.
"""

from __future__ import annotations

import math

from service.limits.counters import DEBT, DEBT_AT, LAST, STRIKES, UNTIL, Counters

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
    if not most:
        return
    words, times = counters.words, counters.times
    number = int(code)
    counting = 0 < abs(number - words[slot + LAST]) <= NEXT_TO
    words[slot + LAST] = number
    past_s = max(0.0, now - times[slot + DEBT_AT])
    debt = max(0.0, times[slot + DEBT] - past_s * FORGIVEN_A_SECOND)
    if found and not counting:
        times[slot + DEBT] = max(0.0, debt - MADE_UP)
        times[slot + DEBT_AT] = now
        return
    debt, at = debt + 1.0 + counting, now
    if debt > most:
        strikes = words[slot + STRIKES] if now - times[slot + UNTIL] < FORGOTTEN_AFTER_S else 0
        at = times[slot + UNTIL] = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S << strikes)  # a pause forgives nothing
        words[slot + STRIKES] = min(strikes + 1, _MOST_STRIKES)
        debt = most - min(most / 2.0, 5.0)  # a few more tries, once it is over
    times[slot + DEBT] = debt
    times[slot + DEBT_AT] = at

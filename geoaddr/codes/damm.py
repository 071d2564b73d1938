"""The Damm state of a row of digits: a walk through a table that no single typing slip can retrace.

From state 0, each digit leads to the next state: ``state = TABLE[state][digit]``. The table is the one of order
10 in H. Michael Damm, "Total anti-symmetrische Quasigruppen" (Marburg, 2004). Each of its rows and columns holds
every digit once, so a single wrong digit always ends in another state; it is weakly totally anti-symmetric, so
a swap of two unequal neighbours does too. The tests check both properties, entry by entry.
"""

from __future__ import annotations

TABLE = tuple(
    tuple(map(int, row))
    for row in (
        "0317598642",
        "7092154863",
        "4206871359",
        "1750983426",
        "6123045978",
        "3674209581",
        "5869720134",
        "8945362017",
        "9438617205",
        "2581436790",
    )
)

LAST = tuple(tuple(row.index(end) for end in range(10)) for row in TABLE)
"""``LAST[state][end]``: the digit that leads from ``state`` to ``end``."""


def state(digits: str, start: int = 0) -> int:
    """The state after ``digits`` (ASCII digits only), from ``start``; 0 to 9."""
    now = start
    for digit in digits:
        now = TABLE[now][ord(digit) - 48]
    return now

"""``số 10 Nguyễn Huệ``: the one name after the number of a house is a street first, whatever commune has it."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.reading import Reading
from geoaddr.text.fold import fold

_OF_A_HOUSE = {"house_number", "alley", "street"}


def with_lone_name(text: str, spans: Sequence[tuple[int, int]], reading: Reading, last: int) -> Detail | None:
    """The detail of ``spans``, those that ``reading`` leaves, together with the name of its commune, where that
    is a street: a bare name with a house or an alley before it, and neither a unit that holds it nor anything
    else beside it; it ends at ``last`` at the latest. ``None`` elsewhere. That it may be the commune too is left
    to the reading."""
    named = reading.named
    if len(named) != 1 or named[0][0].level != "commune":
        return None
    unit, (begin, end) = named[0]
    if end > last or not spans or fold(text[begin:end]) != fold(unit.name):
        return None
    detail = read_detail(text, _joined([*spans, (begin, end)]))
    roles = {role for role, _, _ in detail.parts}
    street = next(((a, b) for role, a, b in detail.parts if role == "street"), None)
    return detail if street == (begin, end) and len(roles) > 1 and roles <= _OF_A_HOUSE else None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters, without an edge where two spans touch."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and joined[-1][1] == begin:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined

"""Lines that nobody took apart, in an older registry: where the rule of streets files them now."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from geoaddr.known import division_of, on_street
from geoaddr.stores.rows import UNREADABLE, components_of

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()


class FiledLine(NamedTuple):
    """The key of the street that a line names and the number there, if any, and the division of the country that
    its commune code is of."""

    street: str | None
    number: int | None
    division: int


def filed_line(components: str, shared: str | None, issued_day: int) -> FiledLine | None:
    """How a row is filed whose components hold a line, with the parts that it shares with others; ``None`` for a
    damaged one, which stays as it is and is told by ``registry verify``."""
    try:
        found = on_street(components_of(components, shared))
        division = division_of(dt.date.fromordinal(issued_day + _DAY_ZERO))
    except UNREADABLE:
        return None
    return FiledLine(None, None, division) if found is None else FiledLine(found.street, found.number, division)

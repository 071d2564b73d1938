"""What SQL asks of Python when an older file gets its index of streets."""

from __future__ import annotations

import datetime as dt
import sqlite3
from functools import lru_cache

from geoaddr import known, named
from geoaddr.stores.rows import components_of

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()


def lend_functions(connection: sqlite3.Connection) -> None:
    """Give a connection ``street_of(components)``, ``number_of(components)``, ``place_of(components)``,
    ``number_in_place(components)`` and ``division_of(issued_day)``."""
    for function in (street_of, number_of, place_of, number_in_place, division_of):
        connection.create_function(function.__name__, 1, function, deterministic=True)


def street_of(components: str) -> str | None:
    """The key of the street that a row's components name."""
    found = _on_street(components)
    return None if found is None else found.street


def number_of(components: str) -> int | None:
    """The number at that street."""
    found = _on_street(components)
    return None if found is None else found.number


def place_of(components: str) -> str | None:
    """The key of the place that a row's components name."""
    return named.place_of(components_of(components))


def number_in_place(components: str) -> int | None:
    """The number there, where no street is named."""
    stated = components_of(components)
    return known.number_on_street(stated.house_number, stated.alley)


def division_of(issued_day: int) -> int:
    """Of which division of the country a row's commune code is; days since 1970."""
    return known.division_of(dt.date.fromordinal(issued_day + _DAY_ZERO))


@lru_cache(maxsize=16)  # asked for several times while a step is at a row
def _on_street(components: str) -> known.OnStreet | None:
    return known.on_street(components_of(components))

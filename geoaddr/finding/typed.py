"""A text that is being typed, taken apart as far as it goes: a house number, a name, and the units after a
comma."""

from __future__ import annotations

import re
from typing import NamedTuple

from geoaddr.known import number_on_street, read_street
from geoaddr.named import place_key
from geoaddr.text.fold import fold

FEWEST = 2
"""Letters or digits from which on a text is completed."""

_NUMBER = re.compile(r"\s*((?:s[oố]\s+)?\d[\w/-]*)\s+(?=\S)")


class Typed(NamedTuple):
    """``whole`` the folded text; ``number`` a house number as written, ``at`` where it is at its street;
    ``street`` and ``place`` keys of the beginning of a name; ``tail`` the folded beginning of a unit after the
    last comma, ``None`` without a comma."""

    whole: str
    number: str | None
    at: int | None
    street: str
    place: str
    tail: str | None


def read(text: str) -> Typed | None:
    """The parts of ``text``; ``None`` where it is too short to be completed."""
    whole = fold(text)
    if len(whole.replace(" ", "")) < FEWEST:
        return None
    head, comma, rest = text.partition(",")
    number, name = None, head
    if found := _NUMBER.match(head):
        number, name = found[1], head[found.end() :]
    tail = fold(rest.rpartition(",")[2]) or fold(rest.rpartition(",")[0].rpartition(",")[2]) if comma else None
    street = read_street(name)
    at = street.number if street.number is not None else number_on_street(number)
    return Typed(whole, number, at, street.street, place_key(name), tail)

"""What stands at many numbers of many streets, asked of SQLite: first which rows of ``street`` are meant, then
what points to them. Both in the order of the indexes, so that neighbours share pages.

What is asked for goes in as ``VALUES`` with as many rows as a power of two, the last ones without a match: each
such statement is compiled once, and SQLite has nothing to take apart, as it has with JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from geoaddr.model import Components
from geoaddr.store import Door, Filed, Kind, Lying, Numbered
from geoaddr.stored import ALL_DOORS, NAMES, named_alone
from geoaddr.stores.rows import components_of, door_from, to_json
from geoaddr.stores.sqlite_schema import DOOR_NUMBER

Row = tuple[Any, ...]
Rows = Callable[[str, Sequence[Any]], list[Row]]
"""Gives all rows of one statement."""

MOST = 256
"""Rows that are asked for at once."""

MANY = 64
"""From so many commune codes on it is asked first which are used."""

_STREETS = """WITH j (at, name, commune) AS (VALUES {values}) SELECT j.at, s.id, s.division FROM j
    CROSS JOIN street s WHERE s.commune = j.commune AND s.name = j.name"""
_DOORS = """WITH j (at, id, number, low, high) AS (VALUES {{values}})
    SELECT j.at, a.ndas, a.number, a.lat, a.lon, a.components, a.point_source, a.uncertainty_m,
        (SELECT parts FROM shared WHERE id = a.shared)
    FROM j CROSS JOIN address a INDEXED BY address_by_{kind}
    WHERE a.{kind} = j.id AND a.number = j.number AND a.status < 3{between}"""
_LYING = """WITH j (at, id) AS (VALUES {{values}}) SELECT j.at, a.ndas, a.lat, a.lon
    FROM j CROSS JOIN address a INDEXED BY address_by_{kind} WHERE a.{kind} = j.id AND a.status < 3"""
_USED = """SELECT j.value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM street WHERE commune = j.value)"""
_NAMING = """WITH j (code) AS (VALUES {values})
    SELECT a.ndas, a.components, (SELECT parts FROM shared WHERE id = a.shared)
    FROM j CROSS JOIN address a ON a.ndas = j.code"""
_BETWEEN = f" AND {DOOR_NUMBER.format('a.')} BETWEEN j.low AND j.high"
DOORS = {
    "street": _DOORS.format(kind="street", between=_BETWEEN),
    "place": _DOORS.format(kind="place", between=""),
}
"""In places few stand at one number: their doors are not indexed."""
LYING = {kind: _LYING.format(kind=kind) for kind in ("street", "place")}
_NAMED = re.compile("|".join(f'"{name}"' for name in (*NAMES, "text")))


def doors(rows: Rows, kind: Kind, wanted: Sequence[Numbered]) -> list[list[Door]]:
    """:meth:`geoaddr.store.Reads.doors`."""
    found: list[list[Door]] = [[] for _ in wanted]
    used = _used(rows, {each.communes for each in wanted})
    streets = _streets(rows, {(each.key, commune) for each in wanted for commune in used[each.communes]})
    asked: list[tuple[int, int, int, float, float]] = []
    of: list[tuple[int, Filed]] = []
    for at, each in enumerate(wanted):
        for commune in used[each.communes]:
            for street, filed in streets.get((each.key, commune), ()):
                for low, high in (each.between if kind == "street" else ()) or (ALL_DOORS,):
                    asked.append((len(of), street, each.number, low, high))
                of.append((at, filed))
    asked.sort(key=_by_street)
    for place, code, *row in _of_values(rows, DOORS[kind], asked):
        at, (commune, division) = of[place]
        door = door_from((code, commune, division, *row))
        if door.house_number is None or wanted[at].holding in door.house_number:
            found[at].append(door)
    for there in found:
        if len(there) > 1:
            there.sort(key=_by_code)
    return found


def lying(rows: Rows, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
    """:meth:`geoaddr.store.Reads.lying`."""
    used = _used(rows, {tuple(communes) for _, communes in wanted})
    streets = _streets(rows, {(key, commune) for key, communes in wanted for commune in used[tuple(communes)]})
    groups: list[tuple[int, Filed]] = []
    asked: list[tuple[int, int]] = []
    for at, (key, communes) in enumerate(wanted):
        for commune in used[tuple(communes)]:
            for street, filed in streets.get((key, commune), ()):
                asked.append((len(groups), street))
                groups.append((at, filed))
    asked.sort(key=_by_street)
    return Lying(groups, [*_of_values(rows, LYING[kind], asked)])


def naming(rows: Rows, codes: Sequence[int]) -> Mapping[int, Components]:
    """:meth:`geoaddr.store.Reads.naming`."""
    of_shared: dict[str | None, Components] = {}
    found: dict[int, Components] = {}
    for code, own, shared in _of_values(rows, _NAMING, [(code,) for code in sorted(codes)]):
        if _NAMED.search(own):
            found[code] = named_alone(components_of(own, shared))
            continue
        named = of_shared.get(shared)
        if named is None:
            named = of_shared[shared] = named_alone(components_of("{}", shared))
        found[code] = named
    return found


def _used(rows: Rows, wanted: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The commune codes of each list of them by which anything is filed; most of before the reform are not."""
    codes = {code for communes in wanted for code in communes}
    if len(codes) >= MANY:
        codes = {code for (code,) in rows(_USED, (to_json(sorted(codes)),))}
    return {communes: tuple(sorted(codes.intersection(communes))) for communes in wanted}


def _streets(rows: Rows, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[tuple[int, Filed]]]:
    """The rows of ``street`` with names (key, commune code), and how each was filed."""
    ordered = sorted(names, key=_by_commune)
    asked = [(at, *name) for at, name in enumerate(ordered)]
    found: dict[tuple[str, str], list[tuple[int, Filed]]] = {}
    for at, street, division in _of_values(rows, _STREETS, asked):
        name = ordered[at]
        found.setdefault(name, []).append((street, Filed(name[1], division)))
    return found


def _of_values(rows: Rows, statement: str, asked: Sequence[Row]) -> Iterator[Row]:
    """The rows of a statement for all that is asked for."""
    for first in range(0, len(asked), MOST):
        some = asked[first : first + MOST]
        width, count = len(some[0]), 1 << (len(some) - 1).bit_length()
        values = [value for row in some for value in row]
        values += [None] * (width * (count - len(some)))
        yield from rows(_with_values(statement, width, count), values)


@lru_cache(maxsize=256)
def _with_values(statement: str, width: int, count: int) -> str:
    row = f"({', '.join('?' * width)})"
    return statement.format(values=", ".join([row] * count))


def _by_street(asked: Row) -> Row:
    return asked[1:]


def _by_commune(name: tuple[str, str]) -> tuple[str, str]:
    return name[1], name[0]


def _by_code(door: Door) -> str:
    return door.house.ndas

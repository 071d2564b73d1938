"""What stands at many numbers of many streets, asked of SQLite: first which rows of ``street`` are meant, then
what points to them. Both in the order of the indexes, so that neighbours share pages.

What is asked for goes in as ``VALUES`` with as many rows as a power of two, the last ones without a match: each
such statement is compiled once, and SQLite has nothing to take apart, as it has with JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from geoaddr.model import Components
from geoaddr.store import Door, Filed, House, Kept, Kind, Lying, Numbered
from geoaddr.stored import ALL_DOORS, NAMES, named_alone
from geoaddr.stores.rows import components_of, own_parts, shared_parts, to_json
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
_MIDDLES = """WITH j (at, name, commune) AS (VALUES {values})
    SELECT j.at, s.commune, s.division, m.lat, m.lon, m.uncertainty_m, m.written FROM j
    CROSS JOIN street s ON s.commune = j.commune AND s.name = j.name LEFT JOIN middle m ON m.place = s.id"""
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
    used = _used(rows, [each.communes for each in wanted])
    streets = _streets(rows, {(w.key, code) for w, codes in zip(wanted, used, strict=True) for code in codes})
    asked: list[tuple[int, int, int, float, float]] = []
    of: list[tuple[int, Filed]] = []
    for at, (key, _, number, _, between) in enumerate(wanted):
        ranges = (between if kind == "street" else ()) or (ALL_DOORS,)
        for commune in used[at]:
            for street, filed in streets.get((key, commune), ()):
                asked += [(len(of), street, number, low, high) for low, high in ranges]
                of.append((at, filed))
    asked.sort(key=_by_street)
    for place, code, number, lat, lon, own, source, uncertainty_m, shared in _of_values(rows, DOORS[kind], asked):
        at, filed = of[place]
        stated = own_parts(own)
        written = stated.get("house_number")
        if written is None or wanted[at].holding in written:
            if shared is not None:
                stated = {**stated, **shared_parts(shared)}
            found[at].append(Door(House(f"{code:010}", filed, number, lat, lon), stated, source, uncertainty_m))
    for there in found:
        if len(there) > 1:
            there.sort(key=_by_code)
    return found


def lying(rows: Rows, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
    """:meth:`geoaddr.store.Reads.lying`."""
    used = _used(rows, [communes for _, communes in wanted])
    streets = _streets(rows, {(key, code) for (key, _), codes in zip(wanted, used, strict=True) for code in codes})
    groups: list[tuple[int, Filed]] = []
    asked: list[tuple[int, int]] = []
    for at, (key, _) in enumerate(wanted):
        for commune in used[at]:
            for street, filed in streets.get((key, commune), ()):
                asked.append((len(groups), street))
                groups.append((at, filed))
    asked.sort(key=itemgetter(1))
    return Lying(groups, [*_of_values(rows, LYING[kind], asked)])


def middles(rows: Rows, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> list[Kept | None]:
    """:meth:`geoaddr.store.Reads.middles`: of places alone."""
    found: list[Kept | None] = [None] * len(wanted)
    if kind != "place":
        return found
    used = _used(rows, [communes for _, communes in wanted])
    asked = [(at, key, commune) for at, (key, _) in enumerate(wanted) for commune in used[at]]
    asked.sort(key=_by_commune_and_name)
    filed_so: set[int] = set()
    for at, commune, division, *kept in _of_values(rows, _MIDDLES, asked):
        several = at in filed_so
        filed_so.add(at)
        found[at] = None if several or kept[0] is None else Kept(Filed(commune, division), *kept)
    return found


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


def _used(rows: Rows, wanted: Sequence[Collection[str]]) -> list[tuple[str, ...]]:
    """The commune codes of each list of them by which anything is filed; most of before the reform are not. Many
    are one and the same list."""
    distinct = {id(communes): communes for communes in wanted}
    codes = {code for communes in distinct.values() for code in communes}
    if len(codes) >= MANY:
        codes = {code for (code,) in rows(_USED, (to_json(sorted(codes)),))}
    used = {key: tuple(sorted(codes.intersection(communes))) for key, communes in distinct.items()}
    return [used[id(communes)] for communes in wanted]


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


_by_street = itemgetter(1, 2, 3, 4)
_by_commune_and_name = itemgetter(2, 1)
_by_commune = itemgetter(1, 0)


def _by_code(door: Door) -> str:
    return door.house.ndas

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
from geoaddr.store import Door, Doors, Filed, House, Kept, Kind, Lying, Numbered
from geoaddr.stored import ALL_DOORS, NAMES, named_alone
from geoaddr.stores.rows import components_of, parts_of, to_json
from geoaddr.stores.sqlite_schema import DOOR_NUMBER

Row = tuple[Any, ...]
Rows = Callable[[str, Sequence[Any]], list[Row]]
"""Gives all rows of one statement."""

MOST = 256
"""Rows that are asked for at once."""

MANY = 64
"""From so many commune codes on it is asked first which are used."""

_STREETS = """WITH j (commune, name, at) AS (VALUES {values}) SELECT j.at, s.id, s.commune, s.division FROM j
    CROSS JOIN street s WHERE s.commune = j.commune AND s.name = j.name"""
_DOORS = """WITH j (id, number, low, high, at) AS (VALUES {{values}})
    SELECT j.at, a.ndas, a.lat, a.lon, a.components, a.point_source, a.uncertainty_m,
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
    filed, stated, told = by_column(rows, kind, wanted)
    for at, of, code, lat, lon, own, shared, source, uncertainty_m in told:
        house = House(f"{code:010}", filed[of], wanted[at].number, lat, lon)
        parts = {**stated[own], **stated[shared]} if shared else stated[own]
        found[at].append(Door(house, parts, source, uncertainty_m))
    for there in found:
        if len(there) > 1:
            there.sort(key=_by_code)
    return found


def by_column(rows: Rows, kind: Kind, wanted: Sequence[Numbered]) -> Doors:
    """:meth:`geoaddr.store.Reads.doors_by_column`."""
    filed: dict[tuple[str, int], int] = {}
    asked, of = _ranges(rows, kind, wanted, filed)
    texts: dict[str | None, int] = {None: 0}
    stated: list[Mapping[str, Any]] = [{}]
    numbers: list[str | None] = [None]
    known, told = texts.get, []
    for place, code, lat, lon, written, source, uncertainty_m, like_others in _of_values(rows, DOORS[kind], asked):
        at, of_filed, holding = of[place]
        own = known(written)
        if own is None:
            own = texts[written] = len(stated)
            stated.append(parts := parts_of(written))
            numbers.append(parts.get("house_number"))
        number = numbers[own]
        if number is None or holding in number:
            shared = known(like_others)
            if shared is None:
                shared = texts[like_others] = len(stated)
                stated.append(parts_of(like_others))
                numbers.append(None)
            told.append((at, of_filed, code, lat, lon, own, shared, source, uncertainty_m))
    return Doors([Filed(*each) for each in filed], stated, told)


Range = tuple[int, int, float, float, int]
"""Where to look for doors, in the order of their index: a row of ``street``, a number, what doors are numbered by
between both ends, and the position of the place that is looked at."""


def _ranges(
    rows: Rows, kind: Kind, wanted: Sequence[Numbered], filed: dict[tuple[str, int], int]
) -> tuple[list[Range], list[tuple[int, int, str]]]:
    """Where to look, and of each place that is looked at: for what, how it was filed, as a position in ``filed``
    that grows, and what its house numbers hold."""
    used = _used(rows, [each.communes for each in wanted])
    named = [(code, wanted[at].key, at) for at, codes in enumerate(used) for code in codes]
    named.sort()
    asked: list[Range] = []
    of: list[tuple[int, int, str]] = []
    for at, street, commune, division in _of_values(rows, _STREETS, named):
        _, _, number, holding, between = wanted[at]
        place = len(of)
        if kind == "street" and between:
            asked += [(street, number, low, high, place) for low, high in between]
        else:
            asked.append((street, number, *ALL_DOORS, place))
        of.append((at, filed.setdefault((commune, division), len(filed)), holding))
    asked.sort()
    return asked, of


def lying(rows: Rows, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
    """:meth:`geoaddr.store.Reads.lying`."""
    used = _used(rows, [communes for _, communes in wanted])
    named = sorted(
        (code, key, at) for at, ((key, _), codes) in enumerate(zip(wanted, used, strict=True)) for code in codes
    )
    groups: list[tuple[int, Filed]] = []
    asked: list[tuple[int, int]] = []
    for at, street, commune, division in _of_values(rows, _STREETS, named):
        asked.append((len(groups), street))
        groups.append((at, Filed(commune, division)))
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


_by_commune_and_name = itemgetter(2, 1)


def _by_code(door: Door) -> str:
    return door.house.ndas

"""What lies on many streets and what it is called, asked of PostgreSQL in one exchange for all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from typing import LiteralString as Sql

from geoaddr.model import Components
from geoaddr.store import Filed, Kind, Lying, named_alone
from geoaddr.stores.postgres_asking import Row

Rows = Callable[[Sql, Sequence[Any]], list[Row]]
"""Gives all rows of one statement."""

MOST = 5000
"""Codes, or names in communes, that are asked for in one statement."""

_LYING = """SELECT asked.n, s.division, s.ndas, s.lat, s.lon
    FROM unnest(%s::integer[], %s::text[], %s::text[]) AS asked (n, key, commune)
    CROSS JOIN LATERAL (SELECT ndas, division, lat, lon FROM standing
        WHERE {kind} = asked.key AND commune = asked.commune OFFSET 0) s"""
# As in postgres_reads: each code goes to its partition alone, and those beyond the first and last are left out.
_NAMING = """SELECT a.ndas, named.* FROM unnest(%s::bigint[]) AS asked (ndas)
    CROSS JOIN LATERAL (SELECT ndas, components FROM address
        WHERE ndas = asked.ndas AND ndas BETWEEN %s AND %s OFFSET 0) a
    CROSS JOIN LATERAL json_to_record(a.components)
        AS named (street text, hamlet text, building text, poi text, text text)"""
_LYING_OF: Mapping[Kind, Sql] = {kind: _LYING.format(kind=kind) for kind in ("street", "place")}


def lying(rows: Rows, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
    """:meth:`geoaddr.store.Reads.lying`."""
    asked = [(at, key, commune) for at, (key, communes) in enumerate(wanted) for commune in set(communes)]
    groups: dict[tuple[int, Filed], int] = {}
    found: list[tuple[int, int, float, float]] = []
    for first in range(0, len(asked), MOST):
        some = asked[first : first + MOST]
        values = [[*range(len(some))], [key for _, key, _ in some], [commune for *_, commune in some]]
        of: dict[tuple[int, int], int] = {}
        for n, division, *house in rows(_LYING_OF[kind], values):
            group = of.get((n, division))
            if group is None:
                at, _, commune = some[n]
                group = of[n, division] = groups.setdefault((at, Filed(commune, division)), len(groups))
            code, lat, lon = house
            found.append((group, code, lat, lon))
    return Lying([*groups], found)


def naming(rows: Rows, codes: Sequence[int]) -> Mapping[int, Components]:
    """:meth:`geoaddr.store.Reads.naming`."""
    known: dict[tuple[str | None, ...], Components] = {}
    found: dict[int, Components] = {}
    ordered = sorted(set(codes))
    for first in range(0, len(ordered), MOST):
        some = ordered[first : first + MOST]
        for code, *names in rows(_NAMING, [some, some[0], some[-1]]):
            said = tuple(names)
            named = known.get(said)
            if named is None:
                street, hamlet, building, poi, text = said
                told = Components(street=street, hamlet=hamlet, building=building, poi=poi, text=text)
                named = known[said] = named_alone(told)
            found[code] = named
    return found

"""The port's questions as SQL of PostgreSQL."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from typing import LiteralString as Sql

from geoaddr.known import DIVISIONS
from geoaddr.model import AddressRecord, Cell, Components, Event
from geoaddr.store import (
    Borne,
    Door,
    Filed,
    House,
    Kind,
    Like,
    Lived,
    Located,
    Lying,
    Named,
    Numbered,
    Reads,
    Receipt,
    Standing,
    Told,
)  # fmt: skip
from geoaddr.stores import postgres_lying
from geoaddr.stores.postgres_asking import Row
from geoaddr.stores.postgres_lives import LIFE, LIVES, lived
from geoaddr.stores.postgres_rows import RECORD_COLUMNS, record_from
from geoaddr.stores.rows import components_of, door_from, event_from

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Outlines

CHUNK = 5000
"""Codes asked for in one statement."""

# Many codes are asked for one by one inside the server (OFFSET 0 keeps it so): each goes to its partition alone.
# The smallest and largest of them let the server leave out the other partitions before it begins.
_ONE = f"SELECT {RECORD_COLUMNS} FROM address a WHERE a.ndas = %s"  # noqa: S608
_MANY = f"""SELECT a.* FROM unnest(%s::bigint[]) AS asked (ndas)
    CROSS JOIN LATERAL (SELECT {RECORD_COLUMNS} FROM address a
        WHERE a.ndas = asked.ndas AND a.ndas BETWEEN %s AND %s OFFSET 0) a"""  # noqa: S608
_STATED = """SELECT a.components FROM unnest(%s::bigint[]) AS asked (ndas)
    CROSS JOIN LATERAL (SELECT components::text FROM address
        WHERE ndas = asked.ndas AND ndas BETWEEN %s AND %s OFFSET 0) a"""
TAKEN = """SELECT a.ndas FROM unnest(%s::bigint[]) AS asked (ndas)
    CROSS JOIN LATERAL (SELECT ndas FROM address
        WHERE ndas = asked.ndas AND ndas BETWEEN %s AND %s OFFSET 0) a"""
_OUTLINES = """SELECT a.* FROM unnest(%s::bigint[]) AS asked (ndas)
    CROSS JOIN LATERAL (SELECT ndas, status, commune, issued_day, lat, lon FROM address
        WHERE ndas = asked.ndas AND ndas BETWEEN %s AND %s OFFSET 0) a"""
_BY_ALIAS = "SELECT DISTINCT ndas FROM alias WHERE code = %s AND system = %s"
_BY_ALIASES = "SELECT DISTINCT code, ndas FROM alias WHERE code = ANY (%s::text[]) AND system = %s"
_POINTS = """SELECT ndas, lat, lon FROM standing
    WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326) AND lon BETWEEN %s AND %s AND lat BETWEEN %s AND %s"""
# The larger box is not looked into where the smaller holds enough.
_POINTS_ABOUT = f"""WITH one AS MATERIALIZED ({_POINTS}), more AS (SELECT count(*) < %s AS wanted FROM one)
    SELECT 0, * FROM one WHERE NOT (SELECT wanted FROM more)
    UNION ALL SELECT 1, * FROM ({_POINTS} AND (SELECT wanted FROM more)) AS two"""  # noqa: S608
_ALIKE = """SELECT asked.n, a.ndas
    FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[], %s::float8[])
        WITH ORDINALITY AS asked (likeness, south, west, north, east, n)
    CROSS JOIN LATERAL (SELECT ndas FROM standing WHERE likeness = asked.likeness
        AND lat BETWEEN asked.south AND asked.north AND lon BETWEEN asked.west AND asked.east OFFSET 0) a"""
_STANDING = """SELECT commune, division, NULL::integer, count(*) FROM standing
    WHERE street = %s AND vouched GROUP BY 1, 2"""
_STANDING_IN = """SELECT commune, division, NULL::integer, count(*) FROM standing
    WHERE street = %s AND vouched AND commune = ANY (%s) GROUP BY 1, 2"""
_WITHIN = "AND number BETWEEN %s::bigint AND %s::bigint AND (number - %s::bigint) %% %s::bigint = 0"
_AT = f"{_WITHIN} GROUP BY 1, 2, 3"
_NUMBERED = f"""SELECT commune, division, number, count(*) FROM standing
    WHERE street = %s AND vouched {_AT}"""  # noqa: S608
_NUMBERED_IN = f"""SELECT commune, division, number, count(*) FROM standing
    WHERE street = %s AND vouched AND commune = ANY (%s) {_AT}"""  # noqa: S608
# Nothing can come about before an event that is settled: whoever drew a lower position has a lower transaction id,
# and none such is running; an id that the server has yet to give came with a copy from another server.
_AFTER = """SELECT f.position, f.settled, e.*
    FROM (SELECT position, ndas, number, coalesce(writer < pg_snapshot_xmin(pg_current_snapshot())
            OR writer >= pg_snapshot_xmax(pg_current_snapshot()), true) AS settled
        FROM feed WHERE position > %s::bigint ORDER BY position LIMIT %s) AS f
    CROSS JOIN LATERAL (SELECT ndas, number, kind, at_ms, actor, reason, details::text FROM event
        WHERE ndas = f.ndas AND number = f.number OFFSET 0) e
    ORDER BY f.position"""
_EVENTS = """SELECT ndas, number, kind, at_ms, actor, reason, details::text FROM event
    WHERE ndas = %s ORDER BY number"""
_RECEIPT = "SELECT ndas, outcome, digest FROM receipt WHERE key = %s"
_BATCH = "SELECT row_id, ndas, outcome, digest FROM batch_row WHERE batch_id = %s AND row_id = ANY (%s)"


class _Asked(NamedTuple):
    """The questions for one kind of name."""

    names: Sql
    names_in: Sql
    bearing: Sql
    met: Sql
    keys: Sql
    houses: Sql
    houses_at: Sql
    doors: Sql


_NAMES = """SELECT {kind}, commune, division, count(*), count(*) FILTER (WHERE vouched) FROM standing
    WHERE {kind} >= %s AND {kind} < %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT %s"""
_NAMES_IN = """SELECT a.* FROM unnest(%s::text[]) AS asked (commune)
    CROSS JOIN LATERAL (SELECT {kind}, commune, division, count(*), count(*) FILTER (WHERE vouched) FROM standing
        WHERE commune = asked.commune AND {kind} >= %s AND {kind} < %s GROUP BY 1, 2, 3 OFFSET 0) a
    ORDER BY 1, 2, 3 LIMIT %s"""
# With each division named, an index tells at once whether there is anybody, and who stands at a number.
_BEARING = """SELECT k.key, c.commune, d.division FROM unnest(%s::text[]) AS k (key)
    CROSS JOIN unnest(%s::text[]) AS c (commune) CROSS JOIN unnest(%s::smallint[]) AS d (division)
    CROSS JOIN LATERAL (SELECT FROM standing s
        WHERE s.{kind} = k.key AND s.commune = c.commune AND s.division = d.division LIMIT 1) s"""
_MET = """WITH asked AS MATERIALIZED (SELECT c.commune, d.division FROM unnest(%s::text[]) AS c (commune)
        CROSS JOIN unnest(%s::smallint[]) AS d (division)
        CROSS JOIN LATERAL (SELECT FROM standing s
            WHERE s.{kind} = %s AND s.commune = c.commune AND s.division = d.division LIMIT 1) s)
    SELECT NULL::bigint, commune, division, NULL::integer, NULL::float8, NULL::float8, NULL, NULL,
        NULL::float8, NULL FROM asked
    UNION ALL SELECT d.ndas, d.commune, d.division, d.number, d.lat, d.lon, d.components, d.point_source,
        d.uncertainty_m, NULL
    FROM (SELECT array_agg(0) AS n, array_agg(s.ndas) AS codes, array_agg(%s::text) AS holding FROM asked
        CROSS JOIN LATERAL (SELECT ndas FROM standing
            WHERE {kind} = %s AND commune = asked.commune AND division = asked.division AND number = %s::bigint
            OFFSET 0) s) AS found
    CROSS JOIN LATERAL doors(found.n, found.codes, found.holding) AS d"""
_KEYS = """SELECT DISTINCT a.key FROM unnest(%s::text[]) AS asked (commune)
    CROSS JOIN LATERAL (SELECT DISTINCT {kind} AS key FROM standing
        WHERE commune = asked.commune AND {kind} >= %s AND {kind} < %s OFFSET 0) a"""
_HOUSES = "SELECT ndas, commune, division, number, lat, lon FROM standing WHERE commune = ANY (%s) AND {kind} = %s"
_HOUSES_AT = f"{_HOUSES} AND division = ANY (%s::smallint[]) {_WITHIN}"
_DOORS = """SELECT d.*, NULL
    FROM (SELECT array_agg(asked.n) AS n, array_agg(s.ndas) AS codes, array_agg(asked.holding) AS holding
        FROM unnest(%s::integer[], %s::text[], %s::text[], %s::bigint[], %s::text[])
            AS asked (n, key, commune, number, holding)
        CROSS JOIN LATERAL (SELECT ndas FROM standing
            WHERE commune = asked.commune AND {kind} = asked.key AND division = ANY (%s::smallint[])
                AND number = asked.number OFFSET 0) s) AS found
    CROSS JOIN LATERAL doors(found.n, found.codes, found.holding) AS d"""
_LAST = "\U0010ffff"
"""Sorts behind every letter of a folded key."""

_DIVISIONS = f"{{{','.join(map(str, range(len(DIVISIONS) + 1)))}}}"
"""All divisions of the country that commune codes are of, as an array."""

_OF: Mapping[Kind, _Asked] = {
    kind: _Asked(
        *(sql.format(kind=kind) for sql in (_NAMES, _NAMES_IN, _BEARING, _MET, _KEYS, _HOUSES, _HOUSES_AT, _DOORS))
    )
    for kind in ("street", "place")
}


class PostgresReads(Reads):
    """Reads over whatever connection :meth:`_rows` has."""

    @abstractmethod
    def _rows(self, sql: Sql, values: Sequence[Any] = (), *, newest: bool = False) -> list[Row]:
        """All rows of one statement.

        :param newest: not from a replica, which may be behind other processes.
        :raises StoreError: as the port says.
        """

    def key(self) -> bytes:
        rows = self._rows("SELECT key FROM registry", newest=True)
        return bytes(rows[0][0]) if rows else bytes(32)

    def records(self, codes: Sequence[str]) -> dict[str, AddressRecord]:
        return self._records(codes)

    def _records(self, codes: Sequence[str], *, newest: bool = False) -> dict[str, AddressRecord]:
        if len(codes) == 1:
            rows = self._rows(_ONE, (int(codes[0]),), newest=newest)
        else:
            rows = [row for chunk in _numbers(codes) for row in self._rows(_MANY, chunk, newest=newest)]
        found = (record_from(row) for row in rows)
        return {record.ndas: record for record in found}

    def components(self, codes: Sequence[str]) -> list[Components]:
        rows = [row for chunk in _numbers(codes) for row in self._rows(_STATED, chunk)]
        return [components_of(stated) for (stated,) in rows]

    def outlines(self, codes: NDArray[np.int64]) -> Outlines:
        import numpy as np

        from geoaddr.arrivals import Outlines

        ordered = np.sort(codes).tolist()
        chunks = (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
        asked = ((as_array(chunk), chunk[0], chunk[-1]) for chunk in chunks)
        return Outlines.of(sorted(row for values in asked for row in self._rows(_OUTLINES, values)))

    def issued(self, codes: Iterable[str]) -> set[str]:
        return {f"{row[0]:010}" for chunk in _numbers(codes) for row in self._rows(TAKEN, chunk)}

    def by_alias(self, system: str, code: str) -> list[AddressRecord]:
        if not (system + code).isprintable():  # a database refuses some such text; none is ever kept
            return []
        named = sorted(f"{ndas:010}" for (ndas,) in self._rows(_BY_ALIAS, (code, system)))
        records = self.records(named) if named else {}
        return [records[code] for code in named if code in records]

    def by_aliases(self, system: str, codes: Sequence[str]) -> dict[str, list[AddressRecord]]:
        asked = [code for code in codes if (system + code).isprintable()]
        named = sorted(self._rows(_BY_ALIASES, (asked, system))) if asked else []
        records = self.records([f"{ndas:010}" for _, ndas in named]) if named else {}
        found: dict[str, list[AddressRecord]] = {}
        for code, ndas in named:
            if (record := records.get(f"{ndas:010}")) is not None:
                found.setdefault(code, []).append(record)
        return found

    def points_in(self, box: Cell) -> list[Located]:
        return [Located(f"{ndas:010}", lat, lon) for ndas, lat, lon in self._rows(_POINTS, _sides(box))]

    def points_about(self, boxes: Sequence[Cell], enough: int) -> tuple[int, list[Located]]:
        for n in range(0, len(boxes) - 1, 2):
            rows = self._rows(_POINTS_ABOUT, (*_sides(boxes[n]), enough, *_sides(boxes[n + 1])))
            which = rows[0][0] if rows else 1
            if which == 0 or len(rows) >= enough or n + 2 == len(boxes):
                return n + which, [Located(f"{ndas:010}", lat, lon) for _, ndas, lat, lon in rows]
        return len(boxes) - 1, self.points_in(boxes[-1])

    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        codes: list[list[str]] = [[] for _ in wanted]
        for n, ndas in self._rows(_ALIKE, _columns(wanted)) if wanted else ():
            codes[n - 1].append(f"{ndas:010}")
        found = [code for each in codes for code in each]
        records = self.records(found) if found else {}
        return [[records[code] for code in sorted(each) if code in records] for each in codes]

    def standing_on(
        self, street: str, communes: Collection[str] | None = None, numbers: range | None = None
    ) -> list[Standing]:
        values: tuple[Any, ...] = (
            (street,) if communes is None else (street, [each for each in communes if each.isprintable()])
        )
        if numbers is None:
            rows = self._rows(_STANDING if communes is None else _STANDING_IN, values)
        elif not numbers:
            return []
        else:
            asked = (numbers[0], numbers[-1], numbers[0], numbers.step)
            rows = self._rows(_NUMBERED if communes is None else _NUMBERED_IN, (*values, *asked))
        return [Standing(Filed(commune, division), number, n) for commune, division, number, n in rows]

    def names(
        self, kind: Kind, begin: str, communes: Collection[str] | None = None, limit: int | None = None
    ) -> list[Named]:
        asked = (begin, begin + _LAST, limit)
        if communes is None:
            rows = self._rows(_OF[kind].names, asked)
        else:
            rows = self._rows(_OF[kind].names_in, (sorted(set(communes)), *asked))
        return [Named(key, Filed(commune, division), *counts) for key, commune, division, *counts in rows]

    def bearing(self, kind: Kind, keys: Collection[str], communes: Collection[str]) -> list[Borne]:
        rows = self._rows(_OF[kind].bearing, (list(set(keys)), list(set(communes)), _DIVISIONS))
        return [Borne(key, Filed(*filed)) for key, *filed in rows]

    def met(self, kind: Kind, wanted: Numbered) -> tuple[list[Borne], list[Door]]:
        values = (list(set(wanted.communes)), _DIVISIONS, wanted.key, wanted.holding, wanted.key, wanted.number)
        rows = self._rows(_OF[kind].met, values)
        borne = [Borne(wanted.key, Filed(row[1], row[2])) for row in rows if row[0] is None]
        return borne, sorted((door_from(row) for row in rows if row[0] is not None), key=_code_of)

    def keys(self, kind: Kind, begin: str, communes: Collection[str]) -> set[str]:
        rows = self._rows(_OF[kind].keys, (list(set(communes)), begin, begin + _LAST))
        return {key for (key,) in rows}

    def houses(self, kind: Kind, key: str, communes: Collection[str], numbers: range | None = None) -> list[House]:
        values = (list(communes), key)
        if numbers is None:
            rows = self._rows(_OF[kind].houses, values)
        elif not numbers:
            return []
        else:
            asked = (_DIVISIONS, numbers[0], numbers[-1], numbers[0], numbers.step)
            rows = self._rows(_OF[kind].houses_at, (*values, *asked))
        return [
            House(f"{ndas:010}", Filed(commune, division), number, lat, lon)
            for ndas, commune, division, number, lat, lon in rows
        ]

    def lying(self, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
        return postgres_lying.lying(self._rows, kind, wanted)

    def naming(self, codes: Sequence[int]) -> Mapping[int, Components]:
        return postgres_lying.naming(self._rows, codes)

    def doors(self, kind: Kind, wanted: Sequence[Numbered]) -> list[list[Door]]:
        found: list[list[Door]] = [[] for _ in wanted]
        asked = [
            (at, each.key, commune, each.number, each.holding)
            for at, each in enumerate(wanted)
            for commune in set(each.communes)
        ]
        for first in range(0, len(asked), CHUNK):
            at, keys, communes, numbers, holding = map(list, zip(*asked[first : first + CHUNK], strict=True))
            values = (as_array(at), keys, communes, as_array(numbers), holding, _DIVISIONS)
            for n, *row in self._rows(_OF[kind].doors, values):
                found[n].append(door_from(row))
        return [sorted(doors, key=_code_of) for doors in found]

    def life(self, ndas: str) -> Lived | None:
        return self._life(ndas)

    def _life(self, ndas: str, *, newest: bool = False) -> Lived | None:
        rows = self._rows(LIFE, (int(ndas), int(ndas)), newest=newest)
        return lived(rows[0]) if rows else None

    def lives(self, wanted: Mapping[str, range]) -> dict[str, Lived]:
        return self._lives(wanted)

    def _lives(self, wanted: Mapping[str, range], *, newest: bool = False) -> dict[str, Lived]:
        asked = sorted((int(code), numbers.start) for code, numbers in wanted.items())
        found = {}
        for start in range(0, len(asked), CHUNK):
            codes, since = zip(*asked[start : start + CHUNK], strict=True)
            ends = (codes[0], codes[-1])
            for row in self._rows(LIVES, (as_array(codes), as_array(since), *ends, *ends), newest=newest):
                found[f"{row[0]:010}"] = lived(row)
        return found

    def events(self, ndas: str) -> list[Event]:
        return self._events(ndas)

    def _events(self, ndas: str, *, newest: bool = False) -> list[Event]:
        return [event_from(row) for row in self._rows(_EVENTS, (int(ndas),), newest=newest)]

    def events_after(self, position: int, limit: int) -> list[Told]:
        return self._events_after(position, limit)

    def _events_after(self, position: int, limit: int, *, newest: bool = False) -> list[Told]:
        found: list[Told] = []
        for at, settled, *event in self._rows(_AFTER, (position, limit), newest=newest):
            if not settled and at > position + 1:
                break  # whoever has a position between may be committing at this moment
            found.append(Told(at, event_from(tuple(event))))
            position = at
        return found

    def receipt(self, key: str) -> Receipt | None:
        rows = self._rows(_RECEIPT, (key,), newest=True)
        return Receipt(f"{rows[0][0]:010}", rows[0][1], rows[0][2]) if rows else None

    def batch_receipts(self, batch_id: str, row_ids: Sequence[str]) -> dict[str, Receipt]:
        rows = self._rows(_BATCH, (batch_id, list(row_ids)), newest=True)
        return {row_id: Receipt(f"{ndas:010}", outcome, digest) for row_id, ndas, outcome, digest in rows}


def _sides(box: Cell) -> tuple[float, ...]:
    """The values of :data:`_POINTS`."""
    south, west, north, east = box.south, box.west, box.north, box.east
    return west, south, east, north, west, east, south, north


def _code_of(door: Door) -> str:
    return door.house.ndas


def as_array(numbers: Iterable[int | float]) -> str:
    """An array in PostgreSQL's own writing, so that one prepared statement serves numbers of every size."""
    return f"{{{','.join(map(repr, numbers))}}}"


def _numbers(codes: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Distinct codes as arrays of integers, a chunk at a time, each with its smallest and its largest."""
    distinct = iter(dict.fromkeys(codes))
    while chunk := [int(code) for code in islice(distinct, CHUNK)]:
        yield as_array(chunk), min(chunk), max(chunk)


def _columns(wanted: Sequence[Like]) -> tuple[str, ...]:
    boxes = [box for _, box in wanted]
    sides = ([b.south for b in boxes], [b.west for b in boxes], [b.north for b in boxes], [b.east for b in boxes])
    return (as_array([likeness for likeness, _ in wanted]), *map(as_array, sides))

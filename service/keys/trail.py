"""The trail: who saw or changed which address, and when.

Only what a key or a share opened is written down. A caller without one learns nothing of a household, and a
list of who asked for which area would itself be personal data.

What one request told of many addresses is kept in one row, and read as an entry for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from geoaddr.codes.ndas import DIGITS
from geoaddr.model import Record
from service.keys.database import Database, Row, Statement

KEEP = "INSERT INTO trail (at_ms, who, act, subject, seen, many) VALUES (?, ?, ?, ?, ?, ?)"

_TOGETHER = 400
"""Rows of one statement."""

FEWEST = 4
"""So many codes are kept in one row; fewer have a row each, which is found by an index."""

MOST_IN_ROW = 10_000
"""Codes, 50 kB."""

_MANY_AT_ONCE = 64
"""Rows whose codes are read together."""

_ABOUT = "(subject = ? AND at_ms >= ? AND at_ms < ?)"
_AMONG = "(subject = '' AND at_ms >= ? AND at_ms < ? AND {holds})"

MOST_READ = 10_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """An entry. ``number`` of the row that it is kept in; ``at_ms`` milliseconds since 1970-01-01 UTC; ``who`` the
    id of a key, ``share:`` and that of a share, or ``cli:`` and a user of the machine; ``act`` the operation;
    ``subject`` an NDAS code, a tile as ``zoom/x/y``, or the id of a key, share or job; ``seen`` the scopes that
    counted."""

    number: int
    at_ms: int
    who: str
    act: str
    subject: str
    seen: str


def keeping(rows: Sequence[Row]) -> list[Statement]:
    """What puts rows into the trail, many at a time: SQLite lets go of Python's lock for as long as a statement
    runs, so requests go on meanwhile."""
    found = []
    for begin in range(0, len(rows), _TOGETHER):
        some = rows[begin : begin + _TOGETHER]
        sql = KEEP + ", (?, ?, ?, ?, ?, ?)" * (len(some) - 1)
        found.append(Statement(sql, [tuple(chain.from_iterable(some))]))
    return found


@dataclass(frozen=True)
class About:
    """What is looked for: a subject, from a time on and before another."""

    subject: str
    since_ms: int = 0
    before_ms: int = 2**62


def entry(at_ms: int, who: str, act: str, subject: str, seen: str) -> Row:
    """The values of an entry that is to be kept."""
    return (at_ms, who, act, subject, seen, None)


def of_many(at_ms: int, who: str, act: str, seen: str, numbers: Any) -> list[Row]:
    """The rows in which entries are kept whose subjects are codes, an array of numbers."""
    from service.keys.packing import packed

    if len(numbers) < FEWEST:
        return [entry(at_ms, who, act, f"{number:0{DIGITS}}", seen) for number in numbers.tolist()]
    pieces = (numbers[begin : begin + MOST_IN_ROW] for begin in range(0, len(numbers), MOST_IN_ROW))
    return [(at_ms, who, act, "", seen, packed(piece)) for piece in pieces]


def of_told(at_ms: int, who: str, act: str, told: Iterable[tuple[str, str]]) -> list[Row]:
    """The rows in which entries are kept, by their subjects and the scopes that counted."""
    import numpy as np

    from service.keys.packing import is_packable

    by_scopes: dict[str, list[str]] = {}
    for subject, seen in told:
        by_scopes.setdefault(seen, []).append(subject)
    rows: list[Row] = []
    for seen, subjects in by_scopes.items():
        codes = [subject for subject in subjects if is_packable(subject)]
        rows += of_many(at_ms, who, act, seen, np.array(codes, dtype=f"U{DIGITS}").astype(np.int64))
        if len(codes) < len(subjects):
            rows += [entry(at_ms, who, act, subject, seen) for subject in subjects if not is_packable(subject)]
    return rows


def weight(row: Row) -> int:
    """How much room a row takes up where rows wait to be kept, in entries of one subject."""
    return 1 if row[5] is None else 1 + len(row[5]) // 250


class Trail:
    """Reads and prunes the trail."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(
        self,
        *,
        who: str | None = None,
        subject: str | None = None,
        about: Sequence[About] = (),
        since_ms: int = 0,
        limit: int = MOST_READ,
    ) -> Iterator[Entry]:
        """Entries since a time, the oldest first.

        :param about: the subjects of which any will do, ``subject`` another one of them.
        """
        wanted = [*about, *([] if subject is None else [About(subject)])]
        sql, told = self._question(who, wanted)
        after = (since_ms, -1)
        while limit > 0:
            asked = limit
            rows = self._database.read(sql, (*told, after[0], *after, asked))
            for number, at_ms, by, act, found, seen in self._taken_apart(rows, wanted):
                yield Entry(number=number, at_ms=at_ms, who=by, act=act, subject=found, seen=seen)
                limit -= 1
                if not limit:
                    return
            if len(rows) < asked:
                return
            after = rows[-1][1], rows[-1][0]

    def _question(self, who: str | None, wanted: Sequence[About]) -> tuple[str, list[object]]:
        """Rows after a time and number, without the codes of those that have many."""
        told: list[object] = []
        sql = "SELECT number, at_ms, who, act, subject, seen FROM trail WHERE "
        if who is not None:
            sql += "who = ? AND "
            told.append(who)
        if wanted:
            from service.keys.packing import bytes_of, is_packable

            either = [_ABOUT] * len(wanted)
            told += [value for each in wanted for value in (each.subject, each.since_ms, each.before_ms)]
            for each in wanted:
                if is_packable(each.subject):
                    either.append(_AMONG.format(holds=self._database.HOLDS))
                    told += [each.since_ms, each.before_ms, bytes_of(each.subject)]
            sql += f"({' OR '.join(either)}) AND "
        return sql + "at_ms >= ? AND (at_ms > ? OR number > ?) ORDER BY at_ms, number LIMIT ?", told

    def _taken_apart(self, rows: Sequence[Row], wanted: Sequence[About]) -> Iterator[Row]:
        """An entry for each of the codes of a row, of those that are wanted."""
        from service.keys.packing import unpacked

        for begin in range(0, len(rows), _MANY_AT_ONCE):
            some = rows[begin : begin + _MANY_AT_ONCE]
            many = self._many([row[0] for row in some if not row[4]])
            for row in some:
                if row[0] not in many:
                    yield row
                    continue
                number, at_ms, who, act, _, seen = row
                here = {each.subject for each in wanted if each.since_ms <= at_ms < each.before_ms}
                for code in unpacked(many[number]):
                    if not wanted or code in here:
                        yield number, at_ms, who, act, code, seen

    def _many(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """The codes of rows that have many."""
        if not numbers:
            return {}
        marks = ", ".join("?" * len(numbers))
        sql = f"SELECT number, many FROM trail WHERE number IN ({marks}) AND many IS NOT NULL"  # noqa: S608
        return {number: bytes(many) for number, many in self._database.read(sql, tuple(numbers))}

    def prune(self, *, before_ms: int, actor: str, now_ms: int) -> int:
        """Forget what is older; how many entries that were. That it was done stays."""
        from service.keys.packing import WIDTH

        days = str(max(0, (now_ms - before_ms) // DAY_MS))
        told_of = f"SELECT coalesce(sum(coalesce(length(many) / {WIDTH}, 1)), 0) FROM trail WHERE at_ms < ?"  # noqa: S608
        entries = self._database.read(told_of, (before_ms,))
        self._database.write(
            [
                Statement(KEEP, [entry(now_ms, actor, "trail-pruned", days, "")]),
                Statement("DELETE FROM trail WHERE at_ms < ?", [(before_ms,)]),
            ]
        )
        return int(entries[0][0]) if entries else 0

"""The trail: who saw or changed which address, and when.

Only what a key or a share opened is written down. A caller without one learns nothing of a household, and a
list of who asked for which area would itself be personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from geoaddr.model import Record
from service.keys.database import Database, Row, Statement

KEEP = "INSERT INTO trail (at_ms, who, act, subject, seen) VALUES (?, ?, ?, ?, ?)"

_TOGETHER = 400
"""Entries of one statement."""

_ABOUT = "(subject = ? AND at_ms >= ? AND at_ms < ?)"

MOST_READ = 10_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """An entry. ``at_ms`` milliseconds since 1970-01-01 UTC; ``who`` the id of a key, ``share:`` and that of a
    share, or ``cli:`` and a user of the machine; ``act`` the operation; ``subject`` an NDAS code, a tile as
    ``zoom/x/y``, or the id of a key, share or job; ``seen`` the scopes that counted."""

    number: int
    at_ms: int
    who: str
    act: str
    subject: str
    seen: str


def keeping(rows: Sequence[Row]) -> list[Statement]:
    """What puts entries into the trail, many at a time: SQLite lets go of Python's lock for as long as a statement
    runs, so requests go on meanwhile."""
    found = []
    for begin in range(0, len(rows), _TOGETHER):
        some = rows[begin : begin + _TOGETHER]
        found.append(Statement(KEEP + ", (?, ?, ?, ?, ?)" * (len(some) - 1), [tuple(chain.from_iterable(some))]))
    return found


@dataclass(frozen=True)
class About:
    """What is looked for: a subject, from a time on and before another."""

    subject: str
    since_ms: int = 0
    before_ms: int = 2**62


def entry(at_ms: int, who: str, act: str, subject: str, seen: str) -> Row:
    """The values of an entry that is to be kept."""
    return (at_ms, who, act, subject, seen)


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
        sql = "SELECT number, at_ms, who, act, subject, seen FROM trail WHERE at_ms >= ?"
        told: list[object] = [since_ms]
        if who is not None:
            sql += " AND who = ?"
            told.append(who)
        wanted = [*about, *([] if subject is None else [About(subject)])]
        if wanted:
            sql += f" AND ({' OR '.join([_ABOUT] * len(wanted))})"
            told += [value for each in wanted for value in (each.subject, each.since_ms, each.before_ms)]
        sql += " ORDER BY at_ms, number LIMIT ?"
        for number, at_ms, by, act, found, seen in self._database.read(sql, (*told, limit)):
            yield Entry(number=number, at_ms=at_ms, who=by, act=act, subject=found, seen=seen)

    def prune(self, *, before_ms: int, actor: str, now_ms: int) -> int:
        """Forget what is older; how many entries that were. That it was done stays."""
        days = str(max(0, (now_ms - before_ms) // DAY_MS))
        return self._database.write(
            [
                Statement(KEEP, [entry(now_ms, actor, "trail-pruned", days, "")]),
                Statement("DELETE FROM trail WHERE at_ms < ?", [(before_ms,)]),
            ]
        )

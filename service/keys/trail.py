"""The trail: who saw or changed which address, and when.

Only what a key or a share opened is written down. A caller without one learns nothing of a household, and a
list of who asked for which area would itself be personal data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geoaddr.model import Record
from service.keys.database import Database, Row, Statement

KEEP = "INSERT INTO trail (at_ms, who, act, subject, seen) VALUES (?, ?, ?, ?, ?)"

MOST_READ = 10_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """An entry. ``at_ms`` milliseconds since 1970-01-01 UTC; ``who`` the id of a key, ``share:`` and that of a
    share, or ``cli:`` and a user of the machine; ``act`` the operation; ``subject`` an NDAS code, or the id
    of a key or share; ``seen`` the scopes that counted."""

    number: int
    at_ms: int
    who: str
    act: str
    subject: str
    seen: str


def entry(at_ms: int, who: str, act: str, subject: str, seen: str) -> Row:
    """The values of an entry that is to be kept."""
    return (at_ms, who, act, subject, seen)


class Trail:
    """Reads and prunes the trail."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(
        self, *, who: str | None = None, subject: str | None = None, since_ms: int = 0, limit: int = MOST_READ
    ) -> Iterator[Entry]:
        """Entries since a time, the oldest first."""
        sql, values = "SELECT number, at_ms, who, act, subject, seen FROM trail WHERE at_ms >= ?", [since_ms]
        told: list[object] = [*values]
        for column, value in (("who", who), ("subject", subject)):
            if value is not None:
                sql += f" AND {column} = ?"
                told.append(value)
        sql += " ORDER BY at_ms, number LIMIT ?"
        for number, at_ms, by, act, about, seen in self._database.read(sql, (*told, limit)):
            yield Entry(number=number, at_ms=at_ms, who=by, act=act, subject=about, seen=seen)

    def prune(self, *, before_ms: int, actor: str, now_ms: int) -> int:
        """Forget what is older; how many entries that were. That it was done stays."""
        days = str(max(0, (now_ms - before_ms) // DAY_MS))
        return self._database.write(
            [
                Statement(KEEP, [entry(now_ms, actor, "trail-pruned", days, "")]),
                Statement("DELETE FROM trail WHERE at_ms < ?", [(before_ms,)]),
            ]
        )

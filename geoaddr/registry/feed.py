"""What happened to all addresses, in one order, for those who keep copies: caches of delivery apps.

A cursor is the position of the last event that was seen, as text. Events are given in the order in which they were
written, so whoever goes on from a cursor misses none and gets none twice.
"""

from __future__ import annotations

import datetime as dt

from geoaddr.errors import InvalidInput, Said
from geoaddr.model import Change, Changes
from geoaddr.registry.past import moment, utc
from geoaddr.store import Reads, Told

MAX_CHANGES = 1000
"""Events in one answer."""

LATEST_POSITION = 2**63 - 1

ASKEW = dt.timedelta(hours=1)
"""By how much the clocks of those who write may disagree, or be set back, before a question by time could miss an
event."""


def changes(reads: Reads, since: str | dt.date, limit: int) -> Changes:
    """The events after a cursor, or from a time on; at most ``limit``.

    :raises InvalidInput: for a limit outside 1 to 1,000, and a cursor beyond the end.
    :raises InvalidDate: for what is neither cursor nor time.
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_CHANGES:
        raise InvalidInput("limit", limit, Said(f"not 1 to {MAX_CHANGES}", f"phải từ 1 đến {MAX_CHANGES}"))
    if isinstance(since, str) and since.isascii() and since.isdigit():
        position = _position(reads, since)
    else:
        position = _before(reads, moment(since, "since", begins=True))
    found = reads.events_after(position, limit)
    return Changes(changes=tuple(map(_change, found)), cursor=str(found[-1].position if found else position))


def _position(reads: Reads, cursor: str) -> int:
    position = int(cursor) if len(cursor) < 20 else LATEST_POSITION + 1
    if position > LATEST_POSITION or (position > 0 and not reads.events_after(position - 1, 1)):
        raise InvalidInput(
            "since",
            cursor,
            Said(
                "beyond the last event: another registry, or one restored from a copy; begin at a time",
                "sau sự kiện cuối cùng: sổ đăng ký khác hoặc vừa khôi phục từ bản sao; hãy nêu một thời điểm",
            ),
        )
    return position


def _before(reads: Reads, at: str) -> int:
    """The position before the first event at or after a time.

    Times grow with positions but for clocks that disagree. So the search halves its way to a time a little
    earlier, and goes on one by one.
    """
    earlier = max(dt.datetime.fromisoformat(at), _EARLIEST) - ASKEW
    position = _halved(reads, utc(earlier, "since"))
    while found := reads.events_after(position, MAX_CHANGES):
        for told in found:
            if told.event.at >= at:
                return position
            position = told.position
    return position


def _halved(reads: Reads, at: str) -> int:
    """A position with an event before ``at`` on it, or 0, and one at or after ``at``, or none, behind it."""
    low, step = 0, 1
    while (found := _first(reads, low + step)) is not None and found.event.at < at:
        low, step = found.position, step * 2
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        found = _first(reads, middle - 1)
        if found is not None and found.event.at < at:
            low = found.position
        else:
            high = middle
    return low


def _first(reads: Reads, position: int) -> Told | None:
    found = reads.events_after(position, 1)
    return found[0] if found else None


def _change(told: Told) -> Change:
    event = told.event
    return Change(
        cursor=str(told.position),
        ndas=event.ndas,
        number=event.number,
        kind=event.kind,
        at=event.at,
        actor=event.actor,
        reason=event.reason,
        details=event.details,
    )


_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""No registry is older."""

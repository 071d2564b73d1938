"""The feed of changes as a reader sees it whose grants count in some provinces: what lay elsewhere is not in it.

An address that comes to another province is seen to leave, and not where it went; there it is seen to come, and
not from where.

The cursor goes over what is left out, so that whoever goes on from it neither stays where they are nor misses any.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoaddr.disclosure import Scope
from geoaddr.model import Change, Changes

if TYPE_CHECKING:
    import datetime as dt

    from geoaddr.sight.shown import Shown

PAGE = 1000
"""Events that are looked at together."""

MOST_LOOKED_AT = PAGE
"""After so many events an answer looks at no more; a reader of a quiet province goes on from the cursor there."""


def seen_changes(
    sight: Shown, scope: Scope, ask: Callable[[str | dt.date, int], Changes], since: str | dt.date, limit: int
) -> Changes:
    """The events after ``since`` of addresses that lay then in the provinces where the reader holds ``scope``.

    :param ask: answers the events of all addresses from a cursor on, at most so many.
    """
    answer = ask(since, limit)
    if sight.grants.everywhere(scope):
        return answer
    seen: list[Change] = []
    looked_at, asked_for = 0, limit
    while answer.changes:
        lain = sight.lain(answer.changes)
        for change in answer.changes:
            lay = lain[change.ndas, change.number]
            if scope in sight.grants.at(lay.after) or scope in sight.grants.at(lay.before):
                seen.append(change)
                if len(seen) == limit:
                    return Changes(changes=tuple(seen), cursor=change.cursor)
        looked_at += len(answer.changes)
        if len(answer.changes) < asked_for or looked_at >= MOST_LOOKED_AT:
            break
        asked_for = PAGE
        answer = ask(answer.cursor, asked_for)
    return Changes(changes=tuple(seen), cursor=answer.cursor)

"""All events in one order: read on from a cursor, or from a time, none missed and none twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from geoaddr.errors import InvalidDate, InvalidInput
from geoaddr.model import Event
from geoaddr.store import Entry


def told(changes):
    return [(c.ndas, c.number, c.kind) for c in changes.changes]


@pytest.fixture
def life(registry, draft):
    """Eight events of three addresses, in the order in which they happen."""
    a, b = (answer.record.ndas for answer in registry.issue_many([("1", draft(1)), ("2", draft(2))]))
    registry.visit(a)
    c = registry.issue(draft(3)).record.ndas
    registry.amend(b, {"house_number": "2A"})
    registry.confirm(a)
    registry.merge([a, b], c)
    return [
        (a, 1, "issued"), (b, 1, "issued"), (a, 2, "visited"), (c, 1, "issued"), (b, 2, "corrected"),
        (a, 3, "confirmed"), (a, 4, "merged"), (b, 3, "merged"),
    ]  # fmt: skip


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 1000])
def test_a_reader_goes_on_from_its_cursor(registry, life, limit):
    seen, cursor = [], "0"
    while (found := registry.changes(cursor, limit=limit)).changes:
        assert len(found.changes) <= limit
        assert found.cursor == found.changes[-1].cursor
        seen += told(found)
        cursor = found.cursor
    assert seen == life
    assert found.cursor == cursor


def test_a_change_says_what_its_event_says(registry, life):
    change = registry.changes("4", limit=1).changes[0]
    event = registry.history(life[4][0])[1]
    assert change.to_dict() == {"cursor": change.cursor, **event.to_dict()}


def test_new_events_come_behind_a_cursor(registry, draft, life):
    cursor = registry.changes(limit=1000).cursor
    new = registry.issue(draft(9)).record.ndas
    assert told(registry.changes(cursor)) == [(new, 1, "issued")]


def test_what_was_undone_was_never_told(store, registry, draft, life):
    class Trouble(Exception):
        pass

    def work(transaction):
        transaction.append([Event(life[0][0], 5, "noted", "2026-03-01T09:00:00.000Z", "", "", {})])
        assert transaction.events_after(8, 5)[0].event.kind == "noted"
        raise Trouble

    with pytest.raises(Trouble):
        store.write(work)
    assert told(registry.changes(limit=1000)) == life
    assert list(store.check()) == []


def test_since_a_time(registry, life):
    """The clock goes on by a second with each look; days begin at midnight in the country, 17:00 UTC before."""
    times = [change.at for change in registry.changes(limit=1000).changes]
    for at in times:
        assert told(registry.changes(at)) == life[times.index(at) :]
    assert told(registry.changes("2026-03-01T15:00:03+07:00")) == life[times.index("2026-03-01T08:00:03.000Z") :]
    assert told(registry.changes(dt.date(2026, 3, 1))) == told(registry.changes("2026-03-01")) == life
    after = registry.changes("2026-03-02")
    assert (after.changes, after.cursor) == ((), "8")
    assert told(registry.changes("1900-01-01")) == life


@pytest.mark.parametrize("minute", [-1, 0, 1, 17, 18, 19, 30, 3000, 3001])
def test_clocks_that_disagree_hide_nothing(store, registry, draft, minute):
    """3,000 events a minute apart, every seventh told by a clock that is 40 minutes slow."""
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

    def at(n):
        moment = start + dt.timedelta(minutes=n - (40 if n % 7 == 3 else 0))
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    record = registry.issue(draft(1)).record
    events = [Event(record.ndas, n + 2, "noted", at(n), "", "", {}) for n in range(3000)]
    store.write(lambda t: t.append(events))
    since = start + dt.timedelta(minutes=minute)
    found, cursor = [], since
    while (page := registry.changes(cursor, limit=1000)).changes:
        found += page.changes
        cursor = page.cursor
    wanted = {e.number for e in events if dt.datetime.fromisoformat(e.at) >= since}
    assert wanted <= {change.number for change in found}
    if found:
        assert dt.datetime.fromisoformat(found[0].at) >= since


def test_an_empty_registry_has_nothing_to_tell(registry):
    for since in ("0", "2026-03-01"):
        found = registry.changes(since)
        assert (found.changes, found.cursor) == ((), "0")


@pytest.mark.parametrize("cursor", ["9", "1000", "9223372036854775807", "9" * 30])
def test_a_cursor_beyond_the_end_is_refused(registry, life, cursor):
    """Copies of another registry, or of one that was restored, would wait for ever."""
    with pytest.raises(InvalidInput) as caught:
        registry.changes(cursor)
    assert caught.value.field == "since"


@pytest.mark.parametrize("since", ["", "-1", "last week", "2026-03-01T08:00:00", "１"])
def test_what_is_neither_cursor_nor_time_is_refused(registry, since):
    with pytest.raises(InvalidDate) as caught:
        registry.changes(since)
    assert caught.value.field == "since"


@pytest.mark.parametrize("limit", [0, -1, 1001, True, 1.0])
def test_limits(registry, limit):
    with pytest.raises(InvalidInput) as caught:
        registry.changes(limit=limit)
    assert caught.value.field == "limit"


def test_the_port_tells_each_engine_alike(store, registry, draft):
    record = registry.issue(draft(1)).record
    later = [Event(record.ndas, n, "noted", record.created_at, "a", "b", {"n": n}) for n in (2, 3)]
    store.write(lambda t: t.append(later))
    assert [found.event for found in store.events_after(0, 10)] == store.events(record.ndas)
    assert [found.position for found in store.events_after(1, 1)] == [2]
    assert store.events_after(3, 10) == []


def test_entries_without_events_tell_nothing(store, registry, draft):
    record = registry.issue(draft(1)).record
    other = replace(record, ndas="1112099999")
    store.write(lambda t: t.insert([Entry(other, 1)]))
    assert [found.event.ndas for found in store.events_after(0, 10)] == [record.ndas]

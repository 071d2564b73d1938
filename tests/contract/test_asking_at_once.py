"""What is asked of the port in one question: the same as several questions answer."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from geoaddr.model import STATUSES, Alias
from geoaddr.registry.nearness import box_around
from geoaddr.store import Numbered

CENTRE = (21.0368, 105.8346)
UNUSUAL = "a\"b\\c,{d} 'e' %s NULL"


def test_a_life_is_the_record_and_its_events(registry, draft):
    code, other = (registry.issue(draft(n), actor="UBND", reason="đợt 1").record.ndas for n in (1, 2))
    registry.confirm(code)
    registry.add_alias(code, Alias("parcel", "w7er8u5cvz3k"))
    registry.supersede(code, [other])
    record, events = registry.find_with_history(code)
    assert record == registry.get(code)
    assert record.superseded_by == (other,)
    assert list(events) == registry.history(code)
    assert [(event.ndas, event.number) for event in events] == [(code, n) for n in range(1, record.version + 1)]


def test_no_life_of_a_code_that_was_not_issued(registry, draft):
    assert registry.store.life("1112099999") is None
    registry.issue(draft(1))
    assert registry.store.life("1112099999") is None


def test_what_is_stated_is_what_the_records_say(registry, draft):
    records = [registry.issue(draft(n)).record for n in range(3)]
    asked = [record.ndas for record in records[1:]]
    found = registry.store.components([*asked, "1112099999"])
    assert sorted(map(repr, found)) == sorted(repr(record.components) for record in records[1:])
    assert registry.store.components([]) == []


def test_aliases_by_the_dozen_are_as_one_by_one(registry, draft):
    codes = [registry.issue(draft(n)).record.ndas for n in range(4)]
    for code, alias in zip(codes, ("A1", UNUSUAL, "A1", "A2"), strict=True):
        registry.add_alias(code, Alias("location_id", alias))
    found = registry.store.by_aliases("location_id", ["A1", UNUSUAL, "a\0b", "none"])
    assert {alias: [record.ndas for record in records] for alias, records in found.items()} == {
        "A1": sorted([codes[0], codes[2]]),
        UNUSUAL: [codes[1]],
    }
    assert registry.store.by_aliases("parcel", ["A1"]) == registry.store.by_aliases("location_id", []) == {}


NORTH_M = (0.0, 40.0, 150.0, 150.1)

GROWING = """
radii, m          enough   radius looked within, m
1000              9        1000
30,1000           1        30
30,1000           2        1000
30,1000           9        1000
30,60,200         2        60
30,60,200         3        200
30,60,200,900     4        200
30,60,200,900     5        900
10,20,30,60,200   2        60
"""


@pytest.mark.parametrize("line", GROWING.strip().splitlines()[1:])
def test_boxes_grow_until_one_holds_enough(registry, draft, line):
    codes = [registry.issue(draft(n, north_m=away_m)).record.ndas for n, away_m in enumerate(NORTH_M, 1)]
    radii, enough, within = line.split()
    boxes = [box_around(*CENTRE, float(radius_m)) for radius_m in radii.split(",")]
    n, located = registry.store.points_about(boxes, int(enough))
    assert radii.split(",")[n] == within
    expected = {code for code, away_m in zip(codes, NORTH_M, strict=True) if away_m <= float(within)}
    assert {each.ndas for each in located} == expected


def test_doors_at_many_numbers(registry, draft):
    codes = [registry.issue(draft(number)).record.ndas for number in ("5", "7", "7B", "9")]
    communes = ("00004", UNUSUAL)
    wanted = [
        Numbered("quan thanh", communes, 7),
        Numbered("quan thanh", communes, 5),
        Numbered(UNUSUAL, communes, 5),
        Numbered("quan thanh", communes, 9, holding="8"),
        Numbered("quan thanh", (), 9),
        Numbered("quan thanh", communes, 9, holding="9"),
    ]
    found = registry.store.doors("street", wanted)
    assert [[door.house.ndas for door in doors] for doors in found] == [
        sorted(codes[1:3]), [codes[0]], [], [], [], [codes[3]],
    ]  # fmt: skip
    assert [door.house_number for door in found[1]] == ["5"]
    assert registry.store.doors("street", []) == []


def test_what_the_first_on_a_street_state(registry, draft):
    codes = {n: registry.issue(draft(n)).record.ndas for n in ("5", "7", "9", "11", "13")}
    for change in (registry.confirm, registry.retire):
        change(codes["11"])
    del codes["11"]
    first = sorted(codes, key=lambda n: codes[n])[:3]
    for communes, expected in ((("00004", UNUSUAL), first), ((UNUSUAL,), []), ((), [])):
        found = registry.store.stated_on("street", "quan thanh", communes, 3)
        assert sorted(each.house_number for each in found) == sorted(expected)
    assert registry.store.stated_on("place", "quan thanh", ("00004",), 3) == []


def test_outlines_say_of_records_what_is_a_number(registry, draft):
    codes = [registry.issue(draft(n, north_m=float(n))).record.ndas for n in range(5)]
    registry.retire(codes[2])
    asked = np.array([1112099999, *(int(code) for code in reversed(codes))], dtype=np.int64)
    found = registry.store.outlines(asked)
    records = [registry.get(code) for code in sorted(codes)]
    assert [f"{code:010}" for code in found.ndas.tolist()] == sorted(codes)
    assert [STATUSES[status] for status in found.status.tolist()] == [record.status for record in records]
    assert found.commune.to_pylist() == ["00004"] * 5
    assert found.issued_day.tolist() == [(dt.date(2026, 3, 1) - dt.date(1970, 1, 1)).days] * 5
    assert found.lat.tolist() == [record.point.lat for record in records]
    assert found.lon.tolist() == [105.8346] * 5
    assert len(registry.store.outlines(np.array([], dtype=np.int64)).ndas) == 0


# what happened to an address | from which event on it is asked about | which events are told
LIVES = """
issue                           | 1 | 1
issue confirm alias retire      | 1 | 1 2 3 4
issue confirm alias retire      | 3 | 3 4
issue confirm                   | 2 | 2
issue confirm                   | 3 |
issue confirm erase             | 2 | 2 3
"""


def test_lives_of_many_are_records_with_their_last_events(registry, draft):
    verbs = {
        "confirm": registry.confirm,
        "alias": lambda code: registry.add_alias(code, Alias("parcel", "w7er8u5cvz3k")),
        "retire": registry.retire,
        "erase": lambda code: registry.erase(code, reason="asked for"),
    }
    wanted, expected = {"1112099999": range(1, 2)}, {}
    for n, line in enumerate(LIVES.strip().splitlines()):
        happened, since, told = (cell.strip() for cell in line.split("|"))
        code = registry.issue(draft(n, north_m=n)).record.ndas
        for verb in happened.split()[1:]:
            verbs[verb](code)
        wanted[code] = range(int(since), int(since) + 1)
        expected[code] = [int(number) for number in told.split()]
    found = registry.store.lives(wanted)
    assert {code: [event.number for event in events] for code, (_, events) in found.items()} == expected
    for code, (record, events) in found.items():
        assert record == registry.get(code)
        assert list(events) == registry.history(code)[wanted[code].start - 1 :]
    assert registry.store.lives({}) == {}


def test_a_record_and_its_events_are_of_one_state_while_others_write(registry, draft):
    """Lives that are read beside a writer: the last event's number is the record's version."""
    codes = [registry.issue(draft(n)).record.ndas for n in range(3)]
    seen: set[int] = set()
    enough = threading.Event()

    def move_on():
        for n in range(2000):
            for code in codes:
                registry.add_alias(code, Alias("parcel", f"w7er8u5cvz{n}"))
            if enough.wait(0.001):
                return

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(move_on)
        while len(seen) < 10 and not writer.done():
            for record, events in registry.store.lives(dict.fromkeys(codes, range(1, 2))).values():
                assert [event.number for event in events] == list(range(1, record.version + 1))
                seen.add(record.version)
        enough.set()
        writer.result()
    assert len(seen) > 1

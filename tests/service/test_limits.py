"""Limits: how many requests pass, as tables of times worked out by hand, and by how many processes at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.errors import InvalidInput
from service.limits import probing
from service.limits.addresses import MOST_CHARACTERS, Addresses, networks
from service.limits.counters import (
    ADDRESS_SLOTS,
    BYTES,
    DEBT,
    DEBT_AT,
    DUE,
    KEY_SLOTS,
    LAST,
    STRIKES,
    UNTIL,
    WAYS,
    Counters,
)
from service.limits.rules import UNLIMITED, Limits, Meter, Refused
from service.processes import forked

NOON = 1_900_000_800.0 + 5 * 3600 - 1_900_000_800 % 86_400
"""Noon in Viet Nam, UTC+7, of some day."""


@pytest.fixture
def counters() -> Counters:
    return Counters.in_memory()


def slot_of(counters: Counters, name: bytes = b"somebody") -> int:
    return counters.slot("address", counters.tag(name))


# rate 2 a second, 3 at once: each request is worth half a second, one and a half may be ahead
SPACED = """
at     | answered | wait_s
0.0    | yes      |
0.0    | yes      |
0.0    | yes      |
0.0    | no       | 1
0.4    | no       | 1
0.5    | yes      |
0.5    | no       | 1
1.5    | yes      |
1.5    | yes      |
1.5    | no       | 1
60.0   | yes      |
60.0   | yes      |
60.0   | yes      |
60.0   | no       | 1
"""


def test_requests_are_spaced(counters: Counters) -> None:
    meter, slot = Meter(Limits(rate=2, burst=3, day=0, misses=0)), slot_of(counters)
    counters.times[slot + DUE] = NOON
    for line in SPACED.strip().splitlines()[1:]:
        at, answered, wait = (cell.strip() for cell in line.split("|"))
        refused = meter.count(counters, slot, NOON + float(at))
        assert (refused is None) == (answered == "yes"), line
        if refused is not None:
            assert refused == Refused("rate", int(wait))


@given(st.integers(1, 50), st.integers(1, 50), st.lists(st.floats(0, 2), max_size=200))
def test_no_window_has_more_than_its_share(rate: int, burst: int, gaps: list[float]) -> None:
    """What the algorithm promises: any stretch of ``w`` seconds has at most ``burst + w * rate`` requests."""
    counters = Counters.in_memory()
    meter, slot, at, passed = Meter(Limits(rate=rate, burst=burst, day=0)), slot_of(counters), NOON, []
    for gap in gaps:
        at += gap / rate
        if meter.count(counters, slot, at) is None:
            passed.append(at)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + (passed[last] - passed[first]) * rate + 1e-6


def test_a_day_begins_at_midnight_in_viet_nam(counters: Counters) -> None:
    meter, slot = Meter(Limits(rate=0, burst=0, day=3)), slot_of(counters)
    assert [meter.count(counters, slot, NOON) for _ in range(3)] == [None] * 3
    assert meter.count(counters, slot, NOON) == Refused("day", 12 * 3600)
    assert meter.count(counters, slot, NOON + 12 * 3600 - 1) == Refused("day", 1)
    assert meter.count(counters, slot, NOON + 12 * 3600) is None


def test_rows_of_a_batch_count_all_or_none(counters: Counters) -> None:
    meter, slot = Meter(Limits(rate=0, burst=0, day=10)), slot_of(counters)
    assert meter.count(counters, slot, NOON) is None
    assert meter.add_to_day(counters, slot, NOON, 10) == Refused("day", 12 * 3600)
    assert meter.add_to_day(counters, slot, NOON, 9) is None
    assert meter.count(counters, slot, NOON) == Refused("day", 12 * 3600)


def test_a_clock_set_back_or_forward_locks_nobody_out(counters: Counters) -> None:
    limits = Limits(rate=1, burst=5, day=0)
    meter, slot = Meter(limits), slot_of(counters)
    for _ in range(6):
        meter.count(counters, slot, NOON)
    for skew_s in (-86_400, 86_400, -3600, 3600):
        assert meter.count(counters, slot, NOON + skew_s) is None
    assert probing.refused_s(counters, slot, NOON) == 0
    for code in range(0, 4000, 100):
        probing.looked_up(counters, slot, NOON, f"{code:010}", found=False, most=10)
    assert 0 < probing.refused_s(counters, slot, NOON) <= probing.LONGEST_PAUSE_S
    assert probing.refused_s(counters, slot, NOON - 86_400) == 0


def test_what_is_left_is_said(counters: Counters) -> None:
    """RateLimit and RateLimit-Policy, draft-ietf-httpapi-ratelimit-headers: structured lists of strings."""
    meter, slot = Meter(Limits(rate=10, burst=100, day=5000)), slot_of(counters)
    assert meter.policy == '"burst";q=100;w=10, "day";q=5000;w=86400'
    counters.times[slot + DUE] = NOON
    for _ in range(30):
        meter.count(counters, slot, NOON)
    assert meter.state(counters, slot, NOON) == '"burst";r=70;t=3, "day";r=4970;t=43200'
    assert meter.state(counters, slot, NOON + 1) == '"burst";r=80;t=2, "day";r=4970;t=43199'
    assert (Meter(UNLIMITED).policy, Meter(UNLIMITED).state(counters, slot, NOON)) == ("", "")


def test_callers_do_not_share_a_slot(counters: Counters) -> None:
    names = [f"caller {n}".encode() for n in range(2000)]
    assert len({slot_of(counters, name) for name in names}) == len(names)
    assert slot_of(counters, names[0]) == slot_of(counters, names[0])


def test_a_flood_of_addresses_pushes_no_key_out(counters: Counters) -> None:
    key = counters.slot("key", counters.tag(b"key"))
    counters.times[key + DUE] = 12.5
    for n in range(20_000):
        slot_of(counters, b"%d" % n)
    assert counters.slot("key", counters.tag(b"key")) == key
    assert counters.times[key + DUE] == 12.5


def test_the_slot_longest_unused_is_given_up(counters: Counters) -> None:
    buckets = ADDRESS_SLOTS // WAYS
    tags = [7 + buckets * n for n in range(1, WAYS + 2)]  # of one bucket
    slots = [counters.slot("address", tag) for tag in tags[:WAYS]]
    assert len(set(slots)) == WAYS
    for n, slot in enumerate(slots):
        counters.times[slot + DUE] = [40.0, 20.0, 30.0, 50.0][n]
    assert counters.slot("address", tags[WAYS]) == slots[1]
    assert [counters.slot("address", tag) for tag in (tags[0], tags[2], tags[3])] == [slots[0], *slots[2:]]


def test_the_table_is_as_large_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "some" / "where.counters"
    Counters.of_file(path)
    assert path.stat().st_size == BYTES == (1 + KEY_SLOTS + ADDRESS_SLOTS) * 64
    assert path.stat().st_mode & 0o077 == 0


def test_counts_outlive_the_process(tmp_path: Path) -> None:
    meter = Meter(Limits(rate=0, burst=0, day=2))
    for expected in (True, True, False):
        counters = Counters.of_file(tmp_path / "counters")
        assert (meter.count(counters, slot_of(counters), NOON) is None) == expected


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "counters"
    path.write_bytes(b"not a table" * 10)
    assert slot_of(Counters.of_file(path)) > 0
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(OSError, match=r"symbolic|link"):
        Counters.of_file(link)


def _ask(path: Path, start: object) -> None:
    counters = Counters.of_file(path)
    meter, slot = Meter(Limits(rate=0, burst=0, day=1_000_000)), slot_of(counters)
    start.wait()  # type: ignore[attr-defined]  # a barrier
    for _ in range(EACH):
        meter.count(counters, slot, NOON)
        sum(range(4000))  # 50 microseconds: less than the rest of a request takes


EACH = 5_000


def test_processes_count_together(tmp_path: Path) -> None:
    """Without a lock: of what two processes count of one caller at full speed hardly anything is lost."""
    context = multiprocessing.get_context("spawn")
    path, start = tmp_path / "counters", context.Barrier(2)
    workers = [context.Process(target=_ask, args=(path, start)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    counters = Counters.of_file(path)
    counted = counters.words[slot_of(counters) + 2] & ((1 << 40) - 1)
    assert 0.9 * 2 * EACH < counted <= 2 * EACH


TRIED = """
what                                                       | slowed down
100 codes that nobody has, at once                         | no
101 codes that nobody has, at once                         | yes
52 codes one after the next, issued                        | yes
1000 codes that nobody has, one every 20 seconds           | no
1000 codes that nobody has, one every 5 seconds            | yes
2000 codes, one in ten of which nobody has                 | no
2000 codes, one in two of which nobody has                 | yes
"""


def tried(what: str) -> list[tuple[float, int, bool]]:
    """When, which code, whether it was issued; codes far apart unless they are one after the next."""
    number = int(what.split()[0])
    if "next" in what:
        return [(0.0, 5_020_600_000 + n, True) for n in range(number)]
    share = {"ten": 10, "two": 2}.get(what.split()[4] if "one in" in what else "", 1)
    pause_s = float(what.split()[-2]) if "every" in what else 0.0
    return [(n * pause_s, 1_000_000_007 * n % 9_999_999_967, bool(n % share)) for n in range(number)]


@pytest.mark.parametrize("line", TRIED.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_who_tries_codes_is_noticed(counters: Counters, line: str) -> None:
    what, slowed = (cell.strip() for cell in line.split("|"))
    slot, refused = slot_of(counters), False
    for at, code, found in tried(what):
        refused = refused or probing.refused_s(counters, slot, NOON + at) > 0
        probing.looked_up(counters, slot, NOON + at, f"{code:010}", found=found, most=100)
    refused = refused or probing.refused_s(counters, slot, NOON + at) > 0
    assert refused == (slowed == "yes")


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60), st.integers(1, 20))
def test_codes_of_a_batch_count_as_codes_one_by_one(looked_for: list[tuple[int, bool]], most: int) -> None:
    batch, single = Counters.in_memory(), Counters.in_memory()
    one, other = slot_of(batch), slot_of(single)
    probing.all_looked_up(batch, one, NOON, looked_for, most=most)
    for number, found in looked_for:
        probing.looked_up(single, other, NOON, f"{number:010}", found=found, most=most)
    for place in (DEBT, DEBT_AT, UNTIL):
        assert batch.times[one + place] == single.times[other + place]
    for place in (LAST, STRIKES):
        assert batch.words[one + place] == single.words[other + place]


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60), max_size=4), st.integers(1, 20)
)
def test_columns_of_codes_count_as_codes_one_by_one(batches: list[list[tuple[int, bool]]], most: int) -> None:
    columns, single = Counters.in_memory(), Counters.in_memory()
    one, other = slot_of(columns), slot_of(single)
    for looked_for in batches:
        numbers = np.array([number for number, _ in looked_for], dtype=np.int64)
        found = np.array([was for _, was in looked_for], dtype=bool)
        probing.columns_looked_up(columns, one, NOON, numbers, found, most=most)
        probing.all_looked_up(single, other, NOON, looked_for, most=most)
    for place in (DEBT, DEBT_AT, UNTIL):
        assert columns.times[one + place] == single.times[other + place]
    for place in (LAST, STRIKES):
        assert columns.words[one + place] == single.words[other + place]


BATCHES, MISSED = 200, 100


def count_misses(counters: Counters, begin: int) -> None:
    """Batches of codes that nobody has, none next to another."""
    none = np.zeros(MISSED, dtype=bool)
    for batch in range(BATCHES):
        numbers = begin + 1000 * np.arange(batch * MISSED, (batch + 1) * MISSED, dtype=np.int64)
        probing.columns_looked_up(counters, slot_of(counters), NOON, numbers, none, most=10**9)


def test_batches_of_several_threads_undo_nothing() -> None:
    counters = Counters.in_memory()
    slot_of(counters)  # who comes first at once with another may begin it anew
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            [*pool.map(lambda n: count_misses(counters, n * 10**9), range(4))]
    finally:
        sys.setswitchinterval(switching)
    assert counters.times[slot_of(counters) + DEBT] == 4 * BATCHES * MISSED


def test_batches_of_several_processes_undo_next_to_nothing(tmp_path: Path) -> None:
    """Two workers at full speed: one of them may be interrupted in the microsecond in which it counts, for as long
    as others have the processor."""
    counters = Counters.of_file(tmp_path / "counters")
    slot_of(counters)
    faults: list[str] = []
    pids = [forked(lambda n=n: count_misses(counters, n * 10**9), faults.append) for n in range(2)]
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0, 0]
    assert counters.times[slot_of(counters) + DEBT] > 0.75 * 2 * BATCHES * MISSED


def test_each_pause_is_twice_as_long(counters: Counters) -> None:
    slot, at, pauses = slot_of(counters), NOON, []
    for n in range(20_000):
        wait_s = probing.refused_s(counters, slot, at)
        if wait_s:
            pauses.append(wait_s)
            at += wait_s
        probing.looked_up(counters, slot, at, f"{1_000_000_007 * n % 9_999_999_967:010}", found=False, most=100)
        if len(pauses) == 12:
            break
    assert pauses[:10] == [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]
    assert pauses[10:] == [3600, 3600]


FROM = """
remote          | X-Forwarded-For                    | told apart as
203.0.113.7     |                                    | 203.0.113.7
203.0.113.7     | 198.51.100.1                       | 203.0.113.7
10.0.0.1        | 198.51.100.1                       | 198.51.100.1
10.0.0.1        | 1.1.1.1, 198.51.100.1              | 198.51.100.1
10.0.0.1        | 1.1.1.1, 198.51.100.1, 10.0.0.2    | 198.51.100.1
10.0.0.1        | nonsense                           | 10.0.0.1
10.0.0.1        | 198.51.100.1, nonsense             | 10.0.0.1
10.0.0.1        | 10.0.0.2                           | 10.0.0.2
::ffff:10.0.0.1 | ::ffff:198.51.100.1                | 198.51.100.1
2001:db8:1:2::7 |                                    | 2001:db8:1:2::9
2001:db8:1:2::7 | 198.51.100.1                       | 2001:db8:1:2::9
"""


@pytest.mark.parametrize("line", FROM.strip().splitlines()[1:])
def test_from_where_a_request_came(line: str) -> None:
    """Only what trusted proxies wrote is believed: a caller cannot make up its address."""
    remote, forwarded, same = (cell.strip() for cell in line.split("|"))
    addresses = Addresses(networks(["10.0.0.0/8"], "proxies"))
    assert addresses.of(remote, forwarded) == addresses.of(same, "")
    assert addresses.of(remote, forwarded) != addresses.of("192.0.2.99", "")


def test_long_headers_fill_no_memory() -> None:
    """A thousand callers, each with 16 kB of addresses of its own: 16 MB, of which hardly anything stays."""
    for proxies in ([], ["10.0.0.0/8"]):
        addresses = Addresses(networks(proxies, "proxies"))
        tracemalloc.start()
        for number in range(1000):
            addresses.of("10.0.0.1", f"{number:05}, " * 2300 + "192.0.2.7")
        kept_bytes, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept_bytes < 2_000_000
        assert addresses.of("10.0.0.1", "7, " * 9000 + "192.0.2.7") == addresses.of(
            "192.0.2.7" if proxies else "10.0.0.1", ""
        )


def test_a_cut_through_an_address_is_no_address() -> None:
    trusted = Addresses(networks(["10.0.0.0/8"], "proxies"))
    tail = (", 10.0.0.2" * 60)[: MOST_CHARACTERS - len("8.51.100.1")]
    tail = tail[: tail.rindex(",")]
    cut = MOST_CHARACTERS - len(tail) - len("8.51.100.1")
    forwarded = "19" + "8.51.100.1" + " " * cut + tail
    assert forwarded[-MOST_CHARACTERS:].startswith("8.51.100.1")
    assert trusted.of("10.0.0.1", forwarded) == trusted.of("10.0.0.2", "") != trusted.of("8.51.100.1", "")


def test_neighbours_of_another_network_are_told_apart() -> None:
    addresses = Addresses()
    assert addresses.of("2001:db8:1:2::7", "") != addresses.of("2001:db8:1:3::7", "")
    assert addresses.of("", "") == addresses.of("unix:", "") == b""


@pytest.mark.parametrize(
    "text", ["rate=-1", "rate=x", "rate", "speed=1", "rate=1,rate=2", "", "rate=1.5", "rate=5,burst=0"]
)
def test_limits_that_are_none(text: str) -> None:
    with pytest.raises(InvalidInput):
        Limits.read(text, "GEOADDR_LIMITS")


def test_limits_as_text() -> None:
    assert Limits.read("rate=5, day=7", "x") == Limits(rate=5, day=7)
    assert Limits.read("none", "x") == UNLIMITED
    limits = Limits(rate=1, burst=2, day=3, misses=4)
    assert Limits.from_dict(limits.to_dict()) == limits


def test_a_slot_that_was_taken_over_begins_even(counters: Counters) -> None:
    before = time.time()
    assert counters.times[slot_of(counters) + DUE] >= before - 1

"""What a worker does last: it writes what waits, and says what it could not write."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from geoaddr.errors import GeoaddrError, Said
from service.background import AFTER_FAILURE_S, MOST_AT_ONCE, MOST_WAITING, Background
from service.logs import Log, flush_last, take_over
from service.processes import forked


def test_entries_that_are_lost_at_the_end_are_named(tmp_path: Path) -> None:
    """The log is written after the trail, whatever was begun first."""
    path = tmp_path / "log"
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def refuse(_: Sequence[int]) -> None:
        raise GeoaddrError(Said("the disk is full", "đĩa đã đầy"))

    def work() -> None:
        log = Log("error", fd)
        take_over(log)
        flush_last(log)
        trail: Background[int] = Background("trail", refuse, every_s=60)
        for number in range(3):
            trail.put(number)

    faults: list[str] = []
    pid = forked(work, faults.append)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    (line,) = map(json.loads, path.read_text("utf-8").splitlines())
    assert line["message"] == "trail: 3 entries are lost: the disk is full"


def test_a_worker_with_thousands_of_connections_has_last_words_too(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    low = os.open(tmp_path / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    high = fcntl.fcntl(low, fcntl.F_DUPFD, 2000)
    try:
        Log("info", high).say("error", "last")
    finally:
        os.close(low)
        os.close(high)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert json.loads((tmp_path / "log").read_text("utf-8"))["level"] == "error"


def test_many_entries_are_written_without_delay() -> None:
    kept: list[int] = []
    written = threading.Event()

    def keep(entries: Sequence[int]) -> None:
        kept.extend(entries)
        if len(kept) == MOST_AT_ONCE:
            written.set()

    trail: Background[int] = Background("trail", keep, every_s=60)
    assert trail.put_all(range(MOST_AT_ONCE))
    assert written.wait(10)
    assert kept == [*range(MOST_AT_ONCE)]


def test_who_brings_more_than_there_is_room_for_writes_what_waits() -> None:
    kept: list[int] = []
    trail: Background[int] = Background("trail", kept.extend, every_s=60)
    trail.put(-1)
    assert trail.put_all(range(MOST_WAITING))
    assert kept[0] == -1
    trail.flush()
    assert kept == [-1, *range(MOST_WAITING)]


def test_entries_that_have_no_room_together_are_all_refused() -> None:
    kept: list[int] = []
    trail: Background[int] = Background("trail", kept.extend, every_s=60)
    assert not trail.put_all(range(MOST_WAITING + 1))
    trail.flush()
    assert kept == []


def test_where_nothing_can_be_written_no_more_is_taken_than_there_is_room_for() -> None:
    full = threading.Event()

    def keep(entries: Sequence[int]) -> None:
        if full.is_set():
            raise OSError("no room")

    full.set()
    trail: Background[int] = Background("trail", keep, every_s=60)
    assert trail.put_all(range(MOST_WAITING))
    assert not trail.put_all([1])
    full.clear()


def test_many_wait_for_one_that_writes_in_vain_and_only_once() -> None:
    """A trail that is locked for as long as a request may wait is waited for once, not by one after another."""
    tried: list[float] = []
    trying, let_go = threading.Event(), threading.Event()

    def keep(entries: Sequence[int]) -> None:
        tried.append(time.monotonic())
        trying.set()
        if not let_go.is_set():
            time.sleep(0.5)
            raise OSError("locked")

    trail: Background[int] = Background("trail", keep, every_s=60)
    assert trail.put_all(range(MOST_WAITING))
    assert trying.wait(10)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(lambda number: trail.put_all([number]), range(8))] == [False] * 8
    assert len(tried) == 1
    assert time.monotonic() - began < 2 * 0.5
    began = time.monotonic()
    assert not trail.put_all([9])
    assert time.monotonic() - began < 0.1
    assert len(tried) == 1
    let_go.set()
    trail.flush()


def test_entries_take_up_room_by_their_weight() -> None:
    trail: Background[str] = Background("trail", lambda _: None, every_s=60, weigh=len)
    assert not trail.put_all(["x" * (MOST_WAITING + 1)])
    assert trail.put_all(["x" * (MOST_AT_ONCE - 1)])
    assert not trail.full
    trail.flush()
    assert trail.put_all(["x" * MOST_WAITING])
    trail.flush()
    assert not trail.full


def test_an_error_that_nobody_thought_of_does_not_end_the_writing() -> None:
    kept: list[int] = []
    written = threading.Event()

    def keep(entries: Sequence[int]) -> None:
        if not kept:
            kept.append(-1)
            raise LookupError
        kept.extend(entries)
        written.set()

    trail: Background[int] = Background("trail", keep, every_s=0.01)
    trail.put(1)
    assert written.wait(AFTER_FAILURE_S + 10)
    assert kept == [-1, 1]

"""Large batches of a worker are worked on one after another, small ones at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.turns import FEW_ROWS, Turns

LARGE = FEW_ROWS + 1


def test_large_batches_take_turns() -> None:
    turns, at_work, most = Turns(), 0, 0

    def work(_: int) -> None:
        nonlocal at_work, most
        with turns.of(LARGE):
            at_work += 1
            most = max(most, at_work)
            time.sleep(0.02)
            at_work -= 1

    with ThreadPoolExecutor(4) as pool:
        [*pool.map(work, range(8))]
    assert most == 1


@pytest.mark.parametrize(("rows", "patience_s"), [(FEW_ROWS, 60.0), (LARGE, 0.05)])
def test_nobody_waits_for_long(rows: int, patience_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.turns.PATIENCE_S", patience_s)
    turns, entered, done = Turns(), threading.Event(), threading.Event()

    def hold() -> None:
        with turns.of(LARGE):
            entered.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(10)
    began = time.monotonic()
    with turns.of(rows):
        pass
    assert time.monotonic() - began < 10
    done.set()
    holder.join()
    with turns.of(LARGE):  # it was let go
        pass


def test_a_batch_that_fails_lets_others_go_on() -> None:
    turns = Turns()
    with pytest.raises(LookupError), turns.of(LARGE):
        raise LookupError
    began = time.monotonic()
    with turns.of(LARGE):
        assert time.monotonic() - began < 0.5

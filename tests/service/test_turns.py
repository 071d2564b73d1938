"""Large batches take turns, small ones do not wait, and nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.turns import LARGE_BYTES, turns, wait

LARGE, SMALL = LARGE_BYTES + 1, LARGE_BYTES


class Held:
    """A large batch that is worked on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go, self.ended = threading.Event(), threading.Event(), threading.Event()

    def work(self) -> None:
        environ: dict[str, Any] = {}
        with turns(environ):
            wait(environ, LARGE)
            self.begun.set()
            self.let_go.wait(30)
            self.ended.set()


def others_turn(length: int, held: Held) -> bool:
    """Whether the held batch had ended when another of a length came to its turn."""
    environ: dict[str, Any] = {}
    with turns(environ):
        wait(environ, length)
        return held.ended.is_set()


#   a body of   | let go after, s | has it ended before the other begins?
CASES = """
    large       | 0.2             | yes
    small       | 5               | no
    large       | 5               | no
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_another_batch(line: str) -> None:
    size, seconds, ended = (cell.strip() for cell in line.split("|"))
    held = Held()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(held.work)
        assert held.begun.wait(10)
        timer = threading.Timer(float(seconds), held.let_go.set)
        timer.start()
        try:
            assert others_turn(LARGE if size == "large" else SMALL, held) is (ended == "yes")
        finally:
            timer.cancel()
            held.let_go.set()
        first.result(10)
    assert others_turn(LARGE, Held()) is False, "the turn was given back"

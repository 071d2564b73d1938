"""The collector of cycles is put off while a piece is answered, and never left as nobody wants it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Event, Thread

import pyarrow as pa
import pytest

import geoaddr
from geoaddr.bulk.collecting import collector_put_off
from geoaddr.bulk.distinct import TOGETHER
from geoaddr.errors import InvalidInput


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_rests_inside_and_goes_on_after() -> None:
    with collector_put_off():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), collector_put_off():
        raise KeyError("failed")
    assert gc.isenabled()


def test_a_piece_inside_another_leaves_it_to_the_outer_one() -> None:
    with collector_put_off():
        with collector_put_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_turned_it_off_finds_it_off() -> None:
    gc.disable()
    with collector_put_off():
        pass
    assert not gc.isenabled()


def test_a_piece_that_outlasts_another_threads_leaves_it_on() -> None:
    inside, leave = Event(), Event()

    def other() -> None:
        with collector_put_off():
            inside.set()
            leave.wait(10)

    thread = Thread(target=other)
    with collector_put_off():
        thread.start()
        assert inside.wait(10)
    leave.set()
    thread.join(10)
    assert gc.isenabled()


def test_it_is_on_between_the_pieces_of_a_column() -> None:
    seen: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        seen.append(phase)

    texts = [f"Thôn {i}, Xã {i}, Huyện {i}" for i in range(2 * TOGETHER)]
    with geoaddr.open(store="memory:") as ga:
        ga.convert_table(pa.array(texts[:1]))
        gc.callbacks.append(note)
        try:
            ga.convert_table(pa.array(texts))
        finally:
            gc.callbacks.remove(note)
        assert seen
        with pytest.raises(InvalidInput):
            ga.convert_table(pa.array(texts), to="sideways")
    assert gc.isenabled()

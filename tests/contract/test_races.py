"""Two who write at the same moment: the outcome is one that they could have had one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from geoaddr.errors import Conflict, GeoaddrError
from geoaddr.registry import Registry
from tests.registries import row

T = TypeVar("T")

ROUNDS = 12


def at_once(verbs: Sequence[Callable[[], T]]) -> list[T | GeoaddrError]:
    """The answers, or what was said instead."""
    ready = threading.Barrier(len(verbs))

    def run(verb: Callable[[], T]) -> T | GeoaddrError:
        ready.wait()
        try:
            return verb()
        except GeoaddrError as error:
            return error

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_a_household_on_a_border_gets_one_code(registry: Registry, draft) -> None:
    """Two clerks file it under two areas, so neither waits for the other's area."""
    for n in range(ROUNDS):
        here, there = draft(n), draft(n, area_code="99123", commune_code="00008")
        answers = at_once([partial(registry.issue, d) for d in (here, there)])
        assert sorted(answer.outcome for answer in answers) == ["created", "existing"]
        assert len({answer.record.ndas for answer in answers}) == 1
    assert registry.stats()["addresses"] == ROUNDS


def test_two_codes_do_not_come_to_replace_each_other(registry: Registry, draft) -> None:
    for n in range(ROUNDS):
        a, b = (registry.issue(draft(f"{n}", components={"street": s})).record.ndas for s in ("Huế", "Vinh"))
        answers = at_once([partial(registry.supersede, a, [b]), partial(registry.supersede, b, [a])])
        assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert registry.verify() == []


def test_an_idempotency_key_stands_for_one_request(registry: Registry, draft) -> None:
    for n in range(ROUNDS):
        drafts = [draft(100 + n), draft(200 + n, area_code="99123")]
        answers = at_once([partial(registry.issue, d, idempotency_key=f"k{n}") for d in drafts])
        assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert registry.stats()["addresses"] == ROUNDS


def test_a_code_is_loaded_once(registry: Registry) -> None:
    """Few rows, and so many that engines take them in another way."""
    for count in (3, 300):
        rows = [row(f"{count:05}{n:05}") for n in range(count)]
        reports = at_once([partial(registry.load, each) for each in (rows, rows[::-1])])
        assert sorted((report.loaded, report.unchanged) for report in reports) == [(0, count), (count, 0)]
    assert registry.verify() == []


def test_no_change_is_lost_when_two_confirm(registry: Registry, draft) -> None:
    for n in range(ROUNDS):
        code = registry.issue(draft(n)).record.ndas
        at_once([partial(registry.confirm, code)] * 2)
        assert registry.get(code).status == "live"
        assert [event.number for event in registry.history(code)] == [1, 2, 3]

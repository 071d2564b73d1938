"""Codes issued by several processes at once, very many: is any given twice?

    python -m tests.benchmarks.registry_unique URL [--codes N] [--processes N] [--minutes N]

``URL`` is of a registry that is made here. Whether codes come twice does not depend on how durable a commit is,
so a file on a memory disk will do. Each process tells every code that it was given, asks again where it waited in
vain for its turn, and stops when the minutes are over. In the end the store is asked: as many records as codes
were told, each of them once, each with one event.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from array import array
from contextlib import suppress
from functools import partial

from geoaddr.errors import StoreUnavailable
from geoaddr.registry import Draft, Registry
from geoaddr.stores import open_store
from tests.benchmarks.registry_issuing import household

MOST_TRIES = 20


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("url")
    arguments.add_argument("--codes", type=int, default=1_000_000)
    arguments.add_argument("--processes", type=int, default=8)
    arguments.add_argument("--minutes", type=float, default=40.0)
    given = arguments.parse_args()
    store = open_store(given.url)
    if not store.create():
        raise SystemExit("there is a registry already")
    begin = time.perf_counter()
    work = partial(_issue, given.url, given.codes // given.processes, time.time() + given.minutes * 60)
    with multiprocessing.get_context("spawn").Pool(given.processes) as pool:
        each = pool.map(work, range(given.processes), chunksize=1)
    told = [code for codes in each for code in codes]
    seconds = time.perf_counter() - begin
    print(
        f"{len(told):,} codes told, {len(told) / seconds:,.0f} /s; {len(told) - len(set(told)):,} twice",
        flush=True,
    )
    kept = [(int(scanned.record.ndas), len(scanned.events)) for scanned in store.scan()]
    print(f"{len(kept):,} records kept, {len({code for code, _ in kept}):,} codes among them")
    assert [code for code, _ in kept] == sorted(set(told)), "what was told is not what is kept"
    assert len(told) == len(kept), "a code was given twice"
    assert all(events == 1 for _, events in kept), "a code was issued twice"


def _issue(url: str, count: int, until: float, seed: int) -> array[int]:
    rng = random.Random(seed)
    registry = Registry(open_store(url))
    codes = array("q")
    for number in range(count):
        if time.time() > until:
            break
        codes.append(int(_issued(registry, household(rng, seed * count + number))))
    return codes


def _issued(registry: Registry, draft: Draft) -> str:
    """The code of a household, as a clerk gets it who asks again: had it been kept unseen, it would be found."""
    for _ in range(MOST_TRIES):
        with suppress(StoreUnavailable):
            return registry.issue(draft).record.ndas
    return registry.issue(draft).record.ndas


if __name__ == "__main__":
    main()

"""All faults, by name."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.faults import killing, storage, together
from tests.faults.rounds import Round
from tests.postgres_server import Server


class Kind(NamedTuple):
    """What goes wrong, on which engine, and one round of it."""

    engine: str
    happen: Callable[[Round, str], None]


_BOTH = {
    "killed while issuing": killing.assigning,
    "killed while loading": killing.loading,
    "killed while syncing": killing.syncing,
    "killed while brought forward": killing.migrating,
    "clock set back": together.clock_set_back,
    "two writers": together.two_writers,
}
_SQLITE = {
    "killed while backing up": killing.backing_up,
    "disk full": storage.full,
    "read-only": storage.read_only,
    "bytes written over": storage.overwritten,
}
_POSTGRESQL = {"server restarted": together.restarted}

KINDS: dict[str, Kind] = {
    f"{name}, {engine}": Kind(engine, happen)
    for engine, named in (("sqlite", {**_BOTH, **_SQLITE}), ("postgresql", {**_BOTH, **_POSTGRESQL}))
    for name, happen in named.items()
}


def campaign(name: str, rounds: int, *, server: Server | None, seed: int) -> None:
    """So many rounds of a kind, two at a time.

    :raises AssertionError: for the first that leaves what must not be.
    """
    if KINDS[name].happen in _ALONE:
        _lane(name, range(rounds), server, seed)  # in this thread: a server ends with the thread that started it
        return
    with ThreadPoolExecutor(LANES) as pool:
        running = [pool.submit(_lane, name, range(n, rounds, LANES), server, seed) for n in range(LANES)]
        for lane in running:
            lane.result()


def _lane(name: str, numbers: range, server: Server | None, seed: int) -> None:
    kind = KINDS[name]
    spans: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as shared:
        for number in numbers:
            rng = random.Random(f"{name} {seed} {number}")
            folder = Path(shared) if kind.happen in _KEEPING else Path(tempfile.mkdtemp(dir=shared))
            try:
                kind.happen(Round(rng, folder, server, spans), kind.engine)
            except AssertionError as error:
                error.add_note(f"{name}: round {number} of seed {seed}")
                raise


LANES = 2

_ALONE = frozenset({together.restarted})
"""Those that others on the same server would feel."""

_KEEPING = frozenset({killing.backing_up, killing.migrating, storage.read_only, storage.overwritten})
"""Those that begin each round from what the first one made."""

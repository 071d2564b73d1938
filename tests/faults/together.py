"""A server that is restarted under load, clocks that are set back, several who write at once."""

from __future__ import annotations

import datetime as dt
import time

from geoaddr.registry import Registry
from geoaddr.stores import open_store
from tests.faults.killing import TABLE, write_table
from tests.faults.rounds import Round, command, finished, kept, sound, worker

EACH = 25
WRITERS = 2


def restarted(at: Round, engine: str) -> None:
    """As by a crash: at once. Who was refused asks again, with the same key, and gets one code."""
    assert at.server is not None
    url = at.new_url(engine)
    Registry(open_store(url)).store.create()
    processes = [worker("keyed", url, f"phố {n}", EACH) for n in range(WRITERS)]
    first = [process.stdout.readline() for process in processes if process.stdout is not None]
    time.sleep(at.rng.random() * 0.2)
    at.server.stop()
    time.sleep(at.rng.random() * 0.2)
    at.server.start()
    told = [line.strip() for line in first]
    for process in processes:
        told += finished(process)
    answers = [line for line in told if line != "refused"]
    assert len({line.split(maxsplit=1)[1] for line in answers}) == len(answers) == WRITERS * EACH
    kept(url, answers, also=0)
    registry = Registry(open_store(url))
    for line in answers:
        code, name = line.split(maxsplit=1)
        receipt = registry.store.receipt(name)
        assert receipt is not None
        assert receipt.ndas == code
    registry.close()


def clock_set_back(at: Round, engine: str) -> None:
    """Times of one address never contradict their order, whatever the clocks of those who wrote said."""
    url = at.new_url(engine)
    Registry(open_store(url)).store.create()
    processes = [worker("clocked", url, f"{at.rng.random()} {n}", 6) for n in range(2)]
    told = [line for process in processes for line in finished(process)]
    kept(url, told, also=0)
    registry = sound(url)
    order: dict[str, list[int]] = {}
    for change in registry.changes(limit=1000).changes:
        order.setdefault(change.ndas, []).append(change.number)
    for scanned in registry.store.scan():
        times = [dt.datetime.fromisoformat(event.at) for event in scanned.events]
        assert times == sorted(times)
        assert order[scanned.record.ndas] == [1, 2, 3, 4, 5]
        assert scanned.record.updated_at == scanned.events[-1].at
        for event, later in zip(scanned.events, scanned.events[1:], strict=False):
            if event.at < later.at:
                assert registry.as_of(scanned.record.ndas, event.at).version == event.number
    registry.close()


def two_writers(at: Round, engine: str) -> None:
    """One brings in a whole file, the others issue, into a registry that nobody has made yet."""
    url = at.new_url(engine)
    table = at.folder / "table.csv"
    write_table(table)
    loading = command("registry", "load", table, "--store", url)
    time.sleep(at.rng.random() * 0.5)
    issuing = [worker("issue", url, f"phố {n}", 25) for n in range(2)]
    told = [line for process in issuing for line in finished(process)]
    finished(loading)
    kept(url, [*told, *(row["ndas"] for row in TABLE)], also=0)

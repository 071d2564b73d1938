"""Several processes on one registry, and processes that are killed in the middle of their work."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import count, groupby
from pathlib import Path

import pytest

from geoaddr.registry import Issued, Registry
from geoaddr.stores import open_store
from tests.postgres_server import Server

from . import worker

KILLS = int(os.environ.get("GEOADDR_KILLS", "5"))
"""How often each kind of work is killed; set GEOADDR_KILLS=100 for more."""


def start(verb: str, url: str, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, worker.__file__, verb, url, name, str(count)]
    search = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": search})


def finish(process: subprocess.Popen[str]) -> list[str]:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out.splitlines()


def kill_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """What was acknowledged by a process that was killed soon after so many lines."""
    assert process.stdout is not None
    told = [line for _ in range(lines) if (line := process.stdout.readline())]
    process.kill()
    told += process.stdout.readlines()
    process.communicate()
    return [line.rstrip("\n") for line in told if line.endswith("\n")]


def opened(url: str) -> Registry:
    return Registry(open_store(url))


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Tells URLs of registries that nobody has made yet."""
    if request.param == "sqlite":
        numbers = count()
        return lambda: f"sqlite:///{tmp_path / f'registry-{next(numbers)}.db'}"
    server: Server = request.getfixturevalue("postgres")
    return lambda: server.url(server.new_database())


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()


def test_processes_that_start_together_make_one_registry_and_no_duplicate(url):
    """Nobody made the registry before: they race for that, too."""
    processes = [start("issue", url, f"phố {n}", 60) for n in range(6)]
    codes = [code for process in processes for code in finish(process)]
    assert len(set(codes)) == len(codes) == 360
    registry = opened(url)
    assert registry.issued(codes) == set(codes)
    assert registry.stats()["addresses"] == 360
    assert registry.store.positions() == {"11120": 360}
    assert registry.verify() == []


def test_processes_that_issue_the_same_households_agree(url):
    processes = [start("race", url, f"p{n}", 60) for n in range(4)]
    told = [finish(process) for process in processes]
    codes = [[line.split()[0] for line in lines] for lines in told]
    assert all(each == codes[0] for each in codes)
    assert Counter(line.split()[1] for lines in told for line in lines) == {"created": 60, "existing": 180}
    assert opened(url).verify() == []


@pytest.mark.parametrize("verb", ["issue", "change"])
def test_no_acknowledged_write_is_lost_by_a_kill(url, verb):
    rng = random.Random(verb)
    acknowledged: list[str] = []
    for n in range(KILLS):
        acknowledged += kill_after(start(verb, url, f"phố {n}", 10_000), rng.randrange(25))
        registry = opened(url)
        assert registry.verify() == []
        registry.close()
    codes = [line.split()[0] for line in acknowledged]
    assert len(set(codes)) == len(codes)
    records = opened(url).find_many(codes)
    for record, line in zip(records, acknowledged, strict=True):
        assert record is not None
        assert [record.status] == (line.split()[1:] or ["proposed"])


def test_a_batch_that_was_killed_and_repeated_gives_the_rows_of_one_that_was_not(url, new_url):
    rows = 1000
    expected = finish(start("batch", new_url(), "file", rows))
    rng = random.Random(3)
    for _ in range(KILLS):
        told = kill_after(start("batch", url, "file", rows), rng.randrange(rows // 3))
        assert told == expected[: len(told)]
        registry = opened(url)
        assert registry.verify() == []
        registry.close()
    assert finish(start("batch", url, "file", rows)) == expected
    assert list(opened(url).store.positions().items()) == [("11120", rows // 2)]


def test_two_runs_of_one_batch_at_once_give_the_same_rows(url):
    """As when the parent of a run was killed and its worker was not."""
    first, second = (start("batch", url, "file", 600) for _ in range(2))
    assert finish(first) == finish(second)
    assert opened(url).stats()["addresses"] == 300


def test_a_load_that_was_killed_is_whole_to_the_chunk_and_can_be_repeated(url):
    for n in range(KILLS):
        process = start("load", url, "Huế", 3000)
        try:
            process.wait(timeout=0.15 + 0.02 * n)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        registry = opened(url)
        assert registry.stats()["addresses"] % worker.CHUNK == 0
        assert registry.verify() == []
        registry.close()
    (report,) = finish(start("load", url, "Huế", 3000))
    loaded, unchanged, refused = map(int, report.split())
    assert (loaded + unchanged, refused) == (3000, 0)
    assert opened(url).stats()["events"] == 3000


def a_street(url: str, households: int) -> set[str]:
    """The codes of the households of a street."""
    registry = Registry(open_store(url, key=worker.KEY))
    answers = registry.issue_many([(None, worker.household(number)) for number in range(households)])
    registry.close()
    return {answer.record.ndas for answer in answers if isinstance(answer, Issued)}


def names_on(url: str, codes: set[str]) -> Counter[str | None]:
    """How many have which street; each with as many events as that takes."""
    registry = opened(url)
    assert registry.verify() == []
    records = [record for record in registry.find_many(sorted(codes)) if record is not None]
    for record in records:
        assert len(registry.history(record.ndas)) == (1 if record.components.street == "Quán Thánh" else 2)
    registry.close()
    return Counter(record.components.street for record in records)


def test_a_renaming_that_was_killed_leaves_either_name_and_is_finished_by_the_same_again(url):
    codes = a_street(url, 600)
    rng, renamed = random.Random(7), 0
    for _ in range(KILLS):
        told = sum(map(int, kill_after(start("rename", url, "Phố Mới", 0), rng.randrange(3))))
        found = names_on(url, codes)
        assert renamed + told <= found["Phố Mới"] == 600 - found["Quán Thánh"]
        renamed = found["Phố Mới"]
    assert renamed + sum(map(int, finish(start("rename", url, "Phố Mới", 0)))) == 600
    assert names_on(url, codes) == {"Phố Mới": 600}


def test_two_renamings_of_one_street_at_once_rename_each_household_once(url):
    codes = a_street(url, 400)
    first, second = (start("rename", url, "Phố Mới", 0) for _ in range(2))
    assert sum(int(line) for process in (first, second) for line in finish(process)) == 400
    assert names_on(url, codes) == {"Phố Mới": 400}


def test_those_who_write_at_once_take_turns(url):
    """From when all are at it, nobody writes many times in a row while others wait."""
    names = [f"phố {n}" for n in range(4)]
    opened(url).store.create()
    processes = [start("issue", url, name, 100_000) for name in names]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    registry = opened(url)
    begin = registry.stats()["addresses"]
    while (end := registry.stats()["addresses"]) < begin + 300:
        time.sleep(0.01)
    for process in processes:
        process.kill()
        process.communicate()
    told = [told.event.ndas for told in registry.store.events_after(0, end)][begin:]
    streets = [record.components.street for record in registry.find_many(told) if record is not None]
    turns = [len(list(row)) for _, row in groupby(streets)]
    assert {*streets} == {*names}
    assert max(turns) <= 30, turns
    assert len(streets) / len(turns) < 4, turns


def test_a_backup_taken_while_processes_write_is_sound(tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    processes = [start("change", url, f"phố {n}", 40) for n in range(2)]
    registry = opened(url)
    taken = 0
    while any(process.poll() is None for process in processes):
        if registry.stats()["addresses"]:
            registry.backup(tmp_path / "copy.db", overwrite=True)
            copy = opened(f"sqlite:///{tmp_path / 'copy.db'}")
            assert copy.verify() == []
            copy.close()
            taken += 1
    for process in processes:
        finish(process)
    assert taken > 0

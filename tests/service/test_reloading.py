"""A new pack, a broken pack, a killed worker, a stop: who asks meanwhile is answered."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from multiprocessing import util
from pathlib import Path

import psutil
import pytest

from geoaddr.wiring import EMBEDDED_PACK
from service.processes import forked
from tests.service.running_services import SERVE, RunningService

HERE = "/v1/locate?lat=16.0678&lon=108.2208"
"""Hải Châu, whichever pack answers."""


@pytest.fixture
def served(pack: Path, tmp_path: Path) -> Iterator[tuple[RunningService, Path]]:
    """A service of two workers, and the file of its pack, which may be replaced."""
    own = tmp_path / "own.gapack"
    shutil.copy(pack, own)
    with RunningService(
        tmp_path, "--workers", "2", "--pack", str(own), "--store", "memory:", "--open", GEOADDR_DRAIN_S="0.3"
    ) as service:
        yield service, own


def accuracy(service: RunningService) -> str:
    found: str = service.ask(HERE).content["boundary_accuracy"]
    return found


def swap(new: Path, place: Path) -> None:
    """Replace a file in one step, as ``geoaddr data import --overwrite`` does."""
    beside = place.with_suffix(".new")
    shutil.copy(new, beside)
    beside.replace(place)


class Asking:
    """Clients that keep asking, on kept connections and on new ones, and note what they were told."""

    def __init__(self, service: RunningService) -> None:
        self.service = service
        self.answers: list[str] = []
        self.failures: list[str] = []
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(kept,)) for kept in (True, True, False, False)]

    def _ask(self, kept: bool) -> None:
        connection = HTTPConnection(self.service.host, self.service.port, timeout=20)
        while not self._enough.is_set():
            if not kept:
                connection.close()
            try:
                told = self.service.ask_on(connection, HERE)
            except Exception as error:  # whatever it is, it is a dropped request
                self.failures.append(repr(error))
                connection.close()
                continue
            if told.status == 200 and told.content["commune"]["code"] == "20242":
                self.answers.append(told.content["boundary_accuracy"])
            else:
                self.failures.append(repr(told))

    def __enter__(self) -> Asking:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def reloaded(service: RunningService, event: str, times: int = 1) -> Iterator[None]:
    before = len(service.lines(event))
    yield
    service.until(lambda: len(service.lines(event)) >= before + times)


def generations_of(service: RunningService) -> list[psutil.Process]:
    return psutil.Process(service.process.pid).children()


def test_a_replaced_pack_is_taken_up_and_nobody_notices(served: tuple[RunningService, Path]) -> None:
    service, own = served
    assert accuracy(service) == "exact"
    with Asking(service) as asking:
        service.until(lambda: len(asking.answers) > 20)
        with reloaded(service, "reloaded"):
            swap(EMBEDDED_PACK, own)
        service.until(lambda: len(generations_of(service)) == 1)
        mark = len(asking.answers)
        service.until(lambda: len(asking.answers) > mark + 100)
    assert asking.failures == []
    assert set(asking.answers[:20]) == {"exact"}
    assert set(asking.answers[mark + 10 :]) == {"approximate"}


def test_sighup_reloads_again_and_again(served: tuple[RunningService, Path]) -> None:
    service, _ = served
    with Asking(service) as asking:
        for _ in range(4):
            with reloaded(service, "reloaded"):
                service.signal(signal.SIGHUP)
    assert asking.failures == []
    assert [line["generation"] for line in service.lines("reloaded")] == [2, 3, 4, 5]


@pytest.mark.parametrize("content", [b"no pack at all", None], ids=["text", "one byte altered"])
def test_a_broken_pack_leaves_the_old_one_serving(
    served: tuple[RunningService, Path], content: bytes | None, tmp_path: Path
) -> None:
    service, own = served
    broken = bytearray(own.read_bytes() if content is None else content)
    if content is None:
        broken[len(broken) // 2] ^= 1
    (tmp_path / "broken").write_bytes(broken)
    with Asking(service) as asking, reloaded(service, "reload_refused"):
        swap(tmp_path / "broken", own)
    assert asking.failures == []
    [line] = service.lines("reload_refused")
    assert (line["level"], "own.gapack" in line["reason"]) == ("error", True)
    assert accuracy(service) == "exact"
    with reloaded(service, "reloaded"):
        swap(EMBEDDED_PACK, own)
    service.until(lambda: accuracy(service) == "approximate")
    text = service.ask("/metrics").content
    assert 'geoaddr_reloads_total{outcome="refused"} 1' in text
    assert 'geoaddr_reloads_total{outcome="done"} 1' in text


def test_a_killed_worker_is_started_again(served: tuple[RunningService, Path]) -> None:
    service, _ = served
    for _ in range(3):
        [generation] = generations_of(service)
        workers = generation.children()
        assert len(workers) == 2
        with reloaded(service, "worker_started"):
            workers[0].kill()
        assert all(service.ask(HERE).status == 200 for _ in range(20))
    assert "geoaddr_worker_starts_total 5" in service.ask("/metrics").content


def test_a_killed_generation_is_started_again(served: tuple[RunningService, Path]) -> None:
    """Whoever connects meanwhile waits in the supervisor's sockets."""
    service, _ = served
    with reloaded(service, "generation_ended"):
        generations_of(service)[0].kill()
    assert all(service.ask(HERE).status == 200 for _ in range(20))


def test_figures_of_all_workers_from_any_of_them_outlive_workers(served: tuple[RunningService, Path]) -> None:
    service, _ = served
    for _ in range(50):
        service.ask(HERE)
    before = 'geoaddr_requests_total{operation="locate",status="200"} 50\n'
    assert all(before in service.ask("/metrics").content for _ in range(10))
    with reloaded(service, "worker_started"):
        generations_of(service)[0].children()[0].kill()
    assert before in service.ask("/metrics").content
    with reloaded(service, "reloaded"):
        service.signal(signal.SIGHUP)
    assert before in service.ask("/metrics").content
    assert {line["worker"] for line in service.lines("request")} == {0, 1}


def test_a_stop_is_announced_before_it_happens(pack: Path, tmp_path: Path) -> None:
    """For ``drain_s`` the service still answers, and says that it is not ready."""
    arguments = ("--pack", str(pack), "--store", "memory:")
    with RunningService(tmp_path, *arguments, GEOADDR_DRAIN_S="2") as service:
        assert service.ask("/readyz").status == 200
        service.signal(signal.SIGTERM)
        told = service.until(lambda: (said := service.ask("/readyz")).status == 503 and said)
        assert told.content["type"] == "urn:geoaddr:problem:stopping"
        assert service.ask(HERE).status == 200
        service.process.wait(10)
        assert service.process.returncode == 0


def starting(service: psutil.Process, before: set[int]) -> psutil.Process:
    """A generation that starts, held where it is."""
    while True:
        for child in service.children():
            if child.pid not in before:
                child.suspend()
                return child


def gone(processes: list[psutil.Process], within_s: float) -> bool:
    return not psutil.wait_procs(processes, timeout=within_s)[1]


def test_a_stop_does_not_wait_for_a_generation_that_starts(pack: Path, tmp_path: Path) -> None:
    """One that never answers: without a stop it would be waited for two minutes."""
    own = {"GEOADDR_DRAIN_S": "0.1", "GEOADDR_FINISH_S": "1"}
    with RunningService(tmp_path, "--pack", str(pack), "--store", "memory:", "--open", **own) as service:
        process = psutil.Process(service.process.pid)
        running = process.children(recursive=True)
        service.signal(signal.SIGHUP)
        held = starting(process, {child.pid for child in running})
        assert accuracy(service) == "exact"
        service.signal(signal.SIGTERM)
        assert gone([process, held, *running], 15)
        assert service.process.wait() == 0


def test_a_stop_does_not_wait_for_the_generation_before(pack: Path, tmp_path: Path) -> None:
    """A second SIGTERM ends it at once, while the clients of the one before would be waited for half a minute."""
    own = {"GEOADDR_DRAIN_S": "30", "GEOADDR_FINISH_S": "1"}
    with RunningService(tmp_path, "--pack", str(pack), "--store", "memory:", "--open", **own) as service:
        process = psutil.Process(service.process.pid)
        service.signal(signal.SIGHUP)
        service.until(lambda: service.lines("reloaded"))
        running = process.children(recursive=True)
        assert len(running) >= 4
        service.signal(signal.SIGTERM)
        service.until(lambda: service.lines("stopping"))
        service.signal(signal.SIGTERM)
        assert gone([process, *running], 15)
        assert service.process.wait() == 0


def test_a_stop_before_anything_answers(pack: Path, tmp_path: Path) -> None:
    arguments = ["--port", "0", "--pack", str(pack), "--store", "memory:", "--open"]
    service = subprocess.Popen([*SERVE, *arguments], cwd=tmp_path, env={**os.environ, "GEOADDR_FINISH_S": "1"})
    process = psutil.Process(service.pid)
    held = starting(process, set())
    service.send_signal(signal.SIGTERM)
    assert gone([process, held], 15)
    assert service.wait() == 0


def test_workers_share_the_memory_of_what_they_read(pack: Path, tmp_path: Path) -> None:
    """A worker beyond the first costs what it writes itself, not the dictionaries and the pack."""
    with RunningService(tmp_path, "--workers", "2", "--pack", str(pack), "--store", "memory:") as service:
        for number in range(200):
            service.ask(f"/v1/parse?q={number}+Tran+Phu,+P.Hai+Chau,+Da+Nang")
            service.ask(f"/v1/locate?lat={16 + number / 1000}&lon=108.1")
        [generation] = generations_of(service)
        for worker in generation.children():
            memory = worker.memory_full_info()
            assert memory.uss < min(60e6, memory.rss / 2)


def test_what_a_process_is_to_do_last_is_done_and_nothing_of_its_parent() -> None:
    reading, writing = os.pipe()
    util.Finalize(None, os.write, args=(writing, b"parent "), exitpriority=1)

    def work() -> None:
        util.Finalize(None, os.write, args=(writing, b"child"), exitpriority=1)

    pid = forked(work, lambda trace: None)
    assert os.waitpid(pid, 0)[1] == 0
    assert os.read(reading, 100) == b"child"

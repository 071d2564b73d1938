"""Errors travel: from a worker process they arrive as they were raised."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import parent_process
from pathlib import Path

import pytest

import geoaddr
from geoaddr import errors
from geoaddr.bulk.job import BatchJob, run
from geoaddr.errors import DataError, FieldError, GeoaddrError, MissingExtra, Said

SAID = Said("is wrong", "sai")


def every(kind: type[GeoaddrError] = GeoaddrError) -> Iterator[type[GeoaddrError]]:
    if kind.__module__ == errors.__name__:
        yield kind
    for below in kind.__subclasses__():
        yield from every(below)


def one_of(kind: type[GeoaddrError]) -> GeoaddrError:
    if issubclass(kind, MissingExtra):
        return kind("excel", "an Excel file")
    if issubclass(kind, DataError):
        return kind(Path("in.csv"), SAID, line=7, column="lat")
    if issubclass(kind, FieldError):
        return kind("lat", "9x", SAID)
    return kind(SAID)


def test_the_tree_is_walked_whole() -> None:
    named = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {kind.__name__ for kind in every()} == named


@pytest.mark.parametrize("kind", sorted(every(), key=lambda kind: kind.__name__))
def test_every_error_is_pickled_whole(kind: type[GeoaddrError]) -> None:
    raised = one_of(kind)
    raised.add_note("seen in row 3")
    found = pickle.loads(pickle.dumps(raised))
    assert type(found) is kind
    assert vars(found) == vars(raised)
    assert found.args == raised.args
    assert [found.message(lang) for lang in ("en", "vi")] == [raised.message(lang) for lang in ("en", "vi")]


def opens_here_alone(pack: str | None, store: str | None) -> geoaddr.Geoaddr:
    """As a machine may be that a worker process starts on a moment after the pack was taken away."""
    return geoaddr.open("gone.gapack" if parent_process() else pack, store)


def test_what_stops_a_worker_is_told_as_it_was_raised(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("address\nLáng Hạ\n", encoding="utf-8")
    job = BatchJob(verb="parse", source=source, out=out, store="memory:", workers=2)
    with pytest.raises(DataError) as raised:
        run(job, opens_here_alone)
    assert raised.value.file == "gone.gapack"
    assert capfd.readouterr().err == ""
    assert not out.exists()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the worker by /proc")
def test_a_worker_that_is_killed_is_told_in_one_line(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,address\n" + "".join(f"{n},{n} Láng Hạ {n}\n" for n in range(200_000)), encoding="utf-8")
    command = [sys.executable, "-m", "geoaddr.cli", "batch", "convert", str(source), "-o", str(out)]
    command += ["--text", "address", "--workers", "2", "--lang", "en", "--store", "memory:"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    workers: list[int] = []
    while running.poll() is None and not workers:
        time.sleep(0.05)
        found = [int(pid) for pid in children.read_text().split()]
        workers = [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2
    told = [line for line in said.splitlines() if line.startswith("geoaddr: ")]
    assert len(told) == 1
    assert told[0].startswith("geoaddr: a worker process was ended from outside")
    assert "Traceback" not in said
    assert not out.exists()

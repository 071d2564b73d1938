"""Runs of one output after another: a run that was killed leaves nothing to the next but its own pieces."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import geoaddr
from geoaddr.bulk import engine
from geoaddr.bulk.job import BatchJob
from geoaddr.bulk.parts import Parts
from geoaddr.bulk.texts import TextColumns
from geoaddr.errors import InvalidInput, StoreError
from geoaddr.platform import batch

KILLED = """
import sys
from pathlib import Path
import geoaddr.bulk.parts as parts
from geoaddr.bulk.job import BatchJob
from geoaddr.platform import batch
parts.TEXT_ROWS = 50
source, out = map(Path, sys.argv[1:])
batch(BatchJob(verb="convert", source=source, out=out, store="memory:", workers=2))
"""


def streets(path: Path, count: int) -> Path:
    lines = [f"{n} đường D{n}, Láng Hạ, Đống Đa, Hà Nội" for n in range(1, count + 1)]
    path.write_text('address\n"' + '"\n"'.join(lines) + '"\n', encoding="utf-8")
    return path


def test_a_piece_that_another_run_puts_down_late_is_not_taken(tmp_path: Path) -> None:
    """A worker process may outlive its run by a moment, and finish a piece while the next run is under way."""
    killed = Parts(tmp_path / "out.csv", "the units of today")
    killed.prepare(resume=False)
    worker = pickle.loads(pickle.dumps(killed))
    del killed  # its lock goes with it
    following = Parts(tmp_path / "out.csv", "the units of before")
    following.prepare(resume=False)
    worker.put(0, pa.record_batch({"commune": ["new"]}))
    assert 0 not in following
    following.put(0, pa.record_batch({"commune": ["old"]}))
    worker.put(0, pa.record_batch({"commune": ["new"]}))
    assert following.get(0).to_pydict() == {"commune": ["old"]}


def test_workers_end_with_the_run_that_started_them(tmp_path: Path) -> None:
    """Killed so that it can tell nobody, a run takes its workers with it; another job over the same output
    then answers as if nothing had been."""
    source, out = streets(tmp_path / "in.csv", 3000), tmp_path / "out.csv"
    run = subprocess.Popen([sys.executable, "-c", KILLED, str(source), str(out)], stderr=subprocess.PIPE)
    while run.poll() is None and not [*(tmp_path / ".out.csv.parts").glob("*.arrow")]:
        time.sleep(0.01)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)  # the pipe ends when the last process that holds it is gone
    assert run.returncode == -signal.SIGKILL
    assert not out.exists()
    for answer in (out, tmp_path / "want.csv"):
        batch(BatchJob(verb="convert", source=source, out=answer, store="memory:", to="old", workers=1))
    assert out.read_bytes() == (tmp_path / "want.csv").read_bytes()


def test_a_registry_that_fails_ends_the_run(tmp_path: Path) -> None:
    """It is no row's fault: no row says so, and once the registry is mended the run goes on."""
    source, out = streets(tmp_path / "in.csv", 20), tmp_path / "out.csv"
    registry = tmp_path / "registry.db"
    registry.write_bytes(b"not a registry " * 1000)
    how: dict[str, Any] = {"source": source, "out": out, "store": f"sqlite:///{registry}"}
    for verb in ("validate", "convert"):
        with pytest.raises(StoreError):
            batch(BatchJob(verb=verb, **how))
        assert not out.exists()
    registry.unlink()
    report = batch(BatchJob(verb="convert", **how, resume=True))
    assert report.rows == 20
    assert "error" not in report.counts["status"]


def test_a_registry_that_fails_is_not_remembered_as_an_answer(tmp_path: Path) -> None:
    registry = tmp_path / "registry.db"
    registry.write_bytes(b"not a registry " * 1000)
    with geoaddr.open(store=f"sqlite:///{registry}") as ga:
        columns, texts = TextColumns(ga), pa.array(["12 Lê Lợi, Láng Hạ, Đống Đa, Hà Nội", "x" * 5000])
        with pytest.raises(StoreError):
            columns.validate(texts)
        registry.unlink()
        assert [row is None for row in columns.validate(texts)["error"].to_pylist()] == [True, False]


@pytest.mark.parametrize("verb", ["convert", "validate"])
def test_an_output_is_believed_for_the_registry_that_answered(verb: str, tmp_path: Path) -> None:
    """Another registry knows other streets, and so does the same one after an address more."""
    source, out = streets(tmp_path / "in.csv", 5), tmp_path / "out.csv"
    one, other = (f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "other"))

    def issue(store: str, number: int) -> None:
        with geoaddr.open(store=store) as ga:
            parts = {"house_number": str(number), "street": "đường D1", "commune": "00199"}
            ga.assign(parts, lat=21.0137, lon=105.8050 + number / 1e4)

    def go_on(store: str) -> int:
        job = BatchJob(verb=verb, source=source, out=out, store=store, resume=True)  # type: ignore[arg-type]
        return batch(job).resumed_rows

    issue(one, 1)
    issue(other, 1)
    assert go_on(one) == 0
    assert go_on(one) == 5
    with pytest.raises(InvalidInput, match="not known as the finished output of this job"):
        go_on(other)
    issue(one, 2)
    with pytest.raises(InvalidInput, match="not known as the finished output of this job"):
        go_on(one)


def test_an_output_of_another_version_of_the_software_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = streets(tmp_path / "in.csv", 5)
    job = BatchJob(verb="parse", source=source, out=tmp_path / "out.csv", store="memory:", resume=True)
    batch(job)
    monkeypatch.setattr(engine, "__version__", "another")
    with pytest.raises(InvalidInput, match="not known as the finished output of this job"):
        batch(job)

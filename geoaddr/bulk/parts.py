"""The finished pieces of a batch run, kept beside the output so that a killed run can go on.

So many rows of input as :func:`piece_rows` tells make one piece, an Arrow file moved into place when whole.
``job.json`` says which job the pieces belong to, and holds the run's identity, under which a registry remembers
the rows that it answered, and that of an earlier run of the same job that was not gone on with. A piece is named
by its number and its run, so one that a worker process of another run puts down late, after the process that
started it was killed, is never read.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from geoaddr.errors import DataError, InvalidInput, Said
from geoaddr.text.figures import figure

CHUNK_ROWS = 65_536
"""Points and codes are answered by the column."""

TEXT_ROWS = 4_096
"""Texts are answered one by one: some seconds for a piece, which a worker takes and a killed run keeps."""

GEOCODE_ROWS = 16_384
"""These are mostly looked up together, neighbours after neighbours: the more, the nearer to one another. Some
seconds for a piece, and a minute where every text has to be asked by itself."""

GEOCODE_MOST = 8 * GEOCODE_ROWS
"""For a large file: its answers alone take some tens of megabytes."""

GEOCODE_PIECES = 8
"""So many pieces of a file that is not large: a few workers are at it until the end, and neighbours are near."""


JOB = "job.json"


class Left(NamedTuple):
    """What an earlier run keeps that this one does not go on with: so many rows; ``same``: of the same job, so
    that ``--resume`` would go on with them, else they are dropped."""

    rows: int
    same: bool

    @property
    def said(self) -> Said:
        """The same for whoever started this run."""
        rows = Said(f"{self.rows:,}", figure(self.rows, "vi"))
        if self.same:
            return Said(
                f"starting anew, though a stopped run keeps {rows.en} rows; to go on from there, stop this one "
                "and add --resume",
                f"chạy lại từ đầu, dù lần chạy bị dừng trước còn giữ {rows.vi} dòng; để chạy tiếp từ đó, hãy dừng "
                "lần này rồi thêm --resume",
            )
        return Said(
            f"starting anew; {rows.en} rows that a stopped run kept are dropped, for it had another input, verb, "
            "option, language, data version or registry",
            f"chạy lại từ đầu; bỏ {rows.vi} dòng mà lần chạy bị dừng trước còn giữ, vì lần đó có tệp vào, lệnh, "
            "tùy chọn, ngôn ngữ, dữ liệu hay sổ đăng ký khác",
        )


class Parts:
    """The folder of pieces of one job."""

    def __init__(self, out: Path, fingerprint: str) -> None:
        self._out = out
        self._folder = _folder(out)
        self._fingerprint = fingerprint
        self._run = ""
        self.left: Left | None = None

    def prepare(self, *, resume: bool) -> str:
        """Make the folder, empty unless the run goes on with pieces of the same job. What a run of the same job
        keeps that is not gone on with is let be, and :attr:`left` says how much: whoever forgot ``resume`` stops
        this run and loses nothing.

        :returns: the identity of the run, the same when it goes on.
        :raises DataError: when the pieces that are there belong to another job.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._claim()
        job = _job(self._folder)
        most = _fullest(self._folder, job)
        if resume and job:
            self._refuse_other(job)
            self._run, earlier = most, ""
        else:
            self._run, earlier = secrets.token_hex(16), ""
            if rows := _rows(self._folder, most):
                self.left = Left(rows, same=job["fingerprint"] == self._fingerprint)
                earlier = most if self.left.same else ""
        for piece in self._folder.glob("*.arrow"):
            if _run_of(piece) not in (self._run, earlier):
                piece.unlink()
        for begun in self._folder.glob("*.partial"):
            begun.unlink(missing_ok=True)
        partial = self._folder / "job.partial"
        partial.write_text(
            json.dumps({"fingerprint": self._fingerprint, "run": self._run, "earlier": earlier}), encoding="utf-8"
        )
        partial.replace(self._folder / JOB)
        return self._run

    def _claim(self) -> None:
        """Keep other runs out of the folder while this process lives.

        :raises InvalidInput: when another run is at it.
        """
        self._lock = (self._folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InvalidInput(
                "out",
                str(self._out),
                Said("another run is writing this output", "một lần chạy khác đang ghi kết quả này"),
            ) from None

    def _refuse_other(self, job: dict[str, str]) -> None:
        if job["fingerprint"] != self._fingerprint:
            raise DataError(
                self._folder,
                Said(
                    "an unfinished run with another input, verb, option, language, data version or registry; "
                    "run without --resume to start again",
                    "lần chạy chưa xong có tệp vào, lệnh, tùy chọn, ngôn ngữ, dữ liệu hay sổ đăng ký khác; "
                    "hãy chạy không có --resume để làm lại từ đầu",
                ),
            )

    def __getstate__(self) -> dict[str, Any]:
        """Worker processes get the places; the lock stays here."""
        return {k: v for k, v in self.__dict__.items() if k != "_lock"}

    def __contains__(self, number: int) -> bool:
        return self._path(number).exists()

    def put(self, number: int, batch: pa.RecordBatch) -> None:
        """Keep a finished piece."""
        path = self._path(number)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with pa.OSFile(str(partial), "wb") as file, pa.ipc.new_file(file, batch.schema) as out:
            out.write_batch(batch)
        partial.replace(path)

    def get(self, number: int) -> pa.RecordBatch:
        """Read a finished piece."""
        with pa.memory_map(str(self._path(number))) as file:
            return pa.ipc.open_file(file).get_batch(0)

    def release(self) -> None:
        """Let other runs at the folder."""
        self._lock.close()

    def clear(self) -> None:
        """Drop the folder, once the output stands."""
        shutil.rmtree(self._folder)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.{self._run}.arrow"


def kept_rows(out: Path) -> int:
    """How many rows a stopped run keeps for ``--resume`` beside its output."""
    folder = _folder(out)
    return _rows(folder, _fullest(folder, _job(folder)))


def _folder(out: Path) -> Path:
    return out.with_name(f".{out.name}.parts")


def _job(folder: Path) -> dict[str, str]:
    """What is noted of the runs whose pieces are in the folder; nothing where none began."""
    try:
        noted: dict[str, str] = json.loads((folder / JOB).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return noted


def _fullest(folder: Path, job: dict[str, str]) -> str:
    """The run that keeps the most rows, of two that keep as many the later one."""
    runs = [run for run in (job.get("run"), job.get("earlier")) if run]
    return max(runs, key=lambda run: _rows(folder, run), default="")


def _run_of(piece: Path) -> str:
    return piece.name.split(".")[1]


def _rows(folder: Path, run: str) -> int:
    """How many rows the pieces of a run hold."""
    kept = 0
    for piece in folder.glob(f"*.{run}.arrow") if run else ():
        with pa.memory_map(str(piece)) as file:
            kept += pa.ipc.open_file(file).get_batch(0).num_rows
    return kept


def piece_rows(verb: str, rows: int | None = None) -> int:
    """How many rows make a piece of a verb's answers.

    :param rows: of the whole file, where that is known.
    """
    if verb == "geocode":
        times = 2 if rows is None else -(-rows // (GEOCODE_PIECES * GEOCODE_ROWS))
        return min(GEOCODE_MOST, max(1, times) * GEOCODE_ROWS)
    return TEXT_ROWS if verb in ("parse", "convert", "validate") else CHUNK_ROWS


def chunks(batches: Iterator[pa.RecordBatch], schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of ``size``, so that pieces mean the same rows in every run."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows < size:
            continue
        table = pa.Table.from_batches(held, schema)
        whole = rows - rows % size
        for first in range(0, whole, size):
            yield one_batch(table.slice(first, size))
        rest = table.slice(whole)
        held, rows = rest.to_batches(), rest.num_rows
    if rows:
        yield one_batch(pa.Table.from_batches(held, schema))


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """A table as a single record batch."""
    return pa.record_batch([c.combine_chunks() for c in table.columns], schema=table.schema)


def no_rows(schema: pa.Schema) -> pa.RecordBatch:
    """A batch of a schema without rows: what an empty file is answered with."""
    return one_batch(schema.empty_table())

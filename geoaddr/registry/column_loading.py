"""Existing records brought in by the column: the same outcome as row by row, many times as fast."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.registry.column_checks import Checked, Checker
from geoaddr.registry.drafts import AREA_DIGITS
from geoaddr.registry.loading import Kept, Loader, LoadError, LoadReport, LoadRow, Numbered
from geoaddr.store import AREA_CAPACITY, Transaction, Writing

T = TypeVar("T")

SWITCH_S = 0.00005
"""The thread that writes is in SQLite for about a millisecond at a time. So long, in seconds, it may wait for its
turn when it comes back; by Python's own measure it would stand for five milliseconds."""


class ColumnLoader(Loader):
    """Takes batches of Arrow, whatever their size, in chunks."""

    def load_batches(self, batches: Iterable[pa.RecordBatch]) -> LoadReport:
        """Load all."""
        checker = Checker(self._note, self._today, self._known)
        report = LoadReport()
        waiting: list[Numbered] = []
        with _quick_turns, self._store.filling() as write:
            for piece, checked in _ahead(_pieces(batches, self._chunk), partial(self._checked, checker)):
                errors, kept = self._load_piece(piece, report.rows + 1, checked, write)
                waiting.extend(kept.waiting)
                errors = sorted([*errors, *kept.errors], key=lambda error: error.row)
                report = self._add(report, piece.num_rows, kept.loaded, kept.unchanged, errors)
            return self._load_waiting(report, waiting, write)

    def _checked(self, checker: Checker, piece: pa.RecordBatch) -> Checked:
        checked = checker.check(piece)
        if not len(checked.arrivals):
            return checked
        return replace(checked, arrivals=self._store.made_ready(checked.arrivals))

    def _load_piece(
        self, piece: pa.RecordBatch, first: int, checked: Checked, write: Writing
    ) -> tuple[list[LoadError], Kept]:
        errors: list[LoadError] = []
        singles = self._singles(piece, first, checked.others, errors)
        again = np.isin(checked.arrivals.ndas, [int(record.ndas) for _, record in singles])
        if again.any():  # a row that goes alone has the same code, however it is written: the first counts
            singles += self._singles(piece, first, checked.at[again], errors)
            checked = Checked(checked.arrivals.chosen(~again), checked.at[~again], checked.others)
        return errors, write(partial(self._keep_piece, piece=piece, first=first, checked=checked, singles=singles))

    def _singles(
        self, piece: pa.RecordBatch, first: int, at: NDArray[np.int64], errors: list[LoadError]
    ) -> list[Numbered]:
        """The records of some rows of a piece, read one by one."""
        values = piece.take(pa.array(at)).to_pylist() if len(at) else []
        rows = (LoadRow(first + place, row) for place, row in zip(at.tolist(), values, strict=True))
        return [record for row in rows if (record := self._parsed(row, errors)) is not None]

    def _keep_piece(
        self,
        transaction: Transaction,
        piece: pa.RecordBatch,
        first: int,
        checked: Checked,
        singles: Sequence[Numbered],
    ) -> Kept:
        """Insert what is new by the column, and see to all else row by row; may be called again."""
        arrivals = checked.arrivals
        areas = {record.ndas[:AREA_DIGITS] for _, record in singles}
        held = transaction.taken(arrivals.ndas)
        held |= _reserved(transaction, arrivals.ndas, held, areas)
        unchanged = 0
        if held.any():
            places = np.flatnonzero(held)
            known = places[transaction.same(arrivals.chosen(held))]
            unchanged, held[known] = len(known), False
            new = ~held
            new[known] = False
            singles = [*singles, *self._singles(piece, first, checked.at[held], [])]
            arrivals = arrivals.chosen(new)
        if len(arrivals):
            transaction.arrive(arrivals)
        kept = self._keep(transaction, sorted(singles, key=lambda row: row[0])) if singles else Kept(0, 0, [], [])
        return kept._replace(loaded=kept.loaded + len(arrivals), unchanged=kept.unchanged + unchanged)


def _reserved(
    transaction: Transaction, codes: NDArray[np.int64], taken: NDArray[np.bool_], beside: Collection[str]
) -> NDArray[np.bool_]:
    """Which of ``codes`` that nobody has are reserved: :func:`geoaddr.registry.reserving.reserved_in` by the
    column. The areas ``beside`` are locked with theirs."""
    areas, of = np.unique(codes // AREA_CAPACITY, return_inverse=True)
    free = np.unique(of[~taken]).tolist()
    names = {f"{areas[at]:0{AREA_DIGITS}}": at for at in free}
    positions = transaction.lock_areas({*names, *beside}) if names or beside else {}
    found = np.zeros(len(codes), dtype=bool)
    order = None
    for name, at in names.items():
        if positions[name]:
            order = IssuingOrder(transaction.key()) if order is None else order
            given = order.extension_numbers(name, 0, positions[name])
            found |= (of == at) & ~taken & np.isin(codes % AREA_CAPACITY, given)
    return found


class _QuickTurns:
    """Threads take turns more often as long as anybody is inside."""

    def __init__(self) -> None:
        self._lock, self._inside, self._before = Lock(), 0, 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(self._before, SWITCH_S))
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setswitchinterval(self._before)


_quick_turns = _QuickTurns()


def _ahead(
    pieces: Iterator[pa.RecordBatch], work: Callable[[pa.RecordBatch], T]
) -> Iterator[tuple[pa.RecordBatch, T]]:
    """Each piece with what ``work`` makes of it in another thread, while the caller is at the piece before.

    Pieces are asked for in the caller's thread, one more than it has been given. Where that fails, those before
    are given first.
    """
    failed: Exception | None = None
    before: tuple[pa.RecordBatch, Future[T]] | None = None
    with ThreadPoolExecutor(1) as worker:
        while failed is None:
            try:
                piece = next(pieces, None)
            except Exception as error:  # raised below
                piece, failed = None, error
            if piece is None:
                break
            begun = piece, worker.submit(work, piece)
            if before is not None:
                yield before[0], before[1].result()
            before = begun
        if before is not None:
            yield before[0], before[1].result()
    if failed is not None:
        raise failed


def _pieces(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of so many, and what is left."""
    held: list[Any] = []
    count = 0
    for batch in batches:
        at = 0
        while at < batch.num_rows:
            part = batch.slice(at, rows - count)
            held.append(part)
            at, count = at + part.num_rows, count + part.num_rows
            if count == rows:
                yield _joined(held)
                held, count = [], 0
    if held:
        yield _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]

"""Existing records with their codes, brought in as taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.errors import SHOWN_CHARACTERS, FieldError, InvalidDate, InvalidInput, Said
from geoaddr.model import AddressRecord, Event, Record
from geoaddr.profiles.vn import TIME_ZONE
from geoaddr.registry.amending import CAUSES
from geoaddr.registry.drafts import Note
from geoaddr.registry.issuing import first_event
from geoaddr.registry.past import taken_back
from geoaddr.registry.reserving import reserved_in
from geoaddr.registry.rows import record_from_row
from geoaddr.registry.streets import entry
from geoaddr.store import Entry, Reads, Store, Transaction, Writing

T = TypeVar("T")

Numbered = tuple[int, AddressRecord]
"""A record with the number of its row."""

KnownCommune = Callable[[str, dt.date], bool]
"""Whether a commune had this code on that day."""

KEPT_ERRORS = 1000
"""Errors that a report repeats in full; all are counted, and all are passed to ``on_error``."""


class LoadRow(NamedTuple):
    """A row of a file: its number, from 1, and its values by column, as text."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LoadError(Record):
    """A row that was not loaded: its number, the column, the value, and why."""

    row: int
    field: str
    value: str
    reason: Said


@dataclass(frozen=True, slots=True)
class LoadReport(Record):
    """What became of the rows: ``rows`` = ``loaded`` + ``unchanged`` + ``refused``.

    ``unchanged`` were there already, as they are or as they were before something happened to them. ``errors``
    are the first thousand of ``refused``.
    """

    rows: int = 0
    loaded: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: tuple[LoadError, ...] = ()


class Kept(NamedTuple):
    """What became of a chunk: how many new, how many there already, what clashed, what must wait."""

    loaded: int
    unchanged: int
    errors: list[LoadError]
    waiting: list[Numbered]


_NOTHING = Kept(0, 0, [], [])


class Loader:
    """Takes rows in chunks, each in one transaction.

    A record that is replaced by one which is not there yet waits until all rows were seen; such rows are the
    only ones that are held in memory. So a file may be in any order, and no circle can come about.
    """

    def __init__(
        self,
        store: Store,
        note: Note,
        chunk: int,
        on_error: Callable[[LoadError], None] | None,
        known: KnownCommune | None,
    ) -> None:
        self._store = store
        self._note = note
        self._chunk = chunk
        self._on_error = on_error
        self._known = known
        self._today = dt.datetime.fromisoformat(note.at).astimezone(TIME_ZONE).date()

    def load(self, rows: Iterable[LoadRow]) -> LoadReport:
        """Load all."""
        report = LoadReport()
        waiting: list[Numbered] = []
        for chunk in _chunks(rows, self._chunk):
            errors: list[LoadError] = []
            parsed = [record for row in chunk if (record := self._parsed(row, errors)) is not None]
            kept = self._store.write(partial(self._keep, rows=parsed)) if parsed else _NOTHING
            waiting.extend(kept.waiting)
            errors = sorted([*errors, *kept.errors], key=lambda error: error.row)
            report = self._add(report, len(chunk), kept.loaded, kept.unchanged, errors)
        return self._load_waiting(report, waiting, self._store.write)

    def _load_waiting(self, report: LoadReport, waiting: list[Numbered], write: Writing) -> LoadReport:
        """Rows whose replacement came later: as often as that brings any in. The rest wait for nothing."""
        while waiting:
            still: list[Numbered] = []
            for chunk in _chunks(waiting, self._chunk):
                kept = write(partial(self._keep, rows=chunk))
                still.extend(kept.waiting)
                report = self._add(report, 0, kept.loaded, kept.unchanged, kept.errors)
            if len(still) == len(waiting):
                lost = [LoadError(n, "superseded_by", "; ".join(r.superseded_by), _ABSENT) for n, r in still]
                return self._add(report, 0, 0, 0, lost)
            waiting = still
        return report

    def _parsed(self, row: LoadRow, errors: list[LoadError]) -> Numbered | None:
        try:
            record = record_from_row(row.values, self._note.at)
            self._check_times(record)
            return row.number, record
        except FieldError as error:
            errors.append(LoadError(row.number, error.field, _short(error.value), error.reason))
            return None

    def _check_times(self, record: AddressRecord) -> None:
        """Refuse a day that has not begun, and a commune that was not there on it."""
        if record.issued_on > self._today:
            raise InvalidDate("issued_on", record.issued_on.isoformat(), _FUTURE)
        if self._known is not None and not self._known(record.commune_code, record.issued_on):
            day = record.issued_on
            said = Said(f"no commune had this code on {day}", f"không xã, phường nào có mã này vào ngày {day}")
            raise InvalidInput("commune_code", record.commune_code, said)

    def _keep(self, transaction: Transaction, rows: Sequence[Numbered]) -> Kept:
        """Insert what is new; may be called again with the same rows, so it keeps nothing between calls."""
        taken = transaction.records([record.ndas for _, record in rows])
        there = transaction.issued(code for _, record in rows for code in record.superseded_by)
        new = {record.ndas for _, record in rows} - taken.keys()
        reserved = reserved_in(transaction, new, IssuingOrder(transaction.key()))
        entries: list[Entry] = []
        errors: list[LoadError] = []
        waiting: list[Numbered] = []
        unchanged = 0
        for number, record in rows:
            kept = taken.get(record.ndas)
            if kept is not None and _is_loaded(transaction, kept, record):
                unchanged += 1
            elif kept is not None:
                errors.append(LoadError(number, "ndas", record.ndas, _TAKEN))
            elif reserved(record.ndas):
                errors.append(LoadError(number, "ndas", record.ndas, _RESERVED))
            elif any(code not in there and code not in taken for code in record.superseded_by):
                waiting.append((number, record))
            else:
                taken[record.ndas] = record
                entries.append(entry(record))
        transaction.insert(entries)
        transaction.append([first_event("loaded", entry.record, self._note) for entry in entries])
        return Kept(len(entries), unchanged, errors, waiting)

    def _add(
        self, report: LoadReport, rows: int, loaded: int, unchanged: int, errors: Sequence[LoadError]
    ) -> LoadReport:
        if self._on_error is not None:
            for error in errors:
                self._on_error(error)
        return LoadReport(
            report.rows + rows,
            report.loaded + loaded,
            report.unchanged + unchanged,
            report.refused + len(errors),
            (*report.errors, *errors[: KEPT_ERRORS - len(report.errors)]),
        )


_FUTURE = Said("a day that has not begun", "ngày chưa đến")
_TAKEN = Said("the code stands for another record already", "mã đã thuộc về bản ghi khác")
_RESERVED = Said("the code is reserved for a team in the field", "mã đã được giữ trước cho đội thực địa")
_ABSENT = Said(
    "neither in the registry nor in these rows, or replaced by this one itself",
    "không có trong sổ đăng ký và trong các dòng này, hoặc lại bị chính mã này thay thế",
)


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def _is_loaded(reads: Reads, kept: AddressRecord, given: AddressRecord) -> bool:
    """Whether ``given`` is ``kept`` as it is, or as it was before it moved on or was given other names."""
    if kept == _lived(given, kept):
        return True
    history = reads.events(kept.ndas)
    if any(event.kind in CAUSES for event in history):
        return any(state == _lived(given, state) for state in _past(kept, history))
    as_it_was = replace(
        _lived(given, kept), status=kept.status, aliases=kept.aliases, superseded_by=kept.superseded_by
    )
    if kept != as_it_was:
        return False
    named_later = sum(event.kind == "alias_added" for event in history)
    return (
        any(event.details.get("to") == given.status for event in history)
        and given.superseded_by in ((), kept.superseded_by)
        and len(given.aliases) >= len(kept.aliases) - named_later
        and given.aliases == kept.aliases[: len(given.aliases)]
    )


def _past(record: AddressRecord, history: Sequence[Event]) -> Iterator[AddressRecord]:
    """The record as it was before each of its changes, the latest first."""
    for event, earlier in zip(reversed(history[1:]), reversed(history[:-1]), strict=True):
        record = taken_back(record, event, earlier.at)
        yield record


def _lived(given: AddressRecord, kept: AddressRecord) -> AddressRecord:
    return replace(given, version=kept.version, created_at=kept.created_at, updated_at=kept.updated_at)


def _short(value: object) -> str:
    if value is None:  # what is personal is not repeated
        return ""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"

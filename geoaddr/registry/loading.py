"""Existing records with their codes, brought in as taken. The columns: ``docs/reference/registry-load.md``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from geoaddr.codes import ndas
from geoaddr.components import components_from
from geoaddr.errors import SHOWN_CHARACTERS, FieldError, InvalidDate, InvalidInput, Said
from geoaddr.model import COMPONENT_NAMES, STATUSES, AddressRecord, Alias, Point, Record, reject_unknown
from geoaddr.registry.drafts import COMMUNE_DIGITS, Note, check_parts, require_digits
from geoaddr.registry.issuing import first_event
from geoaddr.registry.likeness import likeness
from geoaddr.store import Entry, Store, Transaction

OWN_COLUMNS = (
    "ndas", "lat", "lon", "commune_code", "issued_on", "status", "point_source", "uncertainty_m", "aliases",
    "superseded_by",
)  # fmt: skip
COLUMNS = OWN_COLUMNS + COMPONENT_NAMES

REQUIRED = ("ndas", "lat", "lon", "commune_code", "issued_on")

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

    ``unchanged`` were there already, identical. ``errors`` are the first thousand of ``refused``.
    """

    rows: int = 0
    loaded: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: tuple[LoadError, ...] = ()


class Loader:
    """Takes rows in chunks, each in one transaction."""

    def __init__(self, store: Store, note: Note, chunk: int, on_error: Callable[[LoadError], None] | None) -> None:
        self._store = store
        self._note = note
        self._chunk = chunk
        self._on_error = on_error

    def load(self, rows: Iterable[LoadRow]) -> LoadReport:
        """Load all; memory does not grow with their number."""
        report = LoadReport()
        for chunk in _chunks(rows, self._chunk):
            errors: list[LoadError] = []
            parsed = [record for row in chunk if (record := self._parsed(row, errors)) is not None]
            loaded, unchanged, clashes = self._store.write(partial(self._keep, rows=parsed))
            errors.extend(clashes)
            report = self._add(report, len(chunk), loaded, unchanged, sorted(errors, key=lambda e: e.row))
        return report

    def _parsed(self, row: LoadRow, errors: list[LoadError]) -> tuple[int, AddressRecord] | None:
        try:
            return row.number, record_from_row(row.values, self._note)
        except FieldError as error:
            errors.append(LoadError(row.number, error.field, _short(error.value), error.reason))
            return None

    def _keep(
        self, transaction: Transaction, rows: Sequence[tuple[int, AddressRecord]]
    ) -> tuple[int, int, list[LoadError]]:
        """Insert what is new; may be called again with the same rows, so it keeps nothing between calls."""
        taken = transaction.records([record.ndas for _, record in rows])
        named = transaction.issued(code for _, record in rows for code in record.superseded_by)
        entries: list[Entry] = []
        errors: list[LoadError] = []
        unchanged = 0
        for number, record in rows:
            kept = taken.get(record.ndas)
            missing = [code for code in record.superseded_by if code not in named and code not in taken]
            if kept is not None and _identical(kept, record):
                unchanged += 1
            elif kept is not None:
                errors.append(LoadError(number, "ndas", record.ndas, _TAKEN))
            elif missing:
                errors.append(LoadError(number, "superseded_by", missing[0], _NOT_YET))
            else:
                taken[record.ndas] = record
                entries.append(Entry(record, likeness(record.components, record.commune_code)))
        transaction.insert(entries)
        transaction.append([first_event("loaded", entry.record, self._note) for entry in entries])
        return len(entries), unchanged, errors

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


def record_from_row(values: Mapping[str, Any], note: Note) -> AddressRecord:
    """The record of a row; blank values count as absent.

    :raises InvalidInput: by column: unknown, required and absent, or not what it should be.
    """
    reject_unknown(values, COLUMNS, "a row to load")
    stated = {name: value for name, value in values.items() if value is not None and value != ""}
    for name in REQUIRED:
        if name not in stated:
            raise InvalidInput(name, None, Said("required", "bắt buộc"))
    parts = {name: stated[name] for name in COMPONENT_NAMES if name in stated}
    if "alley" in parts:
        parts["alley"] = _listed(parts["alley"])
    record = AddressRecord(
        ndas=_code("ndas", stated["ndas"]),
        status=_status(stated.get("status", "live")),
        components=components_from(parts),
        commune_code=require_digits("commune_code", stated["commune_code"], COMMUNE_DIGITS),
        issued_on=_date("issued_on", stated["issued_on"]),
        point=Point(lat=_number("lat", stated["lat"]), lon=_number("lon", stated["lon"])),
        point_source=stated.get("point_source", "imported"),
        uncertainty_m=_number("uncertainty_m", stated["uncertainty_m"]) if "uncertainty_m" in stated else None,
        aliases=tuple(_alias(text) for text in _listed(stated.get("aliases"))),
        superseded_by=tuple(_code("superseded_by", text) for text in _listed(stated.get("superseded_by"))),
        created_at=note.at,
        updated_at=note.at,
    )
    if bool(record.superseded_by) != (record.status == "superseded"):
        raise InvalidInput("superseded_by", stated.get("superseded_by"), _WITH_STATUS)
    check_parts(record.issued_on, record.point_source, record.uncertainty_m, (), record.aliases)
    return record


_TAKEN = Said("the code stands for another record already", "mã đã thuộc về bản ghi khác")
_NOT_YET = Said(
    "not in the registry; load the rows that replace before those replaced",
    "không có trong sổ đăng ký; hãy nạp dòng thay thế trước dòng bị thay thế",
)
_WITH_STATUS = Said(
    "goes with the status superseded, and only with it", "đi cùng trạng thái superseded và chỉ trạng thái đó"
)


def _chunks(rows: Iterable[LoadRow], size: int) -> Iterator[list[LoadRow]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def _identical(kept: AddressRecord, given: AddressRecord) -> bool:
    return kept == replace(given, version=kept.version, created_at=kept.created_at, updated_at=kept.updated_at)


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    texts = value if isinstance(value, list | tuple) else str(value).split(";")
    return [text.strip() for text in texts if text.strip()]


def _code(name: str, value: object) -> str:
    if isinstance(value, str) and len(value) == ndas.DIGITS and value.isascii() and value.isdigit():
        return value
    try:
        return ndas.validate(value)  # type: ignore[arg-type]  # it refuses what is not text
    except InvalidInput as error:
        raise InvalidInput(name, value, error.reason) from None


def _status(value: Any) -> Any:
    if value not in STATUSES:
        allowed = ", ".join(STATUSES)
        raise InvalidInput("status", value, Said(f"not one of {allowed}", f"không thuộc {allowed}"))
    return value


def _date(name: str, value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidDate(
            name, value, Said("not a date; write YYYY-MM-DD", "không phải ngày; hãy viết YYYY-MM-DD")
        ) from None


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidInput(name, value, Said("not a number", "không phải là số")) from None


def _alias(text: str) -> Alias:
    system, colon, code = text.partition(":")
    if not colon:
        raise InvalidInput("aliases", text, Said("write system:code", "hãy viết hệ_thống:mã"))
    return Alias(system.strip(), code.strip())


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"

"""A postman's day: proposals, amendments and visits that were written down without a connection.

Each row has an ``id``, chosen once by whoever wrote it down, and is one transaction in which the id is kept with
the change: a row is applied wholly or not at all, and never twice. What the registry says of an address counts
more than what was written down elsewhere: a row that was made from an older version, or that names another
household's code, is a conflict, which a person looks into.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from geoaddr.codes import ndas as ndas_codes
from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.components import components_from
from geoaddr.errors import SHOWN_CHARACTERS, AlreadyIssued, Conflict, FieldError, InvalidInput, Said, StaleVersion
from geoaddr.model import (
    COMPONENT_NAMES,
    AddressRecord,
    Components,
    Outcome,
    Point,
    Record,
    Status,
    plain,
    reject_unknown,
)
from geoaddr.registry import amending, visiting
from geoaddr.registry.drafts import Draft, Note, checked, note
from geoaddr.registry.issuing import issue_drafts
from geoaddr.registry.loading import LoadRow
from geoaddr.registry.receipts import require_key
from geoaddr.registry.reserving import give_reserved
from geoaddr.registry.rows import listed, number_from
from geoaddr.store import Reads, Receipt, Store, Transaction

Action = Literal["propose", "amend", "visit"]

OWN_COLUMNS = (
    "id", "action", "ndas", "expected_version", "lat", "lon", "point_source", "uncertainty_m", "cause", "outcome",
    "actor", "reason", "evidence",
)  # fmt: skip
COLUMNS = OWN_COLUMNS + COMPONENT_NAMES

SyncStatus = Literal["created", "existing", "applied", "unchanged", "repeated", "conflict", "refused"]
"""A code was given; the household had one; the address was changed; it was so already; an earlier run did it; a
person has to decide; the row cannot be used."""

Proposal = tuple[Draft, tuple[Said, ...]]
"""A draft, and what a person should hear of it."""

DraftOf = Callable[[Components, Point, str, float | None], Proposal]
"""From what a household states, its point, how that was obtained and how good it is, to a draft."""

StrayingOf = Callable[[AddressRecord, Point], tuple[Said, ...]]
"""What a person should hear when a record is given a point."""

CheckUnits = Callable[[Mapping[str, Any], AddressRecord | None, Point | None], None]
"""Refuses units that an amendment states, given the parts that change, the record before, and its new point."""

_KEY = "sync:"
_LEFT = "left:"
"""Before the digest of a row that was left to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced(Record):
    """What became of a row: the record's code, version and status as they are by now, where there is one; for a
    row that was not applied which ``field`` and ``value`` stood in the way, and why. ``warnings``: what a person
    should hear of a row that was applied, now or by an earlier run."""

    row: int
    id: str
    status: SyncStatus
    ndas: str | None = None
    version: int | None = None
    field: str | None = None
    value: str | None = None
    reason: Said | None = None
    address_status: Status | None = None
    warnings: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that was read: its values by column, without those that are absent, and its parts of an address."""

    id: str
    action: Action
    ndas: str | None
    expected_version: int | None
    values: Mapping[str, Any]
    parts: Mapping[str, Any]
    digest: str
    note: Note


Work = Callable[[Transaction, _Row], tuple[AddressRecord, SyncStatus]]
Plan = tuple[Work, tuple[Said, ...]]
"""What applies a row, and what to warn about when it was applied."""


class Syncer:
    """Applies rows one after another."""

    def __init__(
        self,
        store: Store,
        order_of: Callable[[Reads], IssuingOrder],
        draft_of: DraftOf,
        straying_of: StrayingOf,
        check: CheckUnits,
        clock: Callable[[], dt.datetime],
        actor: str,
    ) -> None:
        self._store = store
        self._order_of = order_of
        self._draft_of = draft_of
        self._straying_of = straying_of
        self._check = check
        self._clock = clock
        self._actor = actor

    def sync(self, rows: Iterable[LoadRow]) -> Iterator[Synced]:
        """What became of each row, in their order."""
        for row in rows:
            yield self._synced(row)

    def _synced(self, row: LoadRow) -> Synced:
        named = row.values.get("id")
        row_id = named if isinstance(named, str) else ""
        try:
            read = self._read(row.values)
            work, warnings = {"propose": self._propose, "amend": self._amend, "visit": self._visit}[read.action](
                read
            )
            try:
                record, status = self._store.write(lambda transaction: _once(transaction, read, work))
            except StaleVersion:
                self._store.write(lambda transaction: _leave(transaction, read))
                raise
        except FieldError as error:
            found = self._present(row.values.get("ndas"))
            return Synced(
                row=row.number,
                id=row_id,
                status="conflict" if isinstance(error, Conflict) else "refused",
                ndas=None if found is None else found.ndas,
                version=None if found is None else found.version,
                field=error.field,
                value=None if error.value is None else str(error.value)[:SHOWN_CHARACTERS],
                reason=error.reason,
                address_status=None if found is None else found.status,
            )
        return Synced(
            row=row.number,
            id=row_id,
            status=status,
            ndas=record.ndas,
            version=record.version,
            address_status=record.status,
            warnings=warnings,
        )

    def _present(self, code: object) -> AddressRecord | None:
        """The record that a row names, as it is."""
        try:
            compact = ndas_codes.validate(code)  # type: ignore[arg-type]  # it refuses what is not text
        except InvalidInput:
            return None
        return self._store.records([compact]).get(compact)

    def _read(self, values: Mapping[str, Any]) -> _Row:
        reject_unknown(values, COLUMNS, Said("a row to sync", "dòng cần đồng bộ"))
        told = {name: values[name] for name in OWN_COLUMNS if values.get(name) not in (None, "")}
        parts = {name: values[name] for name in COMPONENT_NAMES if name in values}
        if "alley" in parts:
            parts["alley"] = listed(parts["alley"])
        for name in ("id", "action"):
            if name not in told:
                raise InvalidInput(name, None, Said("required", "bắt buộc"))
        for name in _TEXTS:
            if not isinstance(told.get(name, ""), str):
                raise InvalidInput(name, told[name], Said("not a text", "không phải văn bản"))
        require_key("id", told["id"])
        require_key("id", _KEY + told["id"])
        if told["action"] not in _TAKES:
            allowed = ", ".join(_TAKES)
            raise InvalidInput("action", told["action"], Said(f"not one of {allowed}", f"không thuộc {allowed}"))
        _refuse_others(told["action"], {**told, **{name: value for name, value in parts.items() if value}})
        return _Row(
            id=told["id"],
            action=told["action"],
            ndas=ndas_codes.validate(told["ndas"]) if "ndas" in told else None,
            expected_version=_version(told.get("expected_version")),
            values=told,
            parts=parts,
            digest=_digest(told, parts),
            note=note(
                told.get("actor", self._actor), told.get("reason", ""), self._clock(), told.get("evidence", "")
            ),
        )

    def _propose(self, row: _Row) -> Plan:
        point = Point(lat=_number(row, "lat"), lon=_number(row, "lon"))  # type: ignore[arg-type]  # it refuses None
        source = row.values.get("point_source", "survey")
        parts = components_from(row.parts)
        proposed, warnings = self._draft_of(parts, point, source, _number(row, "uncertainty_m"))
        draft = checked(proposed)

        def work(transaction: Transaction, row: _Row) -> tuple[AddressRecord, SyncStatus]:
            order = self._order_of(transaction)
            if row.ndas is not None:
                return give_reserved(transaction, row.ndas, draft, order, row.note), "created"
            (answer,) = issue_drafts(transaction, [draft], order, row.note)
            if isinstance(answer, Conflict):
                raise answer
            return answer.record, answer.outcome

        return work, warnings

    def _amend(self, row: _Row) -> Plan:
        told = amending.amendment(
            row.parts or None,
            lat=_number(row, "lat"),
            lon=_number(row, "lon"),
            point_source=row.values.get("point_source"),
            uncertainty_m=_number(row, "uncertainty_m"),
            entrances=None,
        )
        cause = row.values.get("cause", "corrected")
        amending.require_cause(cause)
        _require(row, "ndas", "expected_version")
        before = self._present(row.ndas)

        def work(transaction: Transaction, row: _Row) -> tuple[AddressRecord, SyncStatus]:
            self._check(row.parts, before, told.point)  # of a row that was applied before, not again
            code, version = cast(str, row.ndas), row.expected_version
            record = amending.amend(transaction, code, told, cause, row.note, expected_version=version)
            return record, "unchanged" if record.version == version else "applied"

        return work, () if before is None or told.point is None else self._straying_of(before, told.point)

    def _visit(self, row: _Row) -> Plan:
        finding = row.values.get("outcome", "agrees")
        visiting.require_finding(finding)
        _require(row, "ndas")

        def work(transaction: Transaction, row: _Row) -> tuple[AddressRecord, SyncStatus]:
            code, version = cast(str, row.ndas), row.expected_version
            return visiting.visit(transaction, code, finding, row.note, expected_version=version), "applied"

        return work, ()


_TEXTS = ("action", "point_source", "cause", "outcome", "actor", "reason", "evidence")

_TAKES: Mapping[Action, frozenset[str]] = {
    "propose": frozenset(COLUMNS) - {"expected_version", "cause", "outcome"},
    "amend": frozenset(COLUMNS) - {"outcome"},
    "visit": frozenset(OWN_COLUMNS) - {"lat", "lon", "point_source", "uncertainty_m", "cause"},
}
"""Which columns each action has."""


def _once(transaction: Transaction, row: _Row, work: Work) -> tuple[AddressRecord, SyncStatus]:
    """Apply a row whose id is new; what an id was applied for before is not applied again.

    :raises AlreadyIssued: when the id stood for another row.
    """
    key = _KEY + row.id
    receipt = transaction.receipt(key)
    if receipt is not None:
        if receipt.digest == _LEFT + row.digest:
            said = Said(
                "was stale when the row first came; look at the address and send the row under a new id",
                "đã lỗi thời khi dòng này đến lần đầu; hãy xem địa chỉ và gửi lại dòng với id mới",
            )
            raise StaleVersion("expected_version", row.expected_version, said)
        if receipt.digest != row.digest:
            raise AlreadyIssued("id", row.id, Said("stood for another row before", "đã dùng cho dòng khác"))
        return transaction.records([receipt.ndas])[receipt.ndas], "repeated"
    record, status = work(transaction, row)
    outcome: Outcome = "created" if status == "created" else "existing"
    transaction.keep_receipts({key: Receipt(record.ndas, outcome, row.digest)})
    return record, status


def _leave(transaction: Transaction, row: _Row) -> None:
    """Remember that a row was left to a person, lest the version that it names comes about later and the same file
    then changes more than it did at first."""
    if row.ndas is not None and transaction.receipt(_KEY + row.id) is None:
        transaction.keep_receipts({_KEY + row.id: Receipt(row.ndas, "existing", _LEFT + row.digest)})


def _refuse_others(action: Action, stated: Mapping[str, Any]) -> None:
    """Refuse a column that an action has no use for: it would be left out in silence."""
    for name, value in stated.items():
        if name not in _TAKES[action]:
            raise InvalidInput(name, value, Said(f"not a column of {action}", f"không phải cột của {action}"))


def _require(row: _Row, *names: str) -> None:
    for name in names:
        if name not in row.values:
            raise InvalidInput(name, None, Said("required", "bắt buộc"))


def _number(row: _Row, name: str) -> float | None:
    return number_from(name, row.values[name]) if name in row.values else None


def _version(value: Any) -> int | None:
    if value is None:
        return None
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise InvalidInput("expected_version", value, Said("not a version: 1, 2 ...", "không phải số phiên bản"))
    return int(text)


def _digest(told: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """Sixteen bytes, in hexadecimal, of what the row says."""
    stated = {**told, **{name: value for name, value in parts.items() if value is not None}}
    text = json.dumps(plain(stated), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

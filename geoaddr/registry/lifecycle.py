"""The life of an address: which status may follow which, and what each change writes down.

proposed -> verified -> live, one step a confirmation or by rounds of verification; from each of them to retired or
superseded, the ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from geoaddr.errors import Conflict, InvalidInput, Said, StaleVersion, UnknownAddress
from geoaddr.model import AddressRecord, Alias, Event, Status
from geoaddr.registry.drafts import MAX_ALIASES, Note
from geoaddr.registry.streets import entry
from geoaddr.store import Reads, Transaction

Change = Literal["confirmed", "retired", "demolished", "superseded", "split", "merged"]

_RETIRED: Mapping[Status, Status] = {"proposed": "retired", "verified": "retired", "live": "retired"}
_SUPERSEDED: Mapping[Status, Status] = {"proposed": "superseded", "verified": "superseded", "live": "superseded"}

MOVES: Mapping[Change, Mapping[Status, Status]] = {
    "confirmed": {"proposed": "verified", "verified": "live"},
    "retired": _RETIRED,
    "demolished": _RETIRED,
    "superseded": _SUPERSEDED,
    "split": _SUPERSEDED,
    "merged": _SUPERSEDED,
}
"""For each kind of change: from which status to which. What is not here is refused."""

_VERBS_VI: Mapping[Change, str] = {
    "confirmed": "xác nhận",
    "retired": "ngừng sử dụng",
    "demolished": "ghi nhận phá dỡ",
    "superseded": "thay thế",
    "split": "tách",
    "merged": "gộp",
}

MAX_SUCCESSORS = 1000
"""A building split into flats names as many; more is a mistake."""


def needs_successors(change: Change) -> bool:
    """Whether a change ends a code in favour of others."""
    return MOVES[change] is _SUPERSEDED


def require(reads: Reads, ndas: str) -> AddressRecord:
    """The record of a code in compact form.

    :raises UnknownAddress: when it was never issued.
    """
    record = reads.records([ndas]).get(ndas)
    if record is None:
        raise UnknownAddress(
            "ndas", ndas, Said("well-formed, but never issued", "đúng dạng nhưng chưa từng được cấp")
        )
    return record


def move(
    transaction: Transaction,
    ndas: str,
    change: Change,
    note: Note,
    *,
    expected_version: int | None,
    by: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
) -> AddressRecord:
    """Take a record to its next status.

    :raises UnknownAddress, StaleVersion: as the verbs promise.
    :raises Conflict: when :data:`MOVES` has no such move from the present status.
    """
    record = present(transaction, ndas, expected_version)
    status = MOVES[change].get(record.status)
    if status is None:
        raise Conflict(
            "status",
            record.status,
            Said(
                f"{ndas} cannot be {change} from here", f"không thể {_VERBS_VI[change]} {ndas} từ trạng thái này"
            ),
        )
    changed = replace(record, status=status, superseded_by=tuple(by))
    told: dict[str, Any] = {"from": record.status, "to": status}
    if by:
        told["by"] = list(by)
    return keep(transaction, changed, change, note, {**told, **(details or {})})


def check_successors(transaction: Transaction, ndas: str, by: Sequence[str]) -> None:
    """Refuse codes that cannot replace ``ndas``.

    :raises InvalidInput: none, too many, or one named twice.
    :raises UnknownAddress: one that was never issued.
    :raises Conflict: one that is, or was itself replaced in the end by, ``ndas``: a circle; one that is, or
        was in the end replaced by, a code that was retired: nothing would stand for ``ndas``.
    """
    if not 1 <= len(by) <= MAX_SUCCESSORS or len(set(by)) != len(by):
        raise InvalidInput(
            "by",
            ", ".join(by),
            Said(
                f"name 1 to {MAX_SUCCESSORS} different codes that replace it",
                f"hãy nêu 1 đến {MAX_SUCCESSORS} mã khác nhau thay thế nó",
            ),
        )
    seen: set[str] = set()
    waiting = list(by)
    while waiting:
        code = waiting.pop()
        if code == ndas:
            raise Conflict(
                "by", ", ".join(by), Said(f"{ndas} would replace itself", f"{ndas} sẽ tự thay thế chính nó")
            )
        if code not in seen:
            seen.add(code)
            successor = require(transaction, code)
            if successor.status in ("retired", "withdrawn"):
                raise Conflict(
                    "by", code, Said("is retired and replaces nothing", "đã ngừng sử dụng, không thay thế được")
                )
            waiting.extend(successor.superseded_by)


def replacements(reads: Reads, ndas: str) -> list[AddressRecord]:
    """The records at the ends of the chains of replacement, by code; the record itself if not superseded.

    :raises UnknownAddress: when the code was never issued.
    """
    ends: dict[str, AddressRecord] = {}
    seen: set[str] = set()
    waiting = [ndas]
    while waiting:
        record = require(reads, waiting.pop())
        if not record.superseded_by:
            ends[record.ndas] = record
        waiting.extend(code for code in record.superseded_by if code not in seen)
        seen.update(record.superseded_by)
    return [ends[code] for code in sorted(ends)]


def add_alias(
    transaction: Transaction, ndas: str, alias: Alias, note: Note, *, expected_version: int | None
) -> AddressRecord:
    """Give a record another name; one that it has already changes nothing.

    :raises UnknownAddress, StaleVersion: as the verbs promise.
    :raises InvalidInput: when the record has as many as it may.
    """
    record = present(transaction, ndas, expected_version)
    if alias in record.aliases:
        return record
    if record.status == "withdrawn":
        raise Conflict("status", record.status, Said(f"{ndas} was erased", f"{ndas} đã bị xóa"))
    if len(record.aliases) >= MAX_ALIASES:
        raise InvalidInput(
            "aliases", len(record.aliases), Said(f"more than {MAX_ALIASES}", f"nhiều hơn {MAX_ALIASES}")
        )
    changed = replace(record, aliases=(*record.aliases, alias))
    return keep(transaction, changed, "alias_added", note, {"alias": alias.to_dict()})


def present(transaction: Transaction, ndas: str, expected_version: int | None) -> AddressRecord:
    """The record that is to be changed.

    :raises UnknownAddress, StaleVersion: as the verbs promise.
    """
    record = require(transaction, ndas)
    if expected_version is not None and expected_version != record.version:
        raise StaleVersion(
            "expected_version",
            expected_version,
            Said(
                f"{ndas} is at version {record.version}: it changed since it was read",
                f"{ndas} đang ở phiên bản {record.version}: đã thay đổi sau khi đọc",
            ),
        )
    return record


def keep(
    transaction: Transaction, changed: AddressRecord, kind: str, note: Note, details: Mapping[str, Any]
) -> AddressRecord:
    """Keep the next version and its event."""
    return keep_all(transaction, [next_version(changed, kind, note, details)])[0]


def next_version(
    changed: AddressRecord, kind: str, note: Note, details: Mapping[str, Any]
) -> tuple[AddressRecord, Event]:
    """The next version of a record, with its event; its time is never before the last one's, whatever the clock
    says."""
    at = max(note.at, changed.updated_at)
    kept = replace(changed, version=changed.version + 1, updated_at=at)
    told = {**details, "evidence": note.evidence} if note.evidence else details
    return kept, Event(kept.ndas, kept.version, kind, at, note.actor, note.reason, told)


def keep_all(transaction: Transaction, versions: Sequence[tuple[AddressRecord, Event]]) -> list[AddressRecord]:
    """Keep the next versions of several records."""
    transaction.replace([entry(record) for record, _ in versions])
    transaction.append([event for _, event in versions])
    return [record for record, _ in versions]

"""Proof that a registry is sound: what it says of itself is checked against itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.errors import Said, SchemaMismatch, StoreError, StoreUnavailable
from geoaddr.model import AddressRecord, Event, Status
from geoaddr.registry.erasing import ERASE_MOVES, redacted, tombstone
from geoaddr.registry.lifecycle import MOVES
from geoaddr.registry.likeness import likeness
from geoaddr.registry.past import leads_to, taken_back
from geoaddr.registry.proving import AreaOf, Issued, doubtful, issued_here
from geoaddr.registry.streets import placed
from geoaddr.registry.visiting import VISIT_MOVES
from geoaddr.store import AREA_CAPACITY, Piece, Problem, Scanned, Store

_STEPS: Mapping[str, Collection[tuple[Any, Any]]] = {
    **{kind: frozenset(moves.items()) for kind, moves in MOVES.items()},
    "visited": VISIT_MOVES,
    "erased": ERASE_MOVES,
}
"""For each kind of event that tells of a status: from which to which it may lead."""

BEGINNINGS = ("issued", "loaded")


def problems(store: Store, order: IssuingOrder, area_of: AreaOf | None) -> Iterator[Problem]:
    """All that is wrong, the engine's own findings first; nothing for a sound registry.

    :param order: the registry's issuing order.
    :param area_of: where given, the area of each issued code is compared with its commune's postcode.
    """
    try:
        yield from store.check()
        yield from _found(store, order, area_of)
    except (StoreUnavailable, SchemaMismatch):
        raise
    except StoreError as error:  # the rest cannot be read
        yield Problem("storage", None, Said(error.message("en"), error.message("vi")))


def _found(store: Store, order: IssuingOrder, area_of: AreaOf | None) -> Iterator[Problem]:
    replaced: dict[str, tuple[str, ...]] = {}
    issued = Issued(order, store.positions())
    before = -1
    for piece in store.pieces():
        for code in _out_of_order(piece.codes, before):
            yield _lone("order", code, "comes twice", "xuất hiện hai lần")
        before = int(piece.codes[-1])
        dealt, others = _sorted_out(piece, area_of)
        for scanned in others:
            yield from _looked_at(scanned)
            if scanned.events and scanned.events[0].kind == "issued":
                dealt.append(np.array([int(scanned.record.ndas)]))
                yield from _area_problems(scanned.record, area_of)
            if scanned.record.superseded_by:
                replaced[scanned.record.ndas] = scanned.record.superseded_by
        yield from _strays(issued.strays(np.concatenate(dealt), before // AREA_CAPACITY))
    yield from _strays(issued.strays(np.empty(0, dtype=np.int64), None))
    yield from _chain_problems(store, replaced)


def _sorted_out(piece: Piece, area_of: AreaOf | None) -> tuple[list[NDArray[np.int64]], Sequence[Scanned]]:
    """The codes of sound plain records that were issued here, and the records to look at one by one."""
    plain = piece.plain
    if plain is None or plain.begun is None:
        return [np.empty(0, dtype=np.int64)], piece.others
    wrong = doubtful(plain, plain.begun, BEGINNINGS, area_of)
    others = piece.others
    if wrong.any():
        doubted = piece.singly(plain.ndas[wrong].tolist())
        others = sorted([*others, *doubted], key=lambda scanned: scanned.record.ndas)
    return [plain.ndas[issued_here(plain.begun) & ~wrong]], others


def _out_of_order(codes: NDArray[np.int64], before: int) -> Iterator[str]:
    earlier = np.append(before, codes[:-1])
    for code in codes[codes <= earlier].tolist():
        yield f"{code:010}"


def _strays(codes: Iterable[int]) -> Iterator[Problem]:
    for code in codes:
        yield _lone(
            "area", f"{code:010}", "is not of its area's issuing order", "không thuộc thứ tự cấp của khu vực"
        )


def _looked_at(scanned: Scanned) -> Iterator[Problem]:
    try:
        yield from _record_problems(scanned)
    except (TypeError, AttributeError):  # what was written over is not even of the type that it was
        yield _problem("storage", scanned.record, "states what cannot be read", "có nội dung không đọc được")


def _record_problems(scanned: Scanned) -> Iterator[Problem]:
    record, told, events, where = scanned
    if told != likeness(record.components):
        yield _problem("likeness", record, "cannot be found by its components", "không tìm được theo thành phần")
    if where != placed(record):
        yield _problem("street", record, "cannot be found by its street", "không tìm được theo đường phố")
    if [event.number for event in events] != list(range(1, len(events) + 1)) or len(events) != record.version:
        yield _problem("history", record, "its history has gaps", "lịch sử bị thiếu")
    elif events[0].kind not in BEGINNINGS or not _leads_to(events, record):
        yield _problem("history", record, "its history does not lead to what it is", "lịch sử không khớp bản ghi")
    if any(later.at < earlier.at for earlier, later in pairwise(events)):
        yield _problem("history", record, "its history goes back in time", "lịch sử đi ngược thời gian")
    if record.status == "withdrawn" and (
        record != tombstone(record) or any(event != redacted(event) for event in events[:-1])
    ):
        yield _problem(
            "erasure", record, "was erased, and something of it is left", "đã bị xóa nhưng còn sót dữ liệu"
        )
    if bool(record.superseded_by) != (record.status == "superseded"):
        yield _problem(
            "successors", record, "status and successors disagree", "trạng thái và mã thay thế không khớp"
        )


def _leads_to(events: tuple[Event, ...], record: AddressRecord) -> bool:
    """Whether the record is what its history makes of it: each event taken back, the last one first."""
    for event, earlier in zip(reversed(events[1:]), reversed(events[:-1]), strict=True):
        if "to" in event.details and not _may(event, record.status):
            return False
        if not leads_to(record, event):
            return False
        record = taken_back(record, event, earlier.at)
    return bool(events[0].details.get("to") == record.status)


def _may(event: Event, status: Status) -> bool:
    """Whether an event may lead from where it says to where it says, which is ``status``."""
    step = (event.details.get("from"), event.details["to"])
    return step[1] == status and step in _STEPS.get(event.kind, ())


def _area_problems(record: AddressRecord, area_of: AreaOf | None) -> Iterator[Problem]:
    if area_of is None:
        return
    area = area_of(record.commune_code, record.issued_on)
    if area != record.ndas[:5]:
        yield _problem(
            "area",
            record,
            f"commune {record.commune_code} had postcode {area} on {record.issued_on}",
            f"xã, phường {record.commune_code} có mã bưu chính {area} vào ngày {record.issued_on}",
        )


def _chain_problems(store: Store, replaced: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    named = {code for by in replaced.values() for code in by}
    missing = named - store.issued(named)
    safe: set[str] = set()
    for code, by in replaced.items():
        if missing.intersection(by):
            yield _lone(
                "successors", code, "is replaced by a code that does not exist", "được thay bằng mã không có"
            )
        if _in_circle(code, replaced, safe):
            yield _lone("successors", code, "replaces itself", "tự thay thế chính nó")


def _in_circle(code: str, replaced: Mapping[str, tuple[str, ...]], safe: set[str]) -> bool:
    seen: set[str] = set()
    waiting = list(replaced[code])
    while waiting:
        other = waiting.pop()
        if other == code:
            return True
        if other not in seen and other not in safe:
            seen.add(other)
            waiting.extend(replaced.get(other, ()))
    safe.add(code)
    return False


def _problem(kind: str, record: AddressRecord, en: str, vi: str) -> Problem:
    return _lone(kind, record.ndas, en, vi)


def _lone(kind: str, code: str, en: str, vi: str) -> Problem:
    return Problem(kind, code, Said(f"{code} {en}", f"{code} {vi}"))

"""Rounds of verification: somebody goes there and says what was found.

An address is visited at most three times. What was found stands in its history, whether it agrees or not; the
first round that agrees makes a proposed address verified, and the third round, where it agrees, makes it live. An
authority may confirm it before (:func:`geoaddr.registry.lifecycle.move`), and has to where the third round did not
agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, get_args

from geoaddr.errors import Conflict, InvalidInput, Said
from geoaddr.model import AddressRecord, Event, Status
from geoaddr.registry.drafts import Note
from geoaddr.registry.lifecycle import keep, present
from geoaddr.store import ENDS, Transaction

Finding = Literal["agrees", "differs", "not_found"]
"""The address is as it was stated; it is another one, or elsewhere; there is none."""

FINDINGS: tuple[Finding, ...] = get_args(Finding)

MAX_ROUNDS = 3

VISIT_MOVES: frozenset[tuple[Status, Status]] = frozenset(
    {
        ("proposed", "proposed"),
        ("proposed", "verified"),
        ("proposed", "live"),
        ("verified", "verified"),
        ("verified", "live"),
    }
)
"""From which status to which a visit may lead."""


def rounds_of(events: Iterable[Event]) -> int:
    """How many rounds a history tells of; those of confirmations count where they were named."""
    return max((int(event.details["round"]) for event in events if event.details.get("round")), default=0)


def visit(
    transaction: Transaction, ndas: str, finding: Finding, note: Note, *, expected_version: int | None
) -> AddressRecord:
    """Write down one round of verification.

    :raises UnknownAddress, StaleVersion: as the verbs promise.
    :raises Conflict: for an address that is live or at an end, and for a fourth round.
    """
    record = present(transaction, ndas, expected_version)
    if record.status in ENDS or record.status == "live":
        raise Conflict(
            "status",
            record.status,
            Said(f"{ndas} is not waiting for verification", f"{ndas} không ở giai đoạn chờ xác minh"),
        )
    number = rounds_of(transaction.events(ndas)) + 1
    if number > MAX_ROUNDS:
        raise Conflict(
            "round",
            number,
            Said(
                f"{ndas} was verified {MAX_ROUNDS} times already: confirm, amend or retire it",
                f"{ndas} đã qua {MAX_ROUNDS} vòng xác minh: hãy xác nhận, sửa hoặc ngừng sử dụng",
            ),
        )
    status: Status = record.status
    if finding == "agrees":
        status = "live" if number == MAX_ROUNDS else "verified"
    details = {"from": record.status, "to": status, "round": number, "outcome": finding}
    return keep(transaction, replace(record, status=status), "visited", note, details)


def require_finding(value: object) -> None:
    """:raises InvalidInput: for what is not one of :data:`FINDINGS`."""
    if value not in FINDINGS:
        allowed = ", ".join(FINDINGS)
        raise InvalidInput("outcome", value, Said(f"not one of {allowed}", f"không thuộc {allowed}"))

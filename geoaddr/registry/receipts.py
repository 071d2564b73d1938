"""The same request, the same answer: idempotency keys, and rows of a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from operator import attrgetter

from geoaddr.errors import AlreadyIssued, Conflict, Said
from geoaddr.model import COMPONENT_NAMES, AddressRecord
from geoaddr.registry.drafts import Draft, Issued, require_word
from geoaddr.store import Reads, Receipt

MAX_KEY_CHARACTERS = 200

_texts_of = attrgetter(*(name for name in COMPONENT_NAMES if name != "alley"))


def require_key(name: str, value: object) -> None:
    """:raises InvalidInput: unless ``value`` is a printable text of a bounded length."""
    require_word(name, value, MAX_KEY_CHARACTERS)


def digest_of(draft: Draft) -> str:
    """Sixteen bytes, in hexadecimal, of what the caller told.

    Not of what was concluded from it: a newer pack does not make it another request.
    """
    components = draft.stated or draft.components
    told = [part or "" for part in _texts_of(components)]
    told += [*components.alley, draft.point_source]
    told.append(f"{draft.point.lat!r} {draft.point.lon!r} {draft.uncertainty_m!r}")
    told += [f"{entrance.lat!r} {entrance.lon!r}" for entrance in draft.entrances]
    told += [f"{alias.system}:{alias.code}" for alias in draft.aliases]
    return hashlib.blake2b("\n".join(told).encode(), digest_size=16).hexdigest()


def answer_again(reads: Reads, receipt: Receipt, digest: str, name: str, value: object) -> Issued:
    """The answer that was given before to the request that ``value``, a field's value, stands for.

    :raises AlreadyIssued: when that was another request.
    """
    known = reads.records([receipt.ndas])
    answer = replayed(known, receipt, digest, value, name)
    if isinstance(answer, Conflict):
        raise answer
    return answer


def replayed(
    known: dict[str, AddressRecord], receipt: Receipt, digest: str, value: object, name: str = "row_id"
) -> Issued | AlreadyIssued:
    """The same from records at hand, the error as a value."""
    if receipt.digest == digest:
        return Issued(known[receipt.ndas], receipt.outcome)
    return AlreadyIssued(name, value, Said("stood for another request before", "đã dùng cho yêu cầu khác"))


def receipts_of(
    drafts: Sequence[tuple[str | None, Draft]], digests: Sequence[str], answers: dict[int, Issued | Conflict]
) -> dict[str, Receipt]:
    """The receipts of the rows that have an identity and were issued just now."""
    receipts: dict[str, Receipt] = {}
    for i, answer in answers.items():
        row_id = drafts[i][0]
        if row_id is not None and isinstance(answer, Issued):
            receipts[row_id] = Receipt(answer.record.ndas, answer.outcome, digests[i])
    return receipts

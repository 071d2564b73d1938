"""Codes set apart for teams that work without a connection.

An area's codes are issued in one order, and its position only grows. To reserve is to move it on without issuing:
a code behind the position that nobody has is reserved, and the order never comes back to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.errors import AlreadyIssued, AreaExhausted, Conflict, InvalidInput, Said
from geoaddr.model import AddressRecord
from geoaddr.registry.drafts import AREA_DIGITS, Draft, Note, require_digits
from geoaddr.registry.issuing import Dispenser, first_event, record_of, twin_of
from geoaddr.registry.streets import entry
from geoaddr.store import Transaction

MAX_RESERVED = 10_000
"""Codes in one go: a tenth of an area."""


def reserve(transaction: Transaction, area: str, count: int, order: IssuingOrder) -> list[str]:
    """The next free codes of an area, which are then reserved.

    :raises InvalidInput, AreaExhausted: as :meth:`geoaddr.registry.Registry.reserve` promises.
    """
    require_digits("area", area, AREA_DIGITS)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MAX_RESERVED:
        raise InvalidInput(
            "count", count, Said(f"not 1 to {MAX_RESERVED:,}", f"phải từ 1 đến {MAX_RESERVED:,}".replace(",", "."))
        )
    dispenser = Dispenser(transaction, order, Counter({area: count}))
    codes = [code for _ in range(count) if (code := dispenser.next_code(area)) is not None]
    if len(codes) < count:
        raise AreaExhausted(
            "area", area, Said(f"has only {len(codes)} codes left", f"chỉ còn {len(codes)} mã chưa cấp")
        )
    dispenser.settle()
    return codes


def reserved_in(transaction: Transaction, codes: Collection[str], order: IssuingOrder) -> Callable[[str], bool]:
    """Tells of ``codes``, which nobody has, whether they are reserved."""
    positions = transaction.lock_areas({code[:AREA_DIGITS] for code in codes}) if codes else {}

    def reserved(code: str) -> bool:
        position = positions[code[:AREA_DIGITS]]
        return position > 0 and order.position(code) < position

    return reserved


def give_reserved(
    transaction: Transaction, code: str, draft: Draft, order: IssuingOrder, note: Note
) -> AddressRecord:
    """Give a reserved code to the household of a draft.

    :raises AlreadyIssued: when it is another household's, or the household has another one.
    :raises Conflict: when it is of another area than the household, or was not reserved here.
    """
    twin = twin_of(transaction, draft)
    if twin is not None and twin.ndas != code:
        said = Said(f"the household has the code {twin.ndas}", f"hộ này đã có mã {twin.ndas}")
        raise AlreadyIssued("ndas", code, said)
    if transaction.issued([code]):
        raise AlreadyIssued("ndas", code, Said("is another household's", "là mã của hộ khác"))
    if code[:AREA_DIGITS] != draft.area_code:
        raise Conflict(
            "ndas",
            code,
            Said(
                f"of another area: the household is in {draft.area_code}",
                f"thuộc khu vực khác: hộ này ở khu vực {draft.area_code}",
            ),
        )
    if not reserved_in(transaction, [code], order)(code):
        raise Conflict("ndas", code, Said("was not reserved here", "chưa được giữ trước trong sổ này"))
    record = record_of(draft, code, note)
    transaction.insert([entry(record)])
    transaction.append([first_event("issued", record, note)])
    return record

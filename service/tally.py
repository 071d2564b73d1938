"""What one request is counted by, and what of it is written down."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geoaddr.disclosure import is_computed
from geoaddr.errors import GeoaddrError, Said
from geoaddr.finding.records import Completion, Match
from geoaddr.model import AddressRecord, Assigned, Change, Event, Reading, Record, Resolved
from geoaddr.registry.renaming import NotRenamed, Renamed
from geoaddr.sight.fields import OPAQUE, without_point
from service.access import Caller
from service.limits import probing
from service.limits.counters import Counters
from service.limits.rules import Meter, Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from service.background import Background
    from service.keys.database import Row

Told = tuple[str, str]
"""An NDAS code, and the scopes by which something of its household was shown."""


class TooManyRequests(GeoaddrError):
    """The caller asks more than it may; ``retry_after_s`` says when to come again."""

    def __init__(self, retry_after_s: int, reason: Said) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class RateExceeded(TooManyRequests):
    """More requests at once than are allowed."""


class QuotaSpent(TooManyRequests):
    """The requests of the day are spent."""


class SlowedDown(TooManyRequests):
    """Too many codes that nobody has were looked for."""


class BodiesWaited(TooManyRequests):
    """As many bodies as there may be are still on their way."""

    def __init__(self) -> None:
        super().__init__(
            1,
            Said(
                "too many requests are still on their way; send this one again",
                "quá nhiều yêu cầu chưa gửi xong; hãy gửi lại yêu cầu này",
            ),
        )


def refuse(refused: Refused) -> TooManyRequests:
    """The error of a request that was counted and is one too many."""
    if refused.why == "day":
        said = Said(
            "the requests of this day are spent; they are counted from midnight in Viet Nam",
            "đã dùng hết số yêu cầu trong ngày; số đếm bắt đầu lại lúc nửa đêm giờ Việt Nam",
        )
        return QuotaSpent(refused.retry_after_s, said)
    said = Said(
        "too many requests; come again after the seconds that Retry-After says",
        "quá nhiều yêu cầu; hãy gửi lại sau số giây ghi trong Retry-After",
    )
    return RateExceeded(refused.retry_after_s, said)


class Tally:
    """One request: who sent it, by which counters it is counted, and when it came."""

    __slots__ = ("_counters", "_meter", "_trail", "caller", "now", "slot")

    def __init__(
        self,
        caller: Caller,
        meter: Meter,
        counters: Counters,
        slot: int,
        now: float,
        trail: Background[Row],
    ) -> None:
        self.caller, self.now = caller, now
        self._meter, self._counters, self.slot, self._trail = meter, counters, slot, trail

    def rows(self, number: int) -> None:
        """Count the rows of a batch against the day, all of them or none.

        :raises QuotaSpent: where fewer are left.
        """
        refused = self._meter.add_to_day(self._counters, self.slot, self.now, number)
        if refused is not None:
            raise refuse(refused)

    def may_look_up(self) -> None:
        """Let pass who did not look for too many codes that nobody has. :raises SlowedDown:"""
        if self._meter.limits.misses and (left_s := probing.refused_s(self._counters, self.slot, self.now)):
            raise SlowedDown(
                left_s,
                Said(
                    "too many codes that were never issued were looked for; come again after the seconds that "
                    "Retry-After says",
                    "đã tra quá nhiều mã chưa từng được cấp; hãy thử lại sau số giây ghi trong Retry-After",
                ),
            )

    def looked_up(self, code: str, *, found: bool) -> None:
        """Note that a code of the registry was looked for, and whether it was ever issued. Texts that are no such
        code do not count."""
        self.all_looked_up(((code, found),))

    def all_looked_up(self, looked_for: Iterable[tuple[str, bool]]) -> None:
        """:meth:`looked_up` of many codes, one after another."""
        if most := self._meter.limits.misses:
            numbers = [(number, found) for code, found in looked_for if (number := _number(code)) is not None]
            probing.all_looked_up(self._counters, self.slot, self.now, numbers, most=most)

    def numbers_looked_up(
        self, codes: Sequence[str], numbers: NDArray[np.int64], found: NDArray[np.bool_]
    ) -> None:
        """:meth:`all_looked_up` of codes in columns.

        :param numbers: those of codes that are written as ten digits, less than 0 for others.
        """
        if most := self._meter.limits.misses:
            if (numbers < 0).any():
                self.all_looked_up(zip(codes, found.tolist(), strict=True))
            else:
                probing.columns_looked_up(self._counters, self.slot, self.now, numbers, found, most=most)

    def write_down(self, operation: str, shown: Any) -> None:
        """Put into the trail which households an answer tells of.

        :raises GeoaddrError: where the trail cannot be written: nothing is to be told then.
        """
        who = self.caller.key
        if who is None:
            return
        for code, seen in told_of(shown):
            self.note(who, operation, code, seen)

    def write_each(self, operation: str, subjects: Iterable[str], seen: str) -> None:
        """Put into the trail that a key changed addresses or saw something of them that no record shows; or what
        else has a subject and is kept so.

        :raises GeoaddrError: where the trail cannot be written.
        """
        if self.caller.key is not None:
            for subject in subjects:
                self.note(self.caller.key, operation, subject, seen)

    def note(self, who: str, operation: str, code: str, seen: str) -> None:
        """Put an entry into the trail, in the background. :raises StoreUnavailable: where it takes no more."""
        if self._trail.full:
            from service.keys.database import unavailable

            raise unavailable("trail")
        self._trail.put((int(self.now * 1000), who, operation, code, seen, None))

    def note_all(self, who: str, operation: str, told: Iterable[Told]) -> None:
        """:meth:`note` of many, all of them or none. :raises StoreUnavailable: where the trail takes no more."""
        from service.keys.trail import of_told

        self._put_all(of_told(int(self.now * 1000), who, operation, told))

    def note_codes(self, who: str, operation: str, seen: str, numbers: NDArray[np.int64]) -> None:
        """:meth:`note_all` of NDAS codes as numbers, of which the same was seen."""
        from service.keys.trail import of_many

        self._put_all(of_many(int(self.now * 1000), who, operation, seen, numbers))

    def _put_all(self, rows: Sequence[Row]) -> None:
        if rows and not self._trail.put_all(rows):
            from service.keys.database import unavailable

            raise unavailable("trail")


_DIGITS = (10, 12)


def _number(code: str) -> int | None:
    """The number of a code of the registry; ``None`` for any other text."""
    if not (code.isascii() and code.isdigit()):  # parted, with a check letter, in wide digits: as codes are read
        code = "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isascii() and sign.isdigit())
    return int(code) if len(code) in _DIGITS else None


def looked_for(content: Any) -> Iterator[tuple[str, bool]]:
    """The codes of the registry that an answer is about, and whether each was ever issued."""
    for reading in getattr(content, "readings", ()):
        if reading.system in ("ndas", "location_id"):
            yield reading.code, reading.status != "not_issued"


def told_of(shown: Any) -> Iterator[Told]:
    """The households that an answer, as it is shown, tells more of than everyone learns."""
    kind = type(shown)
    if kind is Resolved:
        for reading in shown.readings:
            yield from told_of(reading)
    elif kind is Reading:
        if not is_computed(shown) and (seen := _seen(shown.address, shown.point)):
            yield shown.ndas or shown.code, seen
    elif isinstance(shown, AddressRecord):
        if seen := _seen(shown.components, shown.point):
            yield shown.ndas, seen
    elif isinstance(shown, Assigned):
        yield shown.ndas, _seen(shown.address.components, shown.address.point) or "write"
        for code in shown.same_address or ():
            yield code, "address"
    elif isinstance(shown, Match | Completion):
        if shown.ndas is not None:
            yield shown.ndas, _seen(shown.ndas, shown.point)
    elif kind is Renamed:
        yield from told_of(shown.refusals)
        if shown.after is not None:  # that it stands on the street
            yield shown.after, "address"
    elif kind is NotRenamed:
        if shown.ndas is not None:
            yield shown.ndas, "address"
    elif isinstance(shown, Event | Change):
        if shown.actor is not None:
            point = without_point(shown.details) != shown.details
            yield shown.ndas, "address point" if point else "address"
    elif isinstance(shown, Mapping):
        if "ndas" in shown and "match_level" in shown:
            if shown["ndas"] is not None:
                yield shown["ndas"], _seen(shown["ndas"], shown["point"])
            return
        for part in shown.values():
            yield from told_of(part)
    elif isinstance(shown, list | tuple):
        for part in shown:
            yield from told_of(part)
    elif isinstance(shown, Record) and kind not in OPAQUE:
        for name in shown:
            yield from told_of(getattr(shown, name))


def _seen(address: object, point: object) -> str:
    words = ["address"] if address is not None else []
    return " ".join([*words, "point"] if point is not None else words)

"""The rules: so many requests a second, so many at once, so many a day, so many codes that nobody has.

Requests are spaced by the generic cell rate algorithm: each pushes the time at which the caller is even again
by the time that one request is worth, and is refused where that would lie further ahead than ``burst`` requests
are worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple, Self

from geoaddr.errors import InvalidInput, Said
from service.limits.counters import DAY, DUE, Counters

DAY_S = 86_400
UTC_OFFSET_S = 7 * 3600
"""Days begin at midnight in Viet Nam."""

_COUNT_BITS = 40
_COUNT = (1 << _COUNT_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one caller may ask.

    ``rate``: requests a second that can be kept up; ``burst``: requests at once; ``day``: requests a day, rows
    of a batch counted one by one; ``misses``: codes that were never issued, before looking up is slowed down. 0
    is no limit.
    """

    rate: int = 20
    burst: int = 600
    day: int = 100_000
    misses: int = 100

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
                said = Said(
                    f"not a whole number from 0 (no limit) to {_MOST:,}",
                    f"không phải số nguyên từ 0 (không giới hạn) đến {_MOST:,}",
                )
                raise InvalidInput(field.name, value, said)
        if self.rate and not self.burst:
            raise InvalidInput(
                "burst", 0, Said("at least 1 where there is a rate", "ít nhất là 1 khi có giới hạn tốc độ")
            )

    @classmethod
    def read(cls, text: str, field: str) -> Self:
        """From ``rate=20,burst=600,day=100000,misses=100``, any of them, or ``none``.

        :raises InvalidInput: naming ``field``.
        """
        if text == "none":
            return cls(rate=0, burst=0, day=0, misses=0)
        names, told = {f.name for f in fields(cls)}, {}
        for part in text.split(","):
            name, _, value = (piece.strip() for piece in part.partition("="))
            number = value.isascii() and value.isdigit() and len(value) <= len(str(_MOST))
            if name not in names or name in told or not number:
                said = Said(
                    "not of the form rate=20,burst=600,day=100000,misses=100, nor none",
                    "không có dạng rate=20,burst=600,day=100000,misses=100, cũng không phải none",
                )
                raise InvalidInput(field, text, said)
            told[name] = int(value)
        return cls(**told)

    def __str__(self) -> str:
        """As :meth:`read` takes it."""
        return ",".join(f"{name}={value}" for name, value in self.to_dict().items())

    def to_dict(self) -> dict[str, int]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """From plain data."""
        return cls(**told)


_MOST = 1_000_000_000

KEY_LIMITS = Limits(rate=50, burst=500, day=1_000_000, misses=1_000)
"""What a key has that was given none of its own."""

STRANGER_LIMITS = Limits()
"""What an address has whose callers have no key: behind one there may be a whole office or mobile network."""

UNLIMITED = Limits(rate=0, burst=0, day=0, misses=0)


class Refused(NamedTuple):
    """Why a request is not answered now, and how long to wait, seconds."""

    why: str
    retry_after_s: int


class Meter:
    """Counts requests by one set of limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._each_s = 1.0 / limits.rate if limits.rate else 0.0
        self._ahead_s = self._each_s * limits.burst
        self._day = limits.day
        window_s = math.ceil(self._ahead_s)
        policies = [f'"burst";q={limits.burst};w={window_s}'] if limits.rate else []
        policies += [f'"day";q={limits.day};w={DAY_S}'] if limits.day else []
        self.policy = ", ".join(policies)
        """The field ``RateLimit-Policy``."""

    def count(self, counters: Counters, slot: int, now: float) -> Refused | None:
        """Count a request; ``None`` where it may be answered. One that is refused is not counted."""
        each_s, due_s = self._each_s, now
        if each_s:
            due_s = counters.times[slot + DUE]
            if not now <= due_s <= now + self._ahead_s:  # even again, or of before the clock was set back
                due_s = now
            due_s += each_s
            if due_s - now > self._ahead_s:
                return Refused("rate", math.ceil(due_s - now - self._ahead_s))
        if self._day:
            today, spent = int(now + UTC_OFFSET_S) // DAY_S, counters.words[slot + DAY]
            used = spent & _COUNT if spent >> _COUNT_BITS == today else 0
            if used >= self._day:
                return Refused("day", _until_midnight_s(now))
            counters.words[slot + DAY] = today << _COUNT_BITS | used + 1
        counters.times[slot + DUE] = due_s
        return None

    def add_to_day(self, counters: Counters, slot: int, now: float, rows: int) -> Refused | None:
        """Count ``rows`` more, all or none of them, as a batch needs them."""
        if not self._day:
            return None
        today, spent = int(now + UTC_OFFSET_S) // DAY_S, counters.words[slot + DAY]
        used = spent & _COUNT if spent >> _COUNT_BITS == today else 0
        if used + rows > self._day:
            return Refused("day", _until_midnight_s(now))
        counters.words[slot + DAY] = today << _COUNT_BITS | used + rows
        return None

    def state(self, counters: Counters, slot: int, now: float) -> str:
        """The field ``RateLimit``: what is left of each policy, and in how many seconds all of it is there
        again."""
        said = ""
        if self._each_s:
            ahead_s = max(0.0, counters.times[slot + DUE] - now)
            left = int((self._ahead_s - ahead_s) / self._each_s + 1e-6)
            said = f'"burst";r={max(left, 0)};t={math.ceil(ahead_s)}'
        if self._day:
            spent = counters.words[slot + DAY]
            used = spent & _COUNT if spent >> _COUNT_BITS == int(now + UTC_OFFSET_S) // DAY_S else 0
            separator = ", " if said else ""
            said += f'{separator}"day";r={max(self._day - used, 0)};t={_until_midnight_s(now)}'
        return said


def _until_midnight_s(now: float) -> int:
    return DAY_S - int(now + UTC_OFFSET_S) % DAY_S

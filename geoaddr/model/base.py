"""What all values share, and the words for levels, systems and statuses."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Literal

from geoaddr.errors import InvalidDate, InvalidInput, InvalidPoint, Said

Level = Literal["province", "district", "commune"]
Grade = Literal["whole", "part", "unknown"]
System = Literal["ndas", "vpostcode", "plus_code", "location_id", "parcel"]
Status = Literal["proposed", "verified", "live", "retired", "superseded", "withdrawn"]
Outcome = Literal["created", "existing"]
Accuracy = Literal["exact", "approximate", "none"]

STATUSES: tuple[Status, ...] = ("proposed", "verified", "live", "retired", "superseded", "withdrawn")
"""The life of an address, in order; the last three are ends. Of a withdrawn one nothing is kept but its code."""


class Record:
    """What all values share: they read as attributes, as a mapping and as plain data."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    def keys(self) -> list[str]:
        """The names of the fields, in their order."""
        return [f.name for f in fields(self)]  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def to_dict(self) -> dict[str, Any]:
        """Plain data: dicts, lists, strings, numbers, booleans and ``None``; dates as ISO 8601."""
        return {name: plain(getattr(self, name)) for name in self.keys()}


def plain(value: Any) -> Any:
    """``value`` as JSON-ready data."""
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


EARLIEST_DATE = dt.date(2018, 1, 1)
"""The data says nothing of earlier days; a date before this is an error, not an empty answer."""


def day_from(text: object, name: str) -> dt.date:
    """The day of a text ``YYYY-MM-DD``; ISO 8601 has weeks and other forms too, which are not taken.

    :raises InvalidDate: for anything else.
    """
    try:
        if isinstance(text, str) and len(text) == len("YYYY-MM-DD") and text[4] == text[7] == "-":
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidDate(name, text, Said("not a date; write YYYY-MM-DD", "không phải ngày; hãy viết YYYY-MM-DD"))


def as_date(value: dt.date | str, name: str = "as_of") -> dt.date:
    """A date from a ``date`` or a text in the one form ``2025-06-30``.

    :raises InvalidDate: for anything else, and for days before 2018.
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        value = day_from(value, name)
    if value < EARLIEST_DATE:
        raise InvalidDate(
            name,
            value.isoformat(),
            Said("the data begins on 2018-01-01", "dữ liệu bắt đầu từ ngày 2018-01-01"),
        )
    return value


def _degrees(name: str, value: Any) -> float:
    if value is None:
        raise InvalidPoint(name, None, Said("missing", "còn thiếu"))
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise InvalidPoint(name, value, Said("not a number", "không phải là số"))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidPoint(name, value, Said("not a finite number", "không phải số hữu hạn"))
    return number


SHOWN_NAME = 100
"""How much of a name that the caller chose an error repeats."""


def reject_unknown(given: Mapping[str, Any], known: tuple[str, ...], what: Said) -> None:
    """Refuse a mapping with a field that ``what`` (in both languages) does not have, naming the field.

    :raises InvalidInput: for the first unknown field.
    """
    for name in given:
        if name not in known:
            listed = ", ".join(known)
            raise InvalidInput(
                str(name)[:SHOWN_NAME],
                given[name],
                Said(
                    f"not a field of {what.en}; known: {listed}", f"không phải trường của {what.vi}; có: {listed}"
                ),
            )

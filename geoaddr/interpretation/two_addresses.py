"""A line with two addresses of one place: ``…, Phường Bến Nghé, Quận 1 (nay là Phường Sài Gòn), TP.HCM``.

The second one is found by the words that announce it. Both are cut out as texts of the same length, blank where
the other one stands, so that what is read in either stands at its place in the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["former", "present"]

LONGEST = 240
"""Characters of a second address; what is longer is no address beside another."""
_MOST = 4000
"""Characters of a line in which one is looked for."""

_IS = r"(?:\s+(?:là|la|thuộc|thuoc))"
_FORMER = rf"(?:trước|truoc)(?:\s+(?:đây|day|kia))?{_IS}|(?:trước|truoc)\s+(?:đây|day)\s*:"
_PRESENT = rf"(?:(?:hiện|hien)\s+)?nay{_IS}"
_OF_ADDRESS = r"(?:(?:địa chỉ|dia chi|đ/c|đc|tên|ten)\s+)?"
_MARK = re.compile(
    rf"(?<!\w)(?:(?P<former>{_FORMER})|(?P<present>{_PRESENT}))(?!\w)\s*:?"
    rf"|(?:^|(?<=[(\[,;.|/\n–—-])|(?<=[(\[,;.|/\n–—-]\s))"
    rf"(?:(?P<was>{_OF_ADDRESS}(?:cũ|cu)\s*:)|(?P<new>{_OF_ADDRESS}(?:mới|moi)\s*:))",
    re.IGNORECASE,
)
_OLD_IN_BRACKETS = re.compile(r"\(([^()]{3,120}?)\s+(cũ|cu)\s*\)", re.IGNORECASE)
_HINTS = ("nay", "Nay", "NAY", ":", "(", "rước", "ruoc", "RƯỚC", "RUOC")
"""Without one of these no second address is announced."""


@dataclass(frozen=True, slots=True)
class TwoAddresses:
    """``first`` and ``second``: the line with blanks where the other one stands; what follows a second one in
    brackets belongs to both. ``kind``: whether the second is that of before, or of now. ``start``, ``end``: where
    it stands, without the words that announce it."""

    first: str
    second: str
    kind: Kind
    start: int
    end: int


def two_addresses(text: str) -> TwoAddresses | None:
    """The two addresses in a line; ``None`` in one that announces no second."""
    if len(text) > _MOST or not any(hint in text for hint in _HINTS):
        return None
    labels = []
    for found in _MARK.finditer(text):
        if not any(c.isalnum() for c in text[: found.start()]):
            labels.append(found.span())  # the first one is announced too
            continue
        kind: Kind = "former" if found["former"] or found["was"] else "present"
        return _parted(text, kind, found.start(), found.end(), labels)
    bracket = _OLD_IN_BRACKETS.search(text)
    if bracket is None or not any(c.isalnum() for c in text[: bracket.start()]):
        return None
    return _cut(text, "former", bracket.start(), bracket.start(1), bracket.end(1), bracket.end(), [])


def _parted(text: str, kind: Kind, mark: int, begin: int, labels: list[tuple[int, int]]) -> TwoAddresses | None:
    """The line parted where the second address is announced: in brackets it ends with them, else with the line."""
    before = text[:mark].rstrip()
    closing = {"(": ")", "[": "]"}.get(before[-1:])
    end = len(text) if closing is None else text.find(closing, begin)
    if end < 0:
        end, closing = len(text), None
    outer = (mark, end) if closing is None else (len(before) - 1, end + 1)
    return _cut(text, kind, outer[0], begin, end, outer[1], labels)


def _cut(
    text: str, kind: Kind, outer: int, begin: int, end: int, after: int, labels: list[tuple[int, int]]
) -> TwoAddresses | None:
    if not 0 < end - begin <= LONGEST or not any(c.isalpha() for c in text[begin:end]):
        return None
    first = text[:outer] + " " * (after - outer) + text[after:]
    for a, b in labels:
        first = first[:a] + " " * (b - a) + first[b:]
    second = " " * begin + text[begin:end] + " " * (after - end) + text[after:]
    return TwoAddresses(first, second, kind, begin, end)

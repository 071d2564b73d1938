"""Codes inside an address text: found by their form, in the spelling that people give them, and typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from geoaddr.codes.recognise import forms
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Record, System
from geoaddr.profiles.vn import POSTCODE_PREFIX_WIDTH as PREFIX_WIDTH
from geoaddr.text.alphabets import PLUS_CODE

_OLC = f"[{PLUS_CODE}{PLUS_CODE.lower()}]"
_CODE = re.compile(
    rf"(?<![\w+])(?:(?P<plus_code>{_OLC}{{8}}\+{_OLC}{{2,3}})"
    rf"|(?P<glued>[0-9]{{5}}{_OLC}{{7}}|[0-9]{{12}}|w[0-9b-hjkmnp-z]{{11}})"
    rf"|(?P<parted>[0-9]{{5}}[ .-](?={_OLC}*[A-Za-z]){_OLC}{{7}})"
    r"|(?P<ndas>[0-9]{5}[ .-]?[0-9]{5})(?P<letter>[ .-]?[A-Za-z](?!\w))?"
    r"|(?P<postcode>[0-9]{5}))(?![\w+])"
)
_MAY_HAVE_CODES = re.compile("[0-9]{5}|[+]|w[0-9b-hjkmnp-z]{11}")
"""What every code has."""
MOST = 16
"""Of a text so many numbers that may be codes are looked at."""


@dataclass(frozen=True, slots=True)
class CodeInText(Record):
    """A code that stands in a text: its system, its compact spelling, and where (character offsets, half open).

    A text that has the form of several systems is there once for each. ``postcode``: the five digits of a
    commune; the others as in :data:`geoaddr.model.System`.
    """

    system: System | Literal["postcode"]
    code: str
    start: int
    end: int


def codes_in(text: str, gazetteer: Gazetteer) -> tuple[CodeInText, ...]:
    """The codes in ``text``, in order.

    A number is a postcode where a commune has it today, and the area of an NDAS code or a Vpostcode where
    its first two digits are those of a province's postcodes; ten digits that begin with 0 and are not parted
    look like a telephone's, and must begin with a commune's postcode.
    """
    if _MAY_HAVE_CODES.search(text) is None:
        return ()
    found = islice(_CODE.finditer(text), MOST)
    return tuple(code for each in found for code in _typed(each, gazetteer))


def spans_without(spans: Sequence[tuple[int, int]], codes: Sequence[CodeInText]) -> Sequence[tuple[int, int]]:
    """``spans`` of a text without the codes that are no component of an address; Plus Codes and postcodes are."""
    cut = sorted({(code.start, code.end) for code in codes if code.system not in ("plus_code", "postcode")})
    if not cut:
        return spans
    left = []
    for begin, end in spans:
        for a, b in cut:
            if begin <= a and b <= end:
                left.append((begin, a))
                begin = b
        left.append((begin, end))
    return [(a, b) for a, b in left if a < b]


def _typed(found: re.Match[str], gazetteer: Gazetteer) -> Iterator[CodeInText]:
    text, (start, end) = found.group(), found.span()
    kind = "ndas" if found["ndas"] else found.lastgroup
    if found["letter"] and not forms(text):  # a word of one letter, not the check letter
        text, end = found["ndas"], found.end("ndas")
    if kind == "postcode":
        if gazetteer.by_postcode(text, as_of=gazetteer.date):
            yield CodeInText("postcode", text, start, end)
        return
    like_telephone = kind == "ndas" and text[0] == "0" and text.isdigit()
    if like_telephone and not gazetteer.by_postcode(text[:5], as_of=gazetteer.date):
        return
    for form in forms(text):
        numbered = form.system in ("ndas", "vpostcode")
        if numbered and text[:PREFIX_WIDTH] not in gazetteer.postcode_prefixes:
            continue
        if form.system == "parcel" and text[0] != "w":  # every geohash of the country begins so
            continue
        yield CodeInText(form.system, form.code, start, end)

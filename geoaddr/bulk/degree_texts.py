"""Coordinates as people write them, by the column: ``21°01'42.6"N``, ``105,8542° Đ``, ``21 01 42.6``.

A form is read only where it can mean one thing. What has two decimal signs, sixty minutes, a sign and a letter, or
the letter of the other axis is no coordinate, and its row says so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_SAME_SIGN = {
    "[\u2032\u2019\u2018\u00b4`\u02b9]": "'",
    "[\u2033\u201d\u201c\u02ba]|''": '"',
    "[\u00ba\u02da]": "\N{DEGREE SIGN}",
    "[\u2212\u2013]": "-",
    "\N{NO-BREAK SPACE}": " ",
}
"""Signs that keyboards and word processors put in the place of minutes, seconds, degrees, minus and blank."""

POSITIVE = {"lat": "N B BẮC NORTH", "lon": "E Đ ĐÔNG EAST"}
NEGATIVE = {"lat": "S NAM SOUTH", "lon": "W T TÂY WEST"}
"""Letters and words of the halves of the globe, English and Vietnamese. ``N`` is north, as in ISO 6709: Vietnamese
spells out ``Nam`` for south, and no place of Viet Nam lies there."""

_WORDS = "|".join(sorted(" ".join([*POSITIVE.values(), *NEGATIVE.values()]).split(), key=len, reverse=True))
_DECIMAL = r"[0-9]+(?:[.,][0-9]*)?"
_SIXTIETHS = r"[0-9]{1,2}(?:[.,][0-9]*)?"
_LAST = {
    "d": rf"(?P<d>{_DECIMAL}) *°?",
    "m": rf"(?P<d>[0-9]{{1,3}}) *° *(?P<m>{_SIXTIETHS}) *'?",
    "s": rf"(?P<d>[0-9]{{1,3}})(?: *[°:] *| +)(?P<m>[0-9]{{1,2}})(?: *[':] *| +)(?P<s>{_SIXTIETHS}) *\"?",
}
"""The number with decimals is the last one, whichever it is."""


class Read(NamedTuple):
    """``values`` in degrees, NaN where the text is none; ``other_axis``: a letter that the column cannot have."""

    values: NDArray[np.float64]
    other_axis: NDArray[np.bool_]


def read_degrees(texts: Any, axis: str) -> Read:
    """Degrees from an Arrow array of texts, null for those that are none.

    :param axis: ``lat`` or ``lon``: which letters may stand beside the number.
    """
    words = pc.utf8_upper(pc.utf8_normalize(pc.utf8_trim_whitespace(pc.cast(texts, pa.string())), form="NFC"))
    for pattern, sign in _SAME_SIGN.items():
        words = pc.replace_substring_regex(words, pattern, sign)
    values = np.full(len(words), np.nan)
    other = np.zeros(len(words), dtype=bool)
    for number in _LAST.values():
        pattern = rf"^(?P<first>{_WORDS})? *(?P<sign>[+-])? *{number} *(?P<last>{_WORDS})?$"
        found = pc.extract_regex(words, pattern)
        here = np.asarray(pc.is_valid(found)) & np.isnan(values) & ~other
        if here.any():
            some = pc.filter(found, pa.array(here))
            values[here], other[here] = _values(some, axis)
    return Read(values, other)


def _values(found: Any, axis: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values of texts that have the form, and which of them name the other axis."""
    parts = {field.name: pc.struct_field(found, field.name) for field in found.type}
    number = {name: _number(parts[name]) for name in "dms" if name in parts}
    sixtieths = [number[name] for name in "ms" if name in number]
    size = sum((part / 60.0 ** (n + 1) for n, part in enumerate(sixtieths)), number["d"])
    first, last = parts["first"], parts["last"]
    letter = np.asarray(pc.binary_join_element_wise(first, last, ""), dtype=object).astype(str)
    signed = np.asarray(pc.not_equal(parts["sign"], ""))
    stated = letter != ""
    both = np.asarray(pc.and_(pc.not_equal(first, ""), pc.not_equal(last, "")))
    positive, negative = (np.isin(letter, half[axis].split()) for half in (POSITIVE, NEGATIVE))
    other = stated & ~both & ~positive & ~negative
    minus = np.asarray(pc.equal(parts["sign"], "-")) | negative
    bad = other | both | (stated & signed)
    for part in sixtieths:
        bad |= part >= 60.0
    return np.where(bad, np.nan, np.where(minus, -size, size)), other


def _number(texts: Any) -> NDArray[np.float64]:
    return np.asarray(pc.cast(pc.replace_substring(texts, ",", "."), pa.float64()), dtype="f8")

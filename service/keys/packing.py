"""Codes of a batch in one value: five bytes each, in the order of its rows.

A database finds a code in such a value by its bytes, in passing; so the codes are not compressed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geoaddr.codes.ndas import DIGITS

WIDTH = 5
"""Bytes of a code: ten digits are less than 2 to the power of 40."""


def packed(numbers: NDArray[np.int64]) -> bytes:
    """Codes, as numbers of ten digits at the most."""
    return numbers.astype(">i8").view(np.uint8).reshape(-1, 8)[:, 8 - WIDTH :].tobytes()


def unpacked(many: bytes) -> Iterator[str]:
    """The codes, in their order."""
    for begin in range(0, len(many), WIDTH):
        yield f"{int.from_bytes(many[begin : begin + WIDTH], 'big'):0{DIGITS}}"


def is_packable(subject: str) -> bool:
    """Whether a subject is a code that can be among others."""
    return len(subject) == DIGITS and subject.isascii() and subject.isdigit()


def bytes_of(code: str) -> bytes:
    """What to look for in packed codes; where it is found, the code may be there."""
    return int(code).to_bytes(WIDTH, "big")

"""Random numbers by address: each is a function of a key, a use and an index, and of nothing drawn before.

So a household's numbers are the same in whatever order, batch or thread it is made. The generator is
SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) used as a hash.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(1)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_PERSON = b"geoaddr-synth1"
"""Names this use and version; another version would be another nation."""


class Use(IntEnum):
    """What a number is drawn for: each use has a stream of its own."""

    PART, LAT, LON = 1, 2, 3
    WAY_WEIGHT, TOWER, MOUTH = 4, 5, 6
    SHIFT_RADIUS, SHIFT_ANGLE, PHASE, HEADING, FIRST_TURN, SECOND_TURN = 7, 8, 9, 10, 11, 12
    ALONG, ACROSS, LETTER = 13, 14, 15
    NAME_START, NAME_STRIDE, NUMBERED_STREETS, HAMLET_START, NAMED_HAMLETS, NUMBERED_HOUSES = (
        16,
        17,
        18,
        19,
        20,
        21,
    )
    FORMER_UNIT, STYLE = 22, 23


def key(seed: int, name: str) -> int:
    """The key of a seed's thing of a name (a commune's code), 64 bits."""
    text = f"{seed}/{name}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=_PERSON).digest(), "big")


def issuing_key(seed: int) -> bytes:
    """The key of the order in which codes are given out: public, as all that follows from a seed."""
    return hashlib.blake2b(f"{seed}/codes".encode(), digest_size=32, person=_PERSON).digest()


def splitmix64(seed: Any, index: Any) -> Keys:
    """The number at ``index``, from 0, of the generator that begins at ``seed``; arrays are broadcast."""
    with np.errstate(over="ignore"):
        return _mixed(np.asarray(seed, dtype=np.uint64) + (np.asarray(index).astype(np.uint64) + _ONE) * _GOLDEN)


def bits(keys: Any, use: Use, index: Any) -> Keys:
    """64 random bits for each key and index; arrays are broadcast."""
    return splitmix64(splitmix64(keys, int(use)), index)


def share(keys: Any, use: Use, index: Any) -> Floats:
    """The same as numbers of [0, 1)."""
    found: Floats = (bits(keys, use, index) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


def about_zero(keys: Any, use: Use, index: Any, width: float) -> Floats:
    """Numbers of [-width, width)."""
    return (share(keys, use, index) * 2 - 1) * width


def below(limit: Any, keys: Any, use: Use, index: Any) -> NDArray[np.int64]:
    """Whole numbers from 0 up to ``limit`` (at most 2**31), which is left out."""
    high = (bits(keys, use, index) >> np.uint64(33)).astype(np.int64)
    found: NDArray[np.int64] = (high * limit) >> 31
    return found


def _mixed(x: Keys) -> Keys:
    x = x ^ (x >> np.uint64(30))
    x *= _FIRST
    x ^= x >> np.uint64(27)
    x *= _SECOND
    x ^= x >> np.uint64(31)
    return x

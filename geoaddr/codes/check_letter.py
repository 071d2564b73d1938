"""The check letter that may be printed after an NDAS code: ten digits modulo 23.

The ten digits as one number, divided by 23, leave a remainder; the letter is that one of
``ABCDEFGHJKLMNPRSTUVWXYZ`` (the Latin capitals without I, O and Q, which look like digits). It catches every
single wrong digit and every swap of two digits, neighbours or not: a wrong digit changes the number by
``d * 10**i`` with d from 1 to 9, a swap by ``d * 10**i * (10**k - 1)`` with k from 1 to 9, and the prime 23
divides none of these (10 has the order 22 modulo 23). The letter is ours, not a part of the code: it is
accepted where it stands and never asked for.

>>> letter("1112012345")
'W'
>>> matches("1112012345", "w")
True
"""

from __future__ import annotations

from geoaddr.codes import clean
from geoaddr.errors import Said

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
MODULUS = 23

_WHAT = Said("an NDAS code", "mã địa chỉ số NDAS")


def letter(ndas: str) -> str:
    """The check letter of ten digits.

    :raises InvalidFormat, InvalidLength: for anything but ten digits.
    """
    text = clean.require_digits(clean.compact(ndas), 10, value=ndas, what=_WHAT)
    return LETTERS[int(text) % MODULUS]


def matches(ndas: str, given: str) -> bool:
    """Whether ``given``, in either case, is the check letter of ten digits."""
    return letter(ndas) == given.upper()

"""The Location ID (mã định danh địa điểm): twelve digits that never change with boundaries.

Source: the draft decree of February 2026; the Ministry of Public Security would issue it, and it is not in
force. What its digits mean is not published, so none is read out of them: a Location ID is kept as a dated
alias of an address and found by looking it up.

>>> validate("001 234 567 890")
'001234567890'
"""

from __future__ import annotations

from geoaddr.codes import clean
from geoaddr.errors import InvalidInput, Said

DIGITS = 12

_WHAT = Said("a Location ID", "mã định danh địa điểm")


def compact(code: str) -> str:
    """``code`` without blanks, hyphens and dots."""
    return clean.compact(code)


def validate(code: str) -> str:
    """The twelve digits of ``code``.

    :raises InvalidFormat, InvalidLength: for anything but twelve digits and separators.
    """
    return clean.require_digits(compact(code), DIGITS, value=code, what=_WHAT)


def is_valid(code: str) -> bool:
    """Whether ``code`` is well-formed; not whether it exists."""
    try:
        validate(code)
    except InvalidInput:
        return False
    return True


def format(code: str) -> str:  # noqa: A001 (the verb has this name in every system)
    """A valid Location ID as it is printed: twelve digits."""
    return validate(code)

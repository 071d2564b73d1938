"""The NDAS code (mã địa chỉ số): ten digits, five of the area that issued it and five of its own.

Sources: decisions 1178/QĐ-BTTTT (2021) and 392/QĐ-BTTTT (2022); plan 270/KH-UBND of Đắk Nông, 26 May 2022.
The area code is the national postcode of the commune-level unit on the day of issue; it stays when communes
merge, so it is a label of origin and not the present commune. The extension is unique within the area. There
is no check digit among the ten; a check letter may follow (:mod:`geoaddr.codes.check_letter`).

Well-formed is not issued: only the registry knows whether an address has the code.

>>> validate("11120-12345")
'1112012345'
>>> area("1112012345"), extension("1112012345")
('11120', '12345')
>>> format("1112012345")
'11120 12345'
"""

from __future__ import annotations

from geoaddr.codes import check_letter, clean
from geoaddr.errors import InvalidChecksum, InvalidFormat, InvalidInput, Said

AREA_DIGITS = 5
EXTENSION_DIGITS = 5
DIGITS = AREA_DIGITS + EXTENSION_DIGITS
CAPACITY = 10**EXTENSION_DIGITS
"""Codes that one area can issue."""

_WHAT = Said("an NDAS code", "mã địa chỉ số NDAS")


def compact(code: str) -> str:
    """``code`` without blanks, hyphens and dots; a check letter stays, in capitals.

    :raises InvalidFormat, InvalidLength: for what can be no code at all.
    """
    return clean.compact(code)


def split_letter(code: str) -> tuple[str, str]:
    """The compact code without a letter in the eleventh place, and that letter or ``""``."""
    text = compact(code)
    return (text[:-1], text[-1]) if len(text) == DIGITS + 1 and text[-1].isalpha() else (text, "")


def validate(code: str) -> str:
    """The ten digits of ``code``; spaces, hyphens and dots may stand between, a check letter after them.

    :raises InvalidFormat: for another character, naming it and its place.
    :raises InvalidLength: for another number of digits.
    :raises InvalidChecksum: for a letter that is not the check letter of these digits.
    """
    if type(code) is str and len(code) == DIGITS and clean.is_digits(code):
        return code
    digits, letter = split_letter(code)
    clean.require_digits(digits, DIGITS, value=code, what=_WHAT)
    if letter and letter not in check_letter.LETTERS:
        raise InvalidFormat(
            "code",
            code,
            Said(f"no check letter is {letter!r}", f"không có chữ kiểm tra nào là {letter!r}"),
        )
    if letter and not check_letter.matches(digits, letter):
        raise InvalidChecksum(
            "code",
            code,
            Said(
                f"the check letter {letter} does not belong to these digits; one of them is wrong",
                f"chữ kiểm tra {letter} không khớp với các chữ số; có ký tự bị sai",
            ),
        )
    return digits


def is_valid(code: str) -> bool:
    """Whether ``code`` is well-formed; not whether it was issued."""
    try:
        validate(code)
    except InvalidInput:
        return False
    return True


def format(code: str, *, with_letter: bool = False) -> str:  # noqa: A001 (the verb has this name in every system)
    """A code as it is printed: area, a blank, extension and, when asked for, a blank and the check letter.

    :raises InvalidCode: as :func:`validate`.
    """
    digits = validate(code)
    printed = f"{digits[:AREA_DIGITS]} {digits[AREA_DIGITS:]}"
    return f"{printed} {check_letter.letter(digits)}" if with_letter else printed


def area(code: str) -> str:
    """The area code: the postcode of the commune that issued it, on the day of issue."""
    return validate(code)[:AREA_DIGITS]


def extension(code: str) -> str:
    """The five digits that the area gave."""
    return validate(code)[AREA_DIGITS:]


def join(area_code: str, extension_code: str) -> str:
    """The code of an area and an extension, five digits each.

    :raises InvalidFormat, InvalidLength: for anything else.
    """
    return require_area(area_code) + clean.require_digits(
        extension_code, EXTENSION_DIGITS, value=extension_code, what=Said("an extension", "phần mở rộng")
    )


def require_area(area_code: str) -> str:
    """``area_code`` when it is five digits.

    :raises InvalidFormat, InvalidLength: for anything else.
    """
    if not isinstance(area_code, str):
        raise InvalidFormat("code", area_code, Said("not a text; codes are strings", "không phải chuỗi ký tự"))
    return clean.require_digits(area_code, AREA_DIGITS, value=area_code, what=Said("an area code", "mã khu vực"))

"""Which code systems a text may belong to, by its form alone.

Forms collide, and a collision is answered with every reading: twelve digits may be a Vpostcode or a Location
ID, and every one of both is a well-formed geohash too. A Plus Code needs its ``+``: ten digits of 2-9 without
one are an NDAS code. Whether a reading makes sense (inside the country, in the registry) is not asked here.

>>> [form.system for form in forms("1102 4234 5678")]
['vpostcode', 'location_id', 'parcel']
>>> [(form.system, form.code) for form in forms("11120-12345 w")]
[('ndas', '1112012345')]
"""

from __future__ import annotations

from dataclasses import dataclass

from geoaddr.codes import clean, geohash, location_id, ndas, plus_code, vpostcode
from geoaddr.errors import InvalidCode, InvalidFormat, InvalidLength, Said
from geoaddr.model import Record, System

_COMPUTED_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Form(Record):
    """A system that a text has the form of, and the code in that system's compact spelling."""

    system: System
    code: str


def forms(text: str) -> list[Form]:
    """Every system whose form ``text`` has, in any spacing and case, the most specific first.

    A short Plus Code names nothing without a place nearby and is no form. The list is empty for a text that
    is no code; :func:`refusal` then says why.

    :raises InvalidLength: for an empty or enormous text.
    :raises InvalidFormat: for a character that no system has, such as a full-width digit.
    """
    if type(text) is str and len(text) == ndas.DIGITS and clean.is_digits(text):
        return [Form("ndas", text)]
    compact = clean.compact(text)
    if plus_code.SEPARATOR in compact:
        return [Form("plus_code", compact)] if plus_code.is_full(compact) else []
    if len(compact) in (ndas.DIGITS, ndas.DIGITS + 1):
        return [Form("ndas", ndas.validate(compact))] if ndas.is_valid(compact) else []
    if len(compact) != _COMPUTED_LENGTH:
        return []
    found: list[Form] = []
    if vpostcode.is_valid(compact):
        found.append(Form("vpostcode", compact))
    if location_id.is_valid(compact):
        found.append(Form("location_id", compact))
    if geohash.is_valid(compact):
        found.append(Form("parcel", geohash.validate(compact)))
    return found


def require(text: str) -> list[Form]:
    """:func:`forms`, never empty.

    :raises InvalidCode: for a text that has the form of no system, with the reason of the nearest one.
    """
    found = forms(text)
    if not found:
        raise refusal(text)
    return found


def refusal(text: str) -> InvalidCode:
    """Why ``text`` has the form of no system: the objection of the system that it comes nearest to."""
    try:
        compact = clean.compact(text)
        if plus_code.SEPARATOR in compact:
            plus_code.digits_of(text)
        digits = sum(map(clean.is_digits, compact))
        if len(compact) in (ndas.DIGITS, ndas.DIGITS + 1) and digits >= ndas.DIGITS - 1:
            ndas.validate(text)
        if len(compact) == _COMPUTED_LENGTH and digits >= vpostcode.POSTCODE_DIGITS:
            vpostcode.validate(text)
    except InvalidCode as error:
        return error
    if clean.is_digits(compact):
        return InvalidLength(
            "code",
            text,
            Said(
                f"{len(compact)} digits; an NDAS code has 10, a Location ID and a Vpostcode have 12",
                f"{len(compact)} chữ số; mã địa chỉ số NDAS có 10, mã định danh địa điểm và Vpostcode có 12",
            ),
        )
    return InvalidFormat(
        "code",
        text,
        Said(
            "the form of no code: neither NDAS (10 digits), Vpostcode (5 digits and 7 characters), Plus Code"
            " (with its '+'), Location ID (12 digits) nor parcel geohash (12 characters)",
            "không có dạng của mã nào: NDAS (10 chữ số), Vpostcode (5 chữ số và 7 ký tự), Plus Code (có dấu '+'),"
            " mã định danh địa điểm (12 chữ số) hay geohash thửa đất (12 ký tự)",
        ),
    )

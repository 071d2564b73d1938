"""What a checkout asks about: a line of text, a form's fields, codes, a point, or several of these at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoaddr.codes import clean, recognise
from geoaddr.errors import InvalidCode, InvalidInput, InvalidQuery, Said
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.model import Point, reject_unknown
from geoaddr.privacy import personal_kind
from geoaddr.profiles.vn import POSTCODE_WIDTH
from geoaddr.text.asked import MAX_LENGTH
from geoaddr.validation.placeholders import says_nothing

MAX_CHARACTERS = 200
"""That one field of a form may have."""
MAX_ALLEYS = 16

DETAILS = ("house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi")
"""Fields below the commune."""
UNITS = ("commune", "district", "province")
"""Fields that name units, small to large: names or codes, of today or of before the reform."""
CODES = ("code", "ndas", "vpostcode", "plus_code", "location_id")
"""Fields that hold a code; which of the systems it belongs to is read from the code."""
ALIASES = {
    "ward": "commune",
    "city": "province",
    "zip": "postcode",
    "postal_code": "postcode",
    "latitude": "lat",
    "longitude": "lon",
}
FIELDS = ("text", *DETAILS, *UNITS, "postcode", *CODES, "lat", "lon")

COLUMNS = (*DETAILS, *UNITS, "postcode", *CODES[1:])
"""Fields that a column of a table may hold; the others have parameters of their own."""

NUMBERS = {"house_number": 0, "floor": 0, "unit": 0, "postcode": 10_000}
"""Fields whose whole numbers can be taken for text, from which number on."""

MOST_CODE_CHARACTERS = 16
"""A text longer than this, signs left out, is not read as a damaged code."""
LEAST_CODE_DIGITS = 8
_DAMAGED = re.compile(r"[0-9]+(\+[0-9]*)?[A-Z]?")
"""Digits with at most a check letter. Slashes, commas and letters before digits belong to houses and units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question made clean: texts without surrounding blanks, empty ones left out."""

    given: Any
    text: str | None
    detail: Mapping[str, str]
    alley: tuple[str, ...]
    units: Mapping[str, str]
    postcode: str | None
    codes: tuple[str, ...]
    point: Point | None

    def detail_of_fields(self) -> Detail:
        """The fields below the commune as a detail."""
        stated = {name: self.detail.get(name) for name in DETAILS if name != "alley"}
        return Detail(alley=self.alley, postcode=self.postcode, **stated)  # type: ignore[arg-type]  # by name


def asked(
    address: str | Mapping[str, Any] | None,
    *,
    code: str | None = None,
    lat: float | None = None,
    lon: float | None = None,
    is_postcode: Callable[[str], bool] = lambda digits: False,
) -> Asked:
    """The question in ``address`` and what came with it.

    :param is_postcode: whether a commune has five digits today; what looks like a telephone number is a code
        only where it begins so.
    :raises InvalidInput: for a field that is not known, not a text, or given twice.
    :raises InvalidQuery: for a text or a field that is too long.
    :raises InvalidPoint: for half a point, or degrees out of range.
    """
    if address is None or isinstance(address, str):
        given: dict[str, Any] = {} if address is None else {"text": address}
    elif isinstance(address, Mapping):
        given = _named(address)
    else:
        raise InvalidInput("address", address, Said("not a text or a form", "không phải chuỗi ký tự hay biểu mẫu"))
    plain = address if isinstance(address, str) and code is None and lat is None and lon is None else None
    for name, value in (("code", code), ("lat", lat), ("lon", lon)):
        if value is not None:
            if given.get(name) not in (None, value):
                raise _twice(name, value)
            given[name] = value
    text = _text("text", given.get("text"), MAX_LENGTH)
    codes: list[str] = [found for name in CODES if (found := _text(name, given.get(name)))]
    if text is not None and not codes and is_code(text, is_postcode):
        codes, text = [text], None
    detail, alley = _texts(given, [name for name in DETAILS if name != "alley"]), _alleys(given.get("alley"))
    if text is None and not alley and "house_number" not in detail and is_line(detail.get("street", "")):
        text = detail.pop("street")
    return Asked(
        given=plain if plain is not None else given,
        text=text,
        detail=detail,
        alley=alley,
        units={name: said for name, said in _texts(given, UNITS).items() if not says_nothing(said)},
        postcode=_text("postcode", given.get("postcode")),
        codes=tuple(dict.fromkeys(codes)),
        point=_point(given.get("lat"), given.get("lon")),
    )


def field_of_column(name: str) -> str:
    """The field's own name.

    :raises InvalidInput: for one that is none of ``COLUMNS``, nor another name for one.
    """
    return own_name(name, COLUMNS, Said("no field of a form", "không phải ô của biểu mẫu"))


def own_name(name: str, known: Sequence[str], otherwise: Said) -> str:
    """A field's own name, where it is one of those that are ``known``, or another name for one.

    :raises InvalidInput: saying ``otherwise``, and what is known.
    """
    own = ALIASES.get(name, name)
    if own not in known:
        listed = ", ".join(known)
        said = Said(f"{otherwise.en}; one of {listed}", f"{otherwise.vi}; một trong {listed}")
        raise InvalidInput("field", name, said)
    return own


def is_code(text: str, is_postcode: Callable[[str], bool]) -> bool:
    """Whether a whole text is a code, or so much like one that it can only be a damaged one."""
    if len(text) > 4 * MOST_CODE_CHARACTERS or not text.isascii():
        return False
    try:
        compact = clean.compact(text)
        digits = sum(character.isdigit() for character in compact)
        if not digits or (personal_kind(text) == "phone" and not is_postcode(compact[:POSTCODE_WIDTH])):
            return False
        if any(form.system != "parcel" or _one_parcel(text) for form in recognise.forms(text)):
            return True
    except InvalidCode:
        return False
    damaged = digits >= LEAST_CODE_DIGITS and len(compact) <= MOST_CODE_CHARACTERS
    return damaged and _DAMAGED.fullmatch(compact) is not None


def is_line(street: str) -> bool:
    """Whether a street's field holds a whole line: forms of few fields have no other for the house."""
    found = read_detail(street)
    beside = found.street or found.alley or found.hamlet or found.poi
    return bool((found.house_number and beside) or found.alley or found.building or found.unit)


def _one_parcel(text: str) -> bool:
    """Whether a geohash is meant: a few short words together have its form too."""
    return text[0] in "wW" or not any(character.isspace() for character in text)


def _named(address: Mapping[str, Any]) -> dict[str, Any]:
    """The fields by their own names."""
    given: dict[str, Any] = {}
    for name, value in address.items():
        own = ALIASES.get(name, name) if isinstance(name, str) else name
        if own in given and _says_something(value) and _says_something(given[own]):
            raise _twice(str(name), value)
        if _says_something(value) or own not in given:
            given[own] = value
    reject_unknown(given, (*FIELDS, *ALIASES), Said("an address form", "biểu mẫu địa chỉ"))
    return given


def _says_something(value: object) -> bool:
    return value is not None and value != ""


def _texts(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    return {name: found for name in names if (found := _text(name, given.get(name)))}


def _text(name: str, value: object, most: int = MAX_CHARACTERS) -> str | None:
    if value is None:
        return None
    value = _number_as_text(name, value)
    if not isinstance(value, str):
        raise InvalidInput(name, value, Said("not a text", "không phải chuỗi ký tự"))
    if len(value) > most:
        reason = Said(f"longer than {most} characters", f"dài hơn {most} ký tự")
        raise InvalidQuery(name, value[:40] + "…", reason)
    return value.strip() or None


def _number_as_text(name: str, value: object) -> object:
    """A whole number as text where that loses nothing. Codes, and postcodes that begin with 0, are no numbers."""
    if name not in NUMBERS or not isinstance(value, int) or isinstance(value, bool):
        return value
    return str(value) if value >= NUMBERS[name] else value


def _alleys(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    levels = [value] if isinstance(value, str) else value
    if not isinstance(levels, Sequence) or len(levels) > MAX_ALLEYS:
        reason = Said(
            f"not a list of at most {MAX_ALLEYS} texts", f"không phải danh sách tối đa {MAX_ALLEYS} chuỗi ký tự"
        )
        raise InvalidInput("alley", value, reason)
    return tuple(text for level in levels if (text := _text("alley", level)))


def _point(lat: Any, lon: Any) -> Point | None:
    return None if lat is None and lon is None else Point(lat=lat, lon=lon)


def _twice(name: str, value: object) -> InvalidInput:
    return InvalidInput(name, value, Said("given twice", "được ghi hai lần"))

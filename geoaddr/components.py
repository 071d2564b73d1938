"""The stated parts of an address, made fit to keep: known fields, clean text, nothing about a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from geoaddr.errors import InvalidInput, Said
from geoaddr.model import COMPONENT_NAMES, Components, reject_unknown
from geoaddr.privacy import PersonalKind, personal_kinds

MAX_CHARACTERS = 200
MAX_TEXT_CHARACTERS = 500
"""For ``text``, which may hold a whole line."""

MAX_ALLEYS = 16
"""Levels of alleys from a street inwards; real chains have up to seven."""

_KNOWN = frozenset(COMPONENT_NAMES)
_LIMITS = {name: MAX_TEXT_CHARACTERS if name == "text" else MAX_CHARACTERS for name in COMPONENT_NAMES}
_values_of = attrgetter(*COMPONENT_NAMES)

_SHORT = 64
"""Texts up to this, streets and house numbers mostly, come again and again and are cleaned once."""

_PERSONAL: dict[PersonalKind, Said] = {
    "phone": Said("a telephone number", "số điện thoại"),
    "email": Said("an e-mail address", "địa chỉ thư điện tử"),
    "identity": Said("an identity number", "số căn cước hoặc chứng minh nhân dân"),
}


_NO_PARTS = Said(
    "not the parts of an address by their names; a line of text goes as {'text': LINE}",
    "không phải các phần của địa chỉ theo tên; một dòng chữ thì ghi là {'text': DÒNG}",
)


def components_from(given: Mapping[str, Any]) -> Components:
    """The components in a mapping (a form, a JSON object, a row of a file), cleaned.

    ``alley`` is a list of texts, or one text for a chain of one. Blank texts count as absent.

    :raises InvalidInput: no mapping, an unknown field, a value that is not text, or text that cannot be kept
        (see :func:`clean_text`).
    """
    if not isinstance(given, Mapping):
        raise InvalidInput("components", type(given).__name__, _NO_PARTS)  # a line may hold what is personal
    if not given.keys() <= _KNOWN:
        reject_unknown(given, COMPONENT_NAMES, Said("an address", "địa chỉ"))
    texts: dict[str, Any] = {}
    for name, value in given.items():
        if name == "alley":
            texts[name] = _alleys(value)
        elif value is not None:
            texts[name] = clean_text(name, value, _LIMITS[name])
    return Components(**texts)


def clean_components(given: Components) -> Components:
    """``given`` with every text as :func:`clean_text` leaves it; the same object where nothing changes.

    :raises InvalidInput: as :func:`components_from`.
    """
    values = _values_of(given)
    if _are_clean(values):
        return given
    stated = zip(COMPONENT_NAMES, values, strict=True)
    return components_from({name: value for name, value in stated if value not in (None, ())})


def _are_clean(values: tuple[Any, ...]) -> bool:
    """Whether all are texts that cleaning would leave; the quick answer for what was cleaned before.

    :raises InvalidInput: for a text that cannot be kept.
    """
    for (name, limit), value in zip(_LIMITS.items(), values, strict=True):
        if value is None or value == ():
            continue
        if (_alleys(value) if name == "alley" else clean_text(name, value, limit)) != value:
            return False
    return True


def clean_text(name: str, value: object, limit: int = MAX_CHARACTERS) -> str | None:
    """A text in NFC, blanks single, invisible format characters (zero-width, direction marks) dropped.

    ``None`` when nothing is left.

    :raises InvalidInput: not a text, longer than ``limit`` characters, control characters, or a telephone
        number, e-mail address or identity number in it.
    """
    if not isinstance(value, str):
        raise InvalidInput(name, value, Said("not a text", "không phải văn bản"))
    if len(value) <= _SHORT:
        return _cleaned_again(name, value, limit)
    if len(value) > 4 * limit:  # before any work that grows with the text
        raise _too_long(name, value, limit)
    return _cleaned(name, value, limit)


def _cleaned(name: str, value: str, limit: int) -> str | None:
    if not (value.isprintable() and unicodedata.is_normalized("NFC", value)):
        value = _visible(name, value)
    text = " ".join(value.split())
    if len(text) > limit:
        raise _too_long(name, text, limit)
    require_impersonal(name, text)
    return text or None


def require_impersonal(name: str, text: str, *, but: Collection[str] = ()) -> None:
    """:raises InvalidInput: for a text with personal data of any kind ``but`` some; it does not repeat it."""
    kind = next((kind for kind in personal_kinds(text) if kind not in but), None)
    if kind is None:
        return
    what = _PERSONAL[kind]
    raise InvalidInput(
        name,
        None,
        Said(
            f"no personal data in an address record: this holds {what.en}",
            f"bản ghi địa chỉ không được chứa dữ liệu cá nhân: ở đây có {what.vi}",
        ),
    )


_cleaned_again = lru_cache(maxsize=16_384)(_cleaned)


def _visible(name: str, value: str) -> str:
    text = unicodedata.normalize("NFC", value)
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise InvalidInput(
                name, value, Said("control characters are not allowed", "không được có ký tự điều khiển")
            )
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _alleys(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    levels = [value] if isinstance(value, str) else value
    if not isinstance(levels, Sequence):
        raise InvalidInput("alley", value, Said("not a list of texts", "không phải danh sách văn bản"))
    if len(levels) > MAX_ALLEYS:
        raise InvalidInput(
            "alley", value, Said(f"more than {MAX_ALLEYS} levels", f"nhiều hơn {MAX_ALLEYS} cấp ngõ, hẻm")
        )
    cleaned = tuple(text for level in levels if (text := clean_text("alley", level)) is not None)
    if any(";" in text for text in cleaned):
        raise InvalidInput("alley", value, Said("a level cannot have ;", "một cấp không được có dấu ;"))
    return cleaned


def _too_long(name: str, value: str, limit: int) -> InvalidInput:
    return InvalidInput(name, value, Said(f"longer than {limit} characters", f"dài hơn {limit} ký tự"))

"""Texts of a command line to values: what the words cannot mean is refused here, the rest by the verbs."""

from __future__ import annotations

import json
import re
from typing import Any

from geoaddr.cli.frame import MINUS
from geoaddr.errors import InvalidInput, InvalidPoint, Said

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WORDS = frozenset({"nan", "inf", "infinity"})
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")


def number(name: str, text: str) -> float:
    """A coordinate or a length as written: ASCII digits with a decimal point.

    :raises InvalidPoint: for any other text; NaN and infinities pass, and the verb refuses them.
    """
    plain = text.strip().replace(MINUS, "-")
    if _NUMBER.fullmatch(plain) or plain.lower().lstrip("+-") in _WORDS:
        return float(plain)
    if _COMMA.fullmatch(plain):
        raise InvalidPoint(
            name,
            text,
            Said("not a number; write a decimal point", "không phải là số; hãy dùng dấu chấm thập phân"),
        )
    raise InvalidPoint(name, plain, Said("not a number", "không phải là số"))


def json_object(name: str, text: str) -> dict[str, Any]:
    """A JSON object.

    :raises InvalidInput: for a text that is not JSON, or JSON that is not an object.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidInput(name, text, Said("not JSON", "không phải JSON")) from None
    if not isinstance(value, dict):
        raise InvalidInput(name, text, Said("not a JSON object", "không phải một đối tượng JSON"))
    return value

"""What stands in an address text and names nothing, however much pieces of it look like names."""

from __future__ import annotations

import re

from geoaddr.text.alphabets import PLUS_CODE
from geoaddr.text.asked import asked

MASK = "|"

_OLC = f"[{PLUS_CODE}{PLUS_CODE.lower()}]"
_PLUS_CODE = re.compile(rf"(?<!\w){_OLC}{{4,8}}\+{_OLC}{{2,3}}(?!\w)")
_TWELVE = re.compile(rf"(?<!\w)(?:[0-9]{{5}}[ .-]?(?={_OLC}*[A-Za-z]){_OLC}{{7}}|w[0-9b-hjkmnp-z]{{11}})(?!\w)")
_LINK = re.compile(r"(?:https?://|www\.)[^\s,;]+|[^\s,;@]{1,64}@[^\s,;@]{1,64}\.[a-z]{2,}")


def masked(text: str) -> str:
    """``text`` with its codes and links made illegible, every other character in its place.

    A Plus Code such as ``7P28QMGC+2V`` would else be a ward 28, and ``/?q=1`` a district.

    :raises InvalidQuery: for what cannot be read (see :func:`geoaddr.text.asked.asked`).
    """
    asked(text)
    if "+" in text:
        text = _PLUS_CODE.sub(_mask, text)
    if "://" in text or "www." in text or "@" in text:
        text = _LINK.sub(_mask, text)
    return _TWELVE.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    return MASK * len(found.group())

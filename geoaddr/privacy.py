"""What betrays a person in a line of text: telephone numbers, e-mail addresses, identity numbers.

An address record holds nothing about a person (law 91/2025/QH15 on personal data). Names cannot be told
from street names, but these can be told by their form:

- telephone: ten digits that begin with a mobile prefix (03, 05, 07, 08, 09) or eleven with 02 (landlines),
  either with +84 or 84 for the zero (decision 2082/QĐ-BTTTT of 2017 on numbering);
- identity: twelve digits (CCCD, căn cước; the first three a province code up to 096, decree 137/2015/NĐ-CP)
  or nine (CMND), standing alone;
- e-mail: a name, an at sign and a domain.

Digits may be grouped by blanks, dots or hyphens, never by slashes: ``1806/127/2/6`` is a chain of alleys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

PersonalKind = Literal["phone", "email", "identity"]

_SUSPICIOUS = re.compile(r"@|\d(?:[ .\-()]*\d){8}")
"""Nine digits in a row, however grouped, or an at sign: without one there is nothing to look for."""

_ALONE_BEFORE = r"(?<![\w/])(?<!\w[.\-/])"
_ALONE_AFTER = r"(?![\w/]|[.\-]\w)"
_GAP = r"[ .\-]?"
_WIDE_GAP = r"[ .\-()]{0,2}"  # "(024) 3825 1234"

_EMAIL = re.compile(r"[^\s@,;:/()<>]+ ?@ ?[^\s@,;:/()<>]+\.[^\W\d_]{2,}")
_PHONE = re.compile(
    rf"(?<![\w/])(?:\(?\+?84{_WIDE_GAP}(?:0{_WIDE_GAP})?|\(?0)"
    rf"(?:[35789](?:{_WIDE_GAP}\d){{8}}|2(?:{_WIDE_GAP}\d){{9}})" + _ALONE_AFTER
)
_IDENTITY = re.compile(_ALONE_BEFORE + rf"(?:0\d\d{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}|\d{{9}})" + _ALONE_AFTER)


_FORMS: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
    ("email", _EMAIL),
    ("phone", _PHONE),
    ("identity", _IDENTITY),
)


def personal_kind(text: str) -> PersonalKind | None:
    """Which personal identifier ``text`` holds, the first of :func:`personal_kinds`, or ``None``."""
    return next(personal_kinds(text), None)


def personal_kinds(text: str) -> Iterator[PersonalKind]:
    """Every kind of personal identifier in ``text``.

    Look-alikes of digits and signs (full-width forms, say) count as what they look like.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if _SUSPICIOUS.search(text):
        yield from (kind for kind, form in _FORMS if form.search(text))

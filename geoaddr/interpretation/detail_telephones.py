"""Telephone numbers among the words of an address: in one piece or in groups, they are no part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geoaddr.interpretation.detail_words import Gap, Word

TELEPHONE_DIGITS = 9
"""So many in one piece are a telephone's, and no number of a house."""

_COUNTRY = "84"
_GROUPS = re.compile(r"(?:0|840?)(?:2\d{8,9}|[35-9]\d{8})")
"""In groups: ten digits of a mobile, ten or eleven of a fixed line, with the country's for the 0."""
_LONGEST = 13
_PARTING = (Gap.BLANK, Gap.DOT, Gap.HYPHEN)


def telephone_end(words: Sequence[Word], at: int) -> int:
    """After which word a telephone number ends that begins at ``at``; 0 where none begins."""
    if at >= len(words) or not words[at].is_digits:
        return 0
    said = words[at].folded
    if len(said) >= TELEPHONE_DIGITS:
        return at + 1
    if not may_begin(words[at]):
        return 0
    found, end = 0, at + 1
    while end < len(words) and words[end].is_digits and len(said) < _LONGEST and _goes_on(words, end):
        said += words[end].folded
        end += 1
        if _GROUPS.fullmatch(said):
            found = end
    return found


def may_begin(word: Word) -> bool:
    """Whether a telephone number can begin with these digits."""
    said = word.folded
    return said[0] == "0" or said == _COUNTRY or len(said) >= TELEPHONE_DIGITS


def _goes_on(words: Sequence[Word], at: int) -> bool:
    """Whether a group of digits follows: ``0900 000 000``, ``(024) 3000 0000``."""
    closed = words[at - 1].bracket and not words[at].bracket
    return closed or words[at].gap in _PARTING

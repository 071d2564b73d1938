"""Whether two names that fold alike are one: by their accents, where both are written with some."""

from __future__ import annotations

from geoaddr.text.fold import fold, fold_keep_accents


def accents_agree(one: str, other: str) -> bool:
    """Whether words that both names have are written with the same accents; who writes none means any.

    >>> accents_agree("Bảo Khang", "bảo kháng"), accents_agree("Bao Khang", "Bảo Kháng")
    (False, True)
    """
    if one.isascii() or other.isascii():
        return True
    ours, theirs = _words(one), _words(other)
    return all(theirs.get(plain, written) == written for plain, written in ours.items())


def _words(name: str) -> dict[str, list[str]]:
    """The words of a name without their accents, each with what it is with them, as often as it comes."""
    found: dict[str, list[str]] = {}
    for written in fold_keep_accents(name).split():
        found.setdefault(fold(written), []).append(written)
    return found

"""Whether two names that fold alike are one: by their accents, where both are written with some."""

from __future__ import annotations

from geoaddr.text.fold import fold, fold_keep_accents


def accents_agree(one: str, other: str) -> bool:
    """Whether words that both names have are written with the same accents; who writes none means any, with or
    without a word that says street before the name.

    >>> accents_agree("Bảo Khang", "bảo kháng"), accents_agree("đường Bao Khang", "Bảo Kháng")
    (False, True)
    """
    if one.isascii() or other.isascii():
        return True
    ours, theirs = _words(one), _words(other)
    return _without_accents(ours) or _without_accents(theirs) or _alike(ours, theirs)


def same_accents(one: str, other: str) -> bool:
    """The same where no accents are accents too: for who must not take one name for another.

    >>> same_accents("phố Quang Trung", "QUANG TRUNG"), same_accents("Quang Trung", "Quảng Trung")
    (True, False)
    """
    return _alike(_words(one), _words(other))


def _alike(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> bool:
    return all(theirs.get(plain, written) == written for plain, written in ours.items())


_STREET_WORDS = frozenset({"duong", "pho", "dai", "lo"})


def _without_accents(words: dict[str, list[str]]) -> bool:
    return all({plain} == set(written) for plain, written in words.items() if plain not in _STREET_WORDS)


def _words(name: str) -> dict[str, list[str]]:
    """The words of a name without their accents, each with what it is with them, as often as it comes."""
    found: dict[str, list[str]] = {}
    for written in fold_keep_accents(name).split():
        found.setdefault(fold(written), []).append(written)
    return found

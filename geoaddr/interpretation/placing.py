"""Placing: what it costs a match to stand where it stands, by itself."""

from __future__ import annotations

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import PROVINCE
from geoaddr.interpretation.matching import Match
from geoaddr.interpretation.words import Words
from geoaddr.profiles.vn import POSTCODE_WIDTHS

POSTCODE_DIGITS = POSTCODE_WIDTHS


def mask_of(begin: int, end: int) -> int:
    """The words ``[begin, end)`` as bits."""
    return (1 << end) - (1 << begin)


def place_matches(words: Words, matches: list[Match]) -> None:
    """Fill in the place of each match: ``left``, ``right``, ``within``, ``mask`` and ``floor``."""
    type_begins = {found[0] for found in words.types_end if found is not None}
    begins, ends = {match.begin for match in matches}, {match.end for match in matches}
    longer = _longer_names(matches)
    places: dict[tuple[int, int, bool], tuple[float, float, bool, int, float]] = {}
    for match in matches:
        begin, end = match.begin, match.end
        place = (begin, end, match.typed)
        known = places.get(place)
        if known is None:
            left, right = _left(words, match), _right(words, match, type_begins)
            within = any(a <= begin and end <= b and (a, b) != (begin, end) for a, b in longer)
            least = costs.WITHIN * within
            least += (0.0 if begin in ends else left) + (0.0 if end in begins else right)
            known = places[place] = (left, right, within, mask_of(begin, end), least)
        match.left, match.right, match.within, match.mask, least = known
        match.floor = match.cost + least


def _longer_names(matches: list[Match]) -> list[tuple[int, int]]:
    """The places of names of several words; what is only a piece of one is hardly meant."""
    longest: dict[int, int] = {}
    for match in matches:
        if match.how != "fuzzy" and match.spelling < costs.ALIAS:
            longest[match.begin] = max(match.end, longest.get(match.begin, 0))
    return [(begin, end) for begin, end in longest.items() if end - begin > 2]


def _left(words: Words, match: Match) -> float:
    i = match.begin
    if words.opens[i]:
        return 0.0
    if words.street[i]:
        return costs.TYPED_AFTER_STREET if match.typed else costs.STREET
    if match.typed:
        return 0.0
    if _is_number_before(words, i):
        return costs.NUMBER_BEFORE
    return costs.OTHER_TYPE_BESIDE if words.types_end[i] is not None else costs.RUN_ON


def _is_number_before(words: Words, i: int) -> bool:
    """Whether a number stands right before a word, a letter behind it or not: ``10``, ``10A``."""
    last = words.words[i - 1]
    if last.number or i < 2 or last.end - last.start > 1:
        return last.number
    return words.words[i - 2].number and words.words[i - 2].end == last.start


def _right(words: Words, match: Match, type_begins: set[int]) -> float:
    j = match.end
    if words.opens[j] or words.country[j]:
        return 0.0
    if words.street_after[j]:
        return costs.STREET
    word = words.words[j]
    if word.number:
        return costs.POSTCODE_AFTER if word.end - word.start in POSTCODE_DIGITS else costs.NUMBER_AFTER
    after = words.types_after[j]
    if after is not None and not match.typed and (after[0] == len(words) or not words.words[after[0]].number):
        return costs.OTHER_TYPE_BESIDE
    if j in type_begins:
        return costs.TYPE_AFTER
    return costs.WORDS_AFTER_PROVINCE if match.typed and match.rank == PROVINCE else costs.WORDS_AFTER

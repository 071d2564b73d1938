"""Cutting the words into parts: each begins at a word that opens it, at a number, or at a name.

One pass from left to right, without going back. A part ends where the next one opens, where its number is
complete, or at a comma. What an untyped name means is not decided here but in ``detail_roles``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geoaddr.interpretation.detail_lexicon import Entry, lexicon
from geoaddr.interpretation.detail_telephones import may_begin, telephone_end
from geoaddr.interpretation.detail_words import Gap, Word
from geoaddr.profiles.vn import POSTCODE_WIDTHS

_LETTERS = frozenset("abcdefghijklmnoprstuv")
_HOUSE_LETTERS = frozenset("abcdefg")
_SUFFIXES = frozenset({"bis", "ter"})
_HOUSES = ("house_number", "lot", "alley")
_JOINING = (Gap.SLASH, Gap.HYPHEN, Gap.WIDE_HYPHEN, Gap.PLUS)
_LONGEST_UNIT = 8
"""Words in the longest name of a unit, with its type."""


@dataclass(slots=True)
class Part:
    """Words ``first`` to ``last`` (half open) as one part: ``kind`` what it is, ``body`` where its own words
    begin after the opening ones, ``joined`` whether it follows the part before without a comma."""

    kind: str
    first: int
    body: int
    last: int
    joined: bool = False
    number: bool = False


class Cutter:
    """Cuts one list of words.

    ``commas``: whether the text has commas, so that `` - `` need not part places. ``units`` gives the names
    of the units that were taken out, asked for only where such a sign leaves a doubt.
    """

    def __init__(
        self, words: list[Word], commas: bool = True, units: Callable[[], frozenset[str]] = frozenset
    ) -> None:
        self._words = words
        self._commas = commas
        self._units = units
        self._days = lexicon().days
        self._has_telephone = bool([word for word in words if word.is_digits and may_begin(word)])

    def parts(self) -> list[Part]:
        """All parts, in order; every word is in exactly one."""
        parts: list[Part] = []
        at = 0
        while at < len(self._words):
            part = self._part(at, parts[-1] if parts else None)
            part.joined = at > 0 and self._words[at].gap is not Gap.BREAK
            parts.append(part)
            at = part.last
        return parts

    def _part(self, at: int, before: Part | None) -> Part:
        word = self._words[at]
        if word.plus:
            return Part("plus_code", at, at, at + 1)
        numbered = (
            before is not None and before.kind in _HOUSES and before.last == at and word.gap is not Gap.BREAK
        )
        entry = self._opens(at, at_start=True)
        if entry is not None and entry.part != "name" and not (numbered and _is_in_names(entry)):
            return self._opened(entry, at)
        if word.is_digits and (telephone := telephone_end(self._words, at)):
            return Part("note", at, at, telephone)
        if word.is_item and (end := self._day(at)) and (numbered or not self._goes_on(end)):
            return Part("day", at, at, end, number=True)
        if word.is_item and (end := self.number_end(at)) > at:
            if word.folded[: 1 if numbered else 2].isalpha():  # 12 D2, TX25: the code of a street or a building
                return Part("name", at, at, self._name_end(end))
            return Part(self._kind_of_number(at, end), at, at, end, number=True)
        return self._named(at, before)

    def _named(self, at: int, before: Part | None) -> Part:
        """A name; with a telephone number after it that of a person, unless it follows the number of a house."""
        end = self._name_end(at + 1)
        telephone = self._telephone(end) if self._has_telephone else 0
        if telephone and (before is None or before.kind not in _HOUSES):
            return Part("note", at, at, telephone)
        return Part("name", at, at, end)

    def _telephone(self, at: int) -> int:
        """Where a telephone number ends that goes on from the word before, or 0."""
        words = self._words
        if at >= len(words) or not words[at].is_digits or words[at].gap is Gap.BREAK:
            return 0
        return telephone_end(words, at)

    def _kind_of_number(self, at: int, end: int) -> str:
        """A number by itself: a house, or where it has five or six digits and stands alone a postcode."""
        word = self._words[at]
        alone = end == at + 1 and word.is_digits and len(word.folded) in POSTCODE_WIDTHS
        return "postcode" if alone and not self._goes_on(end) else "house_number"

    def _goes_on(self, at: int) -> bool:
        return at < len(self._words) and self._words[at].gap is not Gap.BREAK

    def _opened(self, entry: Entry, at: int) -> Part:
        body = at + len(entry.words)
        if entry.body == "alone":
            return Part(entry.part, at, body, body)
        if self._has_telephone and (telephone := self._telephone(body)):
            return Part("note", at, body, telephone)
        if entry.part == "street":
            return Part("street", at, body, self._street_end(body))
        if entry.body != "name" and self._numeric(body):
            return Part(entry.part, at, body, self.number_end(body, lone_letter=True), number=True)
        swallow = entry.part in ("poi", "landmark", "admin")
        house, note = entry.part == "building", entry.part == "note"
        return Part(entry.part, at, body, self._body_end(body, swallow=swallow, house=house, note=note))

    def _street_end(self, body: int) -> int:
        """A street's name, or its number: ``đường số 22``, ``đường 3/2``, ``QL.1A``, ``đường 3 tháng 2``."""
        entry: Entry | None
        while self._goes_on(body) and (entry := self._opens(body, at_start=True)) and entry.part == "street":
            body += len(entry.words)  # đường Quốc lộ 1A, đường liên ấp 1-2
        if not self._goes_on(body):
            return body
        number = body + 1 if self._words[body].folded == "so" and self._numeric(body + 1) else body
        if end := self._day(number):
            return end
        if self._numeric(number):
            return self.number_end(number)
        return self._body_end(body)

    def _day(self, at: int) -> int:
        """Where a day that streets are named after ends (``3/2``, ``30 tháng 4``), or 0."""
        words = self._words
        if at + 1 >= len(words) or not words[at].is_digits or len(words[at].folded) > 2:
            return 0
        if words[at + 1].folded == "thang" and at + 2 < len(words) and words[at + 2].is_digits:
            return at + 3 if words[at + 2].gap is Gap.BLANK else 0
        if words[at + 1].gap not in (Gap.SLASH, Gap.HYPHEN) or not words[at + 1].is_digits:
            return 0
        if at + 2 < len(words) and words[at + 2].gap in (Gap.SLASH, Gap.HYPHEN):
            return 0
        day, month = words[at].folded.lstrip("0"), words[at + 1].folded.lstrip("0")
        return at + 2 if f"{day}/{month}" in self._days else 0

    def _body_end(self, body: int, *, swallow: bool = False, house: bool = False, note: bool = False) -> int:
        """Where the name after an opening word ends; its first word counts as a name whatever it is."""
        if not self._goes_on(body):
            return body
        return self._name_end(body + 1, swallow=swallow, house=house, note=note)

    def _name_end(self, at: int, *, swallow: bool = False, house: bool = False, note: bool = False) -> int:
        """Where a name ends, ``at`` being the first word that could be another part.

        A place's name (``swallow``) goes on over words that would open a hamlet or a unit; after the name of
        a building the number of its ``house`` may come. Only a ``note`` goes on over a telephone number.
        """
        words = self._words
        while at < len(words) and not words[at].plus and (words[at].gap is Gap.BLANK or not self._parts_names(at)):
            word = words[at]
            if word.entries is not None and (entry := self._opens(at, at_start=False)) is not None:
                if entry.part == "name":
                    at += len(entry.words)
                    continue
                if not swallow or entry.part in ("street", "alley"):
                    break
            if word.is_digits and not note and telephone_end(self._words, at):
                break
            if word.is_item:
                if at + 1 < len(words) and words[at + 1].gap is Gap.SLASH:
                    break
                if house and self._is_house_number(at):
                    break
            at += 1
        return at

    def _is_house_number(self, at: int) -> bool:
        """A number of two digits or more with a name of two words after it: ``Gold View 346 Bến Vân Đồn``."""
        words = self._words
        if not words[at].is_item or not words[at].folded[:2].isdigit() or words[at - 1].folded == "so":
            return False
        after = words[at + 1 : at + 3]
        plain = all(word.gap is Gap.BLANK and word.folded.isalpha() for word in after)
        return len(after) == 2 and plain and after[0].folded != "thang" and not self._opens(at + 1, at_start=False)

    def _parts_names(self, at: int) -> bool:
        word = self._words[at]
        if word.gap is Gap.BREAK or word.gap is Gap.COLON:
            return True
        if word.gap is Gap.WIDE_HYPHEN:
            return not self._commas or self._opens(at, at_start=True) is not None or self._is_unit(at)
        if word.gap is Gap.DOT:
            return len(self._words[at - 1].folded) > 2
        return word.gap is Gap.SLASH and self._opens(at, at_start=True) is not None

    def _is_unit(self, at: int) -> bool:
        """Whether the words up to the next parting sign are the name of a unit that stands elsewhere."""
        piece = self._words[at : at + _LONGEST_UNIT + 1]
        end = next((i for i, word in enumerate(piece) if i and word.gap >= Gap.WIDE_HYPHEN), len(piece))
        return " ".join(word.folded for word in piece[:end]) in self._units()

    def _numeric(self, at: int) -> bool:
        """A number, or a single capital's worth of one (``lô A``), right after the word before."""
        if at >= len(self._words) or self._words[at].gap is Gap.BREAK:
            return False
        return self._words[at].is_item or (len(self._words[at].kept) == 1 and self._words[at].kept in _LETTERS)

    def number_end(self, at: int, *, lone_letter: bool = False) -> int:
        """Where a number that begins at ``at`` ends: ``12/34/5A``, ``16 - 18``, ``284D bis``, ``12 B``."""
        words = self._words
        if not (words[at].is_item or lone_letter):
            return at
        at += 1
        while at < len(words) and (self._joins(at) or self._is_bis(at)):
            at += 1
        return at + 1 if self._is_lone_suffix(at) else at

    def _is_bis(self, at: int) -> bool:
        word = self._words[at]
        return word.folded in _SUFFIXES and word.gap in (Gap.BLANK, Gap.DOT)

    def _joins(self, at: int) -> bool:
        word = self._words[at]
        piece = word.is_item or (len(word.kept) == 1 and word.kept in _LETTERS and not word.blank)
        if not piece:
            return False
        if word.gap is Gap.DOT:
            return not word.blank and word.is_digits
        return word.gap in _JOINING

    def _is_lone_suffix(self, at: int) -> bool:
        """``38 A Tây Sơn``: one letter after the number that opens nothing itself."""
        words = self._words
        if at >= len(words) or words[at].kept not in _HOUSE_LETTERS or words[at].gap is not Gap.BLANK:
            return False
        dotted = at + 1 < len(words) and words[at + 1].gap is Gap.DOT
        return words[at - 1].is_digits and not dotted and not self._opens(at, at_start=True)

    def _opens(self, at: int, *, at_start: bool) -> Entry | None:
        """The longest phrase that opens a part at a word, if one is meant there."""
        entries = self._words[at].entries
        if entries is None:
            return None
        after = self._words[at + 1].folded if at + 1 < len(self._words) else ""
        for entry in entries:
            if (entry.second is None or entry.second == after) and self._is_meant(entry, at, at_start):
                return entry
        return None

    def _is_meant(self, entry: Entry, at: int, at_start: bool) -> bool:
        words, end = self._words, at + len(entry.words)
        if end > len(words):
            return False
        bare = False
        for offset, (kept, folded) in enumerate(entry.words):
            word = words[at + offset]
            if offset and word.gap is not Gap.BLANK:
                return False
            if word.kept != kept:
                if word.kept != folded:
                    return False
                bare = True
        number = self._numeric(end)
        if entry.body != "alone" and self._has_telephone and self._telephone(end):
            return entry.part in ("note", "street")  # ĐT is a road's number or a telephone's
        if entry.body == "number" and not number:
            return False
        if (
            not at_start and not self._goes_on(end) and entry.part != "name"
        ):  # Lý Thái Tổ, Phường ...: the end of a name opens nothing
            return False
        if entry.place == "start" and not (at_start or (number and entry.part != "poi")):
            return False
        if not bare or entry.bare == "any":
            return True
        if entry.bare == "start":
            return at_start
        if entry.bare == "dot":
            return end < len(words) and words[end].gap is Gap.DOT
        return entry.bare == "number" and number


def _is_in_names(entry: Entry) -> bool:
    """Whether streets are called after such a place (``12 Chùa Bộc``); after no industrial zone, say."""
    return entry.part == "admin" or (entry.part == "poi" and entry.place == "start")

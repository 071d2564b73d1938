"""What each part is for: the names without a type word, and the numbers that could be several things.

The rules, in the order in which they are asked, are the functions of :class:`Roles`; each looks at the part
and at its neighbours only, so that the whole stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from geoaddr.interpretation.detail_around import Around
from geoaddr.interpretation.detail_lexicon import lexicon
from geoaddr.interpretation.detail_parts import Part
from geoaddr.interpretation.detail_syllables import is_syllable
from geoaddr.interpretation.detail_telephones import TELEPHONE_DIGITS
from geoaddr.interpretation.detail_words import Gap, Word

REST = "rest"
SAME = "same"
"""A name that only says again what another part says."""

_FIXED = {
    "street": "street",
    "alley": "alley",
    "hamlet": "hamlet",
    "building": "building",
    "floor": "floor",
    "unit": "unit",
    "poi": "poi",
    "landmark": "poi",
    "admin": REST,
    "note": REST,
}
_NUMBERS = ("house_number", "lot", "alley")
_STREET_CODE = re.compile(r"[a-z]{2,4} ?\d{1,3}[a-z]?")


class Roles:
    """Gives every part of one address its role: the name of a field, ``rest`` or ``same``."""

    def __init__(self, words: Sequence[Word], parts: Sequence[Part], around: Around) -> None:
        self._words = words
        self._parts = parts
        self._around = around
        kinds: set[str] = set()
        self._before: list[int] = []  # for each part the last one before it that stands outside brackets, or -1
        self._last_anchor = last = first = -1
        for at, part in enumerate(parts):
            self._before.append(last)
            if not words[part.first].bracket:
                last = at
            if part.body != part.last:
                kinds.add(part.kind)
            if part.kind == "house_number":
                first = at if first < 0 else first
                self._last_anchor = at
            elif part.kind == "street":
                self._last_anchor = at
        self._typed_street = "street" in kinds
        self._in_building = "building" in kinds or "floor" in kinds
        self._numbered = "house_number" in kinds
        self._flat_at = first if self._is_flat(first) else -1
        if self._flat_at >= 0:
            first = next(i for i, part in enumerate(parts) if i > first and part.kind == "house_number")
        self._numbers = self._run(first) if first >= 0 else range(0)
        self._street_at = self._street_name()
        self._codes: set[str] = set()

    def _run(self, first: int) -> range:
        """The positions from ``first`` on of parts of one kind that stand side by side."""
        parts = self._parts
        last = first
        while last < len(parts) and parts[last].kind == parts[first].kind:
            last += 1
        return range(first, last)

    def roles(self) -> list[str]:
        """One role for each part, in order."""
        return [self._role(at) for at in range(len(self._parts))]

    def folded(self, part: Part) -> str:
        """The part's own words without accents."""
        return " ".join(word.folded for word in self._words[part.body : part.last])

    def _role(self, at: int) -> str:
        part = self._parts[at]
        kind = part.kind
        if kind == "name":
            return self._name(at)
        if kind == "house_number":
            return self._number(at)
        fixed = _FIXED.get(kind)
        if fixed is None:
            return self._seldom(at)
        if part.body == part.last and kind not in ("poi", "note", "admin", "floor"):
            return REST
        if kind == "alley" and self._words[part.first].bracket and not self._has_number(part):
            return REST  # (nhà cuối ngõ bên phải)
        return REST if fixed == "poi" and self._says_telephone(part) else fixed

    def _says_telephone(self, part: Part) -> bool:
        """Whether so many digits stand in a part as a telephone number has."""
        return sum(len(w.folded) for w in self._words[part.first : part.last] if w.is_digits) >= TELEPHONE_DIGITS

    def _seldom(self, at: int) -> str:
        part = self._parts[at]
        if part.kind == "day":
            return self._day(at)
        if part.kind == "lot":
            return self._lot(part)
        return self._short_p(at) if part.kind == "short_p" else self._code(part)

    def _has_number(self, part: Part) -> bool:
        return any(word.is_item for word in self._words[part.body : part.last])

    @staticmethod
    def _is_empty(part: Part) -> bool:
        return part.body == part.last

    def _code(self, part: Part) -> str:
        if part.kind in self._codes or (part.kind == "postcode" and part.last - part.body != 1):
            return REST
        self._codes.add(part.kind)
        return part.kind

    def _is_flat(self, at: int) -> bool:
        """``B12.05 Chung cư Sao Mai, 27 Nguyễn Hữu Thọ``: a code right before its building, where another number
        is the house's."""
        if at < 0 or self._last_anchor <= at or not self._before_building(at):
            return False
        coded = self._words[self._parts[at].body].folded[0].isalpha() and self._parts[at + 1].joined
        return coded and any(part.kind == "house_number" for part in self._parts[at + 2 :])

    def _number(self, at: int) -> str:
        """The first number of a house, and those right beside it; what comes later is not its number."""
        if at == self._flat_at:
            return "unit"
        if at in self._numbers:
            return "house_number"
        if len(self._numbers) != 1:
            return REST
        return SAME if self.folded(self._parts[at]) == self.folded(self._parts[self._numbers[0]]) else REST

    def _day(self, at: int) -> str:
        """``3/2``: a street, unless it stands where only the number of a house can."""
        part = self._parts[at]
        written_out = part.last - part.first > 2
        after = self._parts[at + 1].kind if at + 1 < len(self._parts) else ""
        if self._typed_street:
            return REST if written_out or self._numbered else "house_number"
        if written_out or self._numbered or at == self._street_at:
            return "street"
        return "house_number" if after in ("name", "alley", "hamlet", "short_p") else "street"

    def _lot(self, part: Part) -> str:
        if self._is_empty(part):
            return REST
        if not self._numbered:
            return "house_number"
        return "building" if self._in_building else "hamlet"

    def _short_p(self, at: int) -> str:
        """``P.``: a room (phòng) with a number, a street (phố) with a name, else a ward (phường)."""
        part = self._parts[at]
        if part.number:
            is_room = self._in_building or len(self._words[part.body].folded) > 2
            return "unit" if is_room else REST
        after_number = at > 0 and part.joined and self._parts[at - 1].kind in _NUMBERS
        return "street" if after_number and not self._typed_street and not self._is_empty(part) else REST

    def _street_name(self) -> int:
        """Which part without a type word is the street: after the number, else the first that sounds like one;
        -1 where a street is named by its type."""
        if self._typed_street:
            return -1
        names = [i for i, part in enumerate(self._parts) if part.kind in ("name", "day")]
        plain = [i for i in names if not self._in_brackets(i) and not self._after_plus_code(i)]
        for i in plain:
            if self._after_number(i) and self._can_be_street(i):
                return i
        for i in plain:
            if self._right_before_number(i) and not self._is_brand(i):
                return i
        if self._numbered or any(part.kind == "alley" for part in self._parts):
            return -1
        return self._first_that_sounds_like_one(plain)

    def _can_be_street(self, at: int) -> bool:
        """After a number: any name but a building's, and a foreign one only where no comma parts them."""
        if self._is_code(at):
            return not self._before_building(at)
        return not self._has_cue(at) and (self._parts[at].joined or not self._is_brand(at))

    def _right_before_number(self, at: int) -> bool:
        """``Lý Thái Tổ số 12``."""
        after = self._parts[at + 1] if at + 1 < len(self._parts) else None
        return after is not None and after.kind == "house_number" and after.joined

    def _before_building(self, at: int) -> bool:
        """``CT2A KĐT ...``: the code of a block before its estate."""
        return at + 1 < len(self._parts) and self._parts[at + 1].kind == "building"

    def _first_that_sounds_like_one(self, plain: list[int]) -> int:
        """No brand, no unit, before any hamlet; and not all that a rural address has, for that is a hamlet."""
        hamlet = next((i for i, part in enumerate(self._parts) if part.kind == "hamlet"), len(self._parts))
        fits = (i for i in plain if i < hamlet and not self._is_brand(i) and not self._is_unit(i))
        fits = (i for i in fits if not (self._is_code(i) and self._before_building(i)))
        first = next(fits, -1)
        if self._around.rural and first == len(self._parts) - 1 and not self._is_code(first):
            return -1
        if first >= 0 and self._parts[first].kind == "day" and next(fits, -1) == first + 1:  # 30/4, Nguyễn Trãi
            return first + 1
        return first

    def _name(self, at: int) -> str:
        part = self._parts[at]
        if at == self._street_at:
            return "street"
        if self._after_plus_code(at):
            return "hamlet"
        if self._repeats_street(part):
            return SAME
        if self._in_brackets(at) or self._is_unit(at):
            return REST
        if self._is_building(at):
            return "building"
        if self._is_person(at):
            return REST
        if self._is_brand(at) or self._street_follows(at):
            return "poi"
        return "hamlet"

    def _after_number(self, at: int) -> bool:
        """Right after a number, or after a remark in brackets behind one."""
        before = self._before[at]
        return before >= 0 and self._parts[before].kind in _NUMBERS

    def _after_plus_code(self, at: int) -> bool:
        """A short Plus Code is followed by the place that it is short for."""
        return at > 0 and self._parts[at].joined and self._parts[at - 1].kind == "plus_code"

    def _in_brackets(self, at: int) -> bool:
        return self._words[self._parts[at].first].bracket

    def _is_unit(self, at: int) -> bool:
        """A name that says units again which stand elsewhere: ``Hương Canh - Bình Xuyên``."""
        if not self._around.names:
            return False
        pieces: list[list[str]] = [[]]
        for word in self._words[self._parts[at].body : self._parts[at].last]:
            if word.gap in (Gap.HYPHEN, Gap.WIDE_HYPHEN) and pieces[-1]:
                pieces.append([])
            pieces[-1].append(word.folded)
        return (
            all(" ".join(piece) in self._around.names for piece in pieces)
            or self.folded(self._parts[at]) in self._around.names
        )

    def _is_code(self, at: int) -> bool:
        part = self._parts[at]
        if not any(c.isdigit() for c in self._words[part.last - 1].folded[-2:]):
            return False
        return _STREET_CODE.fullmatch(self.folded(part)) is not None

    def _is_building(self, at: int) -> bool:
        return self._has_cue(at) or self._is_code(at)

    def _has_cue(self, at: int) -> bool:
        part = self._parts[at]
        return not lexicon().building_cues.isdisjoint(
            [word.folded for word in self._words[part.first : part.last]]
        )

    def _is_brand(self, at: int) -> bool:
        """A name with a word that is not Vietnamese, and not the code of a street."""
        part = self._parts[at]
        if self._words[part.last - 1].folded in lexicon().street_cues:
            return False
        for word in self._words[part.first : part.last]:
            if len(word.folded) > 1 and word.folded.isalpha() and not is_syllable(word.folded):
                return not self._is_code(at)
        return False

    def _is_person(self, at: int) -> bool:
        """A name with a telephone number after it, in whatever way they are parted, or right before it."""
        after = self._parts[at + 1] if at + 1 < len(self._parts) else None
        before = self._parts[at - 1] if at and self._parts[at].joined else None
        return any(
            part is not None and part.kind == "note" and self._says_telephone(part) for part in (before, after)
        )

    def _street_follows(self, at: int) -> bool:
        return at < max(self._street_at, self._last_anchor)

    def _repeats_street(self, part: Part) -> bool:
        return self._typed_street and self.folded(part) in self._streets

    @cached_property
    def _streets(self) -> frozenset[str]:
        return frozenset(self.folded(part) for part in self._parts if part.kind == "street")

"""Streets that a registry knows: what is asked of one, and when two written streets are one.

:func:`street_key` is the form in which names of streets are compared. Registries keep it with each record, so it
has a number, :data:`RULE`; a change of it goes with a step that computes the keys anew, as with the rule of
likeness (``docs/decisions/0004-registry-port.md``).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Protocol

from geoaddr.model import Components
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold
from geoaddr.text.tokens import LONGEST_REMEMBERED

RULE = 2
"""Which rule of streets this is. One more for every change of what :func:`on_street` answers."""


class KnownStreets(Protocol):
    """Somebody who knows addresses, and so where streets lie."""

    def communes_of(
        self,
        street: str,
        *,
        communes: Sequence[str] | None = None,
        house_number: str | None = None,
        minimum: int = 1,
    ) -> Mapping[str, int]:
        """How many known addresses each commune has on a street: current codes, none for an unknown street.
        Only verified and live ones count, for anybody may propose one.

        :param street: as written, in any spelling that :func:`street_key` takes for the same street; alleys
            before it (``ngõ 12 phố Huế``) lead to it.
        :param communes: count in these alone.
        :param house_number: as written (``57``, ``12/34/5A``); of an address in an alley the outermost alley,
            ``ngõ 12``. Where addresses with neighbouring numbers on the same side of the street are known, they
            alone are counted.
        :param minimum: leave out communes with fewer, so that nothing is told of single households.
        """


class OnStreet(NamedTuple):
    """The key of a street, and where on it: the number at the street itself, of the alley's mouth for an
    address in an alley, ``None`` where it has none that begins with digits."""

    street: str
    number: int | None


def street_key(written: str) -> str:
    """The form in which streets are compared; empty for what names none.

    Left out: accents, case, the words đường, phố, đại lộ, street and their short forms, ``số`` before a number,
    alleys with numbers that lead to the street, what is in brackets or after a comma, zeros before a number, the
    difference of i and y. Numbered roads of one class and days meet in all their forms.

    >>> street_key("P. Quán Thánh"), street_key("ngách 12/34 ngõ 12 phố Quan Thanh")
    ('quan thanh', 'quan thanh')
    >>> street_key("Quốc lộ 9"), street_key("QL.9"), street_key("đường số 02"), street_key("Đ. D 5")
    ('ql9', 'ql9', '2', 'd5')
    >>> street_key("3/2"), street_key("Đường Ba Tháng Hai"), street_key("CMT8")
    ('3/2', '3/2', 'cach mang thang8')
    """
    return read_street(written).street


def is_day_or_road(key: str) -> bool:
    """Whether the key of a street is a day, or a numbered national or provincial road: names of their own, though
    they hold no word.

    >>> [is_day_or_road(street_key(name)) for name in ("Đường 3/2", "QL1A", "ĐT 741", "đường số 3", "D5", "ĐH 7")]
    [True, True, True, False, False, False]
    """
    return _DAY_OR_ROAD.fullmatch(key) is not None


def read_street(written: str) -> OnStreet:
    """The key of a street as written, and the number of the outermost alley that was written before it."""
    return _read_common(written) if len(written) <= LONGEST_REMEMBERED else _read_whole(written)


def _read_whole(written: str) -> OnStreet:
    text = unicodedata.normalize("NFKC", written).casefold()
    pieces = text.partition("(")[0].split(",", 4)[:4]
    mouth = None
    for piece in pieces:
        name, number = _without_alleys(piece)
        mouth = mouth if number is None else number
        if key := _key(name):
            return OnStreet(key, mouth)
    return OnStreet(_key(pieces[0]), None)


_read_common = lru_cache(maxsize=16_384)(_read_whole)
"""Streets come again and again."""


def number_on_street(house_number: str | None, alley: tuple[str, ...] = ()) -> int | None:
    """The number at the street itself: of the outermost alley where there is one, else what the house number
    begins with.

    >>> number_on_street("12/34/5A"), number_on_street("5", ("ngõ 12", "ngách 12/34")), number_on_street("K12/5")
    (12, 12, 12)
    >>> number_on_street("Số 184"), number_on_street("B2"), number_on_street("5", ("ngõ Thông Phong",))
    (184, None, None)
    """
    if house_number and not alley:
        first = house_number.partition("/")[0]
        if first.isascii() and first.isdigit():  # most of them
            return int(first) if len(first) <= _LONGEST_NUMBER else None
    written = alley[0] if alley else house_number or ""
    return _number_common(written) if len(written) <= LONGEST_REMEMBERED else _number_in(written)


def _number_in(written: str) -> int | None:
    """The number that what is written begins with, but for a word for a house or an alley."""
    found = _HOUSE_NUMBER.match(unicodedata.normalize("NFKC", written).casefold())
    return int(found[1]) if found else None


_number_common = lru_cache(maxsize=16_384)(_number_in)
"""Alleys of few numbers come again and again."""


def on_street(components: Components) -> OnStreet | None:
    """Where the address with these components stands; ``None`` where they name no street.

    A line that nobody took apart is read as far as its beginning tells: a house number and a name, or a word
    that says street.
    """
    if components.street:
        street, mouth = read_street(components.street)
        number = mouth if mouth is not None else number_on_street(components.house_number, components.alley)
        return OnStreet(street, number) if street else None
    stated = (components.house_number, components.alley, components.hamlet, components.building, components.poi)
    return _of_line(components.text) if components.text and not any(stated) else None


def division_of(day: dt.date) -> int:
    """Of which division of the country the commune codes of a day are, counted from 0: those of two divisions
    are two lists, in which one code may stand for two communes."""
    return bisect_right(DIVISIONS, day)


_LONGEST_NUMBER = 5
"""Digits; what has more is no number of a house."""

DIVISIONS = (REFORM,)
"""The days on which commune codes began anew."""


def _of_line(line: str) -> OnStreet | None:
    text = unicodedata.normalize("NFKC", line).casefold()
    number: int | None = None  # that the part before says, where it says no more
    alley: OnStreet | None = None  # an alley in place of a street, where no street follows
    for piece in islice(text.split(",", 4), 4):
        numbered = _NUMBER_THEN_NAME.match(piece)
        if _STREET.match(piece):
            street, mouth = read_street(piece)
        elif numbered and not _is_unit(numbered[2], plain=text.isascii()):
            street, mouth = read_street(numbered[2])
            number = number_on_street(numbered[1])
            name, within = _without_alleys(numbered[2])
            if within is not None and not name:
                alley = alley or OnStreet(street, number)
                street, mouth = "", within
        else:
            name, mouth = _without_alleys(piece)
            street = "" if mouth is None else _key(name)
            alone = len(piece) <= _LONGEST_ALONE and _NUMBER_ALONE.fullmatch(piece)
            number = number_on_street(piece) if alone else None
        number = number if mouth is None else mouth
        if street:
            return OnStreet(street, number)
    return alley


def _is_unit(name: str, *, plain: bool) -> bool:
    """Whether what a number stands before is a unit, a hamlet or a part of a building, and not a street.

    :param plain: whether the line is written without accents.
    """
    words = " ".join(_WORDS.findall(name))
    if _UNIT.match(words):
        return True
    found = _PLAIN_UNIT.match(words)
    return found is not None and (plain or found.lastindex is not None)


def _without_alleys(text: str) -> tuple[str, int | None]:
    """What follows the numbered alleys at the beginning, and the number of the last of them: they are written
    from the house outwards."""
    number = None
    while found := _ALLEY.match(text):
        number, text = int(found[1]), text[found.end() :]
    return text, number


def _key(text: str) -> str:
    """The key of one lower-case piece of text."""
    name = _SHORT_WORD.sub("", text, count=1)
    name = fold(name)
    for pattern, road in _ROADS:
        if found := pattern.match(name):
            return road + _joined(name[found.end() :])
    name = _STREET_WORDS.sub("", name, count=1)
    name = _ENGLISH.sub("", name)
    if day := _DAY.fullmatch(name) or _SPELLED_DAY.fullmatch(name):
        date, month = _count(day[1]), _count(day[2])
        if date and month and date <= 31 and month <= 12:
            return f"{date}/{month}"
    return _joined(_REVOLUTION.sub("cach mang thang 8", name))


def _joined(name: str) -> str:
    """Without blanks between digits and letters and zeros before numbers; y as i where both are written."""
    return _Y.sub("i", _GAP.sub("", _ZEROS.sub("", name)))


def _count(words: str) -> int | None:
    """A number up to 99 in digits or in words."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = f" {words} ".partition(" muoi ")
    values = [_DIGITS.get(part.strip()) if part.strip() else 0 for part in (tens, ones)]
    if not ten:
        return _DIGITS.get(words)
    if values[0] is None or values[1] is None:
        return None
    return (values[0] or 1) * 10 + values[1]


_DIGITS = {
    word: number
    for number, words in enumerate(("mot", "hai", "ba", "bon tu", "nam lam", "sau", "bay", "tam", "chin"), 1)
    for word in words.split()
}

_ALLEY_WORDS = r"(?:ng(?:õ|o|ách|ach|hách|hach|óc|oc|h)?|h(?:ẻm|ẽm|em)?|k(?:iệt|iet)?|alley|lane)"
_ALLEY = re.compile(rf"\s*{_ALLEY_WORDS}\s*\.?\s*(?:s[oố]\s*)?(\d{{1,5}})(?!\d)[\w/\-]*(?:[\s.]+(?=\w)|\s*$)")
_HOUSE_NUMBER = re.compile(
    rf"\W*(?:(?:s[oố]\s*nh[aà]|nh[aà]\s*s[oố]|s[oố]|sn|no|{_ALLEY_WORDS}\s*(?:s[oố])?)\W*)?(\d{{1,5}})(?!\d)"
)

_SHORT_WORD = re.compile(r"^\s*(?:(?:đl|dl|đg|dg|đ|d|p)\s*\.\s*(?=\w)|đg?\s+(?=[^\W\d_]))")
"""Đ., P., ĐL. at the beginning. Without the point D and P are names of streets: D5."""

_STREET_WORDS = re.compile(r"^(?:(?:duong|pho|dai lo) )+(?=\S)(?:so (?=\d))?|^so (?=\d)")
_ENGLISH = re.compile(r"(?<=\S) (?:street|str|st|road|rd|avenue|ave|boulevard|blvd)$")
_ROADS = tuple(
    (re.compile(rf"(?:duong )?(?:{words}) ?(?:so )?(?=\d)"), short)
    for words, short in (
        ("quoc lo|ql|(?:national )?highway", "ql"),
        ("tinh lo|tinh|tl|dt", "dt"),
        ("huong lo|hl", "hl"),
        ("huyen lo|huyen|dh", "dh"),
        ("lien tinh lo|ltl", "ltl"),
    )
)
"""Classes of numbered roads, each with the letters that stand before its numbers."""

_DAY_OR_ROAD = re.compile(r"\d{1,2}/\d{1,2}|(?:ql|dt)\d+[a-z]?")
"""Roads of districts and communes are numbered anew in each."""

_DAY = re.compile(r"(\d{1,2}) (?:thang )?(\d{1,2})")
_SPELLED_DAY = re.compile(r"(\d{1,2}|[a-z]+(?: [a-z]+){0,2}) thang (\d{1,2}|[a-z]+(?: [a-z]+)?)")
_REVOLUTION = re.compile(r"^(?:cach mang thang|cm thang|cmt) ?(?:0?8|tam)$")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_GAP = re.compile(r"(?<=\d) (?=[^\W\d_])|(?<=[^\W\d_]) (?=\d)")
_Y = re.compile(r"(?<=[bcdghklmnprstvq])y\b|(?<=qu)y\b")

_STREET = re.compile(r"\s*(?:đường|phố|đại lộ|quốc lộ|tỉnh lộ|hương lộ|đ\.|đl\.|ql[.\s]*\d|tl[.\s]*\d|đt[.\s]*\d)")
_NUMBER = r"\s*((?:s[oố]\s*nh[aà]|nh[aà]\s*s[oố]|s[oố]|sn|no)?[.:\s]*[kh]?\d[\w/]*(?:\s*[-/]\s*\d\w*)*)"
_NUMBER_ALONE = re.compile(rf"{_NUMBER}\s*")
_NUMBER_THEN_NAME = re.compile(rf"{_NUMBER}\s+(?![-–/]\s*\d)(.*\w.*)")
_LONGEST_ALONE = 24
"""Letters of a number by itself, with its words."""

_WORDS = re.compile(r"[^\W_]+")
_UNIT = re.compile(
    r"(?:ấp|thôn|tổ|khu|khóm|xóm|bản|buôn|làng|lô|tầng|căn hộ|chung cư|block|kp|tdp"
    r"|phường|xã(?! đàn\b)|thị trấn|thị xã|quận|huyện)\d*\b|tháng \d"
)
"""Names of streets begin with such words too, with other accents (Tố Hữu, Lò Đúc) or the same (Xã Đàn)."""
_PLAIN_UNIT = re.compile(
    r"(?:ap|thon|to|khu|khom|xom|ban|buon|lang|lo|tang|can ho|chung cu|phuong|xa|thi tran|thi xa|quan|huyen)"
    r"(?: ?(\d)|\b)|thang (\d)"
)
"""The same without accents: where the line has some, a name begins so (Quan Nhân), but before a number."""

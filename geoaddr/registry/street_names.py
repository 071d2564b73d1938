"""Whether what is written is the name of a street, and nothing else.

A street that is given another name has to be called by one: a bare number, a house number before the name or an
alley would be taken for something else by whoever reads the address. A word for a street tells what is meant:
``Đường 12``, ``Phố Ngõ Trạm``.
"""

from __future__ import annotations

import re
import unicodedata

from geoaddr.components import clean_text
from geoaddr.errors import InvalidInput, Said
from geoaddr.known import is_day_or_road, read_street, street_key


def street_name(field: str, written: object) -> str:
    """The name of a street as an address has it, cleaned.

    :raises InvalidInput: for what is empty, names none, or says more than that.
    """
    name = clean_text(field, written)
    if name is None or not read_street(name).street:
        raise InvalidInput(field, written, _NAME_ONE)
    if not is_name_alone(name):
        raise InvalidInput(field, written, _MORE)
    return name


def name_to_give(field: str, written: object) -> str:
    """The same for a name that a street is to have from now on.

    :raises InvalidInput: also for words for a street alone, a bare number that is no day, and an alley.
    """
    name = street_name(field, written)
    plain = _plain(name)
    if _WORDS_ALONE.fullmatch(plain):
        raise InvalidInput(field, written, _NAME_ONE)
    if _NUMBER_ALONE.fullmatch(plain) and not is_day_or_road(street_key(name)):
        raise InvalidInput(field, written, _NUMBER_ONLY)
    if _ALLEY.match(plain):
        raise InvalidInput(field, written, _ALLEY_ONLY)
    return name


def is_name_alone(written: str) -> bool:
    """Whether a street is written without a house number before it, the alley that leads to it, brackets, and what
    follows a comma or semicolon: nothing else is lost with the name.

    >>> [is_name_alone(name) for name in ("Lê Lợi", "12 Lê Lợi", "ngõ 12 phố Huế", "Lê Lợi; Y", "19 tháng 5")]
    [True, False, False, False, True]
    """
    plain = _plain(written)
    return read_street(written).number is None and not set("(,;") & set(plain) and not _HOUSE.match(plain)


def _plain(written: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", written).casefold().split())


_NUMBER = r"(?:(?:s[oố] nh[aà]|nh[aà] s[oố]|s[oố]|sn|no)[.: ]*)?\d[\w/]*(?: ?[-/.] ?\d\w*)*"
_NUMBER_ALONE = re.compile(_NUMBER)
_MONTH = (
    r"th[aá]ng (?:\d|(?:gi[eê]ng|m[oộ]t|hai|ba|t[uư]|n[aă]m|s[aá]u|b[aả]y|t[aá]m|ch[ií]n|m[uư][oờ]i|ch[aạ]p)\b)"
)
_HOUSE = re.compile(rf"{_NUMBER} (?!{_MONTH})(?=\W*[^\W\d_])")
"""A number and words behind it, but for days: 19 tháng 5."""

_WORDS_ALONE = re.compile(
    r"(?:(?:đường|duong|phố|pho|đại lộ|dai lo|quốc lộ|quoc lo|tỉnh lộ|tinh lo|hương lộ|huong lo|huyện lộ|huyen lo"
    r"|liên tỉnh lộ|lien tinh lo|đl|đg|ql|tl|đt|hl|đh|ltl|số|so|street|road|avenue|boulevard|highway)\b\W*"
    r"|[đp]\.\W*)+"
)
_ALLEY = re.compile(
    r"(?:ngõ|ngách|ngóc|hẻm|hẽm|kiệt|alley|lane)\b|(?:ngo|ngach|nghach|ngoc|ng|hem|h|kiet|k)\.? ?(?:s[oố] ?)?\d"
)
"""Without accents a number behind the word tells: Ngo Quyen is a street."""

_NAME_ONE = Said("name a street", "hãy nêu tên đường, phố")
_MORE = Said("not the name of a street alone", "không phải chỉ là tên đường, phố")
_NUMBER_ONLY = Said(
    "a number alone may be a house; write the word for the street before it: Đường 12",
    "chỉ có số, dễ nhầm với số nhà; hãy ghi cả chữ đường, phố: Đường 12",
)
_ALLEY_ONLY = Said(
    "an alley; if a street is called so, write the word for it before: Phố Ngõ Trạm",
    "là ngõ, hẻm; nếu đúng là tên đường, phố thì ghi cả chữ đường, phố: Phố Ngõ Trạm",
)

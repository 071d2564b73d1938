"""The development rows written otherwise: what is right of them tells more than one given spelling."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from geoaddr.text.fold import fold
from tests.benchmarks.understanding.rows import SEED
from tests.benchmarks.writing_styles import SHORT, typo

_SHORTER = {
    "Thành phố Hồ Chí Minh": "TPHCM", "Hồ Chí Minh": "HCM", "Hà Nội": "HN", "Đà Nẵng": "ĐN", "Hải Phòng": "HP",
    "Bà Rịa - Vũng Tàu": "BR-VT", "Đường": "Đ.", "Khu phố": "KP", ", Việt Nam": "",
    **{word: short for word, short in SHORT.items() if word != "Tỉnh"},
}  # fmt: skip
_LONG = re.compile("|".join(re.escape(word) for word in sorted(_SHORTER, key=len, reverse=True)))


def without_accents(text: str) -> str:
    """Vietnamese letters without their marks; case and punctuation stay."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def abbreviated(text: str) -> str:
    """The usual short forms of types, streets and large cities, and no country."""
    return _LONG.sub(lambda match: _SHORTER[match.group()], text).replace(". ", ".")


def without_commas(text: str) -> str:
    """Blanks alone between the parts, in small letters."""
    return " ".join(text.replace(",", " ").lower().split())


def with_a_typo(text: str) -> str:
    """One typo in one of the parts after the first that is a name; the same one in every run."""
    pieces = text.split(",")
    names = [i for i in range(1, len(pieces)) if len(pieces[i].strip()) > 3 and fold(pieces[i]) != "viet nam"]
    names = [i for i in names if re.search(r"[^\W\d_]{2}", pieces[i])]
    if not names:
        return text
    random_ = random.Random(f"{SEED}{text}")
    which = random_.choice(names)
    pieces[which] = typo(pieces[which], random_)
    return ",".join(pieces)


REWRITINGS: dict[str, Callable[[str], str]] = {
    "without accents": without_accents,
    "abbreviated": abbreviated,
    "no commas": without_commas,
    "one typo": with_a_typo,
}

"""Names for streets and hamlets that nobody gave: two words of a short list, as such names are made.

The words are common ones of wishes and landscapes; a real street of the same name is chance.
"""

from __future__ import annotations

import unicodedata
from math import gcd

_FIRST = (
    "An", "Bình", "Cẩm", "Đông", "Gia", "Hòa", "Hưng", "Kim", "Lạc", "Long", "Mai", "Minh",
    "Mỹ", "Ngọc", "Phú", "Quang", "Tân", "Thanh", "Thiên", "Thuận", "Trường", "Vạn", "Vĩnh", "Xuân",
)  # fmt: skip
_SECOND = (
    "An", "Bảo", "Cát", "Châu", "Đức", "Giang", "Hà", "Hải", "Hưng", "Khê", "Lâm", "Lộc",
    "Nguyên", "Phong", "Phúc", "Quý", "Sơn", "Tâm", "Thành", "Thịnh", "Tiến", "Trung", "Vân", "Xương",
)  # fmt: skip

NAMES = tuple(f"{one} {other}" for one in _FIRST for other in _SECOND if one != other)

STRIDES = tuple(step for step in range(1, len(NAMES)) if gcd(step, len(NAMES)) == 1)
"""Steps that pass through every name before the first comes again."""


def name(start: int, stride: int, number: int) -> str:
    """The name of a commune's street or hamlet of this number; no two of a commune share one."""
    again, place = divmod(number, len(NAMES))
    found = NAMES[(start + place * stride) % len(NAMES)]
    return found if not again else f"{found} {again + 1}"


def unaccented(text: str) -> str:
    """``text`` as it is typed without accents, capitals and signs kept."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))

"""Texts for hypothesis: like addresses, made from their words and signs; and hostile ones."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

NAMES = """Tân An|Hà Nội|Hoàn Kiếm|Bến Nghé|Sài Gòn|Huế|Thừa Thiên Huế|Đồng Nai|Bình Thạnh|Thủ Đức|Ba Tơ|Ba Tô|
Buôn Ma Thuột|M'Drắk|Bà Rịa - Vũng Tàu|Hồ Chí Minh|Trảng Dài|Đăk Lăk|Thuỷ Xuân|Hoà Bình|Quảng Ninh|Cần Thơ|
Nguyễn Trãi|Lê Lợi|3 tháng 2|30/4|Laos|Phnom Penh|Vinhomes Ocean Park|Golden Tower|Chợ Lớn""".replace(
    "\n", ""
).split("|")
TYPES = """phường|P.|P|xã|X.|thị trấn|TT|quận|Q.|Q|huyện|H.|thị xã|TX.|thành phố|TP.|TP|tỉnh|T.|Ward|District|City|
đường|Đ.|phố|ngõ|ngách|hẻm|kiệt|số|lô|KP|khu phố|tổ|ấp|thôn|tòa nhà|tầng|căn hộ|KĐT|QL.|TL""".replace(
    "\n", ""
).split("|")
NUMBERS = [
    "1",
    "3",
    "12",
    "12/34/5A",
    "16-18",
    "284D bis",
    "K12/5",
    "11024",
    "7P28QMGC+2V",
    "1102412345",
    "0912345678",
]
SIGNS = [" ", " ", " ", ", ", ", ", ",", ". ", ".", " - ", "-", "/", "\n", "(", ")", "; ", "", "|", "  ", "_"]
LEFTOVERS = [
    "Việt Nam",
    "VN",
    "phuowngf",
    "ddoongs",
    "P1,Q3,TP.HồChíMinh",
    "gần chợ",
    "đối diện",
    "(giao giờ hành chính)",
]


def _typo(word: str, at: int, how: int) -> str:
    at %= max(1, len(word))
    return [
        word[:at] + word[at + 1 :],
        word[:at] + word[at : at + 1] * 2 + word[at + 1 :],
        word.upper(),
        word.lower(),
    ][how]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFD", word).translate(dict.fromkeys(range(768, 880))).replace("đ", "d")


words = st.sampled_from([*NAMES, *TYPES, *NUMBERS, *LEFTOVERS])
pieces = st.one_of(
    words,
    words.map(_plain),
    words.map(lambda word: unicodedata.normalize("NFD", word)),
    words.map(lambda word: word.replace(" ", "")),
    st.builds(_typo, words, st.integers(0, 30), st.integers(0, 3)),
    st.integers(0, 99999).map(str),
)
address_like = st.lists(st.tuples(pieces, st.sampled_from(SIGNS)), max_size=14).map(
    lambda parts: "".join(piece + sign for piece, sign in parts)
)
"""Words of addresses in any order, parted by any sign."""

odd_letters = st.characters(exclude_categories=["Cs"])
hostile = st.one_of(
    st.text(odd_letters, max_size=120),
    st.text(st.sampled_from("()[]{}<>/\\|'\"`;:,.-_+*=&%$#@!?~^ \t\r\n\x00\x1b"), max_size=120),
    st.text(st.sampled_from("aeiouydđ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323 "), max_size=120),
    st.builds(
        lambda piece, times: (piece * times)[:600],
        st.one_of(pieces, st.text(odd_letters, min_size=1, max_size=4)),
        st.integers(1, 200),
    ),
    st.text(st.characters(), max_size=20),
)
"""Anything at all: signs, marks, repeats, other scripts, half characters."""

mixed = st.lists(st.one_of(address_like, hostile), max_size=4).map("".join)

"""When two written streets are one, and which number of an address stands at its street."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.known import OnStreet, number_on_street, on_street, read_street, street_key
from geoaddr.model import Components

SAME = """
Phố Quán Thánh      | Quán Thánh | P. Quán Thánh | QUAN THANH | đường phố Quán Thánh | Quan Thanh Street
Đường 3/2           | 3 tháng 2  | 3-2           | 03/02      | Ba Tháng Hai         | đ. 3/2
30/4                | 30 tháng 4 | Ba mươi tháng tư
22/12               | 22-12      | hai mươi hai tháng mười hai
Cách Mạng Tháng Tám | CMT8       | Đ. Cách Mạng Tháng 8 | CM tháng 8
đường số 2          | Đường 2    | Đ. Số 02      | số 2
Quốc lộ 9           | QL.9       | QL9           | ql 09      | đường Quốc lộ 9
Tỉnh lộ 8           | TL 8       | ĐT8           | ĐT.8       | đường tỉnh 8
Hương lộ 2          | HL2
Đường D5            | D5         | Đ. D 5
TCH 03              | Đường TCH3 | TCH-03
Lý Thường Kiệt      | Lí Thường Kiệt | ĐL. Lý Thường Kiệt
Đội Cấn             | Ng. 100 P. Đội Cấn | ngách 12/34 ngõ 12 phố Đội Cấn | Hẻm 5/3 Đội Cấn | Ngõ 5, phố Đội Cấn
Quốc lộ 1A          | QL1A (đoạn tránh)
"""

DIFFERENT = """
3/2         | 2/3
Phố Huế     | Ngõ Huế
Quốc lộ 9   | Tỉnh lộ 9
Quốc lộ 9   | đường số 9
đường số 1  | đường số 11
đường số 1A | đường số 1
D5          | đường 5
Tân Thái 4  | Tân Thái 14
19/5        | 19/5A
"""


def rows_of(table: str, *, header: bool = True) -> list[list[str]]:
    lines = table.strip().splitlines()[header:]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def spellings(text: str) -> list[str]:
    return [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]


@pytest.mark.parametrize("names", rows_of(SAME, header=False), ids=lambda names: names[0])
def test_one_street_has_one_key(names: list[str]) -> None:
    assert len({street_key(form) for name in names for form in spellings(name)}) == 1


@pytest.mark.parametrize(("one", "other"), rows_of(DIFFERENT, header=False))
def test_other_streets_have_other_keys(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


NUMBERS = """
house number | alleys              | at the street
184          |                     | 184
184B         |                     | 184
Số nhà: 018  |                     | 18
12/34/5A     |                     | 12
16-18        |                     | 16
K12/5        |                     | 12
ngõ 12       |                     | 12
Hẻm số 7/3   |                     | 7
284D bis     |                     | 284
5            | ngõ 12; ngách 12/34 | 12
5            | Ng. 100             | 100
5            | hẻm 7               | 7
5            | ngõ Thông Phong     |
B2           |                     |
lô 5         |                     |
             |                     |
"""


@pytest.mark.parametrize(("number", "alleys", "expected"), rows_of(NUMBERS))
def test_the_number_at_the_street(number: str, alleys: str, expected: str) -> None:
    chain = tuple(alley for alley in alleys.split("; ") if alley)
    assert number_on_street(number or None, chain) == (int(expected) if expected else None)


LINES = """
line                                      | street      | number
112 P. Quán Thánh, Quán Thánh, Ba Đình    | Quán Thánh  | 112
17 Ng. 190 P. Đội Cấn, Đội Cấn, Ba Đình   | Đội Cấn     | 190
Số 5 ngách 12/34 ngõ 12 phố Huế, Hà Nội   | Huế         | 12
Tầng 5, 12/3A Lê Lợi, Bến Nghé, Quận 1    | Lê Lợi      | 12
16 - 18 Nguyễn Huệ, Bến Nghé              | Nguyễn Huệ  | 16
5 đường 3/2, Phường 11, Quận 10           | 3/2         | 5
Đường số 2, Phường An Phú                 | số 2        |
34 Tố Hữu, Hòa Cường Nam, Hải Châu        | Tố Hữu      | 34
184 Quán Thánh, Ba Đình, Hà Nội           | Quán Thánh  | 184
184 quan thanh, ba dinh, ha noi           |             |
7 Quan Nhân, Thanh Xuân                   | Quan Nhân   | 7
12 Lò Đúc, Hai Bà Trưng                   | Lò Đúc      | 12
7 Láng Hạ, Đống Đa                        | Láng Hạ     | 7
9 Tăng Bạt Hổ, Quy Nhơn                   | Tăng Bạt Hổ | 9
3 Bàn Cờ, Quận 3                          | Bàn Cờ      | 3
5 Phương Mai, Đống Đa                     | Phương Mai  | 5
66 Xã Đàn, Đống Đa                        | Xã Đàn      | 66
Số 17, Phố Tôn Thất Tùng, Võ Cường        | Tôn Thất Tùng | 17
257, Đường Quốc Lộ 9, Phường 2            | Quốc lộ 9   | 257
K12/5, Đường Lê Lợi, Hải Châu             | Lê Lợi      | 12
17 - 19, Đường Láng                       | Láng        | 17
59 Hẻm 535, Đường Thống Nhất              | Thống Nhất  | 535
29 Ngõ 79, Phường Từ Liêm                 | Ngõ 79      | 29
402, Chung cư A1, Đường Lê Lợi            | Lê Lợi      |
12 Ấp 3, xã Tân Nhựt                      |             |
12 ap 3, xa Tan Nhut                      |             |
12 Tổ dân phố 5, Phường Ngọc Hà           |             |
12 to dan pho 5, phuong Ngoc Ha           |             |
12 Xã Tân Nhựt, Bình Chánh                |             |
12 - Tổ 5, Phường Hải Châu                |             |
12 – Ấp 3, xã Tân Nhựt                    |             |
12 "Khu phố 3", Quận 5                    |             |
12 thị  trấn Nhà Bè                       |             |
12 phuong Ben Nghe, quan 1                |             |
12 xa Tan Nhut, huyen Binh Chanh          |             |
12 ap Binh Hoa                            |             |
12 to so 5, phuong Ngoc Ha                |             |
12 to 5, Phường Ngọc Hà                   |             |
12 KP3, Phường Tân Thới An                |             |
12 lo B, chung cu Hoa Sen                 |             |
184, Phường Ba Đình                       |             |
5 tháng 4, Hà Nội                         |             |
P. Bến Nghé, Quận 1                       |             |
Chung cư Hồng Hà, Quận 5                  |             |
"""


@pytest.mark.parametrize(("line", "street", "number"), rows_of(LINES))
def test_a_line_that_nobody_took_apart(line: str, street: str, number: str) -> None:
    expected = OnStreet(street_key(street), int(number) if number else None) if street else None
    for form in spellings(line):
        assert on_street(Components(text=form)) == expected


def test_stated_parts_go_before_the_line() -> None:
    stated = Components(house_number="5", alley=("ngõ 12",), street="Phố Huế", text="9 Lê Lợi, Hà Nội")
    assert on_street(stated) == OnStreet("hue", 12)
    assert on_street(Components(house_number="5", text="9 Lê Lợi")) is None
    assert on_street(Components(house_number="5", street="Ngõ 12 Phố Huế")) == OnStreet("hue", 12)


@given(st.text(max_size=200))
def test_any_text_has_a_key(text: str) -> None:
    key = street_key(text)
    assert key == key.strip()
    assert read_street(text).street == key
    on_street(Components(text=text, house_number=None))
    number_on_street(text, (text,))


@given(st.from_regex(r"[0-9²٣]{0,7}(/?[0-9]{1,3}[A-C]?){0,2}", fullmatch=True))
def test_a_number_is_that_of_the_same_after_a_blank(house_number: str) -> None:
    """The most usual ones, told at a glance, and all others."""
    number = number_on_street(house_number)
    assert number == number_on_street(f" {house_number}")
    assert number == number_on_street(None, (house_number,))


@pytest.mark.parametrize("piece", ["1/2", "12 -", "(", "ngõ 12 ", "1/", "đường ", "số ", "tháng ", "a-", "0", ","])
def test_repeats_take_no_time(piece: str) -> None:
    on_street(Components(text=(piece * 500)[:500]))
    street_key((piece * 200)[:200])
    number_on_street((piece * 200)[:200])


def test_no_long_street_is_kept_in_memory() -> None:
    written = "phố " + "Huế " * 200
    held = sys.getrefcount(written)
    assert read_street(written).street == " ".join(["hue"] * 200)
    assert sys.getrefcount(written) == held

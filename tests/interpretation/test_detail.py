"""What the small parts of an address are, in the words of the north, the centre and the south.

Each row: a text without its units, then the fields that must come out; a field that is not named must be
empty. The texts are written for these tests, in the manner of the signs and letters of each region.
"""

from __future__ import annotations

import unicodedata

import pytest

from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.text.fold import fold

SHORT = {"n": "house_number", "a": "alley", "s": "street", "h": "hamlet", "b": "building", "f": "floor"}
SHORT |= {"u": "unit", "p": "poi", "+": "plus_code", "z": "postcode", "r": "rest"}

ROWS = """
the north
số 5 ngách 12/34 ngõ 12 phố Hàng Bột          | n=5 | a=ngõ 12; ngách 12/34 | s=phố Hàng Bột
Số nhà 9, ngõ 102, đường Trường Chinh         | n=9 | a=ngõ 102 | s=đường Trường Chinh
SN 06 ngõ 38 Khương Hạ                        | n=06 | a=ngõ 38 | s=Khương Hạ
Sn12, ngách 4, ngõ 5 Xã Đàn                   | n=12 | a=ngõ 5; ngách 4 | s=Xã Đàn
24 hẻm 12/34/2 ngách 12/34 ngõ 12 Đội Cấn     | n=24 | a=ngõ 12; ngách 12/34; hẻm 12/34/2 | s=Đội Cấn
15 Ng. 151 Đ. Hồng Hà                         | n=15 | a=Ng. 151 | s=Đ. Hồng Hà
3 Ngh. 89/29 Đ. Lạc Long Quân                 | n=3 | a=Ngh. 89/29 | s=Đ. Lạc Long Quân
64 P. Nguyễn Thiếp                            | n=64 | s=P. Nguyễn Thiếp
phố Huế                                       | s=phố Huế
12 Chùa Bộc                                   | n=12 | s=Chùa Bộc
Số 8 xóm 3 thôn Đoài                          | n=8 | h=xóm 3, thôn Đoài
Đội 2 thôn Phú Mỹ                             | h=Đội 2, thôn Phú Mỹ
TDP số 4                                      | h=TDP số 4
Tổ dân phố Đông Sơn                           | h=Tổ dân phố Đông Sơn
số 3 đường Giải Phóng                         | n=3 | s=đường Giải Phóng
P. 502 tầng 5 tòa A2 chung cư Hòa Bình        | u=P. 502 | f=tầng 5 | b=tòa A2, chung cư Hòa Bình
Căn hộ 12.05, tầng 12, toà nhà Sông Đà        | u=Căn hộ 12.05 | f=tầng 12 | b=toà nhà Sông Đà
the south
12/34/5A Nguyễn Đình Chiểu                    | n=12/34/5A | s=Nguyễn Đình Chiểu
1806/127/2/6/15/27/3 Huỳnh Tấn Phát           | n=1806/127/2/6/15/27/3 | s=Huỳnh Tấn Phát
284D bis Cách Mạng Tháng 8                    | n=284D bis | s=Cách Mạng Tháng 8
36 bis/7 Lê Lợi                               | n=36 bis/7 | s=Lê Lợi
tầng hầm B1, tầng trệt, 9 Lê Lợi              | f=tầng hầm B1, tầng trệt | n=9 | s=Lê Lợi
16-18 Lê Lợi                                  | n=16-18 | s=Lê Lợi
16 - 18 Lê Lợi                                | n=16 - 18 | s=Lê Lợi
2055, 2009/42 Phạm Thế Hiển                   | n=2055, 2009/42 | s=Phạm Thế Hiển
số 47, Nguyễn Huệ                             | n=47 | s=Nguyễn Huệ
12 B Lê Lai                                   | n=12 B | s=Lê Lai
12Nguyễn Trãi                                 | n=12 | s=Nguyễn Trãi
Hẻm 56 Võ Văn Kiệt                            | a=Hẻm 56 | s=Võ Văn Kiệt
12/3 hẻm 12 đường Âu Cơ                       | n=12/3 | a=hẻm 12 | s=đường Âu Cơ
75 tổ 4 ấp 3                                  | n=75 | h=tổ 4, ấp 3
Số 20 KP5                                     | n=20 | h=KP5
70 Hoàng Diệu, khu phố 3B                     | n=70 | s=Hoàng Diệu | h=khu phố 3B
Khóm 2                                        | h=Khóm 2
KV 3, Nguyễn Văn Cừ                           | h=KV 3, Nguyễn Văn Cừ
Lô 5 đường số 3, KDC Trung Sơn                | n=Lô 5 | s=đường số 3 | b=KDC Trung Sơn
Block B, CC Nguyễn Kim, 12 Lý Nam Đế          | b=Block B, CC Nguyễn Kim | n=12 | s=Lý Nam Đế
Lầu 3, 45 Pasteur                             | f=Lầu 3 | n=45 | s=Pasteur
KĐT Phú Mỹ Hưng                               | b=KĐT Phú Mỹ Hưng
Chung cư Hoa Mai 346 Bến Nghé Cũ              | b=Chung cư Hoa Mai | n=346 | s=Bến Nghé Cũ
CT2A KĐT Văn Quán                             | b=CT2A, KĐT Văn Quán
Căn 1208 tòa S1.02 Sunrise City               | u=Căn 1208 | b=tòa S1.02, Sunrise City
Thửa đất số 12, tờ bản đồ số 5, ấp Tân Lập    | n=Thửa đất số 12, tờ bản đồ số 5 | h=ấp Tân Lập
Km 12 quốc lộ 1A                              | p=Km 12 | s=quốc lộ 1A
không số, đường Láng                          | s=đường Láng | r=không số
Sunrise Tower, 25 Nguyễn Hữu Thọ              | b=Sunrise Tower | n=25 | s=Nguyễn Hữu Thọ
the centre and the highlands
K12/5 Điện Biên Phủ                           | n=K12/5 | s=Điện Biên Phủ
5 kiệt 12 Phan Châu Trinh                     | n=5 | a=kiệt 12 | s=Phan Châu Trinh
12 Lý Thường Kiệt                             | n=12 | s=Lý Thường Kiệt
Buôn Cuôr Đăng                                | h=Buôn Cuôr Đăng
thôn Ngõ Sen                                  | h=thôn Ngõ Sen
streets that have numbers
123 đường 3/2                                 | n=123 | s=đường 3/2
123 3/2                                       | n=123 | s=3/2
45/2, 30/4                                    | n=45/2 | s=30/4
3 tháng 2                                     | s=3 tháng 2
12 3 tháng 2                                  | n=12 | s=3 tháng 2
đường 30 tháng 4                              | s=đường 30 tháng 4
30/4, Nguyễn Trãi                             | n=30/4 | s=Nguyễn Trãi
30/4 Nguyễn Trãi                              | n=30/4 | s=Nguyễn Trãi
30/4, đường Nguyễn Trãi                       | n=30/4 | s=đường Nguyễn Trãi
đường số 2                                    | s=đường số 2
31 đường 14 khu phố 6                         | n=31 | s=đường 14 | h=khu phố 6
12 TCH 03                                     | n=12 | s=TCH 03
TCH 03                                        | s=TCH 03
82 đường TL31                                 | n=82 | s=đường TL31
15 D2                                         | n=15 | s=D2
QL.9                                          | s=QL.9
85 Quốc lộ 1B                                 | n=85 | s=Quốc lộ 1B
ĐT743                                         | s=ĐT743
76 Hương lộ 4                                 | n=76 | s=Hương lộ 4
58/21, đường Tỉnh lộ 14                       | n=58/21 | s=đường Tỉnh lộ 14
45 Liên khu 5-6                               | n=45 | s=Liên khu 5-6
12 đường liên ấp 1-2                          | n=12 | s=đường liên ấp 1-2
9 CMT8                                        | n=9 | s=CMT8
1 Đại lộ Bình Dương                           | n=1 | s=Đại lộ Bình Dương
places and the rest
Trường tiểu học Kim Đồng, thôn 3              | p=Trường tiểu học Kim Đồng | h=thôn 3
Nhà văn hoá đội 7, thôn Đông                  | p=Nhà văn hoá đội 7 | h=thôn Đông
Công ty TNHH Hoa Sen, Lô A1, KCN Sóng Thần    | p=Công ty TNHH Hoa Sen, KCN Sóng Thần | n=Lô A1
Lô C8 KCN Suối Mây                            | n=Lô C8 | p=KCN Suối Mây
Số 3 KCN Suối Mây 2                           | n=3 | p=KCN Suối Mây 2
Lô 7 CCN Gò Dầu, đường số 4                   | n=Lô 7 | p=CCN Gò Dầu | s=đường số 4
Lô 12 khu công nghiệp Suối Mây                | n=Lô 12 | p=khu công nghiệp Suối Mây
7 KCX Suối Mây                                | n=7 | p=KCX Suối Mây
7 Chợ Gạo                                     | n=7 | s=Chợ Gạo
đảo                                           | p=đảo
Km 9+500 QL5                                  | p=Km 9+500 | s=QL5
19 Bờ Sông (quán cơm Bà Sáu)                  | n=19 | s=Bờ Sông | p=quán cơm Bà Sáu
12 Hai Bà Trưng (cổng màu xanh)               | n=12 | s=Hai Bà Trưng | p=cổng màu xanh
7 hẻm 20 (số cũ 42) Âu Cơ                     | n=7 | a=hẻm 20 | s=Âu Cơ | r=số cũ 42
7/36, phố Cô Giang, 7/36, phố Cô Giang        | n=7/36 | s=phố Cô Giang
đối diện chợ Bến Thành                        | p=đối diện chợ Bến Thành
7P28QMMW+VJ                                   | +=7P28QMMW+VJ
QMMW+vj Nhà Bè, Lê Văn Lương                  | +=QMMW+VJ | h=Nhà Bè | s=Lê Văn Lương
12 Lê Lợi, 70000                              | n=12 | s=Lê Lợi | z=70000
Lý Thái Tổ                                    | s=Lý Thái Tổ
Lý Thái Tổ số 12                              | n=12 | s=Lý Thái Tổ
gọi 0900000000, số 4 Hàm Nghi                 | n=4 | s=Hàm Nghi | r=gọi 0900000000
12 Lê Lợi, P. Bến Nghé, Q1, TPHCM             | n=12 | s=Lê Lợi | r=P. Bến Nghé, Q1, TPHCM
12 Lê Lợi, Việt Nam                           | n=12 | s=Lê Lợi | r=Việt Nam
people and their telephones
Chị Hoa 0900000000, 12 Lê Lợi                 | n=12 | s=Lê Lợi | r=Chị Hoa 0900000000
Chị Lan 0900 000 000, 12 Lê Lợi               | n=12 | s=Lê Lợi | r=Chị Lan 0900 000 000
Anh Minh - 0900.000.000, 12 Lê Lợi            | n=12 | s=Lê Lợi | r=Anh Minh - 0900.000.000
Anh Minh, 0900-000-000, 12 Lê Lợi             | n=12 | s=Lê Lợi | r=Anh Minh, 0900-000-000
Anh Minh (0900000000), 12 Lê Lợi              | n=12 | s=Lê Lợi | r=Anh Minh, 0900000000
0900000000 anh Minh, 12 Lê Lợi                | n=12 | s=Lê Lợi | r=0900000000, anh Minh
+84 900 000 000, 12 Lê Lợi                    | n=12 | s=Lê Lợi | r=84 900 000 000
024 3000 0000, 12 Lê Lợi                      | n=12 | s=Lê Lợi | r=024 3000 0000
12 Lê Lợi 0900000000                          | n=12 | s=Lê Lợi | r=0900000000
12 Lê Lợi sđt 0900000000                      | n=12 | s=Lê Lợi | r=sđt 0900000000
12 Lê Lợi ĐT 0900 000 000                     | n=12 | s=Lê Lợi | r=ĐT 0900 000 000
0900 000 000 12 Lê Lợi                        | n=12 | s=Lê Lợi | r=0900 000 000
Cửa hàng Sao 0900000000, 12 Lê Lợi            | n=12 | s=Lê Lợi | p=Cửa hàng Sao | r=0900000000
Cửa hàng 123 456 789, 12 Lê Lợi               | n=12 | s=Lê Lợi | r=Cửa hàng 123 456 789
in English
No. 5, Lane 12, Hang Bong Street              | n=5 | a=Lane 12 | s=Hang Bong Street
floor 5, 12 Nguyen Hue                        | f=floor 5 | n=12 | s=Nguyen Hue
without accents
so 5 ngach 12/34 ngo 12 pho Hang Bot          | n=5 | a=ngo 12; ngach 12/34 | s=pho Hang Bot
so 10 Ngo Quyen                               | n=10 | s=Ngo Quyen
12 To Hien Thanh                              | n=12 | s=To Hien Thanh
45 duong so 7 khu pho 3                       | n=45 | s=duong so 7 | h=khu pho 3
75 to 4 ap 3                                  | n=75 | h=to 4, ap 3
"""


def table() -> list[tuple[str, dict[str, str]]]:
    """The rows above: the text and the fields by name."""
    rows = []
    for line in ROWS.strip().splitlines():
        text, *cells = (cell.strip() for cell in line.split(" | "))
        if cells:
            rows.append((text, {SHORT[c[0]]: c[2:] for c in cells}))
    return rows


def fields(detail: Detail) -> dict[str, str]:
    """The fields that are not empty, the alley as the table writes it."""
    values = {name: detail[name] for name in SHORT.values()} | {"alley": "; ".join(detail.alley)}
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize(("text", "wanted"), table(), ids=[row[0] for row in table()])
def test_a_text_is_read(text: str, wanted: dict[str, str]) -> None:
    assert fields(read_detail(text)) == wanted


@pytest.mark.parametrize(("text", "wanted"), table(), ids=[row[0] for row in table()])
def test_decomposed_accents_make_no_difference(text: str, wanted: dict[str, str]) -> None:
    assert fields(read_detail(unicodedata.normalize("NFD", text))) == wanted


@pytest.mark.parametrize("number", ["0900000000", "0900 000 000", "0900.000.000", "024 3000 0000", "+84900000000"])
@pytest.mark.parametrize("before", ["", "Chị Lan", "Lê Lợi", "chợ", "12 Lê Lợi,", "tổ", "lô", "số", "shop"])
def test_a_telephone_number_is_no_component(before: str, number: str) -> None:
    detail = read_detail(f"{before} {number}")
    assert number.lstrip("+") in detail.rest
    assert not any("000" in value for name, value in fields(detail).items() if name != "rest")


def test_only_the_spans_that_no_unit_took_are_read() -> None:
    text = "12 Lê Lợi, Phường Bến Nghé, Quận 1, đối diện chợ"
    detail = read_detail(text, [(0, 11), (35, len(text))])
    assert fields(detail) == {"house_number": "12", "street": "Lê Lợi", "poi": "đối diện chợ"}


def test_a_part_never_reaches_across_a_unit_that_was_taken_out() -> None:
    text = "ngõ Phường Bến Nghé 12"
    assert read_detail(text, [(0, 4), (20, 22)]).alley == ()


@pytest.mark.parametrize(
    ("text", "hamlet", "street"),
    [
        ("Tân Lập, Xã Yên Mỹ", "Tân Lập", None),
        ("Tân Lập, Phường Yên Mỹ", None, "Tân Lập"),
        ("Tân Lập, Thị trấn Yên Mỹ", None, "Tân Lập"),
        ("ĐX 202, Xã Yên Mỹ", None, "ĐX 202"),
    ],
)
def test_a_lone_name_is_a_hamlet_in_the_country_and_a_street_in_town(
    text: str, hamlet: str | None, street: str | None
) -> None:
    detail = read_detail(text, [(0, text.index(","))])
    assert (detail.hamlet, detail.street) == (hamlet, street)


def test_a_unit_that_is_said_twice_is_neither_street_nor_hamlet() -> None:
    text = "12 Lê Lợi, Bến Nghé, Phường Bến Nghé"
    assert fields(read_detail(text, [(0, 20)])) == {"house_number": "12", "street": "Lê Lợi", "rest": "Bến Nghé"}


@pytest.mark.parametrize(
    ("written", "street"),
    [("12 Suối Chồn - Bàu Cối", "Suối Chồn - Bàu Cối"), ("12 Lê Lợi - Bến Nghé", "Lê Lợi")],
)
def test_a_hyphen_belongs_to_a_street_unless_a_unit_follows(written: str, street: str) -> None:
    text = f"{written}, Phường Bến Nghé"
    assert read_detail(text, [(0, len(written))]).street == street


def test_parts_say_where_they_stand() -> None:
    text = "số 5  ngõ 12, phố Huế"
    places = {name: text[start:end] for name, start, end in read_detail(text).parts}
    assert places == {"house_number": "số 5", "alley": "ngõ 12", "street": "phố Huế"}


@pytest.mark.parametrize("text", ["", "   ", ",,, .. ()", "\n\t"])
def test_nothing_gives_nothing(text: str) -> None:
    assert read_detail(text) == Detail()


def test_a_text_of_which_units_and_codes_took_all_has_no_detail() -> None:
    assert read_detail("5020600000", []) == Detail()


def test_other_scripts_and_signs_are_kept() -> None:
    detail = read_detail("12 Lê Lợi 🏠, ວຽງຈັນ")
    kept = " ".join(str(value) for value in fields(detail).values())
    assert "🏠" in kept
    assert "ວຽງຈັນ" in kept
    assert fold(detail.house_number or "") == "12"

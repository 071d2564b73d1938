"""Names with a letter wrong, and names that several communes bear: the one that was meant, or none for certain."""

from __future__ import annotations

import datetime as dt

import pytest

import geoaddr
from geoaddr.interpretation import Interpreter
from geoaddr.platform import Geoaddr

MISSPELT = """
Xã Hậu Mỹ Pú, Huyện Cái Bè, Tỉnh Tiền Giang                           | 28375 | a longer name than the one it holds
Xã Mỹ Hạnh vắc, Huyện Đức Hòa, Tỉnh Long An                           | 27964 |
Phường Thanh Khê oông, Quận Thanh Khê, Thành phố Đà Nẵng              | 20207 |
Phường Hòa Hiệp Bắắc, Thị xã Đông Hòa, Tỉnh Phú Yên                   | 22246 |
Xã Vĩxh Hòa Phú, Huyện Châu Thành, Tỉnh Kiên Giang                    | 30893 |
Xã Hội Hoan, Huyện Vn Lãng, Tỉnh Lạng Sơn                             | 06151 | no country
Xã Nậm Xé, Huyện Vn Bàn, Tỉnh Lào Cai                                 | 03085 |
Xã Tả Van, Thị xã Sa PPa, Tỉnh Lào Cai                                | 03040 | a district: of before the reform
Xã Minh Châu, Huyện ra Vì, Thành phố Hà Nội                           | 09661 |
"""


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.mark.parametrize("line", MISSPELT.strip().splitlines(), ids=lambda line: line.split(",")[0])
def test_a_misspelt_name_is_the_one_that_was_meant(ga: Geoaddr, line: str) -> None:
    text, code, _ = (part.strip() for part in line.split("|"))
    parsed = ga.parse(text)
    assert parsed.commune is not None
    assert (parsed.commune.code, parsed.era) == (code, "old")


NOBODYS = """
text                                 | province
10 Nguyễn Du, Phường Xyz             |
10 Quán Thánh, Phường Nhảm Nhí       |
5 Tràng Thi, phuong abc              |
5 Tràng Thi, Phường Times City, Hà Nội | 01
5 Tràng Thi, Phường Qwerty, Hà Nội   | 01
7 Tràng Thi, Xã Abcd, Đà Nẵng        | 48
"""


@pytest.mark.parametrize("line", NOBODYS.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_a_name_that_no_unit_has_is_none_with_a_typo(interpreter: Interpreter, line: str) -> None:
    """Nor is the type word before it a misspelt name."""
    text, province = (part.strip() for part in line.split("|"))
    readings = interpreter.interpret(text)
    assert [r.commune for r in readings if r.commune] == []
    assert [r.province.code for r in readings[:1] if r.province] == ([province] if province else [])


OTHER_ACCENTS = """
text                          | the slip alone               | name
Phường Linh Đàm, Hà Nội       | Phường Lĩnh Đam, Hà Nội      | Lĩnh Nam
Phường Hộ Độ, Hà Nội          | Phường Hổ Đô, Hà Nội         | Cổ Đô
Xã Thổ Quan, Ninh Bình        | Xã Tho Quan, Ninh Bình       | Nho Quan
Phường Linh Đàm, Hà Nội       | phuong linh dam, ha noi      | Lĩnh Nam
"""


@pytest.mark.parametrize(
    "line", OTHER_ACCENTS.strip().splitlines()[1:], ids=lambda line: line.split("|")[1].strip()
)
def test_a_slip_among_other_accents_is_likelier_another_name(interpreter: Interpreter, line: str) -> None:
    """A letter wrong is a slip; a letter wrong and other accents than the name's beside it are a doubt. Where no
    accents are written they say nothing."""
    both, slip, name = (part.strip() for part in line.split("|"))

    def share_of(text: str) -> float:
        readings = interpreter.interpret(text, limit=64)
        return sum(reading.weight for reading in readings if reading.commune and reading.commune.name == name)

    assert 0.0 < share_of(both) < share_of(slip)


@pytest.mark.parametrize("province", ["TPHCM", "TP.HCM", "Hồ Chí Minh"])
def test_a_province_stays_where_the_day_has_no_such_ward(interpreter: Interpreter, province: str) -> None:
    """Phường Sài Gòn is of July 2025."""
    best = interpreter.interpret(f"10 Lê Lợi, Phường Sài Gòn, {province}", as_of=dt.date(2025, 6, 30))[0]
    assert (best.commune, best.district) == (None, None)
    assert best.province is not None
    assert best.province.code == "79"


SEVERAL = """
phuong sa pa thi xa sa pa tinh lao cai                | 03001 03002 | Sa Pa and Sa Pả, in one district
xa hoa loc huyen hau loc tinh thanh hoa               | 16063 16075 | Hoa Lộc and Hòa Lộc
Nam Can Commune, Ky Son District, Nghe An Province    | 16837 16873 | Nậm Cắn and Nậm Càn
Hung Dao Commune, Cao Bang City, Cao Bang Province    | 01351 01705 | today's was made of others than the city's
"""


@pytest.mark.parametrize("line", SEVERAL.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_a_name_of_two_communes_is_stood_behind_for_neither(ga: Geoaddr, line: str) -> None:
    text, codes, _ = (part.strip() for part in line.split("|"))
    parsed = ga.parse(text)
    read = {reading.commune.code for reading in parsed.interpretations if reading.commune}
    assert set(codes.split()) <= read
    assert parsed.status == "ambiguous"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phường Láng, Thành phố Hà Nội", "00199"),
        ("Xã Tả Van, Thị xã Sa Pa, Tỉnh Lào Cai", "03040"),
        ("Phường Tân Định, Thành phố Hồ Chí Minh", "26737"),
    ],
)
def test_one_that_kept_its_name_and_ground_is_one_place(ga: Geoaddr, text: str, code: str) -> None:
    parsed = ga.parse(text)
    assert parsed.commune is not None
    assert (parsed.commune.code, parsed.status) == (code, "ok")

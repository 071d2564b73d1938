"""Which lines are taken apart, and into what: only what their readings agree on."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.finding.labels import label
from geoaddr.lines import PARTS
from geoaddr.model import Components

APART = """
line                                                                  | parts
184 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội, Việt Nam              | house_number=184; street=P. Quán Thánh
19 Ng. 100 P. Đội Cấn, Đội Cấn, Ba Đình, Hà Nội                       | house_number=19; alley=Ng. 100; street=P. Đội Cấn
Số 5 ngách 12/34 ngõ 12 phố Huế, Phường Hai Bà Trưng, Hà Nội          | house_number=5; alley=ngõ 12/ngách 12/34; street=phố Huế
12, Tổ dân phố 5, Phường Ngọc Hà, Hà Nội                              | house_number=12; hamlet=Tổ dân phố 5
căn hộ 1204 tòa S2, 12/34/5A đường 3/2, P10, Q10, TPHCM               | house_number=12/34/5A; street=đường 3/2; building=tòa S2; unit=căn hộ 1204
12 Lò Sũ                                                              | house_number=12; street=Lò Sũ
93/20 Vạn Kiếp, Phường Phường 3, Quận Bình Thạnh, Thành phố Hồ Chí Minh | house_number=93/20; street=Vạn Kiếp
5 Ng. 113 P. Đào Tấn, Ngọc Hồ, Ba Đình, Hà Nội                        | house_number=5; alley=Ng. 113; street=P. Đào Tấn
""".strip().splitlines()[1:]  # noqa: E501
"""In the last one a misspelt ward may be a hamlet: it is left to the line, the house is the same either way."""

WHOLE = """
184, Phường Ba Đình, Hà Nội                                      a number without a name
Quán Thánh, Phường Ba Đình, Hà Nội                               a name without a number
43A, Đường P. Ngô Quyền, Phường Cửa Nam, Hà Nội                  words that nothing explains
2020, 61 Hẻm 2020 (số cũ 420) Huỳnh Tấn Phát, Nhà Bè, TPHCM      the same
112 Trần Phú, Hà Tĩnh                                            Trần Phú may be the ward
10 Lê Lợi Hà Nội                                                 a street may be called so
432 P. Đội Cấn, Cống Vị, Hoàn Kiếm, Hà Nội                       Cống Vị may be the street
nhà sau chợ                                                      no address
""".strip().splitlines()


@pytest.fixture(scope="module")
def ga() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


def told(components: Components) -> str:
    values = {name: getattr(components, name) for name in PARTS}
    stated = {name: "/".join(value) if name == "alley" else value for name, value in values.items() if value}
    return "; ".join(f"{name}={value}" for name, value in stated.items())


@pytest.mark.parametrize("row", APART)
def test_a_line_that_is_understood_is_taken_apart(ga: geoaddr.Geoaddr, row: str) -> None:
    line, parts = (cell.strip() for cell in row.rsplit("|", 1))
    found = ga.lines.apart(Components(text=line, commune="00004"))
    assert told(found) == parts
    assert (found.text, found.commune) == (line, "00004")


@pytest.mark.parametrize("row", WHOLE)
def test_a_line_that_may_be_something_else_stays_a_line(ga: geoaddr.Geoaddr, row: str) -> None:
    line = Components(text=row.split("   ")[0])
    assert ga.lines.apart(line) == line


def test_what_was_stated_in_parts_is_left_alone(ga: geoaddr.Geoaddr) -> None:
    stated = Components(house_number="1", text="184 Quán Thánh, Phường Ba Đình, Hà Nội")
    assert ga.lines.apart(stated) is stated
    assert ga.lines.apart(Components()) == Components()


def test_a_line_whose_name_may_be_a_ward_is_shown_with_it(ga: geoaddr.Geoaddr) -> None:
    """Of ``184 Quán Thánh, Ba Đình`` the number alone is sure: Quán Thánh was a ward, too."""
    line = Components(text="184 Quán Thánh, Ba Đình, Hà Nội")
    assert ga.lines.shown(line) == line
    assert ga.lines.shown(Components(text=f"{line.text}, Việt Nam")) == line
    assert label(line, (ga.unit("00004"), ga.unit("01"))) == "184 Quán Thánh, Phường Ba Đình, Thành phố Hà Nội"


def test_a_line_is_shown_without_its_units(ga: geoaddr.Geoaddr) -> None:
    shown = ga.lines.shown(Components(text="Nhà sau chợ, Quán Thánh, Ba Đình, Hà Nội, Việt Nam"))
    assert not {"Hà Nội", "Việt Nam", "Quán Thánh"} & set(str(shown.to_dict().values()).split(", "))

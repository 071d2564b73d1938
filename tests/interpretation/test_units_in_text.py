"""What stands in a text: the table reads text | commune | district | province, as the best reading has them."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.model import Unit

LEGACY = dt.date(2024, 6, 30)

TEXTS = """
Phường Phúc Tân, Quận Hoàn Kiếm, Thành phố Hà Nội                | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
PHƯỜNG PHÚC TÂN, QUẬN HOÀN KIẾM, THÀNH PHỐ HÀ NỘI                | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
phuong phuc tan quan hoan kiem thanh pho ha noi                  | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
phuongphuctan,quanhoankiem,hanoi                                 | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
Ｐ． Phúc Tân － Ｑ． Hoàn Kiếm － ＨＮ                           | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
phuowngf phucs taan, quaanj hoafn kieesm, haf nooij              | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
Thành phố Hà Nội, Quận Hoàn Kiếm, Phường Phúc Tân                | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
Phúc Tan Ward, Hoan Kiem District, Hanoi                         | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
Phường Phúc ân, Quận Hàon Kiếm                                   | Phúc Tân 00037     | Hoàn Kiếm | Hà Nội
P1,Q3,TP.HồChíMinh                                               | 1 27160            | 3         | Hồ Chí Minh
12/3 Lý Thái Tổ, p01, q03, tphcm                                 | 1 27160            | 3         | Hồ Chí Minh
F10, Quận Gò Vấp, Sài Gòn                                        | 10 26884           | Gò Vấp    | Hồ Chí Minh
72/4 Hoa Phượng, Phường Phường 10, Quận Gò Vấp, HCM              | 10 26884           | Gò Vấp    | Hồ Chí Minh
Ward 10, Go Vap District, Ho Chi Minh City, Vietnam              | 10 26884           | Gò Vấp    | Hồ Chí Minh
112 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội, Việt Nam         | Quán Thánh 00013   | Ba Đình   | Hà Nội
14A Đ. Hoa Mai, Bình Hưng Bình Chánh, Thành phố Hồ Chí Minh      | Bình Hưng 27619    | Bình Chánh | Hồ Chí Minh
Xã Dương Tơ, TP. Phú Quốc, T. Kiên Giang 92000, Việt Nam         | Dương Tơ 31096     | Phú Quốc  | Kiên Giang
Phường 3, Vị Thanh, Hậu Giang                                    | III 31321          | Vị Thanh  | Hậu Giang
Phường Ba Đình, Thành phố Hà Nội                                 | Ba Đình 00004      | -         | Hà Nội
Xã Ba Tơ, Quảng Ngãi                                             | Ba Tơ 21484        | -         | Quảng Ngãi
Xã Ba Tô, Quảng Ngãi                                             | Ba Tô 21523        | -         | Quảng Ngãi
Đặc khu Hoàng Sa, Đà Nẵng                                        | Hoàng Sa 20333     | -         | Đà Nẵng
Phường Hòa Thuận Tây, Hải Châu                                   | Hòa Thuận Tây 20245 | Hải Châu | Đà Nẵng
Quận 7, TPHCM                                                    | -                  | 7         | Hồ Chí Minh
Mỹ Tho, T.Giang                                                  | -                  | Mỹ Tho    | Tiền Giang
Hồ Chí Minh                                                      | -                  | -         | Hồ Chí Minh
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in TEXTS.strip().splitlines()]


def read(reading: Interpretation) -> tuple[str, str, str]:
    def name(unit: Unit | None) -> str:
        return unit.name if unit else "-"

    commune = f"{reading.commune.name} {reading.commune.code}" if reading.commune else "-"
    return commune, name(reading.district), name(reading.province)


@pytest.mark.parametrize(("text", "commune", "district", "province"), CASES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_units_of_a_text(
    interpreter: Interpreter, form: str, text: str, commune: str, district: str, province: str
) -> None:
    best = interpreter.interpret(unicodedata.normalize(form, text))[0]  # type: ignore[arg-type]
    assert read(best) == (commune, district, province)


STREETS = """
5 phố Huế, Phường Bạch Mai, Quận Hai Bà Trưng, Hà Nội       | Bạch Mai
12 đường Hà Nội, Phường Phú Nhuận, Thành phố Huế            | Phú Nhuận
9 Biên Hòa Street, Minh Khai Ward, Phu Ly City, Ha Nam      | Minh Khai
"""


@pytest.mark.parametrize("line", STREETS.strip().splitlines())
def test_a_street_with_the_name_of_a_unit_is_no_unit(interpreter: Interpreter, line: str) -> None:
    text, commune = (part.strip() for part in line.split("|"))
    named = interpreter.interpret(text)[0].matches[0]
    assert (named.unit.level, named.name) == ("commune", commune)


def test_without_a_date_old_and_new_units_compete(interpreter: Interpreter) -> None:
    readings = interpreter.interpret("Phường Tân An, Đắk Lắk")
    assert {r.era for r in readings if r.commune} == {"old", "new"}
    assert abs(sum(r.weight for r in readings) - 1) < 1e-9
    assert [r.score for r in readings] == sorted((r.score for r in readings), reverse=True)


def test_the_date_chooses_the_era(interpreter: Interpreter) -> None:
    text = "Phường An Lạc, Thành phố Hồ Chí Minh"
    old = interpreter.interpret(text, as_of=LEGACY)[0]
    new = interpreter.interpret(text, as_of=dt.date(2026, 1, 1))[0]
    assert (old.era, old.district and old.district.name) == ("old", "Bình Tân")
    assert (new.era, new.district) == ("new", None)


def test_a_unit_gone_before_the_date_is_understood_and_one_of_later_is_not(interpreter: Interpreter) -> None:
    gone = interpreter.interpret("Phường Phúc Xá, Ba Đình, Hà Nội", as_of=dt.date(2026, 1, 1))[0]
    assert (gone.era, gone.commune and gone.commune.name) == ("old", "Phúc Xá")
    readings = interpreter.interpret("Phường Xuân Hương - Đà Lạt, Lâm Đồng", as_of=LEGACY)
    assert all(r.commune is None or r.commune.name != "Xuân Hương - Đà Lạt" for r in readings)


def test_a_province_is_named_as_it_was_on_the_date(interpreter: Interpreter) -> None:
    text = "Xã Phong Sơn, Huyện Phong Điền, Thừa Thiên Huế"
    province = interpreter.interpret(text, as_of=LEGACY)[0].province
    assert province is not None
    assert province.full_name == "Tỉnh Thừa Thiên Huế"


def test_a_former_name_is_read_as_the_unit_that_took_it_over(interpreter: Interpreter) -> None:
    best = interpreter.interpret("Phường Nguyễn Trung Trực, Ba Đình, Hà Nội")[0]
    commune = best.matches[0]
    assert (commune.unit.name, commune.name, commune.how) == ("Trúc Bạch", "Nguyễn Trung Trực", "alias")


def test_an_old_district_beside_a_new_commune_is_mixed(interpreter: Interpreter) -> None:
    best = interpreter.interpret("Phường Hạnh Thông, Quận Gò Vấp, Thành phố Hồ Chí Minh")[0]
    assert (best.era, best.commune and best.commune.code) == ("mixed", "26890")
    assert best.district is not None
    assert best.district.name == "Gò Vấp"


def test_missing_levels_are_filled_in_and_listed(interpreter: Interpreter) -> None:
    best = interpreter.interpret("Phường Bến Nghé, Quận 1")[0]
    assert best.province is not None
    assert best.province.name == "Hồ Chí Minh"
    assert best.inferred == ("province",)
    alone = interpreter.interpret("Xã Mường Nhé")[0]
    assert alone.province is not None
    assert (alone.province.name, alone.inferred[-1]) == ("Điện Biên", "province")


def test_a_name_that_many_units_have_keeps_several_readings(interpreter: Interpreter) -> None:
    readings = interpreter.interpret("Phường 1", limit=40)
    assert len(readings) > 20
    assert max(r.weight for r in readings) < 0.2


def test_spans_and_rest_cover_the_text(interpreter: Interpreter) -> None:
    text = "Số 5 ngõ 3 phố Huế, P. Phúc Tân, Q. Hoàn Kiếm, Hà Nội (gọi trước)"
    best = interpreter.interpret(text)[0]
    spans = sorted([m.span for m in best.matches if m.span] + list(best.rest))
    assert "".join(text[a:b] for a, b in spans) == text
    assert [text[slice(*m.span)] for m in best.matches if m.span] == ["P. Phúc Tân", "Q. Hoàn Kiếm", "Hà Nội"]


def test_the_score_is_the_product_of_its_parts(interpreter: Interpreter) -> None:
    import math

    for reading in interpreter.interpret("12 Nguyen Trai, p ben thanh quan 1"):
        assert all(part <= 0 for part in reading.score_parts.values())
        assert math.isclose(reading.score, math.exp(sum(reading.score_parts.values())), rel_tol=1e-3)

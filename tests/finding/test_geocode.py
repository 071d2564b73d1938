"""Texts to places among made-up households that are easily taken for one another."""

from __future__ import annotations

from pathlib import Path

import pytest

import geoaddr
from geoaddr.distance import haversine_m
from geoaddr.errors import InvalidInput, InvalidQuery
from geoaddr.platform import Geoaddr
from geoaddr.registry import Draft
from tests.finding.households import COMMUNES, STREET_STEP

FOUND = """
text                                                       | commune | level        | house
7 Quán Thánh, Phường Ba Đình, Hà Nội                       | 00004   | house        | 7 Quán Thánh
7 quan thanh, ba dinh, ha noi                              | 00004   | house        | 7 Quán Thánh
số 7 phố Quán Thánh, phường Quán Thánh, quận Ba Đình, HN   | 00004   | house        | 7 Quán Thánh
7 P. Quán Thán, P. Ba Đình, Hà Nội                         | 00004   | house        | 7 Quán Thánh
7 P. Quán Thánh, Ba Đình, Hà Nội                           | 00004   | house        | 7 Quán Thánh
7 Phường Quán Thánh, Ba Đình, Hà Nội                       | 00004   | commune      |
7, P. Quán Thánh, Ba Đình, Hà Nội                          | 00004   | commune      |
7 - P. Quán Thánh, Ba Đình, Hà Nội                         | 00004   | commune      |
7 (P. Quán Thánh), Ba Đình, Hà Nội                         | 00004   | commune      |
7 P Quán Thánh, Ba Đình, Hà Nội                            | 00004   | house        | 7 Quán Thánh
7 P.Quan Thanh, Ba Dinh, Ha Noi                            | 00004   | house        | 7 Quán Thánh
7 P. Quan Thamh, Ba Đình, Hà Nội                           | 00004   | house        | 7 Quán Thánh
11 P. Quán Thánh, Q. Ba Đình, Hà Nội                       | 00004   | interpolated |
7 Quán Thánh, gần cây xăng, Phường Ba Đình, Hà Nội         | 00004   | house        | 7 Quán Thánh
5 ngách 12/34 ngõ 12 Đội Cấn, Phường Ngọc Hà, Hà Nội       | 00008   | house        | 5 Đội Cấn
12/34/5 Đội Cấn, Phường Ngọc Hà, Hà Nội                    | 00008   | house        | 5 Đội Cấn
12/5 Lê Lợi, Phường Sài Gòn, TP HCM                        | 26740   | house        | 12/5 Lê Lợi
hẻm 12/5 Lê Lợi, Phường Sài Gòn, TP HCM                    | 26740   | house        | 12/5 Lê Lợi
hẻm 12 Lê Lợi, Phường Sài Gòn, TP HCM                      | 26740   | interpolated |
Ngõ 7 Quán Thánh, Phường Ba Đình, Hà Nội                   | 00004   | interpolated |
12 Lê Lai, Phường Sài Gòn, TP HCM                          | 26740   | commune      |
12 Lê Lợi, Phường Bến Nghé, Quận 1, TPHCM                  | 26740   | house        | 12 Lê Lợi
12 Lê Lợi, Phường Hải Châu, Đà Nẵng                        | 20242   | house        | 12 Lê Lợi
12 Lê Lợi, Đà Nẵng                                         | 20242   | house        | 12 Lê Lợi
12 Tổ dân phố số 5, Phường Ngọc Hà, Hà Nội                 | 00008   | house        | 12 Tổ dân phố 5
12 TDP 5, P. Ngọc Hà, Hà Nội                               | 00008   | house        | 12 Tổ dân phố 5
11 Quán Thánh, Phường Ba Đình, Hà Nội                      | 00004   | interpolated |
99 Lê Lợi, Phường Sài Gòn, TP HCM                          | 26740   | street       |
Quán Thánh, Phường Ba Đình, Hà Nội                         | 00004   | street       |
Tổ dân phố 5, Phường Ba Đình, Hà Nội                       | 00004   | hamlet       |
Bảo tàng Đồng Dương, Đà Nẵng                               | 20242   | poi          |
7 Trần Hưng Đạo, Phường Ba Đình, Hà Nội                    | 00004   | commune      |
Phường Ba Đình, Hà Nội                                     | 00004   | commune      |
3 Bạch Đằng, Đà Nẵng                                       | 20242   | house        | 3 Bạch Đằng
10 le loi ben nghe                                         | 26740   | house        | 10 Lê Lợi
10 le loi ben nghe ho chi minh                             | 26740   | house        | 10 Lê Lợi
10 lê lợi bến nghé                                         | 26740   | house        | 10 Lê Lợi
99 le loi ben nghe                                         | 26740   | street       |
12 le loi hai chau da nang                                 | 20242   | house        | 12 Lê Lợi
7A Quán Thánh, Ba Đình                                     | 00004   | interpolated |
37 Đường 3/2, Phường Sài Gòn, TP HCM                       | 26740   | house        | 37 Đường 3/2
37 Đường 3/2, Hồ Chí Minh                                  | 26740   | house        | 37 Đường 3/2
37 đường ba tháng hai, TP HCM                              | 26740   | house        | 37 Đường 3/2
38 đường 3 tháng 2, TP HCM                                 | 26740   | street       |
61 Quốc lộ 14B, Đà Nẵng                                    | 20242   | house        | 61 QL14B
9 Đường số 3, Phường Hải Châu, Đà Nẵng                     | 20242   | house        | 9 Đường số 3
"""


@pytest.mark.parametrize("row", FOUND.strip().splitlines()[1:])
def test_the_first_match(filled: Geoaddr, known: dict[str, Draft], row: str) -> None:
    text, commune, level, house = (cell.strip() for cell in row.split("|"))
    best = filled.geocode(text)[0]
    assert best.commune is not None
    assert (best.commune.code, best.match_level) == (commune, level)
    if house:
        assert best.ndas is not None
        parts = known[best.ndas].components
        assert f"{parts.house_number} {parts.street or parts.hamlet}" == house
        assert best.point == known[best.ndas].point
    else:
        assert best.ndas is None


def test_a_ward_that_may_be_a_street_stays_a_candidate(filled: Geoaddr) -> None:
    """Either is as likely, and a ward has a house that nobody knows in one of five cases: 0.5 to 0.5 / 5. Who
    writes out which of both is meant is answered with more certainty."""
    written_out = filled.geocode("7 phố Quán Thánh, Phường Ba Đình, Hà Nội")[0]
    either = filled.geocode("7 P. Quán Thánh, Q. Ba Đình, Hà Nội")
    assert [(match.match_level, match.weight) for match in either] == [("house", 0.8333), ("commune", 0.1667)]
    assert either[0].score < written_out.score
    unknown = filled.geocode("99 P. Quán Thánh, Q. Ba Đình, Hà Nội")
    assert {match.match_level for match in unknown} == {"street", "commune"}


@pytest.mark.parametrize("parted", ["\n", " \n", "\r\n", " \r\n ", ", ", " - ", "; "])
def test_what_parts_a_number_from_a_ward_leaves_it_a_ward(filled: Geoaddr, parted: str) -> None:
    found = filled.geocode(f"7{parted}P. Quán Thánh{parted}Q. Ba Đình, Hà Nội")
    assert {match.match_level for match in found} == {"commune"}


def test_a_ward_that_is_spelt_right_is_no_slip_of_a_street(tmp_path: Path) -> None:
    with geoaddr.open(None, f"sqlite:///{tmp_path}/registry.db") as ga:
        parts = {"house_number": "7", "street": "Trúc Bạc", "commune": "Phường Ba Đình", "province": "Hà Nội"}
        ga.assign(parts, lat=21.0427, lon=105.8418)
        assert ga.geocode("7 Trúc Bạch, Phường Ba Đình, Hà Nội")[0].match_level == "house"
        assert ga.geocode("7 P. Trúc Bạch, Ba Đình, Hà Nội")[0].match_level == "commune"


def test_a_known_house_outweighs_the_street_in_the_other_parts_of_its_old_ward(tmp_path: Path) -> None:
    """The ward Đội Cấn went to Ba Đình and to Ngọc Hà, and so did the street: only one of them has number 10."""
    with geoaddr.open(None, f"sqlite:///{tmp_path}/registry.db") as ga:
        for number, commune, lat, lon in [("10", "00004", 21.0385, 105.832), ("210", "00008", 21.0372, 105.815)]:
            ga.assign({"house_number": number, "street": "Đội Cấn", "commune": commune}, lat=lat, lon=lon)
        best, *others = ga.geocode("10 Đội Cấn, Phường Đội Cấn, Quận Ba Đình, Hà Nội")
    assert (best.match_level, best.commune and best.commune.code) == ("house", "00004")
    assert {other.commune.code for other in others if other.commune} >= {"00008"}
    assert best.weight > 0.8


def test_a_street_that_is_but_a_number_is_not_looked_for_in_a_province(filled: Geoaddr) -> None:
    """Nearly every ward numbers its new streets from one on."""
    best = filled.geocode("9 Đường số 3, Đà Nẵng")[0]
    assert (best.match_level, best.province and best.province.code) == ("province", "48")


def test_a_missing_number_stays_in_its_city(filled: Geoaddr) -> None:
    """20 and 22 Lê Lợi are known in Đà Nẵng only; who asks for them in Sài Gòn means Sài Gòn."""
    for number in (20, 22, 400):
        best = filled.geocode(f"{number} Lê Lợi, Phường Sài Gòn, TP Hồ Chí Minh")[0]
        assert best.commune is not None
        assert best.commune.code == "26740"
        assert best.components.street == "Lê Lợi"


def test_a_street_without_units_is_all_that_bear_it(filled: Geoaddr) -> None:
    found = [m for m in filled.geocode("14 Lê Lợi", limit=10) if m.match_level != "commune"]
    assert {m.commune.code for m in found if m.commune} == {"26740", "20242"}
    assert found[0].match_level == "house"
    assert all(m.score < 0.9 for m in found)


def test_ambiguity_gives_all_with_weights(filled: Geoaddr) -> None:
    found = filled.geocode("50 Điện Biên Phủ")
    houses = [m for m in found if m.match_level == "house"]
    assert {m.commune.code for m in houses if m.commune} == {"00004", "26740"}
    assert houses[0].weight == pytest.approx(houses[1].weight)
    assert sum(m.weight for m in found) <= 1.0 + 1e-9
    assert all(m.score <= 0.5 for m in houses)


def test_a_house_of_flats_is_one_place_until_a_flat_is_named(filled: Geoaddr, known: dict[str, Draft]) -> None:
    whole = filled.geocode("77 Bạch Đằng, Phường Hải Châu, Đà Nẵng")[0]
    assert (whole.match_level, whole.coordinate_level, whole.ndas) == ("building", "house", None)
    assert (whole.components.unit, whole.components.house_number) == (None, "77")
    flat = filled.geocode("căn hộ 12A-02, 77 Bạch Đằng, Phường Hải Châu, Đà Nẵng")[0]
    assert flat.match_level == "house"
    assert flat.ndas is not None
    assert known[flat.ndas].components.unit == "12A-02"


def test_between_two_neighbours(filled: Geoaddr, known: dict[str, Draft]) -> None:
    """Numbers stand 22 m apart on a straight street: 11 is a third of the way from 9 to 15."""
    best = filled.geocode("11 Quán Thánh, Phường Ba Đình, Hà Nội")[0]
    assert best.point is not None
    assert best.uncertainty_m is not None
    lat = COMMUNES["00004"].lat + 11 * STREET_STEP
    assert haversine_m(best.point.lat, best.point.lon, lat, COMMUNES["00004"].lon) < 1.0
    assert best.coordinate_level == "interpolated"
    assert best.label.startswith("11 Quán Thánh, Phường Ba Đình")


def test_a_number_beyond_the_last_has_the_point_of_its_neighbour(filled: Geoaddr) -> None:
    best = filled.geocode("21 Quán Thánh, Phường Ba Đình, Hà Nội")[0]
    assert (best.match_level, best.coordinate_level) == ("street", "neighbour")
    assert best.point is not None
    assert best.point.lat == pytest.approx(COMMUNES["00004"].lat + 17 * STREET_STEP)


def test_the_other_side_of_the_street_does_not_count(filled: Geoaddr) -> None:
    """13 lies between 9 and 15, not between 8 and 15."""
    odd = filled.geocode("13 Quán Thánh, Phường Ba Đình, Hà Nội")[0]
    even = filled.geocode("10 Quán Thánh, Phường Ba Đình, Hà Nội")[0]
    assert (odd.match_level, even.match_level) == ("interpolated", "street")
    assert even.coordinate_level == "neighbour"


def test_scores_are_products_of_named_parts(filled: Geoaddr) -> None:
    for text in ("7 Quán Thánh, Phường Ba Đình, Hà Nội", "7 Quán Thán, Ba Đình, HN", "Lê Lợi", "Đà Nẵng"):
        for match in filled.geocode(text, limit=20):
            product = 1.0
            for part in match.score_parts.values():
                assert 0.0 <= part.value <= part.ceiling == 1.0
                product *= part.value
            assert match.score == pytest.approx(product, abs=1e-4)


FOLLOWED = (
    "7 Quán Thánh, Phường Ba Đình, Hà Nội",
    "11 Quán Thánh, Phường Ba Đình, Hà Nội",
    "21 Quán Thánh, Phường Ba Đình, Hà Nội",
    "7 Trần Hưng Đạo, Phường Ba Đình, Hà Nội",
)


def test_what_was_followed_further_scores_higher(filled: Geoaddr) -> None:
    scores = [filled.geocode(text)[0].score for text in FOLLOWED]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_what_is_not_understood_is_an_empty_list(filled: Geoaddr) -> None:
    for text in ("", "   ", "qwxz", "!!!"):
        assert filled.geocode(text) == []


def test_codes_in_a_text_are_places(filled: Geoaddr, known: dict[str, Draft]) -> None:
    ndas, draft = next(iter(known.items()))
    (match,) = filled.geocode(f"mã {ndas[:5]} {ndas[5:]}, Hà Nội")
    assert (match.ndas, match.match_level, match.point) == (ndas, "house", draft.point)
    (cell,) = filled.geocode("7P8C369C+48F Đà Nẵng")
    assert (cell.match_level, cell.coordinate_level, cell.ndas) == ("code", "cell", None)
    assert cell.uncertainty_m is not None
    assert cell.uncertainty_m < 3.0  # an eleven-digit cell is 2.8 m by 3.4 m


@pytest.mark.parametrize("limit", [0, 51, True, "5", 2.0])
def test_a_limit_out_of_range_is_refused(filled: Geoaddr, limit: object) -> None:
    with pytest.raises(InvalidInput, match="limit"):
        filled.geocode("Lê Lợi", limit=limit)  # type: ignore[arg-type]


def test_a_text_that_is_none_is_refused(filled: Geoaddr) -> None:
    with pytest.raises(InvalidQuery):
        filled.geocode("x" * 4097)
    with pytest.raises(InvalidQuery):
        filled.geocode(7)  # type: ignore[arg-type]


AREA = [line.split("|")[0].strip() for line in FOUND.strip().splitlines()[1:]]


@pytest.mark.parametrize("text", [*AREA, "7P8C369C+48F"])
def test_everyone_sees_streets_and_communes_alone(filled: Geoaddr, text: str) -> None:
    for match in filled.geocode(text, limit=20, area_only=True):
        assert match.match_level in ("street", "hamlet", "commune", "province", "poi", "building")
        assert (match.ndas, match.point, match.vpostcode, match.uncertainty_m, match.status) == (None,) * 5
        assert match.components.house_number is None
        assert match.components.alley == ()
        if match.match_level not in ("commune", "province"):
            assert match.components.street == "Quán Thánh", "eleven households share it, and no other name"


def test_everyone_gets_the_same_whatever_the_number(filled: Geoaddr) -> None:
    """No question of a stranger tells whether a house is known."""
    answers = [
        [match.to_dict() for match in filled.geocode(f"{n} Quán Thánh, Phường Ba Đình, Hà Nội", area_only=True)]
        for n in (7, 11, 9999)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0]["match_level"] == "street"

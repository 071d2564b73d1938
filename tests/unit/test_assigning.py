"""Which commune a household is filed in, and what is said when its words and its point disagree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

import geoaddr
from geoaddr.boundaries import build
from geoaddr.errors import AlreadyIssued, InvalidInput, InvalidPoint
from geoaddr.importing.gazetteer_sections import copy_sections
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack
from geoaddr.registry import LoadRow
from geoaddr.wiring import COMMUNES, EMBEDDED_PACK

HOAN_KIEM = "00070"
"""The second square is Tân An in Bắc Ninh, one of ten communes of that name."""

SQUARES = {HOAN_KIEM: (105.8, 21.0, 105.9, 21.1), "07682": (106.2, 21.3, 106.3, 21.4)}
IN_HOAN_KIEM, IN_TAN_AN = {"lat": 21.03, "lon": 105.85}, {"lat": 21.35, "lon": 106.25}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack_of(SQUARES, tmp_path_factory.mktemp("pack") / "squares.gapack")


def pack_of(squares: dict[str, tuple[float, float, float, float]], path: Path) -> Path:
    base = Pack.open(EMBEDDED_PACK)
    index = build(np.array([shapely.box(*square) for square in squares.values()], dtype=object))
    sections = {f"{COMMUNES}.{name}": section for name, section in index.items()}
    named = {COMMUNES + ".codes": list(squares)}
    write_pack(path, PackInfo("squares", "1", base.info.date, "exact"), copy_sections(base) | sections | named)
    return path


@pytest.fixture
def ga(pack: Path) -> geoaddr.Geoaddr:
    return geoaddr.open(pack, "memory:")


def test_a_name_that_many_have_is_settled_by_an_exact_boundary(ga: geoaddr.Geoaddr) -> None:
    assigned = ga.assign({"street": "1", "commune": "Tân An"}, **IN_TAN_AN)
    assert (assigned.commune.code, assigned.status, assigned.warnings) == ("07682", "verified", ())


def test_a_name_that_many_have_elsewhere_is_refused(ga: geoaddr.Geoaddr) -> None:
    with pytest.raises(InvalidInput, match="10 communes have this name"):
        ga.assign({"street": "1", "commune": "Tân An"}, **IN_HOAN_KIEM)


def test_an_approximate_cell_settles_no_name() -> None:
    with geoaddr.open(store="memory:") as ga, pytest.raises(InvalidInput, match="10 communes have this name"):
        ga.assign({"street": "1", "commune": "Tân An"}, **IN_TAN_AN)


def test_a_province_stated_alone_is_compared(ga: geoaddr.Geoaddr) -> None:
    (warning,) = ga.assign({"street": "1", "province": "Cà Mau"}, **IN_HOAN_KIEM).warnings
    assert "stated Tỉnh Cà Mau (96), but the boundary says Phường Hoàn Kiếm (00070)" in warning["en"]
    assert ga.assign({"street": "2", "province": "Hà Nội"}, **IN_HOAN_KIEM).warnings == ()


def test_a_province_that_is_not_known_is_told_and_refused_where_a_commune_is_sought_in_it(
    ga: geoaddr.Geoaddr,
) -> None:
    (warning,) = ga.assign({"street": "1", "province": "Atlantis"}, **IN_HOAN_KIEM).warnings
    assert warning["en"].startswith("province 'Atlantis': no such province")
    with pytest.raises(InvalidInput, match="no such province"):
        ga.assign({"street": "1", "province": "Atlantis", "commune": "Hoàn Kiếm"}, **IN_HOAN_KIEM)


def test_a_commune_stated_in_another_province_is_refused(ga: geoaddr.Geoaddr) -> None:
    with pytest.raises(InvalidInput, match="no such commune"):
        ga.assign({"street": "1", "province": "Cà Mau", "commune": "Hoàn Kiếm"}, **IN_HOAN_KIEM)


@pytest.mark.parametrize(
    ("stated", "status", "words"),
    [
        ({"street": "1", "commune": "Hoàn Kiếm"}, "verified", ""),
        ({"street": "1", "commune": "P. Hoàn Kiếm", "province": "TP Ha Noi"}, "verified", ""),
        ({"street": "1", "commune": "Hoàn Kiếm", "province": "HN"}, "verified", ""),
        ({"street": "1", "province": "TP HCM"}, "proposed", "stated Thành phố Hồ Chí Minh (79), but"),
        ({"street": "1", "province": "tphcm"}, "proposed", "stated Thành phố Hồ Chí Minh (79), but"),
        ({"street": "1", "province": "QN"}, "verified", "province 'QN': 3 provinces have this name"),
        ({"street": "1", "province": "TP XY"}, "verified", "province 'TP XY': no such province"),
        ({"street": "1", "commune": "Tràng Tiền"}, "verified", "Tràng Tiền is a name of before 2025-07-01"),
        ({"street": "1", "province": "Hà Tây"}, "verified", "no such province"),
        ({"street": "1", "commune": "07682"}, "proposed", "the boundary says Phường Hoàn Kiếm"),
        ({"street": "1", "province": "Cà Mau"}, "proposed", "the boundary says Phường Hoàn Kiếm"),
        ({"commune": "Hoàn Kiếm"}, "proposed", "no part of the address was stated"),
    ],
)
def test_a_code_is_verified_where_the_boundary_and_the_statement_agree(
    ga: geoaddr.Geoaddr, stated: dict[str, str], status: str, words: str
) -> None:
    assigned = ga.assign(stated, **IN_HOAN_KIEM)
    assert assigned.status == status
    assert words in " ".join(w["en"] for w in assigned.warnings)
    assert bool(assigned.warnings) == bool(words)


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"commune": "70"}, "codes have 5 digits; 00070 is Phường Hoàn Kiếm"),
        ({"commune": "Hoàn Kiếm", "province": "1"}, "codes have 2 digits; 01 is Thành phố Hà Nội"),
        ({"commune": "Thành Công", "province": "Hà Nội"}, "was split on 2025-07-01, between .*00025.*00190"),
        ({"commune": "Hoàn Kiem Moi"}, "no such commune"),
        ({"commune": "99999"}, "no such commune"),
        ({"commune": "00002"}, "no such commune"),
        ({"commune": "Sài Gòn", "province": "Hà Nội"}, "Hà Nội has no such commune; elsewhere .*Sài Gòn .26740"),
    ],
)
def test_a_statement_that_cannot_be_read_says_what_would_be(stated: dict[str, str], reason: str) -> None:
    with geoaddr.open(store="memory:") as ga, pytest.raises(InvalidInput, match=reason):
        ga.assign({"street": "1", **stated}, **IN_HOAN_KIEM)


def test_a_commune_of_before_the_reform_is_taken_where_all_of_it_went_to_one(ga: geoaddr.Geoaddr) -> None:
    with geoaddr.open(store="memory:") as embedded:
        home = {"house_number": "5", "street": "Hàng Bạc", "commune": "Hàng Bạc", "province": "Hà Nội"}
        assigned = embedded.assign(home, lat=21.0340, lon=105.8525)
    assert assigned.commune.code == HOAN_KIEM
    assert "it is now part of Phường Hoàn Kiếm (00070)" in assigned.warnings[0]["en"]


def test_a_name_with_accents_is_not_anothers_that_folds_alike() -> None:
    """Quán Thánh was a ward of Hà Nội; Quan Thành is a commune of Nghệ An."""
    home = {"house_number": "5", "street": "Hàng Bún"}
    with geoaddr.open(store="memory:") as embedded:
        assigned = embedded.assign({**home, "commune": "Quán Thánh"}, lat=21.042, lon=105.839)
        assert assigned.commune.full_name == "Phường Ba Đình"
        with pytest.raises(InvalidInput, match="Xã Quan Thành is 229 km from the point"):
            embedded.assign({**home, "commune": "Quan Thành"}, lat=21.042, lon=105.839)


def test_a_household_stands_where_it_was_filed_when_borders_move(pack: Path, tmp_path: Path) -> None:
    """Cửa Nam takes the square over: the code, its area and what is answered of them stay."""
    store = f"sqlite:///{tmp_path / 'registry.db'}"
    with geoaddr.open(pack, store) as ga:
        first = ga.assign({"street": "1"}, **IN_HOAN_KIEM)
    redrawn = pack_of({"00082": SQUARES[HOAN_KIEM], "07682": SQUARES["07682"]}, tmp_path / "redrawn.gapack")
    with geoaddr.open(redrawn, store) as ga:
        again = ga.assign({"street": "1"}, **IN_HOAN_KIEM)
        assert ga.assign({"street": "2"}, **IN_HOAN_KIEM).commune.code == "00082"
    assert (again.outcome, again.ndas) == ("existing", first.ndas)
    assert (again.commune, again.province, again.postcode) == (first.commune, first.province, first.postcode)


def test_an_answered_request_is_answered_again_whatever_the_data_say(pack: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'registry.db'}"
    request = {"components": {"street": "1"}, "idempotency_key": "k", **IN_HOAN_KIEM}
    with geoaddr.open(pack, store) as ga:
        first = ga.assign(**request)
        assert ga.assign(**request) == first
    elsewhere = pack_of({"07682": SQUARES["07682"]}, tmp_path / "elsewhere.gapack")
    with geoaddr.open(elsewhere, store) as ga:
        assert ga.assign(**request) == first
        with pytest.raises(AlreadyIssued):
            ga.assign(**request | {"components": {"street": "2"}})
        with pytest.raises(InvalidPoint):
            ga.assign(**request | {"idempotency_key": "another"})


def test_a_household_of_an_unknown_commune_is_answered_by_the_boundary(ga: geoaddr.Geoaddr) -> None:
    row = {"ndas": "1000000001", "commune_code": "99999", "issued_on": "2022-05-26", "street": "1"}
    ga.registry.load([LoadRow(1, row | {name: str(value) for name, value in IN_HOAN_KIEM.items()})])
    assigned = ga.assign({"street": "1"}, **IN_HOAN_KIEM)
    assert (assigned.outcome, assigned.ndas, assigned.commune.code) == ("existing", "1000000001", HOAN_KIEM)

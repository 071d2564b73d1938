"""What codes are read as at the edges of things: a shore, a border of communes, the days before the reform.

The pack is exact and small: two communes of Hà Nội side by side and the island Côn Đảo, each a square whose
sides cut through cells of Vpostcodes, off their middles.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import shapely
from openlocationcode import openlocationcode

import geoaddr
from geoaddr import locating
from geoaddr.boundaries import build
from geoaddr.importing.gazetteer_sections import copy_sections
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack
from geoaddr.registry.loading import LoadRow
from geoaddr.wiring import COMMUNES, EMBEDDED_PACK

HOAN_KIEM, CUA_NAM, CON_DAO = "00070", "00082", "26732"
BORDER, SHORE = 105.8512, 105.8012
SQUARES = {
    HOAN_KIEM: shapely.box(SHORE, 21.0, BORDER, 21.05),
    CUA_NAM: shapely.box(BORDER, 21.0, 105.9, 21.05),
    CON_DAO: shapely.box(106.55, 8.65, 106.65, 8.75),
}
IN_HOAN_KIEM = {"lat": 21.02, "lon": 105.83}
IN_CON_DAO = {"lat": 8.6833, "lon": 106.6069}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "squares.gapack"
    base = Pack.open(EMBEDDED_PACK)
    index = build(np.array(list(SQUARES.values()), dtype=object))
    sections = {f"{COMMUNES}.{name}": section for name, section in index.items()}
    named = {COMMUNES + ".codes": list(SQUARES)}
    write_pack(path, PackInfo("squares", "1", base.info.date, "exact"), copy_sections(base) | sections | named)
    return path


@pytest.fixture
def ga(pack: Path) -> geoaddr.Geoaddr:
    return geoaddr.open(pack, "memory:")


# a house 0.2 m from a line; the middle of its cell of 3 m x 3 m lies beyond the line or not, as it comes
HAIR = 2e-6
LATITUDES = [21.003 + i * 0.0011 for i in range(40)]


@pytest.mark.parametrize("lon", [SHORE + HAIR, BORDER - HAIR, BORDER + HAIR, 105.9 - HAIR])
def test_a_house_beside_a_line_is_found_again_by_its_codes(ga: geoaddr.Geoaddr, lon: float) -> None:
    for lat in LATITUDES:
        located = ga.locate(lat=lat, lon=lon)
        assert located.vpostcode is not None
        (reading,) = ga.resolve(located.vpostcode).readings
        assert reading.commune == located.commune
        assert reading.province == located.province
        assert (reading.postcode, reading.vpostcode) == (located.postcode, located.vpostcode)
        (reading,) = ga.resolve(located.plus_code).readings
        assert reading.province == located.province
        assert reading.plus_code == located.plus_code


@pytest.mark.parametrize(
    ("lon", "digits", "commune"),
    [
        (105.83, 8, HOAN_KIEM),
        (BORDER, 8, None),
        (SHORE, 8, HOAN_KIEM),  # in part, and the rest of it lies in no other
        (105.83, 6, HOAN_KIEM),
        (105.86, 6, None),
        (105.83, 10, HOAN_KIEM),
    ],
)
def test_a_coarse_cell_has_the_units_that_all_of_it_shares(
    ga: geoaddr.Geoaddr, lon: float, digits: int, commune: str | None
) -> None:
    (reading,) = ga.resolve(openlocationcode.encode(21.02, lon, digits)).readings
    assert (reading.commune.code if reading.commune else None) == commune
    assert reading.province is not None
    assert reading.province.code == "01"
    assert (reading.vpostcode is None) == (digits < 10)


@pytest.mark.parametrize("day", ["2025-06-30", "2018-01-01"])
def test_before_the_reform_a_record_keeps_the_province_that_is_certain(ga: geoaddr.Geoaddr, day: str) -> None:
    code = ga.assign({"street": "Lý Thái Tổ", "house_number": "1"}, **IN_HOAN_KIEM).ndas
    (reading,) = ga.resolve(code, as_of=day).readings
    assert reading.commune is None  # Hoàn Kiếm was made of parts of many
    assert reading.province is not None
    assert reading.province.code == "01"


def test_before_the_reform_an_island_district_is_no_commune(ga: geoaddr.Geoaddr) -> None:
    code = ga.assign({"street": "Nguyễn Huệ", "house_number": "1"}, **IN_CON_DAO).ndas
    (reading,) = ga.resolve(code, as_of="2025-06-30").readings
    assert reading.commune is None
    assert reading.province is not None
    assert reading.province.full_name == "Tỉnh Bà Rịa - Vũng Tàu"
    (today,) = ga.resolve(code).readings
    assert today.commune is not None
    assert today.commune.full_name == "Đặc khu Côn Đảo"


def test_candidates_on_a_border_stand_once(ga: geoaddr.Geoaddr) -> None:
    """Both communes were made of parts of the same old ones."""
    located = ga.locate(lat=21.02, lon=BORDER, as_of="2025-06-30")
    codes = [unit.code for unit in located.candidates]
    alone = [
        {unit.code for unit in ga.locate(lat=21.02, lon=lon, as_of="2025-06-30").candidates}
        for lon in (BORDER - 0.01, BORDER + 0.01)
    ]
    assert alone[0] & alone[1]
    assert set(codes) == alone[0] | alone[1]
    assert len(codes) == len(set(codes))


def test_a_known_postcode_without_polygon_is_not_read_elsewhere_in_its_province(ga: geoaddr.Geoaddr) -> None:
    """11120 is Ba Đình's, which this pack has no polygon of; the cell lies in Hoàn Kiếm."""
    vpostcode = ga.locate(**IN_HOAN_KIEM).vpostcode
    assert vpostcode is not None
    assert ga.resolve("11120" + vpostcode[5:]).readings == ()


@pytest.mark.parametrize("commune", ["06978", "99999"], ids=["not yet on the day of issue", "never"])
@pytest.mark.parametrize("day", [None, "2025-06-30"])
def test_a_loaded_record_of_an_unknown_commune_still_answers(commune: str, day: str | None) -> None:
    row = {"ndas": "1112012345", "lat": "21.02", "lon": "105.83", "issued_on": "2022-05-26"}
    with geoaddr.open(store="memory:") as ga:
        assert ga.registry.load([LoadRow(1, {**row, "commune_code": commune})]).loaded == 1
        (reading,) = ga.resolve("1112012345", as_of=day).readings
    assert (reading.status, reading.commune) == ("live", None)


def test_answers_for_many_dates_are_not_all_kept(ga: geoaddr.Geoaddr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "REMEMBERED_VIEWS", 10)
    first = ga.date
    for days in range(50):
        located = ga.locate(**IN_HOAN_KIEM, as_of=first + dt.timedelta(days))
        assert located.commune is not None
        assert located.commune.code == HOAN_KIEM
    assert len(ga.locator._views) <= 10

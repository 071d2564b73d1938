"""Vpostcodes: written from a point, read back to every cell that the postcode's area allows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoaddr.codes import plus_code, vpostcode, vpostcode_correction
from geoaddr.errors import InvalidCode, InvalidFormat, InvalidLength, InvalidPoint


@dataclass(frozen=True)
class Land:
    """The area of a postcode as GEOS sees it."""

    postcode: str
    shape: shapely.Geometry

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        west, south, east, north = self.shape.bounds
        return west, south, east, north

    def holds(self, lat: float, lon: float) -> bool:
        return bool(shapely.intersects_xy(self.shape, lon, lat))


def box(postcode: str, west: float, south: float, east: float, north: float) -> Land:
    return Land(postcode, shapely.box(west, south, east, north))


@cache
def communes(shared: Path) -> dict[str, Land]:
    """The communes, simplified to 50 m, with their postcodes of 2025, by commune code."""
    import geopandas as gpd
    import pandas as pd

    layer = gpd.read_parquet(shared / "data" / "boundaries" / "vn2025_wards_simpl50m.parquet")
    codes = pd.read_csv(shared / "data" / "codes" / "vn_postal_2025_qd2334.csv", dtype=str)
    postcodes = dict(zip(codes["ward_code"], codes["postal_code"], strict=True))
    name = next(c for c in ("ward_code", "code", "commune_code") if c in layer.columns)
    return {code: Land(postcodes[code], shape) for code, shape in zip(layer[name], layer.geometry, strict=True)}


def some_points(land: Land, count: int, seed: int) -> list[tuple[float, float]]:
    """Points of the area, in the middle of it and at its border."""
    chance = np.random.default_rng(seed)
    west, south, east, north = land.bounds
    if land.shape.area < (east - west) * (north - south) / 1e3:  # a few islands in a wide sea
        parts = shapely.get_parts(land.shape)
        picked = [parts[i] for i in chance.integers(0, len(parts), count)]
        points = [shapely.point_on_surface(part) for part in picked]
        return [(p.y, p.x) for p in points]
    lon, lat = chance.uniform(west, east, 60 * count), chance.uniform(south, north, 60 * count)
    inside = shapely.contains_xy(land.shape, lon, lat)
    found = list(zip(lat[inside].tolist(), lon[inside].tolist(), strict=True))[:count]
    border = shapely.get_coordinates(land.shape)
    return found + [(float(y), float(x)) for x, y in border[chance.integers(0, len(border), 3)]]


def test_every_commune_reads_its_own_codes_back(shared: Path) -> None:
    for seed, land in enumerate(communes(shared).values()):
        if seed % 9:
            continue
        for lat, lon in some_points(land, 2, seed):
            code = vpostcode.encode(lat, lon, land.postcode)
            readings = vpostcode.decode(code, [land])
            assert plus_code.encode(lat, lon, 11) in [reading.plus_code for reading in readings], (code, lat, lon)
            assert all(reading.areas == (land.postcode,) for reading in readings)


def test_on_the_mainland_a_code_has_one_reading(shared: Path) -> None:
    wide = 0
    for seed, land in enumerate(communes(shared).values()):
        west, south, east, north = land.bounds
        if seed % 5 or east - west > 0.9 or north - south > 0.9:
            wide += not seed % 5
            continue
        for lat, lon in some_points(land, 1, seed):
            assert len(vpostcode.decode(vpostcode.encode(lat, lon, land.postcode), [land])) == 1
    assert wide < 10


@pytest.mark.parametrize(("name", "code"), [("Trường Sa", "22736"), ("Hoàng Sa", "20333")])
def test_in_the_archipelagos_every_reading_is_given(shared: Path, name: str, code: str) -> None:
    """GEOS judges: a cell and its likes whole degrees away are readings where they meet the land."""
    land = communes(shared)[code]
    shapely.prepare(land.shape)
    for lat, lon in some_points(land, 60, 1):
        readings = vpostcode.decode(vpostcode.encode(lat, lon, land.postcode), [land])
        own = plus_code.decode(plus_code.encode(lat, lon, 11))
        boxes = {
            (north, east): shapely.box(own.west + east, own.south + north, own.east + east, own.north + north)
            for north, east in itertools.product(range(-5, 6), range(-9, 10))
        }
        meeting = {shift for shift, cell in boxes.items() if land.shape.intersects(cell)}
        found = {(round(r.cell.south - own.south), round(r.cell.west - own.west)) for r in readings}
        assert meeting <= found, (name, lat, lon)
        for shift in found - meeting:
            assert land.shape.intersects(boxes[shift].buffer(5e-5)), (name, lat, lon)


def test_a_wide_area_gives_all_its_cells_and_the_nearest_to_its_middle_first() -> None:
    wide = box("57000", 111.2, 7.0, 114.8, 11.0)
    readings = vpostcode.decode(vpostcode.encode(8.645, 111.92, "57000"), [wide])
    corners = [(round(r.cell.south, 3), round(r.cell.west, 3)) for r in readings]
    assert sorted(corners) == [(lat + 0.645, lon + 0.92) for lat in (7, 8, 9, 10) for lon in (111, 112, 113)]
    assert corners[0] in {(8.645, 112.92), (9.645, 112.92)}
    assert all(r.within and r.postcode == "57000" for r in readings)


def test_only_cells_of_the_area_itself_are_readings_not_of_its_box() -> None:
    islands = Land("57000", shapely.union(shapely.box(111.9, 8.6, 112, 8.7), shapely.box(113.9, 10.6, 114, 10.7)))
    codes = [r.plus_code for r in vpostcode.decode(vpostcode.encode(8.645, 111.92, "57000"), [islands])]
    assert sorted(codes) == sorted([plus_code.encode(8.645, 111.92, 11), plus_code.encode(10.645, 113.92, 11)])


def test_a_cell_at_the_border_is_read_where_it_touches_the_area() -> None:
    cell = plus_code.decode("7PH72VH3+CM4")
    beside = box("11024", cell.east, cell.south - 0.1, cell.east + 0.1, cell.north + 0.1)
    (reading,) = vpostcode.decode("110242VH3CM4", [beside])
    assert (reading.plus_code, reading.within) == ("7PH72VH3+CM4", True)
    width = cell.east - cell.west
    one_off = box("11024", cell.east + width / 2, cell.south - 0.1, cell.east + 0.1, cell.north + 0.1)
    (reading,) = vpostcode.decode("110242VH3CM4", [one_off])
    assert (reading.plus_code, reading.within) == ("7PH72VH3+CM4", False)
    far = box("11024", cell.east + 5 * width, cell.south - 0.1, cell.east + 0.1, cell.north + 0.1)
    assert vpostcode.decode("110242VH3CM4", [far]) == []


def test_an_unknown_postcode_is_read_in_every_area_of_its_province() -> None:
    areas = [box("11024", 105.8, 21.0, 105.9, 21.05), box("11025", 105.9, 21.0, 106.0, 21.05),
             box("11099", 106.7, 22.0, 106.9, 22.1)]  # fmt: skip
    readings = vpostcode.decode("119992VH3CM4", areas)
    assert [(r.postcode, r.plus_code, r.areas) for r in readings] == [
        ("11999", "7PH72VH3+CM4", ("11024",)),
        ("11999", "7PJ82VH3+CM4", ("11099",)),
    ]
    assert vpostcode.decode("119992VH3CM4", []) == []


@pytest.mark.parametrize(
    ("typed", "error", "says"),
    [
        ("110242VH3CM", InvalidLength, "has 12 characters, not 11"),
        ("110242VH3CM44", InvalidLength, "has 12 characters, not 13"),
        ("11O242VH3CM4", InvalidFormat, "the postcode cannot have 'O' (character 3)"),
        ("110242VH3-CMA", InvalidFormat, "tail cannot have 'A' (character 13)"),
        ("110240VH3CM4", InvalidFormat, "tail cannot have '0' (character 6)"),
        ("11024\uff12VH3CM4", InvalidFormat, "character 6 (U+FF12) is a full-width digit; type 2"),
    ],
)
def test_a_bad_code_says_why(typed: str, error: type[InvalidCode], says: str) -> None:
    with pytest.raises(error) as caught:
        vpostcode.decode(typed, [])
    assert says in str(caught.value)


def test_columns_leave_a_row_without_postcode_empty() -> None:
    found = vpostcode.encode_many([21.0285, 12.0], [105.8542, 115.0], ["11024", ""])
    assert found.tolist() == [b"110242VH3CM4", b""]


@pytest.mark.parametrize(
    ("postcodes", "error"),
    [(["1102"], InvalidLength), (["11O24"], InvalidFormat), ([11024], InvalidFormat), (["110240"], InvalidLength),
     (np.array([b"11O24"]), InvalidFormat), (np.array([b"1102"]), InvalidLength),
     (["11024", "11024"], InvalidLength)],
)  # fmt: skip
def test_columns_refuse_a_bad_postcode(postcodes: object, error: type[InvalidCode]) -> None:
    with pytest.raises(error):
        vpostcode.encode_many([21.0285], [105.8542], postcodes)


def test_a_point_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidPoint):
        vpostcode.encode(float("nan"), 105.8, "11024")


def test_a_slip_that_leaves_the_area_offers_the_code_that_was_meant(shared: Path) -> None:
    by_postcode = {land.postcode: land for land in communes(shared).values()}

    def areas_of(postcode: str) -> list[Land]:
        return [by_postcode[postcode]] if postcode in by_postcode else []

    meant = "110242VH3CM4"
    assert vpostcode.decode(meant, areas_of("11024"))
    for typed in ("110742VH3CM4", "101242VH3CM4", "110244VH3CM4", "11024V2H3CM4", "1102A2VH3CM4", "110242VH3CMA"):
        if vpostcode.is_valid(typed):
            assert not vpostcode.decode(typed, areas_of(typed[:5]))
        found = vpostcode_correction.suggest(typed, areas_of=areas_of, limit=50)
        assert meant in [suggestion.code for suggestion in found], typed
        for suggestion in found:
            assert suggestion.in_area
            assert f"postcode {suggestion.code[:5]}" in suggestion.reason["en"]
            assert vpostcode.decode(suggestion.code, areas_of(suggestion.code[:5]))


@pytest.mark.parametrize("typed", ["1112012345", "1A02A2VH3CM4", "7PH72VH3+CM4", "110242VH3CM45"])
def test_what_is_no_slip_of_a_vpostcode_has_no_variants(typed: str) -> None:
    assert vpostcode_correction.variants(typed) == []


def test_the_variants_of_a_vpostcode_are_well_formed_and_bounded() -> None:
    codes = [variant.code for variant in vpostcode_correction.variants("110242VH3CM4")]
    assert len(codes) == len(set(codes)) < 200
    assert all(vpostcode.is_valid(code) for code in codes)
    assert "110242VH3CM4" not in codes

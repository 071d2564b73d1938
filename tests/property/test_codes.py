"""Codes as properties: columns equal scalars, scalars equal the reference, and no text breaks a parser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygeohash
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openlocationcode import openlocationcode

from geoaddr.codes import (
    check_letter,
    correction,
    geohash,
    location_id,
    ndas,
    plus_code,
    plus_code_columns,
    recognise,
    vpostcode,
    vpostcode_correction,
)
from geoaddr.errors import InvalidInput

LAT = st.floats(-100, 100)
LON = st.floats(-400, 400)
POINTS = st.lists(st.tuples(LAT, LON), max_size=40)


def test_many_codes_and_corners_equal_the_scalar_ones() -> None:
    chance = np.random.default_rng(7)
    lat, lon = chance.uniform(-90, 90, 60_000), chance.uniform(-180, 180, 60_000)
    for decimals in (4, 6, 8, 15):
        lats, lons = np.round(lat, decimals), np.round(lon, decimals)
        codes = plus_code_columns.encode_many(lats, lons)
        scalar = [plus_code.encode(*p) for p in zip(lats.tolist(), lons.tolist(), strict=True)]
        assert codes.astype(str).tolist() == scalar
    sides = np.stack(plus_code_columns.decode_many(codes), axis=1)
    cells = [plus_code.decode(code) for code in scalar]
    assert sides.tolist() == [[c.south, c.west, c.north, c.east] for c in cells]


def test_codes_equal_the_reference_package() -> None:
    chance = np.random.default_rng(11)
    for decimals in (3, 6, 9, 15):
        lat = np.round(chance.uniform(-90, 90, 15_000), decimals)
        lon = np.round(chance.uniform(-200, 200, 15_000), decimals)
        for digits in (10, 11, 15):
            found = plus_code_columns.encode_many(lat, lon, digits).astype(str).tolist()
            points = zip(lat.tolist(), lon.tolist(), strict=True)
            assert found == [openlocationcode.encode(a, b, digits) for a, b in points]


@given(POINTS, st.sampled_from([10, 11, 12, 13, 14, 15]))
@example([(90.0, 180.0), (-90.0, -180.0), (np.nextafter(90, 0), np.nextafter(180, 0))], 15)
def test_columns_are_the_scalar_twin(points: list[tuple[float, float]], digits: int) -> None:
    lat, lon = ([p[i] for p in points] for i in (0, 1))
    codes = plus_code_columns.encode_many(lat, lon, digits)
    assert codes.astype(str).tolist() == [plus_code.encode(a, b, digits) for a, b in points]
    for i, side in enumerate(("south", "west", "north", "east")):
        found = plus_code_columns.decode_many(codes)[i]
        assert found.tolist() == [plus_code.decode(code.decode())[side] for code in codes.tolist()]


@given(st.floats(-90, 89.999), st.floats(-180, 179.999), st.sampled_from(plus_code.LENGTHS))
def test_a_cell_holds_its_point_and_its_middle_gives_the_code_back(lat: float, lon: float, digits: int) -> None:
    code = plus_code.encode(lat, lon, digits)
    cell = plus_code.decode(code)
    assert cell.south - 1e-13 <= lat <= cell.north
    assert cell.west - 1e-13 <= lon <= cell.east
    assert plus_code.encode(cell.centre.lat, cell.centre.lon, digits) == code


@given(st.floats(6, 24), st.floats(102, 118), st.floats(-0.24, 0.24), st.floats(-0.24, 0.24))
def test_a_short_code_comes_back_near_its_place(lat: float, lon: float, north: float, east: float) -> None:
    code = plus_code.encode(lat, lon, 11)
    short = plus_code.shorten(code, lat + north, lon + east)
    assert len(short) < len(code)
    assert plus_code.recover(short, lat + north, lon + east) == code


@given(POINTS)
@example([(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0), (-0.0, -0.0), (45.0, 90.0)])
def test_geohash_columns_are_the_scalar_twin(points: list[tuple[float, float]]) -> None:
    inside = [(a, b) for a, b in points if abs(a) <= 90 and abs(b) <= 180]
    lat, lon = ([p[i] for p in inside] for i in (0, 1))
    codes = geohash.encode_many(lat, lon)
    assert codes.astype(str).tolist() == [geohash.encode(a, b) for a, b in inside]
    for (a, b), code in zip(inside, codes.tolist(), strict=True):
        cell = geohash.decode(code.decode())
        assert cell.south <= a <= cell.north
        assert cell.west <= b <= cell.east


def test_geohashes_equal_the_reference_package() -> None:
    chance = np.random.default_rng(3)
    lat, lon = chance.uniform(-90, 90, 20_000), chance.uniform(-180, 180, 20_000)
    found = geohash.encode_many(lat, lon).astype(str).tolist()
    points = zip(lat.tolist(), lon.tolist(), strict=True)
    assert found == [pygeohash.encode(a, b, precision=12) for a, b in points]


PARSERS: list[Any] = [
    ndas.validate, ndas.format, ndas.area, ndas.extension, ndas.require_area, check_letter.letter,
    plus_code.validate, plus_code.decode, plus_code.compact,
    lambda text: plus_code.recover(text, 21.0, 105.0), lambda text: plus_code.shorten(text, 21.0, 105.0),
    vpostcode.validate, lambda text: vpostcode.decode(text, []), lambda text: vpostcode.encode(21.0, 105.0, text),
    geohash.validate, geohash.decode, location_id.validate, location_id.format,
    recognise.forms, recognise.require, recognise.refusal, correction.variants, vpostcode_correction.variants,
    lambda text: correction.suggest(text, issued={"1112012345"}, area_known={"11120"}),
    lambda text: plus_code_columns.decode_many([text]),
    lambda text: vpostcode.encode_many([21.0], [105.0], [text]),
]  # fmt: skip
NEARLY_CODES = st.text(alphabet="0123456789+2345CFGHJMPQRVWX bz-.０１", max_size=16)
ANYTHING = st.one_of(st.text(max_size=80), NEARLY_CODES, st.none(), st.integers(), st.binary(max_size=12))


@pytest.mark.parametrize("parse", PARSERS, ids=range(len(PARSERS)))
@given(text=ANYTHING)
@example(text="1" * 1_000_000)
@example(text="ß" * 12)
@example(text="ﬁ12345678901")
@example(text="\x00" * 11)
@settings(max_examples=60, deadline=None)
def test_any_input_gives_a_value_or_one_clear_refusal(parse: Any, text: Any) -> None:
    refusal = ""
    try:
        parse(text)
    except InvalidInput as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert len(refusal) < 400

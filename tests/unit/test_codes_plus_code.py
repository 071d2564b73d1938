"""Plus Codes: every official vector, no mismatch tolerated; and what the vectors do not say."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from geoaddr.codes import plus_code, plus_code_columns
from geoaddr.errors import InvalidCode, InvalidComponent, InvalidFormat, InvalidLength, InvalidPoint


def vectors(shared: Path, name: str) -> list[list[str]]:
    lines = (shared / "data" / "codes" / name).read_text(encoding="utf-8").splitlines()
    return [line.split(",") for line in lines if line.strip() and not line.startswith("#")]


def test_every_official_encoding_to_the_grid_number(shared: Path) -> None:
    given = vectors(shared, "olc_encoding.csv")
    assert len(given) > 300
    for lat, lon, row, column, digits, code in given:
        assert plus_code.to_grid(float(lat), float(lon)) == (int(row), int(column)), (lat, lon)
        assert plus_code.encode(float(lat), float(lon), int(digits)) == code, (lat, lon)


def test_every_official_encoding_in_columns(shared: Path) -> None:
    given = vectors(shared, "olc_encoding.csv")
    for digits in (10, 11, 12, 13, 14, 15):
        part = [v for v in given if min(int(v[4]), 15) == digits]
        lat, lon = (np.array([float(v[i]) for v in part]) for i in (0, 1))
        codes = plus_code_columns.encode_many(lat, lon, digits)
        assert codes.astype(str).tolist() == [v[5] for v in part]


def test_every_official_decoding(shared: Path) -> None:
    for code, digits, south, west, north, east in vectors(shared, "olc_decoding.csv"):
        assert len(plus_code.digits_of(code)) == int(digits), code
        row, column, height, width = plus_code.grid_of(plus_code.digits_of(code))
        cell = plus_code.decode(code)
        exact = [
            Fraction(row, plus_code.ROWS_PER_DEGREE) - 90,
            Fraction(column, plus_code.COLUMNS_PER_DEGREE) - 180,
            Fraction(row + height, plus_code.ROWS_PER_DEGREE) - 90,
            Fraction(column + width, plus_code.COLUMNS_PER_DEGREE) - 180,
        ]
        for edge, text in zip(exact, (south, west, north, east), strict=True):
            places = min(len(text.partition(".")[2]), 11)
            assert abs(edge - Fraction(text)) <= Fraction(501, 1000) / 10**places, code
        assert [cell.south, cell.west, cell.north, cell.east] == [float(edge) for edge in exact], code


def test_every_official_short_code(shared: Path) -> None:
    for code, lat, lon, short, kind in vectors(shared, "olc_shortCodeTests.csv"):
        if kind in "BS":
            assert plus_code.shorten(code, float(lat), float(lon)) == short, code
        if kind in "BR":
            assert plus_code.recover(short, float(lat), float(lon)) == code, short


def test_every_official_verdict(shared: Path) -> None:
    for code, valid, short, full in vectors(shared, "olc_validityTests.csv"):
        verdict = [plus_code.is_valid(code), plus_code.is_short(code), plus_code.is_full(code)]
        assert [str(v).lower() for v in verdict] == [valid, short, full], code


@pytest.mark.parametrize(
    ("code", "error", "says"),
    [
        ("7PH72VH3CM", InvalidFormat, "one '+' is needed"),
        ("7PH72VH3+C", InvalidLength, "a digit is missing"),
        ("7PH72VH+3CM", InvalidFormat, "out of place"),
        ("7PH72VA3+CM", InvalidFormat, "'A' (character 7)"),
        ("7PH72VH3+C\uff2d", InvalidFormat, "character 11 (U+FF2D) is a full-width character; type M"),
        ("WWH72VH3+CM", InvalidComponent, "beyond the globe"),
        ("7P072VH3+CM", InvalidFormat, "zeros"),
        ("VH3C+M4", InvalidFormat, "a short code"),
        ("7PH72VH3+CM" * 100_000, InvalidLength, "no code has more than 64"),
        ("", InvalidLength, "empty"),
    ],
)  # fmt: skip
def test_a_bad_code_says_why(code: str, error: type[InvalidCode], says: str) -> None:
    with pytest.raises(error) as caught:
        plus_code.decode(code)
    assert says in str(caught.value)
    assert caught.value.message("vi") != caught.value.message("en")


def test_spaces_and_small_letters_are_read() -> None:
    assert plus_code.format(" 7ph7 2vh3+cm ") == "7PH72VH3+CM"


def test_neighbours_share_their_edge_to_the_last_bit() -> None:
    here = plus_code.decode("7PH72VH3+CM")
    north = plus_code.decode(plus_code.encode(here.north, here.centre.lon))
    east = plus_code.decode(plus_code.encode(here.centre.lat, here.east))
    assert (north.south, east.west) == (here.north, here.east)


@pytest.mark.parametrize("lat", [89.99999999999999, 90.0, 91.0])
@pytest.mark.parametrize("lon", [179.99999999999997, -180.00000000000003])
def test_the_last_cell_holds_the_edge_of_the_globe(lat: float, lon: float) -> None:
    for digits in plus_code.LENGTHS:
        assert plus_code.is_full(plus_code.encode(lat, lon, digits))
    found = plus_code_columns.encode_many(np.array([lat]), np.array([lon]), 15)
    assert found.tolist() == [plus_code.encode(lat, lon, 15).encode()]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "x", None])
def test_a_coordinate_that_is_no_number_is_refused(bad: object) -> None:
    with pytest.raises(InvalidPoint):
        plus_code.encode(bad, 105.0)  # type: ignore[arg-type]
    with pytest.raises(InvalidPoint):
        plus_code_columns.encode_many([21.0, bad], [105.0, 105.0])  # type: ignore[arg-type]


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(InvalidPoint, match="2 longitudes for 1 latitudes"):
        plus_code_columns.encode_many(np.array([21.0]), np.array([105.0, 106.0]))


@pytest.mark.parametrize("length", [0, 1, 3, 9, -5])
def test_a_length_that_no_code_has_is_refused(length: int) -> None:
    with pytest.raises(InvalidLength):
        plus_code.encode(21.0, 105.0, length)


def test_columns_read_every_spelling() -> None:
    plain = plus_code_columns.decode_many(np.array(["7PH72VH3+CM", "7PH72VH3+CM"]))
    for codes in (
        ["7ph72vh3+cm", "7PH72VH3+CM"],
        [b"7PH72VH3+CM", b"7PH7 2VH3+CM"],
        np.array(["7PH72VH3+CM"] * 2, dtype="S11"),
        np.array(["7PH72VH3+CM"] * 2, dtype="S20"),
    ):
        for found, expected in zip(plus_code_columns.decode_many(codes), plain, strict=True):
            assert found.tolist() == expected.tolist()
    with pytest.raises(InvalidCode):
        plus_code_columns.decode_many(np.array(["7PH72VH3+CM", "7PH72VH3-CM"]))
    assert [len(side) for side in plus_code_columns.decode_many([])] == [0, 0, 0, 0]

"""Coordinates as people write them: read where they can mean one thing, else the row says that they are none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.bulk.columns import degrees

READ = """
axis | text               | degrees | minutes | seconds
lat  | 21°01'42.6"N       | 21      | 1       | 42.6
lat  | 21°1'42,6"         | 21      | 1       | 42.6
lat  | 21 01 42.6         | 21      | 1       | 42.6
lat  | 21:01:42.6         | 21      | 1       | 42.6
lat  | 21º 1’ 42.6” Bắc   | 21      | 1       | 42.6
lat  | 21° 1′ 42.6″ B     | 21      | 1       | 42.6
lat  | 21°01'42.6''N      | 21      | 1       | 42.6
lat  | 21°01.71'          | 21      | 1.71    | 0
lat  | N 21,0285          | 21.0285 | 0       | 0
lat  | 21.0285° bắc       | 21.0285 | 0       | 0
lat  | −21.5°             | -21.5   | 0       | 0
lat  | 21.5 S             | -21.5   | 0       | 0
lat  | 21.5 Nam           | -21.5   | 0       | 0
lon  | 105°51'15.12"Đ     | 105     | 51      | 15.12
lon  | 105,8542 E         | 105.8542| 0       | 0
lon  | 105.8542° đông     | 105.8542| 0       | 0
lon  | 105.8542 Tây       | -105.8542 | 0     | 0
"""

NONE = """
axis | text          | why
lat  | 21°61'        | sixty minutes and more
lat  | 21°01'60"     | sixty seconds
lat  | 21 02         | degrees and minutes, or a number with a blank in it
lat  | 1,234.5       | two decimal signs
lat  | -21.5 N       | a sign and a letter
lat  | N 21.5 N      | two letters
lat  | 21.5°01'      | decimals before the last number
lat  | 21.5 x        | no letter of an axis
lat  | °             | no number
"""


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("axis", "text", "d", "m", "s"), cells(READ))
def test_read(axis: str, text: str, d: str, m: str, s: str) -> None:
    column = degrees(pa.array([text]), axis, 180.0)
    assert column.errors.to_pylist() == [None]
    assert column.values[0] == pytest.approx(float(Fraction(d) + Fraction(m) / 60 + Fraction(s) / 3600), abs=1e-12)


@pytest.mark.parametrize(("axis", "text", "why"), cells(NONE))
def test_not_read(axis: str, text: str, why: str) -> None:
    column = degrees(pa.array([text]), axis, 180.0)
    assert np.isnan(column.values[0]), why
    assert column.errors.to_pylist() == [f"{axis}: empty or not a finite number"]


def test_the_letter_of_the_other_axis_is_said() -> None:
    assert degrees(pa.array(["105.85 E"]), "lat", 90.0).errors.to_pylist() == [
        "lat: has the letter of a longitude; did you swap latitude and longitude?"
    ]
    assert degrees(pa.array(["21°01'B"]), "lon", 180.0, "vi").errors.to_pylist() == [
        "lon: có chữ của vĩ độ; có phải vĩ độ và kinh độ bị đổi chỗ?"
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 89), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999),
            st.sampled_from(["{d}°{m}'{s}.{f:03}\"", "{d} {m} {s},{f:03}", "{d:03}:{m:02}:{s:02}.{f:03}"]),
            st.sampled_from(["", "N", " B", "S"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_degrees_minutes_and_seconds_are_sixtieths(rows: list[tuple[int, int, int, int, str, str]]) -> None:
    """By exact fractions; among numbers that need no reading, and each row by itself."""
    texts = [form.format(d=d, m=m, s=s, f=f) + half for d, m, s, f, form, half in rows]
    want = [
        (-1 if half == "S" else 1) * (d + Fraction(m, 60) + (s + Fraction(f, 1000)) / 3600)
        for d, m, s, f, _, half in rows
    ]
    mixed = degrees(pa.array(["10.5", *texts, None], pa.string()), "lat", 90.0)
    assert mixed.values[:-1] == pytest.approx([10.5, *map(float, want)], abs=1e-12)
    assert np.isnan(mixed.values[-1])
    assert mixed.blank.tolist() == [False] * (len(rows) + 1) + [True]

"""How SQLite numbers doors: whoever asks for a house or a flat never misses one that is the same."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from geoaddr.finding.houses import figures, flat_doors, house_doors, last_digits, levels_of
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_print import levels
from geoaddr.stores.sqlite_schema import DOOR_NUMBER

NUMBERED = """
house number | unit        | number
5            |             | 5
37A          |             | 37
12/34/5      |             | 5
12 / 5B      |             | 5
12/K5        |             | 0
B2           |             | 0
             |             | 0
7            | 14-02       | -1403
7            | 12A.08      | -13
7            | căn hộ 3-05 | -1
"""
PIECES = st.from_regex(r"[0-9]{0,4} ?[A-Ka-k]?[0-9]{0,3}[A-Da-d]?", fullmatch=True)
HOUSES = st.lists(PIECES, min_size=1, max_size=4).map("/".join)
UNITS = st.from_regex(r"(căn hộ |P\.?|)[0-9A-C]{1,4}([-. /][0-9]{1,3}[A-C]?)?", fullmatch=True)


def number_of(house_number: str | None, unit: str | None = None) -> int:
    stated = {"house_number": house_number, "unit": unit}
    text = json.dumps({name: value for name, value in stated.items() if value})
    select = "SELECT " + DOOR_NUMBER.format("a.") + " FROM (SELECT ? AS components) a"
    ((number,),) = sqlite3.connect(":memory:").execute(select, (text,)).fetchall()
    return int(number)


@pytest.mark.parametrize("row", NUMBERED.strip().splitlines()[1:])
def test_doors_are_numbered(row: str) -> None:
    house, unit, number = (cell.strip() for cell in row.split("|"))
    assert number_of(house, unit) == int(number)


@given(kept=HOUSES, alleys=st.lists(PIECES, max_size=2), unit=st.none() | UNITS)
def test_a_house_is_between(kept: str, alleys: list[str], unit: str | None) -> None:
    """However its alleys are stated, and all its flats."""
    levels = levels_of(kept, tuple(alley for alley in alleys if alley.strip()))
    assume(levels)
    number = number_of(kept, unit)
    assert any(low <= number <= high for low, high in house_doors(last_digits(levels)))


LEVELS = st.from_regex(r"[0-9A-K]{0,3}(/[0-9A-K ]{0,3}){0,3}", fullmatch=True)


@given(
    kept=LEVELS,
    alleys=st.lists(
        st.sampled_from(["1", "5", " 5", "12", "12 ", "12/3", "ngõ 12", "ngách 12/3", "Ao Sen"]), max_size=3
    ),
)
@example(kept="12/5", alleys=["12", " 5"])
@example(kept="12/5", alleys=["12", "5"])
@example(kept="12/5/7", alleys=["12", " 5"])
def test_levels_that_are_told_at_a_glance(kept: str, alleys: list[str]) -> None:
    assert levels_of(kept, tuple(alleys)) == levels(Detail(house_number=kept, alley=tuple(alleys)))


@given(kept=UNITS)
def test_a_flat_is_between(kept: str) -> None:
    assume(figures(kept))
    number = number_of("7", kept)
    assert any(low <= number <= high for low, high in flat_doors(figures(kept)))


def test_numbers_beyond_all_engines_are_not_told_apart() -> None:
    assert house_doors("9" * 30) == flat_doors("9" * 30) == ()

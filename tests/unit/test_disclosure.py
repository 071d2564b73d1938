"""What known streets tell a caller without rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.disclosure import FEWEST_HOUSEHOLDS, StreetsForAll
from geoaddr.known import read_street, street_key


class Town:
    """Streets with the house numbers of each commune; alleys lead to their mouths, as in a registry."""

    def __init__(self, houses: Mapping[str, Mapping[str, Sequence[int]]]) -> None:
        self.houses = {street_key(street): there for street, there in houses.items()}

    def communes_of(
        self,
        street: str,
        *,
        communes: Sequence[str] | None = None,
        house_number: str | None = None,
        minimum: int = 1,
    ) -> Mapping[str, int]:
        key, mouth = read_street(street)
        found = self.houses.get(key, {})
        number = int(house_number) if mouth is None and house_number is not None else mouth
        if number is not None:
            near = {c: [n for n in ns if abs(n - number) < 10] for c, ns in found.items()}
            found = near if any(near.values()) else found
        return {
            commune: len(numbers)
            for commune, numbers in found.items()
            if len(numbers) >= minimum and (communes is None or commune in communes)
        }


COUNTS = [(0, None), (1, None), (9, None), (10, 8), (15, 8), (16, 16), (31, 16), (1000, 512)]


@pytest.mark.parametrize(("households", "told"), COUNTS)
def test_the_magnitude_alone_is_told(households: int, told: int | None) -> None:
    town = StreetsForAll(Town({"Bạch Đằng": {"20242": range(households)}}))
    assert town.communes_of("Bạch Đằng").get("20242") == told


numbers = st.lists(st.integers(1, 400), unique=True, max_size=60)


@given(numbers, numbers, st.integers(1, 400))
def test_a_house_number_changes_nothing(here: list[int], there: list[int], asked: int) -> None:
    town = StreetsForAll(Town({"Bạch Đằng": {"20242": here, "20257": there}}))
    assert town.communes_of("Bạch Đằng", house_number=str(asked)) == town.communes_of("Bạch Đằng")
    assert town.communes_of(f"ngõ {asked} Bạch Đằng") == town.communes_of("Bạch Đằng")


@given(numbers, st.integers(401, 500))
def test_one_household_more_is_seen_at_magnitudes_alone(here: list[int], new: int) -> None:
    """Whoever asks before and after learns nothing but that a street passed 10, 16, 32, 64 ... households."""
    before = StreetsForAll(Town({"Bạch Đằng": {"20242": here}})).communes_of("Bạch Đằng")
    after = StreetsForAll(Town({"Bạch Đằng": {"20242": [*here, new]}})).communes_of("Bạch Đằng")
    count = len(here) + 1
    assert before == after or count == FEWEST_HOUSEHOLDS or count.bit_count() == 1


def test_what_the_caller_asks_is_kept() -> None:
    town = StreetsForAll(Town({"Bạch Đằng": {"20242": range(20), "20257": range(90)}}))
    assert town.communes_of("Bạch Đằng", communes=["20257"]) == {"20257": 64}
    assert town.communes_of("Bạch Đằng", minimum=50) == {"20257": 64}
    assert town.communes_of("Lê Lợi") == {}

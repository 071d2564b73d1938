"""House numbers that are digits alone, which are most of them: how they are compared."""

from __future__ import annotations

import pytest

from geoaddr.model import Components
from geoaddr.registry.likeness import features

ALIKE = """
184 | 0184 | 00184
184 | Số 184 | số nhà 184 | No. 184 | １８４
0   | 00   | 000
7   | 07 | 7 .
"""

APART = """
184 | 185
10  | 1
0   | 10
5   | 5'
5   | 5Đ
"""


def rows_of(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def told(house_number: str) -> str:
    return features(Components(house_number=house_number, street="Quán Thánh"))


@pytest.mark.parametrize("numbers", rows_of(ALIKE), ids=lambda numbers: numbers[0])
def test_one_number_in_several_forms(numbers: list[str]) -> None:
    assert len({told(number) for number in numbers}) == 1


@pytest.mark.parametrize("numbers", rows_of(APART), ids=" ".join)
def test_two_numbers(numbers: list[str]) -> None:
    assert len({told(number) for number in numbers}) == len(numbers)

"""A unit that is gone is answered with those that held it on its last day, by the names that they had then.

The province Quảng Ninh (code 22) became a city after districts had ended, so no district ever lay in the city;
Huế (code 46) became a city on 1 January 2025 (resolution 175/2024/QH15), half a year before they did.
"""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.interpretation import Interpreter
from geoaddr.parsing import parse

GONE = """
Thành phố Hạ Long                                   | Thành phố Hạ Long, Tỉnh Quảng Ninh
Phường Hồng Gai, Thành phố Hạ Long, Quảng Ninh      | Phường Hồng Gai, Thành phố Hạ Long, Tỉnh Quảng Ninh
Phường Vĩnh Ninh, Quận Thuận Hóa, Huế               | Phường Vĩnh Ninh, Quận Thuận Hóa, Thành phố Huế
"""


@pytest.mark.parametrize("line", GONE.strip().splitlines())
def test_a_chain_stands_as_on_the_last_day_of_its_smallest_unit(interpreter: Interpreter, line: str) -> None:
    text, chain = (part.strip() for part in line.split("|"))
    parsed = parse(interpreter, text)
    held = (parsed.commune, parsed.district, parsed.province)
    assert ", ".join(unit.full_name for unit in held if unit) == chain


def test_what_stands_is_held_by_what_stands(interpreter: Interpreter) -> None:
    parsed = parse(interpreter, "Quảng Ninh")
    assert parsed.province is not None
    assert parsed.province.full_name == "Thành phố Quảng Ninh"


def test_a_day_that_is_asked_for_names_the_chain(interpreter: Interpreter) -> None:
    parsed = parse(interpreter, "Phường Vĩnh Ninh, Thành phố Huế", as_of=dt.date(2024, 6, 30))
    assert parsed.province is not None
    assert parsed.province.full_name == "Tỉnh Thừa Thiên Huế"

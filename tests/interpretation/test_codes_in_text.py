"""Codes inside an address text: found, typed, and no component of the address."""

from __future__ import annotations

import gc
import weakref

import pytest

import geoaddr
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.codes_in_text import codes_in, spans_without
from geoaddr.parsing import parse

# 11024 is the postcode of Hoàn Kiếm in the annex of 2334/QĐ-BKHCN; the other figures are made up
FOUND = """
7P28QMGC+2V Hoàn Kiếm                   | plus_code 7P28QMGC+2V
7p28qmgc+2vx, Hà Nội                    | plus_code 7P28QMGC+2VX
11024 12345, phố Huế                    | ndas 1102412345
mã 11024-12345-N                        | ndas 1102412345
11024 12345 q Hà Nội                    | ndas 1102412345
1102412345                              | ndas 1102412345
11024CX4R8QV Hà Nội                     | vpostcode 11024CX4R8QV
Hà Nội 11024 cx4r8qv                    | vpostcode 11024CX4R8QV
110244234567                            | vpostcode 110244234567; location_id 110244234567
001200012345                            | location_id 001200012345
thửa w7er8fq2kmnp                       | parcel w7er8fq2kmnp
12 phố Huế, Hà Nội 11024, Việt Nam      | postcode 11024
11024CX4R8QV, 7P28QMGC+2V               | vpostcode 11024CX4R8QV; plus_code 7P28QMGC+2V
"""

NONE = """
số 99999 đường Láng
sđt 0912345678
0912 345 678
QMGC+2V Hà Nội
12/34/5678
1234567890123
1+1
phuongtanbin
"""


@pytest.mark.parametrize("line", FOUND.strip().splitlines())
def test_codes_are_found_and_typed(gazetteer: Gazetteer, line: str) -> None:
    text, expected = (part.strip() for part in line.split("|"))
    found = codes_in(text, gazetteer)
    assert "; ".join(f"{code.system} {code.code}" for code in found) == expected
    for code in found:
        written = text[code.start : code.end].upper().replace(" ", "").replace("-", "")
        assert written.startswith(code.code.upper())


@pytest.mark.parametrize("text", NONE.strip().splitlines())
def test_other_numbers_are_none(gazetteer: Gazetteer, text: str) -> None:
    assert codes_in(text, gazetteer) == ()


def test_a_code_is_no_house_number_and_no_hamlet(interpreter: Interpreter) -> None:
    parsed = parse(interpreter, "12 phố Huế, Hà Nội 11024CX4R8QV")
    assert [code.system for code in parsed.codes] == ["vpostcode"]
    assert parsed.components.to_dict() == parse(interpreter, "12 phố Huế, Hà Nội").components.to_dict()


def test_plus_codes_and_postcodes_stay_components(interpreter: Interpreter) -> None:
    parsed = parse(interpreter, "7P28QMGC+2V phố Huế, Hà Nội 11024")
    assert (parsed.components.plus_code, parsed.components.postcode) == ("7P28QMGC+2V", "11024")
    assert [code.system for code in parsed.codes] == ["plus_code", "postcode"]


def test_spans_are_cut_around_codes(gazetteer: Gazetteer) -> None:
    text = "a 11024 12345 b 11024CX4R8QV"
    codes = codes_in(text, gazetteer)
    assert spans_without([(0, len(text))], codes) == [(0, 2), (13, 16)]
    assert spans_without([(0, 1)], codes) == [(0, 1)]


def test_a_gazetteer_that_was_replaced_is_given_up() -> None:
    ga = geoaddr.open(store="memory:")
    assert codes_in("11024 12345", ga.gazetteer)
    replaced = weakref.ref(ga.gazetteer)
    ga.close()
    del ga
    gc.collect()
    assert replaced() is None

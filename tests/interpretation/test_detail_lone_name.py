"""The one name after the number of a house: a street first, whatever commune is called so.

Each row: a text and the street that must come out. Communes of all these names
are known, so that the reading of the units has one too.
"""

from __future__ import annotations

import pytest

from geoaddr.interpretation import Interpreter
from geoaddr.parsing import parse

LONE = """
số 10 Nguyễn Huệ       | Nguyễn Huệ
10 Nguyễn Huệ          | Nguyễn Huệ
10, Nguyễn Huệ         | Nguyễn Huệ
12/3A Quang Trung      | Quang Trung
ngõ 5 Quang Trung      | Quang Trung
3 ngõ 5 Quang Trung    | Quang Trung
10 Nguyễn Huệ, VN      | Nguyễn Huệ
10 nguyen hue          | nguyen hue
"""

HELD = """
Nguyễn Huệ
xã Nguyễn Huệ
10 xã Nguyễn Huệ
thôn 3 Nguyễn Huệ
10 Nguyễn Huệ, Cao Bằng
"""


@pytest.mark.parametrize("line", LONE.strip().splitlines())
def test_it_is_the_street(interpreter: Interpreter, line: str) -> None:
    text, street = (part.strip() for part in line.split("|"))
    parsed = parse(interpreter, text)
    assert parsed.components.street == street
    assert parsed.components.house_number or parsed.components.alley
    assert parsed.components.rest == ""


@pytest.mark.parametrize("text", HELD.strip().splitlines())
def test_with_a_type_or_a_holder_or_without_a_house_it_is_the_commune_alone(
    interpreter: Interpreter, text: str
) -> None:
    parsed = parse(interpreter, text)
    assert parsed.commune is not None
    assert parsed.components.street is None


def test_another_street_leaves_the_name_to_the_commune(interpreter: Interpreter) -> None:
    parsed = parse(interpreter, "12 Trần Phú, Nguyễn Huệ")
    assert parsed.components.street == "Trần Phú"
    assert parsed.commune is not None
    assert parsed.commune.name == "Nguyễn Huệ"

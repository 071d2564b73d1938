"""A word for a type with one letter wrong announces a unit all the same; a syllable is left what it is."""

from __future__ import annotations

import pytest

from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.spelling import misspelt_type


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("phuog", "phuong"),
        ("pphuong", "phuong"),
        ("puhong", "phuong"),
        ("quna", "quan"),
        ("kuan", "quan"),
        ("huyne", "huyen"),
        ("quan", None),
        ("phg", None),
        ("nguyen", None),
    ],
)
def test_a_type_with_a_letter_wrong(word: str, meant: str | None) -> None:
    assert misspelt_type(word) == meant


@pytest.mark.parametrize(
    "written", ["Phườg 9, Quận 10", "Phhường 9, Quận 10", "Phường 9, Quuận 10", "Phường 9, Qunậ 10"]
)
def test_a_numbered_ward_is_found_behind_a_misspelt_type(interpreter: Interpreter, written: str) -> None:
    best = interpreter.interpret(f"7/5 Đường Mới, {written}, Thành phố Hồ Chí Minh")[0]
    assert best.commune is not None
    assert best.district is not None
    assert (best.commune.name, best.district.name) == ("9", "10")


def test_a_room_is_no_ward(interpreter: Interpreter) -> None:
    best = interpreter.interpret("Phòng 5, 12 Đường Mới, Quận 10, Thành phố Hồ Chí Minh")[0]
    assert best.commune is None

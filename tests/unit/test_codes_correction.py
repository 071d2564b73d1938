"""A wrong code gives back what was meant, best first, and says why."""

from __future__ import annotations

import random

import pytest

from geoaddr.codes import check_letter, correction, issuing
from geoaddr.model import Suggestion

AREAS = {"11024", "11120", "70000"}
ISSUED = frozenset(
    area + extension for area in AREAS for extension in issuing.Sequence(bytes(32)).extensions(area, 0, 10_000)
)
MEANT = sorted(ISSUED)[::1499]


def suggest(typed: str) -> list[Suggestion]:
    return correction.suggest(typed, issued=ISSUED.intersection, area_known=AREAS.__contains__)


@pytest.mark.parametrize("meant", MEANT)
def test_every_slip_in_an_issued_code_offers_that_code(meant: str) -> None:
    for place in range(10):
        for digit in "0123456789":
            if digit != meant[place]:
                wrong = meant[:place] + digit + meant[place + 1 :]
                assert wrong not in ISSUED
                (found,) = [s for s in suggest(wrong) if s.code == meant]
                assert (found.kind, found.position, found.issued, found.in_area) == (
                    "substitution", place + 1, True, True
                )  # fmt: skip
        swapped = meant[:place] + meant[place + 1 : place + 2] + meant[place] + meant[place + 2 :]
        if swapped != meant and place < 9:
            assert meant in [s.code for s in suggest(swapped)]


def test_a_missing_and_an_extra_digit_are_found() -> None:
    for meant in MEANT:
        for place in range(10):
            assert meant in [s.code for s in suggest(meant[:place] + meant[place + 1 :])]
            assert meant in [s.code for s in suggest(meant[:place] + "7" + meant[place:])]


@pytest.mark.parametrize(
    ("typed", "code", "kind", "position", "english", "vietnamese"),
    [
        ("1112O12345", "1112012345", "substitution", 5, "character 5: 0 instead of O", "ký tự thứ 5: 0 thay vì O"),
        ("11120 12346", "1112012345", "substitution", 10, "5 instead of 6", "5 thay vì 6"),
        ("1112021345", "1112012345", "transposition", 6, "characters 6 and 7: 12 instead of 21", "12 thay vì 21"),
        ("111201234", "1112012345", "missing", 10, "a missing 5 as character 10", "thiếu 5 ở ký tự thứ 10"),
        ("11120123845", "1112012345", "extra", 9, "one 8 too many, character 9", "thừa 8 ở ký tự thứ 9"),
        ("1112012345 A", "1112012345", "check_letter", 11, "check letter is W, not A", "chữ kiểm tra là W"),
    ],
)
def test_the_reason_names_the_place_in_both_languages(
    typed: str, code: str, kind: str, position: int, english: str, vietnamese: str
) -> None:
    found = correction.suggest(typed, issued={"1112012345"}, area_known={"11120"})[0]
    assert (found.code, found.kind, found.position) == (code, kind, position)
    assert english in found.reason["en"]
    assert vietnamese in found.reason["vi"]
    assert "issued; 11120 is a postcode" in found.reason["en"]
    assert "đã cấp; 11120 là mã bưu chính" in found.reason["vi"]


def test_issued_codes_come_first_then_known_areas() -> None:
    found = correction.suggest("1112012346", issued={"1112112346", "1112012345"}, area_known={"11120"}, limit=200)
    assert [s.code for s in found[:2]] == ["1112012345", "1112112346"]
    assert [s.issued for s in found] == sorted((s.issued for s in found), reverse=True)
    rest = [s.in_area for s in found[2:]]
    assert rest == sorted(rest, reverse=True)
    assert len(correction.suggest("1112012346", issued=set(), area_known={"11120"})) == correction.LIMIT


def test_a_check_letter_sorts_the_issued_candidates() -> None:
    for meant in MEANT:
        wrong = meant[:9] + str((int(meant[9]) + 1) % 10)
        found = suggest(wrong + check_letter.letter(meant))
        fitting = [s.code for s in found if s.issued and "fits the check letter" in s.reason["en"]]
        assert fitting == [s.code for s in found[: len(fitting)]]
        assert meant in fitting[:2]


def test_the_variants_are_bounded_and_each_is_one_code() -> None:
    chance = random.Random(2)
    for length in (8, 9, 10, 11, 12, 13):
        for letter in ("", "K"):
            typed = "".join(chance.choice("0123456789") for _ in range(length)) + letter
            codes = [v.code for v in correction.variants(typed)]
            assert len(codes) == len(set(codes)) <= 120
            assert all(len(code) == 10 and code.isdigit() for code in codes)
            assert typed not in codes


@pytest.mark.parametrize("typed", ["7PH72VH3+CM", "110242VH3CM4", "w7er8u0evss2", "1112OI2345", "hello", "123"])
def test_what_is_no_slip_of_an_ndas_code_has_no_variants(typed: str) -> None:
    assert correction.variants(typed) == []
    assert suggest(typed) == []


def test_the_same_digits_come_first_of_what_was_never_issued() -> None:
    found = correction.suggest("1112012345A", issued=set(), area_known={"11120"})
    assert (found[0].code, found[0].kind) == ("1112012345", "check_letter")

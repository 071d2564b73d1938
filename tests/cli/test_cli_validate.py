"""``geoaddr validate``: what it prints, and how it ends."""

from __future__ import annotations

import pytest

from tests.command_lines import Lines

LINE = "12 Hàng Trống, Phường Hoàn Kiếm, Hà Nội"


@pytest.mark.parametrize(
    ("words", "verdict", "code"),
    [
        ([LINE], "accept", 0),
        (["12 Nguyễn Huệ, Phường Bến Nghé, Quận 1"], "confirm", 0),
        (["12 Hàng Trống, Hà Nội"], "fix", 1),
        (["asdf qwer"], "reject", 1),
        ([], "reject", 1),
        (["11120 12345"], "fix", 1),
        (["--house-number", "12", "--street", "Nguyễn Huệ", "--commune", "Bến Nghé", "--district", "1",
          "--province", "Hồ Chí Minh"], "accept", 0),
        (["Số 5 ngách 12/34 ngõ 12 phố Huế", "--commune", "Hoàn Kiếm", "--province", "Hà Nội"], "accept", 0),
        ([LINE, "--postcode", "71009"], "fix", 1),
        ([LINE, "--code", "7P28QPGX+2F"], "fix", 1),
        ([LINE, "--lat", "-21.03", "--lon", "105.85"], "confirm", 0),
        ([LINE, "--as-of", "2026-01-01"], "accept", 0),
    ],
)  # fmt: skip
def test_the_exit_code_follows_the_verdict(line: Lines, words: list[str], verdict: str, code: int) -> None:
    ran = line("validate", *words, "--json")
    assert (ran.answer["verdict"], ran.code, ran.err) == (verdict, code, "")
    shown = line("validate", *words)
    assert shown.code == code
    assert shown.out.startswith("Verdict")


def test_json_is_the_answer_itself(line: Lines) -> None:
    answer = line("validate", LINE, "--json").answer
    assert answer["input"] == LINE
    assert {"possible_next_action", "components", "normalised", "postcode", "candidates"} <= answer.keys()
    assert answer["normalised"].keys() == {"new", "old"}
    assert answer["components"][0].keys() >= {"name", "value", "status", "why"}
    assert answer["components"][0]["why"].keys() == {"vi", "en"}


def test_people_read_what_to_do_and_why_in_their_language(line: Lines) -> None:
    shown = line("validate", "57 Huỳnh Thúc Kháng, Phường Láng Hạ, Quận Đống Đa, Hà Nội", "--lang", "vi").out
    assert "Để người mua chọn một xã, phường." in shown
    assert "Phường Láng, Thành phố Hà Nội" in shown
    assert "Phường Láng Hạ cũ đã được chia" in shown
    for label in ("Kết luận", "Việc tiếp theo", "Số nhà", "Xã, phường"):
        assert label in shown


def test_bad_input_is_one_line(line: Lines) -> None:
    for words, field in (
        (["--lat", "21.0"], "lon"),
        ([LINE, "--lat", "x", "--lon", "105"], "lat"),
        (["--commune", "x" * 201], "commune"),
        ([LINE, "--as-of", "1999-01-01"], "as_of"),
    ):
        ran = line("validate", *words)
        assert (ran.code, ran.out) == (2, "")
        assert field in ran.complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing was given"),
        ("asdfgh 12345 qwerty", "nothing was understood"),
        ("12 Rue de Rivoli, Paris, France", "no address in Viet Nam"),
    ],
)
def test_a_rejection_says_why(line: Lines, text: str, said: str) -> None:
    assert f"reject: {said}" in line("validate", text).out

"""Folding, by hand-made pairs."""

from __future__ import annotations

import pytest

from geoaddr.text.fold import fold, fold_keep_accents

FOLDED = """
written                     | folded
Phường Thuỷ Xuân            | phuong thuy xuan
PHƯỜNG THỦY XUÂN            | phuong thuy xuan
Đắk R'Lấp                   | dak rlap
Đăk R’Lấp                   | dak rlap
TP.Hồ Chí Minh              | tp ho chi minh
Bà Rịa - Vũng Tàu           | ba ria vung tau
Phan Rang–Tháp Chàm         | phan rang thap cham
P.12,Q.3                    | p 12 q 3
số 5 ngách 12/34            | so 5 ngach 12 34
ĐƯỜNG                       | duong
Ｑ１                        | q1
"""


@pytest.mark.parametrize("line", FOLDED.strip().splitlines()[1:])
def test_fold(line: str) -> None:
    written, folded = (cell.strip() for cell in line.split("|"))
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"), ("hoá", "hóa"), ("thuỷ", "thủy"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("loè", "lòe"),
        ("quý", "qúy"), ("quả", "qủa"), ("hoàn", "hòan"), ("Đ", "đ"), ("Hoà  Bình", "HÒA BÌNH"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_one_key(one: str, other: str) -> None:
    assert fold_keep_accents(one) == fold_keep_accents(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ba Tô", "Ba Tơ"), ("Sơn Hà", "Sơn Hạ"), ("Đông Tiến", "Đồng Tiến"), ("Mỹ Thọ", "Mỹ Tho"), ("đa", "da")],
)
def test_accents_tell_names_apart(one: str, other: str) -> None:
    assert fold_keep_accents(one) != fold_keep_accents(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["thuyền", "khuỷu", "chìa", "của", "mùa", "ngoằn", "hoặc", "quyển"])
def test_a_tone_in_its_place_stays_there(word: str) -> None:
    assert fold_keep_accents(word) == word


def test_nothing_folds_to_nothing() -> None:
    assert fold("") == fold(" .,'- ") == fold_keep_accents("  ") == ""

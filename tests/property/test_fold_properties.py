"""What holds for folding of any text."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from geoaddr.text.fold import fold, fold_keep_accents

VIETNAMESE = st.text(
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
    "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYÀẢÃÁẠ 0123456789.,-/'’",
    max_size=40,
)
ANY = st.text(max_size=40) | VIETNAMESE


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_keep_accents(fold_keep_accents(text)) == fold_keep_accents(text)


@given(VIETNAMESE)
def test_composed_and_decomposed_are_one(text: str) -> None:
    for key in (fold, fold_keep_accents):
        assert key(unicodedata.normalize("NFD", text)) == key(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)
    assert fold_keep_accents(text.upper()) == fold_keep_accents(text.lower())


@given(VIETNAMESE)
def test_a_folded_name_is_plain_words(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == " ".join(fold(text).split())


@given(ANY)
def test_both_keys_have_the_same_words_without_accents(text: str) -> None:
    assert fold(fold_keep_accents(text)) == fold(text)


@given(VIETNAMESE)
def test_accents_are_dropped_as_the_standard_decomposes_them(text: str) -> None:
    """An independent way: NFD without marks, đ by hand."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    plain = plain.lower().replace("đ", "d").replace("'", "").replace("’", "")
    assert fold(text) == " ".join("".join(c if c.isalnum() else " " for c in plain).split())

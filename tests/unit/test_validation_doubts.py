"""What is read as a part of an address by where it stands alone is not said to be understood."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

import geoaddr
from geoaddr.bulk.texts import TextColumns
from geoaddr.interpretation.detail import Detail
from geoaddr.validation.doubts import doubtful

IN = ", Phường Hải Châu, Đà Nẵng"


@pytest.fixture(scope="module")
def ga() -> Iterator[geoaddr.Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


@pytest.mark.parametrize(
    ("number", "is_doubted"),
    [
        ("12", False), ("12A", False), ("12A1", False), ("12/3B", False), ("LK12", False), ("BT5-12", False),
        ("25Bis", False), ("336/1BIS", False), ("17-17Bis", False), ("12 ter", False), ("12ter", False),
        ("12+14", False), ("№12", False), ("12345", False), ("12abc", True), ("12xyz3", True), ("123456", True),
        ("🏠12", True),
        ("12!!", True), ("@12", True), ("1️⃣", True), ("12?", True),
        ("B", False), ("Lô C", False), ("Kiot B", False), ("không rõ", True), ("abc", True), ("---", True),
    ],
)  # fmt: skip
def test_house_numbers(number: str, is_doubted: bool) -> None:
    found = doubtful(f"{number} Lê Lợi", Detail(house_number=number, street="Lê Lợi"))
    assert found == ({"house_number"} if is_doubted else set())


@pytest.mark.parametrize(
    ("street", "is_doubted"),
    [
        ("Lê Lợi", False), ("le loi", False), ("Đ. Calmette", False), ("Pasteur", False), ("đường Loseby", False),
        ("Alexandre de Rhodes", False), ("ĐT741", False), ("XTT 22", False), ("D2", False), ("3/2", False),
        ("Y Ngông", False), ("Ea T'Ling", False), ("N'Trang Lơng", False), ("qwerty", True), ("asdf qwerty", True),
        ("Lê Lợi 🏠", True),
        ("@@@ 55", True),
    ],
)  # fmt: skip
def test_a_street_and_the_number_before_it(street: str, is_doubted: bool) -> None:
    found = doubtful(f"12 {street}", Detail(house_number="12", street=street))
    assert found == ({"house_number", "street"} if is_doubted else set())


def test_a_number_that_is_all_there_is() -> None:
    assert doubtful(" 99 ", Detail(house_number="99")) == {"house_number"}
    assert doubtful("số 99", Detail(house_number="99")) == set()


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_part_says_so(ga: geoaddr.Geoaddr, lang: str) -> None:
    answer = ga.validate("99 qwerty" + IN)
    told = {part.name: part.why[lang] for part in answer.components}
    words = {"en": "by its place alone", "vi": "chỉ được hiểu theo vị trí"}[lang]
    assert all(words in told[name] for name in ("house_number", "street"))
    number = next(part for part in ga.validate("asdf 99 qwerty" + IN).components if part.name == "house_number")
    assert number.value is None
    assert {"en": "nothing says that it is the house's", "vi": "không rõ có phải số nhà"}[lang] in number.why[lang]


def test_a_field_of_a_form_says_what_it_is(ga: geoaddr.Geoaddr) -> None:
    """Its look is doubted alone."""
    units = {"commune": "20242", "province": "48"}
    assert ga.validate({"house_number": "12", "street": "Raymondienne", **units}).verdict == "accept"
    assert ga.validate({"house_number": "99", **units}).verdict == "accept"
    for door in ({"house_number": "12abc"}, {"house_number": "12", "street": "Lê Lợi 🏠"}):
        answer = ga.validate({**door, **units})
        assert (answer.verdict, answer.possible_next_action) == ("confirm", "confirm_leftover")


def test_a_street_on_which_addresses_are_known_is_not_doubted() -> None:
    with geoaddr.open(store="memory:") as ga:
        parts = {"house_number": "12", "street": "Raymondienne", "commune": "20242"}
        ga.registry.confirm(ga.assign(parts, lat=16.0678, lon=108.2208).ndas)
        assert ga.validate("12 Raymondienne" + IN).verdict == "accept"
        assert ga.validate("12 Loseby" + IN).possible_next_action == "confirm_leftover"


def test_a_name_beside_a_door_asks_nobody_back(ga: geoaddr.Geoaddr) -> None:
    assert ga.validate("Celadon, 12 Lê Lợi" + IN).verdict == "accept"


def test_rows_say_it_as_one_by_one(ga: geoaddr.Geoaddr) -> None:
    """Texts that differ in the number alone share an answer, and each row quotes its own."""
    texts = [f"{n} qwerty{IN}" for n in (99, 98, 97)] + [f"{n}abc{IN}" for n in (21, 22)]
    rows = TextColumns(ga).validate(pa.array(texts))
    for text, verdict, action, reasons in zip(
        texts, *(rows[name].to_pylist() for name in ("verdict", "next_action", "reasons")), strict=True
    ):
        one = ga.validate(text)
        assert (verdict, action) == (one.verdict, one.possible_next_action) == ("confirm", "confirm_leftover")
        assert f"“{text.split(',')[0].split()[0]}” was read so" in reasons

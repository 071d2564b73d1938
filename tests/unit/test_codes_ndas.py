"""NDAS codes, their check letter, and Location IDs: what is read, what is refused and why."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import random

import pytest
from stdnum.es import dni

import geoaddr.codes
from geoaddr.codes import check_letter, location_id, ndas
from geoaddr.errors import InvalidChecksum, InvalidCode, InvalidFormat, InvalidLength

MODULES = sorted(module.name for module in pkgutil.iter_modules(geoaddr.codes.__path__))
SYSTEMS = ["plus_code", "vpostcode", "ndas", "geohash", "location_id"]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_modules_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"geoaddr.codes.{name}")).failed == 0


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_has_the_same_verbs(name: str) -> None:
    module = importlib.import_module(f"geoaddr.codes.{name}")
    for verb in ("compact", "validate", "is_valid", "format"):
        assert callable(getattr(module, verb))
    assert not module.is_valid("")


@pytest.mark.parametrize(
    "typed",
    ["1112012345", "11120 12345", "11120-12345", "111.201.234.5", " 11120\u00a012345\n", "11120–12345",
     "1112012345W", "11120 12345 w", "11120-12345-W"],
)  # fmt: skip
def test_separators_and_a_check_letter_are_read(typed: str) -> None:
    assert ndas.validate(typed) == "1112012345"
    assert ndas.format(typed) == "11120 12345"
    assert ndas.format(typed, with_letter=True) == "11120 12345 W"
    assert (ndas.area(typed), ndas.extension(typed)) == ("11120", "12345")


@pytest.mark.parametrize(
    ("typed", "error", "says"),
    [
        ("111201234", InvalidLength, "has 10 characters, not 9"),
        ("11120123456", InvalidLength, "has 10 characters, not 11"),
        ("11120 1234O", InvalidFormat, "cannot have 'O' (character 11)"),
        ("11120_12345", InvalidFormat, "cannot have '_' (character 6)"),
        ("1112\uff1012345", InvalidFormat, "character 5 (U+FF10) is a full-width digit; type 0"),
        ("1112\u066012345", InvalidFormat, "character 5 (U+0660) is a digit of another script; type 0"),
        ("11120²12345", InvalidFormat, "character 6 (U+00B2)"),
        ("1112012345A", InvalidChecksum, "does not belong to these digits"),
        ("1112012345Q", InvalidFormat, "no check letter is 'Q'"),
        ("", InvalidLength, "empty"),
        (" - . ", InvalidLength, "empty"),
        ("1" * 10_000_000, InvalidLength, "no code has more than 64"),
        (1112012345, InvalidFormat, "codes are strings"),
    ],
)
def test_a_bad_code_says_why_in_both_languages(typed: str, error: type[InvalidCode], says: str) -> None:
    with pytest.raises(error) as caught:
        ndas.validate(typed)
    assert says in str(caught.value)
    assert caught.value.field == "code"
    assert caught.value.reason.vi != caught.value.reason.en
    assert not ndas.is_valid(typed)


def test_leading_zeros_stay() -> None:
    assert ndas.join("01000", "00042") == "0100000042"
    with pytest.raises(InvalidLength):
        ndas.join("1000", "00042")


def test_the_check_letter_catches_every_wrong_digit_and_every_swap() -> None:
    """Each slip changes the number by place values that 23 does not divide, whatever the other digits are."""
    for place in range(10):
        for difference in range(1, 10):
            assert difference * 10**place % 23
            for other in range(place):
                assert difference * (10**place - 10**other) % 23
    assert len(set(check_letter.LETTERS)) == 23
    assert not set("IOQ") & set(check_letter.LETTERS)


def test_the_check_letter_catches_them_on_real_codes_too() -> None:
    chance = random.Random(5)
    for _ in range(300):
        code = f"{chance.randrange(10**10):010d}"
        letter = check_letter.letter(code)
        for place in range(10):
            for digit in "0123456789":
                wrong = code[:place] + digit + code[place + 1 :]
                assert check_letter.matches(wrong, letter) == (wrong == code)
            swapped = code[:place] + code[place + 1 : place + 2] + code[place] + code[place + 2 :]
            assert check_letter.matches(swapped, letter) == (swapped == code)


def test_the_check_letter_is_the_remainder_that_python_stdnum_finds() -> None:
    chance = random.Random(6)
    order = "TRWAGMYFPDXBNJZSQVHLCKE"
    for _ in range(2_000):
        code = f"{chance.randrange(10**10):010d}"
        assert check_letter.LETTERS.index(check_letter.letter(code)) == order.index(dni.calc_check_digit(code))


def test_a_location_id_is_twelve_digits_and_nothing_else() -> None:
    assert location_id.format("001-234 567.890") == "001234567890"
    for bad, error in (("00123456789", InvalidLength), ("00123456789X", InvalidFormat)):
        with pytest.raises(error):
            location_id.validate(bad)

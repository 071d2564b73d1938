"""The compiled engine reads what plain Python reads, to the last digit."""

from __future__ import annotations

import csv
import random
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings

from geoaddr.errors import InvalidQuery
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.weighing import likeliest, weighed
from tests.benchmarks.understanding.rewriting import REWRITINGS
from tests.benchmarks.writing_styles import lines
from tests.fuzz.strategies import mixed
from tests.interpretation.hostile_texts import ABROAD, HOME, LONG, NOTHING, PROSE, SAID_TWICE

ROWS = {"real_addresses_dev.csv": ("old_address", "new_address"), "legacy_noisy_dev.csv": ("text",)}
SAMPLE = 700
"""Texts of each column that are compared."""


@pytest.fixture(scope="module")
def plain(gazetteer: Gazetteer) -> Interpreter:
    return Interpreter(gazetteer, compiled=False)


def the_same(plain: Interpreter, compiled: Interpreter, texts: list[str]) -> None:
    for text in texts:
        wanted = weighed(plain, text)
        assert weighed(compiled, text) == wanted, text
        best, likely = likeliest(compiled, text)
        assert likely == [reading.likely for reading in wanted], text
        assert best == (wanted[0].best if wanted else None), text


@pytest.mark.parametrize(("name", "column"), [(n, c) for n, columns in ROWS.items() for c in columns])
def test_real_addresses(plain: Interpreter, compiled: Interpreter, name: str, column: str, shared: Path) -> None:
    with (shared / "data/addresses" / name).open(encoding="utf-8", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file)]
    the_same(plain, compiled, random.Random(11).sample(texts, min(SAMPLE, len(texts))))


@pytest.mark.parametrize("kind", REWRITINGS)
def test_real_addresses_written_otherwise(
    plain: Interpreter, compiled: Interpreter, kind: str, shared: Path
) -> None:
    with (shared / "data/addresses/real_addresses_dev.csv").open(encoding="utf-8", newline="") as file:
        texts = [REWRITINGS[kind](row["old_address"]) for row in csv.DictReader(file)]
    the_same(plain, compiled, random.Random(12).sample(texts, SAMPLE // 4))


def test_made_up_lines_in_all_styles(plain: Interpreter, compiled: Interpreter, gazetteer: Gazetteer) -> None:
    the_same(plain, compiled, [line.text for line in lines(gazetteer, 60)])


def test_texts_made_to_hurt(plain: Interpreter, compiled: Interpreter) -> None:
    the_same(plain, compiled, [*LONG.values(), *NOTHING.values()])
    for written in (PROSE, ABROAD, HOME, SAID_TWICE):
        the_same(plain, compiled, written.strip().splitlines())


def test_a_text_of_more_words_than_the_engine_takes(plain: Interpreter, compiled: Interpreter) -> None:
    """Words that are glued count each: 48 tokens of five are 240."""
    the_same(plain, compiled, ["PhườngTânAnHàNội " * 60, "phuongtananhanoi, " * 60])


def test_letters_that_small_letters_make_otherwise(plain: Interpreter, compiled: Interpreter) -> None:
    """Capitals of Unicode that become two characters, or an ASCII letter, in small: İ, and the Kelvin sign."""
    odd = [c for c in map(chr, range(128, 0x110000)) if len(c.lower()) > 1 or c.lower().isascii()]
    assert {"\u0130", "\u212a"} <= set(odd)
    the_same(plain, compiled, [f"{letter} HCM" for letter in odd] + [f"Hà N{letter}i" for letter in odd])


@settings(max_examples=300, deadline=None)
@given(mixed)
def test_any_text(plain: Interpreter, compiled: Interpreter, text: str) -> None:
    try:
        the_same(plain, compiled, [text])
    except InvalidQuery:  # half a character: both refuse it
        with pytest.raises(InvalidQuery):
            weighed(compiled, text)


def test_threads_share_it(plain: Interpreter, compiled: Interpreter, gazetteer: Gazetteer) -> None:
    texts = [line.text for line in lines(gazetteer, 10)]
    wanted = [weighed(plain, text) for text in texts]
    wrong: list[str] = []

    def read() -> None:
        wrong.extend(text for text, want in zip(texts, wanted, strict=True) if weighed(compiled, text) != want)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong

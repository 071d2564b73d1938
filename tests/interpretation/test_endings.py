"""Where texts end in their units: the compiled engine tells together what plain Python reads of each alone."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.ordinary import is_ordinary
from geoaddr.interpretation.reading import Interpretation
from geoaddr.interpretation.weighing import MOST, SHOWN, weighed
from tests.benchmarks.writing_styles import lines
from tests.interpretation.hostile_texts import LONG, NOTHING, PROSE

SAMPLE = 700

Key = tuple[str, bytes]


@pytest.fixture(scope="module")
def texts(gazetteer: Gazetteer, shared: Path) -> list[str]:
    """Lines in all styles, real addresses, and what is none, those that end alike one after another."""
    with (shared / "data/addresses/real_addresses_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[column] for row in csv.DictReader(file) for column in ("old_address", "new_address")]
    found = [line.text for line in lines(gazetteer, 60)] + random.Random(5).sample(rows, SAMPLE)
    found += [*LONG.values(), *NOTHING.values(), *PROSE.strip().splitlines()]
    return sorted({text for text in found if is_ordinary(text)}, key=lambda text: text[::-1])


def read(interpreter: Interpreter, texts: list[str]) -> dict[str, tuple[int, Key | None]]:
    begins, keys = interpreter.endings(texts, limit=SHOWN, open_limit=MOST)
    return dict(zip(texts, zip(begins, keys, strict=True), strict=True))


def from_there(readings: list[Interpretation], begin: int) -> object:
    """All that readings say of a text from a character on."""
    units = [
        [
            (match.unit, match.cost, match.span and (match.span[0] - begin, match.span[1] - begin))
            for match in each.matches
        ]
        for each in readings
    ]
    return units, [each.weight for each in readings]


def test_they_are_those_of_plain_python(gazetteer: Gazetteer, compiled: Interpreter, texts: list[str]) -> None:
    plain = Interpreter(gazetteer, compiled=False)
    alike: dict[Key, object] = {}
    for text, (begin, key) in read(compiled, texts).items():
        readings = weighed(plain, text)
        if key is None:
            assert not readings or len(text.split()) > 100, text  # or a text of more words than the engine takes
            continue
        assert key[0] == text[begin:]
        assert begin in [match.span[0] for match in readings[0].matches if match.span], text
        said = from_there(readings, begin)
        assert alike.setdefault(key, said) == said, text
    assert len(alike) < len(texts)


def test_one_at_a_time_and_in_any_order_they_are_the_same(compiled: Interpreter, texts: list[str]) -> None:
    wanted = read(compiled, texts)
    shuffled = random.Random(6).sample(texts, len(texts))
    assert read(compiled, shuffled) == wanted
    assert {text: read(compiled, [text])[text] for text in shuffled} == wanted


def test_what_is_no_text_to_be_read_has_none(compiled: Interpreter) -> None:
    text = "7 Vạn Bảo, Phường Ba Đình, Thành phố Hà Nội"
    begins, keys = compiled.endings([None, text, None])
    assert (begins[1], keys[0], keys[2]) == (text.index("Phường"), None, None)


def test_without_the_engine_none_is_told(gazetteer: Gazetteer) -> None:
    assert Interpreter(gazetteer, compiled=False).endings(["7 Vạn Bảo, Ba Đình, Hà Nội"]) == ([0], [None])

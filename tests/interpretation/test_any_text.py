"""Any text at all: bounded time, no failure, and nothing understood where nothing stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.errors import InvalidInput, InvalidQuery
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.platform import Geoaddr
from geoaddr.text.asked import MAX_LENGTH
from tests.benchmarks.writing_styles import STYLES, lines
from tests.command_lines import Lines
from tests.counting import calls
from tests.interpretation.hostile_texts import ABROAD, HOME, LONG, NOTHING, PROSE, REFUSED, SAID_TWICE

MOST_CALLS = 400
"""Of functions for a character of a long text. What grew with the square of the length would need thousands; the
benchmark of hostile texts measures the time."""

VERBS: dict[str, Callable[[Geoaddr, Any], Any]] = {
    "parse": lambda ga, text: ga.parse(text),
    "explain": lambda ga, text: ga.parse(text, explain=True),
    "convert": lambda ga, text: ga.convert(text),
    "convert to old": lambda ga, text: ga.convert(text, to="old"),
    "validate": lambda ga, text: ga.validate(text),
}


@pytest.fixture(scope="module")
def ga() -> Iterator[Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        opened.validate("Xa Tan Ann, Dong Nay")  # what is built when first needed
        yield opened


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "validate"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_is_refused_with_its_reason(ga: Geoaddr, verb: str, name: str) -> None:
    with pytest.raises(InvalidQuery) as refusal:
        VERBS[verb](ga, REFUSED[name])
    error = refusal.value
    assert error.field == "text"
    assert error.reason.en != error.reason.vi
    assert len(error.message("vi")) < 200
    error.message("en").encode()


@pytest.mark.parametrize("name", [name for name, given in REFUSED.items() if given is not None])
def test_a_checkout_refuses_it_too(ga: Geoaddr, name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ga.validate(REFUSED[name])
    assert len(refusal.value.message("vi")) < 200


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_is_understood_where_nothing_stands(ga: Geoaddr, name: str) -> None:
    text = NOTHING[name]
    parsed, converted = ga.parse(text), ga.convert(text)
    assert (parsed.status, parsed.interpretations, parsed.confidence) == ("not_found", (), None)
    assert (converted.status, converted.candidates, converted.address) == ("not_found", (), None)
    assert ga.validate(text).verdict in ("reject", "fix")
    json.dumps([parsed.to_dict(), converted.to_dict()]).encode()


@pytest.mark.parametrize("text", PROSE.strip().splitlines())
def test_sentences_are_no_addresses(ga: Geoaddr, text: str) -> None:
    assert "ok" not in (ga.parse(text).status, ga.convert(text).status)
    assert ga.validate(text).verdict != "accept"


@pytest.mark.parametrize("text", ABROAD.strip().splitlines())
def test_an_address_of_another_country_is_never_stood_behind(ga: Geoaddr, text: str) -> None:
    parsed = ga.parse(text)
    assert parsed.status != "ok"
    assert "ok" not in (ga.convert(text).status, ga.convert(text, to="old").status)
    assert ga.validate(text).verdict != "accept"


@pytest.mark.parametrize("text", HOME.strip().splitlines())
def test_a_word_from_abroad_moves_no_address_there(ga: Geoaddr, text: str) -> None:
    parsed = ga.parse(text)
    assert parsed.commune is not None
    assert parsed.commune.full_name.casefold() in text.casefold()


@pytest.mark.parametrize("line", SAID_TWICE.strip().splitlines())
def test_a_province_that_is_named_twice_is_no_commune(ga: Geoaddr, line: str) -> None:
    text, code = (part.strip() for part in line.split("|"))
    parsed = ga.parse(text)
    assert parsed.province is not None
    assert (parsed.province.code, parsed.status) == (code, "partial")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", LONG)
def test_long_texts_take_bounded_work(ga: Geoaddr, name: str, verb: str) -> None:
    text = LONG[name]
    assert len(text) == MAX_LENGTH
    assert calls(lambda: VERBS[verb](ga, text)) < MOST_CALLS * len(text)


@pytest.mark.parametrize("verb", ["parse", "convert"])
@pytest.mark.parametrize("text", ["", "\x1b[31m\u202eHuế", "'; DROP TABLE units;", "a" * 5000])
def test_the_command_line_stays_plain(tmp_path: Path, verb: str, text: str) -> None:
    ran = Lines(tmp_path)(verb, text, "--lang", "vi")
    understood = "Huế" in text and verb == "parse"
    assert ran.code == (2 if len(text) > MAX_LENGTH else 0 if understood else 1)
    assert all(line.isprintable() for line in ran.out.splitlines())
    assert len(ran.err.splitlines()) == (ran.code == 2)


WORDS = st.sampled_from(
    """phường p. P xã quận Q. 1 3 10 tp hcm Hà Nội, Huế - / ( ) Tân An đường
    ngõ 12/3 việt nam Bình, ww ff \u0300 H' M""".split()  # noqa: SIM905
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=25).map(" ".join)))
def test_every_text_is_read_without_failure(interpreter: Interpreter, text: str) -> None:
    readings = interpreter.interpret(text)
    assert len(readings) <= 5
    assert not readings or abs(sum(r.weight for r in readings) - 1) < 1e-9
    for reading in readings:
        assert any((reading.province, reading.district, reading.commune))
        assert all(0 <= a < b <= len(text) for a, b in reading.rest)


@pytest.mark.parametrize("style", STYLES)
def test_units_are_found_in_every_style(interpreter: Interpreter, gazetteer: Gazetteer, style: str) -> None:
    made = [line for line in lines(gazetteer, 60) if line.style == style]
    wrong = []
    for line in made:
        readings = interpreter.interpret(line.text)
        if line.unit not in [r.commune for r in readings]:
            wrong.append(line.text)
    assert len(wrong) <= (2 if style == "one typo" else 0), wrong

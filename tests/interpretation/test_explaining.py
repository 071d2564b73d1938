"""An explanation shows every stage, agrees with the answer, and is made only when asked for."""

from __future__ import annotations

import json
import sys

import pytest

from geoaddr.interpretation import Interpreter
from geoaddr.parsing import Parsed, parse

TEXTS = """
Số 12 ngõ 5 phố Huế, P.Bến Nghé, Q1, TP.HồChíMinh
12/34/5A đường 3/2, Xa Tan An, Huyen Vinh Cuu, Dong Nai, Việt Nam
phuowngf Thuỷ Xuân, Thừa Thiên Huế
Phường Trảng Dàj, Biên Hòa, Đồng Nai
Ward 10, District 3, HCMC 11022CX4R8QV
7P28QMGC+2V Hoàn Kiếm, Hà Nội 11020
Ban Dong, Sepon, Savannakhet
🏠 ,;.()
"""


@pytest.fixture(params=TEXTS.strip().splitlines())
def explained(interpreter: Interpreter, request: pytest.FixtureRequest) -> Parsed:
    return parse(interpreter, request.param, explain=True)


def test_it_is_plain_data_and_absent_when_not_asked_for(interpreter: Interpreter, explained: Parsed) -> None:
    document = explained.to_dict()
    assert json.loads(json.dumps(document)) == document
    without = parse(interpreter, explained.input).to_dict()
    assert "explanation" not in without
    del document["explanation"]
    assert without == document


def test_every_stage_points_into_the_text(explained: Parsed) -> None:
    assert explained.explanation is not None
    stages = explained.explanation
    for seen in (*stages.tokens, *stages.names, *stages.typos, *stages.components):
        assert explained.input[seen.start : seen.end] == seen.text
    starts = [seen.start for seen in stages.tokens]
    assert starts == sorted(set(starts))


def test_readings_are_those_of_the_answer_with_all_that_they_cost(explained: Parsed) -> None:
    assert explained.explanation is not None
    shown = explained.explanation.readings
    assert [reading.weight for reading in shown] == [reading.weight for reading in explained.interpretations]
    for reading in shown:
        assert reading.cost == pytest.approx(sum(part.cost for part in reading.parts), abs=1e-3)
        assert all(part.why["en"] and part.why["vi"] for part in reading.parts)


def test_every_unit_that_was_read_is_among_the_names(explained: Parsed) -> None:
    stages = explained.explanation
    assert stages is not None
    shown = {(seen.unit, seen.start, seen.end) for seen in (*stages.names, *stages.typos) if 1 in seen.readings}
    for reading in explained.interpretations[:1]:
        read = {(match.unit, *match.span) for match in reading.matches if match.span}
        assert read == shown


def test_every_part_of_the_rest_has_its_rule(explained: Parsed) -> None:
    stages = explained.explanation
    assert stages is not None
    places = [(seen.component, seen.start, seen.end) for seen in stages.components]
    assert places == list(explained.components.parts)
    assert all(seen.rule["en"] and seen.rule["vi"] for seen in stages.components)


def test_what_a_name_costs_is_said_in_both_languages(interpreter: Interpreter) -> None:
    stages = parse(interpreter, "Xa Tan An, Vinh Cuu", explain=True).explanation
    assert stages is not None
    seen = stages.names[0]
    assert seen.text == "Xa Tan An"
    assert seen.costs == {"spelling": seen.cost}
    assert [why["en"] for why in seen.why] == ["without accents, or with others", "its spelling"]
    assert [why["vi"] for why in seen.why] == ["thiếu dấu hoặc khác dấu", "cách viết"]


def test_typos_that_were_tried_are_shown(interpreter: Interpreter) -> None:
    stages = parse(interpreter, "Phường Trảng Dàj, Biên Hòa, Đồng Nai", explain=True).explanation
    assert stages is not None
    assert stages.typos_searched
    assert "Trảng Dài" in {seen.unit.name for seen in stages.typos}


def test_a_foreign_address_says_so(interpreter: Interpreter) -> None:
    parsed = parse(interpreter, "Ban Dong, Sepon, Savannakhet", explain=True)
    assert parsed.explanation is not None
    assert parsed.explanation.abroad
    assert parsed.status == "not_found"


def test_the_stages_are_not_even_loaded_without_being_asked_for(interpreter: Interpreter) -> None:
    loaded = {name: sys.modules.pop(name) for name in list(sys.modules) if name.endswith(".explaining")}
    try:
        parse(interpreter, "Phường Bến Nghé, Quận 1")
        assert not any(name.endswith(".explaining") for name in sys.modules)
    finally:
        sys.modules.update(loaded)

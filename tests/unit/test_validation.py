"""Verdicts for a checkout: a table of addresses and what is to be said of them, and what holds of every one."""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.errors import GeoaddrError, InvalidInput, InvalidPoint, InvalidQuery, Said
from geoaddr.text.fold import fold
from geoaddr.validation import Validated
from geoaddr.validation.fields import ALIASES, FIELDS
from geoaddr.validation.records import Action, Status, Verdict
from geoaddr.validation.verdict import ACCEPT_AT, RULES
from geoaddr.validation.wording import ACTIONS, REASONS, listed
from tests import tables

ROOT = Path(__file__).resolve().parents[2]
CASES = tables.read(ROOT / "tests/vectors/validate.csv")
EXPLANATION = (ROOT / "docs/explanation/checkout-verdicts.md").read_text(encoding="utf-8")


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.fixture
def ga() -> geoaddr.Geoaddr:
    return opened()


def question(case: dict[str, str]) -> str | dict[str, Any]:
    fields: dict[str, Any] = json.loads(case["fields"] or "{}")
    if not fields:
        return case["text"]
    return {**fields, "text": case["text"]} if case["text"] else fields


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["because"])
def test_what_is_said_of_an_address(ga: geoaddr.Geoaddr, case: dict[str, str]) -> None:
    answer = ga.validate(question(case))
    assert (answer.verdict, answer.possible_next_action) == (case["verdict"], case["action"])
    if case["commune"]:
        assert answer.commune is not None
        assert answer.commune.code == case["commune"]
    statuses = {(part.name, part.status) for part in answer.components}
    for pair in filter(None, case["statuses"].split(";")):
        name, _, status = pair.partition("=")
        assert (name, status) in statuses


def test_the_table_shows_every_verdict_and_nearly_every_action() -> None:
    assert {case["verdict"] for case in CASES} == set(get_args(Verdict))
    elsewhere = {"confirm_street", "correct_point", "ask_point"}  # tested with known streets and exact boundaries
    assert {case["action"] for case in CASES} == set(get_args(Action)) - elsewhere


def check(answer: Validated) -> None:
    """What holds of every verdict."""
    assert answer.verdict in get_args(Verdict)
    assert answer.possible_next_action in get_args(Action)
    assert (answer.verdict == "accept") == (answer.possible_next_action == "accept")
    names = [part.name for part in answer.components]
    assert all(names.count(name) == 1 for name in names if name not in ("rest", "code"))
    for part in answer.components:
        assert part.status in get_args(Status)
        assert (part.status == "missing") <= (part.value is None and part.given is None)
    sentences = [answer.action_text, *(p.why for p in answer.components), *(c.why for c in answer.contradictions)]
    for sentence in sentences:
        assert sentence.keys() == {"vi", "en"}
        assert all(sentence.values())
    if answer.verdict == "accept":
        assert answer.confidence is not None
        assert answer.confidence >= ACCEPT_AT
        assert not answer.contradictions
        assert answer.normalised.new
        assert answer.commune
        assert not {part.status for part in answer.components} & {"missing"}
    if answer.verdict == "reject":
        assert answer.normalised.new is None
    assert [c.weight for c in answer.candidates] == sorted((c.weight for c in answer.candidates), reverse=True)
    json.dumps(answer.to_dict(), ensure_ascii=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["because"])
def test_every_verdict_is_sound(ga: geoaddr.Geoaddr, case: dict[str, str]) -> None:
    check(ga.validate(question(case)))
    check(ga.validate(question(case), as_of="2025-06-30"))
    check(ga.validate(question(case), area_only=True))


PIECES = [
    "12",
    "Lê Lợi",
    "Phường Bến Thành",
    "Quận 1",
    "TP.HCM",
    "Hà Nội",
    "Hoàn Kiếm",
    "71009",
    "xã",
    "P.",
    "Q3",
    "12/3",
    "7PH72VJ2+222",
    "1112012345",
    "thôn 3",
    "Thủ Đức",
    "USA",
    "Láng Hạ",
    "ngõ 5",
    "Tân An",
]
written = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map(", ".join),
    st.text(max_size=80),
    st.text(alphabet=string.printable + "ạảấầđ,/", max_size=120),
)


@settings(max_examples=150, deadline=None)
@given(written)
def test_any_text_has_a_sound_verdict(text: str) -> None:
    check(opened().validate(text))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from([f for f in FIELDS if f not in ("lat", "lon", "alley")]), written, max_size=5),
    st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)
def test_any_form_has_a_sound_verdict(fields: dict[str, Any], at: tuple[float, float] | None) -> None:
    point = {} if at is None else {"lat": at[0], "lon": at[1]}
    check(opened().validate({**fields, **point}))


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"strret": "Lê Lợi"}, InvalidInput, "strret"),
        ({"text": 5}, InvalidInput, "text"),
        ({"commune": ["Hoàn Kiếm"]}, InvalidInput, "commune"),
        ({"ward": "Hoàn Kiếm", "commune": "Cửa Nam"}, InvalidInput, "commune"),
        ({"street": "x" * 201}, InvalidQuery, "street"),
        ({"text": "x" * 4097}, InvalidQuery, "text"),
        ({"alley": ["1"] * 17}, InvalidInput, "alley"),
        ({"lat": 21.0}, InvalidPoint, "lon"),
        ({"lat": "21.0", "lon": 105.8}, InvalidPoint, "lat"),
        ({"lat": 105.8, "lon": 21.0}, InvalidPoint, "lat"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_by_name(
    ga: geoaddr.Geoaddr, fields: dict[str, Any], error: type[GeoaddrError], field: str
) -> None:
    with pytest.raises(error) as caught:
        ga.validate(fields)
    assert caught.value.field == field  # type: ignore[attr-defined]


def test_what_is_no_address_at_all_is_refused(ga: geoaddr.Geoaddr) -> None:
    for wrong in (5, ["12"], b"12 Hang Trong"):
        with pytest.raises(InvalidInput):
            ga.validate(wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        ga.validate({"code": "7PH72VJ2+222"}, code="7P28QPGX+2F")
    assert ga.validate().verdict == ga.validate({}).verdict == ga.validate("  ").verdict == "reject"


def test_empty_fields_are_as_absent_ones(ga: geoaddr.Geoaddr) -> None:
    fields = {"house_number": "12", "street": "Hàng Trống", "commune": "Hoàn Kiếm", "province": "Hà Nội"}
    absent = dict.fromkeys(name for name in (*FIELDS, *ALIASES) if name not in fields)
    blank = dict.fromkeys(("district", "postcode", "code", "text", "hamlet", "zip"), "")
    one, other, third = (ga.validate(f) for f in (fields, {**absent, **fields}, {**fields, **blank}))
    assert one.components == other.components == third.components
    assert one.verdict == "accept"


def test_every_new_commune_is_accepted_as_it_is_printed(ga: geoaddr.Geoaddr) -> None:
    """What a verdict prints is itself accepted, as the same commune. Only one whose name another unit has or had
    may be asked about."""
    past = ga.units("commune", as_of="2025-06-30")
    times = Counter(fold(unit.name) for unit in (*past, *ga.units("commune")))
    for unit in ga.units("commune"):
        text = f"12 Lê Lợi, {unit.full_name}, {ga.unit(unit.parent or '').full_name}"
        answer = ga.validate(text)
        assert answer.normalised.new is not None, text
        for said in (answer, ga.validate(answer.normalised.new)):
            assert said.commune == unit, text
            asked = said.verdict == "confirm" and times[fold(unit.name)] > 1
            assert said.verdict == "accept" or asked, text


def test_what_is_printed_in_new_units_means_the_same_again(ga: geoaddr.Geoaddr) -> None:
    """And what is printed in old units goes back to the same commune."""
    for unit in ga.units("commune", as_of="2025-06-30")[::40]:
        above = ga.gazetteer.ancestors(unit, as_of=unit.valid_from)
        answer = ga.validate(", ".join(["Số 5, thôn 1", unit.full_name, *(each.full_name for each in above)]))
        if answer.normalised.new is None:
            assert answer.verdict == "fix"
            continue
        for printed in filter(None, (answer.normalised.new, answer.normalised.old)):
            again = ga.validate(printed)
            assert again.verdict in ("accept", "confirm")
            assert again.commune == answer.commune


def test_every_sentence_is_in_both_languages_with_the_same_gaps() -> None:
    def gaps(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    assert set(get_args(Action)) == ACTIONS.keys()
    for said in (*ACTIONS.values(), *REASONS.values()):
        assert said.en
        assert said.vi
        assert said.en != said.vi
        assert gaps(said.en) == gaps(said.vi)
    assert listed(["a", "b", "c"]) == Said("a, b or c", "a, b hoặc c")
    assert listed(["a", "b", "c", "d"]).en == "a, b, c, …"


def test_no_sentence_has_the_sign_that_parts_sentences() -> None:
    for said in (*REASONS.values(), *ACTIONS.values()):
        assert ";" not in said.en + said.vi


def test_every_rule_is_explained() -> None:
    """The table of the documentation has the rules of the code, in their order."""
    rows = re.findall(r"^\| `(accept|confirm|fix|reject)` \| `(\w+)` \|", EXPLANATION, flags=re.MULTILINE)
    assert rows == [*((rule.verdict, rule.action) for rule in RULES), ("accept", "accept")]
    for status in get_args(Status):
        assert f"| `{status}` |" in EXPLANATION

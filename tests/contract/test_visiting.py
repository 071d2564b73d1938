"""Rounds of verification, and flats that are split, merged and pulled down."""

from __future__ import annotations

import pytest

from geoaddr.errors import Conflict, InvalidInput, StaleVersion, UnknownAddress

ROUNDS = """
starts   | found                         | statuses
proposed | agrees agrees agrees          | verified verified live
proposed | differs agrees agrees         | proposed verified live
proposed | not_found not_found agrees    | proposed proposed live
proposed | agrees differs not_found      | verified verified verified
verified | agrees agrees agrees          | verified verified live
verified | not_found differs differs     | verified verified verified
"""


@pytest.fixture
def issue(registry, draft):
    numbers = iter(range(1, 1000))
    return lambda status="proposed": registry.issue(draft(next(numbers), status=status)).record.ndas


@pytest.mark.parametrize("line", ROUNDS.strip().splitlines()[1:], ids=str.strip)
def test_three_rounds(registry, issue, line):
    starts, found, statuses = (cell.split() for cell in line.split("|"))
    code = issue(starts[0])
    for finding, status in zip(found, statuses, strict=True):
        assert registry.visit(code, finding, actor="postman 7").status == status
    told = [(e.details["round"], e.details["outcome"], e.actor) for e in registry.history(code)[1:]]
    assert told == [(n, finding, "postman 7") for n, finding in enumerate(found, 1)]
    with pytest.raises(Conflict) as caught:
        registry.visit(code)
    assert caught.value.field == ("status" if statuses[-1] == "live" else "round")
    assert registry.verify() == []


def test_an_authority_may_confirm_before_the_third_round(registry, issue):
    code = issue()
    registry.visit(code)
    assert registry.confirm(code, actor="ward").status == "live"


def test_a_round_of_a_confirmation_counts(registry, issue):
    code = issue()
    registry.confirm(code, round=2)
    assert registry.visit(code).status == "live"
    assert registry.history(code)[-1].details["round"] == 3


def test_visits_are_refused_by_name(registry, issue):
    code = issue()
    with pytest.raises(InvalidInput) as caught:
        registry.visit(code, "maybe")
    assert caught.value.field == "outcome"
    with pytest.raises(StaleVersion):
        registry.visit(code, expected_version=2)
    with pytest.raises(UnknownAddress):
        registry.visit("1112099999")
    registry.retire(code)
    with pytest.raises(Conflict):
        registry.visit(code)


def test_a_building_is_split_flats_are_merged_and_all_is_pulled_down(registry, issue):
    building, a, b, c, both = (issue("live") for _ in range(5))
    split = registry.split(building, [a, b, c], reason="three flats", evidence="GP 17/2026")
    assert (split.status, split.superseded_by) == ("superseded", (a, b, c))
    merged = registry.merge([a, b], both, reason="one home")
    assert [(r.ndas, r.status, r.superseded_by) for r in merged] == [
        (a, "superseded", (both,)), (b, "superseded", (both,)),
    ]  # fmt: skip
    assert [r.ndas for r in registry.replacements(building)] == sorted([c, both])
    gone = registry.demolish([c, both], reason="pulled down")
    assert [r.status for r in gone] == ["retired", "retired"]
    kinds = {code: registry.history(code)[-1].kind for code in (building, a, b, c, both)}
    assert kinds == {building: "split", a: "merged", b: "merged", c: "demolished", both: "demolished"}
    assert registry.history(building)[-1].details["evidence"] == "GP 17/2026"
    assert registry.verify() == []


def test_all_or_none(registry, issue):
    a, b, into = issue(), issue(), issue()
    registry.retire(b)
    for change in (lambda: registry.merge([a, b], into), lambda: registry.demolish([a, b])):
        with pytest.raises(Conflict):
            change()
        assert registry.get(a).status == "proposed"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("into", lambda r, a, b: r.split(a, [b])),
        ("codes", lambda r, a, b: r.merge([], b)),
        ("codes", lambda r, a, b: r.merge([a, f"{a[:5]} {a[5:]}"], b)),
        ("codes", lambda r, a, b: r.demolish([])),
    ],
)
def test_what_is_named_wrongly_is_refused(registry, issue, field, change):
    a, b = issue(), issue()
    with pytest.raises(InvalidInput) as caught:
        change(registry, a, b)
    assert caught.value.field == field
    assert registry.get(a).status == "proposed"


def test_flats_are_not_merged_into_one_of_them(registry, issue):
    a, b = issue(), issue()
    with pytest.raises(Conflict, match="replace itself"):
        registry.merge([a, b], b)
    assert registry.get(a).status == "proposed"

"""A postman's day comes in once, overwrites nothing, and leaves what a person must decide."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.errors import AreaExhausted, InvalidInput
from geoaddr.registry import Draft, LoadRow
from geoaddr.store import AREA_CAPACITY


def draft_of(components, point, source, uncertainty_m):
    draft = Draft(
        components=components, area_code="11120", commune_code="00004", point=point, point_source=source,
        uncertainty_m=uncertainty_m, issued_on=dt.date(2026, 3, 1),
    )  # fmt: skip
    return draft, ()


def proposal(row_id, number, **others):
    return {
        "id": row_id, "action": "propose", "house_number": str(number), "street": "Quán Thánh",
        "lat": str(21.0368 + int(number) * 1e-3), "lon": "105.8346", **others,
    }  # fmt: skip


@pytest.fixture
def sync(registry):
    return lambda *rows: list(
        registry.sync([LoadRow(n, row) for n, row in enumerate(rows, 1)], draft_of, actor="p7")
    )


def state(registry):
    return [registry.history(record.ndas) for record in registry.export()], list(registry.export())


def told(answers):
    return [(a.status, a.field) if a.field else a.status for a in answers]


def test_a_day_is_applied_once(registry, sync):
    first, second = registry.reserve("11120", 2)
    (old,) = sync(proposal("0", 1))
    day = [
        proposal("a", 12),
        proposal("b", 14, ndas=first, evidence="photo 3"),
        {"id": "c", "action": "amend", "ndas": old.ndas, "expected_version": "1", "house_number": "3"},
        {"id": "d", "action": "visit", "ndas": old.ndas, "outcome": "agrees"},
        {"id": "e", "action": "visit", "ndas": first, "expected_version": 1},
        proposal("f", 12),
    ]
    answers = sync(*day)
    assert told(answers) == ["created", "created", "applied", "applied", "applied", "existing"]
    assert (answers[1].ndas, answers[5].ndas) == (first, answers[0].ndas)
    assert [(e.kind, e.actor) for e in registry.history(old.ndas)] == [
        ("issued", "p7"), ("corrected", "p7"), ("visited", "p7"),
    ]  # fmt: skip
    assert registry.get(first).status == "verified"
    assert registry.history(first)[0].details == {"to": "proposed", "evidence": "photo 3"}
    after = state(registry)
    again = sync(*day)
    assert told(again) == ["repeated"] * 6
    assert [(a.ndas, a.version) for a in again] == [(a.ndas, registry.get(a.ndas).version) for a in answers]
    assert state(registry) == after
    assert registry.verify() == []
    assert registry.find(second) is None


CONFLICTS = """
what                               | row                                                                       | outcome
changed since it was read          | {"action": "amend", "ndas": "LIVE", "expected_version": "1", "street": "A"} | conflict expected_version
visited since                      | {"action": "visit", "ndas": "LIVE", "expected_version": "1"}              | conflict expected_version
live already                       | {"action": "visit", "ndas": "LIVE"}                                       | conflict status
at its end                         | {"action": "amend", "ndas": "GONE", "expected_version": "2", "street": "A"} | conflict status
another household's code           | {"action": "propose", "ndas": "LIVE", "house_number": "9", "lat": "21", "lon": "105.8"} | conflict ndas
a code that nobody reserved        | {"action": "propose", "ndas": "FREE", "house_number": "9", "lat": "21", "lon": "105.8"} | conflict ndas
a reserved code of another area    | {"action": "propose", "ndas": "FAR", "house_number": "9", "lat": "21", "lon": "105.8"} | conflict ndas
the household has a code           | {"action": "propose", "ndas": "KEPT", "house_number": "1", "street": "Quán Thánh", "lat": "21.0378", "lon": "105.8346"} | conflict ndas
the id stood for another row       | {"id": "0", "action": "visit", "ndas": "LIVE"}                            | conflict id
never issued                       | {"action": "visit", "ndas": "FREE"}                                       | refused ndas
no id                              | {"id": "", "action": "visit", "ndas": "LIVE"}                             | refused id
an id that is no text              | {"id": 7, "action": "visit", "ndas": "LIVE"}                              | refused id
no action                          | {"ndas": "LIVE"}                                                          | refused action
an unknown action                  | {"action": "erase", "ndas": "LIVE"}                                       | refused action
an action that is no text          | {"action": ["visit"], "ndas": "LIVE"}                                     | refused action
no code                            | {"action": "visit"}                                                       | refused ndas
no version                         | {"action": "amend", "ndas": "LIVE", "street": "A"}                        | refused expected_version
no number                          | {"action": "amend", "ndas": "LIVE", "expected_version": "one", "street": "A"} | refused expected_version
nothing to change                  | {"action": "amend", "ndas": "LIVE", "expected_version": "1"}              | refused amendment
half a point                       | {"action": "propose", "house_number": "9", "lat": "21"}                   | refused lon
a column of another action         | {"action": "visit", "ndas": "LIVE", "street": "A"}                        | refused street
an unknown column                  | {"action": "visit", "ndas": "LIVE", "owner": "A"}                         | refused owner
a person                           | {"action": "propose", "street": "gọi 0912 345 678", "lat": "21", "lon": "105.8"} | refused street
"""  # noqa: E501  # a table


@pytest.mark.parametrize("line", CONFLICTS.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_what_a_person_must_decide_changes_nothing(registry, sync, line):
    import json

    _, row, outcome = (cell.strip() for cell in line.split("|"))
    (live,) = sync(proposal("0", 1))
    registry.confirm(live.ndas)
    registry.confirm(live.ndas)
    (gone,) = sync(proposal("1", 2))
    registry.retire(gone.ndas)
    kept, far = registry.reserve("11120", 1)[0], registry.reserve("00001", 1)[0]
    free = registry._order_of(registry.store).code("11120", 50_000)
    for name, code in {"LIVE": live.ndas, "GONE": gone.ndas, "KEPT": kept, "FAR": far, "FREE": free}.items():
        row = row.replace(f'"{name}"', f'"{code}"')
    before = state(registry), registry.store.positions()
    for _ in range(2):
        (answer,) = sync({"id": "x", **json.loads(row)})
        assert f"{answer.status} {answer.field}" == outcome
        assert answer.reason.en
        assert answer.reason.vi
        assert (state(registry), registry.store.positions()) == before
    if live.ndas in row:
        assert (answer.ndas, answer.version) == (live.ndas, 3)


def test_a_version_that_comes_about_later_lets_nothing_in(registry, sync):
    """Rows in the wrong order: the amendment names the version that the visit after it makes."""
    (made,) = sync(proposal("0", 1))
    day = [
        {"id": "a", "action": "amend", "ndas": made.ndas, "expected_version": "2", "house_number": "3"},
        {"id": "b", "action": "visit", "ndas": made.ndas},
    ]
    assert told(sync(*day)) == [("conflict", "expected_version"), "applied"]
    after = state(registry)
    assert told(sync(*day)) == [("conflict", "expected_version"), "repeated"]
    assert state(registry) == after
    assert told(sync({**day[0], "id": "c"})) == ["applied"]


def test_one_bad_row_does_not_stop_the_others(registry, sync):
    answers = sync(proposal("a", 12), {"id": "b"}, proposal("c", 14))
    assert told(answers) == ["created", ("refused", "action"), "created"]
    assert registry.stats()["addresses"] == 2


def test_a_row_that_changes_nothing_is_done_too(registry, sync):
    (made,) = sync(proposal("a", 12))
    row = {"id": "b", "action": "amend", "ndas": made.ndas, "expected_version": "1", "street": "Quán Thánh"}
    assert told(sync(row)) == ["unchanged"]
    assert told(sync(row)) == ["repeated"]
    assert len(registry.history(made.ndas)) == 1


def test_null_takes_a_part_out(registry, sync):
    """JSON Lines can say so; a blank cell of a table is absent."""
    (made,) = sync(proposal("a", 12))
    sync({"id": "b", "action": "amend", "ndas": made.ndas, "expected_version": 1, "street": None})
    assert registry.get(made.ndas).components.street is None


def test_reserved_codes_are_issued_to_nobody_else(registry, draft):
    reserved = registry.reserve("11120", 200)
    assert len(set(reserved)) == 200
    others = {registry.issue(draft(number)).record.ndas for number in range(1, 60)}
    more = registry.reserve("11120", 200)
    assert not set(reserved) & others
    assert not (set(reserved) | others) & set(more)
    row = {"lat": "21", "lon": "105.8", "commune_code": "00004", "issued_on": "2025-09-01"}
    report = registry.load([LoadRow(1, {"ndas": reserved[0], **row}), LoadRow(2, {"ndas": more[7], **row})])
    assert [(e.field, "reserved" in e.reason.en) for e in report.errors] == [("ndas", True)] * 2
    assert registry.verify() == []


def test_codes_that_others_issued_are_not_reserved(registry, draft):
    first = registry._order_of(registry.store).code("11120", 0)
    row = {"ndas": first, "lat": "21", "lon": "105.8", "commune_code": "00004", "issued_on": "2025-09-01"}
    assert registry.load([LoadRow(1, row)]).loaded == 1
    assert first not in registry.reserve("11120", 10)


def test_an_area_that_has_fewer_left_reserves_none(registry):
    registry.store.write(lambda t: t.set_positions({"11120": AREA_CAPACITY - 3}))
    with pytest.raises(AreaExhausted, match="only 3"):
        registry.reserve("11120", 4)
    assert len(registry.reserve("11120", 3)) == 3


@pytest.mark.parametrize(
    ("field", "area", "count"),
    [
        ("area", "1112", 1),
        ("area", 11120, 1),
        ("count", "11120", 0),
        ("count", "11120", 10_001),
        ("count", "11120", True),
    ],
)
def test_what_cannot_be_reserved(registry, field, area, count):
    with pytest.raises(InvalidInput) as caught:
        registry.reserve(area, count)
    assert caught.value.field == field

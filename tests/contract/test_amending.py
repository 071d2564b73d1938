"""An address changes and keeps its code: what is written down, what stays readable, what stays findable."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.errors import Conflict, InvalidDate, InvalidInput, StaleVersion, UnknownAddress
from geoaddr.model import Alias, Point


@pytest.fixture
def code(registry, draft):
    return registry.issue(draft(12)).record.ndas


CAUSES = """
cause      | amended                          | event's details.before            | event's details.after
renamed    | {"street": "Phan Đình Phùng"}    | {"street": "Quán Thánh"}          | {"street": "Phan Đình Phùng"}
renumbered | {"house_number": "14"}           | {"house_number": "12"}            | {"house_number": "14"}
corrected  | {"alley": ["ngõ 5"]}             | {"alley": []}                     | {"alley": ["ngõ 5"]}
corrected  | {"street": "", "poi": "Đền"} | {"street": "Quán Thánh", "poi": null} | {"street": null, "poi": "Đền"}
"""


@pytest.mark.parametrize("line", CAUSES.strip().splitlines()[1:], ids=str.strip)
def test_parts_that_change_are_written_down_before_and_after(registry, code, line):
    import json

    cause, *cells = (cell.strip() for cell in line.split("|"))
    amended, before, after = map(json.loads, cells)
    record = registry.amend(code, amended, cause=cause, actor="ward", reason="resolution", evidence="12/NQ-HĐND")
    event = registry.history(code)[-1]
    assert (event.kind, event.actor, event.reason) == (cause, "ward", "resolution")
    assert event.details["evidence"] == "12/NQ-HĐND"
    assert event.details["before"] == {"components": before}
    assert event.details["after"] == {"components": after}
    assert {name: record.to_dict()["components"][name] for name in after} == after
    assert (record.ndas, record.status, record.version, record.commune_code) == (code, "proposed", 2, "00004")
    assert registry.verify() == []


def test_an_entrance_moves(registry, code):
    gate = Point(lat=21.0370, lon=105.8350)
    record = registry.amend(
        code, lat=21.0371, lon=105.8351, point_source="survey", uncertainty_m=2, entrances=[gate], cause="moved"
    )
    assert (record.point, record.point_source, record.uncertainty_m) == (
        Point(lat=21.0371, lon=105.8351), "survey", 2.0,
    )  # fmt: skip
    assert record.entrances == (gate,)
    assert [found.ndas for found, _ in registry.near(lat=21.0371, lon=105.8351, radius_m=5)] == [code]
    assert registry.near(lat=21.0368, lon=105.8346, radius_m=5) == []
    assert record.aliases == ()  # it is called what it was
    assert registry.as_of(code, registry.history(code)[0].at).point == Point(lat=21.0368, lon=105.8346)
    assert registry.verify() == []


def test_a_new_point_is_not_as_good_as_the_old_one_was(registry, draft):
    code = registry.issue(draft(12, point_source="survey", uncertainty_m=1.5)).record.ndas
    moved = registry.amend(code, lat=21.04, lon=105.84)
    assert (moved.point_source, moved.uncertainty_m) == ("declared", None)


def test_the_former_address_is_found_with_its_days(registry, code, clock):
    """Renumbered 12 to 14 on 1 March 2026, and to 16 on 10 March, in the country's days."""
    registry.amend(code, {"house_number": "14"}, cause="renumbered")
    clock.now = dt.datetime(2026, 3, 9, 17, 30, tzinfo=dt.UTC)  # 10 March, 0:30, in Viet Nam
    registry.amend(code, {"house_number": "16"}, cause="renumbered")
    march = [dt.date(2026, 3, day) for day in range(1, 32)]
    days = {
        number: {d.day for d in march if registry.formerly({"house_number": number, "street": "QUAN THANH"}, on=d)}
        for number in ("12", "14", "16")
    }
    assert days == {"12": set(), "14": set(range(1, 10)), "16": set()}
    (found,) = registry.formerly({"house_number": "số 12", "street": "phố Quán Thánh"})
    assert found.ndas == code
    assert registry.formerly({"house_number": "12", "street": "Quán Thánh"}, on=dt.date(2026, 2, 28)) == [found]


def test_two_changes_on_one_day_leave_two_former_addresses(registry, code):
    for number in ("14", "16"):
        registry.amend(code, {"house_number": number}, cause="renumbered")
    names = [(a.code, a.valid_from, a.valid_to) for a in registry.get(code).aliases]
    first, second = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
    assert names == [("12 quan thanh", None, first), ("14 quan thanh", first, second)]


def test_what_is_so_already_changes_nothing(registry, code):
    before = registry.get(code)
    assert registry.amend(code, {"street": "Quán Thánh"}, lat=21.0368, lon=105.8346) == before
    assert len(registry.history(code)) == 1


def test_another_spelling_is_no_former_address(registry, code):
    """People who look for the old spelling find the new one: only what they must be told is kept as an alias."""
    record = registry.amend(code, {"street": "Phố Quán Thánh"})
    assert (record.version, record.aliases) == (2, ())


REFUSED = [
    ("amendment", {}),
    ("cause", {"components": {"street": "A"}, "cause": "sold"}),
    ("owner", {"components": {"owner": "A"}}),
    ("street", {"components": {"street": "gọi 0912 345 678"}}),
    ("lon", {"lat": 21.0}),
    ("lat", {"lat": 108.2, "lon": 16.0}),
    ("point_source", {"point_source": "guess"}),
    ("uncertainty_m", {"uncertainty_m": -1.0}),
    ("evidence", {"components": {"street": "A"}, "evidence": "CCCD 001099012345"}),
    ("evidence", {"components": {"street": "A"}, "evidence": "x" * 201}),
    ("entrances", {"entrances": [Point(lat=21, lon=105)] * 33}),
]


@pytest.mark.parametrize(("field", "how"), REFUSED)
def test_what_no_record_may_hold_is_refused_and_changes_nothing(registry, code, field, how):
    before = registry.get(code)
    with pytest.raises(InvalidInput) as caught:
        registry.amend(code, **how)
    assert caught.value.field == field
    assert (registry.get(code), len(registry.history(code))) == (before, 1)


def test_a_change_of_what_was_not_read_is_refused(registry, code):
    registry.amend(code, {"house_number": "14"}, expected_version=1)
    with pytest.raises(StaleVersion):
        registry.amend(code, {"house_number": "16"}, expected_version=1)
    assert registry.get(code).components.house_number == "14"


@pytest.mark.parametrize("end", ["retire", "supersede"])
def test_an_address_at_its_end_stays_as_it_ended(registry, draft, code, end):
    other = registry.issue(draft(30)).record.ndas
    registry.retire(code) if end == "retire" else registry.supersede(code, [other])
    with pytest.raises(Conflict) as caught:
        registry.amend(code, {"house_number": "14"})
    assert caught.value.field == "status"


def test_a_code_outlives_its_commune(registry, code):
    """Whatever is amended, code and commune of issue stay: 11120 is a frozen label."""
    record = registry.amend(code, {"commune": "Phường Ngọc Hà"}, lat=10.77, lon=106.7, cause="moved")
    assert (record.ndas, record.commune_code, record.issued_on) == (code, "00004", dt.date(2026, 3, 1))


def test_every_past_state_is_read_again(registry, draft, code, clock):
    """A life of nine events; each state was read when it was the present one."""
    others = [registry.issue(draft(number)).record.ndas for number in (30, 32)]
    steps = [
        lambda: registry.visit(code, "differs", evidence="photo 1"),
        lambda: registry.amend(code, {"house_number": "14"}, cause="corrected"),
        lambda: registry.visit(code),
        lambda: registry.add_alias(code, Alias("location_id", "001099012345", dt.date(2026, 5, 1))),
        lambda: registry.amend(code, {"street": "Phan Đình Phùng"}, lat=21.037, lon=105.8346, cause="renamed"),
        lambda: registry.visit(code),
        lambda: registry.amend(code, {"house_number": None, "poi": "Đền"}, entrances=[Point(lat=21, lon=105.8)]),
        lambda: registry.split(code, others, reason="flats"),
    ]
    states = [registry.get(code)]
    for step in steps:
        clock.now += dt.timedelta(days=1)
        states.append(step())
    assert [s.status for s in states] == [
        "proposed", "proposed", "proposed", "verified", "verified", "verified", "live", "live", "superseded",
    ]  # fmt: skip
    for state, following in zip(states, [*states[1:], None], strict=True):
        assert registry.as_of(code, state.updated_at) == state
        day = dt.datetime.fromisoformat(state.updated_at).date()
        assert registry.as_of(code, day) == registry.as_of(code, day.isoformat()) == state
        if following is not None:
            last = dt.datetime.fromisoformat(following.updated_at) - dt.timedelta(milliseconds=1)
            assert registry.as_of(code, last) == state
    assert registry.verify() == []


def test_before_its_first_event_nothing_is_known(registry, code):
    with pytest.raises(UnknownAddress, match="before 2026-03-01T08:00:01"):
        registry.as_of(code, "2026-03-01T15:00:00+07:00")  # a second too early
    assert registry.as_of(code, "2026-03-01T15:00:01+07:00").ndas == code
    with pytest.raises(UnknownAddress):
        registry.as_of(code, dt.date(2026, 2, 28))
    with pytest.raises(UnknownAddress):
        registry.as_of("1112000000", dt.date(2026, 2, 28))


@pytest.mark.parametrize(
    "when",
    ["", "yesterday", "2026-3-1", "2026-03-01T08:00:00", "2026-03-01T99:00Z", 20260301, "0001-01-01T00:00+07:00"],
)
def test_what_is_no_time_is_refused(registry, code, when):
    with pytest.raises(InvalidDate) as caught:
        registry.as_of(code, when)
    assert caught.value.field == "as_of"


def test_a_file_that_was_loaded_is_loaded_again_after_amendments(registry):
    from geoaddr.registry import LoadRow

    row = LoadRow(1, {
        "ndas": "1112000001", "lat": "21.0368", "lon": "105.8346", "commune_code": "00004",
        "issued_on": "2025-09-01", "house_number": "12", "street": "Quán Thánh",
    })  # fmt: skip
    assert registry.load([row]).loaded == 1
    registry.amend("1112000001", {"house_number": "14"}, cause="renumbered")
    registry.retire("1112000001")
    assert registry.load([row]).unchanged == 1
    assert registry.load([LoadRow(1, {**row.values, "house_number": "13"})]).refused == 1
    assert registry.get("1112000001").components.house_number == "14"


def test_former_addresses_go_along_with_an_export(registry, code):
    from geoaddr.registry import LoadRow, Registry
    from geoaddr.registry.rows import row_from_record
    from geoaddr.stores import open_store

    record = registry.amend(code, {"house_number": "14", "alley": ["ngõ 5", "ngách 5/7"]}, cause="renumbered")
    registry.amend(code, {"house_number": "16"}, cause="renumbered")
    other = Registry(open_store("memory:"))
    assert other.load([LoadRow(1, row_from_record(registry.get(code)))]).errors == ()
    assert other.formerly(record.components)[0].ndas == code
    assert other.get(code).aliases == registry.get(code).aliases

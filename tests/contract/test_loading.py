"""Existing records, brought in with their codes."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.model import Alias, Components, Point
from geoaddr.registry import LoadRow, Registry
from geoaddr.registry.rows import row_from_record
from geoaddr.stores import open_store

ROW = {
    "ndas": "1112012345",
    "lat": "21.0368",
    "lon": "105.8346",
    "commune_code": "00004",
    "issued_on": "2022-05-26",
    "house_number": "184",
    "street": "Quán Thánh",
}


def load(registry, *rows, **how):
    return registry.load((LoadRow(i, row) for i, row in enumerate(rows, 1)), **how)


def test_a_row_becomes_a_record(registry):
    row = ROW | {
        "alley": "12; 34",
        "aliases": "location_id:001099012345; parcel:w7er8u5cvz3k",
        "uncertainty_m": "3.5",
    }
    report = load(registry, row, actor="import", reason="collection of 2019")
    assert (report.rows, report.loaded, report.unchanged, report.refused) == (1, 1, 0, 0)
    record = registry.get("1112012345")
    assert record.components == Components(house_number="184", alley=("12", "34"), street="Quán Thánh")
    assert record.aliases == (Alias("location_id", "001099012345"), Alias("parcel", "w7er8u5cvz3k"))
    assert (record.status, record.issued_on) == ("live", dt.date(2022, 5, 26))
    assert (record.point_source, record.uncertainty_m, record.version) == ("imported", 3.5, 1)
    (event,) = registry.history("1112012345")
    assert (event.kind, event.actor, event.reason) == ("loaded", "import", "collection of 2019")


def test_a_second_load_changes_nothing(registry):
    rows = [ROW | {"ndas": f"11120{n:05}"} for n in range(7)]
    assert load(registry, *rows, chunk=3).loaded == 7
    before = list(registry.export())
    report = load(registry, *rows, chunk=3)
    assert (report.loaded, report.unchanged, report.refused) == (0, 7, 0)
    assert list(registry.export()) == before


def test_a_code_that_stands_for_another_record_is_an_error(registry):
    report = load(registry, ROW, ROW, ROW | {"house_number": "186"}, ROW | {"ndas": "1112012346"}, chunk=2)
    assert (report.loaded, report.unchanged, report.refused) == (2, 1, 1)
    (error,) = report.errors
    assert (error.row, error.field, error.value) == (3, "ndas", "1112012345")
    assert registry.get("1112012345").components.house_number == "184"


def test_a_load_is_repeated_after_records_moved_on(registry):
    alias = {"aliases": "parcel:w7er8u5cvz3k"}
    rows = [ROW | {"status": "proposed"} | alias, ROW | {"ndas": "1112012346"}, ROW | {"ndas": "1112012347"}]
    load(registry, *rows)
    registry.confirm("1112012345")
    registry.add_alias("1112012345", Alias("location_id", "001099012345"))
    between = [row_from_record(record) for record in registry.export()]
    registry.add_alias("1112012345", Alias("x", "1"))
    registry.supersede("1112012345", ["1112012346"])
    registry.retire("1112012347")
    before = list(registry.export())
    for again in (rows, between, [row_from_record(record) for record in before]):
        report = load(registry, *again)
        assert (report.unchanged, report.refused) == (3, 0)
    assert list(registry.export()) == before
    never = ({"status": "live"}, {"aliases": ""}, {"aliases": "parcel:other"}, {"house_number": "185"})
    for change in never:
        assert [error.field for error in load(registry, rows[0] | change).errors] == ["ndas"], change


def test_a_day_that_has_not_begun_in_viet_nam_is_refused(registry, clock):
    clock.now = dt.datetime(2026, 3, 1, 16, 59, tzinfo=dt.UTC)
    (error,) = load(registry, ROW | {"issued_on": "2026-03-02"}).errors
    assert (error.field, error.value) == ("issued_on", "2026-03-02")
    clock.now += dt.timedelta(minutes=1)
    assert load(registry, ROW | {"issued_on": "2026-03-02"}).loaded == 1


def test_a_commune_that_nobody_knows_is_refused_where_somebody_is_asked(registry):
    asked = []

    def known(code, day):
        asked.append((code, day))
        return code == "00004"

    rows = [ROW, ROW | {"ndas": "1112000002", "commune_code": "99999"}]
    report = load(registry, *rows, known=known)
    assert report.loaded == 1
    assert [(e.row, e.field, e.value) for e in report.errors] == [(2, "commune_code", "99999")]
    assert asked == [("00004", dt.date(2022, 5, 26)), ("99999", dt.date(2022, 5, 26))]
    assert load(registry, rows[1]).loaded == 1


def test_neighbours_are_not_compared(registry):
    assert load(registry, ROW, ROW | {"ndas": "1112012346"}).loaded == 2


REFUSED = [
    ("ndas", {"ndas": ""}),
    ("ndas", {"ndas": "111201234"}),
    ("ndas", {"ndas": 1112012345}),
    ("ndas", {"ndas": "１１１２０12345"}),
    ("lat", {"lat": "north"}),
    ("lat", {"lat": "nan"}),
    ("lat", {"lat": "２１.0368"}),
    ("lon", {"lon": "10_5.8346"}),
    ("lat", {"lat": "105.8", "lon": "21.0"}),
    ("lon", {"lon": None}),
    ("commune_code", {"commune_code": "4"}),
    ("issued_on", {"issued_on": "26/05/2022"}),
    ("issued_on", {"issued_on": ""}),
    ("issued_on", {"issued_on": "20220526"}),
    ("status", {"status": "open"}),
    ("uncertainty_m", {"uncertainty_m": "-1"}),
    ("aliases", {"aliases": "001099012345"}),
    ("aliases", {"aliases": "location_id:1@2026-13-01/"}),
    ("alias.valid_to", {"aliases": "location_id:1@2026-05-01/2026-05-01"}),
    ("alias.code", {"aliases": "note:gọi 0912345678"}),
    ("entrances", {"entrances": "21.0"}),
    ("entrances", {"entrances": "21.0 x"}),
    ("superseded_by", {"status": "superseded"}),
    ("superseded_by", {"superseded_by": "1112012346"}),
    ("superseded_by", {"status": "superseded", "superseded_by": "1112099999"}),
    ("owner", {"owner": "Nguyễn Văn A"}),
    ("text", {"text": "184 Quán Thánh, ĐT 0912345678"}),
    ("street", {"street": "x" * 201}),
    ("street", {"street": "Quán\x00Thánh"}),
]


@pytest.mark.parametrize(("field", "changes"), REFUSED)
def test_a_bad_row_is_reported_and_the_others_are_loaded(registry, field, changes):
    seen = []
    good = [ROW | {"ndas": "1112000001"}, ROW | {"ndas": "1112000002"}]
    report = load(registry, good[0], ROW | changes, good[1], on_error=seen.append)
    assert (report.rows, report.loaded, report.refused) == (3, 2, 1)
    assert [(error.row, error.field) for error in report.errors] == [(2, field)]
    assert seen == list(report.errors)
    assert "0912345678" not in report.errors[0].value
    assert registry.find("1112012345") is None


def replaced(code, *by):
    return ROW | {"ndas": code, "status": "superseded", "superseded_by": "; ".join(by)}


@pytest.mark.parametrize("chunk", [1, 2, 100])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_replaced_records_may_come_in_any_order(registry, order, chunk):
    rows = [
        ROW | {"ndas": "1112000001"},
        ROW | {"ndas": "1112000002"},
        replaced("1112000003", "1112000002", "1112000001"),
        replaced("1112000004", "1112000003"),
    ]
    report = load(registry, *(rows[n] for n in order), chunk=chunk)
    assert (report.rows, report.loaded, report.refused) == (4, 4, 0)
    assert registry.get("1112000003").superseded_by == ("1112000002", "1112000001")
    assert registry.verify() == []


def test_circles_of_replacement_are_refused(registry):
    report = load(registry, ROW, replaced("1112000003", "1112000004"), replaced("1112000004", "1112000003"))
    assert (report.loaded, report.refused) == (1, 2)
    assert [(error.row, error.field) for error in report.errors] == [(2, "superseded_by"), (3, "superseded_by")]


def test_what_is_exported_can_be_loaded(registry, draft):
    """Entrances, dated aliases and successors included; times of change are the new registry's own."""
    may = dt.date(2026, 5, 1)
    old = registry.issue(
        draft(
            "12A",
            components={"alley": ["12", "34/5"], "text": "12A Quán Thánh"},
            entrances=(Point(lat=21.03681, lon=105.83462), Point(lat=21.0, lon=105.0)),
            aliases=(Alias("location_id", "1", may), Alias("x", "a@b: c", None, may), Alias("parcel", "w7er")),
            uncertainty_m=0.1,
        )
    ).record
    new = registry.issue(draft(14)).record
    registry.supersede(old.ndas, [new.ndas])
    registry.retire(new.ndas)
    rows = [row_from_record(record) for record in registry.export()]
    assert load(registry, *rows).unchanged == 2
    other = Registry(open_store("memory:"))
    assert load(other, *rows).loaded == 2
    told = [{**record.to_dict(), "version": 0, "created_at": "", "updated_at": ""} for record in registry.export()]
    again = [{**record.to_dict(), "version": 0, "created_at": "", "updated_at": ""} for record in other.export()]
    assert again == told


def test_reasons_are_in_both_languages(registry):
    (error,) = load(registry, ROW | {"lat": ""}).errors
    assert error.reason.en == "required"
    assert error.reason.vi == "bắt buộc"


def test_errors_are_counted_beyond_those_repeated(registry):
    report = load(registry, *({"ndas": "x"} for _ in range(1200)), chunk=500)
    assert (report.rows, report.refused, len(report.errors)) == (1200, 1200, 1000)
    assert [error.row for error in report.errors] == list(range(1, 1001))

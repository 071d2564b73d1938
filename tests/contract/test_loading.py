"""Existing records, brought in with their codes."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.model import Alias, Components
from geoaddr.registry import LoadRow

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


def test_neighbours_are_not_compared(registry):
    assert load(registry, ROW, ROW | {"ndas": "1112012346"}).loaded == 2


REFUSED = [
    ("ndas", {"ndas": ""}),
    ("ndas", {"ndas": "111201234"}),
    ("ndas", {"ndas": 1112012345}),
    ("ndas", {"ndas": "１１１２０12345"}),
    ("lat", {"lat": "north"}),
    ("lat", {"lat": "nan"}),
    ("lat", {"lat": "105.8", "lon": "21.0"}),
    ("lon", {"lon": None}),
    ("commune_code", {"commune_code": "4"}),
    ("issued_on", {"issued_on": "26/05/2022"}),
    ("issued_on", {"issued_on": ""}),
    ("status", {"status": "open"}),
    ("uncertainty_m", {"uncertainty_m": "-1"}),
    ("aliases", {"aliases": "001099012345"}),
    ("superseded_by", {"status": "superseded"}),
    ("superseded_by", {"superseded_by": "1112012346"}),
    ("superseded_by", {"status": "superseded", "superseded_by": "1112012346"}),
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


def test_replaced_records_come_after_those_that_replace_them(registry):
    split = {"ndas": "1112000009", "status": "superseded", "superseded_by": "1112000002; 1112000001"}
    parts = [ROW | {"ndas": "1112000001"}, ROW | {"ndas": "1112000002"}]
    assert load(registry, *parts, ROW | split).loaded == 3
    assert registry.get("1112000009").superseded_by == ("1112000002", "1112000001")
    assert registry.verify() == []


def test_reasons_are_in_both_languages(registry):
    (error,) = load(registry, ROW | {"lat": ""}).errors
    assert error.reason.en == "required"
    assert error.reason.vi == "bắt buộc"


def test_errors_are_counted_beyond_those_repeated(registry):
    report = load(registry, *({"ndas": "x"} for _ in range(1200)), chunk=500)
    assert (report.rows, report.refused, len(report.errors)) == (1200, 1200, 1000)
    assert [error.row for error in report.errors] == list(range(1, 1001))

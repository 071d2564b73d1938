"""Values read as attributes, as a mapping and as plain data; bad ones name the field and the reason."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.errors import DataError, InvalidDate, InvalidInput, InvalidPoint, Said, shown
from geoaddr.model import AddressRecord, Cell, Components, Event, Point, Reading, Resolved, Unit, as_date
from geoaddr.model.base import Record
from geoaddr.model.quick import unchecked

UNIT = Unit("commune", "00004", "Ba Đình", "Phường Ba Đình", "Phường", dt.date(2025, 7, 1), parent="01")


def test_a_value_reads_three_ways() -> None:
    assert UNIT.code == UNIT["code"] == dict(UNIT)["code"] == UNIT.to_dict()["code"] == "00004"
    assert json.loads(json.dumps(UNIT.to_dict()))["valid_from"] == "2025-07-01"
    with pytest.raises(KeyError):
        UNIT["colour"]


@pytest.mark.parametrize(
    ("lat", "lon", "field", "words"),
    [
        (float("nan"), 105.0, "lat", "not a finite number"),
        (21.0, float("inf"), "lon", "not a finite number"),
        ("north", 105.0, "lat", "not a number"),
        (None, 105.0, "lat", "missing"),
        (True, 105.0, "lat", "not a number"),
        (105.85, 21.03, "lat", "did you swap latitude and longitude"),
        (-91.0, 200.0, "lat", "outside -90 to 90"),
        (21.0, 181.0, "lon", "outside -180 to 180"),
    ],
)
def test_a_bad_point_names_its_field(lat: object, lon: object, field: str, words: str) -> None:
    with pytest.raises(InvalidPoint, match=words) as caught:
        Point(lat=lat, lon=lon)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_zero_is_a_coordinate() -> None:
    assert Point(lat=0.0, lon=0).to_dict() == {"lat": 0.0, "lon": 0.0}


def test_the_centre_of_a_cell() -> None:
    assert Cell(10.0, 106.0, 12.0, 107.0).centre == Point(lat=11.0, lon=106.5)


MADE: list[tuple[type[Record], dict[str, Any]]] = [
    (Point, {"lat": 21.0, "lon": 105.8}),
    (Cell, {"south": 21.0, "west": 105.0, "north": 22.0, "east": 106.0}),
    (Components, {"house_number": "12", "alley": ("ngõ 3",), "street": "phố Huế"}),
    (
        AddressRecord,
        {
            "ndas": "1112012345", "status": "live", "components": Components(street="phố Huế"),
            "commune_code": "00004", "issued_on": dt.date(2025, 7, 1), "point": Point(lat=21.0, lon=105.8),
        },
    ),
    (
        Event,
        {
            "ndas": "1112012345", "number": 1, "kind": "issued", "at": "2026-03-01T08:00:00.000Z", "actor": "",
            "reason": "", "details": {},
        },
    ),
    (Reading, {"system": "ndas", "code": "1112012345", "status": "live"}),
    (Resolved, {"input": "1112012345", "readings": ()}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values"), MADE)
def test_what_is_made_without_checks_is_the_same(kind: Any, values: dict[str, Any]) -> None:
    made, usual = unchecked(kind)(**values), kind(**values)
    assert type(made) is kind
    assert made == usual == copy.copy(made) == pickle.loads(pickle.dumps(made))
    assert repr(made) == repr(usual)
    assert made.to_dict() == usual.to_dict()
    with pytest.raises(FrozenInstanceError):
        setattr(made, next(iter(values)), None)
    with pytest.raises(TypeError):
        unchecked(kind)(**values, colour="red")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("2017-12-31", "begins on 2018-01-01"),
        ("31/12/2025", "not a date"),
        ("2025-02-30", "not a date"),
        ("", "not a date"),
        (20250701, "not a date"),
        ("20250701", "not a date"),
        ("2025-W27-2", "not a date"),
    ],
)
def test_a_bad_date_is_named(given: object, words: str) -> None:
    with pytest.raises(InvalidDate, match=words) as caught:
        as_date(given)  # type: ignore[arg-type]
    assert caught.value.field == "as_of"


def test_dates_are_taken_as_dates_times_and_texts() -> None:
    day = dt.date(2025, 6, 30)
    assert as_date(day) == as_date("2025-06-30") == as_date(dt.datetime(2025, 6, 30, 9)) == day  # noqa: DTZ001


def test_an_error_speaks_both_languages_in_one_line() -> None:
    error = InvalidInput("code", "12\n3", Said("too short", "quá ngắn"))
    assert error.message("en") == str(error) == "code '12\N{REPLACEMENT CHARACTER}3': too short"
    assert error.message("vi") == "code '12\N{REPLACEMENT CHARACTER}3': quá ngắn"
    assert str(DataError("a.csv", "broken", line=3, column="lat")) == "a.csv, line 3, column lat: broken"


@given(st.text(max_size=400))
def test_no_value_floods_or_breaks_a_message(value: str) -> None:
    line = shown(value)
    assert len(line) <= 83
    assert line.isprintable()


def test_nothing_heavy_loads_with_the_package() -> None:
    heavy = ["numpy", "shapely", "pyarrow", "pandas", "geopandas", "sqlite3", "click"]
    code = f"import sys, geoaddr; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

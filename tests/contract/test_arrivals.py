"""Records that come by the column: what is kept is what one by one would keep."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from geoaddr.arrivals import Arrivals
from geoaddr.errors import AlreadyIssued
from geoaddr.model import Cell, Components, Point
from geoaddr.store import Filed, House, Like

AT = "2026-03-01T08:00:00.000Z"
ROWS = [
    # ndas, status, commune, lat, lon, issued on, uncertainty, components, street, number, place
    (1112000001, "live", "00004", 21.0368, 105.8346, "2026-03-01", 3.5,
     Components(house_number="5", alley=("12", "34/5"), street="Quán Thánh"), "quan thanh", 12, None),
    (1112000002, "proposed", "00004", 21.5, 105.9, "2022-05-26", None,
     Components(hamlet="Thôn 3", commune="Ba Đình", province="Hà Nội"), None, None, "thon 3"),
    (9999999999, "retired", "00005", -0.5, -170.25, "2026-03-01", 0.0,
     Components(text='một "dòng" \\ viết'), None, None, None),
]  # fmt: skip


def texts(values):
    return pa.array(values, pa.string()).dictionary_encode()


def arrivals(rows=ROWS):
    statuses = ("proposed", "verified", "live", "retired")
    names = ("house_number", "street", "hamlet", "commune", "province", "text")
    parts = {name: texts([getattr(row[7], name) for row in rows]) for name in names}
    parts["alley"] = texts(["; ".join(row[7].alley) or None for row in rows])
    days = [(dt.date.fromisoformat(row[5]) - dt.date(1970, 1, 1)).days for row in rows]
    return Arrivals(
        ndas=np.array([row[0] for row in rows], dtype=np.int64),
        status=np.array([statuses.index(row[1]) for row in rows], dtype=np.int8),
        commune=texts([row[2] for row in rows]),
        lat=np.array([row[3] for row in rows]),
        lon=np.array([row[4] for row in rows]),
        issued_day=np.array(days, dtype=np.int32),
        point_source=texts(["survey"] * len(rows)),
        uncertainty_m=np.array([np.nan if row[6] is None else row[6] for row in rows]),
        parts=parts,
        likeness=np.array([-5, 2**62, 7], dtype=np.int64)[: len(rows)],
        division=np.array([1 if row[5] >= "2025-07-01" else 0 for row in rows], dtype=np.int8),
        street=texts([row[8] for row in rows]),
        place=texts([row[10] for row in rows]),
        number=pa.array([row[9] for row in rows], pa.int32()),
        kind="loaded",
        at=AT,
        actor="office",
        reason="từ sổ cũ",
    )


def test_each_record_is_kept_with_its_history(store):
    store.write(lambda t: t.arrive(arrivals()))
    kept = store.records([f"{row[0]:010}" for row in ROWS])
    for ndas, status, commune, lat, lon, day, metres, components, *_ in ROWS:
        record = kept[f"{ndas:010}"]
        assert (record.status, record.commune_code, record.components) == (status, commune, components)
        assert (record.point, record.point_source) == (Point(lat=lat, lon=lon), "survey")
        assert (record.issued_on, record.uncertainty_m) == (dt.date.fromisoformat(day), metres)
        assert (record.version, record.created_at, record.updated_at) == (1, AT, AT)
        assert (record.aliases, record.entrances, record.superseded_by) == ((), (), ())
        (event,) = store.events(record.ndas)
        assert (event.number, event.kind, event.at) == (1, "loaded", AT)
        assert (event.actor, event.reason, event.details) == ("office", "từ sổ cũ", {"to": status})
    assert [told.event.ndas for told in store.events_after(0, 10)] == sorted(kept)


def test_records_are_found_by_street_place_likeness_and_point(store):
    store.write(lambda t: t.arrive(arrivals()))
    assert store.houses("street", "quan thanh", ["00004"]) == [
        House("1112000001", Filed("00004", 1), 12, 21.0368, 105.8346)
    ]
    assert store.houses("place", "thon 3", ["00004"]) == [
        House("1112000002", Filed("00004", 0), None, 21.5, 105.9)
    ]
    near = Cell(21.0, 105.8, 22.0, 106.0)
    assert {found.ndas for found in store.points_in(near)} == {"1112000001", "1112000002"}
    assert [[r.ndas for r in alike] for alike in store.alike([Like(2**62, near), Like(-6, near)])] == [
        ["1112000002"],
        [],
    ]
    assert [scanned.likeness for scanned in store.scan()] == [-5, 2**62, 7]


def test_a_code_that_is_taken_spoils_the_transaction(store):
    store.write(lambda t: t.arrive(arrivals(ROWS[1:2])))
    with pytest.raises(AlreadyIssued, match="1112000002"):
        store.write(lambda t: t.arrive(arrivals()))
    assert store.counts()["addresses"] == 1
    assert store.write(lambda t: t.taken(np.array([1112000001, 1112000002])).tolist()) == [False, True]


def test_some_of_them_are_chosen_by_mask_or_number(store):
    every = arrivals()
    for rows in (np.array([True, False, True]), np.array([0, 2])):
        some = every.chosen(rows)
        assert len(some) == 2
        assert list(some.records()) == [record for record in every.records() if record.ndas != "1112000002"]
        assert some.street.to_pylist() == ["quan thanh", None]


def test_a_filled_registry_has_what_was_written_in_it(store):
    with store.filling() as write:
        assert write(lambda t: t.taken(np.array([1112000001])).tolist()) == [False]
        write(lambda t: t.arrive(arrivals(ROWS[:1])))
        assert write(lambda t: t.taken(np.array([1112000001])).tolist()) == [True]
        write(lambda t: t.arrive(arrivals(ROWS[1:])))
    test = [told.event.ndas for told in store.events_after(0, 10)]
    assert test == [f"{row[0]:010}" for row in ROWS]
    assert [scanned.events[0].kind for scanned in store.scan()] == ["loaded"] * 3
    store.write(lambda t: t.append([]))
    assert store.houses("street", "quan thanh", ["00004"], range(12, 13)) != []
    assert list(store.check()) == []

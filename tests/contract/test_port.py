"""What an engine promises below the rules: all or nothing, order, conflicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geoaddr.errors import AlreadyIssued, InvalidInput, StaleVersion
from geoaddr.model import AddressRecord, Alias, Cell, Event, Point
from geoaddr.store import Entry, Like, Receipt
from geoaddr.stores import open_store

from .conftest import KEY

AT = "2026-03-01T08:00:00.000Z"
HERE = Cell(21.0, 105.0, 21.5, 106.0)


def entry(code, draft, **changes):
    d = draft(1)
    record = AddressRecord(
        ndas=code, status="live", components=d.components, commune_code="00004", issued_on=d.issued_on,
        point=Point(lat=21.03, lon=105.83), created_at=AT, updated_at=AT,
    )  # fmt: skip
    return Entry(replace(record, **changes), 42)


def event(code, number):
    return Event(code, number, "noted", AT, "", "", {})


def state(store):
    return list(store.scan()), store.positions(), store.counts()


class Trouble(Exception):
    pass


def test_a_transaction_that_raises_leaves_nothing(store, draft):
    store.write(lambda t: (t.insert([entry("1112000001", draft)]), t.append([event("1112000001", 1)])))
    before = state(store)

    def work(t):
        t.lock_areas(["11120"])
        t.set_positions({"11120": 7})
        t.insert([entry("1112000002", draft, aliases=(Alias("parcel", "w"),))])
        t.append([event("1112000002", 1), event("1112000001", 2)])
        t.replace([entry("1112000001", draft, version=2, status="retired", point=Point(lat=1, lon=1))])
        t.keep_receipts({"k": Receipt("1112000002", "created", "d")})
        t.keep_batch_receipts("b", {"1": Receipt("1112000002", "created", "d")})
        assert t.issued(["1112000002"]) == {"1112000002"}
        raise Trouble

    with pytest.raises(Trouble):
        store.write(work)
    assert state(store) == before
    assert store.receipt("k") is None
    assert store.batch_receipts("b", ["1"]) == {}
    assert store.by_alias("parcel", "w") == []
    assert [found.ndas for found in store.points_in(HERE)] == ["1112000001"]
    assert list(store.check()) == []


def test_a_transaction_sees_its_own_writes(store, draft):
    def work(t):
        t.insert([entry("1112000001", draft)])
        t.set_positions({"11120": 3})
        return (
            t.records(["1112000001"]).keys(),
            [[r.ndas for r in found] for found in t.alike([Like(42, HERE), Like(43, HERE)])],
            [found.ndas for found in t.points_in(HERE)],
            t.lock_areas(["11120", "00001"]),
        )

    codes, alike, near, positions = store.write(work)
    assert codes == {"1112000001"}
    assert alike == [["1112000001"], []]
    assert near == ["1112000001"]
    assert list(positions.items()) == [("00001", 0), ("11120", 3)]


def test_positions_never_go_back(store):
    store.write(lambda t: t.set_positions({"11120": 5}))
    store.write(lambda t: t.set_positions({"11120": 2, "00001": 1}))
    assert list(store.positions().items()) == [("00001", 1), ("11120", 5)]


def test_a_code_is_kept_once(store, draft):
    store.write(lambda t: t.insert([entry("1112000001", draft)]))
    with pytest.raises(AlreadyIssued) as caught:
        store.write(lambda t: t.insert([entry("1112000002", draft), entry("1112000001", draft)]))
    assert "1112000001" in str(caught.value.value)
    assert store.issued(["1112000001", "1112000002"]) == {"1112000001"}


@pytest.mark.parametrize("version", [1, 3])
def test_only_the_next_version_is_kept(store, draft, version):
    store.write(lambda t: t.insert([entry("1112000001", draft)]))
    with pytest.raises(StaleVersion):
        store.write(lambda t: t.replace([entry("1112000001", draft, version=version)]))
    assert store.records(["1112000001"])["1112000001"].version == 1


def test_boxes_are_closed(store, draft):
    store.write(lambda t: t.insert([entry("1112000001", draft)]))
    corner = Cell(21.03, 105.83, 21.03, 105.83)
    assert [tuple(found) for found in store.points_in(corner)] == [("1112000001", 21.03, 105.83)]
    assert store.alike([Like(42, corner)])[0][0].ndas == "1112000001"
    beside = Cell(21.03, 105.8300001, 21.04, 105.84)
    assert store.points_in(beside) == store.alike([Like(42, beside)])[0] == []


def test_extreme_codes_and_points(store, draft):
    ends = ["0000000000", "9999999999"]
    corners = [Point(lat=-90, lon=-180), Point(lat=90, lon=180)]
    for code, point in zip(ends, corners, strict=True):
        store.write(lambda t, c=code, p=point: t.insert([Entry(entry(c, draft, point=p).record, -(2**63))]))
    assert {found.ndas for found in store.points_in(Cell(90, 180, 90, 180))} == {"9999999999"}
    assert [r.ndas for r in store.alike([Like(-(2**63), Cell(-90, -180, -90, -180))])[0]] == ["0000000000"]
    assert [scanned.record.ndas for scanned in store.scan()] == ends
    assert {found.ndas for found in store.points_in(Cell(-90, -180, 90, 180))} == set(ends)


def test_aliases_and_successors_keep_their_order(store, draft):
    names = tuple(Alias("old", f"{n}") for n in (3, 1, 2))
    by = ("1112000003", "1112000002")
    store.write(lambda t: t.insert([entry(code, draft) for code in by]))
    store.write(
        lambda t: t.insert([entry("1112000001", draft, aliases=names, superseded_by=by, status="superseded")])
    )
    record = store.records(["1112000001"])["1112000001"]
    assert (record.aliases, record.superseded_by) == (names, by)


def test_the_key_is_the_registrys_own_and_is_not_shown(store):
    assert store.write(lambda t: t.key()) == KEY
    assert store.key() == KEY
    assert KEY.hex() not in repr(store)
    assert repr(KEY) not in repr(vars(store))


@pytest.mark.parametrize("url", ["", "sqlite://x", "sqlite:///", "postgres://x", "/tmp/x.db", "memory"])
def test_a_url_of_no_store_is_refused(url):
    with pytest.raises(InvalidInput) as caught:
        open_store(url)
    assert caught.value.field == "store"


def test_each_new_registry_has_a_key_of_its_own(tmp_path):
    urls = [f"sqlite:///{tmp_path}/{n}.db" for n in "ab"] + ["memory:"] * 2
    keys = {open_store(url).write(lambda t: t.key()) for url in urls}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}

"""Where streets lie, by the addresses that stand on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar

import pytest

from geoaddr.errors import AlreadyIssued
from geoaddr.known import KnownStreets
from geoaddr.model import Components
from geoaddr.registry import LoadRow, Registry
from geoaddr.registry.streets import NEIGHBOURS, REACH, entry
from geoaddr.store import Door, Filed, House, Numbered, Standing

BA_DINH, NGOC_HA = "00004", "00008"

HOUSES = """
commune | house number | alley   | street
00004   | 1            |         | Phố Quán Thánh
00004   | 3            |         | Quán Thánh
00004   | 5            |         | quan thanh
00004   | 7B           |         | P. Quán Thánh
00004   | 2            |         | Quán Thánh
00004   | 5            | ngõ 9   | Quán Thánh
00008   | 101          |         | Quán Thánh
00008   | 103/4        |         | Đường Quán Thánh
00008   | 4            |         | Quán Thánh
00008   | 6            |         | Quán Thánh
00008   |              |         | Quán Thánh
00008   | 12           |         | Đường 3/2
"""


@pytest.fixture
def houses(registry, draft):
    """The registry with :data:`HOUSES`, their codes by line."""
    rows = [[cell.strip() for cell in line.split("|")] for line in HOUSES.strip().splitlines()[1:]]
    drafts = [
        draft(number or None, status="verified", commune_code=commune, area_code=area(commune), north_m=100.0 * n,
              components={"street": street, "alley": [alley] if alley else []})
        for n, (commune, number, alley, street) in enumerate(rows)
    ]  # fmt: skip
    return [answer.record.ndas for answer in registry.issue_many([(None, one) for one in drafts])]


def area(commune):
    return {"00004": "11120", "00008": "11119"}[commune]


def test_a_registry_knows_streets(registry):
    known: KnownStreets = registry
    assert known.communes_of("Quán Thánh") == {}


@pytest.mark.parametrize("street", ["Quán Thánh", "PHỐ QUÁN THÁNH", "ĐƯỜNG QUAN THANH"])
def test_addresses_are_counted_by_commune_the_most_first(registry, houses, street):
    assert list(registry.communes_of(street).items()) == [(BA_DINH, 6), (NGOC_HA, 5)]
    assert registry.communes_of(street, communes=[NGOC_HA, "99999"]) == {NGOC_HA: 5}
    assert registry.communes_of(street, communes=[]) == {}


def test_streets_that_nobody_stands_on_are_unknown(registry, houses):
    assert registry.communes_of("Thụy Khuê") == registry.communes_of("") == registry.communes_of("!") == {}
    assert registry.communes_of("3 tháng 2") == {NGOC_HA: 1}


NEIGHBOURHOODS = """
asked                 | Ba Đình | Ngọc Hà | why
1                     | 5       | 0       | the odd side from 1 to 9, all nearer than 101
3/12                  | 5       | 0       | an alley's mouth is at 3
9                     | 5       | 0       | the alley at 9 is one of them
99                    | 0       | 2       | nobody else within reach
4                     | 1       | 2       | the even side
B2                    | 6       | 5       | no number: the whole street
5000                  | 6       | 5       | no neighbours: the whole street
"""


@pytest.mark.parametrize("row", NEIGHBOURHOODS.strip().splitlines()[1:])
def test_a_house_number_has_neighbours_on_its_side(registry, houses, row):
    asked, here, there, _ = (cell.strip() for cell in row.split("|"))
    expected = {c: int(n) for c, n in ((BA_DINH, here), (NGOC_HA, there)) if int(n)}
    both = [BA_DINH, NGOC_HA]
    assert registry.communes_of("Quán Thánh", communes=both, house_number=asked) == expected


def test_what_is_only_proposed_tells_nothing(registry, draft):
    ndas = registry.issue(draft(7, status="proposed")).record.ndas
    assert registry.communes_of("Quán Thánh") == {}
    registry.confirm(ndas)
    assert registry.communes_of("Quán Thánh") == {BA_DINH: 1}


def test_the_mouth_of_an_alley_goes_before_the_house(registry, houses):
    assert registry.communes_of("Ngõ 99 phố Quán Thánh", house_number="4") == {NGOC_HA: 2}


def test_neighbours_are_the_nearest_and_those_as_far(registry, draft):
    for n in range(1, 40, 2):
        commune = BA_DINH if n < 20 else NGOC_HA
        there = {"commune_code": commune, "area_code": area(commune)}
        registry.issue(draft(n, status="verified", north_m=100.0 * n, **there))
    found = registry.communes_of("Quán Thánh", communes=[BA_DINH, NGOC_HA], house_number="19")
    assert found == {BA_DINH: 3, NGOC_HA: 2}, "15, 17, 19 and 21, 23"
    found = registry.communes_of("Quán Thánh", communes=[BA_DINH, NGOC_HA], house_number="1")
    assert found == {BA_DINH: NEIGHBOURS}
    last = registry.communes_of("Quán Thánh", communes=[NGOC_HA], house_number=str(39 + REACH))
    assert last == {NGOC_HA: 1}


DOORS = """
commune | number | holding | house numbers, and the alley of the second
00004   | 5      |         | 5
00004   | 9      |         | 5 ngõ 9
00008   | 103    |         | 103/4
00008   | 103    | 4       | 103/4
00008   | 103    | 5       | -
00004   | 9      | 9       | -
00004   | 7      | 7       | 7B
00004   | 8      |         | -
"""


def test_doors_at_a_number(store, houses):
    """All at once: what is there and what is not; a house number that is wanted leaves out others."""
    rows = [[cell.strip() for cell in line.split("|")] for line in DOORS.strip().splitlines()[1:]]
    wanted = [Numbered("quan thanh", (commune, "99999"), int(n), holding) for commune, n, holding, _ in rows]
    found = store.doors("street", wanted)
    told = [[" ".join([door.house_number, *door.alley]) for door in doors] for doors in found]
    assert told == [[] if cell == "-" else [cell] for *_, cell in rows]
    for doors, (commune, number, *_) in zip(found, rows, strict=True):
        for door in doors:
            record = store.records([door.house.ndas])[door.house.ndas]
            assert door.components == record.components
            assert (door.house.lat, door.house.lon) == (record.point.lat, record.point.lon)
            assert (door.house.filed, door.house.number) == (Filed(commune, 1), int(number))
            assert (door.point_source, door.uncertainty_m) == (record.point_source, record.uncertainty_m)
    assert store.doors("street", []) == []
    assert one_by_one(wanted, store.doors_by_column("street", wanted)) == found
    assert store.doors_by_column("street", []).rows == []


def one_by_one(wanted, columns):
    """Doors that were told by the column."""
    found = [[] for _ in wanted]
    for at, filed, code, lat, lon, own, shared, source, uncertainty_m in columns.rows:
        house = House(f"{code:010}", columns.filed[filed], wanted[at].number, lat, lon)
        assert columns.stated[own].keys().isdisjoint(columns.stated[shared])
        stated = {**columns.stated[own], **columns.stated[shared]}
        found[at].append(Door(house, stated, source, uncertainty_m))
    return [sorted(doors, key=lambda door: door.house.ndas) for doors in found]


def test_doors_in_a_place_without_house_numbers(store, registry, draft):
    there = {"hamlet": "Thôn 5", "street": "", "house_number": "7"}
    ndas = registry.issue(draft(None, components=there)).record.ndas
    gone = registry.issue(draft(None, components=there | {"poi": "Đình"}, north_m=300.0)).record.ndas
    registry.retire(gone)
    wanted = [Numbered("thon 5", (BA_DINH,), 7)]
    ((door,),) = store.doors("place", wanted)
    assert (door.house.ndas, door.stated["hamlet"]) == (ndas, "Thôn 5")
    assert one_by_one(wanted, store.doors_by_column("place", wanted)) == [[door]]


def test_doors_between_numbers(store, houses):
    """What an engine may leave out is left to it; what lies between is there."""
    wanted = Numbered("quan thanh", (BA_DINH,), 9)
    for between, some in (((5, 5),), True), (((6, 8), (0, 0)), False), ((), True):
        (doors,) = store.doors("street", [wanted._replace(between=between)])
        assert not some or [door.house_number for door in doors] == ["5"], between


def test_what_lies_on_streets_and_in_places(store, registry, houses, draft):
    there = {"hamlet": "Thôn 5", "street": "", "house_number": "7"}
    ndas = registry.issue(draft(None, components=there)).record.ndas
    registry.retire(
        registry.issue(draft(None, components=there | {"house_number": "9"}, north_m=400.0)).record.ndas
    )
    asked = [("quan thanh", (NGOC_HA, BA_DINH)), ("nowhere", (BA_DINH,)), ("3/2", (NGOC_HA, "99999"))]
    lying = store.lying("street", asked)
    told = sorted((lying.groups[group], f"{code:010}", lat, lon) for group, code, lat, lon in lying.rows)
    assert told == sorted(
        ((at, house.filed), house.ndas, house.lat, house.lon)
        for at, (key, communes) in enumerate(asked)
        for house in store.houses("street", key, communes)
    )
    (row,) = store.lying("place", [("thon 5", (BA_DINH,))]).rows
    assert f"{row[1]:010}" == ndas
    assert not store.lying("place", []).rows


def test_names_that_records_state(store, registry, houses, draft):
    parts = {"hamlet": "Thôn 5", "street": "Quán Thánh", "poi": "Đình", "house_number": "7", "building": "Nhà A"}
    some = registry.issue(draft(None, components=parts)).record.ndas
    told = store.naming([int(code) for code in (*houses, some, "0000000001")])
    assert {f"{code:010}" for code in told} == {*houses, some}
    for code, named in told.items():
        stated = store.records([f"{code:010}"])[f"{code:010}"].components
        assert named == Components(
            **{name: getattr(stated, name) for name in ("street", "hamlet", "building", "poi")}
        )
    assert store.naming([]) == {}


def test_few_are_not_told(registry, houses):
    both = [BA_DINH, NGOC_HA]
    assert registry.communes_of("Quán Thánh", minimum=6) == {BA_DINH: 6}
    assert registry.communes_of("3/2", minimum=2) == {}
    assert registry.communes_of("Quán Thánh", communes=both, house_number="4", minimum=2) == {NGOC_HA: 2}
    whole = {BA_DINH: 6, NGOC_HA: 5}
    assert registry.communes_of("Quán Thánh", communes=both, house_number="99", minimum=3) == whole


def test_ended_addresses_are_not_counted(registry, houses):
    registry.retire(houses[0])
    registry.supersede(houses[1], [houses[2]])
    assert registry.communes_of("Quán Thánh") == {NGOC_HA: 5, BA_DINH: 4}
    assert registry.communes_of("Quán Thánh", communes=[BA_DINH], house_number="1") == {BA_DINH: 3}
    for code in houses[2:6]:
        registry.retire(code)
    assert registry.communes_of("Quán Thánh") == {NGOC_HA: 5}
    assert registry.verify() == []


def loaded(registry, code, day, **changes):
    row = {"ndas": code, "lat": "21.0368", "lon": "105.8346", "commune_code": BA_DINH, "issued_on": day}
    assert registry.load([LoadRow(1, row | {"street": "Quán Thánh", "house_number": "8"} | changes)]).loaded == 1


class Renumbered:
    """A country in which all of the old 00004 is in 00008 now."""

    went_to: ClassVar = {Filed(BA_DINH, 0): NGOC_HA, Filed(BA_DINH, 1): BA_DINH, Filed(NGOC_HA, 1): NGOC_HA}

    def code(self, filed):
        return self.went_to.get(filed)

    def filed_as(self, commune):
        return [filed for filed, code in self.went_to.items() if code == commune]


def test_an_old_code_is_no_code_of_today(registry, clock):
    """The same five digits name another commune since the reform."""
    loaded(registry, "1112000001", "2025-06-30")
    assert registry.communes_of("Quán Thánh") == {}
    loaded(registry, "1112000002", "2025-07-01")
    assert registry.communes_of("Quán Thánh") == {BA_DINH: 1}
    told = Registry(registry.store, clock=clock, present=Renumbered())
    for number in (None, "8", "800"):
        assert told.communes_of("Quán Thánh", house_number=number) == {BA_DINH: 1, NGOC_HA: 1}
        assert told.communes_of("Quán Thánh", communes=[NGOC_HA], house_number=number) == {NGOC_HA: 1}


def test_a_line_that_nobody_took_apart_counts(registry):
    line = {"street": "", "house_number": "", "text": "112 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội"}
    loaded(registry, "1112000001", "2025-09-01", **line)
    assert registry.communes_of("Quán Thánh", house_number="186") == {BA_DINH: 1}


def test_a_transaction_sees_its_own_streets(store, registry, houses):
    record = registry.get(houses[0])

    def work(transaction):
        later = replace(record, version=2, commune_code=NGOC_HA, status="retired")
        transaction.replace([entry(later)])
        transaction.insert([entry(replace(record, ndas="1111999999", issued_on=dt.date(2020, 1, 1)))])
        return transaction.standing_on("quan thanh")

    counted = {standing.filed: standing.addresses for standing in store.write(work)}
    assert counted == {Filed(BA_DINH, 1): 5, Filed(NGOC_HA, 1): 5, Filed(BA_DINH, 0): 1}


def test_what_a_transaction_that_raised_filed_is_gone(store, registry, houses, draft):
    record = registry.get(houses[0])

    def work(transaction):
        transaction.insert([entry(replace(record, ndas="1111999999", commune_code="00025"))])
        transaction.insert([entry(record)])

    with pytest.raises(AlreadyIssued):
        store.write(work)
    assert registry.communes_of("Quán Thánh") == {BA_DINH: 6, NGOC_HA: 5}


def test_numbers_are_counted_one_by_one(store, houses):
    odd = store.standing_on("quan thanh", ["00004"], range(3, 10, 2))
    here = Filed(BA_DINH, 1)
    assert sorted(odd) == [Standing(here, 3, 1), Standing(here, 5, 1), Standing(here, 7, 1), Standing(here, 9, 1)]
    assert store.standing_on("quan thanh", ["00004"], range(11, 11)) == []
    assert store.standing_on("quan thanh", [], range(1, 9)) == []
    assert len(store.standing_on("quan thanh", None, range(1, 200))) == 10

"""Names of streets and places by commune, and the houses that bear them, on every engine."""

from __future__ import annotations

import pytest

from geoaddr.store import Borne, Filed, Named, Numbered

HOUSES = """
status     | commune | house number | street      | hamlet        | poi
verified   | 00004   | 1            | Quán Thánh  |               |
proposed   | 00004   | 3            | quan thanh  | TDP số 5      |
live       | 00008   | 101          | Quán Thánh  |               |
verified   | 00004   | 12           | Đường 3/2   |               | Trường THPT Phan Đình Phùng
proposed   | 00008   | 7            |             | Tổ dân phố 5  |
verified   | 00008   |              | Quán Sứ     | Tổ dân phố 05 |
live       | 00004   | 9            | Thụy Khuê   | Thôn 1        |
"""


@pytest.fixture
def codes(registry, draft):
    made = []
    for n, line in enumerate(HOUSES.strip().splitlines()[1:]):
        status, commune, *stated = (cell.strip() for cell in line.split("|"))
        parts = dict(zip(("house_number", "street", "hamlet", "poi"), stated, strict=True))
        area = {"00004": "11120", "00008": "11119"}[commune]
        told = {"status": status, "commune_code": commune, "area_code": area, "north_m": 100.0 * n}
        made.append(draft(None, components={k: v or None for k, v in parts.items()}, **told))
    codes = [answer.record.ndas for answer in registry.issue_many([(None, one) for one in made])]
    registry.retire(codes[-1])
    return codes


BA_DINH, NGOC_HA = Filed("00004", 1), Filed("00008", 1)


def test_names_are_counted_by_commune(store, codes):
    assert store.names("street", "") == [
        Named("3/2", BA_DINH, 1, 1),
        Named("quan su", NGOC_HA, 1, 1),
        Named("quan thanh", BA_DINH, 2, 1),
        Named("quan thanh", NGOC_HA, 1, 1),
    ], "nobody stands on Thụy Khuê any more"
    assert store.names("place", "") == [
        Named("to dan pho 5", BA_DINH, 1, 0),
        Named("to dan pho 5", NGOC_HA, 2, 1),
        Named("truong thpt phan dinh phung", BA_DINH, 1, 1),
    ]


NAMES = """
kind   | begin      | communes    | limit | found
street | quan       |             |       | quan su 00008, quan thanh 00004, quan thanh 00008
street | quan       |             | 2     | quan su 00008, quan thanh 00004
street | quan       | 00004       |       | quan thanh 00004
street | quan t     | 00004 00008 | 1     | quan thanh 00004
street | quan thanh | 00008 99999 |       | quan thanh 00008
street | quan thanh |             | 0     |
street | thuy       |             |       |
place  | to         | 00008       |       | to dan pho 5 00008
place  | quan       |             |       |
"""


@pytest.mark.parametrize("row", NAMES.strip().splitlines()[1:])
def test_names_by_their_beginning(store, codes, row):
    kind, begin, communes, limit, expected = (cell.strip() for cell in row.split("|"))
    found = store.names(kind, begin, communes.split() or None, int(limit) if limit else None)
    assert ", ".join(f"{name.key} {name.filed.commune}" for name in found) == expected
    assert store.names(kind, begin, []) == []


BORNE = """
kind   | keys                 | communes          | borne
street | quan thanh           | 00004 00008       | quan thanh 00004, quan thanh 00008
street | quan thanh, quan su  | 00008 99999       | quan su 00008, quan thanh 00008
street | quan                 | 00004 00008       |
street | thuy khue            | 00004             |
street | to dan pho 5         | 00004 00008       |
street | quan thanh           |                   |
place  | to dan pho 5, thon 1 | 00008 00004       | to dan pho 5 00004, to dan pho 5 00008
place  | quan thanh           | 00004             |
"""


@pytest.mark.parametrize("row", BORNE.strip().splitlines()[1:])
def test_which_names_somebody_bears(store, codes, row):
    kind, keys, communes, expected = (cell.strip() for cell in row.split("|"))
    found = store.bearing(kind, keys.split(", "), communes.split())
    assert ", ".join(f"{each.key} {each.filed.commune}" for each in sorted(found)) == expected
    assert all(each.filed.division == 1 for each in found)
    assert store.bearing(kind, [], communes.split()) == []


def test_a_name_is_borne_once_whoever_bears_it(store, codes):
    assert store.bearing("street", ["quan thanh", "quan thanh"], ["00004", "00004"]) == [
        Borne("quan thanh", BA_DINH)
    ]


MET = """
kind   | key          | communes    | number | holding | houses
street | quan thanh   | 00004 00008 | 3      |         | 1
street | quan thanh   | 00004 00008 | 101    | 101     | 2
street | quan thanh   | 00004 00008 | 101    | 7       |
street | quan thanh   | 00004 00008 | 2      | 2       |
street | quan thanh   | 00004       | 101    |         |
street | thuy khue    | 00004       | 9      |         |
place  | to dan pho 5 | 00008       | 7      | 7       | 4
place  | to dan pho 5 | 00004 00008 | 3      |         | 1
street | quan su      |             | 1      |         |
"""


@pytest.mark.parametrize("row", MET.strip().splitlines()[1:])
def test_a_name_and_what_stands_at_a_number_of_it(store, codes, row):
    kind, key, communes, number, holding, expected = (cell.strip() for cell in row.split("|"))
    wanted = Numbered(key, tuple(communes.split()), int(number), holding)
    borne, doors = store.met(kind, wanted)
    assert sorted(borne) == sorted(store.bearing(kind, [key], communes.split()))
    assert [codes.index(door.house.ndas) for door in doors] == [int(n) for n in expected.split()]
    assert [doors] == store.doors(kind, [wanted])


@pytest.mark.parametrize("row", NAMES.strip().splitlines()[1:])
def test_keys_are_at_least_those_of_the_names(store, codes, row):
    kind, begin, communes, _, _ = (cell.strip() for cell in row.split("|"))
    asked = communes.split() or ["00004", "00008"]
    found = store.keys(kind, begin, asked)
    assert found >= {name.key for name in store.names(kind, begin, asked)}
    assert all(key.startswith(begin) for key in found)
    assert store.keys(kind, begin, []) == set()


ASKED = """
kind   | key          | communes    | numbers  | houses
street | quan thanh   | 00004       |          | 0 1
street | quan thanh   | 00004 00008 |          | 0 1 2
street | quan thanh   | 00004 00008 | 3 200 2  | 1 2
street | quan thanh   | 00004 00008 | 2 200 2  |
street | quan thanh   | 00004 00008 | 5 5 1    |
street | quan su      | 00008       |          | 5
street | quan su      | 00008       | 1 9 1    |
street | thuy khue    | 00004       |          |
street | to dan pho 5 | 00004 00008 |          |
place  | to dan pho 5 | 00004 00008 |          | 1 4 5
place  | to dan pho 5 | 00004 00008 | 1 8 2    | 1 4
place  | quan thanh   | 00004       |          |
"""


@pytest.mark.parametrize("row", ASKED.strip().splitlines()[1:])
def test_houses_on_a_street_and_in_a_place(store, codes, row):
    kind, key, communes, numbers, expected = (cell.strip() for cell in row.split("|"))
    asked = range(*map(int, numbers.split())) if numbers else None
    found = store.houses(kind, key, communes.split(), asked)
    assert sorted(codes.index(house.ndas) for house in found) == [int(n) for n in expected.split()]


def test_a_house_has_its_number_commune_and_point(registry, store, codes):
    (house,) = store.houses("place", "to dan pho 5", ["00008"], range(7, 8))
    point = registry.get(codes[4]).point
    assert (house.ndas, house.filed, house.number) == (codes[4], NGOC_HA, 7)
    assert (house.lat, house.lon) == (point.lat, point.lon)


def test_what_ends_bears_no_name(registry, store, codes):
    registry.retire(codes[2])
    registry.supersede(codes[0], [codes[1]])
    assert store.names("street", "quan thanh") == [Named("quan thanh", BA_DINH, 1, 0)]
    registry.confirm(codes[1])
    assert store.names("street", "quan thanh") == [Named("quan thanh", BA_DINH, 1, 1)]
    assert registry.verify() == []

"""What stands oddly among its neighbours."""

from __future__ import annotations

import random

import pytest

from geoaddr.registry import LoadRow
from geoaddr.registry.reviewing import odd_among_neighbours

METRE = 1 / 111_195.08
"""Degrees of latitude."""


@pytest.fixture
def odd(registry):
    """What is found in houses that are loaded: (components, metres north, metres east)."""

    def look(*houses, status="live"):
        rows = [
            LoadRow(n, {
                "ndas": f"1112000{n:03}", "lat": str(21.0368 + north * METRE), "lon": str(105.8346 + east * METRE),
                "commune_code": "00004", "issued_on": "2025-09-01", "status": status, **parts,
            })
            for n, (parts, north, east) in enumerate(houses, 1)
        ]  # fmt: skip
        assert registry.load(rows).loaded == len(houses)
        standing = [record for record in registry.export() if record.status == "live"]
        return [
            (found.kind, int(found.ndas[7:]), [int(other[7:]) for other in found.others], found)
            for suspicions in odd_among_neighbours(registry.store, standing)
            for found in suspicions
        ]

    return look


def house(number, street="Quán Thánh", **parts):
    return {"house_number": str(number), "street": street, **parts}


TWICE = """
one                                          | another                                  | metres | twice
12 Quán Thánh                                | 12 Quán Thánh                            | 40     | yes
12 Quán Thánh                                | Số 12 phố Quan Thanh                     | 40     | yes
12 Quán Thánh                                | 12 Quán Thánh                            | 55     | no
12 Quán Thánh                                | 12A Quán Thánh                           | 5      | no
12 Quán Thánh                                | 14 Quán Thánh                            | 5      | no
12 Quán Thánh                                | 12 Thụy Khuê                             | 5      | no
12 Quán Thánh; poi=Đền                       | 12 Quán Thánh                            | 20     | yes
12 Quán Thánh; poi=Đền                       | 12 Quán Thánh                            | 30     | no
12 Quán Thánh; unit=25 - 06                  | 12 Quán Thánh; unit=25 - 07              | 0      | no
text=12 Thụy Khuê, Ba Đình                   | 12 Thụy Khuê                             | 20     | yes
text=19 Ng. 18 P. Thụy Khuê                  | text=26 Ng. 18 P. Thụy Khuê              | 0      | no
text=47/11 Thăng Long, P. Tân Bình           | text=47/23 Thăng Long, P.4, Tân Bình     | 0      | no
text=47/11 Thăng Long, P. Tân Bình           | text=47 / 11 Đ. Thăng Long, P.4          | 0      | yes
text=19 Ng. 18 P. Thụy Khuê                  | text=19 Ngõ 18 Thụy Khuê, Tây Hồ         | 0      | yes
text=12 Thụy Khuê, Ba Đình                   | 14 Thụy Khuê                             | 20     | no
12; hamlet=Thôn 3                            | 12; poi=Đền                              | 5      | no
"""


def parts_of(cell):
    first, *rest = (part.strip() for part in cell.split(";"))
    stated = dict(part.split("=") for part in rest)
    if first.startswith("text="):
        return {"text": first.removeprefix("text="), **stated}
    number, _, street = first.removeprefix("Số ").partition(" ")
    return house(number, street, **stated)


@pytest.mark.parametrize("line", TWICE.strip().splitlines()[1:], ids=str.strip)
def test_likely_twice(odd, line):
    one, another, metres, twice = line.split("|")
    found = odd((parts_of(one), 0, 0), (parts_of(another), float(metres), 0))
    told = [(kind, ndas, others) for kind, ndas, others, _ in found]
    assert told == ([("duplicate", 1, [2])] if twice.strip() == "yes" else [])
    if told:
        assert found[0][3].evidence["distance_m"] == pytest.approx(float(metres), abs=0.06)


def test_what_ended_is_not_twice(odd):
    assert odd((house(12), 0, 0), (house(12), 5, 0), status="retired") == []


STREETS = """
numbers, one every 12 metres          | out of order
2 4 6 8 10 12                         | -
12 10 8 6 4 2                         | -
2 4 20 6 8 10                         | 3
2 4 6 8 10 1                          | -
30 4 6 8 10 12                        | 1
12 10 8 30 6 4                        | 4
2 4 4 6 8 8                           | -
2 8 4 20 6 1                          | -
2 30 4 6                              | -
"""


@pytest.mark.parametrize("line", STREETS.strip().splitlines()[1:], ids=str.strip)
@pytest.mark.parametrize("bearing", [(1.0, 0.0), (0.0, 1.0), (0.6, 0.8), (-0.6, 0.8)])
def test_numbers_out_of_order(odd, line, bearing):
    """Along a street of any bearing; nothing is said where the others are in no order themselves, or too few."""
    numbers, wanted = (cell.split() for cell in line.split("|"))
    houses = [
        (house(number), n * 12 * bearing[0], n * 12 * bearing[1] / 0.9333) for n, number in enumerate(numbers)
    ]
    found = [item for item in odd(*houses) if item[0] == "number_out_of_order"]
    assert [str(ndas) for _, ndas, _, _ in found] == [position for position in wanted if position != "-"]
    for _, ndas, others, suspicion in found:
        assert suspicion.evidence["number"] == int(numbers[ndas - 1])
        assert others


def test_the_other_side_and_other_streets_are_not_looked_at(odd):
    side = [(house(number), n * 12, 0) for n, number in enumerate((2, 4, 6, 8, 10))]
    other = [(house(number), n * 12, 10) for n, number in enumerate((51, 53, 55, 57, 59))]
    across = [(house(40, "Thụy Khuê"), 20, 5)]
    assert odd(*side, *other, *across) == []


def test_numbers_of_a_hamlet_are_in_no_order(odd):
    houses = [(house(number, "", hamlet="Thôn 3"), n * 12, 0) for n, number in enumerate((2, 4, 20, 6, 8, 10))]
    assert odd(*houses) == []


def test_many_together_are_what_each_is_alone(registry):
    """A street whose houses have codes of two areas by turns, a few of them twice or out of order."""
    draw = random.Random(3)
    rows = []
    for n in range(1, 91):
        number = 2 * n + 60 * (n % 17 == 0) - 2 * (n % 13 == 0)
        lat, lon = 21.0368 + (4 * n + draw.uniform(-1, 1)) * METRE, 105.8346 + draw.uniform(-3, 3) * METRE
        where = {"lat": str(lat), "lon": str(lon), "commune_code": "00004", "issued_on": "2025-09-01"}
        ndas = f"{draw.choice(('11120', '11119'))}{n:05}"
        status = "retired" if draw.random() < 0.1 else "live"
        rows.append(LoadRow(n, {"ndas": ndas, "status": status, **where, **house(number)}))
    assert registry.load(rows).loaded == len(rows)
    standing = [record for record in registry.export() if record.status == "live"]
    alone = [next(odd_among_neighbours(registry.store, [record])) for record in standing]
    for area in ("11119", "11120"):
        own = [at for at, record in enumerate(standing) if record.ndas.startswith(area)]
        together = list(odd_among_neighbours(registry.store, [standing[at] for at in own]))
        assert together == [alone[at] for at in own]
    told = {found.kind for suspicions in alone for found in suspicions}
    assert told == {"duplicate", "number_out_of_order"}
    across = [f for found in alone for f in found if any(o[:5] != f.ndas[:5] for o in f.others)]
    assert across

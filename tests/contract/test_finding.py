"""Finding records by code, by alias and by place."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from geoaddr.errors import InvalidCode, InvalidInput, InvalidPoint
from geoaddr.model import Alias

Geod = pytest.importorskip("pyproj", reason="pyproj is the judge of distances").Geod
SPHERE = Geod(a=6_371_008.8, b=6_371_008.8)
"""Great circles on the sphere that the registry says it measures on, by an implementation of its own."""


def away_m(record, lat, lon):
    return SPHERE.inv(lon, lat, record.point.lon, record.point.lat)[2]


def test_a_registry_that_was_never_written_is_empty(registry):
    assert registry.find("1112000000") is None
    assert registry.find_many(["1112000000"]) == [None]
    assert registry.find_by_alias("parcel", "w3gv") == []
    assert registry.near(lat=21.0, lon=105.8, radius_m=50_000) == []
    assert registry.issued(["1112000000"]) == set()
    assert list(registry.export()) == []
    assert registry.verify() == []
    assert registry.stats()["addresses"] == 0


def test_many_are_found_in_the_order_they_were_asked_for(registry, draft):
    codes = [registry.issue(draft(n)).record.ndas for n in range(30)]
    asked = [codes[3], "1112000000", codes[3], codes[0], f"{codes[1][:5]} {codes[1][5:]}"]
    missing = "1112000000" not in codes
    found = registry.find_many(asked)
    assert [r and r.ndas for r in found] == [codes[3], None if missing else asked[1], codes[3], codes[0], codes[1]]
    assert registry.find_many([]) == []
    with pytest.raises(InvalidCode):
        registry.find_many([codes[0], "1"])


def test_more_codes_than_a_statement_takes(registry, draft):
    rows = [(None, draft(n)) for n in range(4500)]
    codes = [answer.record.ndas for answer in registry.issue_many(rows)]
    assert [record.ndas for record in registry.find_many(codes)] == codes
    assert registry.issued([*codes, "9999900000"]) == set(codes)


def test_aliases_are_found_with_their_days(registry, draft):
    day = dt.date(2026, 5, 1)
    old = Alias("location_id", "001099012345", None, day)
    new = Alias("location_id", "001099012345", day, None)
    parcel = Alias("parcel", "w7er8u5cvz3k")
    first = registry.issue(draft(1, aliases=(old, parcel))).record
    second = registry.issue(draft(2, aliases=(new, parcel))).record
    both = sorted([first, second], key=lambda r: r.ndas)
    assert registry.find_by_alias("parcel", "w7er8u5cvz3k") == both
    assert registry.find_by_alias("parcel", "w7er8u5cvz3k", on=day) == both
    assert registry.find_by_alias("location_id", "001099012345") == both
    assert registry.find_by_alias("location_id", "001099012345", on=dt.date(2026, 4, 30)) == [first]
    assert registry.find_by_alias("location_id", "001099012345", on=day) == [second]
    assert registry.find_by_alias("parcel", "001099012345") == []


def test_near_is_exact_and_ordered(registry, draft):
    rng = random.Random(7)
    rows = [(None, draft(n, lat=21.03 + rng.gauss(0, 0.01), lon=105.83 + rng.gauss(0, 0.01))) for n in range(400)]
    records = [answer.record for answer in registry.issue_many(rows)]
    for _ in range(25):
        lat, lon = 21.03 + rng.gauss(0, 0.02), 105.83 + rng.gauss(0, 0.02)
        radius_m, limit = rng.choice([5.0, 80.0, 700.0, 50_000.0]), rng.choice([1, 7, 1000])
        expected = sorted((away_m(r, lat, lon), r.ndas) for r in records if away_m(r, lat, lon) <= radius_m)[
            :limit
        ]
        found = registry.near(lat=lat, lon=lon, radius_m=radius_m, limit=limit)
        assert [record.ndas for record, _ in found] == [code for _, code in expected]
        assert [away for _, away in found] == pytest.approx([away for away, _ in expected], rel=1e-9, abs=1e-5)


def test_equal_distances_are_ordered_by_code(registry, draft):
    codes = [registry.issue(draft(1, components={"unit": str(n)})).record.ndas for n in range(9)]
    found = registry.near(lat=21.0368, lon=105.8346, radius_m=1)
    assert [(record.ndas, away) for record, away in found] == [(code, 0.0) for code in sorted(codes)]


EDGES = [
    (0.0, 0.0, 0.0001, -0.0001),
    (10.0, 180.0, 10.0, -179.9995),
    (10.0, -180.0, 10.0, 179.9995),
    (90.0, 0.0, 89.9999, 170.0),
]


@pytest.mark.parametrize(("lat", "lon", "other_lat", "other_lon"), EDGES)
def test_near_reaches_over_the_edges_of_the_map(registry, draft, lat, lon, other_lat, other_lon):
    code = registry.issue(draft(1, lat=other_lat, lon=other_lon)).record.ndas
    assert [record.ndas for record, _ in registry.near(lat=lat, lon=lon, radius_m=100)] == [code]


def test_ended_addresses_are_not_near(registry, draft):
    gone, moved, stays = (registry.issue(draft(n)).record.ndas for n in range(3))
    registry.retire(gone)
    registry.supersede(moved, [stays])
    assert [record.ndas for record, _ in registry.near(lat=21.0368, lon=105.8346)] == [stays]


@pytest.mark.parametrize("radius_m", [0, -1, 50_000.1, float("nan"), float("inf")])
def test_radius_out_of_range(registry, radius_m):
    with pytest.raises(InvalidInput) as caught:
        registry.near(lat=21, lon=105, radius_m=radius_m)
    assert caught.value.field == "radius_m"


@pytest.mark.parametrize("limit", [0, 1001, 2.5, True])
def test_limit_out_of_range(registry, limit):
    with pytest.raises(InvalidInput) as caught:
        registry.near(lat=21, lon=105, limit=limit)
    assert caught.value.field == "limit"


def test_a_point_out_of_range(registry):
    with pytest.raises(InvalidPoint):
        registry.near(lat=105.8, lon=21.0)


@pytest.mark.parametrize("text", ["a\0b", "a\x1fb", "\u202e", "'; DROP TABLE address; --", "%s", "\\", "{1,2}"])
def test_any_text_may_be_asked_for(registry, draft, text):
    registry.issue(draft(1))
    assert registry.find_by_alias("parcel", text) == registry.find_by_alias(text, "1") == []
    assert registry.communes_of(text) == {}
    assert registry.communes_of("Quán Thánh", communes=[text], house_number=text) == {}
    assert registry.store.receipt(text.replace("\0", "")) is None
    assert registry.stats()["addresses"] == 1

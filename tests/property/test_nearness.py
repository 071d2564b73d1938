"""The nearest addresses are those that measuring all of them finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.distance import haversine_m
from geoaddr.registry import LoadRow, Registry
from geoaddr.stores import open_store

STEPS = st.integers(-40, 40)


@settings(max_examples=150, deadline=None)
@given(
    places=st.lists(st.tuples(STEPS, STEPS), max_size=60),
    south=st.sampled_from([0.0, 21.0, -59.9, 60.1, 89.999]),
    west=st.sampled_from([105.8, 179.9999]),
    step=st.sampled_from([1e-7, 1e-5, 1e-3]),
    radius_m=st.sampled_from([20.0, 500.0, 5_000.0, 40_000.0]),
    limit=st.sampled_from([1, 2, 10]),
)
def test_near_is_what_measuring_all_finds(places, south, west, step, radius_m, limit):
    registry = Registry(open_store("memory:"))
    points = {
        f"11120{n:05}": (min(90.0, south + y * step), min(180.0, west + x * step))
        for n, (y, x) in enumerate(places)
    }
    registry.load(
        LoadRow(n, {"ndas": code, "lat": lat, "lon": lon, "commune_code": "00004", "issued_on": "2025-09-01"})
        for n, (code, (lat, lon)) in enumerate(points.items())
    )
    away = sorted((haversine_m(south, west, *point), code) for code, point in points.items())
    expected = [(code, metres) for metres, code in away if metres <= radius_m][:limit]
    found = registry.near(lat=south, lon=west, radius_m=radius_m, limit=limit)
    assert [(record.ndas, metres) for record, metres in found] == expected

"""Points to addresses: exactly those within the radius, the nearest first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.distance import haversine_m
from geoaddr.errors import InvalidInput, InvalidPoint
from geoaddr.finding.nearest import MOST_RADIUS_M
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Draft, Registry
from geoaddr.stores import open_store
from geoaddr.wiring import pack_path
from tests.finding.households import COMMUNES, STREET_STEP, fill

BA_DINH = COMMUNES["00004"]


def by_looking_at_all(known: dict[str, Draft], lat: float, lon: float, radius_m: float) -> list[str]:
    away = {code: haversine_m(lat, lon, draft.point.lat, draft.point.lon) for code, draft in known.items()}
    return sorted((code for code in away if away[code] <= radius_m), key=lambda code: (away[code], code))


@pytest.mark.parametrize("radius_m", [1.0, 30.0, 100.0, 999.0, 5000.0])
@pytest.mark.parametrize("commune", COMMUNES)
def test_the_nearest_are_those_that_lie_there(
    filled: Geoaddr, known: dict[str, Draft], commune: str, radius_m: float
) -> None:
    lat, lon = COMMUNES[commune].lat + 0.0007, COMMUNES[commune].lon + 0.0003
    found = filled.reverse(lat=lat, lon=lon, radius_m=radius_m, limit=50)
    assert [match.ndas for match in found] == by_looking_at_all(known, lat, lon, radius_m)
    distances = [match.distance_m for match in found]
    assert distances == sorted(distances, key=lambda d: d or 0.0)
    assert all(match.match_level == match.coordinate_level == "house" for match in found)
    assert sum(match.weight for match in found) == pytest.approx(1.0 if found else 0.0, abs=0.01)


def test_a_limit_keeps_the_nearest(filled: Geoaddr) -> None:
    where = {"lat": BA_DINH.lat, "lon": BA_DINH.lon, "radius_m": 3000.0}
    assert [m.ndas for m in filled.reverse(**where, limit=3)] == [m.ndas for m in filled.reverse(**where)[:3]]


def test_the_radius_is_a_hundred_metres_by_default(filled: Geoaddr) -> None:
    """Houses stand 22 m apart, so the fourth number from the point is 89 m away and the fifth 111 m."""
    found = filled.reverse(lat=BA_DINH.lat, lon=BA_DINH.lon, limit=50)
    assert {m.components.house_number for m in found if m.components.street == "Quán Thánh"} >= {"1", "3"}
    assert all((m.distance_m or 0.0) <= 100.0 for m in found)


def test_the_own_commune_comes_first_where_asked(filled: Geoaddr) -> None:
    """Halfway to the next commune the nearest houses are not all of one."""
    middle = {"lat": (BA_DINH.lat + 21.04) / 2, "lon": (BA_DINH.lon + 105.81) / 2, "radius_m": 5000.0}
    found = filled.reverse(**middle, limit=50, same_commune=True)
    assert found.located.commune is not None
    own = [m.commune is not None and m.commune.code == found.located.commune.code for m in found]
    assert own == sorted(own, reverse=True)
    assert set(own) == {True, False}
    plain = filled.reverse(**middle, limit=50)
    assert sorted(m.ndas or "" for m in found) == sorted(m.ndas or "" for m in plain)


def test_what_ended_is_not_found() -> None:
    with Geoaddr(Pack.open(pack_path()), Registry(open_store("memory:"))) as ga:
        codes = list(fill(ga.registry))
        point = ga.address(codes[0]).point
        ga.retire(codes[0])
        assert codes[0] not in {m.ndas for m in ga.reverse(lat=point.lat, lon=point.lon, limit=50)}


def test_no_registry_and_the_open_sea_have_no_addresses(filled: Geoaddr, tmp_path: Path) -> None:
    assert filled.reverse(lat=12.0, lon=112.0, radius_m=MOST_RADIUS_M) == []
    empty = tmp_path / "none.db"
    with Geoaddr(Pack.open(pack_path()), Registry(open_store(f"sqlite:///{empty}"))) as ga:
        found = ga.reverse(lat=BA_DINH.lat, lon=BA_DINH.lon)
        assert found == []
        assert found.located.commune is not None
    assert not empty.exists()


@pytest.mark.parametrize("radius_m", [0.0, -1.0, 5000.1, float("nan"), float("inf"), True, "100"])
def test_a_radius_out_of_range_is_refused(filled: Geoaddr, radius_m: object) -> None:
    with pytest.raises(InvalidInput, match="radius_m"):
        filled.reverse(lat=21.0, lon=105.0, radius_m=radius_m)  # type: ignore[arg-type]


def test_a_point_that_is_none_is_refused(filled: Geoaddr) -> None:
    with pytest.raises(InvalidPoint):
        filled.reverse(lat=105.8, lon=21.0)


def test_units_are_those_of_the_day(filled: Geoaddr) -> None:
    then = filled.reverse(lat=BA_DINH.lat, lon=BA_DINH.lon, as_of="2025-06-30")
    assert then.located.as_of.isoformat() == "2025-06-30"
    now = filled.reverse(lat=BA_DINH.lat, lon=BA_DINH.lon)
    assert [m.ndas for m in then] == [m.ndas for m in now]
    assert all(m.commune is None or m.commune.valid_to is not None for m in then)


def everyone(ga: Geoaddr, lat: float, lon: float, **others: float) -> list[dict[str, object]]:
    return [match.to_dict() for match in ga.reverse(lat=lat, lon=lon, limit=20, area_only=True, **others)]


def test_everyone_sees_streets_that_many_share_and_the_commune(filled: Geoaddr) -> None:
    found = everyone(filled, BA_DINH.lat + 0.0014, BA_DINH.lon + 0.001)
    assert [match["match_level"] for match in found] == ["street", "commune"]
    assert "Quán Thánh" in str(found[0]["label"])
    for match in found:
        hidden = ("ndas", "status", "point", "vpostcode", "distance_m", "uncertainty_m", "coordinate_level")
        assert {match[name] for name in hidden} == {None}


@settings(max_examples=30, deadline=None)
@given(north=st.floats(0, 1), east=st.floats(0, 1), radius_m=st.floats(1, 5000))
def test_no_move_of_a_stranger_tells_a_house(filled: Geoaddr, north: float, east: float, radius_m: float) -> None:
    """Within a square of 1/512 degree the answer is one and the same, whatever the radius."""
    south, west = round(BA_DINH.lat * 512) / 512, round(BA_DINH.lon * 512) / 512
    inside = (south + north * 0.99 / 512, west + east * 0.99 / 512)
    streets = [m for m in everyone(filled, *inside, radius_m=radius_m) if m["match_level"] == "street"]
    middle = (south + 0.5 / 512, west + 0.5 / 512)
    assert streets == [m for m in everyone(filled, *middle) if m["match_level"] == "street"]


def test_few_households_are_not_told(filled: Geoaddr) -> None:
    """Four households on Lê Lợi, Sài Gòn: no street for everyone."""
    there = COMMUNES["26740"]
    found = everyone(filled, there.lat + 12 * STREET_STEP, there.lon + 0.01)
    assert {match["match_level"] for match in found} == {"commune"}

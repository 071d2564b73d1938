"""Whether the results of a search hold what is expected of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geoaddr.distance import haversine_m
from geoaddr.text.fold import fold

Feature = Mapping[str, Any]


def missing(
    features: Iterable[Feature], expected: Iterable[Mapping[str, str]], *, loose: bool = False
) -> list[str]:
    """What of the expectations no result has, in words; empty where all are met.

    :param features: GeoJSON features with properties of GeocodeJSON, under ``geocoding`` or at the top.
    :param loose: compare texts without accents, case and signs.
    """
    found = list(features)
    return [_shortfall(found, one, loose) for one in expected if not any(_meets(f, one, loose) for f in found)]


def _meets(feature: Feature, expected: Mapping[str, str], loose: bool) -> bool:
    return not _wrong(feature, expected, loose)


def _wrong(feature: Feature, expected: Mapping[str, str], loose: bool) -> list[str]:
    """Which of the expected properties a result has not."""
    properties = feature["properties"]
    told = properties.get("geocoding", properties)
    return [key for key, value in expected.items() if not _has(feature, told, key, value, loose)]


def _has(feature: Feature, told: Mapping[str, Any], key: str, value: str, loose: bool) -> bool:
    if key == "coordinate":
        return _is_near(feature, value)
    given = "" if told.get(key) is None else str(told[key])
    return fold(given) == fold(value) if loose else given == value


def _is_near(feature: Feature, value: str) -> bool:
    """``lat,lon,metres``: whether the result's point is no farther off."""
    lat, lon, most_m = map(float, value.split(","))
    geometry = feature.get("geometry")
    if not geometry:
        return False
    east, north = geometry["coordinates"]
    return haversine_m(lat, lon, north, east) <= most_m


def _shortfall(features: list[Feature], expected: Mapping[str, str], loose: bool) -> str:
    wanted = " | ".join(f"{key}: {value}" for key, value in expected.items())
    if not features:
        return f"expected {wanted}; nothing was found"
    nearest = min(features, key=lambda feature: len(_wrong(feature, expected, loose)))
    properties = nearest["properties"]
    told = properties.get("geocoding", properties)
    point = (nearest.get("geometry") or {}).get("coordinates")
    differs = ", ".join(_wrong(nearest, expected, loose))
    return f"expected {wanted}; {told.get('label') or told.get('name')} at {point} differs in {differs}"

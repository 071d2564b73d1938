"""Tolerances, and the zoom of a web map as one."""

from __future__ import annotations

import math

import pytest

from geoaddr.coverage import chosen_tolerance
from geoaddr.errors import InvalidInput


@pytest.mark.parametrize("zoom", [4, 10, 22])
def test_half_a_pixel_in_the_far_north(zoom: int) -> None:
    circle_m = 2 * math.pi * 6_378_137 * math.cos(math.radians(23.4))
    assert chosen_tolerance(zoom=zoom) == pytest.approx(circle_m / (256 * 2**zoom) / 2)


def test_neither_is_none() -> None:
    assert chosen_tolerance() == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"tolerance_m": -1}, "tolerance_m"),
        ({"tolerance_m": 5001}, "tolerance_m"),
        ({"tolerance_m": math.nan}, "tolerance_m"),
        ({"tolerance_m": math.inf}, "tolerance_m"),
        ({"tolerance_m": True}, "tolerance_m"),
        ({"tolerance_m": "50"}, "tolerance_m"),
        ({"zoom": 3}, "zoom"),
        ({"zoom": 23}, "zoom"),
        ({"zoom": 10.0}, "zoom"),
        ({"zoom": True}, "zoom"),
        ({"zoom": 10, "tolerance_m": 50}, "zoom"),
    ],
)
def test_refused(asked: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        chosen_tolerance(**asked)
    assert refused.value.field == field

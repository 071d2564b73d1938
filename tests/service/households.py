"""Real places for requests: points of Đà Nẵng that no boundary is near."""

from __future__ import annotations

from typing import Any

HAI_CHAU = {"lat": 16.0678, "lon": 108.2208}
"""Phường Hải Châu (20242), postcode 50206."""

PLACE = f"/v1/locate?lat={HAI_CHAU['lat']}&lon={HAI_CHAU['lon']}"


def household(number: int = 12, **others: Any) -> dict[str, Any]:
    """The body of a POST for a house on Bạch Đằng street."""
    return {"components": {"house_number": str(number), "street": "Bạch Đằng"}, **HAI_CHAU, **others}

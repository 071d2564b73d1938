"""How many households each commune has: weights, made up or from a file, and their apportionment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from geoaddr.codes import ndas
from geoaddr.errors import InvalidInput, Said
from geoaddr.model import Unit

NATION_HOUSEHOLDS = 28_000_000

MOST_IN_A_COMMUNE = ndas.CAPACITY
"""An area has no more NDAS codes than these; what a commune has too many goes to the others."""

TYPE_WEIGHTS = {"Phường": 5.0, "Xã": 1.0, "Đặc khu": 0.5}
COUNTED_KM2 = 50.0
"""The made-up rule: a type's weight times the square root of the area, of which no more than this counts."""

LEAST_POPULATION = 2_000
"""A population below this is taken for a slip of its source, and raised to what the province suggests."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weights by commune code, by which rule, and the communes whose population was raised or absent."""

    weights: dict[str, float]
    rule: Said
    clamped: tuple[str, ...] = ()


def made_up(units: Sequence[Unit], areas_km2: Mapping[str, float]) -> Weighted:
    """Weights from what a pack holds, the commune's type and area. No census stands behind them."""
    weights = {
        unit.code: TYPE_WEIGHTS.get(unit.type, 1.0) * math.sqrt(min(areas_km2[unit.code], COUNTED_KM2))
        for unit in units
    }
    types = ", ".join(f"{name} {weight:g}" for name, weight in TYPE_WEIGHTS.items())
    rule = Said(
        f"made up: sqrt(min(area_km2, {COUNTED_KM2:g})) times the type's weight ({types})",
        f"quy tắc tự đặt: sqrt(min(diện tích km2, {COUNTED_KM2:g})) nhân trọng số của loại đơn vị ({types})",
    )
    return Weighted(weights, rule)


def of_population(
    units: Sequence[Unit], areas_km2: Mapping[str, float], population: Mapping[str, float]
) -> Weighted:
    """Populations as weights; below :data:`LEAST_POPULATION`, or absent, raised by :func:`_suggested`."""
    suggested = _suggested(units, areas_km2, population)
    weights: dict[str, float] = {}
    clamped: list[str] = []
    for unit in units:
        given = population.get(unit.code, 0.0)
        weights[unit.code] = given
        if given < LEAST_POPULATION and suggested[unit.code] > given:
            weights[unit.code] = suggested[unit.code]
            clamped.append(unit.code)
    rule = Said(
        f"population; where it is below {LEAST_POPULATION} or absent, the province's density times the area, "
        "at most the province's median",
        f"dân số; nơi dưới {LEAST_POPULATION} hoặc thiếu thì lấy mật độ của tỉnh nhân diện tích, "
        "không quá trung vị của tỉnh",
    )
    return Weighted(weights, rule, tuple(clamped))


def _suggested(
    units: Sequence[Unit], areas_km2: Mapping[str, float], population: Mapping[str, float]
) -> dict[str, float]:
    """What the density of a commune's province makes of its area, but no more than the province's median;
    of the nation where a province has no sound population."""
    sound: dict[str | None, list[tuple[float, float]]] = {}
    for unit in units:
        people = population.get(unit.code, 0.0)
        if people >= LEAST_POPULATION:
            for place in (unit.parent, None):
                sound.setdefault(place, []).append((people, areas_km2[unit.code]))
    found = {}
    for unit in units:
        known = sound.get(unit.parent) or sound.get(None) or []
        people, area_km2 = sum(p for p, _ in known), sum(a for _, a in known)
        density = people / area_km2 if area_km2 else 0.0
        middle = median(p for p, _ in known) if known else 0.0
        found[unit.code] = min(density * areas_km2[unit.code], middle)
    return found


def apportion(total: int, weights: Mapping[str, float], *, most: int = MOST_IN_A_COMMUNE) -> dict[str, int]:
    """``total`` in whole numbers proportional to ``weights``, none above ``most``: each is its exact share
    rounded down or up (largest remainders, by code where these are equal), once the capped ones are set apart.

    :raises InvalidInput: when the communes cannot hold so many.
    """
    whole = {code: round(weight * 1_000_000) for code, weight in sorted(weights.items()) if weight > 0}
    if total > most * len(whole):
        raise InvalidInput(
            "households",
            total,
            Said(
                f"more than {len(whole)} communes hold: at most {most:,} each, as many as an area has codes",
                f"nhiều hơn sức chứa của {len(whole)} xã, phường: mỗi nơi tối đa {most:,}, "
                "bằng số mã của một vùng",
            ),
        )
    capped: dict[str, int] = {}
    while True:
        left, sum_of = total - most * len(capped), sum(whole.values())
        over = [code for code, weight in whole.items() if left * weight > most * sum_of]
        if not over:
            break
        capped |= dict.fromkeys(over, most)
        for code in over:
            del whole[code]
    counts = {code: left * weight // sum_of for code, weight in whole.items()}
    by_rest = sorted(whole, key=lambda code: (-(left * whole[code] % sum_of), code))
    for code in by_rest[: left - sum(counts.values())]:
        counts[code] += 1
    return dict.fromkeys(weights, 0) | counts | capped

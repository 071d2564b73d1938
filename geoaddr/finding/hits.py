"""What was found, before its place is looked up: how likely each is among all, and what of it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geoaddr.finding import scoring
from geoaddr.finding.asking import Asked
from geoaddr.finding.elsewhere import contradicted
from geoaddr.finding.houses import NOWHERE, Placing
from geoaddr.finding.records import ScorePart
from geoaddr.finding.streets import Found
from geoaddr.model import AddressRecord

LEAST_WEIGHT = 0.005
"""Matches of a smaller share are not shown beside others."""


@dataclass(slots=True)
class Hit:
    """Something found, before its place is looked up: its mass among all that was found, and what was followed."""

    mass: float
    commune: str | None = None
    province: str | None = None
    found: Found | None = None
    asked: Asked | None = None
    placing: Placing = NOWHERE
    street: float | None = None
    number: str | None = None
    record: AddressRecord | None = None
    former: bool = False

    @property
    def parts(self) -> dict[str, ScorePart]:
        """The parts of its score."""
        against = self.asked.elsewhere if self.asked is not None and self.commune is not None else ()
        return scoring.parts(
            self.mass,
            self.street,
            self.number,
            former=self.former,
            contradicted=contradicted(against, self.commune or "") if against else 0.0,
        )


def shown(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """Those of the weighed hits that are worth showing."""
    return [hit for hit in hits[:limit] if hit.mass >= LEAST_WEIGHT or hit is hits[0]]


def joined(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, those that several readings lead to once, with their masses together."""
    by_place: dict[object, Hit] = {}
    for hit in hits:
        if hit.record is not None:
            key: object = hit.record.ndas
        elif hit.found is not None:
            key = (hit.found.name.kind, hit.found.key, hit.commune, hit.placing.how)
        else:
            key = (hit.commune, hit.province)
        before = by_place.get(key)
        if before is None:
            by_place[key] = hit
        else:
            better = max(hit, before, key=lambda h: h.mass)
            by_place[key] = replace(better, mass=hit.mass + before.mass)
    return list(by_place.values())


def shares_of(hits: Sequence[Hit]) -> list[Hit]:
    """The hits with their masses as shares that sum to 1, the heaviest first."""
    total = sum(hit.mass for hit in hits)
    if not total:
        return []
    order = sorted(hits, key=lambda h: (-h.mass, h.commune or "", h.record.ndas if h.record else ""))
    return [replace(hit, mass=hit.mass / total) for hit in order]

"""Where two addresses of one line lead together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from geoaddr.conversion.records import Candidate
from geoaddr.interpretation.reading import Best, Likely


class Second(NamedTuple):
    """The second address of a line: its best reading, and what all its readings come down to."""

    best: Best
    likely: Sequence[Likely]
    agrees: bool | None


class Side(NamedTuple):
    """One of two addresses: its best reading, where that alone leads, and where all its readings do."""

    best: Best | None
    carried: Sequence[Candidate]
    candidates: list[Candidate]


def together(first: Side, second: Side) -> tuple[Side, bool | None]:
    """What both say, and whether they agree; ``None`` where one of them leads nowhere.

    Communes that both lead to, as heavily as both make them; the reading that says more of them leads: a commune
    of today beside the divided one that it was. Where there are none, the communes of both.
    """
    if not first.candidates or not second.candidates:
        return (first if first.candidates else second if second.candidates else first), None
    others = {c.commune.code: c for c in second.candidates}
    common = [(c, others[c.commune.code]) for c in first.candidates if c.commune.code in others]
    if not common:
        both = [*first.candidates, *second.candidates]
        return Side(first.best, first.carried, _ordered(both, [0.5] * len(both))), False
    lead = second if len(second.carried) < len(first.carried) else first
    products = [a.weight * b.weight for a, b in common]
    total = sum(products)
    kept = [b if lead is second else a for a, b in common]
    found = _ordered(kept, [product / total / c.weight for product, c in zip(products, kept, strict=True)])
    return Side(lead.best, lead.carried, found), True


def _ordered(candidates: Sequence[Candidate], times: Sequence[float]) -> list[Candidate]:
    """Candidates so many times as heavy, the heaviest first."""
    made = [
        Candidate(c.commune, c.weight * factor, c.basis, c.grade, c.legal_basis)
        for c, factor in zip(candidates, times, strict=True)
    ]
    return sorted(made, key=lambda c: (-c.weight, c.commune.code))

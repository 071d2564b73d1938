"""The communes that are settled, as columns: what the steps below the commune need of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.model import Unit
from geoaddr.synthetic import draws
from geoaddr.synthetic.ground import Ground
from geoaddr.synthetic.styles import Place


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune: its unit, the row of its boundary, its postcode, land, way of writing and households."""

    unit: Unit
    row: int
    postcode: str
    ground: Ground
    place: Place
    households: int

    @property
    def urban(self) -> bool:
        """Whether it is built as a town: phường are."""
        return self.unit.type == "Phường"


@dataclass(frozen=True, slots=True)
class Columns:
    """Some communes side by side; arrays have one value for each."""

    communes: Sequence[Commune]
    keys: NDArray[np.uint64]
    rows: NDArray[np.int64]
    households: NDArray[np.int64]
    urban: NDArray[np.bool_]
    areas_m2: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.communes)


def columns(communes: Sequence[Commune], seed: int) -> Columns:
    """``communes`` as columns, with the keys that a seed gives them."""

    def each(values: Any, kind: Any) -> NDArray[Any]:
        return np.fromiter(values, dtype=kind, count=len(communes))

    return Columns(
        communes,
        each((draws.key(seed, c.unit.code) for c in communes), np.uint64),
        each((c.row for c in communes), np.int64),
        each((c.households for c in communes), np.int64),
        each((c.urban for c in communes), np.bool_),
        each((c.ground.area_km2 * 1e6 for c in communes), np.float64),
    )


def numbered(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For things of which each owner has ``counts``: the owner of each, and its number with that owner from 0."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def blocks(communes: Sequence[Commune], rows: int) -> list[list[Commune]]:
    """Runs of communes with ``rows`` households or just as many more as the last one has; empty ones left out."""
    found: list[list[Commune]] = []
    size = rows
    for commune in communes:
        if not commune.households:
            continue
        if size >= rows:
            found.append([])
            size = 0
        found[-1].append(commune)
        size += commune.households
    return found

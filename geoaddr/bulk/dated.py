"""Columns of points to units by the layers of several levels; the columnar twin of ``DatedLocator.locate``.

Points that lie in the same rows of every layer have the same answer. So each point gets one number for its rows,
the answer of each number is worked out once, and the columns are taken from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.boundaries import Hits
from geoaddr.bulk.views import NAMES, row_of
from geoaddr.dated_locating import Areas, Rows
from geoaddr.model import Disagreement

DATED_NAMES = (*NAMES, "disagreements")


class DatedColumns:
    """Answers about columns of points on one date."""

    def __init__(self, areas: Areas, accuracy: str) -> None:
        self._areas, self._accuracy = areas, accuracy
        self._indexes = [areas.communes.index, *(layer.index for layer in areas.layers.values())]

    def units(self, lat: NDArray[Any], lon: NDArray[Any]) -> dict[str, Any]:
        """The columns of :data:`DATED_NAMES`."""
        hits = [index.at_many(lat, lon) for index in self._indexes]
        keys = np.zeros(len(lat), dtype=np.int64)
        for index, found in zip(self._indexes, hits, strict=True):
            keys = keys * (len(index) + 1) + (found.primary + 1)
        _, first, places = np.unique(keys, return_index=True, return_inverse=True)
        alike = [tuple(_primary(found, at) for found in hits) for at in first.tolist()]
        answers = [self._row(rows) for rows in alike]
        for at, rows in _in_several(hits).items():
            places[at] = len(answers)
            answers.append(self._row(rows))
        table = [pa.array(column, pa.string()) for column in zip(*answers, strict=True)]
        indices = pa.array(places)
        return {name: pc.take(column, indices) for name, column in zip(DATED_NAMES, table, strict=True)}

    def _row(self, rows: Sequence[Rows]) -> tuple[str | None, ...]:
        answer = self._areas.answer(rows[0], tuple(rows[1:]))
        sure = "ok" if self._accuracy == "exact" else "partial"
        return (*row_of(answer.view, answer.basis_by_level, sure), disagreements_text(answer.disagreements))


def disagreements_text(found: Sequence[Disagreement]) -> str | None:
    """What does not agree, as ``district 274 / 276``: the polygons' units, then those of everything else."""
    said = (f"{d.level} {', '.join(d.boundary) or '-'} / {', '.join(d.otherwise)}" for d in found)
    return "; ".join(said) or None


def _primary(found: Hits, at: int) -> Rows:
    row = int(found.primary[at])
    return (row,) if row >= 0 else ()


def _in_several(hits: Sequence[Hits]) -> dict[int, tuple[Rows, ...]]:
    """For each point that lies in several rows of one layer its rows in every layer."""
    several: list[dict[int, list[int]]] = []
    for found in hits:
        held: dict[int, list[int]] = {}
        for at, row in zip(found.multi_rows.tolist(), found.multi_units.tolist(), strict=True):
            held.setdefault(at, []).append(row)
        several.append(held)
    points = sorted(set().union(*several))
    return {
        at: tuple(
            tuple(held[at]) if at in held else _primary(found, at)
            for held, found in zip(several, hits, strict=True)
        )
        for at in points
    }

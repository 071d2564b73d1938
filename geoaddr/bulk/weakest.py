"""The rows of a run that most need a look: of those that were answered, the least certain."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.answers import Plan

SHOWN = ("status", "confidence", "commune_code", "commune", "province")
"""What a listed row shows of its answer."""

READ = ("text", "code", "lat", "lon")
"""What it shows of the columns that were read: addresses, where there are any."""

NOT_FOUND = -1.0
"""Where a row stands that has no answer at all: before every confidence."""


class Weakest:
    """At most ``most`` rows of the lowest confidence, in room for that many; of equal ones the first.

    Rows with an error are none of them: they are listed on their own.
    """

    def __init__(self, planned: Plan, most: int) -> None:
        self._most = most
        self._names = planned.names
        self._read = {role: column for role in READ if (column := getattr(planned, role)) is not None}
        self._kept: list[tuple[float, int, dict[str, Any]]] = []

    def add(self, batch: pa.RecordBatch, first_row: int) -> None:
        """Look at one piece of the output, whose first row has this number."""
        if not self._most:
            return
        doubts = _doubts(batch[self._names["status"]], batch[self._names["confidence"]])
        if len(self._kept) == self._most:
            doubts[doubts >= self._kept[-1][0]] = np.nan  # no better than what is kept
        order = np.argsort(doubts, kind="stable")[: self._most]
        found = [(float(doubts[i]), first_row + int(i), i) for i in order if not np.isnan(doubts[i])]
        self._kept += [(doubt, row, self._shown(batch, i)) for doubt, row, i in found]
        self._kept = sorted(self._kept, key=lambda kept: kept[:2])[: self._most]

    def _shown(self, batch: pa.RecordBatch, i: Any) -> dict[str, Any]:
        columns = self._read | {name: self._names[name] for name in SHOWN}
        return {name: batch[column][int(i)].as_py() for name, column in columns.items()}

    def rows(self) -> list[dict[str, Any]]:
        """The rows, the weakest first, each with its number from 1."""
        return [{"row": row, **shown} for _, row, shown in self._kept]


def _doubts(statuses: Any, confidences: Any) -> Any:
    """What rows are ordered by, NaN for those that are not asked for."""
    doubts = np.array(pc.fill_null(confidences, np.nan).to_numpy(zero_copy_only=False), dtype="f8")
    doubts[np.asarray(pc.equal(statuses, "not_found"))] = NOT_FOUND
    doubts[np.asarray(pc.equal(statuses, "error"))] = np.nan
    return doubts

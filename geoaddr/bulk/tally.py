"""What a run's answers look like in sum, gathered piece by piece in room that does not grow with the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.bulk.answers import Plan
from geoaddr.bulk.pointing import AROUND, coordinates
from geoaddr.bulk.weakest import Weakest

LEVELS = ("commune", "district", "province", "none")
"""How far down an answer goes."""

BINS: dict[str, tuple[float, ...]] = {
    "confidence": tuple(n / 20 for n in range(21)),
    "uncertainty_m": (0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, np.inf),
}
"""The columns of answers whose values are distributed, and the edges; the last bin holds its upper edge."""

MOST_KINDS = 100
OTHER_KIND = "…"
"""Under which the errors are counted whose kind came after so many others."""

CELLS_PER_DEGREE = 10
"""Points are counted by cells of so many to the degree, some eleven kilometres."""

QUOTED = r"'[^']*'…?"
"""What an error repeats of its row; without it errors are of one kind."""


class Tally:
    """Counts of one run.

    ``by_level``: rows by status and level; ``distributions``: rows by bin of each column of :data:`BINS` that
    there is, ``unknown`` the rows without a value; ``kinds``: errors by kind; ``provinces``: rows by code, name
    and status; ``cells``: points by column, row (of the grid from the south-west of :data:`AROUND`) and status;
    ``elsewhere``: points outside that.
    """

    def __init__(self, planned: Plan, rows_kept: int) -> None:
        """:param rows_kept: how many of the weakest rows are listed."""
        self._planned = _placed(planned)
        self.weakest = Weakest(planned, rows_kept)
        self.by_level: Counter[tuple[str, str]] = Counter()
        self.distributions = {
            c: np.zeros(len(b) - 1, dtype=np.int64) for c, b in BINS.items() if c in planned.names
        }
        self.unknown: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.provinces: Counter[tuple[str, str, str]] = Counter()
        self.cells: Counter[tuple[int, int, str]] = Counter()
        self.elsewhere = 0

    def add(self, batch: pa.RecordBatch, first_row: int) -> None:
        """Count one piece of the output, whose first row has this number (from 1)."""
        answers = {name: batch[column] for name, column in self._planned.names.items()}
        self._levels(answers)
        self._distribute(answers)
        self._count_kinds(answers["error"])
        groups = [answers["province_code"], answers["province"], answers["status"]]
        self.provinces.update({key: n for key, n in _counted(*groups).items() if key[0] is not None})
        if self._planned.lat is not None or self._planned.geometry is not None:
            self._place(batch, answers["status"])
        self.weakest.add(batch, first_row)

    def _levels(self, answers: dict[str, Any]) -> None:
        known = pc.make_struct(*(pc.is_valid(answers[f"{level}_code"]) for level in LEVELS[:-1]))
        self.by_level.update(_counted(answers["status"], pc.case_when(known, *LEVELS)))

    def _distribute(self, answers: dict[str, Any]) -> None:
        for column, bins in self.distributions.items():
            values = pc.drop_null(answers[column]).to_numpy(zero_copy_only=False)
            bins += np.histogram(values, BINS[column])[0]
            self.unknown[column] += answers[column].null_count

    def _count_kinds(self, errors: Any) -> None:
        kinds = pc.replace_substring_regex(pc.drop_null(errors), QUOTED, "'…'")
        for (kind,), count in _counted(kinds).items():
            known = kind in self.kinds or len(self.kinds) < MOST_KINDS
            self.kinds[kind if known else OTHER_KIND] += count

    def _place(self, batch: pa.RecordBatch, statuses: Any) -> None:
        lat, lon = (column.values for column in coordinates(batch, self._planned))
        west, south, east, north = AROUND
        with np.errstate(invalid="ignore"):
            inside = (lat >= south) & (lat < north) & (lon >= west) & (lon < east)
        self.elsewhere += int((np.isfinite(lat) & np.isfinite(lon) & ~inside).sum())
        columns = np.floor((lon[inside] - west) * CELLS_PER_DEGREE).astype(np.int64)
        rows = np.floor((lat[inside] - south) * CELLS_PER_DEGREE).astype(np.int64)
        self.cells.update(_counted(pa.array(columns), pa.array(rows), pc.filter(statuses, pa.array(inside))))

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        statuses: dict[str, dict[str, int]] = {}
        for (status, level), count in sorted(self.by_level.items()):
            statuses.setdefault(status, {})[level] = count
        return {
            "status_by_level": statuses,
            "distributions": {c: self._bins(c, counts) for c, counts in self.distributions.items()},
            "error_kinds": dict(self.kinds.most_common()),
            "provinces": [
                {"code": code, "name": name, "status": status, "rows": count}
                for (code, name, status), count in sorted(self.provinces.items())
            ],
            "points_outside": self.elsewhere,
            "weakest_rows": self.weakest.rows(),
        }

    def _bins(self, column: str, counts: NDArray[np.int64]) -> dict[str, Any]:
        edges = BINS[column]
        return {
            "bins": [
                {"from": low, "to": None if high == np.inf else high, "rows": int(n)}
                for low, high, n in zip(edges, edges[1:], counts, strict=False)
            ],
            "without": self.unknown[column],
        }


def _placed(planned: Plan) -> Plan:
    """The plan with the points that a verb answers, where it reads none."""
    if planned.lat is None and planned.geometry is None and {"lat", "lon"} <= planned.names.keys():
        return replace(planned, lat=planned.names["lat"], lon=planned.names["lon"])
    return planned


def _counted(*columns: Any) -> Counter[Any]:
    """How often each combination of values occurs."""
    names = [str(n) for n in range(len(columns))]
    groups = pa.table([*columns], names=names).group_by(names).aggregate([([], "count_all")])
    *keys, counts = (groups[name].to_pylist() for name in [*names, "count_all"])
    return Counter(dict(zip(zip(*keys, strict=True), counts, strict=True)))

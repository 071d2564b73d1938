"""The units of every boundary row as columns, so that a million points take from them at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.locating import Locator, UnitView

NAMES = (
    "province_code", "province", "district_code", "district", "commune_code", "commune", "postcode",
    "candidates", "status",
)  # fmt: skip


def weights(codes: list[str]) -> str:
    """Candidates that nothing tells apart, as the text ``27106:0.50; 27118:0.50``."""
    return "; ".join(f"{code}:{1 / len(codes):.2f}" for code in codes)


class UnitColumns:
    """For one date, a table with a row for each boundary row; index -1 takes nulls."""

    def __init__(self, locator: Locator, as_of: dt.date) -> None:
        self._locator, self._as_of = locator, as_of
        rows = [self._row(locator.view(row, as_of)) for row in range(len(locator.codes))]
        self._columns = {name: pa.array([r[i] for r in rows], pa.string()) for i, name in enumerate(NAMES)}

    def take(self, rows: NDArray[np.int32]) -> dict[str, Any]:
        """The columns of :data:`NAMES` for boundary rows (int32, -1 for none)."""
        indices = pa.array(rows, mask=rows < 0)
        return {name: pc.take(column, indices) for name, column in self._columns.items()}

    def several(self, rows: list[int]) -> str:
        """The candidates of a point that lies in several boundary rows."""
        views = [self._locator.view(row, self._as_of) for row in rows]
        codes = [u.code for v in views for u in (v.candidates or (v.commune,)) if u is not None]
        return weights(list(dict.fromkeys(codes)))

    def _row(self, view: UnitView) -> tuple[str | None, ...]:
        heaviest = view.commune or (view.candidates[0] if view.candidates else None)
        sure = "ok" if self._locator.info.boundary_accuracy == "exact" else "partial"
        return (
            view.province.code if view.province else None,
            view.province.name if view.province else None,
            view.district.code if view.district else None,
            view.district.name if view.district else None,
            heaviest.code if heaviest else None,
            heaviest.name if heaviest else None,
            view.postcode,
            weights([u.code for u in view.candidates]) if view.candidates else None,
            # before the reform some island districts had no communes: their district is all there is to know
            "ambiguous" if view.candidates else sure if heaviest else "partial" if view.province else "not_found",
        )

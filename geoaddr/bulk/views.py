"""The units of every boundary row as columns, so that a million points take from them at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.locating import Locator, UnitView
from geoaddr.model import Level, LevelBasis

NAMES = (
    "province_code", "province", "district_code", "district", "commune_code", "commune", "postcode",
    "candidates", "status", "basis_by_level",
)  # fmt: skip


def weights(shares: Mapping[str, float]) -> str:
    """Candidates with their weights as the text ``27106:0.62; 27118:0.38``."""
    return weighed(shares.items())


def weighed(shares: Iterable[tuple[str, float]]) -> str:
    """The same for units that may share a code, as a unit of today may with one of before.

    The weights are hundredths that sum to 1: what rounding leaves goes to those that it wronged most. Who is left
    with none is left out.
    """
    pairs = [*shares]
    codes, given = [code for code, _ in pairs], [share for _, share in pairs]
    total = sum(given)
    exact = [100 * share / total for share in given]
    whole = [int(share) for share in exact]
    wronged = sorted(range(len(whole)), key=lambda at: whole[at] - exact[at])
    for at in wronged[: 100 - sum(whole)]:
        whole[at] += 1
    return "; ".join(f"{code}:{share / 100:.2f}" for code, share in zip(codes, whole, strict=True) if share)


def evenly(codes: Iterable[str]) -> str:
    """Candidates that nothing tells apart."""
    return weights(dict.fromkeys(codes, 1.0))


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

    def several(self, rows: list[int]) -> dict[str, str | None]:
        """The columns' values for a point that lies in several boundary rows."""
        view = self._locator.view_of(tuple(rows), self._as_of)
        return dict(zip(NAMES, self._row(view), strict=True))

    def _row(self, view: UnitView) -> tuple[str | None, ...]:
        sure = "ok" if self._locator.info.boundary_accuracy == "exact" else "partial"
        return row_of(view, self._locator.basis_by_level(view, self._as_of), sure)


def row_of(view: UnitView, bases: Mapping[Level, LevelBasis], sure: str) -> tuple[str | None, ...]:
    """The values of :data:`NAMES` for a view whose one commune has the status ``sure``."""
    heaviest = view.commune or (view.candidates[0] if view.candidates else None)
    return (
        view.province.code if view.province else None,
        view.province.name if view.province else None,
        view.district.code if view.district else None,
        view.district.name if view.district else None,
        heaviest.code if heaviest else None,
        heaviest.name if heaviest else None,
        view.postcode,
        evenly(u.code for u in view.candidates) if view.candidates else None,
        # before the reform some island districts had no communes: their district is all there is to know
        "ambiguous"
        if view.candidates
        else sure
        if heaviest
        else "partial"
        if known_in_part(view)
        else "not_found",
        "; ".join(f"{level}: {how.basis}" for level, how in bases.items()) or None,
    )


def known_in_part(view: UnitView) -> bool:
    """Whether a view names a unit above the commune."""
    return view.province is not None or view.district is not None

"""Outlines of units from the loaded boundaries, full or simplified: communes, and provinces joined of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from geoaddr.boundaries import BoundaryIndex
from geoaddr.locating import Locator, Sheet
from geoaddr.model import Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def rows_of(locator: Locator, unit: Unit, as_of: dt.date) -> tuple[Sheet, list[int]] | None:
    """The polygons that make up a unit on a day: of a layer of its own level, or else of its communes.

    :returns: the layer and its rows; ``None`` where no layer that holds on the day has any.
    """
    own = locator.sheet_of(unit.level, as_of)
    if own is not None and (found := _rows(own, {unit.code})):
        return own, found
    communes = locator.sheet_of("commune", as_of)
    if communes is None or unit.level == "commune":
        return None
    members = locator.gazetteer.units("commune", as_of=as_of, parent=unit.code)
    found = _rows(communes, {member.code for member in members})
    return (communes, found) if found else None


def _rows(sheet: Sheet, wanted: Collection[str]) -> list[int]:
    return [row for row, code in enumerate(sheet.codes) if code in wanted]


class Outlines(NamedTuple):
    """Rows of the loaded boundaries, simplified together.

    ``polygons`` beside ``rows``, in degrees; ``company`` and ``around`` the rows about them, themselves included,
    and their full polygons. What became of a row does not depend on the other ``rows``: :mod:`geoaddr.coverage`.
    """

    rows: NDArray[np.int64]
    polygons: NDArray[Any]
    company: NDArray[np.int64]
    around: NDArray[Any]

    def of(self, rows: Sequence[int]) -> Any:
        """The polygon or multipolygon of a unit of these rows, joined where there are several; shells run
        counter-clockwise, holes clockwise (RFC 7946)."""
        import numpy as np
        import shapely

        from geoaddr.coverage import dissolve

        own = self.polygons[np.searchsorted(self.rows, np.array(rows, dtype=np.int64))]
        if len(own) > 1:
            return shapely.orient_polygons(dissolve(own, self.around[~np.isin(self.company, rows)]))
        return shapely.orient_polygons(own[0])


def outlines(index: BoundaryIndex, rows: Iterable[int], tolerance_m: float = 0.0) -> Outlines:
    """The outlines of these rows.

    :param tolerance_m: how far a border may be moved, metres; 0 leaves every vertex.
    """
    import numpy as np

    from geoaddr.coverage import reach_degrees, simplify

    asked = np.unique(np.fromiter(rows, dtype=np.int64))
    alone = len(asked) == 1 and tolerance_m == 0
    company = asked if alone else _company(index.all_bounds(), asked, reach_degrees(tolerance_m))
    around = _polygons(index, company)
    thinned = simplify(around, np.searchsorted(company, asked), tolerance_m)
    return Outlines(asked, thinned, company, around)


def _company(bounds: NDArray[np.float64], rows: NDArray[np.int64], reach: float) -> NDArray[np.int64]:
    """The rows whose boxes come within ``reach`` degrees of one of those of ``rows``."""
    import numpy as np

    near = np.zeros(len(bounds), dtype=bool)
    for west, south, east, north in bounds[rows]:
        near |= (
            (bounds[:, 0] <= east + reach)
            & (bounds[:, 2] >= west - reach)
            & (bounds[:, 1] <= north + reach)
            & (bounds[:, 3] >= south - reach)
        )
    return np.flatnonzero(near)


def _polygons(index: BoundaryIndex, rows: NDArray[np.int64]) -> NDArray[Any]:
    import numpy as np

    polygons = np.empty(len(rows), dtype=object)
    polygons[:] = [index.polygon(row) for row in rows.tolist()]
    return polygons

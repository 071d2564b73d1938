"""Where the rows of a piece lie: WGS 84 degrees from columns or geometries of whatever coordinate system.

What would put most rows in the wrong place without anybody noticing is refused before any work is done: latitudes
that are longitudes, metres that are taken for degrees, a system that nobody stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.bulk.columns import FRAME, Degrees, degrees
from geoaddr.errors import DataError, Said
from geoaddr.reprojection import Way, way_to_wgs84

if TYPE_CHECKING:
    from geoaddr.bulk.answers import Plan

    Floats = NDArray[np.float64]

AROUND = (101.0, 6.0, 118.0, 24.0)
"""West, south, east, north of a box around Viet Nam with its islands, in degrees."""

MOST_DEGREES = 180.0
LEAST_METRES = 1000.0
"""Coordinates of a projected system in Viet Nam are all larger, degrees all smaller."""

NO_PLACE = Said("lat, lon: no point of its coordinate system", "lat, lon: không phải điểm của hệ tọa độ đã nêu")


def coordinates(batch: Any, planned: Plan, lang: str = "en") -> tuple[Degrees, Degrees]:
    """Latitudes and longitudes (WGS 84) of a piece, from its columns or its geometry, which must be points."""
    way = None if planned.crs is None else way_to_wgs84(planned.crs, planned.crs)
    lat, lon = _written(batch, planned, lang, in_degrees=way is None or way.degrees)
    return (lat, lon) if way is None else _moved(lat, lon, way, lang)


def _written(batch: Any, planned: Plan, lang: str, *, in_degrees: bool) -> tuple[Degrees, Degrees]:
    """Latitudes (or northings) and longitudes (or eastings) as they stand in the file."""
    most_lat, most_lon = (90.0, 180.0) if in_degrees else (np.inf, np.inf)
    if planned.geometry is None:
        first, second = batch[planned.lat], batch[planned.lon]
    else:
        first, second = of_geometry(batch[planned.geometry])
    if planned.swap:
        first, second = second, first
    return degrees(first, "lat", most_lat, lang), degrees(second, "lon", most_lon, lang)


def of_geometry(wkb: Any) -> tuple[Any, Any]:
    """The y and x of a column of WKB, null where that is no point."""
    import shapely

    return of_shapes(shapely.from_wkb(np.array(wkb.to_pylist(), dtype=object), on_invalid="ignore"))


def of_shapes(shapes: NDArray[Any]) -> tuple[Any, Any]:
    """The y and x of shapely geometries as Arrow arrays, null where one is no point."""
    import shapely

    points = np.array(shapes, dtype=object)
    none = (shapely.get_type_id(points) != shapely.GeometryType.POINT) | shapely.is_empty(points)
    points[none] = None
    return pa.array(shapely.get_y(points), mask=none), pa.array(shapely.get_x(points), mask=none)


def _moved(lat: Degrees, lon: Degrees, way: Way, lang: str) -> tuple[Degrees, Degrees]:
    """The same points in WGS 84; a row that has no place there says so."""
    good = lat.good & lon.good
    x, y = np.full(len(good), np.nan), np.full(len(good), np.nan)
    x[good], y[good] = way.move(lon.values[good], lat.values[good])
    lost = good & ~(np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90.0) & (np.abs(x) <= 180.0))
    x[lost] = y[lost] = np.nan
    errors = pc.if_else(pa.array(lost), NO_PLACE.in_language(lang), lat.errors)
    return Degrees(y, errors, lat.blank), Degrees(x, lon.errors, lon.blank)


def refuse_misplaced(batch: Any, planned: Plan, file: object) -> None:
    """Refuse an input most of whose rows lie elsewhere than it says, judged by its first rows.

    :raises DataError: naming what is wrong and the option that mends it.
    """
    if planned.lat is None and planned.geometry is None:
        return
    way = None if planned.crs is None else way_to_wgs84(planned.crs, file)
    lat, lon = (column.values for column in _written(batch, planned, "en", in_degrees=False))
    both = np.isfinite(lat) & np.isfinite(lon)
    lat, lon, size = lat[both], lon[both], int(both.sum())
    if not size:
        return
    far = (np.abs(lat) >= LEAST_METRES) & (np.abs(lon) >= LEAST_METRES)
    near = (np.abs(lat) <= MOST_DEGREES) & (np.abs(lon) <= MOST_DEGREES)
    if (way is None or way.degrees) and _most(far, size):
        raise DataError(file, _metres(file))
    if way is not None and not way.degrees and _most(near, size):
        raise DataError(file, _DEGREES)
    only_swapped = _around(lon, lat, way) & ~_around(lat, lon, way)
    if _most(only_swapped, size):
        raise DataError(file, _swapped(int(only_swapped.sum()), size, planned.swap, file))


def _metres(file: object) -> Said:
    crs = 'crs="EPSG:9210"' if file == FRAME else "--crs EPSG:9210"
    return Said(
        f"its coordinates are metres, not degrees: name their system, for VN-2000 one such as {crs}",
        f"tọa độ tính bằng mét, không phải độ: hãy nêu hệ tọa độ, với VN-2000 chẳng hạn {crs}",
    )


_DEGREES = Said(
    "its coordinates are degrees, but the system named counts in metres",
    "tọa độ tính bằng độ, nhưng hệ tọa độ đã nêu tính bằng mét",
)


def _swapped(count: int, size: int, swap: bool, file: object) -> Said:
    option = "swap=True" if file == FRAME else "--swap"
    mend = Said(f"leave {option} out", f"hãy bỏ {option}") if swap else Said(f"add {option}", f"hãy thêm {option}")
    return Said(
        f"{count} of its first {size} points lie in Viet Nam only with latitude and longitude the other way "
        f"round; {mend.en}, or name the columns the other way",
        f"{count} trong {size} điểm đầu tiên chỉ nằm ở Việt Nam khi đổi chỗ vĩ độ và kinh độ; "
        f"{mend.vi}, hoặc nêu hai cột theo thứ tự kia",
    )


def _most(which: NDArray[np.bool_], size: int) -> bool:
    return 2 * int(which.sum()) > size


def _around(lat: Floats, lon: Floats, way: Way | None) -> NDArray[np.bool_]:
    """Which points lie around Viet Nam."""
    x, y = (lon, lat) if way is None else way.move(lon, lat)
    west, south, east, north = AROUND
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)

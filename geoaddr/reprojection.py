"""Coordinate systems: what is WGS 84, and the one published way to it from another system.

Where several transformations are published, PROJ would take another one for each point by where it lies. Here one
of them answers for all points of a job, the first in PROJ's order, which must hold for the whole country; it is
named in reports with its accuracy. Ballpark transformations, which leave out the shift of the datum, are never
used.

Source: the EPSG dataset. VN-2000 to WGS 84 is EPSG:6960, with the seven parameters of decision 05/2007/QĐ-BTNMT of
27 February 2007; its accuracy is stated as 1 m.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.errors import DataError, MissingExtra, Said

if TYPE_CHECKING:
    import pyproj

_WGS84_CODES = frozenset({"EPSG:4326", "EPSG:4979", "OGC:CRS84", "OGC:CRS84H"})
_WGS84_WKT = re.compile(r"\s*GEOG(?:CS|CRS)\[\s*\"(?:GCS_)?WGS[ _](?:19)?84\"", re.IGNORECASE)

MAINLAND = (102.14, 8.33, 109.53, 23.4)
"""West, south, east, north of Viet Nam onshore in degrees, as EPSG bounds it (area of use 3328)."""


def is_wgs84(crs: str | Mapping[str, Any]) -> bool:
    """Whether ``crs`` (authority code, WKT or PROJJSON) is geographic WGS 84, in degrees."""
    if isinstance(crs, str):
        return crs.strip().upper() in _WGS84_CODES or _WGS84_WKT.match(crs) is not None
    identity = crs.get("id")
    if isinstance(identity, Mapping):
        return f"{identity.get('authority')}:{identity.get('code')}".upper() in _WGS84_CODES
    return crs.get("type") == "GeographicCRS" and str(crs.get("name", "")).startswith("WGS 84")


def label(crs: str | Mapping[str, Any] | None) -> str:
    """A short name of ``crs`` for a report."""
    if crs is None:
        return "not stated"
    if isinstance(crs, Mapping):
        identity = crs.get("id")
        if isinstance(identity, Mapping):
            return f"{identity.get('authority')}:{identity.get('code')}"
        return str(crs.get("name", "PROJJSON"))
    name = re.search(r'"([^"]+)"', crs)
    return name.group(1) if name and len(crs) > 40 else crs


@dataclass(frozen=True, slots=True)
class Way:
    """How points of one system come to WGS 84.

    ``crs`` and ``name`` say from where; ``transformation`` names the shift of the datum, with its ``code`` where
    it has one, ``None`` where the datum is that of WGS 84; ``accuracy_m`` is in metres, ``None`` where none is
    stated. ``degrees``: whether the system counts in degrees, not in metres.
    """

    crs: str
    name: str
    transformation: str | None
    code: str | None
    accuracy_m: float | None
    degrees: bool
    system: pyproj.CRS
    transformer: pyproj.Transformer

    def move(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Longitudes and latitudes in degrees of points (easting or longitude first); infinite where none is."""
        moved: tuple[NDArray[np.float64], ...] = self.transformer.transform(x, y)
        return moved

    def same_system(self, other: Way) -> bool:
        """Whether both come from one system, however it was written."""
        return bool(self.system.equals(other.system, ignore_axis_order=True))

    def to_dict(self) -> dict[str, Any]:
        """What a report says of it."""
        return {
            "crs": self.crs,
            "name": self.name,
            "transformation": self.transformation,
            "transformation_code": self.code,
            "accuracy_m": self.accuracy_m,
        }

    @property
    def said(self) -> Said:
        """The same as a sentence."""
        system = self.crs if self.name in self.crs else f"{self.crs} ({self.name})"
        if self.transformation is None:
            return Said(
                f"from {system}; its datum is WGS 84",
                f"từ {system}; cùng gốc quy chiếu với WGS 84",
            )
        shift = f"{self.transformation}, {self.code}" if self.code else self.transformation
        metres = None if self.accuracy_m is None else f"{self.accuracy_m:g} m"
        return Said(
            f"from {system} by {shift}; accuracy {metres or 'not stated'}",
            f"từ {system} bằng {shift}; độ chính xác {metres or 'không rõ'}",
        )


def way_to_wgs84(crs: str | Mapping[str, Any], file: object) -> Way:
    """The one transformation from ``crs`` (authority code, WKT or PROJJSON) to WGS 84.

    :raises MissingExtra: pyproj is not installed.
    :raises DataError: PROJ does not know the system, or knows no transformation that holds for all of Viet Nam.
    """
    try:
        import pyproj
    except ImportError:
        raise MissingExtra("crs", f"reading the coordinate system {label(crs)}") from None
    try:
        system = pyproj.CRS.from_user_input(crs if isinstance(crs, str) else dict(crs))
    except pyproj.exceptions.ProjError as error:
        line = str(error).splitlines()[0][:160]
        raise DataError(
            file, Said(f"coordinate system not understood: {line}", f"không hiểu hệ tọa độ: {line}")
        ) from None
    return _way(system, label(crs), str(file))


@lru_cache(maxsize=64)
def _way(system: pyproj.CRS, named: str, file: str) -> Way:
    from pyproj.transformer import TransformerGroup

    group = TransformerGroup(system, "EPSG:4326", always_xy=True, allow_ballpark=False)
    found = group.transformers[0] if group.transformers else None
    if found is None or not _holds_everywhere(found):
        raise DataError(file, _no_way(named, found))
    shifts = [step for step in found.operations or () if _shifts(step)]
    codes = [f"{i['authority']}:{i['code']}" for s in shifts if (i := s.to_json_dict().get("id"))]
    return Way(
        crs=named,
        name=system.name,
        transformation=" + ".join(step.name for step in shifts) or None,
        code=" + ".join(codes) or None,
        accuracy_m=found.accuracy if found.accuracy >= 0 else None,
        degrees=system.is_geographic,
        system=system,
        transformer=found,
    )


def _shifts(step: Any) -> bool:
    """Whether a step of an operation changes the datum; the others turn axes or undo a map projection."""
    return "Conversion" not in step.type_name


def _holds_everywhere(way: pyproj.Transformer) -> bool:
    area: Any = way.area_of_use
    if area is None:  # made by the caller, with parameters of their own
        return True
    west, south, east, north = MAINLAND
    return bool(area.west <= west and area.south <= south and area.east >= east and area.north >= north)


def _no_way(named: str, found: pyproj.Transformer | None) -> Said:
    area = found.area_of_use if found else None
    if area is None:
        return Said(
            f"no transformation from {named} to WGS 84 is known, only a guess that may be hundreds of metres off; "
            "state a system with an EPSG code, or transform the points first",
            f"không biết phép chuyển nào từ {named} sang WGS 84, ngoài ước đoán có thể lệch hàng trăm mét; "
            "hãy nêu hệ có mã EPSG, hoặc chuyển tọa độ trước",
        )
    return Said(
        f"no transformation from {named} to WGS 84 holds for all of Viet Nam, the first one for: {area.name}; "
        "transform the points to WGS 84 first",
        f"không có phép chuyển từ {named} sang WGS 84 dùng được cho cả nước, phép đầu tiên chỉ cho: {area.name}; "
        "hãy chuyển tọa độ sang WGS 84 trước",
    )

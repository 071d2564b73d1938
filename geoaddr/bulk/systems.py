"""Which coordinate system the points of an input are in: the one stated or named, or WGS 84 by assumption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from geoaddr.bulk.answers import Plan
from geoaddr.bulk.columns import FRAME
from geoaddr.errors import DataError, InvalidInput, Said
from geoaddr.reprojection import Way, is_wgs84, label, way_to_wgs84

WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class System:
    """``crs`` as stated or named; ``assumed`` where it is neither; ``way`` to WGS 84 from any other."""

    crs: str
    assumed: bool
    swapped: bool
    way: Way | None

    def to_dict(self) -> dict[str, Any]:
        """What a report says of it."""
        named = {"crs": label(self.crs)} if self.way is None else self.way.to_dict()
        return {**named, "assumed": self.assumed, "swapped": self.swapped}

    @property
    def said(self) -> Said:
        """The same as a sentence."""
        if self.way is not None:
            return self.way.said
        if self.assumed:
            return Said(
                "taken as WGS 84 (EPSG:4326), nothing else is stated",
                "coi là WGS 84 (EPSG:4326), vì không nêu hệ nào khác",
            )
        return Said(f"in WGS 84 ({label(self.crs)})", f"theo WGS 84 ({label(self.crs)})")


def settled(
    planned: Plan, *, named: str | None, stated: str | None, swap: bool, file: object
) -> tuple[Plan, System | None]:
    """The plan with the system of its points, which is ``None`` where it reads none.

    :param named: what the caller says; ``stated``: what the file says of its geometry.
    :raises DataError: a geometry of no stated system, or of another one than the caller says; a system without a
        way to WGS 84.
    :raises InvalidInput: a system or ``swap`` where no points are read.
    """
    if planned.lat is None and planned.geometry is None:
        _refuse_unused(named, swap, file)
        return planned, None
    if planned.geometry is None:
        stated = None
    elif stated is None and named is None:
        raise DataError(file, _missing(_option("crs", file)))
    if named is not None and stated is not None and not _same(named, stated, file):
        raise DataError(file, _contradiction(label(stated), named, file))
    crs = named or stated or WGS84
    way = None if is_wgs84(crs) else way_to_wgs84(crs, file)
    system = System(crs, named is None and stated is None, swap, way)
    return replace(planned, crs=None if way is None else crs, swap=swap), system


def _option(name: str, file: object) -> str:
    """How whoever asked writes an option: on the command line, or as an argument."""
    return f"{name}=" if file == FRAME else f"--{name}"


def _refuse_unused(named: str | None, swap: bool, file: object) -> None:
    lat, lon = _option("lat", file), _option("lon", file)
    why = Said(f"no points are read: name the columns with {lat} and {lon}",
               f"không đọc điểm nào: hãy nêu hai cột bằng {lat} và {lon}")  # fmt: skip
    if named is not None:
        raise InvalidInput("crs", named, why)
    if swap:
        raise InvalidInput("swap", None, why)


def _same(named: str, stated: str, file: object) -> bool:
    if named.strip().upper() == stated.upper() or (is_wgs84(named) and is_wgs84(stated)):
        return True
    if is_wgs84(named) or is_wgs84(stated):
        return False
    return way_to_wgs84(named, file).same_system(way_to_wgs84(stated, file))


def _missing(crs: str) -> Said:
    return Said(
        f"its points state no coordinate system; name it with {crs}, such as EPSG:4326 for WGS 84",
        f"các điểm không ghi hệ tọa độ; hãy nêu bằng {crs}, chẳng hạn EPSG:4326 cho WGS 84",
    )


def _contradiction(stated: str, named: str, file: object) -> Said:
    crs = _option("crs", file)
    what = Said("frame", "khung dữ liệu") if file == FRAME else Said("file", "tệp")
    return Said(
        f"its points are in {stated}, and {crs} says {named}; leave {crs} out, or mend the {what.en}",
        f"các điểm theo hệ {stated}, còn {crs} nêu {named}; hãy bỏ {crs}, hoặc sửa hệ tọa độ trong {what.vi}",
    )

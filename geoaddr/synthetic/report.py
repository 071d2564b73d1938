"""What was made, for the person who asked and for whoever finds the file later."""

from __future__ import annotations

from dataclasses import dataclass

from geoaddr._version import __version__
from geoaddr.errors import Said
from geoaddr.model import PackInfo, Record
from geoaddr.synthetic.weights import Weighted

NOTICE = Said(
    "SYNTHETIC DATA, MADE UP: nobody's home. Households, points, streets, house numbers and codes are drawn at "
    "random; any likeness to a real address or an issued code is chance. Not for a real registry.",
    "DỮ LIỆU GIẢ LẬP: không phải nhà của ai. Hộ, tọa độ, tên đường, số nhà và mã đều được sinh ngẫu nhiên; mọi sự "
    "trùng hợp với địa chỉ thật hay mã đã cấp chỉ là tình cờ. Không nạp vào sổ đăng ký thật.",
)


@dataclass(frozen=True, slots=True)
class SynthReport(Record):
    """Counts of a made-up nation.

    ``raised`` the communes whose population was raised, ``full`` those that hold as many households as an area
    has codes (what was too many went to the others), ``weights`` the rule of counting out.
    """

    out: str
    rows: int
    communes: int
    provinces: int
    seed: int
    weights: dict[str, str]
    raised: tuple[str, ...]
    full: tuple[str, ...]
    seconds: float
    pack: PackInfo
    notice: dict[str, str]


def metadata(seed: int, style: str, weighted: Weighted, info: PackInfo) -> dict[str, str]:
    """What a Parquet file says of itself, under names that begin with ``geoaddr.``."""
    return {
        "geoaddr.synthetic": "true",
        "geoaddr.notice": NOTICE.en,
        "geoaddr.notice.vi": NOTICE.vi,
        "geoaddr.seed": str(seed),
        "geoaddr.style": style,
        "geoaddr.weights": weighted.rule.en,
        "geoaddr.pack": f"{info.name} {info.version} ({info.date})",
        "geoaddr.boundary_accuracy": info.boundary_accuracy,
        "geoaddr.version": __version__,
    }

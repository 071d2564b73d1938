"""Packs with boundaries of two dates: the communes of some provinces, and provinces and districts of 2024."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geoaddr.importing.layer_import import import_layer
from geoaddr.model import Level
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK

PROVINCES = ("22", "48")
"""Quảng Ninh, of which the layer of 2024 has neither province nor districts, and Đà Nẵng."""

OLD_PROVINCES = ("Thành phố Đà Nẵng", "Tỉnh Quảng Nam", "Tỉnh Hải Dương", "Thành phố Hải Phòng")

FROM, TO = "2024-01-01", "2025-07-01"
OLD_LAYER = "data/boundaries/vn2024_provinces_districts.parquet"
SIMPLIFIED = "data/boundaries/vn2025_wards_simpl50m.parquet"


def write_communes(shared: Path, folder: Path, provinces: Sequence[str] = PROVINCES) -> Path:
    """The layer of the communes of some provinces."""
    table = pq.read_table(shared / SIMPLIFIED)
    chosen = table.filter(pc.is_in(table["province_code"], pa.array(provinces)))
    pq.write_table(chosen, folder / "communes.parquet")
    return folder / "communes.parquet"


def write_old_units(shared: Path, folder: Path) -> Path:
    """Provinces and districts of 2024 in what is Đà Nẵng today, and around Quảng Ninh."""
    table = pq.read_table(shared / OLD_LAYER)
    pq.write_table(table.filter(pc.is_in(table["prov"], pa.array(OLD_PROVINCES))), folder / "old.parquet")
    return folder / "old.parquet"


def write_dated(shared: Path, folder: Path) -> Path:
    """A pack of today's communes to which the provinces and the districts of 2024 were added."""
    packs = [folder / f"{name}.gapack" for name in ("communes", "provinces", "dated")]
    old = write_old_units(shared, folder)
    import_layer(write_communes(shared, folder), packs[0], base=Pack.open(EMBEDDED_PACK))
    levels: tuple[Level, ...] = ("province", "district")
    for base, out, level in zip(packs, packs[1:], levels, strict=False):
        import_layer(old, out, base=Pack.open(base), level=level, valid_from=FROM, valid_to=TO)
    return packs[2]

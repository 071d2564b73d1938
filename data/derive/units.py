"""Derive the units, points and links from the PyPI package ``vietnamadminunits`` (MIT).

    python data/derive/units.py [PACKAGE_FOLDER] [--out data/sources]

Without a folder the installed package is used. Of the old units only names and codes are taken: their
points, boxes and addresses in the package come from a web geocoder and are not free to carry.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tables import write_table

OLD_TYPES = ("Thị trấn", "Phường", "Xã")
NEW_TYPES = ("Đặc khu", "Phường", "Xã")
DISTRICT_TYPES = ("Thành phố", "Thị xã", "Quận", "Huyện")
PROVINCE_TYPES = ("Thành phố", "Tỉnh")

Row = dict[str, Any]


def installed() -> Path:
    """The folder of the installed package, found without running its code."""
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise SystemExit("vietnamadminunits is not installed; give its folder")
    return Path(spec.origin).parent


def type_and_name(full: str, types: tuple[str, ...]) -> tuple[str, str]:
    """``Thị Trấn Óc Eo`` -> ``("Thị trấn", "Óc Eo")``. The type is read from the full name: the package's
    own column of types differs from it in a dozen rows."""
    for kind in types:
        if full.casefold().startswith(kind.casefold() + " "):
            return kind, full[len(kind) + 1 :].strip()
    raise ValueError(f"no type in {full!r}")


def read(package: Path, table: str) -> list[Row]:
    """All rows of one table of the package's database."""
    with sqlite3.connect(f"file:{package / 'data' / 'dataset.db'}?mode=ro", uri=True) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f"SELECT * FROM {table}")]  # table names stand below


def distinct(rows: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows sorted by their first column, each once."""
    return sorted(set(rows), key=lambda row: str(row[0]))


def units(new: list[Row], old: list[Row], out: Path) -> None:
    """Write the five tables of units."""
    for name, rows in (("provinces_old", old), ("provinces", new)):
        write_table(
            out / f"{name}.csv",
            ("code", "type", "name"),
            distinct((r["provinceCode"], *type_and_name(r["province"], PROVINCE_TYPES)) for r in rows),
        )
    write_table(
        out / "districts_old.csv",
        ("code", "type", "name", "province"),
        distinct(
            (r["districtCode"], *type_and_name(r["district"], DISTRICT_TYPES), r["provinceCode"]) for r in old
        ),
    )
    write_table(
        out / "communes_old.csv",
        ("code", "type", "name", "district"),
        distinct(
            (r["wardCode"], *type_and_name(r["ward"], OLD_TYPES), r["districtCode"]) for r in old if r["wardCode"]
        ),
    )
    write_table(
        out / "communes.csv",
        ("code", "type", "name", "province"),
        distinct((r["wardCode"], *type_and_name(r["ward"], NEW_TYPES), r["provinceCode"]) for r in new),
    )


def points(new: list[Row], out: Path) -> None:
    """Write the publisher's point and area of each commune; an area that it lacks stays empty."""
    write_table(
        out / "commune_points.csv",
        ("code", "lat", "lon", "area_km2"),
        distinct((r["wardCode"], r["wardLat"], r["wardLon"], r["wardAreaKm2"]) for r in new),
    )


def province_links(package: Path, new: list[Row], old: list[Row], out: Path) -> None:
    """Write which old provinces each new one was made of; every old one went whole into one new."""
    table = json.loads((package / "data" / "converter_2025.json").read_text(encoding="utf-8"))
    new_code = {r["provinceKey"]: r["provinceCode"] for r in new}
    old_code = {r["provinceKey"]: r["provinceCode"] for r in old}
    pairs = [
        (old_code[old_key], new_code[key]) for key, olds in table["DICT_PROVINCE"].items() for old_key in olds
    ]
    write_table(out / "links_provinces.csv", ("old", "new"), sorted(pairs))


def links(package: Path, new: list[Row], old: list[Row], out: Path) -> None:
    """Write what became of each old commune, from the package's conversion table.

    Its keys are names without accents: ``province_district_commune`` for the old, province and commune
    for the new. A commune that is divided names all that received a part and one taken by default.
    """
    table = json.loads((package / "data" / "converter_2025.json").read_text(encoding="utf-8"))
    new_code = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in new}
    old_code = {
        f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}": r["wardCode"] or r["districtCode"]
        for r in old
    }
    rows: list[tuple[object, ...]] = []
    for province, communes in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, keys in communes.items():
            rows += [(old_code[key], new_code[province, commune], "whole", "") for key in keys]
    for province, parted in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in parted.items():
            for part in parts:
                note = "main" if part["isDefaultNewWard"] else ""
                rows.append((old_code[key], new_code[province, part["newWardKey"]], "part", note))
    write_table(out / "links_communes.csv", ("old", "new", "grade", "note"), sorted(set(rows)))


def main() -> None:
    """Write every table that comes from the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", nargs="?", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "sources")
    given = parser.parse_args()
    package = given.package or installed()
    new, old = read(package, "admin_units"), read(package, "admin_units_legacy")
    given.out.mkdir(parents=True, exist_ok=True)
    units(new, old, given.out)
    points(new, given.out)
    province_links(package, new, old, given.out)
    links(package, new, old, given.out)


if __name__ == "__main__":
    main()

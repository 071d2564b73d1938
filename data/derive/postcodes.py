"""Derive the postcodes in force since 24 August 2025 from a table of decision 2334/QĐ-BKHCN.

    python data/derive/postcodes.py TABLE [--out data/sources]

TABLE is a CSV file with the columns ``ward_code`` and ``postal_code``. Two values are misprints in the
decision's annex; they are written here as printed there, and ``corrections.csv`` says what is meant.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from tables import write_table

IN_FORCE_FROM = "2025-08-24"
AS_PRINTED = {"08872": "152213", "11713": "#VALUE!"}


def main() -> None:
    """Write ``postcodes.csv``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "sources")
    given = parser.parse_args()
    with given.table.open(encoding="utf-8-sig", newline="") as lines:
        rows = sorted((r["ward_code"], r["postal_code"]) for r in csv.DictReader(lines))
    write_table(
        given.out / "postcodes.csv",
        ("commune", "postcode", "valid_from", "valid_to"),
        [(commune, AS_PRINTED.get(commune, postcode), IN_FORCE_FROM, "") for commune, postcode in rows],
    )


if __name__ == "__main__":
    main()

"""Write the present sums of the files into ``data/manifest.csv``; all its other columns are kept by hand.

python data/derive/manifest.py
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from tables import write_table

DATA = Path(__file__).parents[1]


def main() -> None:
    """Refresh the column ``sha256``."""
    path = DATA / "manifest.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        header, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        row["sha256"] = hashlib.sha256((DATA / row["file"]).read_bytes()).hexdigest()
    write_table(path, header, [[row[column] for column in header] for row in rows])


if __name__ == "__main__":
    main()

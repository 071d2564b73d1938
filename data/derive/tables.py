"""Writing the hand-readable tables of ``data/sources``: one way, so that a rerun gives the same bytes."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write ``rows`` as UTF-8 CSV in NFC with Unix line ends; ``None`` is an empty field.

    :returns: the number of rows.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            if len(row) != len(header):
                raise ValueError(f"{path.name}: {len(row)} values for {len(header)} columns")
            writer.writerow(["" if v is None else unicodedata.normalize("NFC", str(v)) for v in row])
            count += 1
    return count

"""A registry of a made-up province, and the lines in which its households are asked for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geoaddr.platform import Geoaddr
from geoaddr.registry import LoadRow

STYLES = ("official", "abbreviated", "unaccented", "old")


def load(ga: Geoaddr, folder: Path, **options: Any) -> int:
    """Make households up and load them; how many there are."""
    records = folder / "records.csv"
    ga.synth(records, columns="registry", **options)
    with records.open(encoding="utf-8-sig", newline="") as file:
        rows = [LoadRow(n, {k: v for k, v in row.items() if v}) for n, row in enumerate(csv.DictReader(file), 1)]
    assert ga.registry.load(rows, actor="synthetic data").loaded == len(rows)
    return len(rows)


def lines(ga: Geoaddr, folder: Path, styles: Sequence[str] = STYLES, **options: Any) -> dict[str, dict[str, str]]:
    """For each style the line of each household, by its code."""
    found: dict[str, dict[str, str]] = {}
    for style in styles:
        out = folder / f"{style}.csv"
        ga.synth(out, style=style, **options)
        with out.open(encoding="utf-8-sig", newline="") as file:
            found[style] = {row["ndas"]: row["address"] for row in csv.DictReader(file)}
    return found

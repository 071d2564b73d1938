"""How answers reach standard output: JSON lines for programs, aligned columns for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from geoaddr.cli.labels import label

GAP = 2


def print_json(document: Any) -> None:
    """One JSON document on one line, letters as they are."""
    print(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def print_fields(rows: Iterable[tuple[str, str | Sequence[str] | None]], lang: str, *, indent: int = 0) -> None:
    """A label and a value a line, values aligned; absent values are left out, several stand below each other.

    :param rows: keys of :mod:`geoaddr.cli.labels` with their values.
    """
    shown = [
        (label(key, lang), [value] if isinstance(value, str) else list(value)) for key, value in rows if value
    ]
    width = max((len(name) for name, _ in shown), default=0) + GAP
    for name, values in shown:
        for heading, value in zip([name, *[""] * len(values)], values, strict=False):
            print(f"{' ' * indent}{heading:<{width}}{value}")


def print_columns(headings: Sequence[str], rows: Iterable[Sequence[str]], lang: str) -> None:
    """A table with a heading: keys of :mod:`geoaddr.cli.labels` over columns of texts."""
    table = [[label(key, lang) for key in headings], *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in table) + GAP for i in range(len(headings))]
    for row in table:
        print("".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())

"""How answers reach standard output: JSON lines for programs, aligned columns for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from geoaddr.cli.labels import label, word
from geoaddr.model import PackInfo

GAP = 2


def print_json(document: Any) -> None:
    """One JSON document on one line, letters as they are."""
    print(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def print_data(pack: PackInfo, lang: str, *, as_json: bool = False, said: str = "") -> None:
    """Say which data answered: in the last line of a table, as reports of files do; beside JSON that has no
    ``pack`` on standard error, for what is printed there is the library's answer and nothing else.

    :param said: what there is to say before it on standard error.
    """
    text = f"{word('data', lang)}: {pack.said()}"
    if as_json:
        print(f"geoaddr: {said}{text}", file=sys.stderr)
    else:
        print(text)


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

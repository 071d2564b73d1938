"""How answers reach standard output: JSON lines for programs, aligned columns for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geoaddr.cli.labels import label, word
from geoaddr.model import PackInfo

GAP = 2


def print_json(document: Any) -> None:
    """One JSON document on one line, letters as they are."""
    print(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def print_answer(document: Mapping[str, Any], pack: PackInfo) -> None:
    """An answer as one JSON document on one line, with the data that gave it under ``pack``."""
    print_json({**document, "pack": pack.to_dict()})


def print_data(pack: PackInfo, lang: str) -> None:
    """The line that ends a table: which data answered, as reports of files say it."""
    print(data_text(pack, lang))


def data_text(pack: PackInfo, lang: str) -> str:
    """Which data answered, with its name, version and date."""
    return f"{word('data', lang)}: {pack.said()}"


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

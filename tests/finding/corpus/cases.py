"""Searches and what is expected of them, read from files in the format of geocoder-tester.

https://github.com/geocoders/geocoder-tester: CSV with the columns ``query``, ``limit``, ``lat``, ``lon``,
``lang``, ``comment``, ``skip``, ``mark`` and as many ``expected_...`` as wanted; YAML with the query (or a name,
and ``query`` below it) as the key. ``expected`` may be a list: then each of them must be among the results.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

EXPECTED = "expected_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One search. ``name`` tells it apart in reports; ``expected`` properties of results, one of which must have
    all."""

    name: str
    query: str
    expected: tuple[Mapping[str, str], ...]
    limit: int = 1
    lat: str | None = None
    lon: str | None = None
    lang: str | None = None
    comment: str | None = None
    skip: str | None = None
    marks: frozenset[str] = frozenset()


def read(path: Path) -> list[Case]:
    """The cases of a file, or of all files in a folder whose names begin with ``test``.

    :raises ValueError: for a file of another kind, or a case without a query or an expectation.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("test*") if file.suffix in (".csv", ".yml"))
        return [case for file in files for case in read_file(file, path)]
    return read_file(path, path.parent)


def read_file(path: Path, root: Path) -> list[Case]:
    """The cases of one file; the folders between it and ``root`` are marks of all of them."""
    where = path.relative_to(root)
    rows = _of_csv(path) if path.suffix == ".csv" else _of_yaml(path)
    return [_case(f"{where}::{number}", row, frozenset(where.parent.parts)) for number, row in enumerate(rows, 1)]


def _of_csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        dialect = csv.Sniffer().sniff(file.readline(), ",;\t|")
        file.seek(0)
        for row in csv.DictReader(file, dialect=dialect):
            expected = {k.removeprefix(EXPECTED): v for k, v in row.items() if k.startswith(EXPECTED) and v}
            given = {k: v for k, v in row.items() if v and not k.startswith(EXPECTED)}
            yield given | {"expected": expected, "mark": [m for m in (row.get("mark") or "").split(",") if m]}


def _of_yaml(path: Path) -> Iterator[dict[str, Any]]:
    for name, told in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        yield {"query": name} | told


def _case(name: str, row: Mapping[str, Any], folders: frozenset[str]) -> Case:
    query, expected = row.get("query"), row.get("expected")
    if not query or not expected:
        raise ValueError(f"{name}: a case needs a query and what is expected")
    each = expected if isinstance(expected, list) else [expected]
    return Case(
        name=f"{name} {query}",
        query=str(query),
        expected=tuple({key: str(value) for key, value in one.items()} for one in each),
        limit=int(row.get("limit") or 1),
        marks=folders | frozenset(row.get("mark") or ()),
        **{key: str(row[key]) for key in ("lat", "lon", "lang", "comment", "skip") if row.get(key)},
    )

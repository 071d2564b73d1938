"""Small registries as tests fill them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from geoaddr.registry import LoadRow, Registry
from geoaddr.stores.sqlite import SQLiteStore

ROW = {"lat": "21.0368", "lon": "105.8346", "commune_code": "00004", "issued_on": "2025-09-01"}


def row(code: str) -> LoadRow:
    return LoadRow(1, {"ndas": code, **ROW})


def fill(path: Path, *codes: str) -> Registry:
    registry = Registry(SQLiteStore(path))
    registry.load([row(code) for code in codes])
    return registry


def execute(path: Path, statements: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(statements)
    connection.close()

"""What a store tells of its records in pieces, as rows and events that can be held to those of its scan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from geoaddr.exporting.record_columns import HISTORY_COLUMNS, batches, events_of
from geoaddr.model.base import plain
from geoaddr.registry.rows import row_from_record
from geoaddr.store import Placed, Scanned, Store
from geoaddr.stores.rows import to_json


class Said(NamedTuple):
    """A record as a row of a file, with what it is found by and what happened to it."""

    row: dict[str, str]
    likeness: int
    placed: Placed | None
    events: list[dict[str, Any]]


def told_in_scan(store: Store) -> list[Said]:
    return [_said(scanned) for scanned in store.scan()]


def told_in_pieces(store: Store) -> list[Said]:
    """By the column where the store tells by the column."""
    return [said for piece in store.pieces() for said in _of_piece(piece)]


def _said(scanned: Scanned) -> Said:
    events = [
        dict(
            zip(
                HISTORY_COLUMNS, (e.ndas, e.number, e.kind, e.at, e.reason, to_json(plain(e.details))), strict=True
            )
        )
        for e in scanned.events
    ]
    return Said(row_from_record(scanned.record), scanned.likeness, scanned.placed, events)


def _of_piece(piece: Any) -> Iterator[Said]:
    rows = [{name: _text(value) for name, value in row.items()} for row in _rows(batches([piece]))]
    events = _rows([events_of(piece)])
    found = {each.record.ndas: (each.likeness, each.placed) for each in piece.others} | dict(_filed(piece.plain))
    for row in rows:
        yield Said(row, *found[row["ndas"]], [event for event in events if event["ndas"] == row["ndas"]])


def _filed(plain: Any) -> Iterator[tuple[str, tuple[int, Placed | None]]]:
    if plain is None:
        return
    columns = (plain.ndas, plain.likeness, plain.street, plain.number, plain.division, plain.place)
    for code, likeness, *where in zip(*(column.tolist() for column in columns), strict=True):
        yield f"{code:010}", (likeness, Placed(*where) if where[2] >= 0 else None)


def _rows(some: Any) -> list[dict[str, Any]]:
    return [row for batch in some for row in batch.to_pylist()]


def _text(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)

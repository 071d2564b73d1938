"""Arrow in, Arrow out: the verbs on address texts over arrays and tables in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from geoaddr.bulk.columns import Degrees, degrees, find_column, new_names
from geoaddr.errors import InvalidInput, Said
from geoaddr.validation.fields import field_of_column

Answering = Callable[[Any], dict[str, Any]]


def answered(given: Any, column: str | None, answer: Answering, *, textless: bool = False) -> pa.Table:
    """The answers to an array of texts, or a table with the answers' columns after its own.

    :param given: a ``pyarrow`` array, chunked array or table (a record batch too) of address texts.
    :param column: which column of a table holds them; by default the first of the usual names.
    :param answer: texts to columns of the same length.
    :param textless: look for no column of texts in a table where none is named, and answer ``None``.
    :raises InvalidInput: for anything but Arrow data.
    :raises DataError: for a table without such a column.
    """
    if isinstance(given, pa.RecordBatch):
        given = pa.Table.from_batches([given])
    if isinstance(given, pa.Array | pa.ChunkedArray):
        return pa.table(answer(given))
    if not isinstance(given, pa.Table):
        kind = type(given).__name__
        raise InvalidInput("texts", kind, Said("not an Arrow array or table", "không phải mảng hay bảng Arrow"))
    named = column is not None or not textless
    columns = answer(given[find_column(given.column_names, "text", column, "table")] if named else None)
    names = new_names(list(columns), given.column_names)
    fields = [*given.schema, *(pa.field(n, c.type) for n, c in zip(names, columns.values(), strict=True))]
    schema = pa.schema(fields, metadata=given.schema.metadata)
    return pa.table([*given.columns, *columns.values()], schema=schema)


def beside(given: Any, column: Any) -> Any:
    """A column that goes with the texts: an array, or the name of a table's column, or nothing.

    :raises DataError: for a table without such a column.
    """
    if not isinstance(column, str):
        return column
    names = given.schema.names if isinstance(given, pa.Table | pa.RecordBatch) else []
    return given[find_column(names, "code", column, "table")]


def form(given: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a form's fields by the fields' own names: arrays, or names of the table's columns.

    :raises InvalidInput: for a field that is not known, or is given twice.
    :raises DataError: for a table without such a column.
    """
    found: dict[str, Any] = {}
    for name, column in fields.items():
        own = field_of_column(name)
        if own in found:
            raise InvalidInput("field", name, Said("given twice", "được ghi hai lần"))
        found[own] = beside(given, column)
    return found


def coordinates(given: Any, lat: Any, lon: Any) -> tuple[Degrees | None, Degrees | None]:
    """Latitudes and longitudes as they come: arrays, names of a table's columns, or nothing.

    :raises DataError: for a table without such a column.
    """
    if lat is None and lon is None:
        return None, None
    return _degrees(given, lat, "lat", 90.0), _degrees(given, lon, "lon", 180.0)


def _degrees(given: Any, column: Any, role: str, limit: float) -> Degrees:
    if column is None or isinstance(column, str):
        names = given.schema.names if isinstance(given, pa.Table | pa.RecordBatch) else []
        column = given[find_column(names, role, column, "table")]
    return degrees(column, role, limit)

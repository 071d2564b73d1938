"""Columns of answers as JSON, a row for each, put together column by column: no row is ever an object of Python.

For every row the texts of its values are joined, with the names between them; the joined texts lie one behind
another in one piece of memory, which is the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.registry.columns import numbers_of_offsets

NULL = "null"


def as_array(columns: Mapping[str, Any]) -> bytes:
    """A JSON array of the rows. Columns are texts, numbers or :class:`Json`."""
    return b"[" + _joined(columns, ",{", "}")[1:] + b"]"


def as_lines(columns: Mapping[str, Any]) -> bytes:
    """The rows as JSON Lines."""
    return _joined(columns, "{", "}\n")


class Json:
    """A column whose texts are JSON already; what is nothing is null."""

    def __init__(self, texts: list[str | None]) -> None:
        self.column = pa.array(texts, pa.string())


def _joined(columns: Mapping[str, Any], before: str, behind: str) -> bytes:
    first = next(iter(columns.values()))
    count = len(first.column if isinstance(first, Json) else first)
    if not count:
        return b""
    parts: list[Any] = [pa.repeat("", count)]  # so that there is a column even where all values are nothing
    literal = before
    for place, (name, column) in enumerate(columns.items()):
        literal += f'{"," if place else ""}"{name}":'
        values, quote = _values(column)
        if values is None:
            literal += NULL
            continue
        parts += [literal + quote, values]
        literal = quote
    parts.append(literal + behind)
    joined = pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement=NULL)
    return _bytes(joined)


def _values(column: Any) -> tuple[Any, str]:
    """The JSON of a column's values, nothing where all of them are; and the quotes that belong around them."""
    if isinstance(column, Json):
        return (None if column.column.null_count == len(column.column) else column.column), ""
    if column.null_count == len(column):
        return None, ""
    if pa.types.is_float64(column.type):
        numbers = column.to_numpy(zero_copy_only=False)
        written = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)  # what is no number is null there
        return pa.array(written[1:-1].decode().split(","), pa.string()), ""
    if not column.null_count and _is_plain(column):
        return column, '"'
    encoded = column.dictionary_encode()
    texts = [orjson.dumps(text).decode() for text in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices), ""


def _is_plain(column: Any) -> bool:
    """Whether no text of a column has a letter in it that JSON escapes."""
    texts = _bytes(column)
    return len(orjson.dumps(texts.decode())) == len(texts) + 2


def _bytes(column: Any) -> bytes:
    """All texts of a column, one behind another."""
    offsets = numbers_of_offsets(column, wide=False)
    begin, end = int(offsets[0]), int(offsets[-1])
    return column.buffers()[2][begin:end].to_pybytes() if end > begin else b""

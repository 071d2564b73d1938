"""Rows of a batch: from JSON to values, each row on its own."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from annotated_types import MaxLen
from flask import Request
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from geoaddr.errors import InvalidInput, Said
from service import reading, turns
from service.schemas import Body

MOST_ROWS = 10_000

LINES = "application/jsonl"
LINE_MEDIA = frozenset({LINES, "application/x-ndjson", "application/x-jsonlines"})
"""What JSON Lines are called."""

_UNKNOWN = Said("not a field of a row", "không phải trường của một dòng")


@dataclass(frozen=True, slots=True)
class Rows:
    """What was sent: a mapping for each row, empty for those that are ``refused``, with the reason by their number
    from 0; ``lines``: whether it came as JSON Lines."""

    values: list[Mapping[str, Any]]
    refused: Mapping[int, InvalidInput]
    lines: bool


class RowReader:
    """Reads rows of one schema. The rows are checked all at once, and apart only where one is wrong."""

    def __init__(self, schema: type[Body]) -> None:
        self._schema = schema
        self._only = _only_text(schema)
        self._rows: TypeAdapter[Any] = TypeAdapter(list[schema])  # type: ignore[valid-type]  # a type of its own

    def __call__(self, request: Request) -> Rows:
        """The rows of a request.

        :raises UnsupportedMediaType: for a body that says it is neither JSON nor JSON Lines.
        :raises InvalidInput: for a body that is neither, lines in chunks, and more than :data:`MOST_ROWS` rows.
        """
        lines = request.mimetype in LINE_MEDIA
        if not (lines or request.is_json):
            raise UnsupportedMediaType
        if lines:
            reading.check_length(request)
        body = reading.sent(request)
        turns.wait(request.environ, len(body))
        found, refused = _lines(body, self._only) if lines else _array(body, self._only)
        if len(found) > MOST_ROWS:
            said = Said(f"more than {MOST_ROWS:,} rows", f"nhiều hơn {MOST_ROWS:,} dòng".replace(",", "."))
            raise InvalidInput("body", len(found), said)
        if refused is not _NOTHING:
            refused = self._wrong(found) | refused
        if not refused:
            return Rows(found, refused, lines)
        return Rows([{} if i in refused else row for i, row in enumerate(found)], refused, lines)

    def _wrong(self, found: list[Any]) -> dict[int, InvalidInput]:
        try:
            self._rows.validate_python(found)
            return {}
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
        # A misspelt name makes two errors: the name that is not known says more than the one that is missing.
        details.sort(key=lambda detail: detail["type"] != "extra_forbidden")
        wrong: dict[int, InvalidInput] = {}
        for detail in details:
            number, *where = detail["loc"]
            if int(number) in wrong:
                continue
            row = found[int(number)]
            wrong[int(number)] = (
                reading.invalid({**detail, "loc": tuple(where)}, self._schema, _UNKNOWN)
                if where
                else InvalidInput(
                    "row", reading.kind_of(row), Said("not a JSON object", "không phải đối tượng JSON")
                )
            )
        return wrong


Found = tuple[list[Any], dict[int, InvalidInput]]
"""What stands in a body, row by row, and which rows cannot be read, by their number."""


_NOTHING: dict[int, InvalidInput] = {}
"""No row is refused, and none needs to be looked at."""


class _Only(NamedTuple):
    """The only field of rows that have one, a text."""

    name: str
    longest: int

    def are(self, array: bytes, found: Sequence[Any]) -> bool:
        """Whether each row of an array is such a text, told without looking at one after another."""
        if b"\\" in array or {*map(type, found)} != {dict} or {*map(len, found)} != {1}:
            return False
        try:
            values = [*map(itemgetter(self.name), found)]
        except KeyError:
            return False
        quotes = 4 * len(found)  # more of them are of names that reading left out
        return (
            {*map(type, values)} == {str} and max(map(len, values)) <= self.longest and array.count(b'"') == quotes
        )


def _only_text(schema: type[Body]) -> _Only | None:
    fields = [*schema.model_fields.items()]
    if len(fields) == 1 and fields[0][1].annotation is str:
        match fields[0][1].metadata:
            case [MaxLen(max_length=longest)]:
                return _Only(fields[0][0], longest)
    return None


def _array(body: bytes, only: _Only | None) -> Found:
    found = reading.parsed(body)
    if not isinstance(found, list):
        said = Said("not a JSON array of rows", "không phải mảng JSON gồm các dòng")
        raise InvalidInput("body", reading.kind_of(found), said)
    return found, _NOTHING if only is not None and only.are(body, found) else _named_twice(body, found)


def _lines(body: bytes, only: _Only | None) -> Found:
    """The rows of JSON Lines, blank ones left out."""
    lines = [line for line in body.removeprefix(codecs.BOM_UTF8).split(b"\n") if line.strip()]
    whole = b"[" + b",".join(lines) + b"]"
    try:
        found = orjson.loads(whole)
        if len(found) == len(lines):
            return found, _NOTHING if only is not None and only.are(whole, found) else _named_twice(whole, found)
    except orjson.JSONDecodeError:
        reading.refuse_utf16(body)
    found = []
    refused: dict[int, InvalidInput] = {}
    for number, line in enumerate(lines):
        try:
            found.append(reading.parsed(line))
            refused |= {number + at: error for at, error in _named_twice(b"[" + line + b"]", found[-1:]).items()}
        except InvalidInput as error:
            found.append({})
            refused[number] = InvalidInput("row", None, error.reason)
    return found, refused


def _quotes(found: Sequence[Any]) -> int:
    """How many quotes stand around the names and texts of flat rows, where none of them holds one; -1 for rows
    that are not flat. A body with as many has no name that reading it left out."""
    quoted = 0
    for row in found:
        if type(row) is not dict:
            return -1
        quoted += len(row)
        for value in row.values():
            kind = type(value)
            if kind is str:
                quoted += 1
            elif kind is dict or kind is list:
                return -1
    return 2 * quoted


def _named_twice(array: bytes, found: Sequence[Any]) -> dict[int, InvalidInput]:
    """The rows of an array that have a name twice: which of the two was meant is not for us to guess."""
    if b"\\" not in array and array.count(b'"') == _quotes(found):
        return {}
    twice: list[_Twice] = []

    def once(pairs: list[tuple[str, Any]]) -> Any:
        row = dict(pairs)
        if len(row) == len(pairs):
            return row
        names = [name for name, _ in pairs]
        twice.append(_Twice(next(name for name in names if names.count(name) > 1)))
        return twice[-1]

    try:
        rows = json.loads(array, object_pairs_hook=once)
    except RecursionError:
        raise InvalidInput("body", None, Said("nested too deep", "lồng nhau quá sâu")) from None
    named = ((number, row) for number, row in enumerate(rows if twice else ()) if isinstance(row, _Twice))
    return {number: InvalidInput(reading.cut(row.name), None, reading.GIVEN_TWICE) for number, row in named}


class _Twice(NamedTuple):
    """An object with a name twice."""

    name: str


def rows_of(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Arrow columns as one mapping a row."""
    names = tuple(columns)
    return [dict(zip(names, row)) for row in zip(*map(values_of, columns.values()))]  # noqa: B905  # of one length


def values_of(column: Any) -> Sequence[Any]:
    """The values of an Arrow column of texts or numbers, several times as fast as ``to_pylist``."""
    if column.null_count == len(column):
        return [None] * len(column)
    if column.null_count and column.type != "string":
        found: list[Any] = column.to_pylist()  # numpy has no number that is none
        return found
    values: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
    return values

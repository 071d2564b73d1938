"""Questions to PostgreSQL in one exchange each, spoken to libpq itself.

A question is prepared once in a connection, under a name; then its values go there, and the rows come back in
binary form. The driver's cursors do the same with several times the processor time of their own: they choose
types, formats and whether to prepare anew each time, and wait in Python. They prepare nothing beside this:
when one of their transactions is undone they would make the server forget all that the connection had prepared.

Values travel as text, of the types that the server infers from the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from typing import Any, NamedTuple, cast
from typing import LiteralString as Sql
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from geoaddr.stores.postgres_schema import Connection

Row = tuple[Any, ...]

_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_numbers = count(1)


class _Question(NamedTuple):
    """A statement under the name that it has in every connection that knows it."""

    name: bytes
    words: bytes


class _Line:
    """What is remembered of a connection: the questions it knows, and how it reads values."""

    def __init__(self, connection: Connection) -> None:
        self.known: set[_Question] = set()
        self.reader = Transformer(connection)


_lines: WeakKeyDictionary[Connection, _Line] = WeakKeyDictionary()


def answer(connection: Connection, sql: Sql, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of one question, with ``%s`` for its values: numbers, texts, lists of these, ``None``. It cannot be
    interrupted; the server gives up by itself, see :data:`geoaddr.stores.postgres_pool.STATEMENT_S`.

    :raises psycopg.Error: as the driver's cursors do; ``OperationalError`` where the connection is lost.
    """
    line = _line(connection)
    told = _told(connection, line, sql, values)
    line.reader.set_pgresult(told, set_loaders=True, format=Format.BINARY)
    return line.reader.load_rows(0, told.ntuples, tuple)


def ready(connection: Connection, sql: Sql) -> None:
    """Have a connection know a question beforehand: what fails when it is asked has then failed in the asking."""
    _prepared(connection, _line(connection), sql)


def changed(connection: Connection, sql: Sql, values: Sequence[Any] = ()) -> int:
    """How many rows a statement wrote or removed; all else is as for :func:`answer`."""
    return _told(connection, _line(connection), sql, values).command_tuples or 0


def _line(connection: Connection) -> _Line:
    line = _lines.get(connection)
    if line is None:
        line = _lines[connection] = _Line(connection)
    return line


def _told(connection: Connection, line: _Line, sql: Sql, values: Sequence[Any]) -> PGresult:
    wire, question = connection.pgconn, _prepared(connection, line, sql)
    texts = [
        None if value is None else repr(value).encode() if type(value) in _NUMBERS else _text(value)
        for value in values
    ]
    told = wire.exec_prepared(question.name, cast(Sequence[bytes], texts), None, Format.BINARY)  # None is NULL
    checked(wire, told)
    return told


def _prepared(connection: Connection, line: _Line, sql: Sql) -> _Question:
    question = _question(sql)
    if question not in line.known:
        wire = connection.pgconn
        checked(wire, wire.prepare(question.name, question.words))
        line.known.add(question)
    return question


def checked(wire: PGconn, told: PGresult) -> None:
    """Nothing, where the server did what it was told. :raises psycopg.Error: otherwise."""
    if told.status in _DONE and wire.status == ConnStatus.OK:
        return
    error = psycopg.errors.error_from_result(told)
    if error.sqlstate is None:  # the server gives one with each of its errors: this is the connection's
        raise psycopg.OperationalError(wire.get_error_message())
    raise error


@cache
def _question(sql: Sql) -> _Question:
    """The server's own marks for values; the questions are those that stand in the program, not many."""
    first, *others = sql.split("%s")
    marked = first + "".join(f"${n}{part}" for n, part in enumerate(others, 1))
    return _Question(b"geoaddr_%d" % next(_numbers), marked.replace("%%", "%").encode())


_NUMBERS = frozenset({int, float})


def _text(value: Any) -> bytes:
    text = value if isinstance(value, str) else _array(value) if isinstance(value, list) else repr(value)
    if "\0" in text:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text.encode()


def _array(values: Iterable[Any]) -> str:
    """An array in PostgreSQL's own writing."""
    return f"{{{','.join(_quoted(value) if isinstance(value, str) else repr(value) for value in values)}}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

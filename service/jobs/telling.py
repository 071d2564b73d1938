"""What a job tells of households, written into the trail before its result is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geoaddr
from geoaddr.bulk.columns import text_column
from geoaddr.bulk.rows import NUMBERS
from geoaddr.errors import StoreUnavailable
from service.keys.database import Row, open_database
from service.keys.trail import keeping, of_told
from service.row_codes import held_by, told_by_row

if TYPE_CHECKING:
    import pyarrow as pa

    from geoaddr.bulk.answers import Plan
    from geoaddr.platform import Geoaddr
    from service.jobs.runner import Told

TELLS = frozenset({"resolve", "geocode", "assign", "validate"})
"""Verbs whose answers tell of households."""


AWAY_FOR_S = 600.0
"""How long a trail that cannot be written, or a registry that is out of reach, is waited for: a copy is made of
it, its server is started again."""

LOOK_AGAIN_S = 1.0


class Telling:
    """Writes down of which households the pieces of a job's result tell; each once a piece."""

    def __init__(self, told: Told, owner: str, check: Callable[[], None]) -> None:
        """
        :param owner: the id of the key that asked.
        :param check: raises where the job is not wanted any more.
        """
        assert told.access is not None
        self._told, self._owner, self._check = told, owner, check
        self._database = open_database(told.access)
        self._ga: Geoaddr | None = None

    def __call__(self, batch: pa.RecordBatch, planned: Plan) -> None:
        """:raises StoreError: where the trail cannot be written: then nothing is to be told."""
        if planned.verb in TELLS:
            told = dict(self._seen(batch, planned))
            rows = of_told(int(time.time() * 1000), self._owner, f"job_{planned.verb}", told.items())
            if rows:
                self._keep(rows)

    def _keep(self, rows: Sequence[Row]) -> None:
        """Wait for a trail that others hold; a file is long, and what was worked on would be lost."""
        until = time.monotonic() + AWAY_FOR_S
        while True:
            try:
                self._database.write(keeping(rows))
                return
            except StoreUnavailable:
                if time.monotonic() > until:
                    raise
            self._check()
            time.sleep(LOOK_AGAIN_S)

    def _seen(self, batch: pa.RecordBatch, planned: Plan) -> Iterator[tuple[str, str]]:
        if planned.verb == "validate":
            columns = {"text": planned.text, "code": planned.code, **dict(planned.form)}
            rows = _rows(batch, {name: column for name, column in columns.items() if column is not None})
            self._ga = self._ga or geoaddr.open(self._told.pack, self._told.store)
            yield from ((each.ndas, "address") for row in held_by(self._ga, rows) for each in row if each.ndas)
            return
        given = [{}] * batch.num_rows if planned.code is None else _rows(batch, {"code": planned.code})
        for asked, row in zip(given, _rows(batch, planned.names), strict=True):
            told = told_by_row(planned.verb, asked, row)
            if told is not None:
                yield told

    def close(self) -> None:
        """Let go of the database and the registry."""
        self._database.close()
        if self._ga is not None:
            self._ga.close()


def watching(told: Told, owner: str, check: Callable[[], None]) -> Telling | None:
    """What writes down what a job tells its owner; nobody where the service is open, or has no keys that last."""
    return Telling(told, owner, check) if owner and told.access is not None else None


def _rows(batch: pa.RecordBatch, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    values = [_values(name, batch[column]) for name, column in columns.items()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _values(name: str, column: pa.Array) -> list[Any]:
    """A column's values; points as they are, all else as texts, as the verbs read it."""
    return (column if name in NUMBERS else text_column(column)).to_pylist()  # type: ignore[no-any-return]

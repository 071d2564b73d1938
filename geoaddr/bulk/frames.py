"""A verb over a frame in memory: the same answers, under the same names, as ``batch`` gives for a file."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.bulk.answers import Plan, answerer, plan
from geoaddr.bulk.columns import FRAME
from geoaddr.bulk.endings import by_ending
from geoaddr.bulk.frame_kinds import Frame, framed, is_dask
from geoaddr.bulk.parts import no_rows, piece_rows
from geoaddr.bulk.pointing import refuse_misplaced
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.spelling import Spelling, spelt_out
from geoaddr.bulk.systems import settled

ROLES = ("lat", "lon", "code", "text", "commune", "uncertainty")

MOST_ORDERED = 1_000_000_000
"""Bytes that are put into another order at once, half of what an Arrow array of texts may hold. The rows of more
texts are answered as they stand, which takes longer."""

log = logging.getLogger("geoaddr.frames")


def answered(
    ga: Platform,
    verb: str,
    frame: Any,
    *,
    as_of: dt.date | str | None = None,
    to: str = "new",
    crs: str | None = None,
    swap: bool = False,
    lang: str = "en",
    first: bool = True,
    **columns: str | None,
) -> Any:
    """``frame`` with the columns of ``verb``'s answers after its own, as the same kind of frame.

    :param columns: which columns play the roles ``lat, lon, code, text, commune, uncertainty``; by default those
        of the usual names, and for points the active geometry of a GeoPandas frame.
    :param crs: the coordinate system of the points, by default what the frame states, and WGS 84 for columns.
    :param swap: whether latitude and longitude stand in each other's place.
    :param lang: the language of the column ``error``.
    :param first: whether these are the first rows of what they belong to, by which misplaced points are seen.
    :raises InvalidInput: for what is no frame.
    :raises DataError: for a column that is absent, points most of which are misplaced, a system without a way.
    """
    if is_dask(frame):
        from geoaddr.bulk.dask_frames import answered_lazily

        return answered_lazily(ga, verb, frame, as_of=as_of, to=to, crs=crs, swap=swap, lang=lang, **columns)
    given = framed(frame)
    roles = {role: columns.get(role) for role in ROLES}
    planned = plan(verb, given.names, given.geometry, roles, FRAME, to)
    planned, system = settled(planned, named=crs, stated=given.crs, swap=swap, file=FRAME)
    if system is not None and first:
        log.info("points: %s", system.said.en)
    read = _read(given, planned)
    planned = replace(planned, geometry=None, **{name: name for name in read.schema.names})
    day = as_of.isoformat() if isinstance(as_of, dt.date) else as_of
    answer = answerer(ga, planned, day, secrets.token_hex(16), lang)
    if first:
        refuse_misplaced(spelt_out(read.slice(0, piece_rows("locate"))), planned, FRAME)
    size = piece_rows(verb, len(read))
    ordered = verb == "geocode" and len(read) > size and read["text"].nbytes <= MOST_ORDERED
    order = by_ending(read["text"]) if ordered else None
    asked = read if order is None else read.take(pa.array(order))
    answers = pa.concat_tables([pa.table(answer(first, piece)) for first, piece in _pieces(asked, size)])
    answers = answers.combine_chunks() if order is None else _put_back(answers, np.argsort(order), size)
    return given.joined(answers.rename_columns([planned.names[name] for name in answers.column_names]))


def _put_back(answers: pa.Table, at: NDArray[np.int64], size: int) -> pa.Table:
    """The rows ``at`` these places, some at a time where an array cannot hold the texts of all."""
    if answers.nbytes <= MOST_ORDERED:
        return answers.take(pa.array(at))
    large = [
        field.with_type(pa.large_string()) if pa.types.is_string(field.type) else field for field in answers.schema
    ]
    whole = answers.cast(pa.schema(large)).combine_chunks()
    pieces = (whole.take(pa.array(at[first : first + size])) for first in range(0, len(at), size))
    return pa.concat_tables([piece.cast(answers.schema) for piece in pieces])


def _read(frame: Frame, planned: Plan) -> pa.RecordBatch:
    """The columns that a plan reads, under the names of their roles."""
    found = {role: frame.column(name) for role in ROLES if (name := getattr(planned, role)) is not None}
    if planned.geometry is not None:
        found["lat"], found["lon"] = frame.points(planned.geometry)
    return pa.record_batch(found)


def _pieces(read: pa.RecordBatch, size: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    if not read.num_rows:
        yield 0, spelt_out(no_rows(read.schema))
    yield from Spelling(read).pieces(size)

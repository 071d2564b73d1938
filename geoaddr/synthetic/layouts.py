"""Which columns a file has: all of a household, or those that ``geoaddr registry load`` reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

from geoaddr.synthetic.households import SCHEMA

_RECORD = (
    "ndas", "lat", "lon", "commune_code", "house_number", "alley", "street", "hamlet", "building", "floor", "unit",
    "commune", "province",
)  # fmt: skip

STATUS, POINT_SOURCE = "proposed", "imported"
"""Of made-up records: nobody has ever confirmed one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are made, and whether those of a record follow."""

    made: tuple[str, ...]
    record: bool

    def schema(self, made: pa.Schema) -> pa.Schema:
        """The columns of the file, from those of what is made."""
        if not self.record:
            return made
        return pa.schema(
            [
                *made,
                pa.field("issued_on", pa.date32()),
                pa.field("status", pa.string()),
                pa.field("point_source", pa.string()),
            ]
        )


LAYOUTS = {"all": Layout(tuple(SCHEMA.names), record=False), "registry": Layout(_RECORD, record=True)}


def laid_out(layout: Layout, batch: pa.RecordBatch, day: dt.date) -> pa.RecordBatch:
    """A batch in its layout; records are issued on the date of the data."""
    if not layout.record:
        return batch
    size = batch.num_rows
    added = [pa.repeat(pa.scalar(value), size) for value in (day, STATUS, POINT_SOURCE)]
    return pa.record_batch([*batch.columns, *added], schema=layout.schema(batch.schema))

"""The records of a registry to files of columns; whole or not at all.

All comes from one state of the registry, in one pass; memory does not grow with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from geoaddr.bulk import writers
from geoaddr.errors import InvalidInput, Said
from geoaddr.exporting.record_columns import SCHEMA, batches
from geoaddr.store import Piece

LAYERS = (".parquet", ".gpkg")
"""What records are written to beside CSV."""

GEOMETRY = "geometry"
WGS84 = "EPSG:4326"


def write_layer(pieces: Iterable[Piece], path: Path, *, overwrite: bool) -> int:
    """Write records to Parquet, in the columns that a load reads, or as points to a GeoPackage; how many.

    :raises InvalidInput: when the file exists, without ``overwrite``.
    :raises DataError: when it cannot be written.
    """
    refuse_existing("out", path, overwrite=overwrite)
    written = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal written
        for batch in batches(pieces):
            written += batch.num_rows
            yield _with_points(batch) if points else batch

    points = path.suffix.lower() == ".gpkg"
    schema = SCHEMA.append(pa.field(GEOMETRY, pa.binary())) if points else SCHEMA
    writers.write(path, schema, counted(), geometry=GEOMETRY if points else None, crs=WGS84 if points else None)
    return written


def _with_points(batch: pa.RecordBatch) -> pa.RecordBatch:
    import shapely

    places = shapely.points(*(batch[name].to_numpy() for name in ("lon", "lat")))
    geometry = pa.field(GEOMETRY, pa.binary())
    arrays = [*batch.columns, pa.array(shapely.to_wkb(places), pa.binary())]
    return pa.record_batch(arrays, schema=SCHEMA.append(geometry))


def refuse_existing(name: str, path: Path, *, overwrite: bool) -> None:
    """:raises InvalidInput: for a file that exists, without ``overwrite``."""
    if path.exists() and not overwrite:
        raise InvalidInput(name, str(path), Said("exists; add --overwrite", "đã có; hãy thêm --overwrite"))

"""Frames of the libraries that people compute with, each read by the column and given back as its own kind.

None of the libraries is imported here unless a frame of it was given, and so is loaded already.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import pyarrow as pa

from geoaddr.bulk.columns import combine
from geoaddr.bulk.geoparquet import WKB_FIELD, as_text, point_column
from geoaddr.bulk.parts import one_batch
from geoaddr.bulk.pointing import of_geometry, of_shapes
from geoaddr.bulk.spelling import of_texts
from geoaddr.errors import InvalidInput, Said


class Frame(ABC):
    """A frame as the verbs see it.

    ``names`` of its columns, in order; ``geometry`` the one that holds points, ``crs`` what it states of them.
    """

    names: list[str]
    geometry: str | None = None
    crs: str | None = None

    @abstractmethod
    def column(self, name: str) -> Any:
        """A column as an Arrow array of plain numbers, texts or bytes; of texts in a dictionary as such."""

    @abstractmethod
    def joined(self, answers: pa.Table) -> Any:
        """A frame of the same kind: its own columns, index and all, then the answers'."""

    def points(self, geometry: str) -> tuple[Any, Any]:
        """The y and x of a column of geometries, null where one is no point."""
        return of_geometry(self.column(geometry))


def _classes(frame: Any) -> set[str]:
    return {f"{c.__module__.partition('.')[0]}.{c.__name__}" for c in type(frame).__mro__}


def is_dask(frame: Any) -> bool:
    """Whether it is a frame of Dask or of dask-geopandas, known without loading either."""
    return bool(_classes(frame) & {"dask.DataFrame", "dask_expr.DataFrame"})


def framed(frame: Any) -> Frame:
    """``frame`` by its kind.

    :raises InvalidInput: for anything but a frame of pandas, GeoPandas or Polars, or Arrow data.
    """
    classes = _classes(frame)
    if "geopandas.GeoDataFrame" in classes and frame.active_geometry_name is not None:
        return GeoPandasFrame(frame)
    if "pandas.DataFrame" in classes:
        return PandasFrame(frame)
    if "polars.DataFrame" in classes:
        return PolarsFrame(frame)
    if isinstance(frame, pa.Table | pa.RecordBatch):
        return ArrowFrame(frame)
    if hasattr(frame, "__arrow_c_stream__") and not hasattr(frame, "type"):  # a table's stream, not an array's
        return ArrowFrame(pa.table(frame))
    kind = f"{type(frame).__module__}.{type(frame).__qualname__}"
    raise InvalidInput(
        "frame",
        kind,
        Said(
            "not a frame of pandas, GeoPandas, Polars or Dask, nor an Arrow table",
            "không phải bảng của pandas, GeoPandas, Polars, Dask hay Arrow",
        ),
    )


class PandasFrame(Frame):
    """A frame of pandas."""

    def __init__(self, frame: Any) -> None:
        if frame.columns.nlevels > 1:
            said = Said("its columns have several levels; flatten them", "cột có nhiều tầng; hãy gộp lại một tầng")
            raise InvalidInput("frame", None, said)
        self._frame = frame
        self.names = [str(name) for name in frame.columns]

    def column(self, name: str) -> Any:
        series = self._frame.iloc[:, self.names.index(name)]
        try:
            return plain(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # texts among numbers
            return pa.array([None if none else str(v) for v, none in zip(series, series.isna(), strict=True)])

    def joined(self, answers: pa.Table) -> Any:
        added = answers.to_pandas()
        added.index = self._frame.index
        out = self._frame.copy()
        for name in added.columns:
            out[name] = added[name]
        return out


class GeoPandasFrame(PandasFrame):
    """A frame of GeoPandas; its active geometry is where the rows lie."""

    def __init__(self, frame: Any) -> None:
        super().__init__(frame)
        self.geometry = str(frame.active_geometry_name)
        if frame.crs is not None:
            authority = frame.crs.to_authority()
            self.crs = ":".join(authority) if authority else frame.crs.to_wkt()

    def points(self, geometry: str) -> tuple[Any, Any]:
        return of_shapes(np.asarray(self._frame[geometry].values, dtype=object))


class ArrowFrame(Frame):
    """An Arrow table or record batch; with the metadata of GeoParquet or GeoArrow it has points."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.names = [*frame.schema.names]
        self.geometry, self.crs = _arrow_geometry(frame.schema)

    def column(self, name: str) -> Any:
        return plain(self._frame.column(name))

    def joined(self, answers: pa.Table) -> Any:
        schema = self._frame.schema
        fields = pa.schema([*schema, *answers.schema], metadata=schema.metadata)
        out = pa.table([*self._frame.columns, *answers.columns], schema=fields)
        return one_batch(out) if isinstance(self._frame, pa.RecordBatch) else out


class PolarsFrame(Frame):
    """A frame of Polars."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.names = [*frame.columns]

    def column(self, name: str) -> Any:
        return plain(pa.table(self._frame.select(name)).column(0))

    def joined(self, answers: pa.Table) -> Any:
        return self._frame.hstack(type(self._frame)(answers))


def plain(column: Any) -> Any:
    """An array without chunks, views, decimals, and dictionaries but of texts, which not every reading of a column
    knows."""
    if pa.types.is_dictionary(column.type):
        column = _encoded(column)
    column = combine(column)
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        if of_texts(column.type):
            return column
        column = column.dictionary_decode()
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64(), safe=False)
    if pa.types.is_string_view(column.type):
        return column.cast(pa.large_string())
    return column.cast(pa.large_binary()) if pa.types.is_binary_view(column.type) else column


def _encoded(column: Any) -> Any:
    """A dictionary array whose chunks fit together, and whose texts are such as every reading knows."""
    values = column.type.value_type
    if pa.types.is_string_view(values):
        values = pa.large_string()
    elif not isinstance(column, pa.ChunkedArray):
        return column
    return column.cast(
        pa.dictionary(pa.int32(), values)
    )  # together the chunks may have more than their numbers hold


def _arrow_geometry(schema: pa.Schema) -> tuple[str | None, str | None]:
    """The column of WKB points and its system, by the metadata of GeoParquet or of GeoArrow."""
    name, crs = point_column(schema, "frame")
    if name is not None:
        return name, crs
    for field in schema:
        about = field.metadata or {}
        if about.get(b"ARROW:extension:name", b"").decode() in WKB_FIELD.values():
            return field.name, as_text(json.loads(about.get(b"ARROW:extension:metadata") or b"{}").get("crs"))
    return None, None

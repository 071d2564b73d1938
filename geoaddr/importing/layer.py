"""A layer as read: columns of attributes beside a column of geometries, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.errors import DataError, Said
from geoaddr.importing.intake import Source


@dataclass(slots=True)
class Layer:
    """``columns`` by name, each as long as ``wkb`` (bytes, or ``None`` for a row without geometry).

    ``crs`` is an authority code, WKT or PROJJSON; ``None`` where the source says none. ``origins`` names
    each row for messages. ``path_codes`` and ``path_provinces`` hold what the names of files and folders
    say of the unit inside, ``None`` where there are no such names.
    """

    source: Source
    columns: dict[str, list[Any]]
    wkb: NDArray[Any]
    crs: str | Mapping[str, Any] | None
    origins: list[str]
    path_codes: list[str | None] = field(default_factory=list)
    path_provinces: list[str | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.wkb)


def as_layer(
    source: Source, table: pa.Table, geometry: str, crs: str | Mapping[str, Any] | None, origins: list[str]
) -> Layer:
    """A table of Arrow as a layer; columns that hold neither texts nor numbers are left out."""
    columns: dict[str, list[Any]] = {}
    name = ""
    try:
        for name in table.column_names:
            if name != geometry and _is_plain(table.schema.field(name).type):
                columns[name] = table[name].to_pylist()
    except UnicodeDecodeError:
        raise DataError(
            source.named,
            Said(
                "texts are not in the encoding that the file states; name it with --encoding",
                "chữ không đúng bảng mã mà tệp khai báo; hãy chỉ rõ bằng --encoding",
            ),
            column=name or None,
        ) from None
    wkb = np.empty(table.num_rows, dtype=object)
    wkb[:] = table[geometry].to_numpy(zero_copy_only=False)
    return Layer(source, columns, wkb, crs, origins)


def _is_plain(kind: pa.DataType) -> bool:
    plain = (
        pa.types.is_integer, pa.types.is_floating, pa.types.is_string, pa.types.is_large_string,
        pa.types.is_dictionary, pa.types.is_decimal, pa.types.is_string_view,
    )  # fmt: skip
    return any(test(kind) for test in plain)

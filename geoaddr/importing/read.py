"""Every format into one :class:`~geoaddr.importing.layer.Layer`."""

from __future__ import annotations

from geoaddr.errors import DataError, Said
from geoaddr.importing.intake import Source
from geoaddr.importing.layer import Layer
from geoaddr.importing.read_ogr import read_file, read_unit_files
from geoaddr.importing.read_parquet import read_parquet


def read(
    source: Source, *, layer: str | None = None, geometry: str | None = None, encoding: str | None = None
) -> Layer:
    """Read ``source`` whole.

    :param layer: which layer of a file that holds several.
    :param geometry: the column of geometries, where a Parquet file does not say.
    :param encoding: of the attributes of a shapefile that does not say.
    :raises DataError: broken, empty, or without geometries.
    """
    if source.kind == "parquet":
        found = read_parquet(source, geometry)
    elif source.kind == "unit_files":
        found = read_unit_files(source)
    else:
        found = read_file(source, layer, encoding)
    if not len(found):
        raise DataError(source.named, Said("the layer is empty", "lớp dữ liệu rỗng"))
    return found

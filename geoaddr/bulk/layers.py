"""Layers of points: GeoPackage, GeoJSON, FlatGeobuf; a GeoPackage with the style in which QGIS shows it."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from geoaddr.bulk.qgis import qml
from geoaddr.errors import DataError, Said

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".fgb": "FlatGeobuf"}
KEYS = ("fid", "ogc_fid", "geoaddr_fid")
GEOMETRIES = ("geom", "geometry", "geoaddr_geom")
"""What a GeoPackage calls its own two columns: the first name that no column of the file has."""

STYLE_NAME = "geoaddr"

_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
"""The table in which QGIS looks for the styles of a GeoPackage, as it makes it itself."""

_CONTENTS = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
VALUES ('layer_styles', 'attributes', 'layer_styles', '')
"""

_STYLE = """
INSERT INTO layer_styles (
    f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault,
    description, owner
) VALUES ('', '', ?, ?, ?, ?, '', 1, 'geoaddr', '')
"""


class Styled(NamedTuple):
    """What a style shows: the answers' columns under their names in the file, in a language."""

    answers: dict[str, str]
    lang: str


def write_layer(
    path: Path,
    layer: str,
    schema: pa.Schema,
    batches: Iterator[pa.RecordBatch],
    geometry: str | None,
    crs: str | None,
    styled: Styled | None,
) -> None:
    """Write the batches as one layer.

    :param geometry: the column of WKB points; without one the layer is a table.
    :param crs: its coordinate system; the layer states none where nobody knows.
    :param styled: what to show; only a GeoPackage with points keeps a style.
    :raises DataError: for what the format cannot hold.
    """
    import pyogrio

    driver = DRIVERS[path.suffix.lower()]
    names, options = distinct(schema.names), dict[str, str]()
    if driver == "GPKG":
        columns = [name for name in schema.names if name != geometry]
        options = {"FID": _free(KEYS, columns), "GEOMETRY_NAME": _free(GEOMETRIES, columns)}
    renamed = pa.schema([field.with_name(n) for field, n in zip(schema, names, strict=True)])
    reader = pa.RecordBatchReader.from_batches(
        renamed, (pa.record_batch(batch.columns, schema=renamed) for batch in batches)
    )
    errors = pyogrio.errors
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="'crs' was not provided")  # it is not known
            pyogrio.raw.write_arrow(
                reader,
                path,
                layer=layer,
                driver=driver,
                geometry_name=names[schema.names.index(geometry)] if geometry else None,
                geometry_type="Point" if geometry else None,
                crs=crs,
                layer_options=options,
            )
    except (errors.FieldError, errors.DataLayerError, errors.DataSourceError, errors.FeatureError) as error:
        line = str(error).splitlines()[0]
        raise DataError(path, Said(f"cannot be written: {line}", f"không ghi được: {line}")) from None
    if driver == "GPKG" and geometry and styled is not None:
        shown = {answer: names[schema.names.index(name)] for answer, name in styled.answers.items()}
        fields = [name for name, column in zip(names, schema.names, strict=True) if column != geometry]
        _keep_style(path, layer, options["GEOMETRY_NAME"], qml(shown, fields, styled.lang))


def distinct(names: Sequence[str]) -> list[str]:
    """The same names, told apart where the drivers do not: by more than the size of their letters."""
    used: set[str] = set()
    found = []
    for name in names:
        free, number = name, 1
        while free.lower() in used:
            number += 1
            free = f"{name}_{number}"
        used.add(free.lower())
        found.append(free)
    return found


def _free(wanted: Sequence[str], names: Sequence[str]) -> str:
    taken = {name.lower() for name in names}
    return next((name for name in wanted if name not in taken), f"{wanted[-1]}_{len(names)}")


def _keep_style(path: Path, layer: str, geometry: str, style: str) -> None:
    """Put a style where QGIS looks for the one to begin with."""
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(_TABLE)
        opened.execute(_CONTENTS)
        opened.execute(_STYLE, (layer, geometry, STYLE_NAME, style))

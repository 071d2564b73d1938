"""Layers of answers: every column kept whatever it is called, and a style in the GeoPackage that QGIS opens."""

from __future__ import annotations

import sqlite3
import warnings
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from geoaddr.bulk.job import BatchJob
from geoaddr.bulk.layers import distinct
from geoaddr.platform import batch
from tests.tables import read

STYLES_OF_QGIS = (
    "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML",
    "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
)  # fmt: skip
"""The columns that QGIS gives the table (QgsOgrProviderUtils, provider of vector files)."""


def located(folder: Path, text: str, ending: str, **how: Any) -> Path:
    source, out = folder / "in.csv", folder / f"out{ending}"
    source.write_text(text, encoding="utf-8")
    batch(BatchJob(verb="locate", source=source, out=out, store="memory:", **how))
    return out


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".fgb"])
@pytest.mark.parametrize(
    "header", ["fid,lat,lon,Status", "geom,lat,lon,ogc_fid", "geometry,lat,lon,FID", "a,lat,lon,A"]
)
def test_columns_of_any_name_keep_their_values(tmp_path: Path, ending: str, header: str) -> None:
    """Also those that a database uses itself, or takes for one."""
    out = located(tmp_path, f"{header}\nx,21.0285,105.8542,p\nx,10.7725,106.698,q\n", ending)
    table = pyogrio.raw.read_arrow(out, layer="out")[1]
    columns = {name: sorted(table[name].to_pylist(), key=repr) for name in table.column_names}
    assert ["x", "x"] in columns.values()
    assert ["p", "q"] in columns.values()
    assert ["partial", "partial"] in columns.values()
    assert columns["province"] == ["Hà Nội", "Hồ Chí Minh"]


def test_names_that_differ_in_the_size_of_letters_are_told_apart() -> None:
    assert distinct(["a", "A", "a_2", "b"]) == ["a", "A_2", "a_2_2", "b"]


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    return located(tmp_path, "id,lat,lon\n1,21.0285,105.8542\n2,,\n", ".gpkg", lang="vi")


def test_a_geopackage_carries_its_style(layer: Path) -> None:
    with closing(sqlite3.connect(layer)) as opened:
        assert tuple(row[1] for row in opened.execute("PRAGMA table_info(layer_styles)")) == STYLES_OF_QGIS
        rows = opened.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML, update_time FROM layer_styles"
        ).fetchall()
        known = opened.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kinds = dict(opened.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
    assert kinds == {"out": "features", "layer_styles": "attributes"}
    [(table, geometry, default, style, updated)] = rows
    assert (table, geometry, default) == (*known[0], 1)
    assert updated
    root = ET.fromstring(style)
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "status")
    categories = {c.get("value"): c.get("symbol") for c in renderer.iter("category")}
    assert set(categories) == {"ok", "partial", "ambiguous", "not_found", "error"}
    assert set(categories.values()) == {symbol.get("name") for symbol in renderer.iter("symbol")}
    fields = list(pyogrio.read_info(layer, layer="out")["fields"])
    aliases = {a.get("field"): a.get("name") for a in root.iter("alias")}
    assert list(aliases) == fields
    assert (aliases["commune"], aliases["id"]) == ("Xã, phường", "")


def test_the_style_follows_the_column_of_statuses(tmp_path: Path) -> None:
    out = located(tmp_path, "Status,lat,lon\nx,21.0285,105.8542\n", ".gpkg")
    with closing(sqlite3.connect(out)) as opened:
        [(style,)] = opened.execute("SELECT styleQML FROM layer_styles").fetchall()
    renderer = ET.fromstring(style).find("renderer-v2")
    assert renderer is not None
    assert renderer.get("attr") == "status_2"


def test_a_layer_with_a_style_is_read_as_one_layer(layer: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        batch(BatchJob(verb="locate", source=layer, out=tmp_path / "again.csv", store="memory:"))
    assert [row["geoaddr_province"] for row in read(tmp_path / "again.csv")] == ["Hà Nội", ""]


def test_a_table_without_points_has_no_style(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.gpkg"
    source.write_text("address,n\nHà Nội,1\n", encoding="utf-8")
    batch(BatchJob(verb="parse", source=source, out=out, store="memory:"))
    assert [name for name, _ in pyogrio.list_layers(out)] == ["out"]

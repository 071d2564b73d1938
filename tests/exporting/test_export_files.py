"""Exported files as other software reads them, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geoaddr.errors import DataError, InvalidInput, UnknownUnit
from geoaddr.exporting import writing
from geoaddr.exporting.layer_export import export_layer
from geoaddr.platform import Geoaddr

FORMATS = ["geojson", "json", "gpkg", "parquet"]
COLUMNS = [
    "code", "name", "full_name", "type", "level", "province_code", "province_name", "postcode", "valid_from",
    "valid_to", "boundary_accuracy", "pack", "pack_version", "as_of", "tolerance_m", "area_km2",
]  # fmt: skip

Full = dict[str, shapely.Geometry]


def read(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_bit_comes_back(ga: Geoaddr, full: Full, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out.{ending}"
    report = export_layer(ga.locator, out)
    found = read(out).set_index("code")
    assert found.crs.equals("EPSG:4326", ignore_axis_order=True)
    assert sorted(found.index) == sorted(full)
    for code, geometry in found.geometry.items():
        same = full[code]
        if ending == "gpkg" and same.geom_type == "Polygon":
            same = shapely.multipolygons([same])
        assert shapely.to_wkb(geometry) == shapely.to_wkb(same)
    assert (report.units, report.bytes) == (len(full), out.stat().st_size)
    assert report.vertices == report.vertices_before == shapely.get_num_coordinates(list(full.values())).sum()
    assert len(report.missing) == 3321 - len(full)


@pytest.mark.parametrize("ending", FORMATS)
def test_attributes(ga: Geoaddr, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out.{ending}"
    export_layer(ga.locator, out, units=["20242"], tolerance_m=25)
    found = read(out)
    assert [name for name in found.columns if name not in ("id", "geometry")] == COLUMNS
    row = found.iloc[0]
    assert [row[name] for name in COLUMNS[:5]] == ["20242", "Hải Châu", "Phường Hải Châu", "Phường", "commune"]
    assert [row[name] for name in COLUMNS[5:7]] == ["48", "Thành phố Đà Nẵng"]
    assert row["postcode"] == ga.locate(lat=16.0678, lon=108.2208).postcode
    assert np.datetime64(row["valid_from"]) == np.datetime64("2025-07-01")
    assert not isinstance(row["valid_to"], str)
    assert (row["boundary_accuracy"], row["pack"], row["pack_version"]) == (
        "exact",
        "da-nang-lao-cai",
        ga.pack.info.version,
    )
    assert row["tolerance_m"] == 25


@pytest.mark.parametrize(("ending", "driver"), [("geojson", "GeoJSON"), ("gpkg", "GPKG")])
def test_what_ogr_says(ga: Geoaddr, tmp_path: Path, ending: str, driver: str) -> None:
    out = tmp_path / f"out.{ending}"
    export_layer(ga.locator, out, level="province", tolerance_m=200)
    info = pyogrio.read_info(out)
    assert pyogrio.list_layers(out)[:, 0].tolist() == ["provinces"]
    assert (info["driver"], info["crs"], info["features"]) == (driver, "EPSG:4326", 2)
    kinds = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert (kinds["code"], kinds["valid_from"], kinds["area_km2"]) == ("OFTString", "OFTDate", "OFTReal")


def test_geojson_keeps_to_the_standard(ga: Geoaddr, tmp_path: Path) -> None:
    out = tmp_path / "out.geojson"
    export_layer(ga.locator, out, units=["48"], zoom=9)
    whole = json.loads(out.read_text(encoding="utf-8"))
    assert "crs" not in whole
    assert whole["type"] == "FeatureCollection"
    for feature in whole["features"]:
        assert feature["id"] == feature["properties"]["code"]
        for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)


def test_geoparquet_says_what_it_holds(ga: Geoaddr, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    export_layer(ga.locator, out, units=["48"])
    about = json.loads(pq.read_metadata(out).metadata[b"geo"])
    column = about["columns"][about["primary_column"]]
    found = gpd.read_parquet(out)
    assert about["version"] == "1.1.0"
    assert (column["encoding"], column["orientation"], "crs" in column) == ("WKB", "counterclockwise", False)
    assert set(column["geometry_types"]) == set(found.geometry.geom_type)
    assert column["bbox"] == found.total_bounds.tolist()


def test_odd_digits_come_back_too(tmp_path: Path) -> None:
    """Coordinates as reprojection leaves them."""
    rng = np.random.default_rng(1)
    boxes = shapely.box(105 + rng.random(50), 8 + rng.random(50), 107 + rng.random(50), 10 + rng.random(50))
    assert writing.decimals_of(boxes) == writing.EXACT_DECIMALS
    table = gpd.pd.DataFrame({"code": [f"{n:05d}" for n in range(50)]})
    writing.write(tmp_path / "odd.geojson", "communes", _arrow(table), shapely.orient_polygons(boxes))
    found = gpd.read_file(tmp_path / "odd.geojson")
    assert found.geometry.to_wkb().tolist() == shapely.to_wkb(shapely.orient_polygons(boxes)).tolist()


def _arrow(table: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(table, preserve_index=False)


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        pytest.param({"units": ["20242", "20242", "20333"]}, ["20242", "20333"], id="communes, each once"),
        pytest.param({"units": ["15"]}, 99, id="the communes of a province"),
        pytest.param({"units": ["48", "20242"]}, 94, id="a commune and its province"),
        pytest.param({"units": ["48"], "level": "province"}, ["48"], id="a province"),
        pytest.param({"level": "province"}, ["15", "48"], id="all provinces that have polygons"),
    ],
)
def test_which_units(ga: Geoaddr, tmp_path: Path, options: dict[str, Any], codes: Any) -> None:
    report = export_layer(ga.locator, tmp_path / "out.parquet", **options)
    found = pq.read_table(tmp_path / "out.parquet", columns=["code"])["code"].to_pylist()
    assert report.units == len(found)
    assert (found if isinstance(codes, list) else len(found)) == codes


@pytest.mark.parametrize(
    ("out", "options", "error", "reason"),
    [
        ("out.shp", {}, DataError, "not one of: .geojson, .json, .gpkg, .parquet"),
        ("out", {}, DataError, "not one of"),
        ("there.gpkg", {}, DataError, "--overwrite"),
        ("folder", {}, DataError, "is a folder"),
        ("there.gpkg/out.gpkg", {}, DataError, "there.gpkg"),
        ("out.gpkg", {"units": ["99999"]}, UnknownUnit, "no administrative unit"),
        ("out.gpkg", {"units": ["01"]}, UnknownUnit, "no polygon"),
        ("out.gpkg", {"units": ["01"], "level": "province"}, UnknownUnit, "no polygon"),
        ("out.gpkg", {"units": ["20242"], "level": "province"}, InvalidInput, "is no province"),
        ("out.gpkg", {"as_of": dt.date(2025, 6, 30)}, InvalidInput, "begin on 2025-07-01"),
        ("out.gpkg", {"tolerance_m": -1}, InvalidInput, "0 to 5000"),
        ("out.gpkg", {"zoom": 30}, InvalidInput, "4 to 22"),
        ("out.gpkg", {"zoom": 10, "tolerance_m": 5}, InvalidInput, "either"),
    ],
)
def test_refused_before_anything_is_written(
    ga: Geoaddr, tmp_path: Path, out: str, options: dict[str, Any], error: type[Exception], reason: str
) -> None:
    (tmp_path / "there.gpkg").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(error, match=reason):
        export_layer(ga.locator, tmp_path / out, **options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "there.gpkg"]
    assert (tmp_path / "there.gpkg").read_bytes() == b"mine"


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_stopped_halfway_leaves_what_was_there(
    ga: Geoaddr, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / f"out.{ending}"
    out.write_bytes(b"mine")
    written: list[int] = []

    def interrupted(geometries: Any) -> Any:
        for few in np.array_split(geometries, 4):
            written.append(len(few))
            if len(written) > 2:
                raise KeyboardInterrupt
            yield few

    monkeypatch.setattr(writing, "decimals_of", lambda _: 9)
    monkeypatch.setattr(writing, "_few", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export_layer(ga.locator, out, units=["48"], overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.read_bytes() == b"mine"


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_a_full_disk_is_one_line_and_leaves_nothing(two_provinces: Path, tmp_path: Path, ending: str) -> None:
    """A limit on the size of files stands for the disk; the last one fails as late as can be."""
    (tmp_path / "free").mkdir()
    limited = tmp_path / "limited"
    limited.mkdir()
    ask = f"data export --unit 20242 --pack '{two_provinces}'"
    command = f"'{sys.executable}' -m geoaddr.cli {ask}"
    subprocess.run(
        ["bash", "-c", f"{command} -o free/out.{ending}"], cwd=tmp_path, check=True, capture_output=True
    )
    size = (tmp_path / f"free/out.{ending}").stat().st_size
    for kilobytes in (8, (size - 1) // 1024):
        shell = f"ulimit -f {kilobytes}; {command} -o limited/out.{ending}"
        run = subprocess.run(["bash", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 2
        assert run.stderr.splitlines()[-1].startswith(f"geoaddr: limited/out.{ending}: ")
        assert "Traceback" not in run.stderr
        assert not list(limited.iterdir())

"""One layer through every format gives one and the same pack; broken files give one line."""

from __future__ import annotations

import contextlib
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geoaddr.boundaries import BoundaryIndex
from geoaddr.errors import DataError, MissingExtra
from geoaddr.pack import Pack
from tests.importing.conftest import Import
from tests.importing.layers import (
    CODES,
    CRS84,
    NAMES,
    SQUARES,
    write_geojson,
    write_ogr,
    write_parquet,
)

COLUMNS = {"ma_xa": CODES, "ten_xa": NAMES}


def folder_of_units(folder: Path) -> Path:
    for code, name, shape in zip(CODES, NAMES, SQUARES, strict=True):
        file = folder / "48_da_nang" / "wards" / f"{code}_x.geojson"
        write_geojson(file, [({"code": code, "fullName": name}, shapely.geometry.mapping(shape))])
    return folder


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


def shapefile(path: Path) -> Path:
    return write_ogr(path, COLUMNS, SQUARES)


def without_prj(path: Path) -> Path:
    path.with_suffix(".prj").unlink()
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "GeoParquet": lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES, geo={"crs": CRS84}),
    "GeoParquet without crs": lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES, geo={}),
    "GeoParquet, crs unknown": lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES, geo={"crs": None}),
    "Parquet": lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES, geometry="geom"),
    "Parquet under another name": lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES).rename(p / "a.dat"),
    "GeoPackage": lambda p: write_ogr(p / "a.gpkg", COLUMNS, SQUARES),
    "GeoJSON": lambda p: write_ogr(p / "a.geojson", COLUMNS, SQUARES),
    "shapefile": lambda p: shapefile(p / "a.shp"),
    "shapefile, no crs": lambda p: without_prj(shapefile(p / "a.shp")),
    "folder of a shapefile": lambda p: shapefile(p / "a.shp").parent,
    "zip of a shapefile": lambda p: zipped(shapefile(p / "a.shp").parent),
    "folder of units": folder_of_units,
    "zip of units": lambda p: zipped(folder_of_units(p)),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_every_format_gives_the_same_boundaries(
    run: Import, out: Path, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    folder = tmp_path / "layer"
    folder.mkdir()
    report = run(make(folder))
    assert (report.communes, report.overlaps, report.gaps, report.disagreements) == (4, (), (), ())
    pack = Pack.open(out)
    codes, index = pack.strings("boundaries.communes.codes"), BoundaryIndex.from_pack(pack, "boundaries.communes")
    assert list(codes) == CODES
    for row, square in enumerate(SQUARES):
        assert shapely.equals(index.polygon(row), square)
        assert index.at(square.centroid.y, square.centroid.x) == (row,)


def test_a_source_without_a_coordinate_system_is_taken_as_wgs84_and_that_is_said(
    run: Import, tmp_path: Path
) -> None:
    report = run(write_parquet(tmp_path / "a.parquet", COLUMNS, SQUARES))
    assert report.crs == "not stated"
    assert report.notes[0]["en"].startswith("the source states no coordinate system: taken as WGS 84")


def test_other_coordinate_systems_go_through_pyproj(run: Import, out: Path, tmp_path: Path) -> None:
    """UTM zone 49 north on WGS 84, the judge being pyproj itself on one corner."""
    pyproj = pytest.importorskip("pyproj")
    ahead = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32649", always_xy=True)
    moved = [shapely.transform(s, lambda x, y: ahead.transform(x, y), interleaved=False) for s in SQUARES]
    report = run(write_ogr(tmp_path / "a.gpkg", COLUMNS, moved, crs="EPSG:32649"))
    assert report.crs == "EPSG:32649"
    assert report.notes[0]["en"] == ("reprojected from EPSG:32649 (WGS 84 / UTM zone 49N); its datum is WGS 84")
    polygon = BoundaryIndex.from_pack(Pack.open(out), "boundaries.communes").polygon(0)
    assert shapely.hausdorff_distance(polygon, SQUARES[0]) < 1e-9


def test_without_pyproj_the_extra_is_named(run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyproj", None)
    with pytest.raises(MissingExtra, match=r"EPSG:32649 needs .* 'geoaddr\[crs\]'"):
        run(write_ogr(tmp_path / "a.gpkg", COLUMNS, SQUARES, crs="EPSG:32649"))


def test_a_file_of_several_layers(run: Import, tmp_path: Path) -> None:
    file = write_ogr(tmp_path / "a.gpkg", COLUMNS, SQUARES, layer="xa")
    write_ogr(file, {"k": ["1"]}, SQUARES[:1], layer="tinh", append=True)
    with pytest.raises(DataError, match=r"several layers; choose one with --layer: xa, tinh"):
        run(file)
    with pytest.raises(DataError, match=r"no layer 'x' \(it has: xa, tinh\)"):
        run(file, layer="x")
    assert run(file, layer="xa").communes == 4


def half(file: Path) -> Path:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return file


def text(file: Path, content: str) -> Path:
    file.write_text(content, encoding="utf-8")
    return file


def points_only(path: Path) -> Path:
    pq.write_table(pa.table({"code": CODES, "n": [1, 2, 3, 4]}), path)
    return path


def two_systems(folder: Path) -> Path:
    folder_of_units(folder)
    other = write_ogr(folder / "20212_x.geojson", {"code": ["20212"]}, SQUARES[:1], crs="EPSG:32648")
    return other.parent


BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "absent": (lambda p: p / "none.parquet", r"none.parquet: no such file or folder"),
    "empty file": (lambda p: text(p / "a.geojson", ""), "a.geojson: the file is empty"),
    "truncated Parquet": (
        lambda p: half(write_parquet(p / "a.parquet", COLUMNS, SQUARES)),
        "a.parquet: cannot be read as Parquet: ",
    ),
    "GeoJSON cut short": (
        lambda p: half(write_ogr(p / "a.geojson", COLUMNS, SQUARES)),
        "a.geojson: cannot be read: Failed to read GeoJSON data",
    ),
    "truncated GeoPackage": (
        lambda p: half(write_ogr(p / "a.gpkg", COLUMNS, SQUARES)),
        "a.gpkg: cannot be read: ",
    ),
    "truncated shapefile": (lambda p: half(shapefile(p / "a.shp")), "a.shp: the file is truncated"),
    "other JSON": (lambda p: text(p / "a.geojson", '{"a": 1}'), "a.geojson: cannot be read: "),
    "no features": (
        lambda p: text(p / "a.geojson", '{"type": "FeatureCollection", "features": []}'),
        "a.geojson: the layer is empty",
    ),
    "no rows": (
        lambda p: write_parquet(p / "a.parquet", {"code": pa.array([], "string")}, []),
        "a.parquet: the layer is empty",
    ),
    "no geometry column": (
        lambda p: points_only(p / "a.parquet"),
        r"a.parquet, column geometry: no column of geometries \(columns: code, n\)",
    ),
    "another encoding": (
        lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES, geo={"encoding": "polygon"}),
        "column geometry: geometries are read as WKB only",
    ),
    "broken metadata": (
        lambda p: broken_metadata(p / "a.parquet"),
        "a.parquet: its geo metadata is broken",
    ),
    "unknown crs": (
        lambda p: write_parquet(p / "a.parquet", COLUMNS, SQUARES, geo={"crs": {"name": "mine"}}),
        "a.parquet: coordinate system not understood",
    ),
    "a text": (lambda p: text(p / "a.csv", "code,name\n1,2\n"), "a.csv: not a format read here"),
    "a web page": (lambda p: text(p / "a.geojson", "<!doctype html><p>"), "a.geojson: a web page, not data"),
    "a Git LFS pointer": (
        lambda p: text(p / "a.parquet", "version https://git-lfs.github.com/spec/v1\n"),
        "a.parquet: a Git LFS pointer, not the data",
    ),
    "an empty folder": (lambda p: p, "holds no layer"),
    "a part of a shapefile": (lambda p: shapefile(p / "a.shp").with_suffix(".dbf"), r"a.dbf: name the .shp file"),
    "two layers": (
        lambda p: write_parquet(
            write_ogr(p / "a.gpkg", COLUMNS, SQUARES).with_name("b.parquet"), COLUMNS, SQUARES
        ).parent,
        "holds several layers; name one: a.gpkg, b.parquet",
    ),
    "a broken file among units": (
        lambda p: half(folder_of_units(p) / "48_da_nang" / "wards" / "20197_x.geojson").parents[2],
        r"\(20197_x.geojson\): cannot be read: Failed to read GeoJSON",
    ),
    "units in two systems": (two_systems, "several coordinate systems"),
    "a damaged zip": (lambda p: half(zipped(folder_of_units(p))), "a damaged zip archive"),
}  # fmt: skip


def broken_metadata(path: Path) -> Path:
    table = pa.table({"code": CODES, "geometry": [shapely.to_wkb(s) for s in SQUARES]})
    pq.write_table(table.replace_schema_metadata({"geo": "{}"}), path)
    return path


@pytest.mark.parametrize(("make", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_gives_one_line_and_leaves_nothing(
    run: Import, out: Path, tmp_path: Path, make: Callable[[Path], Path], line: str
) -> None:
    folder = tmp_path / "layer"
    folder.mkdir()
    with pytest.raises(DataError, match=line) as refused:
        run(make(folder))
    for lang in ("en", "vi"):
        message = refused.value.message(lang)
        assert "\n" not in message
        assert len(message) < 600
    assert not out.parent.exists()


DAMAGED = ("GeoParquet", "GeoPackage", "GeoJSON", "shapefile", "zip of a shapefile")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", DAMAGED)
def test_damage_anywhere_is_one_line_or_no_harm(run: Import, tmp_path: Path, kind: str) -> None:
    """Bytes changed at random, at seeded places: never a traceback."""
    folder = tmp_path / "layer"
    folder.mkdir()
    file = MAKERS[kind](folder)
    whole, chance = file.read_bytes(), random.Random(kind)
    for _ in range(25):
        broken = bytearray(whole)
        for _ in range(chance.choice([1, 3, 20])):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        file.write_bytes(broken)
        with contextlib.suppress(DataError):
            run(file, overwrite=True)


def test_a_zip_in_a_zip(run: Import, tmp_path: Path) -> None:
    inner = zipped(folder_of_units(tmp_path / "in"))
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as made:
        made.write(inner, "a.gpkg")
    with pytest.raises(DataError, match="an archive inside an archive"):
        run(tmp_path / "out.zip")


def test_desktops_litter_is_passed_over(run: Import, tmp_path: Path) -> None:
    folder = folder_of_units(tmp_path / "layer")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._20194_x.geojson").write_bytes(b"x")
    (folder / "README.md").write_text("about")
    assert run(folder).communes == 4

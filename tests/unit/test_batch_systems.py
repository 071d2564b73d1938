"""Points of other coordinate systems: VN-2000 by its published parameters, nothing assumed in silence."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyogrio import raw

from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError, InvalidInput, MissingExtra
from geoaddr.platform import batch
from geoaddr.reprojection import way_to_wgs84
from tests.tables import read

pytest.importorskip("pyproj")

A, F = 6_378_137.0, 1 / 298.257223563
E2 = F * (2 - F)
"""The ellipsoid of VN-2000, which is that of WGS 84."""

SHIFT_M = (-191.90441429, -39.30318279, -111.45032835)
TURN_ARCSECONDS = (-0.00928836, 0.01975479, -0.00427372)
SCALE = 1.000000252906278
"""VN-2000 to WGS 84, decision 05/2007/QĐ-BTNMT, article 1: three shifts, three turns, a scale."""

ZONES = """
code | central meridian | scale on it | what
3405 | 105              | 0.9996      | zone 48 of six degrees
3406 | 111              | 0.9996      | zone 49 of six degrees
5897 | 105              | 0.9999      | zone 482 of three degrees; Hà Nội
9210 | 105.75           | 0.9999      | TP. Hồ Chí Minh, Hải Phòng
9217 | 108.25           | 0.9999      | Khánh Hòa
9205 | 103              | 0.9999      | Điện Biên, Lai Châu
5899 | 107.75           | 0.9999      | Đà Nẵng
"""
"""Circular 973/2001/TT-TCĐC: central meridians of zones and provinces."""


def zones() -> list[tuple[str, float, float]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in ZONES.strip().splitlines()[1:]]
    return [(f"EPSG:{code}", float(meridian), float(scale)) for code, meridian, scale, _ in lines]


def to_vn2000(lat: float, lon: float) -> tuple[float, float]:
    """WGS 84 degrees as VN-2000 degrees: the published seven parameters undone, by the formulas of Helmert."""
    phi, lam = math.radians(lat), math.radians(lon)
    n = A / math.sqrt(1 - E2 * math.sin(phi) ** 2)
    given = np.array(
        [
            n * math.cos(phi) * math.cos(lam),
            n * math.cos(phi) * math.sin(lam),
            n * (1 - E2) * math.sin(phi),
        ]
    )
    rx, ry, rz = (math.radians(s / 3600) for s in TURN_ARCSECONDS)
    turn = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])  # the frame turns, not the vector
    x, y, z = np.linalg.solve(SCALE * turn, given - np.array(SHIFT_M))
    p = math.hypot(x, y)
    phi = math.atan2(z, p * (1 - E2))
    for _ in range(10):
        n = A / math.sqrt(1 - E2 * math.sin(phi) ** 2)
        phi = math.atan2(z + E2 * n * math.sin(phi), p)
    return math.degrees(phi), math.degrees(math.atan2(y, x))


def gauss_krueger(lat: float, lon: float, meridian: float, scale: float) -> tuple[float, float]:
    """Easting and northing in metres by the series of Snyder (USGS paper 1395, equations 8-9 to 8-15)."""
    phi, away = math.radians(lat), math.radians(lon - meridian)
    second = E2 / (1 - E2)
    n = A / math.sqrt(1 - E2 * math.sin(phi) ** 2)
    t, c, a = math.tan(phi) ** 2, second * math.cos(phi) ** 2, away * math.cos(phi)
    arc = A * (
        (1 - E2 / 4 - 3 * E2**2 / 64 - 5 * E2**3 / 256) * phi
        - (3 * E2 / 8 + 3 * E2**2 / 32 + 45 * E2**3 / 1024) * math.sin(2 * phi)
        + (15 * E2**2 / 256 + 45 * E2**3 / 1024) * math.sin(4 * phi)
        - (35 * E2**3 / 3072) * math.sin(6 * phi)
    )
    east = a + (1 - t + c) * a**3 / 6 + (5 - 18 * t + t**2 + 72 * c - 58 * second) * a**5 / 120
    north = a**2 / 2 + (5 - t + 9 * c + 4 * c**2) * a**4 / 24
    north += (61 - 58 * t + t**2 + 600 * c - 330 * second) * a**6 / 720
    return 500_000 + scale * n * east, scale * (arc + n * math.tan(phi) * north)


POINTS = {"Hồ Gươm": (21.0285, 105.8542), "Bến Thành": (10.7725, 106.6980), "Mỹ Khê": (16.0620, 108.2470)}


@pytest.mark.parametrize(("crs", "meridian", "scale"), zones())
def test_zones_of_vn_2000_by_published_parameters(crs: str, meridian: float, scale: float) -> None:
    """Within a decimetre of formulas of our own; the shift itself is some two hundred metres."""
    way = way_to_wgs84(crs, "test")
    assert (way.transformation, way.code, way.accuracy_m) == ("VN-2000 to WGS 84 (2)", "EPSG:6960", 1.0)
    for lat, lon in POINTS.values():
        if abs(lon - meridian) > 4:
            continue
        east, north = gauss_krueger(*to_vn2000(lat, lon), meridian, scale)
        x, y = way.move(np.array([east]), np.array([north]))
        off_m = math.hypot((y[0] - lat) * 110_600, (x[0] - lon) * 111_320 * math.cos(math.radians(lat)))
        assert off_m < 0.1
        unshifted = to_vn2000(lat, lon)
        assert 100 < math.hypot((unshifted[0] - lat) * 110_600, (unshifted[1] - lon) * 105_000) < 400


def write(path: Path, rows: list[tuple[Any, Any]], header: str = "lat,lon") -> Path:
    path.write_text("\n".join([header, *(f"{a},{b}" for a, b in rows)]) + "\n", encoding="utf-8")
    return path


def located(source: Path, out: Path, **how: Any) -> tuple[list[dict[str, str]], dict[str, Any]]:
    report = batch(BatchJob(verb="locate", source=source, out=out, store="memory:", **how))
    return read(out) if out.suffix == ".csv" else [], report.to_dict()["points"]


@pytest.fixture
def metres() -> list[tuple[float, float]]:
    """Northings and eastings of the points near meridian 105°45'."""
    pairs = [gauss_krueger(*to_vn2000(*POINTS[n]), 105.75, 0.9999) for n in ("Hồ Gươm", "Bến Thành")]
    return [(north, east) for east, north in pairs]


@pytest.mark.parametrize("crs", ["EPSG:9210", "epsg:9210"])
def test_columns_of_metres(metres: list[tuple[float, float]], tmp_path: Path, crs: str) -> None:
    rows, points = located(write(tmp_path / "in.csv", [*metres, ("x", 1)]), tmp_path / "out.csv", crs=crs)
    want, assumed = located(
        write(tmp_path / "wgs.csv", [POINTS["Hồ Gươm"], POINTS["Bến Thành"]]), tmp_path / "w.csv"
    )
    assert [r["commune_code"] for r in rows[:2]] == [r["commune_code"] for r in want]
    assert rows[2]["error"] == "lat: empty or not a finite number"
    assert points == {
        "crs": crs,
        "name": "VN-2000 / TM-3 105-45",
        "transformation": "VN-2000 to WGS 84 (2)",
        "transformation_code": "EPSG:6960",
        "accuracy_m": 1.0,
        "assumed": False,
        "swapped": False,
    }
    assert assumed == {"crs": "EPSG:4326", "assumed": True, "swapped": False}


def test_northing_first_as_surveyors_write_it(metres: list[tuple[float, float]], tmp_path: Path) -> None:
    """In VN-2000 X is the northing and Y the easting; everywhere else it is the other way round."""
    source = write(tmp_path / "in.csv", metres, "X,Y")
    with pytest.raises(DataError, match=r"2 of its first 2 points lie in Viet Nam only .*; add --swap"):
        located(source, tmp_path / "out.csv", crs="EPSG:9210")
    rows, _ = located(source, tmp_path / "out.csv", crs="EPSG:9210", swap=True)
    assert [r["province"] for r in rows] == ["Hà Nội", "Hồ Chí Minh"]
    with pytest.raises(DataError, match="leave --swap out"):
        located(source, tmp_path / "other.csv", crs="EPSG:9210", lat="X", lon="Y", swap=True)


def test_swapped_degrees(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [(lon, lat) for lat, lon in POINTS.values()] + [("", ""), (21.0, 105.8)])
    with pytest.raises(DataError, match="3 of its first 4 points") as refused:
        located(source, tmp_path / "out.csv")
    assert "hãy thêm --swap" in refused.value.message("vi")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv"]
    rows, points = located(source, tmp_path / "out.csv", swap=True)
    assert [r["status"] for r in rows] == ["partial", "partial", "partial", "error", "error"]
    assert points["swapped"]


def refusals(folder: Path) -> Iterator[tuple[Path, dict[str, Any], str]]:
    pairs = [(2_325_000, 510_000)]
    yield write(folder / "m.csv", pairs), {}, "are metres, not degrees: name their system"
    yield write(folder / "d.csv", [(21.0, 105.8)]), {"crs": "EPSG:9210"}, "are degrees, but the system named"
    yield write(folder / "u.csv", pairs), {"crs": "EPSG:999999"}, "coordinate system not understood"
    yield write(folder / "w.csv", pairs), {"crs": "9210 or so"}, "coordinate system not understood"
    yield write(folder / "i.csv", pairs), {"crs": "EPSG:3148"}, "EPSG:3148 to WGS 84 holds for all of Viet Nam"
    local = (
        'PROJCS["my zone",GEOGCS["x",DATUM["x",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
        'PARAMETER["central_meridian",105.75],PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],'
        'PARAMETER["false_northing",0],UNIT["metre",1]]'
    )
    yield write(folder / "l.csv", pairs), {"crs": local}, "no transformation from my zone to WGS 84 is known"


def test_what_would_be_a_guess_is_refused(tmp_path: Path) -> None:
    for source, how, why in refusals(tmp_path):
        with pytest.raises(DataError, match=why):
            located(source, tmp_path / "out.csv", **how)
        assert not (tmp_path / "out.csv").exists()


def test_a_system_of_no_points_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [("x", "y")], "address,z")
    with pytest.raises(InvalidInput, match="crs 'EPSG:9210': no points are read"):
        batch(BatchJob(verb="convert", source=source, out=tmp_path / "o.csv", store="memory:", crs="EPSG:9210"))


def test_without_pyproj_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyproj", None)
    with pytest.raises(MissingExtra, match=r"'geoaddr\[crs\]'"):
        located(write(tmp_path / "in.csv", [(2_325_000, 510_000)]), tmp_path / "out.csv", crs="EPSG:9210")


def layer(path: Path, metres: list[tuple[float, float]], crs: str | None) -> Path:
    shapes = shapely.points([(east, north) for north, east in metres])
    table = pa.table({"id": ["a", "b"], "geometry": pa.array(shapely.to_wkb(shapes), pa.binary())})
    if path.suffix == ".parquet":
        about = {"encoding": "WKB", "geometry_types": ["Point"]}
        about |= {} if crs == "default" else {"crs": crs and projjson(crs)}
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    else:
        raw.write_arrow(table, path, geometry_type="Point", crs=crs, geometry_name="geometry")
    return path


def projjson(crs: str) -> Any:
    return __import__("pyproj").CRS(crs).to_json_dict()


@pytest.mark.parametrize("ending", [".gpkg", ".parquet"])
@pytest.mark.parametrize("out", [".csv", ".gpkg", ".geojson", ".parquet"])
def test_layers_in_vn_2000_are_reprojected(
    metres: list[tuple[float, float]], tmp_path: Path, ending: str, out: str
) -> None:
    source = layer(tmp_path / f"in{ending}", metres, "EPSG:9210")
    located(source, tmp_path / f"out{out}")
    if out == ".csv":
        assert [r["province"] for r in read(tmp_path / "out.csv")] == ["Hà Nội", "Hồ Chí Minh"]
    elif out == ".parquet":
        kept, given = pq.read_table(tmp_path / "out.parquet"), metres
        assert kept["province"].to_pylist() == ["Hà Nội", "Hồ Chí Minh"]
        column = next(field.name for field in kept.schema if pa.types.is_binary(field.type))
        assert coordinates(kept[column]) == pytest.approx(np.array(given)[:, ::-1])
    else:
        meta, table = raw.read_arrow(tmp_path / f"out{out}", layer="out")
        assert table["province"].to_pylist() == ["Hà Nội", "Hồ Chí Minh"]
        assert meta["crs"] == ("EPSG:4326" if out == ".geojson" else "EPSG:9210")
        where = np.array(list(POINTS.values())[:2] if out == ".geojson" else metres)[:, ::-1]
        assert coordinates(table[meta["geometry_name"] or "wkb_geometry"]) == pytest.approx(where, abs=1e-5)


def coordinates(wkb: Any) -> Any:
    return shapely.get_coordinates(shapely.from_wkb(np.array(wkb.to_pylist(), dtype=object)))


def test_a_layer_that_states_no_system_or_another_one(metres: list[tuple[float, float]], tmp_path: Path) -> None:
    silent = layer(tmp_path / "silent.parquet", metres, None)
    with pytest.raises(DataError, match="state no coordinate system; name it with --crs"):
        located(silent, tmp_path / "out.csv")
    assert located(silent, tmp_path / "out.csv", crs="EPSG:9210")[0][0]["province"] == "Hà Nội"
    stated = layer(tmp_path / "stated.gpkg", metres, "EPSG:9210")
    with pytest.raises(DataError, match="its points are in EPSG:9210, and --crs says EPSG:9211"):
        located(stated, tmp_path / "two.csv", crs="EPSG:9211")
    wkt = __import__("pyproj").CRS("EPSG:9210").to_wkt()
    assert located(stated, tmp_path / "three.csv", crs=wkt)[0][1]["province"] == "Hồ Chí Minh"


def test_a_layer_whose_system_nobody_knows_states_none(metres: list[tuple[float, float]], tmp_path: Path) -> None:
    """``resolve`` reads no points, and passes them on as they are."""
    silent = layer(tmp_path / "silent.parquet", metres, None)
    batch(BatchJob(verb="resolve", source=silent, out=tmp_path / "out.gpkg", store="memory:", code="id"))
    assert raw.read(tmp_path / "out.gpkg", layer="out")[0]["crs"] is None
    located(silent, tmp_path / "named.gpkg", crs="EPSG:9210")
    assert raw.read(tmp_path / "named.gpkg", layer="named")[0]["crs"] == "EPSG:9210"


def test_geoparquet_without_a_system_is_longitude_and_latitude(tmp_path: Path) -> None:
    source = layer(tmp_path / "in.parquet", [POINTS["Hồ Gươm"], POINTS["Bến Thành"]], "default")
    rows, points = located(source, tmp_path / "out.csv")
    assert [r["province"] for r in rows] == ["Hà Nội", "Hồ Chí Minh"]
    assert points == {"crs": "OGC:CRS84", "assumed": False, "swapped": False}

"""What is mended, what is refused, and that nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geoaddr.boundaries import BoundaryIndex
from geoaddr.errors import DataError
from geoaddr.importing.area import areas_m2
from geoaddr.pack import Pack
from tests.importing.conftest import Import
from tests.importing.layers import CODES, NAMES, SQUARES, ring, write_geojson, write_parquet

UNIT = {"code": CODES[0], "name": NAMES[0]}


def polygon_in(pack: Path) -> Any:
    return BoundaryIndex.from_pack(Pack.open(pack), "boundaries.communes").polygon(0)


def ground(text: str) -> float:
    return float(areas_m2(np.array([shapely.from_wkt(text)]))[0]) / 1e6


@pytest.mark.parametrize(
    ("given", "fault", "detail", "becomes"),
    [
        (
            ring((108, 16), (108.1, 16), (108.1, 16.1), (108, 16.1)),
            "unclosed_ring",
            "a ring whose end is not its beginning",
            "POLYGON((108 16,108.1 16,108.1 16.1,108 16.1,108 16))",
        ),
        (
            ring((108, 16), (108.2, 16.2), (108.2, 16), (108, 16.2), (108, 16)),
            "invalid",
            "Self-intersection",
            "MULTIPOLYGON(((108 16,108 16.2,108.1 16.1,108 16)),((108.2 16,108.1 16.1,108.2 16.2,108.2 16)))",
        ),
        (
            ring((108, 16), (108.1, 16), (108.1, 16.1), (108.3, 16.3), (108.1, 16.1), (108, 16.1), (108, 16)),
            "invalid",
            "Self-intersection",
            "POLYGON((108 16,108.1 16,108.1 16.1,108 16.1,108 16))",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [
                ring((108, 16), (108.2, 16), (108.2, 16.2), (108, 16.2), (108, 16))["coordinates"],
                ring((108.1, 16.1), (108.3, 16.1), (108.3, 16.3), (108.1, 16.3), (108.1, 16.1))["coordinates"],
            ]},
            "invalid",
            "Self-intersection",
            "POLYGON((108 16,108.2 16,108.2 16.1,108.3 16.1,108.3 16.3,108.1 16.3,108.1 16.2,108 16.2,108 16))",
        ),
        (
            {"type": "GeometryCollection", "geometries": [
                ring((108, 16), (108.1, 16), (108.1, 16.1), (108, 16)),
                {"type": "LineString", "coordinates": [[108, 16], [108.3, 16.3]]},
            ]},
            "collection",
            "lines or points beside polygons",
            "POLYGON((108 16,108.1 16,108.1 16.1,108 16))",
        ),
    ],
    ids=["unclosed", "bow tie", "spike", "parts that overlap", "collection"],
)  # fmt: skip
def test_each_repair_is_a_row(
    run: Import, out: Path, tmp_path: Path, given: dict[str, Any], fault: str, detail: str, becomes: str
) -> None:
    report = run(write_geojson(tmp_path / "a.geojson", [(UNIT, given)]))
    (repair,) = report.repairs
    assert (repair.code, repair.origin, repair.fault) == (CODES[0], "feature 1", fault)
    assert repair.detail.startswith(detail)
    assert repair.area_after_km2 == pytest.approx(ground(becomes), rel=1e-6)
    assert repair.to_dict()["area_change_km2"] == round(repair.area_after_km2 - repair.area_before_km2, 9)
    assert shapely.equals(polygon_in(out), shapely.from_wkt(becomes))


def test_a_valid_polygon_keeps_every_bit(run: Import, out: Path, tmp_path: Path) -> None:
    """Odd digits, a vertex said twice, a clockwise shell: nothing of it is an error."""
    third = 1 / 3
    shape = shapely.polygons(
        [(108 + third, 16), (108, 16 + third), (108, 16 + third), (108.7, 16.1), (108 + third, 16)]
    )
    report = run(write_parquet(tmp_path / "a.parquet", {"code": CODES[:1]}, [shape]))
    assert report.repairs == ()
    assert np.array_equal(shapely.get_coordinates(polygon_in(out)), shapely.get_coordinates(shape))


def test_heights_are_dropped_and_said(run: Import, out: Path, tmp_path: Path) -> None:
    raised = ring((108, 16, 5), (108.1, 16, 5), (108.1, 16.1, 7), (108, 16, 5))
    report = run(write_geojson(tmp_path / "a.geojson", [(UNIT, raised)]))
    assert "heights or measures were dropped from 1 features" in [note["en"] for note in report.notes]
    assert not shapely.has_z(polygon_in(out))


def test_a_unit_without_ground_is_missing(run: Import, tmp_path: Path) -> None:
    flat = ring((108, 16), (108.1, 16), (108, 16))
    rows = [(UNIT, flat), ({"code": CODES[1]}, None), ({"code": CODES[2]}, shapely.geometry.mapping(SQUARES[2]))]
    report = run(write_geojson(tmp_path / "a.geojson", rows))
    assert [unit.code for unit in report.without_geometry] == CODES[:2]
    assert {unit.code for unit in report.missing} >= set(CODES[:2])
    assert report.communes == 1


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (
            {"type": "Point", "coordinates": [108, 16]},
            "feature 1 is a Point; a layer of boundaries has polygons only",
        ),
        ({"type": "LineString", "coordinates": [[108, 16], [109, 16]]}, "feature 1 is a LineString"),
        (ring((16, 108), (16.1, 108), (16.1, 108.1), (16, 108)), "latitude and longitude are swapped"),
        (
            ring((500000, 1700000), (500100, 1700000), (500100, 1700100), (500000, 1700000)),
            "these are not degrees",
        ),
        (ring((2, 48), (3, 48), (3, 49), (2, 48)), r"feature 1 lies outside Viet Nam \(it spans 2, 48, 3, 49\)"),
    ],
)
def test_refused(run: Import, out: Path, tmp_path: Path, geometry: dict[str, Any], reason: str) -> None:
    with pytest.raises(DataError, match=r"^\S*a.geojson, column geometry: .*" + reason):
        run(write_geojson(tmp_path / "a.geojson", [(UNIT, geometry)]))
    assert not out.parent.exists()


def test_coordinates_that_are_no_numbers(run: Import, tmp_path: Path) -> None:
    with np.errstate(invalid="ignore"):
        shape = shapely.polygons([(108, 16), (np.nan, 16), (108.1, 16.1), (108, 16)])
    with pytest.raises(DataError, match="row 1 has a coordinate that is not a finite number"):
        run(write_parquet(tmp_path / "a.parquet", {"code": CODES[:1]}, [shape]))


def test_bytes_that_are_no_geometry(run: Import, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 2: bytes that are no geometry"):
        run(write_parquet(tmp_path / "a.parquet", {"code": CODES[:2]}, [SQUARES[0], b"not WKB"]))

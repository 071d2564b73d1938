"""On exact boundaries with overlaps and shared borders, columns of codes say what ``resolve`` says of each."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk.resolving import CodeColumns
from geoaddr.codes import plus_code
from geoaddr.errors import InvalidInput
from geoaddr.registry import LoadRow
from tests.service.packs import write_two_provinces

STATUSES = ("live", "proposed", "verified", "retired", "withdrawn", "superseded")
DAYS = ("2026-03-01", "2025-06-30")
CLAIMED_BY_THREE = (22.51604, 103.93911)
"""A point that Bát Xát, Cốc San and Lào Cai all claim in the publisher's layer."""
AT_SEA = (10.0, 110.0)


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def ga(request, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> geoaddr.Geoaddr:
    """Households at vertices, middles of edges and in overlaps, filed in the commune there or in another."""
    folder = tmp_path_factory.mktemp("twins")
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    store = "memory:" if request.param == "memory" else f"sqlite:///{folder}/registry.db"
    opened = geoaddr.open(write_two_provinces(raw, folder / "two.gapack"), store)
    index, codes = opened.locator.index, opened.locator.codes
    points = [CLAIMED_BY_THREE, AT_SEA]
    for row in range(0, len(codes), 40):
        (x0, y0), (x1, y1) = shapely.get_coordinates(index.polygon(row))[:2]
        points += [(y0, x0), ((y0 + y1) / 2, (x0 + x1) / 2)]
    places = [
        (lat, lon, commune)
        for lat, lon in points
        for commune in {codes[0], codes[5], "99999", *(codes[row] for row in index.at(lat, lon))}
    ]
    rows = [
        {"ndas": f"33{n:08}", "lat": repr(float(lat)), "lon": repr(float(lon)), "commune_code": commune,
         "issued_on": day, "status": status, "superseded_by": "3300000000" if status == "superseded" else ""}
        for n, ((lat, lon, commune), status, day) in enumerate(product(places, STATUSES, DAYS))
    ]  # fmt: skip
    report = opened.registry.load(LoadRow(n, row) for n, row in enumerate(rows, 1))
    assert report.refused == 0
    return opened


def told(ga: geoaddr.Geoaddr, code: str, as_of: str) -> dict[str, object]:
    """What the scalar verb says, in the words of the columns."""
    try:
        readings = ga.resolve(code, as_of=as_of).readings
    except InvalidInput:
        return {"status": "error"}
    if not readings:
        return {"status": "not_found"}
    first = readings[0]
    issued = first.status != "not_issued"
    return {
        "status": "ambiguous" if len(readings) > 1 else "ok" if issued else "not_found",
        "ndas": first.ndas,
        "code_status": first.status,
        "system": first.system,
        "province_code": first.province and first.province.code,
        "province": first.province and first.province.name,
        "commune_code": first.commune and first.commune.code,
        "commune": first.commune and first.commune.name,
        "postcode": first.postcode,
        "lat": first.point and first.point.lat,
        "lon": first.point and first.point.lon,
        "superseded_by": "; ".join(first.superseded_by or ()) or None,
    }


@pytest.mark.parametrize("as_of", ["2026-09-20", "2025-08-01", "2025-06-30"])
def test_columns_and_the_scalar_verb(ga, as_of):
    codes = [record.ndas for record in ga.registry.export()]
    rng = np.random.default_rng(3)
    asked = [*rng.permutation(codes), *codes[:5], f"{codes[3][:5]} {codes[3][5:]}", "9912345678", "x", "", "7P28"]
    rows = pa.table(CodeColumns(ga, ga.as_of(as_of)).resolve(pa.array(asked))).to_pylist()
    communes = set()
    for code, row in zip(asked, rows, strict=True):
        one = told(ga, code, as_of)
        assert {name: row[name] for name in one} == one, code
        communes.add(one.get("commune_code"))
    assert len(communes) > 3


def test_no_codes_at_all(ga):
    for column in (pa.array([], pa.string()), pa.nulls(2, pa.string()), pa.array([3300000001])):
        rows = pa.table(CodeColumns(ga, ga.as_of(None)).resolve(column)).to_pylist()
        assert [row["status"] for row in rows] == {0: [], 1: ["ok"], 2: ["error"] * 2}[len(column)]


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180), length=st.sampled_from([2, 4, 8, 10, 11, 15]))
def test_the_cell_around_a_point_is_that_of_its_code(lat, lon, length):
    code = plus_code.encode(lat, lon, length)
    assert plus_code.cell_around(*plus_code.to_grid(lat, lon), length) == plus_code.decode(code)

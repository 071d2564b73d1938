"""On exact boundaries with overlaps and shared borders, columns say what the scalar verb says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

import geoaddr
from geoaddr.bulk.columns import degrees
from geoaddr.bulk.locating import PointColumns
from geoaddr.bulk.rough import uncertainties
from geoaddr.bulk.texts import TextColumns
from geoaddr.bulk.views import evenly, weighed
from geoaddr.model import Located
from tests.service.packs import write_two_provinces

CLAIMED_BY_THREE = (22.51604, 103.93911)
"""A point that Bát Xát, Cốc San and Lào Cai all claim in the publisher's layer."""


@pytest.fixture(scope="module")
def ga(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> geoaddr.Geoaddr:
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    return geoaddr.open(write_two_provinces(raw, tmp_path_factory.mktemp("twins") / "two.gapack"), "memory:")


@pytest.fixture(scope="module")
def points(ga: geoaddr.Geoaddr) -> list[tuple[float, float]]:
    """Vertices, middles of edges, points in the overlap and anywhere."""
    rng = np.random.default_rng(7)
    found = [CLAIMED_BY_THREE, (22.516, 103.940), (16.53, 111.61)]
    for row in range(0, len(ga.locator.codes), 9):
        ring = shapely.get_coordinates(ga.locator.index.polygon(row))
        for i in rng.integers(0, len(ring) - 1, 4):
            (x0, y0), (x1, y1) = ring[i], ring[i + 1]
            found += [(y0, x0), ((y0 + y1) / 2, (x0 + x1) / 2)]
    west, south, east, north = 103.5, 21.8, 104.6, 22.8
    found += [*zip(rng.uniform(south, north, 150), rng.uniform(west, east, 150), strict=True)]
    return [(float(lat), float(lon)) for lat, lon in found]


@pytest.mark.parametrize("as_of", ["2026-09-20", "2025-08-01", "2025-06-30"])
def test_columns_and_the_scalar_verb(ga: geoaddr.Geoaddr, points: list[tuple[float, float]], as_of: str) -> None:
    lat, lon = (pa.array(values, pa.float64()) for values in zip(*points, strict=True))
    together = PointColumns(ga, ga.as_of(as_of), border=True)
    rows = pa.table(together.locate(degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0))).to_pylist()
    several = 0
    for (y, x), row in zip(points, rows, strict=True):
        one = ga.locate(lat=y, lon=x, as_of=as_of)
        several += len(one.candidates) > 1
        assert {name: row[name] for name in ("province_code", "district_code", "postcode", "vpostcode")} == {
            "province_code": one.province and one.province.code,
            "district_code": one.district and one.district.code,
            "postcode": one.postcode,
            "vpostcode": one.vpostcode,
        }
        assert row["status"] == status_of(one)
        assert row["edge_distance_m"] == one.edge_distance_m
        assert row["neighbour_code"] == (one.neighbour and one.neighbour.code)
        assert row["candidates"] == (evenly(c.code for c in one.candidates) if one.candidates else None)
        heaviest = one.commune or (one.candidates[0] if one.candidates else None)
        assert row["commune_code"] == (heaviest and heaviest.code)
    assert several > 10


@pytest.mark.parametrize("as_of", ["2026-09-20", "2025-06-30"])
def test_columns_of_rough_points_and_the_scalar_verb(
    ga: geoaddr.Geoaddr, points: list[tuple[float, float]], as_of: str
) -> None:
    points = points[::3]
    rough = [(None, 0.0, 12.0, 150.0, 4_000.0)[n % 5] for n in range(len(points))]
    lat, lon = (pa.array(values, pa.float64()) for values in zip(*points, strict=True))
    columns = PointColumns(ga, ga.as_of(as_of)).locate(
        degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0), uncertainties(pa.array(rough, pa.float64()))
    )
    seen = set()
    for (y, x), metres, row in zip(points, rough, pa.table(columns).to_pylist(), strict=True):
        one = ga.locate(lat=y, lon=x, as_of=as_of, uncertainty_m=metres)
        assert (row["province_code"], row["postcode"], row["vpostcode"]) == (
            one.province and one.province.code,
            one.postcode,
            one.vpostcode,
        )
        heaviest = one.commune or (one.candidates[0] if one.candidates else None)
        assert row["commune_code"] == (heaviest and heaviest.code)
        if metres is not None:
            shares = [(unit.code, unit.weight) for unit in one.candidates]
            shares += [("outside", one.outside_weight)] if one.outside_weight else []
            assert sum(weight for _, weight in shares) == pytest.approx(1)
            assert row["candidates"] == (weighed(shares) if one.candidates else None)
            sure = "ambiguous" if len(shares) > 1 else "ok"
            assert row["status"] == (sure if one.candidates else "not_found")
            sureness = pytest.approx(one.candidates[0].weight, abs=5.1e-5) if one.candidates else None
            assert row["confidence"] == sureness
            seen.add((row["status"], "outside" in (row["candidates"] or "")))
    assert ("ambiguous", True) in seen
    assert ("ambiguous", False) in seen
    assert as_of < "2025-07-01" or ("ok", False) in seen


def status_of(one: Located) -> str:
    if not one.inside:
        return "not_found"
    if one.candidates:
        return "ambiguous"
    return "ok" if one.commune else "partial"


def test_the_piece_that_three_communes_claim_answers_with_all_of_them(ga: geoaddr.Geoaddr) -> None:
    lat, lon = CLAIMED_BY_THREE
    answer = ga.locate(lat=lat, lon=lon)
    assert [unit.name for unit in answer.candidates] == ["Lào Cai", "Bát Xát", "Cốc San"]
    assert answer.commune is not None
    assert answer.commune.code == answer.candidates[0].code
    assert [unit.weight for unit in answer.candidates] == [pytest.approx(1 / 3)] * 3


def test_points_decide_between_the_parts_of_communes(
    ga: geoaddr.Geoaddr, points: list[tuple[float, float]]
) -> None:
    """Old communes of the two provinces, each at points in and outside it: the same as one by one."""
    eve = ga.as_of("2025-06-30")
    old = [unit for code in ("10", "15") for unit in ga.gazetteer.units("district", as_of=eve, parent=code)]
    communes = [
        unit for district in old for unit in ga.gazetteer.units("commune", as_of=eve, parent=district.code)
    ]
    texts = [
        f"{n} {unit.full_name}, {ga.unit(unit.parent, as_of=eve).full_name}, Lào Cai" if unit.parent else unit.name
        for n, unit in enumerate(communes[::5])
    ]
    asked = [(text, *points[(7 * n + k) % len(points)]) for n, text in enumerate(texts) for k in range(4)]
    lines, lat, lon = (pa.array(column) for column in zip(*asked, strict=True))
    rows = pa.table(TextColumns(ga).convert(lines, "new", degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0)))
    bases = set()
    for (text, y, x), row in zip(asked, rows.to_pylist(), strict=True):
        one = ga.convert(text, lat=y, lon=x)
        bases.add(row["basis"])
        assert (row["status"], row["new_address"]) == (one.status, one.address)
        assert row["commune_code"] == (one.commune and one.commune.code)
        assert row["basis"] == (one.candidates[0].basis if one.candidates else None)
    assert "boundary" in bases

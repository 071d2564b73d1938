"""Units of 30 June 2024 by polygons of that year, held to GEOS on the source, and columns to the scalar verb."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import geoaddr
from geoaddr.bulk.columns import degrees
from geoaddr.bulk.dated import disagreements_text
from geoaddr.bulk.locating import PointColumns
from geoaddr.bulk.rough import uncertainties
from geoaddr.bulk.views import evenly
from geoaddr.model import Located
from tests.dated_packs import write_dated

DAY = "2024-06-30"
SHORE_OF_HA_LONG = (20.9517, 107.0850)

Polygons = Mapping[str, shapely.Geometry]


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dated")
    write_dated(shared, folder)
    return folder


@pytest.fixture(scope="module")
def ga(folder: Path) -> geoaddr.Geoaddr:
    return geoaddr.open(folder / "dated.gapack", "memory:")


@pytest.fixture(scope="module")
def old(folder: Path) -> Polygons:
    """Code to polygon, as the source has them; but for the districts whose codes ended before June 2025."""
    table = pq.read_table(folder / "old.parquet").to_pylist()
    return {row["code"]: shapely.from_wkb(row["geometry"]) for row in table}


@pytest.fixture(scope="module")
def points(ga: geoaddr.Geoaddr, old: Polygons) -> list[tuple[float, float]]:
    """Anywhere in the two provinces of today, and vertices of old and new borders."""
    rng = np.random.default_rng(11)
    found = [SHORE_OF_HA_LONG]
    for west, south, east, north in ((107.2, 15.0, 108.7, 16.3), (106.4, 20.7, 108.0, 21.6)):
        found += [*zip(rng.uniform(south, north, 500), rng.uniform(west, east, 500), strict=True)]
    for polygon in [*old.values(), *(ga.locator.index.polygon(row) for row in range(0, len(ga.locator.codes), 5))]:
        ring = shapely.get_coordinates(polygon)
        found += [tuple(ring[i][::-1]) for i in rng.integers(0, len(ring), 6)]
    return [(float(lat), float(lon)) for lat, lon in found]


def test_each_layer_has_the_units_of_its_level_alone(ga: geoaddr.Geoaddr, old: Polygons) -> None:
    """The codes of the small source do not show that zeros may lead: 31, a province, is not district 031."""
    held = {layer.info.level: set(layer.codes) for layer in ga.locator.vintages.all}  # type: ignore[attr-defined]
    assert held["province"] == {"30", "31", "48", "49"}
    assert held["district"] <= {code for code in old if len(code) == 3}


def test_province_and_district_are_those_of_geos_on_the_source(
    ga: geoaddr.Geoaddr, old: Polygons, points: list[tuple[float, float]]
) -> None:
    known = {u.code for level in ("province", "district") for u in ga.units(level, as_of=DAY)}  # type: ignore[arg-type]
    seen = {2: 0, 3: 0}
    for lat, lon in points:
        answer = ga.locate(lat=lat, lon=lon, as_of=DAY)
        held = [code for code, p in old.items() if code in known and shapely.intersects_xy(p, lon, lat)]
        for unit, width, level in ((answer.province, 2, "province"), (answer.district, 3, "district")):
            by_geos = [code for code in held if len(code) == width]
            if len(by_geos) == 1:
                assert (unit and unit.code) == by_geos[0], (lat, lon)
                assert answer.basis_by_level[level].basis == "boundary"
                seen[width] += 1
    assert min(seen.values()) > 300


def test_a_commune_lies_in_the_district_of_its_polygon_or_is_not_answered(
    ga: geoaddr.Geoaddr, points: list[tuple[float, float]]
) -> None:
    """Against the same point without the old polygons: what the polygon leaves of the predecessors."""
    plain = geoaddr.open(Path(str(ga.pack.path)).with_name("communes.gapack"), "memory:")
    narrowed = contradicted = 0
    for lat, lon in points:
        answer, without = (each.locate(lat=lat, lon=lon, as_of=DAY) for each in (ga, plain))
        before = list(without.candidates) or [u for u in (without.commune,) if u]
        after = list(answer.candidates) or [u for u in (answer.commune,) if u]
        if answer.district is None or answer.basis_by_level["district"].basis != "boundary":
            continue
        within = [unit.code for unit in before if unit.parent == answer.district.code]
        assert [unit.code for unit in after] == within
        assert [unit.weight for unit in answer.candidates] == pytest.approx(
            [1 / (len(after) or 1)] * len(answer.candidates)
        )
        narrowed += 0 < len(after) < len(before)
        contradicted += bool(before) and not after
        assert ("commune" in [d.level for d in answer.disagreements]) == (bool(before) and not after)
    assert narrowed > 20
    assert contradicted > 5


def test_quang_ninh_has_no_polygon_of_2024_and_says_so(ga: geoaddr.Geoaddr) -> None:
    lat, lon = SHORE_OF_HA_LONG
    answer = ga.locate(lat=lat, lon=lon, as_of=DAY)
    assert (answer["province"].name, answer["district"].name) == ("Quảng Ninh", "Hạ Long")
    assert {how.basis for how in answer.basis_by_level.values()} == {"succession"}
    assert {how.valid_from.isoformat() for how in answer.basis_by_level.values()} == {"2025-07-01"}
    assert answer.disagreements == ()


@pytest.mark.parametrize("as_of", [DAY, "2018-06-30", "2025-06-30", "2026-09-20"])
def test_columns_and_the_scalar_verb(ga: geoaddr.Geoaddr, points: list[tuple[float, float]], as_of: str) -> None:
    lat, lon = (pa.array(values, pa.float64()) for values in zip(*points, strict=True))
    together = PointColumns(ga, ga.as_of(as_of))
    rows = pa.table(together.locate(degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0))).to_pylist()
    for (y, x), row in zip(points, rows, strict=True):
        expected = _as_row(ga.locate(lat=y, lon=x, as_of=as_of))
        assert {name: row[name] for name in expected} == expected, (y, x)


@pytest.mark.parametrize("as_of", [DAY, "2026-09-20"])
def test_rough_points_and_borders_ask_the_communes_alone(
    ga: geoaddr.Geoaddr, folder: Path, points: list[tuple[float, float]], as_of: str
) -> None:
    """As the pack without the old layers answers; columns as the verb; no border on a day without communes."""
    plain = geoaddr.open(folder / "communes.gapack", "memory:")
    few = points[::12]
    lat, lon = (pa.array(values, pa.float64()) for values in zip(*few, strict=True))
    rough = [None if at % 4 == 0 else 40.0 * at for at in range(len(few))]
    together = PointColumns(ga, ga.as_of(as_of), border=True)
    asked = degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0), uncertainties(pa.array(rough, pa.float64()))
    rows = pa.table(together.locate(*asked)).to_pylist()
    for (y, x), metres, row in zip(few, rough, rows, strict=True):
        one = ga.locate(lat=y, lon=x, as_of=as_of, uncertainty_m=metres)
        assert (one.edge_distance_m is None) or as_of != DAY
        assert row["edge_distance_m"] == pytest.approx(one.edge_distance_m, abs=0.011)
        assert row["neighbour_code"] == (one.neighbour and one.neighbour.code)
        if metres is None:
            continue
        alone = plain.locate(lat=y, lon=x, as_of=as_of, uncertainty_m=metres)
        assert [(c.code, c.weight) for c in one.candidates] == [(c.code, c.weight) for c in alone.candidates]
        assert (one.province, one.district, one.commune) == (alone.province, alone.district, alone.commune)
        assert {how.basis for how in one.basis_by_level.values()} <= {one.basis}
        heaviest = one.candidates[0] if one.candidates else None
        assert row["commune_code"] == (heaviest and heaviest.code)
        assert row["confidence"] == (heaviest and pytest.approx(heaviest.weight, abs=1e-4))
        assert (row["basis_by_level"], row["disagreements"]) == (_as_row(one)["basis_by_level"], None)
        assert (row["postcode"], row["vpostcode"]) == (one.postcode, one.vpostcode)


def _as_row(one: Located) -> dict[str, Any]:
    heaviest = one.commune or (one.candidates[0] if one.candidates else None)
    partial = "partial" if one.province or one.district else "not_found"
    return {
        "status": "ambiguous" if one.candidates else "ok" if one.commune else partial,
        "province_code": one.province and one.province.code,
        "district_code": one.district and one.district.code,
        "commune_code": heaviest and heaviest.code,
        "candidates": evenly(c.code for c in one.candidates) if one.candidates else None,
        "postcode": one.postcode,
        "vpostcode": one.vpostcode,
        "basis_by_level": "; ".join(f"{k}: {v.basis}" for k, v in one.basis_by_level.items()) or None,
        "disagreements": disagreements_text(one.disagreements),
    }


def test_the_boundary_of_a_district_of_before_is_the_source_s(ga: geoaddr.Geoaddr, old: Polygons) -> None:
    feature = ga.boundary("492", as_of=DAY)
    assert shapely.equals(shapely.geometry.shape(feature["geometry"]), old["492"])
    about = feature["properties"]
    assert (about["full_name"], about["boundary_valid_from"], about["boundary_valid_to"]) == (
        "Quận Hải Châu", "2024-01-01", "2025-07-01",
    )  # fmt: skip
    with pytest.raises(geoaddr.errors.UnknownUnit, match="no polygon of Quận Hải Châu on 2018-06-30"):
        ga.boundary("492", as_of="2018-06-30")
    with pytest.raises(geoaddr.errors.UnknownUnit, match="no polygon of Thành phố Hạ Long"):
        ga.boundary("193", as_of=DAY)


def test_a_layer_that_is_not_asked_for_is_not_opened(folder: Path) -> None:
    ga = geoaddr.open(folder / "dated.gapack", "memory:")
    layers = {layer.info.level: layer for layer in ga.locator.vintages.all}  # type: ignore[attr-defined]
    ga.locate(lat=16.0678, lon=108.2208)
    assert not {"index", "codes"} & vars(layers["district"]).keys()
    ga.locate(lat=16.0678, lon=108.2208, as_of=DAY)
    assert {"index", "codes"} <= vars(layers["district"]).keys()

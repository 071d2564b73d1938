"""Where made-up households stand: inside their commune as GEOS has it, in settlements, along streets."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from numpy.typing import NDArray
from shapely import Point

import geoaddr
from geoaddr.errors import InvalidInput
from geoaddr.synthetic.ground import alone_in
from tests.service.packs import write_two_provinces
from tests.synthetic.conftest import METRES_A_DEGREE

CLAIMED_BY_THREE = (22.51604, 103.93911)
"""Latitude and longitude of a point that Bát Xát, Cốc San and Lào Cai all claim in the publisher's layer."""

Streets = dict[tuple[Any, ...], dict[int, NDArray[Any]]]


def test_every_household_is_inside_its_commune(ga: geoaddr.Geoaddr, nation: pa.Table) -> None:
    codes = np.array(nation["commune_code"].to_pylist())
    lat, lon = nation["lat"].to_numpy(), nation["lon"].to_numpy()
    for code in np.unique(codes):
        polygon = ga.locator.index.polygon(ga.locator.codes.index(code))
        mine = codes == code
        assert shapely.contains_xy(polygon, lon[mine], lat[mine]).all(), code


def test_coordinates_have_seven_decimals(nation: pa.Table) -> None:
    for name in ("lat", "lon"):
        values = nation[name].to_numpy()
        assert (values == values.round(7)).all()


@pytest.mark.parametrize(("kind", "least"), [("Xã", 0.15), ("Phường", 0.3)])
def test_households_are_clustered(
    ga: geoaddr.Geoaddr, rows: list[dict[str, Any]], metres: NDArray[np.float64], kind: str, least: float
) -> None:
    """Points spread evenly at random lie half the root of the ground of each apart (Clark and Evans, 1954)."""
    of_commune = defaultdict(list)
    for i, row in enumerate(rows):
        if row["commune"].startswith(kind) and not row["building"]:
            of_commune[row["commune_code"]].append(i)
    ratios = []
    for code, members in of_commune.items():
        points = shapely.points(metres[members])
        pairs, apart = shapely.STRtree(points).query_nearest(
            points, exclusive=True, return_distance=True, all_matches=False
        )
        assert len(pairs[0]) == len(members)
        polygon = ga.locator.index.polygon(ga.locator.codes.index(code))
        area_m2 = polygon.area * METRES_A_DEGREE**2 * np.cos(np.radians(polygon.centroid.y))
        ratios.append(np.mean(apart) / (0.5 * np.sqrt(area_m2 / len(members))))
    assert np.median(ratios) < least


def test_odd_numbers_are_on_the_left_and_even_ones_on_the_right(streets: Streets) -> None:
    """Left and right as one walks the way the numbers grow: from 2k - 1 to 2k + 1, 2k lies on the right."""
    sides = []
    for houses in streets.values():
        for number in houses:
            if number % 2 == 0 and number - 1 in houses and number + 1 in houses:
                start, end, across = houses[number - 1], houses[number + 1], houses[number]
                (ax, ay), (bx, by) = end - start, across - start
                sides.append(ax * by - ay * bx < 0)
    assert len(sides) > 3_000
    assert np.mean(sides) > 0.999


def test_streets_are_numbered_from_north_to_south_and_east_to_west(streets: Streets) -> None:
    """08/2024/TT-BXD: N to S, E to W, NE to SW, SE to NW, that is headings of 157.5 to 337.5 degrees; the pieces
    of a street turn a little."""
    headings = []
    for houses in streets.values():
        odd = sorted(number for number in houses if number % 2)
        if len(odd) >= 10:
            east, north = houses[odd[-1]] - houses[odd[0]]
            headings.append(np.degrees(np.arctan2(east, north)) % 360)
    assert len(headings) > 200
    assert min(headings) > 157.5 - 20
    assert max(headings) < 337.5 + 20


def test_neighbours_on_a_side_are_a_house_apart(streets: Streets) -> None:
    apart = [
        np.hypot(*(houses[number + 2] - houses[number]))
        for houses in streets.values()
        for number in houses
        if number + 2 in houses
    ]
    assert np.quantile(apart, 0.05) > 3
    assert np.quantile(apart, 0.95) < 25


def test_an_alley_begins_just_after_the_house_whose_number_it_takes(
    rows: list[dict[str, Any]], metres: NDArray[np.float64], streets: Streets
) -> None:
    seen = []
    for row, place in zip(rows, metres, strict=True):
        if row["house_number"] == "1" and row["alley"] and row["alley"].isdigit():
            mouth, houses = int(row["alley"]), streets[row["commune_code"], row["street"]]
            if mouth + 2 in houses:
                seen.append(np.hypot(*(place - houses[mouth])))
    assert len(seen) > 100
    assert np.quantile(seen, 0.95) < 35


def test_an_alley_leads_away_on_the_side_of_that_house(
    rows: list[dict[str, Any]], metres: NDArray[np.float64], streets: Streets
) -> None:
    sides = []
    for row, place in zip(rows, metres, strict=True):
        if row["house_number"] == "15" and row["alley"] and row["alley"].isdigit():
            mouth, houses = int(row["alley"]), streets[row["commune_code"], row["street"]]
            if mouth + 2 in houses:
                (ax, ay), (bx, by) = houses[mouth + 2] - houses[mouth], place - houses[mouth]
                sides.append((ax * by - ay * bx > 0) == (mouth % 2 == 1))
    assert len(sides) > 100
    assert np.mean(sides) > 0.98


def test_a_chain_of_alleys_begins_with_an_alley_of_the_street(rows: list[dict[str, Any]]) -> None:
    firsts, inner = set(), set()
    for row in rows:
        chain = tuple((row["alley"] or "").split("; "))
        street = (row["commune_code"], row["street"])
        if len(chain) == 2:
            inner.add((*street, chain[0]))
        elif chain[0]:
            firsts.add((*street, chain[0]))
    assert inner
    assert inner <= firsts


def test_flats_share_a_point_by_columns(rows: list[dict[str, Any]]) -> None:
    columns = defaultdict(set)
    for row in rows:
        if row["building"]:
            floor, unit = row["unit"].split("-")
            assert floor == row["floor"]
            columns[row["commune_code"], row["building"], unit].add((row["lat"], row["lon"]))
    assert len(columns) > 50
    assert {len(points) for points in columns.values()} == {1}


@pytest.fixture(scope="module")
def exact(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> geoaddr.Geoaddr:
    """Real boundaries of Đà Nẵng and Lào Cai, with overlaps and the islets of Hoàng Sa."""
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    return geoaddr.open(write_two_provinces(raw, tmp_path_factory.mktemp("synth") / "two.gapack"), "memory:")


def test_on_real_boundaries_every_household_is_in_one_commune_alone(
    exact: geoaddr.Geoaddr, tmp_path: Path
) -> None:
    exact.synth(tmp_path / "x.parquet", households=60_000, seed=3)
    made = pq.read_table(tmp_path / "x.parquet")
    assert "20333" in set(made["commune_code"].to_pylist())  # Hoàng Sa
    polygons = [exact.locator.index.polygon(row) for row in range(len(exact.locator.codes))]
    points = shapely.points(made["lon"].to_numpy(), made["lat"].to_numpy())
    point, polygon = shapely.STRtree(polygons).query(points, predicate="intersects")
    assert point.tolist() == list(range(made.num_rows))
    assert [exact.locator.codes[row] for row in polygon] == made["commune_code"].to_pylist()


def test_ground_that_two_communes_claim_is_neither_ones(exact: geoaddr.Geoaddr) -> None:
    codes, (lat, lon) = exact.locator.codes, CLAIMED_BY_THREE
    claimants = [row for row in range(len(codes)) if exact.locator.index.polygon(row).contains(Point(lon, lat))]
    assert len(claimants) == 3
    many = np.full(3, lat), np.full(3, lon)
    assert not alone_in(exact.locator, np.array(claimants), *many).any()
    inner = [exact.locator.index.polygon(row).representative_point() for row in claimants]
    at, on = np.array([p.y for p in inner]), np.array([p.x for p in inner])
    assert alone_in(exact.locator, np.array(claimants), at, on).all()
    assert not alone_in(exact.locator, np.array(claimants)[[1, 2, 0]], at, on).any()


def test_provinces_without_boundaries_are_refused(exact: geoaddr.Geoaddr, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="province '01': the pack has no boundaries there"):
        exact.synth(tmp_path / "x.parquet", households=10, provinces=["01"])


@pytest.mark.slow
def test_in_the_whole_country(real_pack: Path, tmp_path: Path) -> None:
    """2 million households on the full layer, each in its commune by the index, codes unique."""
    with geoaddr.open(real_pack, "memory:") as ga:
        ga.synth(tmp_path / "x.parquet", households=2_000_000)
        made = pq.read_table(tmp_path / "x.parquet", columns=["commune_code", "lat", "lon", "ndas"])
        hits = ga.locator.rows_at(made["lat"].to_numpy(), made["lon"].to_numpy())
        assert not len(hits.multi_rows)
        assert (np.array(ga.locator.codes)[hits.primary] == made["commune_code"].to_numpy()).all()
    assert len(made["ndas"].unique()) == made.num_rows

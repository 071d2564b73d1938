"""The embedded pack: all communes, as cells that fit together, made from the sources beside it."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex
from geoaddr.gazetteer import Gazetteer
from geoaddr.pack import Pack

DATA = Path(__file__).resolve().parents[2] / "data"


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_it_says_that_it_is_approximate(embedded: Pack) -> None:
    assert embedded.info.name == "vn-embedded"
    assert embedded.info.boundary_accuracy == "approximate"
    assert embedded.path.stat().st_size < 10_000_000


def test_it_has_a_cell_for_every_commune(embedded: Pack, codes: list[str], cells: NDArray[Any]) -> None:
    units = Gazetteer.from_pack(embedded).units("commune", as_of=embedded.info.date)
    assert codes == sorted(unit.code for unit in units)
    assert len(cells) == 3_321
    assert (shapely.area(cells) > 0).all()


def test_the_cells_are_valid_and_share_their_edges(cells: NDArray[Any]) -> None:
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)


def test_no_two_cells_overlap(cells: NDArray[Any]) -> None:
    one, other = shapely.STRtree(cells).query(cells, predicate="intersects")
    pairs = one < other
    assert shapely.area(shapely.intersection(cells[one[pairs]], cells[other[pairs]])).max() == 0


def test_every_corner_has_five_decimals(cells: NDArray[Any]) -> None:
    coordinates = shapely.get_coordinates(cells)
    assert (coordinates == coordinates.round(5)).all()


def test_every_published_point_lies_in_its_own_cell(index: BoundaryIndex, codes: list[str]) -> None:
    zones = {line["code"] for line in table("sources/special_zones.csv")}
    for line in table("sources/commune_points.csv"):
        code = line["code"].replace("06970", "06978")  # Ba Chẽ, see corrections.csv
        if code not in zones:
            assert codes.index(code) in index.at(float(line["lat"]), float(line["lon"])), code


PLACES = """
16.53   111.61   20333   Hoàng Sa island
16.834  112.334  20333   Phú Lâm, Hoàng Sa
15.787  111.197  20333   Tri Tôn, Hoàng Sa
8.64    111.92   22736   Trường Sa Lớn
11.429  114.331  22736   Song Tử Tây, Trường Sa
9.886   114.329  22736   Sinh Tồn, Trường Sa
7.892   112.921  22736   An Bang, Trường Sa
10.216  103.96   31078   Dương Đông, Phú Quốc
8.683   106.606  26732   Côn Sơn, Côn Đảo
15.383  109.117  21548   Lý Sơn
10.517  108.93   23272   Phú Quý
17.159  107.339  19742   Cồn Cỏ
20.133  107.73   11948   Bạch Long Vĩ
20.985  107.765  07192   Cô Tô
20.727  107.049  11914   Cát Bà
20.94   107.55   06994   Minh Châu, Vân Đồn
9.80    104.63   31108   Lại Sơn, Kiên Hải
9.31    103.48   31105   Thổ Châu
"""


@pytest.mark.parametrize("place", PLACES.strip().splitlines(), ids=lambda line: line.split(maxsplit=3)[3])
def test_the_special_zones_hold_their_islands(index: BoundaryIndex, codes: list[str], place: str) -> None:
    lat, lon, code, _ = place.split(maxsplit=3)
    assert [codes[row] for row in index.at(float(lat), float(lon))] == [code]


def test_names_of_hoang_sa_and_truong_sa(embedded: Pack) -> None:
    gazetteer = Gazetteer.from_pack(embedded)
    names = [gazetteer.unit(code, as_of=embedded.info.date).full_name for code in ("20333", "22736")]
    assert names == ["Đặc khu Hoàng Sa", "Đặc khu Trường Sa"]


ABROAD = """
17.966  102.613  Vientiane
11.556  104.928  Phnom Penh
22.817  108.366  Nanning
9.74    118.74   Puerto Princesa
12.0    112.0    the open sea
"""


@pytest.mark.parametrize("place", ABROAD.strip().splitlines(), ids=lambda line: line.split(maxsplit=2)[2])
def test_nothing_is_claimed_abroad(index: BoundaryIndex, place: str) -> None:
    lat, lon, _ = place.split(maxsplit=2)
    assert index.at(float(lat), float(lon)) == ()


def test_it_was_built_from_the_sources_that_stand_here(embedded: Pack) -> None:
    """When this fails: ``python data/derive/manifest.py``, then ``geoaddr data build``."""
    built = {line["file"]: line["sha256"] for line in embedded.meta["sources"]}
    assert built == {line["file"]: line["sha256"] for line in table("manifest.csv")}


@pytest.mark.slow
def test_the_sources_give_the_same_bytes(embedded: Pack, tmp_path: Path) -> None:
    pinned = [
        line.split("==") for line in (DATA / "build/requirements.txt").read_text().splitlines() if "==" in line
    ]
    other = [f"{name} {version(name)}" for name, wanted in pinned if version(name) != wanted]
    if other:
        pytest.skip(f"the bytes are promised for data/build/requirements.txt; here: {', '.join(other)}")
    out = tmp_path / "again.gapack"
    subprocess.run([sys.executable, "-m", "geoaddr.cli", "data", "build", "-o", str(out)], check=True, timeout=600)
    assert out.read_bytes() == embedded.path.read_bytes()


def test_the_cells_reach_all_of_the_land_layer(cells: NDArray[Any]) -> None:
    """Points of the ground, drawn evenly, lie in a cell; only its simplified rim may be missing."""
    ground = shapely.from_geojson((DATA / "sources/ground.geojson").read_text(encoding="utf-8"))
    west, south, east, north = shapely.bounds(ground)
    rng = np.random.default_rng(5)
    points = shapely.points(rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000))
    inner = shapely.buffer(ground, -0.01)
    shapely.prepare(inner)
    inside = points[shapely.contains(inner, points)]
    assert len(inside) > 5_000
    assert (shapely.STRtree(cells).query(inside, predicate="intersects")[0]).size >= len(inside)

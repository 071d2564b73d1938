"""Points to communes: this index, two ways with shapely and geopandas, and a floor, in one run.

    python -m tests.benchmarks.locate [LAYER] [--points N]

LAYER is a GeoParquet file with the columns ``code`` and ``geometry``, by default the full layer of the shared
data folder. Every answer of a rival is compared with ours. Absolute figures belong to the machine; the ratios
are what travels.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import shapely

from geoaddr.boundaries import BoundaryIndex, build
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack

SHARED_LAYER = Path(__file__).resolve().parents[3] / "shared/data/boundaries/vn2025_communes_full.parquet"
RIVAL_POINTS, SCALAR_POINTS, SCALAR_RIVAL_POINTS = 1_000_000, 200_000, 5_000


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """The best of a few rounds: what the machine's other work adds is not ours to measure."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def opened_index(polygons: np.ndarray, folder: Path) -> BoundaryIndex:
    begin = time.perf_counter()
    sections = build(polygons)
    took, size = time.perf_counter() - begin, sum(a.nbytes for a in sections.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"built in {took:.1f} s, {size / 1e6:.0f} MB, peak memory of the process {peak:.1f} GiB")
    path = folder / "layer.gapack"
    info = PackInfo("benchmark", "1", dt.date(2026, 1, 1), "exact")
    write_pack(path, info, {f"layer.{name}": array for name, array in sections.items()})
    pack = Pack.open(path)
    print(f"opened in {seconds(lambda: BoundaryIndex.from_pack(pack, 'layer')) * 1e3:.2f} ms, mapped")
    return BoundaryIndex.from_pack(pack, "layer")


def kinds_of_points(polygons: np.ndarray, n: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Latitudes and longitudes of each kind; households are made up: nobody's home is in here."""
    random = np.random.default_rng(1)
    box = shapely.bounds(polygons)[random.integers(0, len(polygons), n)]
    households = random.uniform(box[:, :2], box[:, 2:])
    vertices = shapely.get_coordinates(polygons)
    borders = vertices[random.integers(0, len(vertices), n)] + random.normal(scale=1e-3, size=(n, 2))
    in_order = households[np.lexsort((households[:, 0], np.floor(households[:, 1] * 64)))]
    kinds = {
        "random households (every commune alike, uniform in its bounding box)": households,
        "the same in map order (bands of 1/64 degree)": in_order,
        "near borders (a vertex and gaussian noise of 110 m)": borders,
    }
    return {name: (np.ascontiguousarray(p[:, 1]), np.ascontiguousarray(p[:, 0])) for name, p in kinds.items()}


def first_by_point(points: np.ndarray, units: np.ndarray, n: int) -> np.ndarray:
    found = np.full(n, np.iinfo(np.int32).max)
    np.minimum.at(found, points, units)
    return np.where(found == np.iinfo(np.int32).max, -1, found)


def by_sjoin(frame: gpd.GeoDataFrame, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=frame.crs)
    joined = gpd.sjoin(points, frame, predicate="within")
    return first_by_point(joined.index.to_numpy(), joined["index_right"].to_numpy(), len(lat))


def by_tree(tree: shapely.STRtree, polygons: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    point, unit = tree.query(shapely.points(lon, lat))
    order = np.argsort(unit, kind="stable")
    point, unit = point[order], unit[order]
    distinct, begins = np.unique(unit, return_index=True)
    holds = [
        shapely.intersects_xy(polygons[u], lon[p], lat[p])
        for u, p in zip(distinct, np.split(point, begins[1:]), strict=True)
    ]
    held = np.concatenate(holds)
    return first_by_point(point[held], unit[held], len(lat))


def one_by_tree(tree: shapely.STRtree, polygons: np.ndarray, lat: float, lon: float) -> list[int]:
    return [u for u in tree.query(shapely.Point(lon, lat)) if shapely.intersects_xy(polygons[u], lon, lat)]


def columnar(index: BoundaryIndex, polygons: np.ndarray, n: int) -> None:
    frame = gpd.GeoDataFrame(geometry=polygons.copy(), crs="EPSG:4326")
    assert frame.sindex is not None  # built before the clock starts
    prepared = polygons.copy()
    shapely.prepare(prepared)
    tree = shapely.STRtree(prepared)
    print(f"\ncolumnar, M points/s, one process (rivals over {RIVAL_POINTS:,} of the {n:,} points)")
    for name, (lat, lon) in kinds_of_points(polygons, n).items():
        few = slice(0, n, max(1, n // RIVAL_POINTS))
        lat_few, lon_few = lat[few], lon[few]
        ours = n / seconds(lambda lat=lat, lon=lon: index.at_many(lat, lon)) / 1e6
        floor = n / seconds(lambda lat=lat, lon=lon: np.add(lat, lon).astype(np.int32)) / 1e6
        expected = index.at_many(lat_few, lon_few).primary
        print(f"  {name}\n    {'ours':32} {ours:8.2f}")
        rivals = {
            "sjoin(predicate='within')": lambda a=lat_few, o=lon_few: by_sjoin(frame, a, o),
            "STRtree, sorted, prepared": lambda a=lat_few, o=lon_few: by_tree(tree, prepared, a, o),
        }
        for rival, work in rivals.items():
            rate = len(lat_few) / seconds(work, 2) / 1e6
            differ = int((work() != expected).sum())
            print(
                f"    {rival:32} {rate:8.2f}   ours is {ours / rate:6.1f} times as fast; {differ} answers differ"
            )
        print(f"    {'floor: two floats in, one int out':32} {floor:7.0f}   ours is 1/{floor / ours:.0f} of it")


def scalar(index: BoundaryIndex, polygons: np.ndarray) -> None:
    prepared = polygons.copy()
    shapely.prepare(prepared)
    tree = shapely.STRtree(prepared)
    lat, lon = next(iter(kinds_of_points(polygons, SCALAR_POINTS).values()))
    points = list(zip(lat.tolist(), lon.tolist(), strict=True))
    at = index.at
    each = []
    for point in points:
        begin = time.perf_counter_ns()
        at(*point)
        each.append(time.perf_counter_ns() - begin)
    ours = seconds(lambda: [at(a, o) for a, o in points]) / len(points) * 1e6
    few = points[:SCALAR_RIVAL_POINTS]
    rival = seconds(lambda: [one_by_tree(tree, prepared, a, o) for a, o in few], 2) / len(few) * 1e6
    assert all(sorted(one_by_tree(tree, prepared, a, o)) == list(at(a, o)) for a, o in few)
    floor = seconds(lambda: [(a, o) for a, o in points]) / len(points) * 1e6
    p50, p99 = np.percentile(each, [50, 99]) / 1e3
    print("\nscalar, microseconds a point, random households")
    print(f"    {'ours':32} {ours:8.2f}   p50 {p50:.2f}, p99 {p99:.2f} (with the clock's own time)")
    print(f"    {'STRtree and prepared':32} {rival:8.2f}   ours is {rival / ours:6.1f} times as fast")
    print(f"    {'floor: make a tuple':32} {floor:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layer", nargs="?", type=Path, default=SHARED_LAYER)
    parser.add_argument("--points", type=int, default=4_000_000)
    options = parser.parse_args()
    table = pq.read_table(options.layer, columns=["code", "geometry"]).sort_by("code")
    polygons = shapely.from_wkb(table["geometry"].to_numpy())
    print(f"{len(polygons):,} units, {shapely.get_num_coordinates(polygons).sum():,} vertices")
    with tempfile.TemporaryDirectory() as folder:
        index = opened_index(polygons, Path(folder))
        columnar(index, polygons, options.points)
        scalar(index, polygons)


if __name__ == "__main__":
    main()

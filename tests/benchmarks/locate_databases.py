"""PostGIS and DuckDB as rivals, where they are installed:

    apt-get install postgresql-15 postgresql-15-postgis-3
    pip install duckdb duckdb-extension-spatial

PostgreSQL runs as a cluster of its own in a temporary folder, without a network, and is gone afterwards. Both may
use two processors. They only count and add up what they find: to hand over the answers is not timed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from tests.benchmarks.locate_points import Columns

POSTGIS_VERTICES, DUCKDB_VERTICES = 512, 256
"""Vertices of the pieces into which the polygons are cut first. PostGIS was tried with 128, 256 and 512, and was
the faster the larger. DuckDB was tried with 64, better for random points by a fifth, and with 256, better in map
order by as much."""

SETTINGS = (
    "listen_addresses=", "fsync=off", "autovacuum=off", "jit=off", "shared_buffers=1GB", "work_mem=256MB",
    "maintenance_work_mem=512MB", "max_wal_size=4GB", "max_parallel_workers_per_gather=2",
    "parallel_leader_participation=off", "parallel_setup_cost=0", "parallel_tuple_cost=0",
    "min_parallel_table_scan_size=0",
)  # fmt: skip

PIECES = f"""
CREATE TABLE pieces AS SELECT unit, ST_Subdivide(geom, {POSTGIS_VERTICES}) AS geom FROM units;
VACUUM ANALYZE pieces;
"""
POINTS = """
CREATE INDEX ON points USING gist (geom);
VACUUM ANALYZE points;
"""
"""With the index on the points, each piece finds its own: four to six times faster than the other way round."""

JOIN = "FROM points JOIN pieces ON ST_Intersects(pieces.geom, points.geom)"


class Absent(Exception):
    """This rival cannot be asked here; the words say why."""


class Answered(NamedTuple):
    """The better of points by the clock and by two processors fully used, and what was found."""

    points_per_s: float
    primary: NDArray[Any]
    note: str


def rate(points: int, wall_s: float, cpu_s: float) -> float:
    """Points a second, to the rival's advantage: what else the machine does shall not count against it."""
    return points / min(wall_s, cpu_s / 2)


def cut(polygons: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The polygons in pieces of few vertices, and the row of each: halved across their longer side until so."""
    pieces, units = shapely.get_parts(polygons, return_index=True)
    done: list[tuple[NDArray[Any], NDArray[Any]]] = []
    while len(pieces):
        small = shapely.get_num_coordinates(pieces) <= DUCKDB_VERTICES
        done.append((pieces[small], units[small]))
        pieces, units = pieces[~small], units[~small]
        west, south, east, north = shapely.bounds(pieces).T
        wide = east - west > north - south
        x, y = np.where(wide, (west + east) / 2, east), np.where(wide, north, (south + north) / 2)
        one = [shapely.clip_by_rect(p, *box) for p, *box in zip(pieces, west, south, x, y, strict=True)]
        x, y = np.where(wide, x, west), np.where(wide, south, y)
        other = [shapely.clip_by_rect(p, *box) for p, *box in zip(pieces, x, y, east, north, strict=True)]
        pieces, which = shapely.get_parts(np.array([*one, *other], dtype=object), return_index=True)
        polygonal = shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON
        pieces, units = pieces[polygonal], np.concatenate([units, units])[which[polygonal]]
    return np.concatenate([d[0] for d in done]), np.concatenate([d[1] for d in done])


class PostGIS:
    """A temporary cluster with the polygons, cut into pieces."""

    name = "PostGIS"

    def __init__(self, folder: Path, programs: Path, user: str | None) -> None:
        self._folder, self._programs, self._user = folder, programs, user

    def run(self, program: str, *arguments: str, given: str | None = None) -> str:
        """What a program of PostgreSQL's prints."""
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            command, input=given, text=True, capture_output=True, user=self._user, cwd=self._folder, check=False
        )
        if done.returncode:
            raise Absent(f"{program}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
        return done.stdout

    def sql(self, text: str) -> str:
        """What a script prints; the session ends with it."""
        options = ("-h", str(self._folder), "-U", "bench", "-d", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1")
        return self.run("psql", *options, given=text)

    def load(self, polygons: NDArray[Any]) -> None:
        """Fill the table of pieces."""
        rows = "\n".join(f"{i}\t{wkb}" for i, wkb in enumerate(shapely.to_wkb(polygons, hex=True)))
        self.sql("CREATE EXTENSION postgis; CREATE TABLE units (unit int, geom geometry);")
        self.sql(f"COPY units FROM stdin;\n{rows}\n\\.\n{PIECES}")

    def __call__(self, points: Columns) -> Answered:
        lat, lon = points
        rows = "\n".join(f"{i}\t{wkb}" for i, wkb in enumerate(shapely.to_wkb(shapely.points(lon, lat), hex=True)))
        self.sql(
            "DROP TABLE IF EXISTS points; CREATE TABLE points (id int, geom geometry);\n"
            f"COPY points FROM stdin;\n{rows}\n\\.\n{POINTS}"
        )
        plan = self.sql(f"EXPLAIN SELECT count(*), sum(unit) {JOIN};")
        found = self.sql(f"SELECT id, min(unit) {JOIN} GROUP BY id;")
        best = 0.0
        for _ in range(2):
            cpu, begin = self._processor_s(), time.perf_counter()
            self.sql(f"SELECT count(*), sum(unit) {JOIN};")
            wall = time.perf_counter() - begin
            time.sleep(0.2)  # until the server has counted what its processes used
            best = max(best, rate(len(lat), wall, self._processor_s() - cpu))
        primary = np.full(len(lat), -1)
        pairs = np.array([line.split("|") for line in found.split()], dtype=np.int64)
        primary[pairs[:, 0]] = pairs[:, 1]
        workers = "".join(line.strip() for line in plan.splitlines() if "Workers Planned" in line)
        return Answered(best, primary, f"subdivided, points indexed before; {workers or 'no workers'}")

    def _processor_s(self) -> float:
        """Processor time of all sessions and workers that have ended."""
        pid = (self._folder / "data/postmaster.pid").read_text().split()[0]
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def postgis(polygons: NDArray[Any]) -> Iterator[PostGIS]:
    """A running server with the layer.

    :raises Absent: PostgreSQL or PostGIS is not installed, or does not start.
    """
    found = shutil.which("initdb")
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or ([Path(found).resolve().parent] if found else [])
    if not homes:
        raise Absent("PostgreSQL is not installed")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        if "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
            raise Absent("PostgreSQL does not run as root, and there is no user postgres")
        user = "postgres"
    with tempfile.TemporaryDirectory(prefix="postgis") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        server = PostGIS(folder, homes[-1], user)
        data, log = str(folder / "data"), str(folder / "log")
        server.run("initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-sync", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}"))
        server.run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            server.load(polygons)
            yield server
        finally:
            server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")


class DuckDB:
    """DuckDB in this process, with the spatial extension from its package."""

    name = "DuckDB spatial"

    def __init__(self, polygons: NDArray[Any]) -> None:
        for package in ("duckdb", "duckdb_extension_spatial"):
            if find_spec(package) is None:
                raise Absent(f"{package} is not installed")
        import duckdb

        spec = find_spec("duckdb_extension_spatial")
        assert spec is not None
        assert spec.submodule_search_locations is not None
        built = [*Path(spec.submodule_search_locations[0]).rglob(f"v{duckdb.__version__}/*.duckdb_extension")]
        if not built:
            raise Absent(f"duckdb-extension-spatial is of another version than duckdb, {duckdb.__version__}")
        self._connection = duckdb.connect(config={"threads": 2})
        self._connection.execute(f"LOAD '{built[0]}'")
        pieces, units = cut(polygons)
        self._fill("pieces", "unit", pieces, units)

    def _fill(self, table: str, number: str, shapes: NDArray[Any], numbers: NDArray[Any]) -> None:
        import pyarrow as pa

        rows = pa.table({number: numbers.astype(np.int32), "wkb": pa.array(shapely.to_wkb(shapes), pa.binary())})
        self._connection.register("rows", rows)
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT {number}, ST_GeomFromWKB(wkb) AS geom FROM rows"
        )

    def __call__(self, points: Columns) -> Answered:
        lat, lon = points
        self._fill("points", "id", shapely.points(lon, lat), np.arange(len(lat)))
        best = 0.0
        for _ in range(2):
            cpu, begin = time.process_time(), time.perf_counter()
            self._connection.execute(f"SELECT count(*), sum(unit) {JOIN}").fetchall()
            wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
            best = max(best, rate(len(lat), wall, cpu))
        found = self._connection.execute(f"SELECT id, min(unit) AS unit {JOIN} GROUP BY id").fetchnumpy()
        primary = np.full(len(lat), -1)
        primary[found["id"]] = found["unit"]
        return Answered(best, primary, "polygons cut in pieces, two threads")

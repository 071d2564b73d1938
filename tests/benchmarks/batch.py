"""``geoaddr batch locate`` as users run it: whole commands, beside pyarrow alone and beside pandas with ``sjoin``.

    python -m tests.benchmarks.batch [--pack PACK] [--rows N] [--rival-rows N]

Every side is a process of its own, start and all; rates are rows by the clock, with the processors' time in the
note, for on a busy machine the clock counts other work as well. PACK is one of the exact communes, as
``geoaddr data import`` makes it, by default of the shared layer.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tests.benchmarks.locate_memory import opened
from tests.benchmarks.locate_points import SHARED_LAYER, imported
from tests.benchmarks.ratios import HEAD, Figure
from tests.benchmarks.understanding.table import machine

PARQUET_TARGET, MEMORY_TARGET_GIB, FLOOR_TARGET, SJOIN_TARGET, START_TARGET_S = 1_500_000, 1.0, 2.0, 8.0, 1.0
CORES = 2
PIECE = 1_000_000

PYARROW_ALONE = """
import sys, time
import pyarrow.csv as pacsv, pyarrow.parquet as pq
answers = pq.read_table(sys.argv[2])
begin, used = time.perf_counter(), time.process_time()
pacsv.read_csv(sys.argv[1])
pacsv.write_csv(answers, sys.argv[3])
print(time.perf_counter() - begin, time.process_time() - used)
"""

SJOIN = """
import sys
import geopandas as gpd, pandas as pd
communes = gpd.read_parquet(sys.argv[2])
rows = pd.read_csv(sys.argv[1])
points = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=communes.crs)
joined = gpd.sjoin(points, communes[["code", "name", "geometry"]], predicate="within", how="left")
joined.drop(columns=["geometry", "index_right"]).to_csv(sys.argv[3], index=False)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished process: seconds by the clock and of processors, and its memory at the most, in GiB."""

    seconds: float
    processor_s: float
    peak_gib: float


def run(*command: str) -> Run:
    """Run a command to its end."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} ended with {process.returncode}")
    seconds = time.perf_counter() - begin
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20)


def batch(pack: Path, source: Path, out: Path) -> Run:
    """``batch locate`` from one file to another."""
    locate = [sys.executable, "-m", "geoaddr.cli", "--pack", str(pack), "batch", "locate", str(source)]
    return run(*locate, "-o", str(out), "--overwrite", "--workers", str(CORES))


def write_points(pack: Path, folder: Path, rows: int) -> tuple[Path, Path]:
    """Made-up households, as Parquet and as CSV; nobody's home is in here."""
    index = opened(pack)
    bounds = np.array([index.bounds(row) for row in range(len(index))])
    random = np.random.default_rng(1)
    parquet, csv = folder / "points.parquet", folder / "points.csv"
    schema = pa.schema({"id": pa.int64(), "lat": pa.float64(), "lon": pa.float64()})
    with pq.ParquetWriter(parquet, schema) as out, pacsv.CSVWriter(csv, schema) as text:
        for begin in range(0, rows, PIECE):
            n = min(PIECE, rows - begin)
            box = bounds[random.integers(0, len(bounds), n)]
            lon, lat = random.uniform(box[:, :2], box[:, 2:]).round(7).T
            batch = pa.record_batch([np.arange(begin, begin + n), lat.copy(), lon.copy()], schema=schema)
            out.write_batch(batch)
            text.write_batch(batch)
    os.sync()  # or the disk is still busy with these while others are timed
    return parquet, csv


def spent(run: Run, rows: int) -> str:
    return f"{run.seconds:.1f} s by the clock, {run.processor_s:.1f} s of processors, {rows:,} rows"


def tell(pack: Path, layer: Path, folder: Path, rows: int, rival_rows: int) -> None:
    """All rows of the table."""
    parquet, csv = write_points(pack, folder, rows)
    ours = batch(pack, parquet, folder / "out.parquet")
    Figure("Parquet to Parquet", rows / ours.seconds, "rows/s", PARQUET_TARGET, note=spent(ours, rows)).tell()
    could = CORES * rows / ours.processor_s
    Figure("the same, were the processors its own", could, "rows/s", note="by processors' time").tell()
    Figure(
        "its memory at the most", ours.peak_gib, "GiB", MEMORY_TARGET_GIB, True, "the mapped pack included"
    ).tell()

    text = batch(pack, csv, folder / "out.csv")
    alone = [sys.executable, "-c", PYARROW_ALONE, str(csv), str(folder / "out.parquet"), str(folder / "floor.csv")]
    floor_s, floor_cpu_s = map(float, subprocess.run(alone, check=True, capture_output=True).stdout.split())
    note = f"{spent(text, rows)}; pyarrow {floor_s:.1f} s and {floor_cpu_s:.1f} s"
    Figure(
        "CSV to CSV, to pyarrow reading and writing", text.seconds / floor_s, "times", FLOOR_TARGET, True, note
    ).tell()
    Figure("the same, by processors' time", text.processor_s / floor_cpu_s, "times").tell()

    few = folder / "few.csv"
    with csv.open() as whole, few.open("w") as out:
        out.writelines(line for line, _ in zip(whole, range(rival_rows + 1), strict=False))
    one = batch(pack, few, folder / "few_out.csv")
    rival = run(sys.executable, "-c", SJOIN, str(few), str(layer), str(folder / "rival.csv"))
    note = f"{spent(one, rival_rows)}; the other {spent(rival, rival_rows)}"
    Figure(
        "CSV to CSV, to pandas and sjoin(within)", rival.seconds / one.seconds, "times", SJOIN_TARGET, note=note
    ).tell()

    ten = folder / "ten.csv"
    ten.write_text("\n".join(few.read_text().splitlines()[:11]) + "\n")
    starts = sorted((batch(pack, ten, folder / "ten_out.csv") for _ in range(5)), key=lambda r: r.seconds)
    note = f"median of 5; {starts[2].processor_s:.2f} s of processors"
    Figure("ten rows", starts[2].seconds, "s", START_TARGET_S, True, note).tell()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--layer", type=Path, default=SHARED_LAYER)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rival-rows", type=int, default=5_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = options.pack or imported(options.layer, folder)
        print(f"{machine()}\n\n{HEAD}")
        tell(pack, options.layer, folder, options.rows, options.rival_rows)


if __name__ == "__main__":
    main()

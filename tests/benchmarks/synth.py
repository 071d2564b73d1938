"""Made-up households against points alone by ``geopandas.sample_points``, and against writing the file alone.

    python -m tests.benchmarks.synth [HOUSEHOLDS]

The pack is that of ``GEOADDR_PACK``. The peer draws as many points in each commune's polygon, spread evenly, and
nothing else: no streets, no words, no codes, no file. The floor writes the finished table again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas
import pyarrow.parquet as pq

import geoaddr


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """What a piece of work takes: by the clock, and of processors."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def main(households: int) -> None:
    with tempfile.TemporaryDirectory() as folder, geoaddr.open(store="memory:") as ga:
        out = Path(folder) / "nation.parquet"
        took = {"geoaddr synth, all columns, to Parquet": seconds(lambda: ga.synth(out, households=households))}
        table = pq.read_table(out)
        took["floor: write the same table"] = seconds(lambda: pq.write_table(table, out, row_group_size=2**17))
        counts = table["commune_code"].value_counts().to_pylist()
        rows = {code: row for row, code in enumerate(ga.locator.codes)}
        polygons = geopandas.GeoSeries([ga.locator.index.polygon(rows[c["values"]]) for c in counts], crs=4326)
        sizes = [c["counts"] for c in counts]
        took["peer: geopandas.sample_points, points alone"] = seconds(lambda: polygons.sample_points(sizes, rng=1))
        print(f"{households:,} households, {ga.pack.info.name}")
        for name, (clock, processor) in took.items():
            print(f"{name:<46}{clock:8.1f} s{processor:8.1f} s of processors{households / processor:14,.0f}/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)

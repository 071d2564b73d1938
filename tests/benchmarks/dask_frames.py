"""A verb over a Dask frame on one and on two worker processes, Parquet to Parquet, and what each worker holds.

``python -m tests.benchmarks.dask_frames [--pack PACK] [--rows N] [--verb VERB] [--folder DIR]``
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
from distributed import Client, LocalCluster

import geoaddr

PARTS = 16
LINES = [
    "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội",
    "12 Lê Lợi, Bến Nghé, Quận 1, TP HCM",
    "xã Tân Lập, huyện Đan Phượng, Hà Nội",
]
MIB = 2**20


def made_up(folder: Path, rows: int, verb: str) -> None:
    """Points around Viet Nam, or texts of three districts with a house number of each row's own."""
    each = rows // PARTS
    for part in range(PARTS):
        rng = np.random.default_rng(part)
        if verb == "locate":
            frame = pd.DataFrame({"lat": rng.uniform(8.5, 23.4, each), "lon": rng.uniform(102.2, 109.5, each)})
        else:
            frame = pd.DataFrame(
                {"address": [f"{k} {LINES[k % 3]}" for k in range(part * each, (part + 1) * each)]}
            )
        frame.to_parquet(folder / f"part.{part:02d}.parquet")


def held() -> dict[str, Any]:
    """What this process holds, MiB: in all, of its own, and of the pack's pages by itself and shared."""
    found: dict[str, int] = {}
    in_pack = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        words = line.split()
        if "-" in words[0] and not words[0].endswith(":"):
            in_pack = words[-1].endswith(".gapack")
        elif words[0][:-1] in ("Rss", "Private_Clean", "Private_Dirty", "Shared_Clean"):
            kib = int(words[1])
            found[words[0][:-1]] = found.get(words[0][:-1], 0) + kib
            if in_pack:
                found[f"pack {words[0][:-1]}"] = found.get(f"pack {words[0][:-1]}", 0) + kib
    times = os.times()
    return {
        **{name: round(kib / 1024) for name, kib in found.items()},
        "cpu_s": round(times.user + times.system, 1),
    }


def measured(pack: str | None, verb: str, source: Path, out: Path, workers: int, rows: int) -> float:
    """Rows a second of ``workers`` processes, by the clock."""
    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    with cluster, Client(cluster) as client, geoaddr.open(pack, "sqlite:////nowhere/registry.db") as ga:
        answer = getattr(ga, f"{verb}_frame")
        answer(dd.read_parquet(source).partitions[:workers]).head(10, npartitions=-1)  # the workers open the pack
        before = client.run(held)
        started = time.perf_counter()
        answer(dd.read_parquet(source)).to_parquet(out)
        seconds = time.perf_counter() - started
        after = client.run(held)
    processors = sum(after[w]["cpu_s"] - before[w]["cpu_s"] for w in after)
    print(f"{workers} workers: {seconds:.1f} s, {rows / seconds:,.0f} rows/s; {processors:.1f} s of processors, "
          f"{rows / processors:,.0f} rows/s of one")  # fmt: skip
    for worker in after.values():
        print("   MiB:", ", ".join(f"{name} {value}" for name, value in worker.items()))
    return rows / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack")
    parser.add_argument("--rows", type=int, default=4_000_000)
    parser.add_argument("--verb", choices=["locate", "parse", "convert"], default="locate")
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        (folder / "in").mkdir()
        made_up(folder / "in", args.rows, args.verb)
        with dask.config.set({"distributed.worker.daemon": True}):
            one, two = (
                measured(args.pack, args.verb, folder / "in", folder / f"out{n}", n, args.rows) for n in (1, 2)
            )
        print(f"{args.verb}: two workers are {two / one:.2f} times one, at load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

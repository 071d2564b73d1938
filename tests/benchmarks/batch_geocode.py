"""``geoaddr batch geocode`` of households drawn from a whole nation, in no order.

    python -m tests.benchmarks.batch_geocode NATION.parquet --store URL [--pack PACK] [--rows N] [--style STYLE]
        [--in-order]

``NATION.parquet`` is what ``geoaddr synth --columns registry`` writes, and the registry is filled with it. Rows
are drawn from all of it at random, written as ``geoaddr synth`` writes them, and shuffled: hardly any is of a
street that a row before was of. ``--in-order`` leaves them as they stand in the nation. The command runs whole,
with two workers. The floor, in the same run: the file read, and rows of the registry's table looked up by their
keys, as many as there are in the file, a thousand at once in order.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import geoaddr
from geoaddr.platform import Geoaddr
from geoaddr.synthetic.names import unaccented
from geoaddr.synthetic.styles import STYLES, Place, Style, place_of
from geoaddr.synthetic.wording import BETWEEN_ALLEYS, WayWords, line_around
from tests.benchmarks.batch import CORES, run
from tests.benchmarks.ratios import HEAD, Figure
from tests.benchmarks.understanding.table import machine

TARGET = 30_000
COLUMNS = ["ndas", "lat", "commune_code", "house_number", "alley", "street", "hamlet", "building", "unit"]
_FLOOR = "SELECT a.ndas, a.lat, a.lon FROM json_each(?) j CROSS JOIN address a ON a.ndas = j.value"
TOGETHER = 1000


def drawn(nation: Path, rows: int, seed: int, *, in_order: bool) -> pa.Table:
    """Rows of the whole of a file at random, in no order or in that of the file."""
    file = pq.ParquetFile(nation)
    random = np.random.default_rng(seed)
    places = np.sort(random.choice(file.metadata.num_rows, rows, replace=False))
    found, begin = [], 0
    for group in range(file.num_row_groups):
        end = begin + file.metadata.row_group(group).num_rows
        some = places[np.searchsorted(places, begin) : np.searchsorted(places, end)] - begin
        found.append(file.read_row_group(group, columns=COLUMNS).take(pa.array(some)))
        begin = end
    table = pa.concat_tables(found)
    return table if in_order else table.take(pa.array(random.permutation(rows)))


def lines(ga: Geoaddr, households: pa.Table, style: str, seed: int) -> Iterator[str]:
    """Each household's address in a style, or each in one by chance."""
    random = np.random.default_rng(seed)
    styles = STYLES if style == "any" else [style]
    places: dict[str, Place] = {}
    for row, chance in zip(households.to_pylist(), random.random(len(households)), strict=True):
        code = row["commune_code"]
        if code not in places:
            unit = ga.unit(code)
            places[code] = place_of(ga.gazetteer, unit, ga.unit(unit.parent or ""), row["lat"], ga.gazetteer.date)
        yield _line(row, places[code], styles[int(chance * len(styles))])


def _line(row: dict[str, Any], place: Place, style: Style) -> str:
    alleys = tuple(row["alley"].split(BETWEEN_ALLEYS)) if row["alley"] else ()
    way = WayWords(row["street"], alleys, row["hamlet"], row["building"], row["house_number"])
    before, after = line_around(way, place.region, place.ends[style][0], short=style == "abbreviated")
    number = "" if row["street"] is None else row["unit"] if row["building"] else row["house_number"]
    line = f"{before}{number}{after}"
    return unaccented(line) if style == "unaccented" else line


def floor(source: Path, store: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor to read a file and to look its codes up."""
    begin, used = time.perf_counter(), time.process_time()
    codes = np.sort(pq.read_table(source)["ndas"].cast(pa.int64()).to_numpy()).tolist()
    with sqlite3.connect(f"file:{store.removeprefix('sqlite:///')}?mode=ro", uri=True) as bare:
        found = 0
        for at in range(0, len(codes), TOGETHER):
            found += len(bare.execute(_FLOOR, (json.dumps(codes[at : at + TOGETHER]),)).fetchall())
    assert found == len(codes)
    return time.perf_counter() - begin, time.process_time() - used


def tell(given: argparse.Namespace, folder: Path) -> None:
    """All rows of the table."""
    source, out = folder / "in.parquet", folder / "out.parquet"
    with geoaddr.open(given.pack, given.store) as ga:
        households = drawn(given.nation, given.rows, given.seed, in_order=given.in_order)
        written = pa.array(lines(ga, households, given.style, given.seed), pa.string())
    pq.write_table(pa.table({"ndas": households["ndas"], "address": written}), source)
    rows, distinct = len(written), len(written.unique())
    floor(source, given.store)  # so that all that follows finds what it reads in memory
    bare_s, bare_cpu_s = floor(source, given.store)
    pack = ["--pack", str(given.pack)] if given.pack else []
    command = [sys.executable, "-m", "geoaddr.cli", *pack, "--store", given.store, "batch", "geocode", str(source)]
    took = run(*command, "-o", str(out), "--overwrite", "--workers", str(CORES))
    note = f"{rows:,} rows, {distinct:,} distinct, {took.seconds:.1f} s by the clock"
    order = "in the nation's order" if given.in_order else "in no order"
    Figure(f"batch geocode, {order}", rows / took.seconds, "rows/s", TARGET, note=note).tell()
    each_us = took.processor_s / rows * 1e6
    Figure("the same, of the processor", each_us, "µs a row", CORES * 1e6 / TARGET, True).tell()
    note = f"{bare_s:.1f} s by the clock"
    Figure("floor: the file read, rows looked up by keys", bare_cpu_s / rows * 1e6, "µs a row", note=note).tell()
    Figure("to the floor", took.processor_s / bare_cpu_s).tell()
    _told(pq.read_table(out))


def _told(answers: pa.Table) -> None:
    """How many rows were answered, and how well: the code that was drawn is known."""
    rows = len(answers)
    sure = pc.sum(pc.equal(answers["status"], "ok")).as_py()
    Figure("answered with status ok", 100 * sure / rows, "%").tell()
    houses = answers.filter(pc.equal(answers["match_level"], "house"))
    same = pc.sum(pc.equal(houses["ndas"], houses["geoaddr_ndas"])).as_py() or 0
    drawn_one = f"{100 * same / max(1, len(houses)):.2f} % of them the one that was drawn"
    Figure("a house", 100 * len(houses) / rows, "%", note=drawn_one).tell()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nation", type=Path)
    parser.add_argument("--store", required=True, help="a registry in SQLite")
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--style", choices=(*STYLES, "any"), default="official")
    parser.add_argument("--in-order", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print(f"{machine()}\n\n{HEAD}")
        tell(options, Path(name))


if __name__ == "__main__":
    main()

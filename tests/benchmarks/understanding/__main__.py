"""The command: see the package's own words."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import geoaddr
from tests.benchmarks import understanding
from tests.benchmarks.understanding.causes import told
from tests.benchmarks.understanding.labels import LabelError, label_errors
from tests.benchmarks.understanding.peers import NAME, Peer, installed
from tests.benchmarks.understanding.rates import TIMED, million
from tests.benchmarks.understanding.rows import Wrong
from tests.benchmarks.understanding.sections import SECTIONS, Bench
from tests.benchmarks.understanding.table import Line, machine, printed

ALL = (*SECTIONS, *TIMED)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, the causes and the label errors; write the files asked for."""
    options = _options(arguments)
    peer = None if options.no_peer else installed()
    bench = Bench(geoaddr.open(store="memory:"), peer, options.rows)
    lines: list[Line] = []
    for name in ALL:
        if name in options.only:
            print(f"{name} ...", file=sys.stderr, flush=True)
            found = SECTIONS[name](bench) if name in SECTIONS else TIMED[name](options.rows, peer is not None)
            lines += found
    if options.million is not None or set(options.only) == set(ALL):
        lines += million(options.million)
    print(f"geoaddr {geoaddr.__version__}, {_named(peer)}; {machine()}\n")
    print(printed(lines))
    print(told(bench.wrong, options.examples))
    if options.labels or "old" in options.only:
        _labels(label_errors(bench.ga.gazetteer), options.labels)
    if options.json:
        plain = {"machine": machine(), "peer": _named(peer), "lines": [line.to_dict() for line in lines]}
        options.json.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.wrong:
        _write(options.wrong, Wrong.__slots__, bench.wrong)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "python -m tests.benchmarks.understanding", description=understanding.__doc__, formatter_class=shape
    )
    parser.add_argument("--rows", type=int, metavar="N", help="a seeded sample of each set")
    parser.add_argument("--only", default=",".join(ALL), type=_chosen, metavar="NAMES")
    parser.add_argument("--million", type=int, nargs="?", const=1_000_000, metavar="N", help="rows of the file")
    parser.add_argument("--peer", action="store_true", help="ask the peer, which is so anyway where installed")
    parser.add_argument("--no-peer", action="store_true", help="leave the peer out")
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="shown for each cause")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--wrong", type=Path, metavar="FILE")
    parser.add_argument("--labels", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def _chosen(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= {*ALL, "none"}:
        raise argparse.ArgumentTypeError(f"none but {', '.join(ALL)}, or none at all: none")
    return names


def _named(peer: Peer | None) -> str:
    return "no peer" if peer is None else f"peer {NAME} {peer.version}"


def _labels(errors: list[LabelError], path: Path | None) -> None:
    kinds: dict[tuple[str, str], int] = {}
    for error in errors:
        kinds[error.file, error.kind] = kinds.get((error.file, error.kind), 0) + 1
    print("\nrows whose label is wrong, found by rule")
    for (file, kind), count in kinds.items():
        print(f"  {count:>5}  {file}: {kind}")
    if path is not None:
        _write(path, LabelError.__slots__, errors)


def _write(path: Path, names: Sequence[str], rows: Sequence[Wrong] | Sequence[LabelError]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(names)
        out.writerows(astuple(row) for row in rows)


if __name__ == "__main__":
    main()

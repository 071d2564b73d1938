"""Run the corpus.

    python -m tests.finding.corpus [PATH ...] [--api-url URL [--api-type generic|photon|nominatim]]
        [--store URL] [--pack PACK] [--mark NAME] [--max-run N] [--loose-compare]
        [--save-report FILE] [--compare-report FILE] [--skip-known]

Without a URL the service is asked in this process, over the corpus's own registry or that of ``--store``. A report
lists the cases that failed, one a line. Beside an earlier one only new failures fail the run, and what passes now
is told. Exit code 1: a case failed, and not only as before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geoaddr
from tests.finding.corpus.cases import read
from tests.finding.corpus.registry import fill
from tests.finding.corpus.running import Outcome, run
from tests.finding.corpus.services import KINDS, Search, at_url, in_process

HERE = Path(__file__).parent


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    cases = [case for path in options.paths or [HERE] for case in read(path)]
    if options.mark:
        cases = [case for case in cases if options.mark in case.marks]
    known = _report(options.compare_report) if options.compare_report else frozenset()
    if options.skip_known:
        cases = [case for case in cases if case.name not in known]
    with _search(options) as search:
        found = run(cases[: options.max_run], search, loose=options.loose_compare)
    _tell(found, known, comparing=options.compare_report is not None)
    if options.save_report:
        options.save_report.write_text("".join(f"{name}\n" for name in found.failed), encoding="utf-8")
    return 1 if set(found.failed) - known else 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.finding.corpus")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders of cases")
    parser.add_argument("--api-url")
    parser.add_argument("--api-type", choices=sorted(KINDS), default="generic")
    parser.add_argument("--store")
    parser.add_argument("--pack")
    parser.add_argument("--mark", help="only cases in a folder of this name, or marked so")
    parser.add_argument("--max-run", type=int, metavar="N")
    parser.add_argument("--loose-compare", action="store_true", help="without accents, case and signs")
    parser.add_argument("--save-report", type=Path, metavar="FILE")
    parser.add_argument("--compare-report", type=Path, metavar="FILE")
    parser.add_argument("--skip-known", action="store_true", help="do not ask what failed before")
    return parser.parse_args(argv)


@contextmanager
def _search(options: argparse.Namespace) -> Iterator[Search]:
    if options.api_url:
        yield at_url(options.api_url, options.api_type)
        return
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or f"sqlite:///{Path(folder) / 'registry.db'}"
        with geoaddr.open(options.pack, store=store) as ga:
            if not options.store:
                fill(ga)
            yield in_process(ga)


def _report(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def _tell(found: Outcome, known: frozenset[str], *, comparing: bool) -> None:
    for name, why in found.failed.items():
        print(f"{'known' if name in known else 'FAILED'}  {name}\n        {why}")
    print(f"{found.passed} passed, {len(found.failed)} failed, {found.skipped} skipped")
    if comparing:
        new, mended = set(found.failed) - known, known & found.names - set(found.failed)
        print(f"{len(new)} new failures, {len(mended)} that failed before pass now")


if __name__ == "__main__":
    sys.exit(main())

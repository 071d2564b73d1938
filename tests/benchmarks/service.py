"""The service against a Flask view that returns constant bytes, and against itself under gunicorn's sync workers.

``python -m tests.benchmarks.service --pack PACK --store URL`` starts real servers on this machine, two workers
each, and loads them by turns from ``wrk`` on the same processors. The registry should be a large one, made for
example by ``geoaddr synth --households 1000000 -o h.parquet`` and ``geoaddr registry load h.parquet``; nothing is
written to it. Without ``--key`` a key with every scope is made for the run, in a database of its own, whose limits
are counted and never met.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from geoaddr.stores import SQLITE
from tests.benchmarks.ratios import HEAD, Figure, not_run

WORKERS, THREADS, CONNECTIONS = 2, 4, 32
ROUNDS = 3
TEXTS = ("12 Trần Phú, Phường Hải Châu, Đà Nẵng", "Phường Hoàn Kiếm, Hà Nội", "45 Lê Lợi, P. Bến Nghé, Quận 1")
"""What is looked for: a house and units, written in today's units and in old ones."""

FLAT = """
import sys
from flask import Flask, Response
body = b"x" * int(sys.argv[1])
app = Flask("flat", static_folder=None)
app.get("/<path:rest>")(lambda rest: Response(body, mimetype="application/json"))
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
Server("flat", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers={workers}, blocking_threads={threads},
    log_level=LogLevels.error).serve(target_loader=lambda: app, wrap_loader=False)
"""

LOAD = """
local paths = {{}}
for line in io.lines("{file}") do paths[#paths + 1] = line end
math.randomseed(1)
request = function() return wrk.format("GET", paths[math.random(#paths)]{headers}) end
{delay}
"""

BATCH = """
wrk.method, wrk.path = "POST", "/v1/batch/resolve"
wrk.headers["Content-Type"], wrk.headers["Authorization"] = "application/json", "Bearer {key}"
wrk.body = io.open("{file}"):read("a")
"""
ROWS = 1000
"""Codes of a batch."""


class Measured(NamedTuple):
    """What wrk saw: answers a second, the 99th percentile in milliseconds, and how many were not 2xx."""

    rate: float
    p99_ms: float
    failed: int


class Server(NamedTuple):
    """A running server: its process, whose children answer, and its port."""

    pid: int
    port: int

    def busy_s(self) -> float:
        """Processor time of all its workers until now."""
        import psutil

        times = [each.cpu_times() for each in psutil.Process(self.pid).children(recursive=True)]
        return float(sum(each.user + each.system for each in times))


@contextmanager
def running(command: Sequence[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from when it answers on; its log goes to a file, as it would."""
    with tempfile.TemporaryFile() as log:
        started = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 60
            while not _answers(port):
                if time.monotonic() > until or started.poll() is not None:
                    log.seek(0)
                    raise SystemExit(log.read().decode()[-2000:])
                time.sleep(0.1)
            yield started
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def load(port: int, paths: Path, seconds: int, rate: float | None = None, key: str | None = None) -> Measured:
    """Ask for the paths of a file in random order, as fast as answers come or at about ``rate`` a second."""
    headers = f', {{["Authorization"] = "Bearer {key}"}}' if key else ""
    pause_ms = 0 if rate is None else 1000 * CONNECTIONS / rate
    delay = f"delay = function() return math.random() * {2 * pause_ms} end" if pause_ms else ""
    script = paths.with_suffix(".lua")
    script.write_text(LOAD.format(file=paths, headers=headers, delay=delay))
    return run(port, script, seconds)


def run(port: int, script: Path, seconds: int) -> Measured:
    """Ask as a script of ``wrk`` says."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script, f"http://127.0.0.1:{port}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate_s = re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)  # type: ignore[union-attr]
    p99_ms = float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return Measured(float(rate_s), p99_ms, int(failed[1]) if failed else 0)


def median(measured: Sequence[Measured]) -> float:
    return statistics.median(each.rate for each in measured)


def uss_mb(parent: int) -> list[float]:
    """What each worker of a service holds of its own, megabytes."""
    import psutil

    found = []
    for generation in psutil.Process(parent).children():
        found += [worker.memory_full_info().uss / 1e6 for worker in generation.children()]
    return found


def paths_of(kind: str, codes: Sequence[str], folder: Path) -> Path:
    """A file of paths to ask for."""
    drawn = random.Random(7)
    if kind == "codes":
        paths = [f"/v1/codes/{code}" for code in codes]
    elif kind == "locate":
        box = (10.4, 21.5, 105.2, 107.5)
        points = [(drawn.uniform(*box[:2]), drawn.uniform(*box[2:])) for _ in range(5000)]
        paths = [f"/v1/locate?lat={lat:.6f}&lon={lon:.6f}" for lat, lon in points]
    else:
        paths = ["/v1/search?q=" + urllib.request.quote(text) for text in TEXTS]
    file = folder / f"{kind}.txt"
    file.write_text("\n".join(paths))
    return file


def some_codes(store: str, count: int = 20_000) -> list[str]:
    """Codes of the registry, drawn among all; of SQLite's without reading through it."""
    if store.startswith(SQLITE):
        return _drawn(store.removeprefix(SQLITE), count)
    from geoaddr.registry import Registry
    from geoaddr.stores import open_store

    opened = Registry(open_store(store))
    codes = [scanned.record.ndas for scanned in opened.store.scan()]
    opened.close()
    return random.Random(3).sample(codes, min(count, len(codes)))


def _drawn(path: str, count: int) -> list[str]:
    rng = random.Random(3)
    areas: list[tuple[int, int]] = []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as bare:

        def one(sql: str, *values: int) -> int | None:
            return bare.execute(f"SELECT {sql}", values).fetchone()[0]  # type: ignore[no-any-return]

        first = one("min(ndas) FROM address")
        while first is not None:
            end = (first // 100_000 + 1) * 100_000
            areas.append((first, one("max(ndas) FROM address WHERE ndas < ?", end) or first))
            first = one("min(ndas) FROM address WHERE ndas >= ?", end)
        drawn = rng.choices(areas, [last - first + 1 for first, last in areas], k=count)
        codes = {one("min(ndas) FROM address WHERE ndas >= ?", rng.randint(*area)) for area in drawn}
    return [f"{code:010}" for code in sorted(code for code in codes if code is not None)]


def made_key(access: str) -> str:
    """The token of a new key with every scope, whose limits are never met."""
    from geoaddr.disclosure import SCOPES
    from service.keys.database import open_database
    from service.keys.keyring import Keyring
    from service.limits.rules import Limits

    database = open_database(access)
    limits = Limits(rate=1_000_000, burst=1_000_000, day=1_000_000_000, misses=1_000)
    _, token = Keyring(database).create("benchmark", dict.fromkeys(SCOPES), limits=limits)
    database.close()
    return token


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pack", required=True)
    asked.add_argument("--store", required=True)
    asked.add_argument("--seconds", type=int, default=5)
    asked.add_argument("--key", help="a key with every scope and wide limits; by default one is made for the run")
    given = asked.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed (apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        if given.key is None:
            access = f"sqlite:///{folder}/access.db"
            os.environ["GEOADDR_ACCESS"] = access  # for all servers that are begun here
            given.key = made_key(access)
        measure(given, Path(folder))


def measure(given: argparse.Namespace, folder: Path) -> None:
    codes = some_codes(given.store)
    print(f"{len(codes):,} codes are asked for\n\n{HEAD}")
    kinds = {kind: paths_of(kind, codes, folder) for kind in ("codes", "locate", "search")}
    serve = [sys.executable, "-m", "geoaddr.cli", "--pack", given.pack, "--store", given.store, "serve",
             "--workers", str(WORKERS)]  # fmt: skip
    environment = {"GEOADDR_THREADS": str(THREADS)}
    with running([*serve, "--port", "8701"], 8701, **environment) as service:
        ours = Server(service.pid, 8701)
        for kind in ("codes", "locate"):
            first = kinds[kind].read_text().split("\n", 1)[0]
            request = urllib.request.Request(f"http://127.0.0.1:8701{first}")
            request.add_header("Authorization", f"Bearer {given.key}")
            size = len(urllib.request.urlopen(request).read())
            flat = [sys.executable, "-c", FLAT.format(workers=WORKERS, threads=THREADS), str(size), "8702"]
            with running(flat, 8702) as view:
                against_flat(kind, kinds[kind], size, given, ours, Server(view.pid, 8702))
        searched = load(8701, kinds["search"], given.seconds, 100, given.key)
        Figure("search at 100 requests/s, p99", searched.p99_ms, "ms", 30, at_most=True).tell()
        batches(codes, folder, given)
        for number, own in enumerate(uss_mb(service.pid)):
            Figure(f"memory of worker {number + 1} of its own", own, "MB", 60, at_most=True).tell()
        against_gunicorn(kinds, given)


def against_flat(
    kind: str, paths: Path, size: int, given: argparse.Namespace, service: Server, view: Server
) -> None:
    ours: list[Measured] = []
    flats: list[Measured] = []
    took_us: dict[Server, float] = {}
    for _ in range(ROUNDS):
        for found, server, key in ((ours, service, given.key), (flats, view, None)):
            before = server.busy_s()
            found.append(load(server.port, paths, given.seconds, key=key))
            each_us = (server.busy_s() - before) / (found[-1].rate * given.seconds) * 1e6
            took_us[server] = min(each_us, took_us.get(server, each_us))
    failed = sum(each.failed for each in ours)
    share = 100 * median(ours) / median(flats)
    note = (
        f"{median(ours):,.0f}/s of {size} bytes; the view {median(flats):,.0f}/s; {failed} failed; processor time "
        f"of workers {took_us[service]:.0f} µs and {took_us[view]:.0f} µs a request"
    )
    Figure(f"{kind}: share of a view of constant bytes", share, "%", 40, note=note).tell()
    half = load(8701, paths, given.seconds, median(ours) / 2, given.key)
    note = f"at {half.rate:,.0f}/s"
    Figure(f"{kind}: p99 at half of that rate", half.p99_ms, "ms", 10, at_most=True, note=note).tell()


def batches(codes: Sequence[str], folder: Path, given: argparse.Namespace) -> None:
    """Batches of codes, as fast as they are answered."""
    chosen = random.Random(5).sample(codes, min(ROWS, len(codes)))
    (body := folder / "batch.json").write_text(json.dumps([{"code": code} for code in chosen]))
    (script := folder / "batch.lua").write_text(BATCH.format(file=body, key=given.key))
    found = [run(8701, script, given.seconds) for _ in range(ROUNDS)]
    note = f"{len(chosen):,} rows a request; {sum(each.failed for each in found)} failed"
    Figure("resolve, batches of codes", median(found) * len(chosen), "rows/s", 100_000, note=note).tell()


def against_gunicorn(kinds: dict[str, Path], given: argparse.Namespace) -> None:
    if find_spec("gunicorn") is None:
        not_run("the same application under gunicorn", "pip install gunicorn")
        return
    code = (
        "import os; from service.app import create_app; from service.settings import Settings; app = create_app("
    )
    code += f"settings=Settings(pack={given.pack!r}, store={given.store!r}, "
    code += "access=os.environ.get('GEOADDR_ACCESS')))"
    (module := Path(kinds["codes"].parent) / "under_gunicorn.py").write_text(code)
    command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "-b", "127.0.0.1:8703", "--chdir",
               str(module.parent), "under_gunicorn:app"]  # fmt: skip
    with running(command, 8703, PYTHONPATH=str(Path.cwd())):
        for kind in ("codes", "locate"):
            rounds = range(ROUNDS)
            ours = [load(8701, kinds[kind], given.seconds, key=given.key) for _ in rounds]
            theirs = [load(8703, kinds[kind], given.seconds, key=given.key) for _ in rounds]
            note = (
                f"{median(ours):,.0f}/s and {median(theirs):,.0f}/s, {sum(each.failed for each in theirs)} failed"
            )
            Figure(f"{kind}: times gunicorn's sync workers", median(ours) / median(theirs), "times", 1.5,
                   note=note).tell()  # fmt: skip


if __name__ == "__main__":
    main()

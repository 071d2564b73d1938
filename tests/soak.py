"""The service under mixed load while packs are swapped, workers killed and PostgreSQL restarted.

``python -m tests.soak --minutes 10 [--pack PACK]`` needs PostgreSQL with PostGIS on this machine. Every answer
is compared with what the library says of the same pack, or with what was acknowledged before; every household that
was acknowledged has to be in the registry at the end, once. A client tries again what was refused with
``Retry-After``, and what a killed worker left without an answer, as real ones do.
"""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import psutil

from geoaddr.model import Record, plain
from geoaddr.platform import open as open_platform
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from geoaddr.wiring import EMBEDDED_PACK
from tests.postgres_server import Server
from tests.service.running_services import RunningService, Told

READERS, WRITERS = 4, 2
BETWEEN_EVENTS_S = 4.0
PATIENCE_S = 60.0
"""So long a client tries one request again: restarts of everything at once are over by then."""

AROUND_HAI_CHAU = (16.05, 16.07, 108.21, 108.225)
HOMES = {
    "20242": (16.076, 16.084, 108.213, 108.222),
    "20263": (16.104, 16.11, 108.252, 108.262),
    "02647": (22.482, 22.498, 103.97, 103.989),
}
"""Communes of Đà Nẵng and Lào Cai, which every pack asked here holds, with a box in each for new households.

There are several since one area alone is full after 100,000 of them.
"""
TEXTS = ("12 Trần Phú, Phường Hải Châu, Đà Nẵng", "K12/5 Le Duan, P.Thach Thang, Q.Hai Chau, Da Nang", "Lào Cai")


@dataclass
class Report:
    """What was seen. ``wrong`` and ``lost`` have to be empty."""

    answers: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)

    def __str__(self) -> str:
        answers = ", ".join(f"{name} {count:,}" for name, count in sorted(self.answers.items()))
        events = ", ".join(f"{name} {count}" for name, count in sorted(self.events.items()))
        refused = ", ".join(f"{name} {count:,}" for name, count in sorted(self.refused.items())) or "none"
        wrong = [*{text[:KIND]: text for text in self.wrong}.values()][:MOST_TOLD]
        return (
            f"answers: {answers}\nevents: {events}\nrefused with Retry-After: {refused}\n"
            f"connections that a killed worker left: {self.unanswered}\n"
            f"households acknowledged: {len(self.acknowledged):,}, lost: {len(self.lost)}\n"
            f"wrong answers: {len(self.wrong)} {wrong}"
        )


KIND, MOST_TOLD = 12, 9
"""Of wrong answers that begin with as many letters alike one is told, and of no more kinds."""


class Soak:
    """Clients and mishaps around one service."""

    def __init__(self, service: RunningService, report: Report, expected: dict[str, Any]) -> None:
        self.service, self.report, self.expected = service, report, expected
        self.over = threading.Event()
        self._noting = threading.Lock()
        self._houses = itertools.count(1)

    def read(self, seed: int) -> None:
        """Ask for what is known, and for households that were acknowledged."""
        drawn = random.Random(seed)
        paths = list(self.expected)
        client = Client(self)
        while not self.over.is_set():
            if self.report.acknowledged and drawn.random() < 0.4:
                house, code = drawn.choice(self.report.acknowledged)
                told = client.ask("resolve", f"/v1/codes/{code}")
                found = told and told.content["readings"][0]["address"]["components"]["house_number"]
                self.check(told is None or found == f"{house}", f"{code} is house {house}, answered {found}")
            else:
                path = drawn.choice(paths)
                told = client.ask("read", path)
                self.check(told is None or told.content == self.expected[path], path)

    def write(self, seed: int) -> None:
        """Have households issued, each until it is acknowledged."""
        drawn = random.Random(seed)
        client = Client(self)
        while not self.over.is_set():
            house = next(self._houses)
            commune, (south, north, west, east) = drawn.choice([*HOMES.items()])
            body = {
                "components": {"house_number": f"{house}", "street": "Bạch Đằng", "commune": commune},
                "lat": drawn.uniform(south, north), "lon": drawn.uniform(west, east),
            }  # fmt: skip
            told = client.ask(
                "assign", "/v1/addresses", method="POST", body=body, Idempotency_Key=f"house-{house}"
            )
            if told is not None:
                self.report.acknowledged.append((house, told.content["ndas"]))

    def check(self, right: bool, what: str) -> None:
        if not right:
            self.report.wrong.append(what)

    def note(self, counter: Counter[str], what: str) -> None:
        with self._noting:
            counter[what] += 1


class Client:
    """Keeps a connection, and tries again what was not answered."""

    def __init__(self, soak: Soak) -> None:
        self._soak = soak
        self._connection = HTTPConnection(soak.service.host, soak.service.port, timeout=30)

    def ask(self, kind: str, path: str, **request: Any) -> Told | None:
        """The 2xx answer to a request; ``None`` where the soak ended, or it was refused for good."""
        soak, report = self._soak, self._soak.report
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                told = soak.service.ask_on(self._connection, path, **request)
            except (OSError, HTTPException):
                self._connection.close()
                report.unanswered += 1
                time.sleep(0.02)
                continue
            if 200 <= told.status < 300:
                soak.note(report.answers, kind)
                return told
            problem = told.headers.get("content-type") == "application/problem+json"
            if not (told.status == 503 and problem and "retry-after" in told.headers):
                soak.check(False, f"{kind} {told.status} {told.headers} {told.content}")
                return None
            soak.note(report.refused, f"{kind} {told.status}")
            if soak.over.is_set():
                return None
            time.sleep(0.2)
        soak.check(False, f"{kind} {path}: no answer in {PATIENCE_S} s")
        return None


def mishaps(
    service: RunningService, server: Server, pack: Path, own: Path
) -> Iterator[tuple[str, Callable[[], None]]]:
    """What happens to the service, over and over."""
    broken = own.with_name("broken")
    broken.write_bytes(b"no pack at all")

    def swap(new: Path) -> None:
        beside = own.with_suffix(".new")
        shutil.copy(new, beside)
        beside.replace(own)

    def kill() -> None:
        with suppress(psutil.NoSuchProcess):  # it may end by itself just then, when its generation does
            random.choice(service.until(lambda: workers_of(service))).kill()

    def restart() -> None:
        server.stop()
        time.sleep(0.5)
        server.start()

    kinds: list[tuple[str, Callable[[], None]]] = [
        ("pack swapped", lambda: swap(pack)),
        ("worker killed", kill),
        ("PostgreSQL restarted", restart),
        ("SIGHUP", lambda: service.signal(signal.SIGHUP)),
        ("broken pack", lambda: swap(broken)),
    ]
    return itertools.cycle(kinds)


def workers_of(service: RunningService) -> list[psutil.Process]:
    """The worker processes of every generation that is there."""
    found: list[psutil.Process] = []
    for generation in psutil.Process(service.process.pid).children():
        with suppress(psutil.NoSuchProcess):
            found += generation.children()
    return found


def known_answers(pack: Path) -> dict[str, Any]:
    """Paths, and what the library says to them."""
    drawn = random.Random(1)
    found: dict[str, Any] = {}
    with open_platform(pack, "memory:") as ga:
        south, north, west, east = AROUND_HAI_CHAU
        for _ in range(200):
            lat, lon = round(drawn.uniform(south, north), 6), round(drawn.uniform(west, east), 6)
            found[f"/v1/locate?lat={lat}&lon={lon}"] = as_json(ga.locate(lat=lat, lon=lon))
        found |= {f"/v1/units/{code}": as_json(ga.unit(code)) for code in ("48", "20242", "01")}
        found |= {f"/v1/parse?q={quote(text)}": as_json(ga.parse(text)) for text in TEXTS}
    return found


def as_json(value: Record) -> Any:
    return orjson.loads(orjson.dumps(value.to_dict(), default=plain))


@contextmanager
def threads(*works: Callable[[], None]) -> Iterator[None]:
    started = [threading.Thread(target=work) for work in works]
    for thread in started:
        thread.start()
    yield
    for thread in started:
        thread.join()


def soak(seconds: float, pack: Path, folder: Path) -> Report:
    """Load a service for so long, with a mishap every few seconds, and see what was lost."""
    report, own = Report(), folder / "own.gapack"
    shutil.copy(pack, own)
    server = Server()
    try:
        store = server.url(server.new_database())
        open_store(store).create()
        arguments = ("--workers", "2", "--open", "--pack", str(own), "--store", store)
        with RunningService(folder, *arguments, GEOADDR_ACCESS_LOG="false") as service:
            under = Soak(service, report, known_answers(pack))
            works = [lambda s=s: under.read(s) for s in range(READERS)]
            works += [lambda s=s: under.write(s) for s in range(WRITERS)]
            with threads(*works):
                until = time.monotonic() + seconds
                for name, happen in mishaps(service, server, pack, own):
                    time.sleep(min(BETWEEN_EVENTS_S, max(0.0, until - time.monotonic())))
                    if time.monotonic() >= until:
                        break
                    happen()
                    report.events[name] += 1
                under.over.set()
            look_back(service, store, report)
    finally:
        server.remove()
    return report


def look_back(service: RunningService, store: str, report: Report) -> None:
    """Whether all that was acknowledged is there, once, and the registry sound."""
    registry = Registry(open_store(store))
    codes = [code for _, code in report.acknowledged]
    for house, code in report.acknowledged:
        record = registry.find(code)
        if record is None or record.components.house_number != f"{house}":
            report.lost.append(f"house {house}: {code}")
    report.wrong += [f"{code} twice" for code, times in Counter(codes).items() if times > 1]
    report.wrong += [str(problem.said) for problem in registry.verify()]
    registry.close()
    if strays := service.strays():
        report.wrong += strays
        return
    report.wrong += [repr(line) for line in service.lines("fault")]
    report.events["reloads done"] = len(service.lines("reloaded"))
    report.events["reloads refused"] = len(service.lines("reload_refused"))
    report.events["workers started again"] = len(service.lines("worker_started"))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--pack", type=Path, default=EMBEDDED_PACK)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = soak(given.minutes * 60, given.pack, Path(folder))
    print(report)
    raise SystemExit(1 if report.wrong or report.lost else 0)


if __name__ == "__main__":
    main()

"""One round of a fault: where it happens, the processes that it happens to, and what must hold after it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geoaddr.registry import Registry
from geoaddr.stores import open_store
from tests.postgres_server import Server

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 120.0


@dataclass
class Round:
    """``spans`` are remembered from round to round: how long work of a kind takes that nothing disturbs."""

    rng: random.Random
    folder: Path
    server: Server | None = None
    spans: dict[str, float] = field(default_factory=dict)

    def new_url(self, engine: str, name: str = "registry") -> str:
        """The URL of a registry that nobody has made yet."""
        if engine == "sqlite":
            return f"sqlite:///{self.folder / f'{name}.db'}"
        assert self.server is not None
        return self.server.url(self.server.new_database())


def worker(
    verb: str, url: str, name: str, count: int, *, under: Sequence[str] = (), **how: object
) -> subprocess.Popen[str]:
    """A process of :mod:`tests.faults.worker`, run by the program ``under``."""
    return start([*under, sys.executable, "-m", "tests.faults.worker", verb, url, name, str(count)], **how)


def command(*words: str | Path) -> subprocess.Popen[str]:
    """The command line itself."""
    return start([sys.executable, "-m", "geoaddr.cli", *map(str, words)])


def start(words: Sequence[str], **how: object) -> subprocess.Popen[str]:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT, **how}
    process: subprocess.Popen[str] = subprocess.Popen(words, env=dict(os.environ), **options)  # type: ignore[call-overload]
    return process


def finished(process: subprocess.Popen[str], *, code: int = 0) -> list[str]:
    """What a process acknowledged, or goes on to acknowledge, that ends by itself."""
    assert process.stdout is not None
    assert process.stderr is not None
    told, said = process.stdout.readlines(), process.stderr.read()
    assert process.wait(timeout=LONGEST_S) == code, (process.returncode, said)
    return [line.rstrip("\n") for line in told]


def killed_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """What was acknowledged by a process that is killed soon after so many lines."""
    assert process.stdout is not None
    told = [line for _ in range(lines) if (line := process.stdout.readline())]
    process.kill()
    told += process.stdout.readlines()
    process.communicate()
    return [line.rstrip("\n") for line in told if line.endswith("\n")]


def killed_somewhere(at: Round, kind: str, begin: Callable[[], subprocess.Popen[str]]) -> bool:
    """Kill a process in the later part of its work; whether it was done before. Nothing disturbs the first one."""
    began = time.monotonic()
    process = begin()
    if kind not in at.spans:
        finished(process)
        at.spans[kind] = time.monotonic() - began
        return True
    try:
        process.wait(timeout=at.spans[kind] * at.rng.uniform(0.4, 1.1))
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode == 0


def sound(url: str) -> Registry:
    """The registry, which ``verify`` has nothing to say against."""
    registry = Registry(open_store(url))
    assert registry.verify() == []
    return registry


def kept(url: str, acknowledged: Sequence[str], *, also: int = 1) -> None:
    """Every code that was acknowledged is there, once; ``also``: so many may be there of which nobody heard."""
    registry = sound(url)
    codes = [line.split()[0] for line in acknowledged]
    assert len(set(codes)) == len(codes), "a code was given twice"
    assert registry.issued(codes) == set(codes), "an acknowledged code is lost"
    there = registry.stats()["addresses"]
    assert len(codes) <= there <= len(codes) + also, (there, len(codes))
    registry.close()

"""A disk that is full, a file that cannot be written, bytes that were written over."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from geoaddr.registry import LoadRow, Registry
from geoaddr.stores.sqlite import SQLiteStore
from tests.faults.killing import TABLE
from tests.faults.rounds import Round, command, finished, kept, worker
from tests.faults.worker import REFUSED

SECTOR = 512


def full(at: Round, engine: str) -> None:
    """By turns a small disk, where one may be mounted, and a limit to the size of files."""
    place = at.folder / "disk"
    place.mkdir(exist_ok=True)
    room_kb = at.rng.randrange(300, 2500)
    if at.rng.random() < 0.5 and _mounted(place, room_kb):
        try:
            _fill_up(at, place, None)
        finally:
            subprocess.run(["umount", place], check=True)
    else:
        _fill_up(at, place, room_kb * 1024)
        shutil.rmtree(place)


def _mounted(place: Path, room_kb: int) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", f"size={room_kb}k", "tmpfs", str(place)]
    return os.geteuid() == 0 and subprocess.run(words, capture_output=True, check=False).returncode == 0


def _fill_up(at: Round, place: Path, most: int | None) -> None:
    url = f"sqlite:///{place / 'registry.db'}"
    limit = [] if most is None else ["prlimit", f"--fsize={most}:{most}"]
    verb = at.rng.choice(["issue", "batch", "change", "sync"])
    process = worker(verb, url, "phố dài", 5000, under=limit)
    told, said = process.communicate(timeout=120)
    assert process.returncode == REFUSED, (process.returncode, said)
    assert "disk" in said, said
    assert said.count("\n") == 1, said
    if most is None:
        subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    if verb in ("issue", "sync"):
        kept(url, told.splitlines())
    else:
        kept(url, sorted({line.split()[0] for line in told.splitlines()}), also=50)
    finished(worker("issue", url, "phố mới", 3))


def read_only(at: Round, engine: str) -> None:
    """The file, its folder, or both; root sets them so and works without the right to pass over it."""
    path = at.folder / "locked" / "registry.db"
    path.parent.mkdir(exist_ok=True)
    before = finished(worker("issue", f"sqlite:///{path}", f"phố {at.rng.random()}", 5))
    count = len(_registry(path))
    locked = at.rng.choice([[path], [path.parent], [path, path.parent]])
    modes = [(each, each.stat().st_mode) for each in locked]
    for each, mode in modes:
        each.chmod(mode & 0o555)
    try:
        words = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        process = worker("issue", f"sqlite:///{path}", f"phố khác {at.rng.random()}", 3, under=words)
        told, said = process.communicate(timeout=120)
    finally:
        for each, mode in reversed(modes):
            each.chmod(mode)
    if process.returncode == 0:  # the folder alone: all that is needed was there already
        assert locked == [path.parent], said
    else:
        assert process.returncode == REFUSED, said
        assert "permission" in said or "written" in said or "opened" in said, said
        assert told == ""
    found = _registry(path)
    assert {line.split()[0] for line in before + told.splitlines()} <= found.keys()
    assert len(found) == count + len(told.splitlines())


def overwritten(at: Round, engine: str) -> None:
    """Some sectors of a file hold something else: it is named, or it is where nothing was kept."""
    path, whole = at.folder / "damaged.db", at.folder / "whole.db"
    if not whole.exists():
        registry = Registry(SQLiteStore(whole))
        registry.load([LoadRow(n, row) for n, row in enumerate(TABLE)])
        registry.amend(TABLE[5]["ndas"], {"unit": "2"}, actor="a")
        registry.close()
    expected = _registry(whole)
    shutil.copyfile(whole, path)
    sectors = path.stat().st_size // SECTOR
    with path.open("r+b") as file:
        file.seek(at.rng.randrange(sectors) * SECTOR)
        count = at.rng.choice([1, 2, 8]) * SECTOR
        file.write(at.rng.choice([at.rng.randbytes(count), bytes(count), b"\xff" * count]))
    process = command("registry", "verify", "--json", "--store", f"sqlite:///{path}")
    told, said = process.communicate(timeout=120)
    assert process.returncode in (0, 1, 2), said
    assert "Traceback" not in said
    if process.returncode == 0:
        assert _registry(path) == expected, "damage that nobody names"
    else:
        assert said.strip() or json.loads(told)["problems"]
    for each in path.parent.glob("damaged.db*"):
        each.unlink()


def _registry(path: Path) -> dict[str, Any]:
    """All that is kept, by code."""
    registry = Registry(SQLiteStore(path))
    try:
        return {scanned.record.ndas: scanned for scanned in registry.store.scan()}
    finally:
        registry.close()

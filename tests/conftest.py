"""What all tests share: the folder of real data beside the project, packs made from it, a PostgreSQL server."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres_server import Absent, Server, programs

settings.register_profile("unhurried", deadline=None)  # a busy machine makes no test wrong
settings.load_profile("unhurried")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; absent on most machines, required where GEOADDR_REQUIRE_SHARED is set."""
    if not (SHARED / "data").is_dir():
        absent("the shared data folder is not beside the project")
    return SHARED


def absent(reason: str) -> None:
    """Skip what cannot be tested on this machine; fail where everything is to be tested."""
    if os.environ.get("GEOADDR_REQUIRE_SHARED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of this session; absent on many machines, required where GEOADDR_REQUIRE_SHARED is set."""
    try:
        programs()
    except Absent as reason:
        absent(str(reason))
    server = Server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def real_pack(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with the full commune layer, imported by the command that users type; once for all processes that
    share the tests."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    pack = folder / "real.gapack"
    layer = shared / "data/boundaries/vn2025_communes_full.parquet"
    command = [sys.executable, "-m", "geoaddr.cli", "data", "import", str(layer), "-o", str(pack)]
    with (folder / "real.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not pack.exists():
            subprocess.run(command, check=True, timeout=1200, stdout=subprocess.DEVNULL)
    return pack

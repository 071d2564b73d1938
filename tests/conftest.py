"""What all tests share: the folder of real data beside the project, and packs made from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; absent on most machines, required where GEOADDR_REQUIRE_SHARED is set."""
    if not (SHARED / "data").is_dir():
        reason = "the shared data folder is not beside the project"
        if os.environ.get("GEOADDR_REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


@pytest.fixture(scope="session")
def real_pack(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with the full commune layer, imported once by the command that users type."""
    pack = tmp_path_factory.mktemp("pack") / "real.gapack"
    layer = shared / "data/boundaries/vn2025_communes_full.parquet"
    command = [sys.executable, "-m", "geoaddr.cli", "data", "import", str(layer), "-o", str(pack)]
    subprocess.run(command, check=True, timeout=1200, stdout=subprocess.DEVNULL)
    return pack

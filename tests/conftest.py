"""What all tests share: the folder of real data beside the project."""

from __future__ import annotations

import os
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

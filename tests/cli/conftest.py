"""A command line with a registry of its own, for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_lines import Lines


@pytest.fixture
def line(tmp_path: Path) -> Lines:
    return Lines(tmp_path)

"""A command line with a registry of its own, for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_lines import Lines, Ran


@pytest.fixture
def line(tmp_path: Path) -> Lines:
    return Lines(tmp_path)


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """``data check`` of the embedded pack: as JSON, and for a person in Vietnamese."""
    line = Lines(tmp_path_factory.mktemp("check"))
    return line("data", "check", "--json"), line("data", "check", "--lang", "vi")

"""A short soak: ``python -m tests.soak --minutes 10`` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres_server import Absent, programs
from tests.soak import soak


@pytest.mark.slow
def test_nothing_wrong_and_nothing_lost(pack: Path, tmp_path: Path) -> None:
    try:
        programs()
    except Absent as absent:
        pytest.skip(str(absent))
    report = soak(60, pack, tmp_path)  # on a busy machine a pack is taken up in half a minute
    assert (report.wrong, report.lost) == ([], []), f"{report}"
    assert min(report.answers[kind] for kind in ("read", "resolve", "assign")) > 20, f"{report}"
    happened = ("pack swapped", "worker killed", "PostgreSQL restarted", "SIGHUP", "broken pack")
    assert min(report.events[name] for name in happened) >= 1
    assert report.events["reloads done"] >= 2
    assert report.events["workers started again"] >= 1
    assert report.unanswered <= 6 * report.events["worker killed"] + 6

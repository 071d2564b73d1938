"""The fault campaign in small: ``python -m tests.faults`` has more rounds."""

from __future__ import annotations

import os

import pytest

from tests.faults.kinds import KINDS, campaign

ROUNDS = int(os.environ.get("GEOADDR_FAULTS", "10"))


@pytest.mark.parametrize("name", KINDS)
def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(name: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgres") if KINDS[name].engine == "postgresql" else None
    campaign(name, ROUNDS, server=server, seed=0)

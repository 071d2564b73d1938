"""The interpreter over the real gazetteer of the embedded pack, once for all tests."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return geoaddr.open(store="memory:").gazetteer


@pytest.fixture(scope="session")
def interpreter(gazetteer: Gazetteer) -> Interpreter:
    return Interpreter(gazetteer)

"""The interpreter over the real gazetteer of the embedded pack, once for all tests."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.interpreter import MANY


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return geoaddr.open(store="memory:").gazetteer


@pytest.fixture(scope="session", params=["plain", "compiled"])
def interpreter(gazetteer: Gazetteer, request: pytest.FixtureRequest) -> Interpreter:
    """Both ways of reading: what is asked of one is asked of the other."""
    made = Interpreter(gazetteer, compiled=request.param == "compiled")
    if made.expect(MANY) is not (request.param == "compiled"):
        pytest.skip("the compiled engine was not built (it needs a C++ compiler)")
    return made


@pytest.fixture(scope="session")
def compiled(gazetteer: Gazetteer) -> Interpreter:
    """The compiled way alone."""
    made = Interpreter(gazetteer)
    if not made.expect(MANY):
        pytest.skip("the compiled engine was not built (it needs a C++ compiler)")
    return made

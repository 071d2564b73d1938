"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geoaddr import __version__
from geoaddr.model import PackInfo, Record
from service.errors import Stopping
from service.operations import Answer, Asked, Operation
from service.schemas import NoQuery

_NEVER_ISSUED = "0000000000"
"""A code of no area: looking for it asks the store for one row and finds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health(Record):
    """The process answers."""

    status: Literal["ok"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Record):
    """The pack is open; the registry and its keys answered just now."""

    status: Literal["ready"]
    version: str
    pack: PackInfo
    registry: Literal["ready"]


def healthz(asked: Asked[NoQuery, None]) -> Answer:
    return Answer(Health(status="ok"))


def readyz(asked: Asked[NoQuery, None]) -> Answer:
    if asked.stopping:
        raise Stopping
    asked.ga.registry.find(_NEVER_ISSUED)
    asked.shares.check()
    return Answer(Readiness(status="ready", version=__version__, pack=asked.ga.pack.info, registry="ready"))


OPERATIONS = (
    Operation(
        name="healthz",
        tag="running",
        path="/healthz",
        view=healthz,
        summary="Whether the process lives",
        description="Asks nothing of the pack or the registry.",
        answer=Health,
        needs=None,
    ),
    Operation(
        name="readyz",
        tag="running",
        path="/readyz",
        view=readyz,
        summary="Whether the service can answer, and from which data",
        description="Reads the registry and its keys. 503 while one cannot be read, and while the service stops.",
        answer=Readiness,
        needs=None,
        problems=(503,),
    ),
)

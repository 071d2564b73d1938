"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from geoaddr import __version__
from geoaddr.errors import GeoaddrError, Said
from geoaddr.model import PackInfo, Record
from service.errors import NotReady, Stopping
from service.operations import Answer, Asked, Operation
from service.schemas import NoQuery

log = logging.getLogger("geoaddr.service")

T = TypeVar("T")

_NEVER_ISSUED = "0000000000"
"""A code of no area: looking for it asks the store for one row and finds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health(Record):
    """The process answers."""

    status: Literal["ok"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Record):
    """The pack is open; the registry and its keys answered just now, and the trail can be written. A ``registry``
    that is ``read_only`` answers all questions and takes nothing."""

    status: Literal["ready"]
    version: str
    pack: PackInfo
    registry: Literal["ready", "read_only"]


def healthz(asked: Asked[NoQuery, None]) -> Answer:
    return Answer(Health(status="ok"))


def readyz(asked: Asked[NoQuery, None]) -> Answer:
    if asked.stopping:
        raise Stopping
    _see("registry", lambda: asked.ga.registry.find(_NEVER_ISSUED))
    obstacle = _see("registry", lambda: asked.ga.registry.store.obstacle())
    _see("keys", asked.shares.check)
    registry: Literal["ready", "read_only"] = "ready" if obstacle is None else "read_only"
    return Answer(Readiness(status="ready", version=__version__, pack=asked.ga.pack.info, registry=registry))


_SAID = {
    "registry": Said("the registry cannot be read", "không đọc được sổ đăng ký"),
    "keys": Said(
        "the keys cannot be read, or the trail not written",
        "không đọc được khóa truy cập hoặc không ghi được nhật ký",
    ),
}


def _see(part: str, look: Callable[[], T]) -> T:
    """:raises NotReady: where a part fails; why is for the operator, in one line of the log."""
    try:
        return look()
    except (GeoaddrError, OSError) as error:
        log.error("not ready: %s: %s", part, error)
        raise NotReady(part, _SAID[part]) from None


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
        description="Reads the registry and its keys. 503 while one of them cannot be read or the trail not be "
        "written, with its name in `field`, and while the service stops. `registry` is `read_only` where it can "
        "be read and not written: questions are answered, and writing is refused.",
        answer=Readiness,
        needs=None,
        problems=(503,),
    ),
)

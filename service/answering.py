"""From a request, however it came, to what an operation answers: rights, question, verb, what the caller sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from geoaddr import __version__
from geoaddr.model import Resolved, plain
from geoaddr.sight import Sight, Whereabouts
from service import access
from service.board import Board
from service.flattening import flat
from service.keys.shares import Shares
from service.operations import Answer, Asked, Operation
from service.settings import Settings
from service.tally import Tally

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr
    from service.jobs.offered import Offered

Read = tuple[Any, Any, str | None, str]
"""What a request says: its query, its body, its idempotency key, its language."""


class Answering:
    """What all operations of a service share."""

    def __init__(
        self, ga: Geoaddr, settings: Settings, board: Board, shares: Shares, jobs: Callable[[], Offered]
    ) -> None:
        self.settings = settings
        self.version = f"{__version__} {ga.pack.info.name} {ga.pack.info.version}"
        """Of the software and the pack: what answers of the pack alone depend on."""
        self._ga, self._board, self._shares, self._jobs = ga, board, shares, jobs
        self._where = Whereabouts(ga.locator, lambda: ga.registry)

    def asked(
        self, operation: Operation, tally: Tally, path: Mapping[str, str], read: Callable[[], Read]
    ) -> Asked[Any, Any]:
        """The request, once its caller may ask such a thing at all; then ``read`` says the rest.

        :raises KeyRequired, ScopeMissing, SlowedDown: for a caller who may not.
        :raises InvalidInput: as ``read`` does.
        """
        caller = tally.caller
        access.require(operation.needs, caller, *operation.needs_too)
        if operation.looks_up:
            tally.may_look_up()
        query, body, idempotency_key, lang = read()
        return Asked(
            ga=self._ga,
            path=path,
            query=query,
            body=body,
            caller=caller,
            sight=Sight(caller.grants, lambda: self._where),
            rights=access.Rights(self._ga, caller, self._where),
            tally=tally,
            shares=self._shares,
            jobs=self._jobs,
            idempotency_key=idempotency_key,
            lang=lang,
            stopping=self._board.stopping,
        )

    @staticmethod
    def answer(operation: Operation, asked: Asked[Any, Any]) -> tuple[bytes | Path, Answer]:
        """The content as it is sent, a file or what the caller sees as JSON, and what else the answer says."""
        answer = operation.view(asked)
        content = answer.content
        if not isinstance(content, bytes | Path):
            shown = (answer.sight or asked.sight).shown(content)
            asked.tally.write_down(operation.name, shown)
            content = to_json(shown)
        return content, answer


def to_json(content: Any) -> bytes:
    """Values of :mod:`geoaddr.model`, or JSON-ready data, as JSON: what ``to_dict`` gives, and faster."""
    return orjson.dumps(flat(content) if type(content) is Resolved else content, default=plain)

"""Large batches take turns: each fills tens of megabytes while it is worked on, and two are no sooner done.

A body is read before its turn is waited for, so that nobody waits for another's network; and who has waited for
long goes on beside a batch that takes longer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

from service.memory import trim

LARGE_BYTES = 64 * 1024
"""Of a body: some 3,000 codes."""

PATIENCE_S = 2.0

_TURN = threading.Lock()
"""Of this process; nobody holds it where processes are forked."""

_TURNS = "geoaddr.turns"
"""Where a request's WSGI environment has what is to be done at its end."""


@contextmanager
def turns(environ: MutableMapping[str, Any]) -> Iterator[None]:
    """While a request is worked on; it gives its turn back at the end, if it took one."""
    ends: list[Callable[[], None]] = []
    environ[_TURNS] = ends
    try:
        yield
    finally:
        for end in ends:
            end()


def wait(environ: Mapping[str, Any], length: int) -> None:
    """Wait for a turn, if a body of this length needs one and there is who gives it back."""
    ends = environ.get(_TURNS)
    if ends is None or ends or length <= LARGE_BYTES:
        return
    has_turn = _TURN.acquire(timeout=PATIENCE_S)
    ends += [trim, _TURN.release] if has_turn else [trim]

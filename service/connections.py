"""Connections whose bodies are late: found among this process' sockets, and closed for reading.

The server cannot be told to read no further, and does not say which connection a request came on. But the kernel
knows when each was last heard of and answered, and a socket that is closed for reading ends whatever waits for it,
while the answer can still be sent.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from service.bodies import Bodies, Body

EVERY_S = 0.5
"""How often it is looked for bodies that are late."""

CERTAIN_AFTER_S = 30.0
"""After so much lateness an idle connection of the same client is closed too: its silence may be the body's."""

_ROUNDING_S = 0.1
"""The kernel counts in ticks, and a request waits some moments for its thread."""

_TCP_INFO_BYTES = 136
_LAST_SENT_AT, _LAST_RECEIVED_AT, _BYTES_ACKED_AT = 44, 52, 120
"""Where ``struct tcp_info`` of Linux has what is looked at: milliseconds, milliseconds, bytes."""


class Spoken(NamedTuple):
    """What was said on a connection: how long ago, seconds, data were last sent and received on it, and whether
    the client has received any."""

    sent_s: float
    received_s: float
    answered: bool


class Cutter:
    """Closes connections whose bodies are late; asked by one thread, as often as it likes.

    :param port: where the service listens.
    """

    def __init__(self, bodies: Bodies, port: int) -> None:
        self._bodies, self._port, self._next = bodies, port, 0.0

    def look(self) -> None:
        """Cut off what is late, if it is time to look."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_S
        if late := self._bodies.late():
            cut(late, now, self._port)


def cut(late: Iterable[tuple[Body, float]], now: float, port: int) -> None:
    """Close for reading the connections to ``port`` on which these bodies may come: their reading ends then."""
    waiting: dict[str, list[tuple[Body, float]]] = {}
    for body, late_s in late:
        waiting.setdefault(_plain(body.remote), []).append((body, late_s))
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError), _lent(int(entry.name)) as connection:
            if connection.family not in (socket.AF_INET, socket.AF_INET6):
                continue
            if connection.getsockname()[1] != port:
                continue
            theirs = waiting.get(_plain(connection.getpeername()[0]))
            if theirs and _may_carry(_spoken(connection), theirs, now):
                for body, _ in theirs:
                    body.cut = True
                connection.shutdown(socket.SHUT_RD)


@contextmanager
def _lent(descriptor: int) -> Iterator[socket.socket]:
    """The socket of a descriptor that is somebody else's. It is neither copied nor closed: to close a copy of a
    file of SQLite's would drop the locks that this process has on it.

    :raises OSError: for what is no socket.
    """
    connection = socket.socket(fileno=descriptor)
    try:
        yield connection
    finally:
        connection.detach()


def _may_carry(spoken: Spoken, bodies: Iterable[tuple[Body, float]], now: float) -> bool:
    """Whether one of the bodies may come on a connection: nothing was answered on it since that body began, and
    the last word was the client's. A client can hide that by asking for something else just before; so in the
    end silence is enough."""
    waits = not spoken.answered or spoken.received_s < spoken.sent_s
    return any(
        spoken.sent_s + _ROUNDING_S >= body.waited_s(now) and (waits or late_s > CERTAIN_AFTER_S)
        for body, late_s in bodies
    )


def _spoken(connection: socket.socket) -> Spoken:
    """:raises OSError: for what is no TCP connection, or one of which the kernel tells less."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    if len(info) < _TCP_INFO_BYTES:
        raise OSError("tcp_info is too short")
    (sent_ms,) = struct.unpack_from("=I", info, _LAST_SENT_AT)
    (received_ms,) = struct.unpack_from("=I", info, _LAST_RECEIVED_AT)
    (acked,) = struct.unpack_from("=Q", info, _BYTES_ACKED_AT)
    return Spoken(sent_ms / 1000, received_ms / 1000, acked > 0)


def _plain(address: str) -> str:
    """An IPv4 address as such where a socket of both kinds says it as IPv6."""
    return address.removeprefix("::ffff:")

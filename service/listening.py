"""Addresses to listen on: which one a host name means, whether it is free, when somebody answers there."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
import time
from collections.abc import Callable

from geoaddr.errors import GeoaddrError, InvalidInput, Said, os_reason

READY_WITHIN_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.02
MAX_PORT = 65535


class AddressTaken(GeoaddrError):
    """The host and port cannot be had: another program listens there, or this user may not."""


def numeric_address(host: str) -> str:
    """The IP address that a host name means; version 4 where it has both.

    :raises InvalidInput: for a name that means none.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        reason = Said("no such host", "không có máy chủ này")
        raise InvalidInput("host", host, reason) from None
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0])


def is_loopback(address: str) -> bool:
    """Whether only programs of this machine can reach the address."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def free_port(address: str, port: int) -> int:
    """``port``, or any free one for 0, found free.

    The server's own sockets share a port willingly, so that two services would silently take turns; this
    asks for it alone.

    :raises InvalidInput: for a number that is no port.
    :raises AddressTaken: when the port cannot be had.
    """
    if not 0 <= port <= MAX_PORT:
        raise InvalidInput("port", port, Said("not 0 to 65535", "không từ 0 đến 65535"))
    with socket.socket(_family(address), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise AddressTaken(_why(address, port, error)) from None
        return int(probe.getsockname()[1])


def when_listening(address: str, port: int, then: Callable[[], None]) -> None:
    """Call ``then`` from another thread once something answers at the address; return at once."""
    threading.Thread(target=_wait, args=(address, port, then), daemon=True).start()


def _wait(address: str, port: int, then: Callable[[], None]) -> None:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  # not bound, asked
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        with socket.socket(_family(address), socket.SOCK_STREAM) as probe:
            if probe.connect_ex((reachable, port)) == 0:
                then()
                return
        time.sleep(LOOK_EVERY_SECONDS)


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _why(address: str, port: int, error: OSError) -> Said:
    at = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    if error.errno == errno.EADDRINUSE:
        return Said(
            f"{at} is in use by another program; choose another --port",
            f"{at} đang được chương trình khác dùng; hãy chọn --port khác",
        )
    if error.errno == errno.EACCES:
        return Said(
            f"{at} may not be used by this user; choose a --port above 1023",
            f"người dùng này không được dùng {at}; hãy chọn --port trên 1023",
        )
    return Said(f"cannot listen on {at}: {os_reason(error).en}", f"không mở được {at}: {os_reason(error).vi}")

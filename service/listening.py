"""Addresses to listen on: which one a host name means, whether it is free, sockets there."""

from __future__ import annotations

import errno
import ipaddress
import socket

from geoaddr.errors import GeoaddrError, InvalidInput, Said, os_reason

BACKLOG = 4096
"""Connections that wait to be taken up, of each socket."""

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


def listeners(address: str, port: int, count: int) -> list[socket.socket]:
    """Sockets that listen at the address; the system spreads connections over them.

    Each has a queue of its own, so that whoever waits in one is answered by whichever process takes it up next.

    :raises AddressTaken: when the port cannot be had.
    """
    opened: list[socket.socket] = []
    try:
        for _ in range(count):
            opened.append(socket.socket(_family(address), socket.SOCK_STREAM))
            opened[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            opened[-1].bind((address, port))
            opened[-1].listen(BACKLOG)
            opened[-1].setblocking(False)
    except OSError as error:
        for held in opened:
            held.close()
        raise AddressTaken(_why(address, port, error)) from None
    return opened


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

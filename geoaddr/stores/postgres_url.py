"""A registry's URL in PostgreSQL: where it leads, and how it is shown without its password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from geoaddr.errors import InvalidInput, Said
from geoaddr.stores import without_password

READ = "read"
"""The parameter of a URL that names the servers to read from; all others are libpq's own."""

_DEFAULTS: dict[str, Any] = {
    "application_name": "geoaddr",
    "client_encoding": "UTF8",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that vanished is noticed after half a minute, not after hours."""

LONGEST_CONNECT_S = 10

_FORM = Said(
    "not a PostgreSQL URL; write postgresql://user@host:5432/database, with ?read=host:5432 for replicas",
    "không phải URL PostgreSQL; hãy viết postgresql://user@host:5432/database, thêm ?read=host:5432 cho bản sao",
)


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """Servers of one registry.

    :param where: user, host and database, fit to be shown.
    :param primary: libpq's parameters of the server that is written to.
    :param replica: those of the servers that may be read from instead.
    """

    where: str
    primary: dict[str, Any]
    replica: dict[str, Any] | None


def place_of(url: str, *, busy_s: float) -> Place:
    """The servers that a URL names; none is asked.

    :param busy_s: how long to wait for a server, in seconds; not more than ten, unless the URL says so.
    :raises InvalidInput: for what libpq cannot read.
    """
    bare, read = _without_read(url)
    try:
        told = conninfo_to_dict(bare)
    except ProgrammingError:  # its message may repeat a part of the password
        raise InvalidInput("store", without_password(url), _FORM) from None
    timeout = max(2, min(LONGEST_CONNECT_S, round(busy_s)))  # libpq takes less than 2 for 2
    primary: dict[str, Any] = _DEFAULTS | {"connect_timeout": timeout} | told
    if "," in str(told.get("host", "")):
        primary.setdefault("target_session_attrs", "read-write")
    return Place(_shown(told), primary, None if read is None else _elsewhere(primary, read))


def _without_read(url: str) -> tuple[str, str | None]:
    bare, mark, query = url.partition("?")
    kept, read = [], None
    for pair in query.split("&") if mark else ():
        name, _, value = pair.partition("=")
        if name == READ:
            read = unquote(value)
        else:
            kept.append(pair)
    if read == "":
        raise InvalidInput("store", without_password(url), _FORM)
    return bare + ("?" + "&".join(kept) if kept else ""), read


def _elsewhere(primary: dict[str, Any], read: str) -> dict[str, Any]:
    """The same database, user and password at other hosts: replicas have all that the primary has."""
    hosts, ports = [], []
    for server in read.split(","):
        host, colon, port = server.rpartition(":")
        if not (colon and port.isdigit()):
            host, port = server, "5432"
        hosts.append(host.strip("[]"))
        ports.append(port)
    kept = {k: v for k, v in primary.items() if k not in ("hostaddr", "target_session_attrs")}
    return kept | {"host": ",".join(hosts), "port": ",".join(ports)}


def _shown(told: dict[str, Any]) -> str:
    user = f"{told['user']}@" if told.get("user") else ""
    host = told.get("host") or told.get("hostaddr") or ""
    port = f":{told['port']}" if told.get("port") else ""
    return f"postgresql://{user}{host}{port}/{told.get('dbname') or ''}"

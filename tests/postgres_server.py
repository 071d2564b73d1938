"""A PostgreSQL server of the tests' own: made in a temporary folder, gone with it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from geoaddr.stores import open_store

PASSWORD = "m4t:kh/u"
"""Of every role that logs in over TCP, with characters that a URL must escape."""

ESCAPED = "m4t%3Akh%2Fu"

LONGEST_START_S = 60.0

_SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "on", "shared_buffers": "64MB",
    "max_connections": "100", "wal_level": "replica", "max_wal_senders": "4", "autovacuum": "off",
    "max_pred_locks_per_transaction": "256", "logging_collector": "off", "log_statement": "all",
}  # fmt: skip

_DURABLE = {
    "fsync": "on", "full_page_writes": "on", "autovacuum": "on", "log_statement": "none",
    "shared_buffers": "512MB", "max_wal_size": "4GB",
}  # fmt: skip


class Absent(Exception):
    """There is no PostgreSQL with PostGIS on this machine; the message says what is missing."""


def programs() -> Path:
    """The folder of the newest installed server with PostGIS. :raises Absent:"""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    servers = [place for place in places if (place / "initdb").exists()]
    if not servers:
        raise Absent("PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin")
    with_postgis = [place for place in servers if _extension(place, "postgis").exists()]
    if not with_postgis:
        raise Absent(f"PostGIS is not installed for the server in {servers[0]}")
    return max(with_postgis, key=lambda place: [int(n) for n in str(place).split("/") if n.isdigit()])


def _extension(place: Path, name: str) -> Path:
    told = subprocess.run([place / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    share = Path(told.stdout.strip() or f"/usr/share/postgresql/{place.parent.name}")
    return share / "extension" / f"{name}.control"


class Server:
    """A running server. It refuses to run as root, so there it runs as the user ``postgres``.

    :param base: a server to be a replica of; a cluster of its own by default.
    :param durable: what is committed outlives a power cut, as where it matters.
    """

    def __init__(self, *, base: Server | None = None, durable: bool = False) -> None:
        self._settings = _SETTINGS | (_DURABLE if durable else {})
        self.last_database = ""
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="geoaddr-pg-", dir=None if durable else _memory_disk()))
        self._data = self.folder / "data"
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.port = free_port()
        self._numbers = count()
        self._shared: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._make(base)
            self.start()
            if base is None:
                self.execute("postgres", f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
                self.execute("postgres", "CREATE DATABASE with_postgis")
                self.execute("with_postgis", "CREATE EXTENSION postgis")
                # Half of each copy would be reference systems that nobody asks for.
                self.execute("with_postgis", "DELETE FROM spatial_ref_sys WHERE srid <> 4326")
                self.execute("with_postgis", "VACUUM FULL spatial_ref_sys")
        except BaseException:
            self.remove()
            raise

    def _make(self, base: Server | None) -> None:
        if base is None:
            self._run("initdb", "-D", self._data, "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync",
                      "--auth-local=trust", "--auth-host=scram-sha-256")  # fmt: skip
        else:
            self._run("pg_basebackup", "-D", self._data, "-R", "-X", "stream", "-c", "fast", "--no-sync",
                      "-h", base.folder, "-p", str(base.port), "-U", "postgres")  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers. It ends with this process, however that ends."""
        places = {"listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder, "port": self.port}
        options = [word for name, value in (self._settings | places).items() for word in ("-c", f"{name}={value}")]
        command = self._command("postgres", "-D", self._data, *options)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + LONGEST_START_S
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, self.log()
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.05)
            else:
                return

    @property
    def pid(self) -> int:
        """The process that all others of the server are children of."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop it at once, as a fault would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=60)
        self._process = None

    def remove(self) -> None:
        """Stop it and remove all that it kept."""
        if self._process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """A database by the server's socket, as its superuser, without a password."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def tcp_url(self, database: str, user: str = "postgres", password: str = ESCAPED) -> str:
        """A database over TCP, where a password is asked for."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "with_postgis", *, name: str | None = None) -> str:
        """The name of a database where no registry was made yet."""
        name = name or f"registry_{next(self._numbers)}"
        self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        self.last_database = name
        return name

    def emptied(self, key: bytes) -> str:
        """The URL of a registry without a row, with this key: made once, emptied for each that asks."""
        if self._shared is None:
            self._shared = self.new_database()
            open_store(self.url(self._shared), key=key).create()
        with psycopg.connect(self.url(self._shared), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")  # past what forbids to remove
            for table in ("event", "feed", "alias", "standing", "address", "receipt", "batch_row", "area"):
                connection.execute(f"DELETE FROM geoaddr.{table}")
            connection.execute("ALTER TABLE geoaddr.feed ALTER COLUMN position RESTART")
            connection.execute("UPDATE geoaddr.registry SET key = %s", (key,))
        return self.url(self._shared)

    def execute(self, database: str, statement: str, values: Sequence[Any] | None = None) -> list[Any]:
        """What a superuser's statement answers."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def log(self) -> str:
        """All that the server wrote down."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _run(self, program: str, *arguments: object) -> None:
        command = self._command(program, *arguments)
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    def _command(self, program: str, *arguments: object) -> list[str]:
        role = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        return ["setpriv", *role, "--pdeathsig=QUIT", str(self.programs / program), *map(str, arguments)]


def _memory_disk() -> str | None:
    """Where files cost no disk, if there is room for some dozens of databases."""
    place = "/dev/shm"
    return place if Path(place).is_dir() and shutil.disk_usage(place).free > 2**31 else None


PAGE = Path(__file__).resolve().parents[1] / "docs/how-to/use-postgresql.md"


def statements_of_the_page() -> list[str]:
    """The SQL that the how-to page has its readers run, block by block."""
    return re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def free_port() -> int:
    """A port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""What PostgreSQL and libpq say, in the platform's words. No connection string is repeated."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors as pg

from geoaddr.errors import Said, SchemaMismatch, StoreError, StoreUnavailable

_LOCKED = Said("other writers kept it busy for too long", "các tiến trình ghi khác chiếm giữ quá lâu")
READ_ONLY = Said("the server only reads: it is a replica", "máy chủ chỉ cho đọc: đây là bản sao")
NO_RIGHT = Said(
    "the role lacks a right; see docs/how-to/use-postgresql.md",
    "vai trò thiếu quyền; xem docs/how-to/use-postgresql.md",
)
_GONE = Said("the connection was lost", "mất kết nối")

_UNAVAILABLE: tuple[tuple[type[psycopg.Error], Said], ...] = (
    (pg.LockNotAvailable, _LOCKED),
    (pg.SerializationFailure, _LOCKED),
    (pg.DeadlockDetected, _LOCKED),
    (pg.QueryCanceled, Said("the server took too long to answer", "máy chủ trả lời quá lâu")),
    (pg.TooManyConnections, Said("the server has no connection free", "máy chủ không còn kết nối trống")),
    (pg.CannotConnectNow, Said("the server is starting or stopping", "máy chủ đang khởi động hoặc đang tắt")),
    (pg.AdminShutdown, Said("the server was stopped", "máy chủ đã dừng")),
    (pg.CrashShutdown, Said("the server was stopped", "máy chủ đã dừng")),
    (pg.DiskFull, Said("the server's disk is full", "đĩa của máy chủ đã đầy")),
    (pg.OutOfMemory, Said("the server is out of memory", "máy chủ hết bộ nhớ")),
    (pg.ReadOnlySqlTransaction, READ_ONLY),
    (pg.InsufficientPrivilege, NO_RIGHT),
)

_CONNECTING: tuple[tuple[str, Said], ...] = (
    ("password authentication failed", Said("the password was refused", "mật khẩu bị từ chối")),
    ("no password supplied", Said("a password is needed", "cần mật khẩu")),
    (
        "no pg_hba.conf entry",
        Said("the server does not let this host or role in", "máy chủ không cho phép kết nối"),
    ),
    ("authentication failed", Said("the role was refused", "vai trò bị từ chối")),
    ("Connection refused", Said("nothing answers there", "không có máy chủ trả lời")),
    ("No such file or directory", Said("nothing answers there", "không có máy chủ trả lời")),
    ("failed to resolve host", Said("the host is not known", "không tìm thấy máy chủ")),
    ("could not translate host name", Said("the host is not known", "không tìm thấy máy chủ")),
    ("timeout expired", Said("no answer in time", "quá thời gian chờ")),
    ("connection timeout", Said("no answer in time", "quá thời gian chờ")),
    ("too many clients", Said("the server has no connection free", "máy chủ không còn kết nối trống")),
    ("remaining connection slots", Said("the server has no connection free", "máy chủ không còn kết nối trống")),
    ("the database system is", Said("the server is starting or stopping", "máy chủ đang khởi động hoặc đang tắt")),
    ("session is read-only", Said("no server there can be written", "không máy chủ nào cho phép ghi")),
    ("SSL", Said("no encrypted connection could be agreed on", "không thiết lập được kết nối mã hóa")),
)
"""Parts of libpq's sentences, the more telling first; a failed connection has no code to go by."""

_ABSENT = re.compile(r'(database|role) "([^"]*)" does not exist')
_ABSENT_VI = {"database": "cơ sở dữ liệu", "role": "vai trò"}


def store_error(error: psycopg.Error, where: str) -> StoreError | None:
    """What an engine's error means to the caller; ``None`` for one that only a mistake here can cause.

    :param where: the registry, fit to be shown.
    """
    for kind, said in _UNAVAILABLE:
        if isinstance(error, kind):
            return unavailable(where, said)
    if isinstance(error, pg.UndefinedTable | pg.UndefinedColumn | pg.UndefinedFunction | pg.InvalidSchemaName):
        return SchemaMismatch(
            Said(
                f"{where}: the tables are not those of its schema's version",
                f"{where}: các bảng không khớp với phiên bản lược đồ",
            )
        )
    if isinstance(error, pg.DataCorrupted | pg.IndexCorrupted):
        return StoreError(
            Said(f"{where}: damaged; restore a backup", f"{where}: dữ liệu bị hỏng; hãy khôi phục bản sao lưu")
        )
    if isinstance(error, psycopg.OperationalError):
        return unavailable(where, _why(error))
    if isinstance(error, psycopg.InterfaceError):  # of the driver about a connection that was closed under it
        return unavailable(where, _GONE)
    return None


def unavailable(where: str, said: Said) -> StoreUnavailable:
    """One line that names the registry."""
    return StoreUnavailable(Said(f"{where}: {said.en}", f"{where}: {said.vi}"))


def locked(where: str) -> StoreUnavailable:
    """The refusal of a writer that waited in vain."""
    return unavailable(where, _LOCKED)


def read_only(where: str) -> StoreUnavailable:
    """The refusal to write to a replica."""
    return unavailable(where, READ_ONLY)


def unknown_outcome(where: str) -> StoreUnavailable:
    """What is said when the connection broke in the moment of the commit."""
    return unavailable(
        where,
        Said(
            "the connection was lost while the change was being kept; look whether it was, or repeat the request "
            "with its idempotency key",
            "mất kết nối đúng lúc lưu thay đổi; hãy kiểm tra kết quả, hoặc gửi lại với cùng khóa chống lặp",
        ),
    )


def _why(error: psycopg.OperationalError) -> Said:
    text = str(error)
    absent = _ABSENT.search(text)
    if absent:
        kind, name = absent.groups()
        return Said(f"there is no {kind} {name}", f"không có {_ABSENT_VI[kind]} {name}")
    return next((said for part, said in _CONNECTING if part in text), _GONE)

"""Every error that geoaddr raises on purpose, in one tree.

An error names the field, the value and the reason. Reasons are sentences for people, in English and in
Vietnamese (:class:`Said`); ``str(error)`` is the English line, ``error.message("vi")`` the Vietnamese one.
HTTP statuses are not known here: ``service.errors`` maps classes to them.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple

SHOWN_CHARACTERS = 80
"""How much of a caller's value an error repeats; the rest is cut, so that no input can flood a log."""


class Said(NamedTuple):
    """One sentence in both languages of the platform."""

    en: str
    vi: str

    def in_language(self, lang: str) -> str:
        """The sentence in ``"vi"`` or, for any other tag, in English."""
        return self.vi if lang == "vi" else self.en


def shown(value: object) -> str:
    """A caller's value made fit for one line of a message: quoted, printable, cut when long."""
    text = value if isinstance(value, str) else repr(value)
    cut = text[:SHOWN_CHARACTERS]
    safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
    return f"'{safe}'" + ("…" if len(text) > SHOWN_CHARACTERS else "")


_OS_REASONS_VI = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "không phải thư mục",
    errno.EISDIR: "là thư mục",
    errno.EEXIST: "đã tồn tại",
    errno.EACCES: "không có quyền truy cập",
    errno.EPERM: "thao tác không được phép",
    errno.EROFS: "hệ thống tệp chỉ cho đọc",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EFBIG: "tệp quá lớn",
    errno.EDQUOT: "đã hết hạn mức dung lượng",
    errno.EIO: "lỗi đọc ghi",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.EADDRINUSE: "địa chỉ đang được chương trình khác sử dụng",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ đó",
    errno.ECONNREFUSED: "máy chủ từ chối kết nối",
    errno.ECONNRESET: "máy chủ ngắt kết nối",
    errno.ENETUNREACH: "không có đường mạng tới đó",
    errno.EHOSTUNREACH: "không có đường tới máy chủ",
    errno.ETIMEDOUT: "quá thời gian chờ",
}
"""The reasons that people meet; the operating system says the others in its own words."""

_ERRNO_IN_TEXT = re.compile(r"\[errno (\d+)\]")
"""How Arrow tells the number of an error, in its sentence alone."""


def os_reason(error: OSError) -> Said:
    """Why the operating system refused, in both languages."""
    number, english = error.errno, error.strerror or str(error) or type(error).__name__
    if found := _ERRNO_IN_TEXT.search(english):
        number = int(found[1])
        english = os.strerror(number)
    return Said(english, _OS_REASONS_VI.get(number or 0, english))


class GeoaddrError(Exception):
    """The root of the tree: catch this to catch all that geoaddr raises on purpose."""

    def __init__(self, reason: Said | str) -> None:
        self.reason = reason if isinstance(reason, Said) else Said(reason, reason)
        super().__init__(self.reason.en)

    def message(self, lang: str = "en") -> str:
        """The whole message as one line in ``lang`` (``"en"`` or ``"vi"``)."""
        return self.reason.in_language(lang)

    def __str__(self) -> str:
        return self.message("en")

    def __reduce__(self) -> tuple[Callable[..., GeoaddrError], tuple[Any, ...], dict[str, Any]]:
        """Made anew from what it holds, for the arguments of a class are not those of an exception."""
        return _anew, (type(self), self.args), self.__dict__


def _anew(kind: type[GeoaddrError], args: tuple[Any, ...]) -> GeoaddrError:
    return kind.__new__(kind, *args)


class FieldError(GeoaddrError):
    """An error about one named thing: ``field`` and ``value`` say which."""

    def __init__(self, field: str, value: object, reason: Said | str) -> None:
        super().__init__(reason)
        self.field = field
        self.value = value

    def message(self, lang: str = "en") -> str:
        named = self.field if self.value is None else f"{self.field} {shown(self.value)}"
        return f"{named}: {self.reason.in_language(lang)}"


class InvalidInput(FieldError, ValueError):
    """What the caller gave cannot be used: ``field``, ``value`` and ``reason`` say what and why."""


class InvalidCode(InvalidInput):
    """A code that no system can read."""


class InvalidFormat(InvalidCode):
    """A character that the code's alphabet or pattern does not have."""


class InvalidLength(InvalidCode):
    """Too few or too many characters."""


class InvalidChecksum(InvalidCode):
    """The check letter does not belong to the code."""


class InvalidComponent(InvalidCode):
    """A part of the code (an area, a cell) that does not exist."""


class InvalidPoint(InvalidInput):
    """A coordinate that is not a finite number in its range."""


class InvalidQuery(InvalidInput):
    """A text or parameter that cannot be searched for."""


class InvalidDate(InvalidInput):
    """Not a date, or one outside the time that the data covers."""


class NotFound(FieldError, LookupError):
    """A thing named by its identity that does not exist."""


class UnknownUnit(NotFound):
    """No administrative unit has this code on this date."""


class UnknownAddress(NotFound):
    """No address in the registry has this code."""


class Conflict(FieldError):
    """The registry's present state forbids what was asked."""


class AlreadyIssued(Conflict):
    """The code, or the idempotency key, already stands for something else."""


class AreaExhausted(Conflict):
    """All 100,000 extensions of the area are taken."""


class StaleVersion(Conflict):
    """The record changed since it was read."""


class DataError(GeoaddrError, ValueError):
    """A file of data cannot be used: ``file``, and where known ``line`` and ``column``."""

    def __init__(
        self, file: object, reason: Said | str, *, line: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(reason)
        self.file = str(file)
        self.line = line
        self.column = column

    def message(self, lang: str = "en") -> str:
        where = self.file
        if self.line is not None:
            where += f", line {self.line}" if lang != "vi" else f", dòng {self.line}"
        if self.column is not None:
            where += f", column {self.column}" if lang != "vi" else f", cột {self.column}"
        return f"{where}: {self.reason.in_language(lang)}"


class StoreError(GeoaddrError):
    """The registry's store failed; nothing was written."""


class StoreUnavailable(StoreError):
    """The store cannot be reached, opened or locked in time."""


class SchemaMismatch(StoreError):
    """The store's schema is newer than this software, or is not a registry."""


class MissingExtra(GeoaddrError):
    """An optional part of the installation is needed and absent; ``extra`` names it."""

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(
            Said(
                f"{what} needs an optional part: pip install 'geoaddr[{extra}]'",
                f"{what} cần phần cài thêm: pip install 'geoaddr[{extra}]'",
            )
        )
        self.extra = extra

"""Files of databases: made for whoever is to use them, and what stands in the way of reading and writing them."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

from geoaddr.errors import Said, StoreUnavailable, os_reason

FULL_BYTES = 1024 * 1024
"""A disk with less free than that takes nothing more: a write takes some pages, and some of the log before."""

SCARCE_BYTES = 64 * 1024 * 1024
"""Where less is free somebody should make room: writing ahead takes some megabytes until it is folded in."""

_NOT_DONE_HERE = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
"""What a file system says that has no hard links, or no owners of files."""

DISK_FULL = Said("the disk is full", "đĩa đã đầy")


def make_folder_of(path: Path) -> None:
    """Make the folder that a file is to stand in. :raises StoreUnavailable: when that cannot be done."""
    folder = path.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        en, vi = f"the folder {folder} cannot be made", f"không tạo được thư mục {folder}"
        why = os_reason(error)
        raise StoreUnavailable(Said(f"{path}: {en}: {why.en}", f"{path}: {vi}: {why.vi}")) from None


def make_file(path: Path, mode: int = 0o644) -> None:
    """Make an empty file, and its folder, where there is none; of ``mode`` the umask is taken away.

    What root makes in another user's folder belongs to that user, as SQLite does with the files that it puts
    beside a database. Else the service whose folder it is could not open what its administrator made.

    :raises StoreUnavailable: when that cannot be done.
    """
    make_folder_of(path)
    try:
        folder = path.absolute().parent.stat()
        if os.geteuid() == 0 and (folder.st_uid, folder.st_gid) != (0, 0):
            _make_for(path, mode, folder.st_uid, folder.st_gid)
        else:
            os.mknod(path, stat.S_IFREG | mode)
    except (FileExistsError, PermissionError):
        pass  # what stands in the way is told where the file is opened
    except OSError as error:
        why = os_reason(error)
        raise StoreUnavailable(Said(f"{path}: {why.en}", f"{path}: {why.vi}")) from None


def _make_for(path: Path, mode: int, user: int, group: int) -> None:
    """Make a file that belongs to another user, in a folder that this user may write to.

    By its descriptor, since behind a name there may be something else by then: a link to a file of root's. And
    under a name of its own first, since to close what has its own name already would drop the locks that another
    thread has put on it.
    """
    if os.path.lexists(path):
        return
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, mode)
    try:
        try:
            if os.fstat(descriptor).st_nlink == 1:
                os.fchown(descriptor, user, group)
        finally:
            os.close(descriptor)
        os.link(made, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NOT_DONE_HERE:
            raise
        raise StoreUnavailable(
            Said(
                f"{path}: this file system lets root make no file for another user; "
                "run it as the owner of the folder",
                f"{path}: hệ thống tệp này không cho root tạo tệp cho người dùng khác; "
                "hãy chạy bằng chủ sở hữu thư mục",
            )
        ) from None
    finally:
        made.unlink(missing_ok=True)


def obstacle(path: Path) -> Said | None:
    """Why a file cannot be read and written, as far as can be told without opening it."""
    folder = path.absolute().parent
    if path.is_dir():
        return Said("it is a folder", "đây là thư mục")
    if not folder.is_dir():
        return Said(f"there is no folder {folder}", f"không có thư mục {folder}")
    there = path.exists()
    if os.statvfs(path if there else folder).f_flag & os.ST_RDONLY:
        return Said("the file system is read-only", "hệ thống tệp chỉ cho đọc")
    if there and not os.access(path, os.R_OK):
        return Said("no permission to read it", "không có quyền đọc tệp")
    if there and not os.access(path, os.W_OK):
        return Said("no permission to write to it", "không có quyền ghi tệp")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Said(f"no permission to write in the folder {folder}", f"không có quyền ghi vào thư mục {folder}")
    return DISK_FULL if free_bytes(path) < FULL_BYTES else None


def free_bytes(path: Path) -> int:
    """What is free of the disk that a file stands on, for this user."""
    folder = path.absolute().parent
    while not folder.is_dir():
        folder = folder.parent
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize

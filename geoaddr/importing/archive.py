"""Zip archives from strangers, unpacked with care.

Before a byte is written the directory of the archive is judged: how many members, how large together, how
strongly compressed, where their names lead. A member can then not be larger than it said.
"""

from __future__ import annotations

import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geoaddr.errors import DataError, Said, os_reason, shown

MAX_MEMBERS = 20_000
MAX_UNPACKED_BYTES = 4 * 2**30
MAX_RATIO = 200
"""Pretty-printed GeoJSON shrinks about twenty times; what shrinks two hundred times is not a map."""

_RATIO_MATTERS_BYTES = 64 * 2**20


def unpack(archive: Path, folder: Path) -> None:
    """Unpack ``archive`` into the empty ``folder``; nothing is ever written outside it.

    :raises DataError: not a zip, damaged, encrypted, too large, or a member whose name leads outside.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [m for m in opened.infolist() if not m.is_dir()]
            _judge(archive, members)
            for member in members:
                target = folder.joinpath(*_parts(archive, member.filename))
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as packed, target.open("xb") as plain:
                    shutil.copyfileobj(packed, plain, 2**20)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError):
        raise DataError(archive, Said("a damaged zip archive", "tệp nén zip bị hỏng")) from None
    except NotImplementedError:
        raise _refused(archive, "a compression that is not read here", "kiểu nén không được hỗ trợ") from None
    except FileExistsError:
        raise _refused(archive, "two members of one name", "hai tệp cùng tên") from None
    except OSError as error:
        raise _refused(archive, *os_reason(error)) from None


def _judge(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise _refused(archive, f"more than {MAX_MEMBERS:,} members", f"nhiều hơn {MAX_MEMBERS:,} tệp bên trong")
    if total > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 2**30
        raise _refused(archive, f"unpacks to more than {limit} GiB", f"giải nén ra hơn {limit} GiB")
    if total > _RATIO_MATTERS_BYTES and total > MAX_RATIO * packed:
        raise _refused(
            archive,
            f"shrunk more than {MAX_RATIO} times, as no map does",
            f"nén hơn {MAX_RATIO} lần, không giống dữ liệu bản đồ",
        )
    for member in members:
        _parts(archive, member.filename)
        if member.flag_bits & 1:
            raise _refused(archive, "encrypted", "đã được mã hóa")
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise _refused(
                archive,
                f"{shown(member.filename)} is not a plain file",
                f"{shown(member.filename)} không phải tệp thường",
            )


def _parts(archive: Path, name: str) -> tuple[str, ...]:
    """The steps of a member's path, none of which leads up or to a root."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or any(c in name for c in "\\:\0") or not path.parts:
        raise _refused(
            archive,
            f"the member {shown(name)} leads outside the archive",
            f"tệp {shown(name)} trỏ ra ngoài tệp nén",
        )
    return path.parts


def _refused(archive: Path, en: str, vi: str) -> DataError:
    return DataError(archive, Said(f"archive refused: {en}", f"từ chối tệp nén: {vi}"))

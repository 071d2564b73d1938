"""A pack: one immutable, memory-mapped file that holds the gazetteer and the boundaries.

Layout, little-endian: 8 bytes of magic, the header's length (uint64) and SHA-256 (32 bytes), the header
(canonical JSON: format, info, sections with offset, length, type, shape and SHA-256), then the sections,
each aligned to 64 bytes. The same content gives the same bytes.

A reader maps the file and reads sections in place; processes on one machine share the pages. Truncation is
seen at once from the sizes. A changed byte is seen from the sums, which are computed when a file is met for
the first time and then remembered, in the user's cache folder, for that file's device, inode, size and
times: any later write to the file changes those, and the sums are computed again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import mmap
import os
import secrets
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from geoaddr.errors import DataError, Said, os_reason
from geoaddr.model import PackInfo

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = b"GEOADDR\x01"
FORMAT = 1
"""The layout that this software writes and reads; a pack of another number is refused."""

_PREFIX = struct.Struct("<8sQ32s")
_ALIGN = 64
_MAX_HEADER = 16 * 2**20
_POPULATE_READ = 22
"""Linux' MADV_POPULATE_READ, which the library's module has no name for; other systems know no such number."""

Verify = Literal["once", "always"]


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section lies, and what it is: a numpy type string (``<f8``) with its shape, or ``utf8``."""

    offset: int
    length: int
    dtype: str
    shape: tuple[int, ...]
    sha256: str


_CASTS: dict[str, Literal["B", "b", "H", "h", "I", "i", "Q", "q", "d"]] = {
    "|u1": "B", "|i1": "b", "<u2": "H", "<i2": "h", "<u4": "I", "<i4": "i", "<u8": "Q", "<i8": "q", "<f8": "d",
}  # fmt: skip


class Strings:
    """A read-only column of texts over two sections: one of UTF-8 bytes, one of offsets."""

    __slots__ = ("_blob", "_offsets")

    def __init__(self, blob: memoryview[Any], offsets: memoryview[Any]) -> None:
        self._blob, self._offsets = blob, offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __iter__(self) -> Iterator[str]:
        whole, offsets = bytes(self._blob), self._offsets.tolist()
        return (whole[begin:end].decode("utf-8") for begin, end in pairwise(offsets))

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return str(self._blob[self._offsets[index] : self._offsets[index + 1]], "utf-8")


class Pack:
    """An open pack. Build with :meth:`open`; sections are read by name and never copied."""

    def __init__(self, path: Path, mapped: mmap.mmap, info: PackInfo, header: Mapping[str, Any]) -> None:
        self.path = path
        self.info = info
        self.meta: Mapping[str, Any] = header["meta"]
        self._mapped = mapped
        self._memory = memoryview(mapped)
        self.sections = {
            name: Section(s["offset"], s["length"], s["dtype"], tuple(s["shape"]), s["sha256"])
            for name, s in header["sections"].items()
        }

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, verify: Verify = "once") -> Pack:
        """Map the pack at ``path``.

        :param verify: ``once`` computes the sums of a file that this user has not met in its present
            state; ``always`` computes them now.
        :raises DataError: no such file, not a pack, another format, truncated, or altered.
        """
        file = Path(path)
        try:
            with file.open("rb") as handle:
                stat = os.fstat(handle.fileno())
                header = _read_header(file, handle.read(_PREFIX.size), handle.read, stat.st_size)
                mapped = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise DataError(file, Said("no such pack", "không có gói dữ liệu này")) from None
        except IsADirectoryError:
            raise DataError(file, Said("a folder, not a pack", "là thư mục, không phải gói dữ liệu")) from None
        except OSError as error:
            raise DataError(
                file, Said(f"cannot be read: {os_reason(error).en}", f"không đọc được: {os_reason(error).vi}")
            ) from None
        pack = cls(file, mapped, _info(header), header)
        if verify == "always" or not _seen(stat):
            pack.verify()
            _remember(stat)
        return pack

    def verify(self) -> None:
        """Compute the sum of every section.

        :raises DataError: naming the first section whose bytes are not those that were written.
        """
        for name, section in self.sections.items():
            body = self._memory[section.offset : section.offset + section.length]
            if hashlib.sha256(body).hexdigest() != section.sha256:
                raise DataError(
                    self.path,
                    Said(
                        f"section {name} was altered after the pack was written; rebuild or fetch it again",
                        f"phần {name} đã bị thay đổi sau khi ghi; hãy dựng hoặc tải lại gói dữ liệu",
                    ),
                )

    def read_ahead(self) -> None:
        """Have the whole file read into the system's memory and mapped, where the system can: so nobody waits for
        a disk, and pages that one of several processes reads are not counted as its own."""
        if sys.platform == "linux":
            with suppress(OSError):  # an older kernel
                self._mapped.madvise(_POPULATE_READ)

    def __contains__(self, name: str) -> bool:
        return name in self.sections

    def _section(self, name: str) -> Section:
        try:
            return self.sections[name]
        except KeyError:
            raise DataError(
                self.path,
                Said(
                    f"has no section {name}; it was made by another version, build or import it again",
                    f"không có phần {name}; gói do phiên bản khác tạo ra, hãy dựng hoặc nạp lại",
                ),
            ) from None

    def raw(self, name: str) -> memoryview:
        """The bytes of a section, in place."""
        section = self._section(name)
        return self._memory[section.offset : section.offset + section.length]

    def view(self, name: str) -> memoryview[Any]:
        """A section as a flat typed memoryview: element access without numpy."""
        return cast("memoryview[Any]", self.raw(name).cast(_CASTS[self._section(name).dtype]))

    def array(self, name: str) -> NDArray[Any]:
        """A section as a read-only numpy array over the mapped file."""
        import numpy as np

        section = self._section(name)
        array: NDArray[Any] = np.frombuffer(self.raw(name), dtype=section.dtype)
        return array.reshape(section.shape)

    def strings(self, name: str) -> Strings:
        """A column of texts."""
        return Strings(self.raw(name), self.view(name + ".offsets"))


def write_pack(
    path: str | os.PathLike[str],
    info: PackInfo,
    sections: Mapping[str, NDArray[Any] | list[str] | bytes],
    *,
    meta: Mapping[str, Any] | None = None,
) -> PackInfo:
    """Write a pack, whole or not at all: a reader of ``path`` sees the old file or the new one.

    :param sections: arrays of fixed-width numbers, lists of texts, or bytes. Order does not matter.
    :param meta: JSON-ready facts for people (sources, licences, an import's report).
    :returns: ``info`` with its ``version`` completed by eight digits of the content's SHA-256.
    """
    import numpy as np

    bodies: dict[str, tuple[NDArray[Any] | bytes, str, tuple[int, ...]]] = {}
    for name in sorted(sections):
        value = sections[name]
        if isinstance(value, bytes):
            bodies[name] = (value, "|u1", (len(value),))
        elif isinstance(value, list):
            encoded = [text.encode() for text in value]
            offsets = np.zeros(len(encoded) + 1, dtype="<u4")
            np.cumsum([len(e) for e in encoded], out=offsets[1:])
            bodies[name] = (b"".join(encoded), "|u1", (int(offsets[-1]),))
            bodies[name + ".offsets"] = (offsets, "<u4", offsets.shape)
        else:
            array = np.ascontiguousarray(value)
            array = array.astype(array.dtype.newbyteorder("<"), copy=False)
            bodies[name] = (array, array.dtype.str, array.shape)
    sums = {name: hashlib.sha256(_flat(body)).hexdigest() for name, (body, _, _) in bodies.items()}
    content = hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()
    info = replace(info, version=f"{info.version}+{content[:8]}")
    table: dict[str, dict[str, Any]] = {}
    offset = 0  # from the end of the header, made absolute below
    for name in sorted(bodies):
        body, dtype, shape = bodies[name]
        length = len(_flat(body))
        table[name] = {
            "offset": offset,
            "length": length,
            "dtype": dtype,
            "shape": list(shape),
            "sha256": sums[name],
        }
        offset += _padded(length)
    header = _header(info, table, meta or {})
    _write_atomically(Path(path), header, [_flat(bodies[name][0]) for name in sorted(bodies)])
    return info


def _flat(body: NDArray[Any] | bytes) -> memoryview:
    view = memoryview(body)  # type: ignore[arg-type]  # numpy arrays are buffers; the stubs do not say so
    return view.cast("B") if view.nbytes else memoryview(b"")


def _padded(length: int) -> int:
    return -(-length // _ALIGN) * _ALIGN


def _header(info: PackInfo, table: dict[str, dict[str, Any]], meta: Mapping[str, Any]) -> bytes:
    """The prefix and header with absolute offsets: the header's own size moves them, so settle it first."""
    start = 0
    while True:
        placed = {n: {**s, "offset": s["offset"] + start} for n, s in table.items()}
        body = json.dumps(
            {"format": FORMAT, "info": info.to_dict(), "meta": meta, "sections": placed},
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        ).encode()  # fmt: skip
        end = _padded(_PREFIX.size + len(body))
        if end == start:
            prefix = _PREFIX.pack(MAGIC, len(body), hashlib.sha256(body).digest())
            return (prefix + body).ljust(end, b"\0")
        start = end


def _write_atomically(path: Path, header: bytes, bodies: list[memoryview]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as out:
            out.write(header)
            for body in bodies:
                out.write(body)
                out.write(b"\0" * (_padded(len(body)) - len(body)))
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        raise DataError(
            path, Said(f"cannot be written: {os_reason(error).en}", f"không ghi được: {os_reason(error).vi}")
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def _read_header(path: Path, prefix: bytes, read: Callable[[int], bytes], size: int) -> dict[str, Any]:
    if len(prefix) < _PREFIX.size or prefix[:7] != MAGIC[:7]:
        raise DataError(path, Said("not a geoaddr pack", "không phải gói dữ liệu geoaddr"))
    magic, length, digest = _PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise _other_format(path, magic[7])
    truncated = DataError(path, Said("the pack is truncated", "gói dữ liệu bị cắt cụt"))
    if length > min(size, _MAX_HEADER):
        raise truncated
    body = read(length)
    if len(body) < length:
        raise truncated
    if hashlib.sha256(body).digest() != digest:
        raise DataError(path, Said("the pack's header was altered", "phần đầu của gói dữ liệu đã bị thay đổi"))
    header: dict[str, Any] = json.loads(body)
    if header["format"] != FORMAT:
        raise _other_format(path, header["format"])
    if any(s["offset"] + s["length"] > size for s in header["sections"].values()):
        raise truncated
    return header


def _other_format(path: Path, found: int) -> DataError:
    later = isinstance(found, int) and found > FORMAT
    return DataError(
        path,
        Said(
            f"a pack of format {found}; this software reads format {FORMAT}; "
            + ("use a newer geoaddr" if later else "make it again with 'geoaddr data import'"),
            f"gói dữ liệu định dạng {found}; phần mềm này đọc định dạng {FORMAT}; "
            + ("hãy dùng bản geoaddr mới hơn" if later else "hãy tạo lại bằng lệnh 'geoaddr data import'"),
        ),
    )


def _info(header: Mapping[str, Any]) -> PackInfo:
    info = header["info"]
    return PackInfo(info["name"], info["version"], dt.date.fromisoformat(info["date"]), info["boundary_accuracy"])


def _stamp(stat: os.stat_result) -> Path:
    import platformdirs

    state = f"{stat.st_dev}-{stat.st_ino}-{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ctime_ns}"
    return platformdirs.user_cache_path("geoaddr") / "verified" / hashlib.sha256(state.encode()).hexdigest()


def _seen(stat: os.stat_result) -> bool:
    return _stamp(stat).exists()


def _remember(stat: os.stat_result) -> None:
    """Note that this state of the file was verified; without a cache folder the next open verifies again."""
    stamp = _stamp(stat)
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    except OSError:
        return

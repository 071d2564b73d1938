"""What a source is, judged by its first bytes and its shape, not by its name alone."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geoaddr.errors import DataError, Said, os_reason
from geoaddr.importing.archive import unpack

Kind = Literal["parquet", "ogr", "unit_files"]

FORMATS = Said(
    "GeoParquet, GeoPackage, GeoJSON, Shapefile, or a folder or zip of one GeoJSON file a unit",
    "GeoParquet, GeoPackage, GeoJSON, Shapefile, hoặc thư mục hay tệp zip gồm mỗi đơn vị một tệp GeoJSON",
)

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "geopackage"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x00\x00\x27\x0a", "shapefile"),
)
_LAYER_ENDINGS = (".parquet", ".geoparquet", ".gpkg", ".shp")


@dataclass(frozen=True, slots=True)
class Source:
    """Files to read: ``named`` as the caller wrote it, for messages; ``format`` in words."""

    named: Path
    kind: Kind
    format: str
    files: tuple[Path, ...]
    sha256: str


@contextmanager
def opened(source: Path) -> Iterator[Source]:
    """The files behind ``source``; a zip is unpacked to a temporary folder that is gone afterwards.

    :raises DataError: not there, not a format read here, ambiguous, or an archive that is refused.
    """
    if source.is_dir():
        files = _files_in(source)
        yield _choose(source, files, _sum_of_many(source, files))
    elif source.suffix.lower() in (".dbf", ".shx", ".prj"):
        raise DataError(source, Said("name the .shp file beside it", "hãy chỉ tên tệp .shp cùng bộ"))
    elif sniff(source) == "zip":
        with tempfile.TemporaryDirectory(prefix="geoaddr-import-") as name:
            unpack(source, Path(name))
            yield _choose(source, _files_in(Path(name)), _sum_of_one(source))
    elif source.suffix.lower() == ".shp":
        beside = [f for f in _parts_of_shapefile(source) if f.is_file()]
        yield _single(source, source, _sum_of_many(source.parent, beside))
    else:
        yield _single(source, source, _sum_of_one(source))


def sniff(file: Path) -> str:
    """The format of a file from its first bytes.

    :raises DataError: absent, unreadable, empty, a web page, a Git LFS pointer, or no format read here.
    """
    try:
        with file.open("rb") as handle:
            head = handle.read(512)
    except FileNotFoundError:
        raise DataError(file, Said("no such file or folder", "không có tệp hoặc thư mục này")) from None
    except OSError as error:
        raise DataError(
            file, Said(f"cannot be read: {os_reason(error).en}", f"không đọc được: {os_reason(error).vi}")
        ) from None
    refuse_impostor(file, head)
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return "geojson"
    raise DataError(
        file, Said(f"not a format read here ({FORMATS.en})", f"không phải định dạng đọc được ({FORMATS.vi})")
    )


def refuse_impostor(file: object, head: bytes) -> None:
    """Refuse what is often met where a map should be: nothing, a Git LFS pointer, a web page.

    :raises DataError: saying which.
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise DataError(file, Said("the file is empty", "tệp rỗng"))
    if start.startswith(b"version https://git-lfs"):
        raise DataError(
            file,
            Said(
                "a Git LFS pointer, not the data; fetch the file itself (git lfs pull, or its media address)",
                "là con trỏ Git LFS chứ không phải dữ liệu; hãy tải tệp thật (git lfs pull)",
            ),
        )
    if start[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise DataError(file, Said("a web page, not data", "là trang web, không phải dữ liệu"))


def _files_in(folder: Path) -> list[Path]:
    """The files under ``folder`` in the order of their names, without what desktops leave behind."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith((".", "__MACOSX")) for p in path.relative_to(folder).parts)
    )


def _choose(source: Path, files: list[Path], sha256: str) -> Source:
    layers = [f for f in files if f.suffix.lower() in _LAYER_ENDINGS]
    units = [f for f in files if f.suffix.lower() == ".geojson"]
    units = units or [f for f in files if f.suffix.lower() == ".json"]
    if len(layers) == 1 and not units:
        return _single(source, layers[0], sha256)
    if layers:
        names = ", ".join(f.name for f in (layers + units)[:5])
        raise DataError(
            source, Said(f"holds several layers; name one: {names}", f"có nhiều lớp; hãy chọn một: {names}")
        )
    if len(units) == 1:
        return _single(source, units[0], sha256)
    if not units:
        raise DataError(source, Said(f"holds no layer ({FORMATS.en})", f"không có lớp dữ liệu nào ({FORMATS.vi})"))
    for file in units:
        if sniff(file) != "geojson":
            raise DataError(file.name, Said("not GeoJSON", "không phải GeoJSON"))
    return Source(source, "unit_files", "one GeoJSON file a unit", tuple(units), sha256)


def _single(source: Path, file: Path, sha256: str) -> Source:
    found = sniff(file)
    if found == "zip":
        raise DataError(source, Said("an archive inside an archive", "tệp nén nằm trong tệp nén"))
    if found == "shapefile":
        _refuse_short_shapefile(file)
    return Source(source, "parquet" if found == "parquet" else "ogr", found, (file,), sha256)


def _refuse_short_shapefile(file: Path) -> None:
    """GDAL reads the records that are left of a truncated file in silence; its header says how long it was."""
    with file.open("rb") as handle:
        declared = int.from_bytes(handle.read(28)[24:28], "big") * 2
    if file.stat().st_size < declared:
        raise DataError(file, Said("the file is truncated", "tệp bị cắt cụt"))


def _parts_of_shapefile(file: Path) -> list[Path]:
    return sorted({file, *(file.with_suffix(ending) for ending in (".cpg", ".dbf", ".prj", ".shx"))})


def _sum_of_one(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _sum_of_many(folder: Path, files: list[Path]) -> str:
    """The sum of the lines ``sum  name`` of all files, as ``sha256sum`` would print them in order."""
    lines = [f"{_sum_of_one(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()

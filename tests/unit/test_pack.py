"""A pack opens whole and unaltered, or is refused with one clear line."""

from __future__ import annotations

import datetime as dt
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from geoaddr.errors import DataError
from geoaddr.model import PackInfo
from geoaddr.pack import MAGIC, Pack, write_pack

INFO = PackInfo("test", "1", dt.date(2026, 9, 20), "exact")
SECTIONS = {
    "numbers": np.array([1.5, -2.0, 3.25]),
    "table": np.arange(6, dtype=np.int32).reshape(2, 3),
    "none": np.zeros((0, 2)),
    "names": ["Hà Nội", "", "Đắk Lắk"],
    "bytes": b"xyz",
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a.gapack"
    write_pack(file, INFO, SECTIONS, meta={"source": "a test"})
    return file


def test_what_is_written_is_read(path: Path) -> None:
    pack = Pack.open(path)
    assert pack.array("numbers").tolist() == [1.5, -2.0, 3.25]
    assert pack.array("table").tolist() == [[0, 1, 2], [3, 4, 5]]
    assert pack.array("none").shape == (0, 2)
    assert [*pack.strings("names")] == ["Hà Nội", "", "Đắk Lắk"]
    assert bytes(pack.raw("bytes")) == b"xyz"
    assert pack.view("numbers")[2] == 3.25
    assert pack.meta["source"] == "a test"
    assert pack.info.version.startswith("1+")


def test_arrays_lie_on_the_mapped_file_and_cannot_be_written(path: Path) -> None:
    array = Pack.open(path).array("numbers")
    assert not array.flags.owndata
    assert not array.flags.writeable


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, path: Path) -> None:
    again = tmp_path / "b.gapack"
    write_pack(again, INFO, dict(reversed(SECTIONS.items())), meta={"source": "a test"})
    assert again.read_bytes() == path.read_bytes()


def test_other_content_gives_another_version(tmp_path: Path) -> None:
    versions = {write_pack(tmp_path / "p", INFO, {"a": [text]}).version for text in ("x", "y")}
    assert len(versions) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda b: b"", "not a geoaddr pack"),
        (lambda b: b"PK\x03\x04" + b, "not a geoaddr pack"),
        (lambda b: b[:60], "the pack is truncated"),
        (lambda b: b[:-64], "the pack is truncated"),
        (lambda b: MAGIC[:7] + b"\x02" + b[8:], "a pack of format 2; this software reads format 1"),
        (lambda b: b[:8] + struct.pack("<Q", 2**60) + b[16:], "the pack is truncated"),
        (lambda b: b[:60] + b"#" + b[61:], "the pack's header was altered"),
    ],
    ids=["empty", "a zip", "cut in the header", "cut at the end", "newer format", "absurd length", "header"],
)
def test_a_damaged_pack_is_refused(path: Path, change: object, reason: str) -> None:
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(DataError, match=reason):
        Pack.open(path)


@pytest.mark.parametrize("section", ["numbers", "table", "names", "names.offsets", "bytes"])
def test_a_single_changed_byte_is_refused_and_named(path: Path, section: str) -> None:
    where = Pack.open(path).sections[section].offset
    body = bytearray(path.read_bytes())
    body[where] ^= 1
    path.write_bytes(body)
    with pytest.raises(DataError, match=f"section {section} was altered"):
        Pack.open(path)


def test_a_pack_already_met_is_checked_again_after_a_write_that_keeps_size_and_time(path: Path) -> None:
    offset = Pack.open(path).sections["numbers"].offset
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DataError, match="altered"):
        Pack.open(path)


@pytest.mark.parametrize(("name", "reason"), [("absent", "no such pack"), ("", "a folder, not a pack")])
def test_a_pack_that_is_not_there(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        Pack.open(tmp_path / name)


def test_a_swap_under_a_reader_leaves_it_on_the_old_data(tmp_path: Path, path: Path) -> None:
    reader = Pack.open(path)
    write_pack(path, INFO, {"numbers": np.array([9.0])})
    assert reader.array("numbers").tolist() == [1.5, -2.0, 3.25]
    assert Pack.open(path).array("numbers").tolist() == [9.0]


def test_a_write_that_fails_leaves_the_old_pack_and_no_litter(tmp_path: Path, path: Path) -> None:
    before = path.read_bytes()
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "import datetime, numpy, sys\n"
        "from geoaddr.pack import write_pack; from geoaddr.model import PackInfo\n"
        "info = PackInfo('big', '1', datetime.date(2026, 1, 1), 'exact')\n"
        "write_pack(sys.argv[1], info, {'a': numpy.zeros(100_000)})\n"
    )
    run = subprocess.run([sys.executable, "-c", limited, str(path)], capture_output=True, text=True, check=False)
    assert "DataError" in run.stderr
    assert "cannot be written" in run.stderr
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "cache") == ["a.gapack"]

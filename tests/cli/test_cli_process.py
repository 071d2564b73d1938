"""The command line as a process: what it loads, writes, and leaves behind when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geoaddr._version import __version__
from geoaddr.text.figures import figure
from tests.command_lines import Lines

HEAVY = ("numpy", "pandas", "pyarrow", "shapely", "rtree", "rich", "flask", "geopandas", "pyogrio")

LOADED = """\
import sys
from geoaddr.cli.main import cli
code = cli.main({words!r}, standalone_mode=False)
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
sys.exit(code)
"""

LIGHT = [
    ["locate", "21.0285", "105.8542"],
    ["locate", "21.0285", "105.8542", "--json"],
    ["locate", "21.0285", "105.8542", "--as-of", "2025-06-30"],
    ["assign", "--lat", "21.0285", "--lon", "105.8542", "--commune", "00070", "--street", "Lò Sũ"],
    ["resolve", "7PH72VH3+CM4", "110242VH3CM4"],
    ["unit", "00070"],
    ["units", "list", "--level", "province"],
    ["registry", "stats"],
]


@pytest.mark.parametrize("words", LIGHT, ids=[" ".join(words) for words in LIGHT])
def test_a_single_answer_loads_nothing_heavy(line: Lines, words: list[str]) -> None:
    line("registry", "init")
    script = LOADED.format(words=words, heavy=HEAVY)
    done = line.script(script)
    assert (done.code, done.err.strip()) == (0, "[]")


@pytest.mark.parametrize("words", [LIGHT[0], LIGHT[5], LIGHT[6]], ids=["locate", "unit", "units list"])
def test_what_needs_no_registry_loads_none(line: Lines, words: list[str]) -> None:
    done = line.script(LOADED.format(words=words, heavy=["sqlite3", "geoaddr.registry", "geoaddr.resolving"]))
    assert (done.code, done.err.strip()) == (0, "[]")


def test_help_and_version_load_no_verb(line: Lines) -> None:
    script = LOADED.format(words=["--help"], heavy=["geoaddr.platform", "geoaddr.cli.locate", *HEAVY])
    done = line.script(script)
    assert (done.code, done.err.strip()) == (0, "[]")
    assert line("--version").out == f"geoaddr {__version__}\n"


@pytest.mark.parametrize("locale", ["C", "POSIX", "vi_VN.ISO-8859-1"])
def test_vietnamese_letters_come_out_in_any_locale(line: Lines, locale: str) -> None:
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ran = line.real("unit", "00070", "--lang", "vi", **environment)
    assert (ran.code, ran.err) == (0, "")
    assert "Phường Hoàn Kiếm" in ran.out
    assert "Tên đầy đủ" in ran.out


def test_words_that_are_no_text_are_refused_not_fatal(line: Lines) -> None:
    process = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"geoaddr.cli", b"resolve", b"\xff\xfe"],
        capture_output=True,
        env=line.whole_environment,
    )
    assert process.returncode == 1
    assert len(process.stderr.decode().splitlines()) == 1


def test_a_reader_that_leaves_ends_it_quietly(line: Lines) -> None:
    process = line.start("units", "list", "--level", "commune", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["level"] == "commune"
    process.stdout.close()
    assert process.wait(timeout=30) == 141
    assert process.stderr.read() == b""


STREAMS = """\
redirected         | code | said on standard error
>/dev/full         | 2    | No space left on device
>&-                | 0    |
2>&-               | 0    |
>/dev/full 2>&1    | 2    |
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("row", STREAMS.splitlines()[1:])
def test_a_stream_that_cannot_be_written_is_no_failure_of_ours(line: Lines, row: str) -> None:
    redirected, code, said = (part.strip() for part in row.split("|"))
    command = f"{sys.executable} -m geoaddr.cli locate 21.0285 105.8542 {redirected}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=line.whole_environment)
    assert (done.returncode, len(done.stderr.splitlines())) == (int(code), 1 if said else 0)
    assert said in done.stderr


def wait_until_idle(pid: int, for_s: float = 0.4) -> None:
    """Until the process has computed, and then not for a while: here, until it reads standard input."""
    used, since = -1, time.monotonic()
    while used <= 0 or time.monotonic() - since < for_s:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        if ticks != used:
            used, since = ticks, time.monotonic()
        time.sleep(0.02)


def shell_status(process: subprocess.Popen[bytes]) -> int:
    """What ``$?`` is after the process: 128 and the signal where one ended it.

    CPython ends itself by SIGINT, whatever exit code it was told, where the signal came while text was executed
    (the classes of a module that is imported define themselves so), even though the interrupt was caught.
    """
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see when a process waits")
def test_ctrl_c_is_quiet(line: Lines) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "geoaddr.cli", "assign", "--lat", "21", "--lon", "105", "--components", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=line.whole_environment,
    )  # fmt: skip
    wait_until_idle(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (shell_status(process), out, err) == (130, b"", b"")


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "stopped; --resume goes on"), ("vi", "đã dừng; thêm --resume để chạy tiếp")]
)
def test_a_batch_that_is_stopped_says_how_it_goes_on(line: Lines, tmp_path: Path, lang: str, says: str) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "text\n" + "".join(f"{n} Lê Lợi, Phường Hải Châu, Đà Nẵng\n" for n in range(200_000)), "utf-8"
    )
    process = line.start("batch", "parse", source, "-o", out, "--workers", "1", "--lang", lang)
    begun = tmp_path / ".out.csv.parts" / "job.json"
    deadline = time.monotonic() + 30
    while process.poll() is None and not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    told, err = process.communicate(timeout=30)
    assert (shell_status(process), told) == (130, b"")
    assert err.decode().startswith(f"geoaddr: {says}")
    assert figure(4096, lang) in err.decode()  # nothing was done yet: so many rows are kept at a time
    assert len(err.splitlines()) == 1
    assert not out.exists()


def test_an_import_that_is_stopped_wrote_nothing(line: Lines, tmp_path: Path) -> None:
    layer, pack = tmp_path / "one.geojson", tmp_path / "one.gapack"
    layer.write_text(line("unit", "00070", "--boundary").out)
    process = line.start("data", "import", layer, "-o", pack)
    assert process.stderr is not None
    assert process.stderr.readline().decode() == "reading …\n"
    process.send_signal(signal.SIGINT)
    told, err = process.communicate(timeout=30)
    assert (shell_status(process), told) == (130, b"")
    assert err.decode().splitlines()[-1] == "geoaddr: stopped, nothing was written"
    assert list(tmp_path.iterdir()) == [layer]


def test_serve_without_its_extra_names_it(line: Lines) -> None:
    script = """\
import sys
sys.modules["granian"] = None
from geoaddr.cli.main import cli
cli.main(["serve"])
"""
    done = line.script(script)
    assert (done.code, done.out) == (2, "")
    assert done.err == "geoaddr: geoaddr serve needs an optional part: pip install 'geoaddr[service]'\n"


def test_serve_announces_where_in_the_language_asked_for_and_ends_when_told(line: Lines) -> None:
    process = line.start("serve", "--port", "0", "--lang", "vi")
    assert process.stdout is not None
    said = process.stdout.readline().decode()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert said.startswith("geoaddr đang chạy tại http://127.0.0.1:"), err.decode()
    assert process.returncode == 0

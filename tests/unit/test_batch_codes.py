"""Codes over files: each row one code, the same when the run is repeated, killed or gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import geoaddr
from geoaddr.bulk.job import BatchJob
from geoaddr.platform import batch
from tests.tables import read


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/registry.db"


def households(path: Path, count: int) -> None:
    lines = [f"{n} phố Tràng Tiền,21.02{n % 90:02},105.85{n // 90:02},00070" for n in range(1, count + 1)]
    path.write_text("address,lat,lon,ward\n" + "\n".join(lines) + "\n", encoding="utf-8")


def assign(source: Path, out: Path, store: str, **how: object) -> list[dict[str, str]]:
    batch(BatchJob(verb="assign", source=source, out=out, store=store, commune="ward", **how))  # type: ignore[arg-type]
    return read(out)


def test_assign_twice_gives_the_same_codes(tmp_path: Path, store: str) -> None:
    households(tmp_path / "in.csv", 50)
    first = assign(tmp_path / "in.csv", tmp_path / "1.csv", store)
    second = assign(tmp_path / "in.csv", tmp_path / "2.csv", store)
    assert {r["status"] for r in first} == {"ok"}
    assert len({r["ndas"] for r in first}) == 50
    assert [r["ndas"] for r in first] == [r["ndas"] for r in second]
    assert {r["outcome"] for r in first} == {"created"}
    assert {r["outcome"] for r in second} == {"existing"}
    assert {r["code_status"] for r in first} == {"proposed"}


def test_assign_refuses_row_by_row(tmp_path: Path, store: str) -> None:
    lines = [
        "address,lat,lon,ward",
        "1 A,21.0285,105.8542,00070",
        "2 A,21.0285,105.8542,",
        "3 A,21.0285,105.8542,99999",
        "4 A,0,0,00070",
        "gọi 0907936522,21.0285,105.8542,00070",
    ]
    (tmp_path / "in.csv").write_text("\n".join(lines), encoding="utf-8")
    rows = assign(tmp_path / "in.csv", tmp_path / "out.csv", store)
    assert [r["status"] for r in rows] == ["ok", "error", "error", "error", "error"]
    for row, words in zip(rows[1:], ["approximate", "99999", "no commune holds", "telephone number"], strict=True):
        assert words in row["error"]


def test_resolve_over_a_file(tmp_path: Path, store: str) -> None:
    households(tmp_path / "in.csv", 3)
    codes = [r["ndas"] for r in assign(tmp_path / "in.csv", tmp_path / "codes.csv", store)]
    spelled = [f"{codes[0][:5]} {codes[0][5:]}", codes[1], "1102499999", "what", ""]
    (tmp_path / "ask.csv").write_text("code\n" + "\n".join(f'"{c}"' for c in spelled) + "\n")
    batch(BatchJob(verb="resolve", source=tmp_path / "ask.csv", out=tmp_path / "said.csv", store=store))
    rows = read(tmp_path / "said.csv")
    assert [r["status"] for r in rows] == ["ok", "ok", "not_found", "error", "error"]
    assert [r["ndas"] for r in rows[:2]] == codes[:2]
    assert rows[0]["code_status"] == "proposed"
    assert rows[2]["code_status"] == "not_issued"
    assert float(rows[1]["lat"]) == 21.0202
    meant = rows[2]["suggestions"].split("; ")
    assert {sum(a != b for a, b in zip(code, "1102499999", strict=True)) for code in meant} <= {1, 2}
    assert rows[0]["suggestions"] == rows[0]["candidates"] == ""


def test_a_code_with_several_readings_has_their_communes_as_candidates(tmp_path: Path) -> None:
    (tmp_path / "ask.csv").write_text("code\n57906JWW94RH\n")  # Trường Sa spans many degrees
    job = BatchJob(verb="resolve", source=tmp_path / "ask.csv", out=tmp_path / "said.csv", store="memory:")
    batch(job)
    (row,) = read(tmp_path / "said.csv")
    assert (row["status"], row["commune_code"], row["candidates"]) == ("ambiguous", "22736", "22736:1.00")


def test_a_killed_assign_goes_on_to_the_same_rows(tmp_path: Path, store: str) -> None:
    """Killed at whatever moment, gone on with ``--resume``: each row one code, none lost, none twice."""
    households(tmp_path / "in.csv", 2000)
    script = (
        "import sys; from pathlib import Path; import geoaddr.bulk.parts as p\n"
        "p.CHUNK_ROWS = 100\n"
        "from geoaddr.bulk.job import BatchJob; from geoaddr.platform import batch\n"
        "folder, store = sys.argv[1:]\n"
        "files = {'source': Path(folder, 'in.csv'), 'out': Path(folder, 'out.csv')}\n"
        "batch(BatchJob(verb='assign', store=store, commune='ward', resume=True, **files))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path), store]
    killed = 0
    for _ in range(3):
        run = subprocess.Popen(command)
        wait_for_pieces(tmp_path / ".out.csv.parts", killed * 5 + 3, run)
        if run.poll() is None:
            os.kill(run.pid, signal.SIGKILL)
            killed += 1
        run.wait()
    assert killed
    subprocess.run(command, check=True)
    rows = read(tmp_path / "out.csv")
    assert [r["address"].split()[0] for r in rows] == [str(n) for n in range(1, 2001)]
    assert len({r["ndas"] for r in rows}) == 2000
    assert {r["outcome"] for r in rows} == {"created"}
    with geoaddr.open(store=store) as ga:
        assert {a.ndas for a in ga.registry.export()} == {r["ndas"] for r in rows}
        assert ga.registry.verify() == []


def wait_for_pieces(folder: Path, count: int, run: subprocess.Popen[bytes]) -> None:
    while run.poll() is None and len([*folder.glob("*.arrow")]) < count:
        time.sleep(0.005)


def test_a_blank_line_of_a_single_column_is_a_row(tmp_path: Path, store: str) -> None:
    (tmp_path / "ask.csv").write_text("code\n1102499999\n\n1102499998\n")
    batch(BatchJob(verb="resolve", source=tmp_path / "ask.csv", out=tmp_path / "said.csv", store=store))
    assert [r["status"] for r in read(tmp_path / "said.csv")] == ["not_found", "error", "not_found"]

"""``assign`` over tables whose addresses stand in columns of their parts, as those of a post do."""

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
from geoaddr.errors import DataError, InvalidInput
from geoaddr.platform import batch
from tests.command_lines import Lines
from tests.tables import read

FIELDS = tuple((name, name) for name in ("house_number", "alley", "street", "hamlet", "unit", "building"))
TABLE = """\
house_number,alley,street,hamlet,unit,building,xa,lat,lon
12,,Lò Sũ,,,,00070,21.0309,105.8552
5,12; 34,Lò Sũ,,,,00070,21.0310,105.8553
,,,Thôn Đoài,,,00070,21.0311,105.8554
7,,Lò Sũ,,1204,Chung cư Hoa Sen,Hoàn Kiếm,21.0312,105.8555
"""


def assign(source: Path, out: str, store: str, *fields: tuple[str, str], **how: object) -> list[dict[str, str]]:
    job = BatchJob(
        verb="assign",
        source=source,
        out=source.with_name(out),
        store=store,
        fields=fields or FIELDS,
        **how,  # type: ignore[arg-type]
    )
    batch(job)
    return read(job.out)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/registry.db"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_each_row_is_the_household_of_its_parts(source: Path, store: str) -> None:
    """The same as one by one; the levels of an alley are parted by semicolons, blank cells state nothing."""
    rows = assign(source, "out.csv", store, commune="xa")
    assert [(r["status"], r["outcome"]) for r in rows] == [("ok", "created")] * 4
    stated = [
        {"house_number": "12", "street": "Lò Sũ"},
        {"house_number": "5", "alley": ["12", "34"], "street": "Lò Sũ"},
        {"hamlet": "Thôn Đoài"},
        {"house_number": "7", "street": "Lò Sũ", "unit": "1204", "building": "Chung cư Hoa Sen"},
    ]
    with geoaddr.open(store=store) as ga:
        for row, parts in zip(rows, stated, strict=True):
            one = ga.assign({**parts, "commune": row["xa"]}, lat=float(row["lat"]), lon=float(row["lon"]))
            assert (one.outcome, one.ndas) == ("existing", row["ndas"])
            kept = one.address.components.to_dict()
            assert {k: kept[k] for k in parts} == parts


def test_twice_gives_the_same_codes(source: Path, store: str) -> None:
    first, second = (assign(source, out, store, commune="xa") for out in ("1.csv", "2.csv"))
    assert [r["ndas"] for r in first] == [r["ndas"] for r in second]
    assert {r["outcome"] for r in second} == {"existing"}


def test_the_commune_may_be_one_of_the_fields(source: Path, store: str) -> None:
    by_option = assign(source, "1.csv", store, commune="xa")
    for name in ("commune", "ward"):
        by_field = assign(source, f"{name}.csv", store, *FIELDS, (name, "xa"))
        assert [r["ndas"] for r in by_field] == [r["ndas"] for r in by_option]
        with pytest.raises(InvalidInput, match="given twice"):
            assign(source, "3.csv", store, *FIELDS, (name, "xa"), commune="xa")


def test_a_line_stands_beside_its_parts_only_where_it_is_named(tmp_path: Path, store: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text("address,no,st,ward,lat,lon\nnhà bà Tư,12,Lò Sũ,00070,21.0309,105.8552\n", encoding="utf-8")
    fields = (("house_number", "no"), ("street", "st"))
    kept = []
    for name, text in (("1", None), ("2", "address")):
        (row,) = assign(source, f"{name}.csv", f"{store}{name}", *fields, commune="ward", text=text)
        with geoaddr.open(store=f"{store}{name}") as ga:
            kept.append(ga.registry.get(row["ndas"]).components.text)
    assert kept == [None, "nhà bà Tư"]


def test_a_bad_row_says_field_value_and_reason(tmp_path: Path, store: str) -> None:
    source = tmp_path / "in.csv"
    lines = [
        "house_number,street,commune,lat,lon",
        "1,A,00070,21.0285,105.8542",
        "2,A,,21.0285,105.8542",
        "3,A,99999,21.0285,105.8542",
        f"4,{'A' * 201},00070,21.0285,105.8542",
        "5,gọi 0907936522,00070,21.0285,105.8542",
        "6,A,00070,,105.8542",
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    rows = assign(source, "out.csv", store, *((n, n) for n in ("house_number", "street", "commune")))
    assert [r["status"] for r in rows] == ["ok", *["error"] * 5]
    told = ["commune: required", "commune '99999': ", "street 'AAA", "street: no personal data", "lat: empty"]
    for row, words in zip(rows[1:], told, strict=True):
        assert words in row["error"]
        assert row["ndas"] == ""


@pytest.mark.parametrize("name", ["district", "postcode", "text", "phone", "ndas"])
def test_a_field_that_no_household_has_is_refused_before_anything_is_done(
    source: Path, store: str, name: str
) -> None:
    with pytest.raises(InvalidInput, match="no part of a household's address") as caught:
        assign(source, "out.csv", store, (name, "street"))
    assert (caught.value.field, caught.value.value) == ("field", name)
    assert [path.name for path in source.parent.iterdir()] == ["in.csv"]


def test_a_column_that_is_absent_is_named(source: Path, store: str) -> None:
    with pytest.raises(DataError, match="column Phố: no such column; the file has: house_number"):
        assign(source, "out.csv", store, ("street", "Phố"))


def test_who_gives_no_column_is_told_of_both_ways(source: Path, store: str) -> None:
    with pytest.raises(DataError, match=r"add --text COLUMN, or --field street=COLUMN") as caught:
        batch(BatchJob(verb="assign", source=source, out=source.with_name("out.csv"), store=store))
    assert "--field street=CỘT" in caught.value.message("vi")


def test_on_the_command_line(source: Path, tmp_path: Path) -> None:
    options = [word for name, column in FIELDS for word in ("--field", f"{name}={column}")]
    line = Lines(tmp_path)
    done = line("batch", "assign", source, "-o", tmp_path / "out.csv", *options, "--commune", "xa", "--json")
    assert (done.code, done.answer["counts"]["outcome"]) == (0, {"created": 4})


def test_killed_and_gone_on_with_it_gives_each_row_one_code(tmp_path: Path, store: str) -> None:
    lines = [f"{n},Lò Sũ,00070,21.02{n % 90:02},105.85{n // 90:02}" for n in range(1, 1001)]
    (tmp_path / "in.csv").write_text("number,street,ward,lat,lon\n" + "\n".join(lines) + "\n", encoding="utf-8")
    script = (
        "import sys; from pathlib import Path; import geoaddr.bulk.parts as p\n"
        "p.CHUNK_ROWS = 100\n"
        "from geoaddr.bulk.job import BatchJob; from geoaddr.platform import batch\n"
        "folder, store = sys.argv[1:]\n"
        "files = {'source': Path(folder, 'in.csv'), 'out': Path(folder, 'out.csv')}\n"
        "fields = (('house_number', 'number'), ('street', 'street'), ('ward', 'ward'))\n"
        "batch(BatchJob(verb='assign', store=store, fields=fields, resume=True, **files))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path), store]
    run = subprocess.Popen(command)
    while run.poll() is None and len([*(tmp_path / ".out.csv.parts").glob("*.arrow")]) < 3:
        time.sleep(0.005)
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    subprocess.run(command, check=True)
    rows = read(tmp_path / "out.csv")
    assert [r["number"] for r in rows] == [str(n) for n in range(1, 1001)]
    assert len({r["ndas"] for r in rows}) == 1000
    assert {r["outcome"] for r in rows} == {"created"}

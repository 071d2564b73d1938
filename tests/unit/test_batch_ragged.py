"""Rows of CSV that are narrower or wider than the header: none is lost, none is answered, none moves another."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk import parts, readers
from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError
from geoaddr.platform import batch
from tests.tables import read

ADDRESSES = """\
id,address,note
1,"12 Lê Lợi, Láng Hạ, Đống Đa, Hà Nội",sound
2,12 Lê Lợi, Láng Hạ, Đống Đa, Hà Nội,no quotes
3,"12 Lê Lợi
Láng Hạ, Đống Đa, Hà Nội","a line ""inside"" a cell"
4
5,"Láng Hạ, Đống Đa, Hà Nội",sound,"and, more
of it"
6,"Láng Hạ, Đống Đa, Hà Nội",last
"""


def run(tmp_path: Path, content: str, verb: str = "parse", **how: Any) -> list[dict[str, str]]:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(content, encoding="utf-8", newline="")
    how = {"store": "memory:", "overwrite": True, **how}
    batch(BatchJob(verb=verb, source=source, out=out, **how))  # type: ignore[arg-type]
    return read(out)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_row_of_another_width_keeps_its_place_and_says_why(tmp_path: Path, workers: int) -> None:
    rows = run(tmp_path, ADDRESSES, workers=workers)
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row["status"] == "error" for row in rows] == [False, True, False, True, True, False]
    assert [row["error"] for row in rows] == [
        "",
        "this row has 6 fields, the header 3; left over:  Đống Đa, Hà Nội,no quotes",
        "",
        "this row has 1 fields, the header 3",
        'this row has 4 fields, the header 3; left over: "and, more\nof it"',
        "",
    ]
    assert [row["note"] for row in rows] == ["sound", " Láng Hạ", 'a line "inside" a cell', "", "sound", "last"]
    assert {row["commune"] for row in rows if row["status"] == "error"} == {""}


def test_it_is_said_in_the_language_of_the_run(tmp_path: Path) -> None:
    (row,) = run(tmp_path, "id;address\n1;Láng Hạ;Hà Nội\n", lang="vi")
    assert row["error"] == "dòng này có 3 ô, dòng đầu có 2; phần thừa: Hà Nội"


def test_no_address_is_issued_for_it(tmp_path: Path) -> None:
    """Its fields may stand in each other's columns."""
    store = f"sqlite:///{tmp_path}/registry.db"
    lines = ["1 Lê Lợi,21.0285,105.8542,00070,x", "2 Lê Lợi,21.0286,105.8543,00070", "3 Lê Lợi,21.0287,105.8544"]
    rows = run(tmp_path, "\n".join(["address,lat,lon,ward", *lines]), "assign", store=store, commune="ward")
    assert [row["status"] for row in rows] == ["error", "ok", "error"]
    assert [bool(row["ndas"]) for row in rows] == [False, True, False]
    with geoaddr.open(store=store) as ga:
        assert ga.registry.store.counts()["addresses"] == 1


def test_a_file_may_have_no_other_rows(tmp_path: Path) -> None:
    rows = run(tmp_path, "id,address\n1\n2\n3,Láng Hạ,x\n")
    assert [(row["id"], row["status"]) for row in rows] == [("1", "error"), ("2", "error"), ("3", "error")]


def test_a_column_of_the_file_may_have_any_name(tmp_path: Path) -> None:
    rows = run(tmp_path, "ragged,address\n1,Láng Hạ\n2\n")
    assert [(row["ragged"], bool(row["error"])) for row in rows] == [("1", False), ("2", True)]


def test_records_for_a_registry_are_all_sound_or_none_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("lat,lon\n1,2\n1\n")
    refused = pytest.raises(DataError, match="line 3: this row has 1 columns, the header 2")
    with refused, readers.open_source(path) as source:
        list(source.batches)


cell = st.text(st.sampled_from('ab1,;"\n \rđ'), max_size=8)
wide = st.lists(cell, min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(wide, max_size=60), block=st.sampled_from([200, 500, 1 << 20]), piece=st.sampled_from([7, 4096])
)
def test_no_field_of_any_row_is_lost(rows: list[list[str]], block: int, piece: int) -> None:
    """However the file is cut into blocks and pieces, as the reader of the standard library reads it."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["a", "b", "text"], *rows])
    want = [*csv.reader(io.StringIO(file.getvalue(), newline=""))][1:]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(readers, "CSV_BLOCK_BYTES", block)
        patch.setattr(parts, "TEXT_ROWS", piece)
        found = run(Path(folder), file.getvalue())
    for row, fields in zip(found, want, strict=True):
        assert [row["a"], row["b"], row["text"]] == [*fields, "", ""][:3]
        assert row["error"].startswith("this row has ") == (len(fields) != 3)
        if len(fields) > 3:
            rest = row["error"].partition("; left over: ")[2]
            assert next(csv.reader(io.StringIO(rest, newline=""))) == fields[3:]


@pytest.mark.parametrize("before", range(190, 200))
def test_a_cell_keeps_its_line_ends_where_a_block_ends(before: int, tmp_path: Path) -> None:
    """Wherever the first block of 200 characters ends: before, between or after the two characters of one."""
    cell = "x" * 90 + "\r\n" + "y" * 60
    rows = [f'"{"z" * (before - 100)}",1', f'"{cell}",2', '"last",3']
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "CSV_BLOCK_BYTES", 200)
        found = run(tmp_path, "\r\n".join(["address,id", *rows, ""]))
    assert [row["address"] for row in found] == ["z" * (before - 100), cell, "last"]

"""Rows of CSV with a quote that is not closed: told at their places, and no others, however the file is read."""

from __future__ import annotations

import csv
import io
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.bulk import quotes, readers

HEADER = "id,a,s\n"
NOT_CLOSED = "a quote is opened and not closed: "


def rows(path: Path, text: str) -> list[dict[str, Any]]:
    path.write_text(text, encoding="utf-8", newline="")
    with readers.open_source(path, ragged="en") as source:
        return [row for batch in source.batches for row in batch.to_pylist()]


CASES = r"""
what                                | below the header                               | said, by row
as it should be, then the same not  | 1,"12 Le Loi\nQ1",x\n2,"12 Le Loi\nQ1" old,y\n | ; a+1
a narrow row, then the same sound   | 1,"12 Le Loi\nQ1" old\n2,"12 Le Loi\nQ1",y\n   | has 2 fields;
two columns, of which one is sound  | "1\n2","a\nb\nc"d,"x\ny"\n                     | a+2
two that are not                    | 1,"a\nb"c,"d\n\n"e\n                           | a+1
a wide row among others             | 1,a,s\n2,"a\nb"c,s,t\n3,"a\nb"c,s\n            | ; has 4 fields; a+1
nothing closes it                   | 1,a,s\n2,b,"s\n3,c,t\n                         | ; s+1
nothing closes the last line        | 1,a,s\n2,b,"s\n                                | ;
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_it_is_told_of_the_row_and_column_that_it_is_in(tmp_path: Path, line: str) -> None:
    _, text, wanted = (cell.strip() for cell in line.split("|"))
    found = [row["ragged"] or "" for row in rows(tmp_path / "in.csv", HEADER + text.replace("\\n", "\n"))]
    told = [each.removeprefix(NOT_CLOSED).removeprefix("this row ") for each in found]
    told = [each.partition(" lines of")[0].partition(", the header")[0] for each in told]
    told = [each.replace(" holds the next ", "+") for each in told]
    assert told == [each.strip() for each in wanted.split(";")]


@pytest.mark.parametrize("blank", ["\n", "\n\n", "\r\n\r\n", "\ufeff\n"])
@pytest.mark.parametrize(
    "text", ['id,a,s\n1,b,c\n2,d\n3,"e\nf"g,h\n', 'a\nb\n\n"c\nd"e\n'], ids=["three columns", "one"]
)
def test_blank_lines_above_the_header_are_nothing(tmp_path: Path, blank: str, text: str) -> None:
    plain = rows(tmp_path / "plain.csv", text)
    assert rows(tmp_path / "blank.csv", blank + text) == plain
    assert [row["ragged"] is None for row in plain] == (
        [True, False, False] if "," in text else [True, True, False]
    )


def test_a_header_that_is_not_closed_is_no_row(tmp_path: Path) -> None:
    (row,) = rows(tmp_path / "in.csv", 'id,"a\nb"c,s\n1,"a\nb",y\n')
    assert row["ragged"] is None


piece = st.sampled_from(
    ["a", "b", ",", ",", '"', '"', "\n", '"\n', '",', ',"', '""', "\r\n", "1,a,s\n", '1,"a\nb",s\n']
)


@settings(max_examples=100, deadline=None)
@given(text=st.lists(piece, max_size=40).map("".join), block=st.sampled_from([7, 40]))
def test_rows_are_told_as_the_standard_library_reads_them(text: str, block: int) -> None:
    """A file of which the reader is several of its blocks ahead, or one."""
    text = HEADER + text
    whole = quotes.Quotes([text.encode()], ",", blank_rows=False)
    bad = list(whole.until(1 << 40))
    want = [fields for fields in csv.reader(io.StringIO(text, newline="")) if fields][1:]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(readers, "CSV_BLOCK_BYTES", 300)
        patch.setattr(readers, "QUOTES_BLOCK_BYTES", block)
        found = rows(Path(folder) / "in.csv", text)
    for at, (row, fields) in enumerate(zip(found, want, strict=True)):
        if len(fields) != len(HEADER.split(",")):
            assert row["ragged"].startswith("this row has ")
            continue
        assert [row[name] for name in ("id", "a", "s")] == fields
        long = [cell.rstrip("\r\n") for cell in fields if "\n" in cell]
        swallowed = any("\n" in long[nth] for place, nth in bad if place == at)
        assert (row["ragged"] or "").startswith(NOT_CLOSED) == swallowed


def test_the_quotes_are_looked_at_in_the_thread_that_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader reads ahead in one of its own, which no row depends on: a file of many blocks, with rows of every
    kind in all of them."""
    monkeypatch.setattr(readers, "CSV_BLOCK_BYTES", 1000)
    monkeypatch.setattr(readers, "QUOTES_BLOCK_BYTES", 300)
    threads = set()
    look = quotes.Quotes._look

    def looked(self: quotes.Quotes, block: bytes) -> None:
        threads.add(threading.current_thread())
        look(self, block)

    monkeypatch.setattr(quotes.Quotes, "_look", looked)
    lot = '"k\nI"x\n' * 15 + '1,"k\nz",y\n' * 6 + '1,"k\nz"y,\n' + "2,bbbbbbbbbb,c\n" * 140
    found = rows(tmp_path / "in.csv", HEADER + lot * 100)
    said = [(row["ragged"] or "")[:10] for row in found]
    assert said == (["this row h"] * 15 + [""] * 6 + ["a quote is"] + [""] * 140) * 100
    assert threads == {threading.current_thread()}


def test_a_long_row_full_of_such_cells_takes_each_once(tmp_path: Path) -> None:
    """Of many in a row one is told, so that a row is not taken apart for each of them."""
    width = 2000
    text = ",".join(f"c{at}" for at in range(width)) + "\n" + ",".join(['"\n"x'] * width) + "\n"
    (row,) = rows(tmp_path / "in.csv", text)
    assert row["ragged"] == NOT_CLOSED + "c0 holds the next 1 lines of the file"

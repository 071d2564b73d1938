"""Which cells of CSV swallowed the lines after their own: those whose quote the next one of the file closes."""

from __future__ import annotations

import csv
import io
import sys
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geoaddr.bulk.quotes import Quotes, Swallowed


def looked(text: bytes, size: int, delimiter: str = ",", *, blank_rows: bool = False) -> Quotes:
    blocks = (text[begin : begin + size] for begin in range(0, len(text), size))
    return Quotes(blocks, delimiter, blank_rows=blank_rows)


def found(quotes: Quotes) -> list[Swallowed]:
    return list(quotes.until(1 << 40))


CASES = r"""
what                                | below the header                     | row.nth
a forgotten quote                   | 1,"a b,x\n2,c,y\n3,"d e",z\n         | 0.0
two that pair up                    | 1,"a b,x\n2,c,y\n3,"d e,z\n4,f,w\n   | 0.0
an empty cell between               | 1,"a,x\n2,"",y\n3,"d",z\n            | 0.0
two quotes in the cell              | 1,"a ""b"",x\n3,"d",z\n              | 0.0
nothing closes it                   | 1,"a,x\n2,b,y\n                      | 0.0
nothing closes it, and an inch mark | 0,12",w\n1,"a,x\n2,b,y\n             | 1.0
an inch mark in a cell              | 1,12" a,x\n2,13" b,y\n               |
a quote written twice               | 1,"12"" a\nb",x\n                    |
an address of two lines             | 1,"a, b\nc, d",x\n2,"e\nf",y\n       |
text behind a cell of one line      | 1,"a"b,x\n                           |
blanks behind the quote             | 1,"a\nb" \t ,x\n2,"c\nd" \n          |
lines of Windows                    | 1,"a\r\nb"\r\n2,"c"\r\n              |
the last line without an end        | 1,"a\nb"                             |
the same text, as it should be      | 1,"a\nb",x\n2,"a\nb" c,y\n           | 1.0
rows of another width count         | 1\n2,"a\nb"c\n3,4,5,6\n7,"a\nb"c,x\n | 1.0 3.0
blank lines do not                  | \n\n1,2,3\n\r\n\n"a\nb"c,,\n         | 1.0
the second of two cells             | "a\nb","c\nd"e,"f\ng"\n              | 0.1
the first and the third             | "a\nb"c,"d",e,"f\ng","h\ni"j\n       | 0.0 0.2
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_a_quote_closes_a_cell_where_the_cell_ends(line: str, size: int) -> None:
    _, text, wanted = (cell.strip() for cell in line.split("|"))
    text = "id,a,s\n" + text.encode().decode("unicode_escape")
    assert [f"{row}.{nth}" for row, nth in found(looked(text.encode(), size))] == wanted.split()


def test_a_header_may_have_such_a_cell_which_is_no_row_s() -> None:
    assert found(looked(b'id,"a\nb"c,s\n1,"a\nb",y\n', 1000)) == [Swallowed(-1, 0)]


def test_a_blank_line_is_a_row_where_rows_have_one_cell() -> None:
    text = b'a\n\n\r\n"b\nc"d\r\n\r"e\n'
    assert found(looked(text, 3, blank_rows=True)) == [Swallowed(2, 0), Swallowed(4, 0)]


def test_no_more_is_read_than_the_rows_that_are_asked_for() -> None:
    def blocks() -> Iterator[bytes]:
        yield b'a,b\n1,"x\ny"z\n2,"x'
        yield b'\ny"z\n3,4\n'
        pytest.fail("read on")

    quotes = Quotes(blocks(), ",", blank_rows=False)
    assert [list(quotes.until(row)) for row in (1, 2)] == [[Swallowed(0, 0)], [Swallowed(1, 0)]]


cell = st.text(st.sampled_from('ab1,;"\n \rđ'), max_size=8)


@given(rows=st.lists(st.lists(cell, min_size=1, max_size=4), max_size=12), size=st.integers(1, 40))
@example(rows=[['"', '""'], ['a"']], size=1)
def test_cells_that_are_written_as_they_should_be_are_never_told(rows: list[list[str]], size: int) -> None:
    for delimiter in ",;":
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=delimiter).writerows(rows)
        assert not found(looked(file.getvalue().encode(), size, delimiter))


def strictly(text: str) -> list[tuple[list[str], bool]]:
    """The rows of a text, blank ones too, as the standard library reads them, and of each whether that refuses it
    where it is strict: for text behind a cell's quote, or a quote that nothing closes."""
    lines = list(io.StringIO(text, newline=""))
    reader, rows, begin = csv.reader(lines), [], 0
    for fields in reader:
        row, begin = "".join(lines[begin : reader.line_num]), reader.line_num
        try:
            next(csv.reader(io.StringIO(row, newline=""), strict=True), None)
            rows.append((fields, False))
        except csv.Error:
            rows.append((fields, True))
    return rows


@given(text=st.text(st.sampled_from('a"\n\r'), max_size=40), size=st.integers(1, 12))
def test_of_rows_with_one_cell_those_of_several_lines_are_told_that_are_refused(text: str, size: int) -> None:
    wanted = [at for at, (fields, bad) in enumerate(strictly(text), -1) if bad and "\n" in fields[0]]
    assert [row for row, _ in found(looked(text.encode(), size, blank_rows=True))] == wanted


@given(text=st.text(st.sampled_from('a,"\n\r'), max_size=40), size=st.integers(1, 12))
def test_of_rows_with_many_cells_none_is_told_that_is_not_refused(text: str, size: int) -> None:
    rows = [row for row in strictly(text) if row[0]]
    for row, nth in found(looked(text.encode(), size)):
        fields, is_bad = rows[row + 1]
        assert is_bad
        assert nth < sum("\n" in cell for cell in fields)


@given(text=st.text(st.sampled_from('a,"\n\r '), max_size=40), size=st.integers(1, 12))
def test_it_is_the_same_however_the_file_is_read(text: str, size: int) -> None:
    assert found(looked(text.encode(), size)) == found(looked(text.encode(), 1000))


HOSTILE = {
    "cells of narrow rows with one first line": '"k\nI"x\n1,"k\nz",y\n',
    "quotes alone": '"',
    "delimiters and quotes": ',"',
    "a cell that is opened and never closed": '1,"a\n\n\n\n',
    "pairs in such a cell": '1,"a""\n',
    "every cell of one long row": '"\n"x,',
    "every row": '"a\nb"c\n',
    "blank lines": "\n",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_bytes_and_memory_with_a_block(unit: str) -> None:
    block = 1 << 14

    def work(size: int) -> int:
        calls = 0

        def called(*_: object) -> None:
            nonlocal calls
            calls += 1

        text = (unit * (size // len(unit) + 1))[:size].encode()
        quotes = looked(text, block)
        before = sys.getprofile()
        sys.setprofile(called)
        try:
            for _ in quotes.until(1 << 40):
                pass
        finally:
            sys.setprofile(before)
        return calls

    small, large = work(2 * block), work(8 * block)
    assert large <= 4.2 * small + 100

    text = ('1,"' + unit * (1 << 19))[: 1 << 19].encode()
    quotes = looked(text, block)
    tracemalloc.start()
    try:
        for _ in quotes.until(1 << 40):
            pass
        assert tracemalloc.get_traced_memory()[1] < 80 * block
    finally:
        tracemalloc.stop()

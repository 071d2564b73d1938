"""Which cells of CSV swallowed the lines after their own: those whose quote the next one of the file closes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geoaddr.bulk.quotes import Quotes, Swallowed


def looked(text: bytes, size: int, delimiter: str = ",") -> Quotes:
    quotes = Quotes(delimiter)
    for begin in range(0, len(text), size):
        quotes.look(text[begin : begin + size])
    quotes.look(b"")
    return quotes


def found(quotes: Quotes) -> list[Swallowed]:
    return sorted(each for held in quotes._found.values() for each in held)


CASES = r"""
what                                | file                                 | begins          | lines
a forgotten quote                   | 1,"a b,x\n2,c,y\n3,"d e",z\n         | a b,x\n2,c,y\n3, | 2
two that pair up                    | 1,"a b,x\n2,c,y\n3,"d e,z\n4,f,w\n   | a b,x\n2,c,y\n3, | 2
an empty cell between               | 1,"a,x\n2,"",y\n3,"d",z\n            | a,x\n2,",y\n3,  | 2
two quotes in the cell              | 1,"a ""b"",x\n3,"d",z\n              | a "b",x\n3,     | 1
nothing closes it                   | 1,"a,x\n2,b,y\n                      | a,x\n2,b,y      | 1
nothing closes it, and an inch mark | 0,12",w\n1,"a,x\n2,b,y\n             | a,x\n2,b,y      | 1
an inch mark in a cell              | 1,12" a,x\n2,13" b,y\n               |                 |
a quote written twice               | 1,"12"" a\nb",x\n                    |                 |
an address of two lines             | 1,"a, b\nc, d",x\n2,"e\nf",y\n       |                 |
blanks behind the quote             | 1,"a\nb" ,x\n2,"c\nd" \n             |                 |
lines of Windows                    | 1,"a\r\nb"\r\n2,"c"\r\n              |                 |
the last line without an end        | 1,"a\nb"                             |                 |
a byte order mark                   | \ufeff"1","a\nb"\n                   |                 |
""".strip().splitlines()[1:]


@pytest.mark.parametrize("line", CASES, ids=lambda line: line.split("|")[0].strip())
@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_a_quote_closes_a_cell_where_the_cell_ends(line: str, size: int) -> None:
    _, text, begins, lines = (cell.strip() for cell in line.split("|"))
    text, begins = (each.encode().decode("unicode_escape") for each in (text, begins))
    wanted = [Swallowed(begins, int(lines))] if lines else []
    assert found(looked(text.encode(), size)) == wanted


cell = st.text(st.sampled_from('ab1,;"\n \rđ'), max_size=8)


@given(rows=st.lists(st.lists(cell, min_size=1, max_size=4), max_size=12), size=st.integers(1, 40))
@example(rows=[['"', '""'], ['a"']], size=1)
def test_cells_that_are_written_as_they_should_be_are_never_told(rows: list[list[str]], size: int) -> None:
    for delimiter in ",;":
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=delimiter).writerows(rows)
        assert not looked(file.getvalue().encode(), size, delimiter).any


@given(text=st.text(st.sampled_from('a,"\n'), max_size=40), size=st.integers(1, 12))
def test_it_is_the_same_however_the_file_is_read(text: str, size: int) -> None:
    assert found(looked(text.encode(), size)) == found(looked(text.encode(), 1000))

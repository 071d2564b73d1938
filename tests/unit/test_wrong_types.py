"""What is of the wrong type is refused by name, in both languages, before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import geoaddr
from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError, InvalidInput
from geoaddr.platform import Geoaddr, batch

CALLS: list[tuple[str, Callable[[Any], Any], str, str]] = [
    ("a code as a number", lambda ga: ga.unit(26740), "code", "leading zeros"),
    ("a list for an Arrow array", lambda ga: ga.convert_table(["12 Lê Lợi"]), "texts", "not an Arrow array"),
    ("a text for an Arrow array", lambda ga: ga.parse_table("12 Lê Lợi"), "texts", "not an Arrow array"),
    ("a number for a text", lambda ga: ga.parse(12), "text", "text"),
]


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.mark.parametrize(("call", "field", "reason"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS])
def test_wrong_types(ga: Geoaddr, call: Callable[[Any], Any], field: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as caught:
        call(ga)
    assert caught.value.field == field
    assert caught.value.message("vi") != caught.value.message("en")


def test_a_file_in_an_older_encoding(tmp_path: Path) -> None:
    source = tmp_path / "tcvn3.csv"
    source.write_bytes(b'address\n"H\xb5 N\xe9i"\n')
    with pytest.raises(DataError, match="UTF-8"):
        batch(BatchJob(verb="convert", source=source, out=tmp_path / "out.csv", store="memory:"))

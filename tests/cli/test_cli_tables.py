"""The tables that people read, in both languages, as they stand in ``tests/golden/cli_*.txt``."""

from __future__ import annotations

import re
import shlex
import unicodedata
from pathlib import Path

import pytest

from geoaddr.cli.labels import INVARIANTS, LABELS, WORDS
from tests.command_lines import Lines, Ran

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FILES = sorted(GOLDEN.glob("cli_*.txt"))

COUNT = re.compile(r"\w+ (units|types) on ")
VERSION = re.compile(r"\d{4}\.\d\d\.\d\d\+[0-9a-f]{8}")


def cases(file: Path) -> list[tuple[str, str]]:
    """The lines of a file that begin with a dollar, each with the output under it."""
    parts = file.read_text(encoding="utf-8").split("$ geoaddr ")[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2].rstrip("\n")) for part in parts]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_tables(line: Lines, file: Path) -> None:
    for words, expected in cases(file):
        shown = line(*shlex.split(words)).out
        assert VERSION.sub("VERSION", shown).rstrip("\n") == expected


def test_values_of_a_table_stand_in_one_column(line: Lines) -> None:
    for lang in ("en", "vi"):
        shown = line("locate", "21.0285", "105.8542", "--lang", lang).out.splitlines()
        begins = {len(row) - len(re.split(r"  +", row, maxsplit=1)[1]) for row in shown}
        assert len(begins) == 1


def test_every_word_is_in_both_languages_and_composed() -> None:
    said = [*LABELS.values(), *WORDS.values()]
    assert all(each.en and each.vi for each in said)
    for each in said:
        assert unicodedata.is_normalized("NFC", each.vi)


def test_every_invariant_is_told_in_vietnamese(checked: tuple[Ran, Ran]) -> None:
    told, shown = checked
    names = {each["name"] for each in told.answer["checks"]}
    assert names
    assert {name for name in names if not COUNT.match(name)} <= INVARIANTS.keys()
    assert not [name for name in names if name in shown.out]

"""What columns of texts remember of what was answered: bounded, and never a refusal."""

from __future__ import annotations

import random
import string

import pyarrow as pa
import pytest

import geoaddr
from geoaddr.bulk import distinct
from geoaddr.bulk.remembered import Remembered
from geoaddr.bulk.texts import TextColumns


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Distinct rows without end, good and bad, take no more room than some."""
    monkeypatch.setattr(distinct, "MOST_REMEMBERED", 100)
    ga = geoaddr.open(store="memory:")
    columns = TextColumns(ga)
    pick = random.Random(1)
    for _ in range(4):
        bad = ["".join(pick.choices(string.printable, k=30)) for _ in range(150)]
        answers = pa.table(columns.convert(pa.array(bad)))
        assert answers.num_rows == 150
        assert set(answers["status"].to_pylist()) <= {"not_found", "partial", "ambiguous", "ok", "error"}
    assert len(columns._converting["new"]._remembered) <= 100


def test_what_was_asked_for_lately_is_remembered() -> None:
    kept: Remembered[int] = Remembered(10, 1000)
    for n in range(1000):
        kept.put(n, n, 1)
        assert kept.get(0) == 0
        assert len(kept) <= 10
    assert kept.get(500) is None


def test_what_is_remembered_is_bounded_by_characters_too() -> None:
    """Ten answers to short texts, or fewer to long ones."""
    kept: Remembered[int] = Remembered(10, 100)
    for n in range(20):
        kept.put(n, n, 40)
    assert len(kept) == 2
    assert kept.get(19) == 19
    kept.put("longer than all", 1, 1000)
    assert kept.get("longer than all") == 1


@pytest.mark.parametrize("text", ["x" * 5000, f"12 {'y' * 5000}"])
def test_texts_that_are_refused_are_not_remembered(text: str) -> None:
    columns = TextColumns(geoaddr.open(store="memory:"))
    for _ in range(2):
        assert pa.table(columns.parse(pa.array([text])))["status"].to_pylist() == ["error"]
    assert len(columns._parsing._remembered) == 0

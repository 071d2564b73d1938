"""Real households in a registry tell where other old addresses of their streets lie, by text alone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

import geoaddr
from geoaddr.conversion import Converted
from geoaddr.known import street_key
from geoaddr.model import COMPONENT_NAMES
from tests.tables import read

UNSETTLED = ("note", "prior")
"""Grounds that do not decide between the parts of a divided commune."""


class Asked(NamedTuple):
    """An old text whose commune was divided, with the commune that it is in, before and after."""

    truth: str
    before: Converted
    after: Converted


@pytest.fixture(scope="module")
def asked(shared: Path, real_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Every second row of each street was asked of a registry with the others, and the other way round."""
    rows = read(shared / "data/addresses/real_addresses_dev.csv")
    streets: dict[str, list[tuple[dict[str, str], Converted]]] = defaultdict(list)
    folder = tmp_path_factory.mktemp("known")
    with geoaddr.open(real_pack, f"sqlite:///{folder / 'none.db'}") as ga:
        for row in rows:
            answer = ga.convert(row["old_address"])
            if answer.components.street and any(c.basis in UNSETTLED for c in answer.candidates[:1]):
                streets[street_key(answer.components.street)].append((row, answer))
        assert ga.known is None
    several = [found for found in streets.values() if len(found) > 1]
    halves = [[one for found in several for one in found[first::2]] for first in (0, 1)]
    answered: list[Asked] = []
    for households, others in (halves, halves[::-1]):
        with geoaddr.open(real_pack, f"sqlite:///{folder / str(len(answered))}.db") as ga:
            for row, before in households:
                stated = {n: v for n, v in before.components.to_dict().items() if n in COMPONENT_NAMES and v}
                ga.assign(stated, lat=float(row["lat"]), lon=float(row["lon"]))
            assert ga.registry.verify() == []
            answered += [Asked(row["commune_code"], old, ga.convert(row["old_address"])) for row, old in others]
    return answered


@pytest.mark.shared
def test_more_are_right_and_none_less_honest(asked: list[Asked]) -> None:
    told = [one for one in asked if one.after.candidates[0].basis == "known"]
    before = sum(_is_right(one.before, one) for one in told)
    after = sum(_is_right(one.after, one) for one in told)
    stood_behind = [one for one in told if one.after.status == "ok"]
    wrong = sum(not _is_right(one.after, one) for one in stood_behind)
    sure = sum(one.after.confidence or 0.0 for one in told)
    print(f"{len(asked)} asked, {len(told)} told: {before} right before, {after} after, {sure:.0f} by confidence; "
          f"{len(stood_behind)} ok, {wrong} of them wrong")  # fmt: skip
    assert len(told) > 150
    assert after > before + 0.1 * len(told)
    assert wrong <= 0.1 * len(stood_behind)
    assert sure <= after + 0.05 * len(told)


def _is_right(answer: Converted, one: Asked) -> bool:
    return answer.commune is not None and answer.commune.code == one.truth


@pytest.mark.shared
def test_what_is_not_known_stays_as_it_was(asked: list[Asked]) -> None:
    for one in asked:
        if all(c.basis != "known" for c in one.after.candidates):
            assert one.after == one.before
        else:
            assert {c.commune for c in one.after.candidates} == {c.commune for c in one.before.candidates}
            assert sum(c.weight for c in one.after.candidates) == pytest.approx(1.0)

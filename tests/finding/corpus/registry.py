"""The corpus's own registry, and how it and the searches for its households were made.

    python -m tests.finding.corpus.registry

The households are made up, nobody's homes (``geoaddr synth``). What is expected of a search for one is what its
record says, and no answer of any search.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import geoaddr
from geoaddr.platform import Geoaddr
from geoaddr.registry import LoadRow
from tests.finding import made_up

HERE = Path(__file__).parent
HOUSEHOLDS = HERE / "households.csv"
MADE = {"households": 900, "provinces": ["48"], "seed": 11}
ASKED = 60
"""Of each writing so many are asked for."""

TOLERANCE_M = 40
COLUMNS = ("query", "limit", "expected_type", "expected_city", "expected_state", "expected_coordinate", "comment")


def fill(ga: Geoaddr) -> None:
    """Load the households of the corpus."""
    rows = [LoadRow(n, {k: v for k, v in row.items() if v}) for n, row in enumerate(_households(), 1)]
    loaded = ga.registry.load(rows, actor="synthetic data").loaded
    if loaded != len(rows):
        raise ValueError(f"{HOUSEHOLDS}: {loaded} of {len(rows)} rows were loaded")


def _households() -> list[dict[str, str]]:
    with HOUSEHOLDS.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Make the households and the searches for them anew."""
    with tempfile.TemporaryDirectory() as folder, geoaddr.open(store="memory:") as ga:
        ga.synth(HOUSEHOLDS, columns="registry", overwrite=True, **MADE)
        lines = made_up.lines(ga, Path(folder), **MADE)
    records = {row["ndas"]: row for row in _households() if row["house_number"] and not row["unit"]}
    for style, of in lines.items():
        draw = random.Random(style)
        some = draw.sample(sorted(records), ASKED)
        _write(f"test_{style}.csv", ((of[ndas], records[ndas], "") for ndas in some))
    draw = random.Random("typo")
    named = sorted(ndas for ndas, row in records.items() if not row["street"].startswith("Đường số"))
    some = draw.sample(named, ASKED)
    _write("test_typos.csv", (_typo(lines["official"][ndas], records[ndas], draw) for ndas in some))


def _typo(line: str, record: dict[str, str], draw: random.Random) -> tuple[str, dict[str, str], str]:
    """A letter of the street left out, doubled, or exchanged with the next."""
    street = record["street"].removeprefix("Đường ")
    first = line.index(street)
    at = draw.choice([n for n in range(first + 1, first + len(street) - 1) if line[n : n + 2].isalpha()])
    slip = draw.choice(("left out", "doubled", "exchanged"))
    new = {"left out": "", "doubled": line[at] * 2, "exchanged": line[at + 1] + line[at]}[slip]
    return f"{line[:at]}{new}{line[at + 1 + (slip == 'exchanged') :]}", record, f"a letter {slip}"


def _write(name: str, rows: Iterator[tuple[str, dict[str, str], str]]) -> None:
    with (HERE / "vietnam" / "danang" / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for query, record, comment in rows:
            point = f"{record['lat']},{record['lon']},{TOLERANCE_M}"
            writer.writerow([query, 1, "house", record["commune"], record["province"], point, comment])


if __name__ == "__main__":
    main()

"""How households are counted out: by weights, exactly, within what areas hold."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geoaddr
from geoaddr.errors import DataError, GeoaddrError, InvalidInput, UnknownUnit
from geoaddr.synthetic import plan
from geoaddr.synthetic.weights import apportion
from tests.synthetic.conftest import HOUSEHOLDS, PROVINCES

WEIGHTS = st.dictionaries(st.text("0123456789", min_size=5, max_size=5), st.integers(0, 10**6), min_size=1)


@given(st.integers(1, 10**6), WEIGHTS)
def test_each_has_its_exact_share_rounded(total: int, weights: dict[str, int]) -> None:
    whole = sum(weights.values())
    if not whole:
        return
    found = apportion(total, weights, most=total)
    assert sum(found.values()) == total
    assert all(abs(found[code] - Fraction(total * weight, whole)) < 1 for code, weight in weights.items())


@given(st.integers(1, 3_000), WEIGHTS, st.integers(1, 100))
def test_none_has_more_than_there_is_room_for(total: int, weights: dict[str, int], most: int) -> None:
    room = most * sum(weight > 0 for weight in weights.values())
    if total > room:
        with pytest.raises(InvalidInput, match="households"):
            apportion(total, weights, most=most)
        return
    found = apportion(total, weights, most=most)
    assert sum(found.values()) == total
    assert max(found.values()) <= most
    free = {code for code, count in found.items() if count < most}
    whole, left = sum(weights[code] for code in free), sum(found[code] for code in free)
    assert all(abs(found[code] - Fraction(left * weights[code], whole or 1)) <= 1 for code in free)


def test_the_asked_provinces_and_no_other(nation: pa.Table) -> None:
    assert nation.num_rows == HOUSEHOLDS
    assert set(nation["province_code"].to_pylist()) == set(PROVINCES)
    assert nation["id"].to_pylist() == list(range(1, HOUSEHOLDS + 1))


def test_towns_are_denser_than_the_country(ga: geoaddr.Geoaddr, nation: pa.Table) -> None:
    counts = Counter(zip(nation["commune_code"].to_pylist(), nation["commune"].to_pylist(), strict=True))
    density: dict[str, list[float]] = {"Phường": [], "Xã": []}
    for (code, name), households in counts.items():
        area = ga.locator.index.polygon(ga.locator.codes.index(code)).area
        density[name.split()[0]].append(households / area)
    assert min(density["Phường"]) > 0
    assert sum(density["Phường"]) / len(density["Phường"]) > 5 * sum(density["Xã"]) / len(density["Xã"])


def test_a_population_tells(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    """Three communes of Hà Nội, others of the country absent: they are raised to what the province suggests."""
    units = [unit.code for unit in ga.units("commune", parent="01")]
    people = {code: 10_000 + 500 * i for i, code in enumerate(units)}
    people[units[3]] = 12
    source, out = tmp_path / "people.csv", tmp_path / "out.parquet"
    lines = [f"{code},{n},x" for code, n in people.items() if code != units[4]]
    source.write_text("\n".join(["code,population,note", *lines]))
    made = ga.synth(out, households=20_000, provinces=["01"], population=source)
    counts = Counter(pq.read_table(out, columns=["commune_code"])["commune_code"].to_pylist())
    assert set(made.raised) == {units[3], units[4]}
    sound = [code for code in units if code not in made.raised]
    scale = sum(counts[code] for code in sound) / sum(people[code] for code in sound)
    assert all(abs(counts[code] - people[code] * scale) < 1.1 for code in sound)
    middle = sorted(people[code] for code in sound)[len(sound) // 2]
    assert all(12 * scale < counts[code] <= math.ceil(middle * scale) for code in made.raised)


def test_a_province_is_the_nations_part(
    ga: geoaddr.Geoaddr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a number, a province has the very households that it has in the nation; only their ids differ."""
    monkeypatch.setattr(plan, "NATION_HOUSEHOLDS", 40_000)
    ga.synth(tmp_path / "all.parquet")
    ga.synth(tmp_path / "one.parquet", provinces=["04"])
    one = pq.read_table(tmp_path / "one.parquet")
    part = pq.read_table(tmp_path / "all.parquet", filters=[("province_code", "=", "04")])
    assert one.num_rows > 200
    assert one.drop_columns(["id"]).equals(part.drop_columns(["id"]))


REFUSED = [
    ({"households": 0}, InvalidInput, "households"),
    ({"households": True}, InvalidInput, "households"),
    ({"households": 10.0}, InvalidInput, "households"),
    ({"households": 12_600_001, "provinces": ["01"]}, InvalidInput, "households"),
    ({"provinces": ["97"]}, UnknownUnit, "province"),
    ({"seed": -1}, InvalidInput, "seed"),
    ({"seed": "7"}, InvalidInput, "seed"),
    ({"style": "loud"}, InvalidInput, "style"),
    ({"columns": "some"}, InvalidInput, "columns"),
    ({"workers": 0}, InvalidInput, "workers"),
]


@pytest.mark.parametrize(("options", "error", "field"), REFUSED)
def test_what_cannot_be_made(
    ga: geoaddr.Geoaddr, tmp_path: Path, options: dict[str, object], error: type[GeoaddrError], field: str
) -> None:
    with pytest.raises(error, match=field) as refused:
        ga.synth(tmp_path / "out.parquet", **options)
    assert refused.value.message("vi") != refused.value.message("en")
    assert not list(tmp_path.iterdir())


FILES = """\
code,people\\n00004,5|no such column
code,population\\n00004,5\\n99999,5|line 3, column code: '99999': no commune
code,population\\n00004,5\\n00004,6|line 3, column code: '00004': stands twice
code,population\\n00004,many|line 2, column population: 'many': not a number
code,population\\n00004,-1|line 2, column population: '-1': not a number
code,population\\n00004,nan|line 2, column population: 'nan': not a number
code,population\\n4,5|line 2, column code: '4': no commune
"""


@pytest.mark.parametrize("case", FILES.splitlines())
def test_populations_that_cannot_be_used(ga: geoaddr.Geoaddr, tmp_path: Path, case: str) -> None:
    text, _, complaint = case.partition("|")
    source = tmp_path / "people.csv"
    source.write_text(text.replace("\\n", "\n"))
    with pytest.raises(DataError, match=complaint):
        ga.synth(tmp_path / "out.parquet", households=100, population=source)
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_files_that_are_there_are_kept(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(InvalidInput, match="overwrite"):
        ga.synth(out, households=10)
    assert out.read_text() == "mine"
    with pytest.raises(InvalidInput, match="must end in"):
        ga.synth(tmp_path / "out.gpkg", households=10)

"""What a made-up row says: codes, numbers, lines in every style, and that it is made up."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import geoaddr
from geoaddr.codes import damm, ndas
from tests.tables import read

POSTCODES = {
    line["commune"]: line["postcode"]
    for line in read(Path(__file__).resolve().parents[2] / "data/sources/postcodes.csv")
    if not line["valid_to"]
}


def test_the_file_says_that_it_is_made_up(nation_file: Path) -> None:
    said = pq.read_metadata(nation_file).metadata
    assert said[b"geoaddr.synthetic"] == b"true"
    assert "nobody's home" in said[b"geoaddr.notice"].decode()
    assert "không phải nhà của ai" in said[b"geoaddr.notice.vi"].decode()
    assert said[b"geoaddr.seed"] == b"7"


def test_codes_are_well_formed_unique_and_of_the_communes_area(rows: list[dict[str, Any]]) -> None:
    assert len({row["ndas"] for row in rows}) == len(rows)
    for row in rows:
        assert ndas.is_valid(row["ndas"])
        assert row["ndas"][:5] == row["postcode"] == POSTCODES[row["commune_code"]]


def test_codes_are_in_the_issuing_order(rows: list[dict[str, Any]]) -> None:
    """Areas with fewer than 10,000 codes are in layer 0, where no slip goes unseen, and look random."""
    assert {damm.state(row["ndas"]) for row in rows} == {0}
    extensions = [int(row["ndas"][5:]) for row in rows]
    rising = sum(a < b for a, b in pairwise(extensions))
    assert 0.45 < rising / len(extensions) < 0.55


def test_house_numbers_are_unique_on_their_way(rows: list[dict[str, Any]]) -> None:
    where = Counter(
        (row["commune_code"], row["street"], row["alley"], row["building"], row["house_number"], row["unit"])
        for row in rows
        if row["house_number"]
    )
    assert max(where.values()) == 1


def test_forms(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["house_number"] or row["hamlet"]
        assert bool(row["house_number"]) == bool(row["street"])
        assert re.fullmatch(r"[1-9]\d*A?", row["house_number"] or "1")
        assert re.fullmatch(r"[1-9]\d*A?(; [1-9]\d*A?)?", row["alley"] or "1")
        assert bool(row["building"]) == bool(row["floor"]) == bool(row["unit"])
        assert row["floor"] != "13"
        if row["hamlet"]:
            assert not row["commune"].startswith("Phường")
            assert row["hamlet"].split()[0] == ("Thôn" if row["province_code"] == "01" else "Ấp")
    assert {"12A", "14"} <= {row["floor"] for row in rows}


LINES = """
province | line
01 | Số \\d+A? đường .+, Phường .+, Thành phố Hà Nội
01 | Số \\d+A? ngõ \\d+A? đường .+, Thôn .+, Xã .+, Thành phố Hà Nội
01 | Số \\d+A? ngách \\d+A?/\\d+A? đường .+, Phường .+, Thành phố Hà Nội
92 | \\d+A?/\\d+A? đường .+, Phường .+, Thành phố Cần Thơ
92 | \\d+A?/\\d+A?/\\d+A? đường .+, Ấp .+, Xã .+, Thành phố Cần Thơ
92 | Ấp .+, Xã .+, Thành phố Cần Thơ
01 | Căn hộ \\d+A?-0[1-8], Chung cư .+, số \\d+ đường .+, Phường .+, Thành phố Hà Nội
"""


@pytest.mark.parametrize("case", LINES.strip().splitlines()[1:])
def test_lines(rows: list[dict[str, Any]], case: str) -> None:
    province, _, form = case.partition(" | ")
    assert sum(bool(re.fullmatch(form, r["address"])) for r in rows if r["province_code"] == province) > 20


def test_the_line_holds_what_the_columns_say(rows: list[dict[str, Any]]) -> None:
    for row in rows[::17]:
        for name in ("house_number", "hamlet", "building", "unit", "commune", "province"):
            assert (row[name] or "") in row["address"]
        assert (row["street"] or "").removeprefix("Đường ") in row["address"]
        assert (row["alley"] or "").replace("; ", "/") in row["address"]


def test_what_is_written_is_understood(ga: geoaddr.Geoaddr, nation: pa.Table) -> None:
    some = nation.take(pa.array(range(0, nation.num_rows, 401)))
    told = ga.parse_table(some["address"].combine_chunks())
    assert told["commune_code"].to_pylist() == some["commune_code"].to_pylist()


STYLES = """
style       | contains            | never
abbreviated | , (P|X|ĐK)\\. .+, TP\\. | Phường |Xã |Thành phố
unaccented  | Thanh pho Ha Noi    | [^ -~]
old         | (Quận|Huyện|Thị xã) | $^
"""


@pytest.mark.parametrize("case", STYLES.strip().splitlines()[1:])
def test_styles(ga: geoaddr.Geoaddr, tmp_path: Path, case: str) -> None:
    style, contains, never = (part.strip() for part in re.split(r" \| ", case, maxsplit=2))
    ga.synth(tmp_path / "x.parquet", households=2_000, provinces=["01"], style=style)
    written = pq.read_table(tmp_path / "x.parquet")["address"].to_pylist()
    assert all(re.search(contains, line) and not re.search(never, line) for line in written)


def test_old_units_are_predecessors(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    """An old line, converted, may lead back to the household's commune."""
    ga.synth(tmp_path / "x.parquet", households=400, provinces=["48"], style="old")
    made = pq.read_table(tmp_path / "x.parquet").slice(0, 400).take(pa.array(range(0, 400, 8)))
    for line, commune in zip(made["address"].to_pylist(), made["commune_code"].to_pylist(), strict=True):
        found = ga.convert(line)
        assert commune in {candidate.commune.code for candidate in found.candidates if candidate.commune}, line


def test_a_mixture_has_all_styles(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    ga.synth(tmp_path / "x.parquet", households=4_000, provinces=["79"], style="mixed")
    lines = pq.read_table(tmp_path / "x.parquet")["address"].to_pylist()
    ends = Counter(style_of(line) for line in lines)
    shares = {name: count / len(lines) for name, count in ends.items()}
    assert shares == pytest.approx(
        {"official": 0.4, "abbreviated": 0.25, "unaccented": 0.2, "old": 0.15}, abs=0.04
    )


def style_of(line: str) -> str:
    if "TP. " in line:
        return "abbreviated"
    if line.isascii():
        return "unaccented"
    return "old" if re.search("Quận|Huyện|Thị xã|Thành phố .+, Thành phố|Tỉnh", line) else "official"

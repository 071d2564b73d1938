"""``geoaddr data amend`` as typed: foreseen on a registry's addresses, applied, and what the pack answers then."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import shapely

from geoaddr.importing.layer_import import import_layer
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.command_lines import Lines
from tests.importing.layers import CODES, SQUARES, write_parquet
from tests.tables import read

HEAD = ("action", "on", "legal_basis", "unit", "into", "name", "type", "parent", "postcode", "geometry")
DAY, BASIS = "2027-01-01", "1234/NQ-UBTVQH16"
MIDDLES = {code: shapely.centroid(square) for code, square in zip(CODES, SQUARES, strict=True)}
"""20194, 20197, 20200 and 20209 of Đà Nẵng as squares of a tenth of a degree."""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("squares")
    source = write_parquet(folder / "squares.parquet", {"code": CODES}, SQUARES)
    import_layer(source, folder / "squares.gapack", base=Pack.open(EMBEDDED_PACK))
    return folder / "squares.gapack"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Hải Vân and Liên Chiểu become one, Thanh Khê is divided, and its east joins Hòa Khánh."""
    feature = '{"type":"Feature","properties":{"from":"20209","into":"%s"},"geometry":%s}'
    west, east = shapely.box(108.1, 16.1, 108.13, 16.2), shapely.box(108.13, 16.1, 108.2, 16.2)
    parts = [feature % (into, shapely.to_geojson(p)) for into, p in (("20209", west), ("20200", east))]
    (tmp_path / "parts.geojson").write_text('{"type":"FeatureCollection","features":[' + ",".join(parts) + "]}")
    rows = [
        ("merge", DAY, BASIS, "20194", "20194", "Hải Liên", "", "", "", ""),
        ("merge", DAY, BASIS, "20197", "20194", "", "", "", "", ""),
        ("split", DAY, BASIS, "20209", "20209", "", "", "", "", "parts.geojson"),
        ("split", DAY, BASIS, "20209", "20200", "", "", "", "", "parts.geojson"),
        ("merge", DAY, BASIS, "20200", "20200", "", "", "", "", ""),
    ]  # fmt: skip
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return tmp_path / "r.csv"


@pytest.fixture
def codes(line: Lines, pack: Path) -> dict[str, str]:
    """The NDAS codes of five households, by where they lie."""
    places = {**{code: (point.y, point.x) for code, point in MIDDLES.items()}, "west": (16.15, 108.11)}
    found = {}
    for place, (lat, lon) in places.items():
        words = ("--lat", lat, "--lon", lon, "--house-number", "1", "--street", "Nguyễn Trãi", "--json")
        found[place] = line("assign", *words, "--pack", pack).answer["ndas"]
    return found


def test_a_dry_run_counts_and_lists_the_addresses_and_changes_nothing(
    line: Lines, pack: Path, table: Path, codes: dict[str, str], tmp_path: Path
) -> None:
    registry = (tmp_path / "registry.db").read_bytes()
    listing = tmp_path / "touched.csv"
    words = ("data", "amend", table, "--dry-run", "--pack", pack, "--store", line.store)
    found = line(*words, "--addresses", listing, "--json").answer
    assert found["pack"] is None
    assert found["addresses"]["total"] == 5
    assert {(u["action"], u["unit"], u["into"]): u["addresses"] for u in found["addresses"]["units"]} == {
        ("merge", "20194", "20194"): 1,
        ("merge", "20197", "20194"): 1,
        ("merge", "20200", "20200"): 1,
        ("split", "20209", "20200"): 1,
        ("split", "20209", "20209"): 1,
    }
    assert sorted((row["ndas"], row["unit"], row["into"]) for row in read(listing)) == sorted(
        [
            (codes["20194"], "20194", "20194"), (codes["20197"], "20197", "20194"),
            (codes["20200"], "20200", "20200"), (codes["20209"], "20209", "20200"),
            (codes["west"], "20209", "20209"),
        ]
    )  # fmt: skip
    assert (tmp_path / "registry.db").read_bytes() == registry
    shown = line(*words, "--lang", "vi").out
    assert "Phường Liên Chiểu (20197)" in shown
    assert "20209 → 20200: 1" in shown


def test_the_amended_pack_answers_by_the_day_and_codes_stay(
    line: Lines, pack: Path, table: Path, codes: dict[str, str], tmp_path: Path
) -> None:
    new = tmp_path / "new.gapack"
    made = line("data", "amend", table, "-o", new, "--pack", pack, "--json").answer
    assert made["redrawn"] == [DAY]
    wanted = {"20194": "20194", "20197": "20194", "20200": "20200", "20209": "20200", "west": "20209"}
    was = {**dict.fromkeys(CODES), **{code: code for code in CODES}, "west": "20209"}
    for place, ndas in codes.items():
        for day, expected in (("2026-12-31", was[place]), (DAY, wanted[place])):
            (reading,) = line("resolve", ndas, "--as-of", day, "--pack", new, "--json").answer["readings"]
            assert (reading["ndas"], reading["commune"]["code"]) == (ndas, expected), (place, day)
    assert line("data", "check", "--pack", new, "--json").answer["sound"]
    info = line("data", "info", "--pack", new, "--json").answer
    assert [(x["level"], x["valid_from"], x["valid_to"], x["units"]) for x in info["layers"]] == [
        ("commune", "2025-07-01", DAY, 4),
        ("commune", DAY, None, 3),
    ]
    assert (
        line("locate", "16.05", "108.15", "--pack", new, "--json").answer["commune"]["full_name"]
        == "Phường Hải Liên"
    )


REFUSALS = [
    (("-o", "x.gapack", "--dry-run"), "out: 'x.gapack': nothing is written with --dry-run"),
    ((), "out: missing"),
    (("-o", "x.gapack", "--addresses", "a.csv"), "goes with --dry-run"),
]


@pytest.mark.parametrize(("words", "reason"), REFUSALS)
def test_options_that_do_not_go_together(line: Lines, table: Path, words: tuple[str, ...], reason: str) -> None:
    ran = line("data", "amend", table, *words)
    assert ran.code == 2
    assert reason.split(": ")[-1] in ran.complaint


def test_a_wrong_line_is_named_and_nothing_is_written(
    line: Lines, pack: Path, table: Path, tmp_path: Path
) -> None:
    table.write_text(table.read_text(encoding="utf-8").replace(",20197,", ",20198,"), encoding="utf-8")
    ran = line("data", "amend", table, "-o", tmp_path / "new.gapack", "--pack", pack)
    assert ran.code == 2
    assert ran.complaint == f"{table}, line 3, column unit: no commune 20198 stands on 2027-01-01"
    assert not (tmp_path / "new.gapack").exists()

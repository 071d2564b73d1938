"""The reference data proves itself, and agrees with others' tables but for listed rows."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from geoaddr.gazetteer import Gazetteer
from geoaddr.importing.checks import check_gazetteer, compare_links
from geoaddr.importing.gazetteer_sections import copy_sections, to_sections
from geoaddr.importing.sources import Sources
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack
from geoaddr.text.fold import fold_keep_accents


def test_every_invariant_holds(gazetteer: Gazetteer) -> None:
    checks = check_gazetteer(gazetteer)
    assert [check for check in checks if not check.ok] == []
    assert len(checks) >= 20


def test_the_packs_date_is_the_last_amendments(gazetteer: Gazetteer) -> None:
    assert gazetteer.date == dt.date(2026, 9, 20)


def test_links_differ_from_the_published_table_in_few_listed_rows(gazetteer: Gazetteer, shared: Path) -> None:
    units = shared / "data" / "units"
    found = compare_links(gazetteer, units / "dvhcvn_splits_2025.json", units / "dvhcvn_merges_2025.json")
    assert 30 <= len({difference.old for difference in found}) <= 60
    assert all(difference.ours != difference.theirs for difference in found)
    # The table draws Phường Phú Sơn of Thanh Hóa to the homonyms' new communes too.
    assert {d.new for d in found if d.old == "14770" and d.ours is None} == {"14818", "16624"}


def test_names_agree_with_the_polygons_publisher(gazetteer: Gazetteer, shared: Path) -> None:
    import pyarrow.parquet as pq

    path = shared / "data/boundaries/vn2025_communes_full.parquet"
    layer = pq.read_table(path, columns=["code", "full_name"]).to_pylist()
    ours = {u.code: fold_keep_accents(u.name) for u in gazetteer.units("commune", as_of=dt.date(2025, 7, 1))}
    assert {row["code"] for row in layer} == set(ours)
    differing = {
        row["code"] for row in layer if not fold_keep_accents(row["full_name"]).endswith(" " + ours[row["code"]])
    }
    assert differing == set()


def test_postcodes_and_amendments_are_the_decisions_facts(sources: Sources, shared: Path) -> None:
    with (shared / "data/units/amendments_2026.csv").open(encoding="utf-8", newline="") as lines:
        decided = {(r["level"], r["code"], r["effective_on"], r["type_after"]) for r in csv.DictReader(lines)}
    ours = {
        (s.level, s.code, s.valid_from.isoformat(), s.type)
        for s in sources.stretches
        if s.continues and s.valid_from > dt.date(2025, 7, 1)
    }
    assert ours == decided


def test_a_copied_gazetteer_is_the_same_bytes(pack: Pack, sources: Sources, tmp_path: Path) -> None:
    info = PackInfo("test", "1", sources.date, "none")
    first = write_pack(tmp_path / "built.gapack", info, to_sections(sources))
    second = write_pack(tmp_path / "copied.gapack", info, copy_sections(pack))
    assert first == second
    assert (tmp_path / "built.gapack").read_bytes() == (tmp_path / "copied.gapack").read_bytes()

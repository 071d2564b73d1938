"""The report of a run: counted as the rows are, in bounded room, readable by people, silent where told to be."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk import parts
from geoaddr.bulk.answers import ANSWER_COLUMNS, Plan
from geoaddr.bulk.job import BatchJob
from geoaddr.bulk.report_map import CELL, EXTENT, HEIGHT, NARROW, PIXELS, WIDTH, outlines
from geoaddr.bulk.tally import BINS, MOST_KINDS, Tally
from geoaddr.errors import DataError, InvalidInput
from geoaddr.platform import batch
from tests.tables import read

ROWS = """\
id,address,y,x
1,"112 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội",,
2,"57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội",,
3,,,
4,<script>alert(1)</script>,,
5,"xã Tân Lập",,
6,"16 Lý Thái Tổ, Hoàn Kiếm, Hà Nội",91,105.8
"""


@pytest.fixture
def addresses(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def ran(source: Path, report: Path, verb: Any = "convert", **how: Any) -> list[dict[str, str]]:
    out = source.with_name("out.csv")
    points = {"lat": "y", "lon": "x"} if verb == "convert" else {}
    job = BatchJob(
        verb=verb, source=source, out=out, store="memory:", report=report, overwrite=True, **points, **how
    )
    batch(job)
    return read(out)


def test_what_the_rows_say_is_what_the_report_counts(addresses: Path, tmp_path: Path) -> None:
    rows = ran(addresses, tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    deepest = [next((n for n in ("commune", "district", "province") if r[f"{n}_code"]), "none") for r in rows]
    want = Counter((r["status"], level) for r, level in zip(rows, deepest, strict=True))
    got = {(s, level): n for s, levels in report["status_by_level"].items() for level, n in levels.items()}
    assert got == want
    confidences = [float(r["confidence"]) for r in rows if r["confidence"]]
    about = report["distributions"]["confidence"]
    assert sum(b["rows"] for b in about["bins"]) == len(confidences)
    assert about["without"] == len(rows) - len(confidences)
    for value in confidences:
        assert any(b["from"] <= value <= b["to"] and b["rows"] for b in about["bins"])
    assert report["error_kinds"] == Counter(r["error"] for r in rows if r["error"])
    named = {(p["name"], p["status"]): p["rows"] for p in report["provinces"]}
    assert named == Counter((r["province"], r["status"]) for r in rows if r["province"])
    asked = sorted(
        ((-1.0 if r["status"] == "not_found" else float(r["confidence"] or "nan")), n)
        for n, r in enumerate(rows, 1)
        if r["status"] == "not_found" or r["confidence"]
    )
    assert [w["row"] for w in report["weakest_rows"]] == [n for _, n in asked]
    assert report["weakest_rows"][1]["text"] == "<script>alert(1)</script>"
    assert [e["row"] for e in report["first_errors"]] == [6]
    assert report["version"] == geoaddr.__version__


statuses = st.sampled_from(["ok", "partial", "ambiguous", "not_found", "error"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(statuses, st.one_of(st.none(), st.floats(0, 1)), st.booleans()), max_size=40),
    st.integers(0, 6),
    st.integers(1, 7),
)
def test_pieces_add_up_and_the_weakest_rows_are_the_least(
    rows: list[tuple[str, float | None, bool]], most: int, size: int
) -> None:
    """Whatever the pieces are: numpy's histogram of the whole, and the whole sorted."""
    names = {name: name for name in ANSWER_COLUMNS["convert"]}
    tally = Tally(Plan(verb="convert", names=names, text="text"), most)
    whole = pa.table(
        {
            **{name: pa.nulls(len(rows), pa.string()) for name in names},
            "status": pa.array([status for status, _, _ in rows], pa.string()),
            "confidence": pa.array([confidence for _, confidence, _ in rows], pa.float64()),
            "commune_code": pa.array(["00070" if commune else None for _, _, commune in rows], pa.string()),
            "text": pa.array([f"row {n}" for n in range(1, len(rows) + 1)], pa.string()),
        }
    )
    for first in range(0, len(rows), size):
        tally.add(parts.one_batch(whole.slice(first, size)), first + 1)
    known = [confidence for _, confidence, _ in rows if confidence is not None]
    assert tally.distributions["confidence"].tolist() == np.histogram(known, BINS["confidence"])[0].tolist()
    assert tally.by_level == Counter((s, "commune" if commune else "none") for s, _, commune in rows)
    doubts = [
        (-1.0 if status == "not_found" else confidence, n)
        for n, (status, confidence, _) in enumerate(rows, 1)
        if status == "not_found" or (status != "error" and confidence is not None)
    ]
    assert [row["row"] for row in tally.weakest.rows()] == [n for _, n in sorted(doubts)[:most]]
    assert [row["text"] for row in tally.weakest.rows()] == [f"row {n}" for _, n in sorted(doubts)[:most]]


def test_kinds_of_errors_are_bounded_and_leave_out_what_they_quote() -> None:
    names = {name: name for name in ANSWER_COLUMNS["resolve"]}
    tally = Tally(Plan(verb="resolve", names=names, code="code"), 0)
    said = [f"code '{n}': no code" for n in range(200)] + [f"kind {n}" for n in range(300)]
    empty = {name: pa.nulls(len(said), pa.string()) for name in names}
    floats = {name: pa.nulls(len(said), pa.float64()) for name in ("confidence", "lat", "lon")}
    tally.add(pa.record_batch(empty | floats | {"error": pa.array(said)}), 1)
    assert tally.kinds["code '…': no code"] == 200
    assert tally.kinds.total() == 500
    assert len(tally.kinds) <= MOST_KINDS + 1


class Page(HTMLParser):
    """What a page loads, and whether each drawing has a title, a description and a table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.labels: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.lang = given.get("lang") or self.lang
        self.loads += [v for k, v in attrs if k in ("src", "href", "srcset", "data", "action", "poster") and v]
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.labels += (given.get("aria-labelledby") or "").split()


@pytest.mark.parametrize(("lang", "heading"), [("en", "Where the rows lie"), ("vi", "Các dòng nằm ở đâu")])
def test_the_page_stands_alone_and_says_what_its_charts_show(
    addresses: Path, tmp_path: Path, lang: str, heading: str
) -> None:
    ran(addresses, tmp_path / "r.html", lang=lang)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.lang == lang
    assert heading in text
    assert page.loads == []
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert "url(" not in text
    assert "&lt;script&gt;" in text
    assert set(page.labels) <= page.ids
    assert page.tags["svg"] == page.tags["desc"] == 4
    assert page.tags["details"] == page.tags["svg"]
    assert len(page.labels) == 2 * page.tags["svg"]


def test_no_row_of_the_file_is_repeated_where_none_is_wanted(addresses: Path, tmp_path: Path) -> None:
    for name in ("r.html", "r.json"):
        ran(addresses, tmp_path / name, report_rows=0)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert not re.search("Quán Thánh|Huỳnh Thúc Kháng|script>alert|Tân Lập", text)
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["weakest_rows"], report["first_errors"]) == ([], [])
    assert sum(report["error_kinds"].values()) == 1


def test_points_are_drawn_where_they_lie(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("lat,lon\n21.0285,105.8542\n21.0286,105.8543\n10.77,106.70\n48.85,2.35\n", encoding="utf-8")
    ran(source, tmp_path / "r.html", "locate")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    drawn = re.findall(r'<circle class="s-partial" cx="([\d.]+)" cy="([\d.]+)"', text)
    pixels = [(float(x), float(y)) for x, y in drawn]
    back = sorted((EXTENT[3] - y / PIXELS, EXTENT[0] + x / PIXELS / NARROW) for x, y in pixels)
    want = [(10.77, 106.70), (21.0285, 105.8542)]
    assert np.abs(np.array(back) - want).max() <= 0.06
    assert "outside the map: 1" in text


def test_outlines_are_the_provinces_of_the_pack() -> None:
    """Against the union of each province's communes by GEOS: its land is drawn, and nothing else."""
    with geoaddr.open(store="memory:") as ga:
        drawn = {code: path for code, _, path in outlines(ga.locator)}
        assert len(drawn) == 34
        for code in ("01", "48", "91"):
            rows = [i for i, _ in enumerate(ga.locator.codes) if province(ga, i) == code]
            true = shapely.union_all([ga.locator.index.polygon(row) for row in rows])
            got = shapely.make_valid(shapely.MultiPolygon([*map(ring, filter(None, drawn[code].split("M")))]))
            assert shapely.symmetric_difference(got, true).area < 3 * CELL * true.length
            assert got.area == pytest.approx(true.area, rel=0.05)
    assert (WIDTH, HEIGHT) == (600, 688)


def province(ga: geoaddr.Geoaddr, row: int) -> str:
    unit = ga.locator.view(row, ga.date).province
    assert unit is not None
    return unit.code


def ring(path: str) -> shapely.Polygon:
    pairs = [tuple(map(float, pair.split())) for pair in path.rstrip("Z").split("L")]
    return shapely.Polygon([(EXTENT[0] + x / PIXELS / NARROW, EXTENT[3] - y / PIXELS) for x, y in pairs])


def test_a_report_that_cannot_be_is_refused(addresses: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="report_rows '-1': must be from 0 to 1000"):
        ran(addresses, tmp_path / "r.json", report_rows=-1)
    with pytest.raises(DataError, match="cannot be written"):
        ran(addresses, tmp_path)


def test_an_output_that_stood_already_is_not_counted_as_empty(addresses: Path, tmp_path: Path) -> None:
    ran(addresses, tmp_path / "r.html")
    out, page = tmp_path / "out.csv", tmp_path / "s.html"
    how: Any = {"lat": "y", "lon": "x", "resume": True, "report": page}
    batch(BatchJob(verb="convert", source=addresses, out=out, store="memory:", **how))
    text = page.read_text(encoding="utf-8")
    assert "its rows were not counted" in text
    assert Page(text).tags["svg"] == 0

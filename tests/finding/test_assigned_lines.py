"""A household that was assigned by a line is found by that line, whether it was taken apart or kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

import geoaddr
from geoaddr.model import Components, Point
from geoaddr.registry import Draft
from geoaddr.stores import open_store
from tests.postgres_server import Server

LINES = (
    "184 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội, Việt Nam",
    "19 Ng. 100 P. Đội Cấn, Đội Cấn, Ba Đình, Hà Nội, Việt Nam",
    "12/34/5A Hùng Vương, Điện Biên, Ba Đình, Hà Nội, Việt Nam",
)
LABELS = (
    "184 P. Quán Thánh, Phường Ba Đình, Thành phố Hà Nội",
    "số 19 Ng. 100 P. Đội Cấn, Phường Ba Đình, Thành phố Hà Nội",
    "12/34/5A Hùng Vương, Phường Ba Đình, Thành phố Hà Nội",
)
AT = [{"lat": 21.0368 + i / 1000, "lon": 105.8346} for i in range(len(LINES))]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ga(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[geoaddr.Geoaddr]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'registry.db'}"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        url = server.emptied(bytes(32))
        open_store(url, key=bytes(32)).close()
    with geoaddr.open(store=url) as opened:
        yield opened


def assign(ga: geoaddr.Geoaddr) -> list[str]:
    return [ga.assign({"text": line, "commune": "00004"}, **at).ndas for line, at in zip(LINES, AT, strict=True)]


def keep_whole(ga: geoaddr.Geoaddr) -> list[str]:
    """Issue codes for lines that nobody took apart."""
    found = []
    for line, at in zip(LINES, AT, strict=True):
        draft, _ = ga.assigner.draft(
            Components(text=line, commune="00004"), Point(**at), point_source="declared", uncertainty_m=None
        )
        whole: Draft = replace(draft, components=draft.stated, stated=None)
        found.append(ga.registry.issue(whole).record.ndas)
    return found


def same_without_accents(line: str) -> str:
    return line.translate(str.maketrans("áấắộỐùứệĐđơươà", "aaaoOuueDdouoa"))


@pytest.mark.parametrize("keep", [assign, keep_whole])
def test_it_is_found_as_a_house(ga: geoaddr.Geoaddr, keep) -> None:
    codes = keep(ga)
    texts = [*LINES, *map(same_without_accents, LINES)]
    rows = ga.geocode_table(pa.array(texts)).to_pylist()
    for text, row, code, label, at in zip(texts, rows, codes * 2, LABELS * 2, AT * 2, strict=True):
        best = ga.geocode(text)[0]
        assert (best.ndas, best.match_level, best.coordinate_level, best.label) == (code, "house", "house", label)
        assert (best.point.lat, best.point.lon) == (at["lat"], at["lon"])
        assert (row["ndas"], row["match_level"], row["label"], row["score"]) == (code, "house", label, best.score)
        assert (row["lat"], row["lon"]) == (at["lat"], at["lon"])


@pytest.mark.parametrize("keep", [assign, keep_whole])
def test_it_is_shown_without_leftovers(ga: geoaddr.Geoaddr, keep) -> None:
    codes = keep(ga)
    for code, label, at in zip(codes, LABELS, AT, strict=True):
        found = ga.reverse(**at)[0]
        assert (found.ndas, found.label) == (code, label)


def test_its_street_is_spelled_as_it_was_written(ga: geoaddr.Geoaddr) -> None:
    keep_whole(ga)
    asked = "Quan Thanh, Phuong Ba Dinh, Ha Noi"
    assert ga.geocode(asked)[0].label == "P. Quán Thánh, Phường Ba Đình, Thành phố Hà Nội"
    (row,) = ga.geocode_table(pa.array([asked])).to_pylist()
    assert row["label"] == "P. Quán Thánh, Phường Ba Đình, Thành phố Hà Nội"


@pytest.mark.parametrize("keep", [assign, keep_whole])
def test_the_same_line_again_has_its_code(ga: geoaddr.Geoaddr, keep) -> None:
    codes = keep(ga)
    assert assign(ga) == codes
    again = ga.assign({"text": LINES[0], "commune": "00004"}, **AT[0], idempotency_key="one")
    assert (again.outcome, again.ndas) == ("existing", codes[0])


def test_a_line_and_its_parts_are_one_household(ga: geoaddr.Geoaddr) -> None:
    codes = assign(ga)
    parts = {"house_number": "184", "street": "Quán Thánh", "commune": "00004"}
    stated = ga.assign(parts, **AT[0])
    assert (stated.outcome, stated.ndas) == ("existing", codes[0])
    first = ga.assign({"house_number": "7", "street": "Phố Huế", "commune": "00004"}, lat=21.05, lon=105.8346)
    line = {"text": "Số 7 phố Huế, Phường Ba Đình, Hà Nội", "commune": "00004"}
    later = ga.assign(line, lat=21.05, lon=105.8346)
    assert (later.outcome, later.ndas) == ("existing", first.ndas)


def test_what_was_stated_is_kept_and_exported_beside_the_parts(ga: geoaddr.Geoaddr) -> None:
    code = assign(ga)[0]
    kept = ga.address(code).components
    assert (kept.house_number, kept.street, kept.text) == ("184", "P. Quán Thánh", LINES[0])


def test_a_key_stands_for_the_line_as_it_was_stated(ga: geoaddr.Geoaddr) -> None:
    """Not for what was read out of it: other data may read it otherwise."""
    point = Point(**AT[0])
    draft, _ = ga.assigner.draft(
        Components(text=LINES[0], commune="00004"), point, point_source="declared", uncertainty_m=None
    )
    whole = replace(draft, components=draft.stated, stated=None)
    (first,) = ga.registry.issue_many([("1", whole)], batch_id="run")
    (again,) = ga.registry.issue_many([("1", draft)], batch_id="run")
    assert again == first

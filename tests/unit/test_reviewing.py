"""Points and texts that disagree, on real exact boundaries of Đà Nẵng and on the embedded approximate ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import geoaddr
from geoaddr.errors import InvalidInput
from geoaddr.platform import Geoaddr
from geoaddr.registry import LoadRow
from tests.service.packs import write_two_provinces

HAI_CHAU, AN_HAI, HA_NOI = (16.0678, 108.2208), (16.0678, 108.2400), (21.0285, 105.8542)
"""Phường Hải Châu (20242); phường An Hải (20275), 2 km east, across the river; Ha Noi."""

HOUSES = """
point    | commune_code | issued_on  | stated                                   | found
HAI_CHAU | 20242        | 2025-09-01 |                                          | -
AN_HAI   | 20242        | 2025-09-01 |                                          | outside_commune
HAI_CHAU | 20242        | 2020-03-01 |                                          | -
AN_HAI   | 20242        | 2020-03-01 |                                          | outside_commune
HAI_CHAU | 20242        | 2025-09-01 | commune=Phường Hải Châu                  | -
HAI_CHAU | 20242        | 2025-09-01 | commune=20275                            | text_and_point
HAI_CHAU | 20242        | 2025-09-01 | commune=Xã Không Có                      | -
HAI_CHAU | 20242        | 2025-09-01 | text=12 Bạch Đằng, P. Hải Châu, Đà Nẵng  | -
HAI_CHAU | 20242        | 2025-09-01 | text=12 Bạch Đằng, P. An Hải, TP Đà Nẵng | text_and_point
HAI_CHAU | 20242        | 2025-09-01 | text=12 Bạch Đằng                        | -
AN_HAI   | 20242        | 2025-09-01 | commune=20242                            | outside_commune text_and_point
HAI_CHAU | 99999        | 2025-09-01 |                                          | -
HA_NOI   | 20242        | 2025-09-01 | commune=20242                            | outside_commune text_and_point
"""
"""20242 was phường Phước Ninh before 1 July 2025, all of which is in Hải Châu."""

ROWS = [[cell.strip() for cell in line.split("|")] for line in HOUSES.strip().splitlines()[1:]]


@pytest.fixture(scope="module")
def exact(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    return write_two_provinces(raw, tmp_path_factory.mktemp("pack") / "two.gapack")


@pytest.fixture(scope="module")
def exactly(exact: Path) -> Iterator[Geoaddr]:
    with geoaddr.open(exact, "memory:") as ga:
        fill(ga)
        yield ga


def fill(ga: Geoaddr) -> None:
    points = {"HAI_CHAU": HAI_CHAU, "AN_HAI": AN_HAI, "HA_NOI": HA_NOI}
    rows = []
    for n, (point, commune, day, stated, _) in enumerate(ROWS, 1):
        lat, lon = points[point]
        parts = dict([stated.split("=")]) if stated else {}
        if "text" not in parts:
            parts |= {"house_number": str(n * 100), "street": f"Đường số {n}"}
        filed = {"commune_code": commune, "issued_on": day}
        rows.append(LoadRow(n, {"ndas": f"5020600{n:03}", "lat": str(lat), "lon": str(lon), **filed, **parts}))
    assert ga.registry.load(rows).loaded == len(ROWS)


def found_in(ga: Geoaddr) -> list[str]:
    found = list(ga.review(kinds=["outside_commune", "text_and_point"]))
    return [" ".join(f.kind for f in found if f.ndas == f"5020600{n:03}") or "-" for n in range(1, len(ROWS) + 1)]


def test_exact_boundaries_tell_of_every_point(exactly: Geoaddr) -> None:
    assert found_in(exactly) == [row[-1] for row in ROWS]


def test_approximate_boundaries_tell_of_points_that_are_far_off() -> None:
    with geoaddr.open(store="memory:") as ga:
        fill(ga)
        assert found_in(ga) == [row[-1] if row[0] == "HA_NOI" else "-" for row in ROWS]


def test_the_evidence_is_there(exactly: Geoaddr) -> None:
    (found,) = [f for f in exactly.review() if f.ndas == "5020600002" and f.kind == "outside_commune"]
    assert found.evidence["commune"] == ["Phường Hải Châu (20242)"]
    assert found.evidence["commune_at_point"] == ["Phường An Hải (20275)"]
    assert "Phường An Hải" in found.said.en
    assert "Phường An Hải" in found.said.vi


def test_an_area_and_kinds_are_chosen(exactly: Geoaddr) -> None:
    assert list(exactly.review(area="11120")) == []
    assert {f.kind for f in exactly.review(area="50206", kinds=["text_and_point"])} == {"text_and_point"}
    for field, how in (("area", {"area": "5020"}), ("kind", {"kinds": ["odd"]})):
        with pytest.raises(InvalidInput) as caught:
            exactly.review(**how)  # type: ignore[arg-type]
        assert caught.value.field == field

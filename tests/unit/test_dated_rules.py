"""The rules for boundaries of several dates, on squares: real units in places where they contradict each other.

::

    lat 16.2  +----------+----------+
              | 20200    | 20209    |   communes of today, and over them in 2024:
         16.1 +----------+----------+   490 over 20194, 001 of Hà Nội over 20197,
              | 20194    | 20197    |   nothing over 20200, 491 far away, 497 with 490 along 108.0
         16.0 +----------+----------+   province 48 over all but 20197, where 01 has no polygon
            108.0      108.1      108.2 lon
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk.columns import degrees
from geoaddr.bulk.dated import disagreements_text
from geoaddr.bulk.locating import PointColumns
from geoaddr.importing.layer_import import import_layer
from geoaddr.model import Level, Located
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.importing.layers import CODES, SQUARES, box, write_parquet

SOURCES = Path(__file__).resolve().parents[2] / "data/sources"
DAY = "2024-06-30"
LAYERS: dict[Level, dict[str, object]] = {
    "district": {
        "001": SQUARES[1],
        "490": SQUARES[0],
        "491": box(109.0, 16.0, 109.1, 16.1),
        "497": box(107.9, 16.0, 108.0, 16.1),
    },
    "province": {"48": box(108.0, 16.1, 108.2, 16.2).union(SQUARES[0])},
}


@pytest.fixture(scope="module")
def ga(tmp_path_factory: pytest.TempPathFactory) -> geoaddr.Geoaddr:
    folder = tmp_path_factory.mktemp("squares")
    pack = folder / "communes.gapack"
    import_layer(
        write_parquet(folder / "c.parquet", {"code": CODES}, SQUARES), pack, base=Pack.open(EMBEDDED_PACK)
    )
    for level, units in LAYERS.items():
        source = write_parquet(folder / f"{level}.parquet", {"code": [*units]}, [*units.values()])
        out = folder / f"{level}.gapack"
        import_layer(
            source, out, base=Pack.open(pack), level=level, valid_from="2024-01-01", valid_to="2025-07-01"
        )  # fmt: skip
        pack = out
    return geoaddr.open(pack, "memory:")


def predecessors(commune: str, districts: set[str] | None = None) -> list[str]:
    """The old communes of a new one, as the sources list them; those of some districts."""
    district = {row["code"]: row["district"] for row in _rows("communes_old.csv")}
    old = [row["old"] for row in _rows("links_communes.csv") if row["new"] == commune]
    return sorted(code for code in old if districts is None or district[code] in districts)


def _rows(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def codes(answer: Located) -> list[str]:
    return sorted(unit.code for unit in answer.candidates or (answer.commune,) if unit)


def bases(answer: Located) -> dict[Level, str]:
    return {level: how.basis for level, how in answer.basis_by_level.items()}


def test_what_the_district_s_polygon_leaves_of_the_predecessors(ga: geoaddr.Geoaddr) -> None:
    answer = ga.locate(lat=16.05, lon=108.05, as_of=DAY)
    assert (answer["district"].code, answer["province"].code) == ("490", "48")
    assert codes(answer) == predecessors("20194", {"490"})
    assert len(predecessors("20194")) > len(codes(answer)) > 0
    assert bases(answer) == {"province": "boundary", "district": "boundary", "commune": "succession"}
    assert (answer.basis, answer.disagreements) == ("succession", ())


def test_a_district_that_holds_none_of_the_predecessors_stands_and_is_contradicted(ga: geoaddr.Geoaddr) -> None:
    answer = ga.locate(lat=16.05, lon=108.15, as_of=DAY)
    assert (answer["district"].code, answer["province"].code) == ("001", "01")
    assert (answer.commune, answer.candidates, answer.inside) == (None, (), True)
    assert bases(answer) == {"province": "boundary", "district": "boundary"}
    found = {d.level: (d.boundary, sorted(d.otherwise)) for d in answer.disagreements}
    assert found["commune"] == ((), predecessors("20197"))
    assert found["district"] == (("001",), ["490", "497"])
    assert found["province"] == ((), ["48"])
    assert "Quận Ba Đình" in answer.disagreements[-2].why["en"]


def test_where_no_polygon_holds_the_point_the_table_of_changes_answers(
    ga: geoaddr.Geoaddr,
) -> None:
    """The predecessors of 20200 lie in Liên Chiểu and in Hòa Vang, both of which have polygons elsewhere."""
    answer = ga.locate(lat=16.15, lon=108.05, as_of=DAY)
    assert codes(answer) == predecessors("20200")
    assert bases(answer)["province"] == "boundary"
    assert [d.level for d in answer.disagreements] == ["district"]
    assert answer.disagreements[0].boundary == ()


def test_a_unit_whose_polygon_lies_elsewhere_contradicts(ga: geoaddr.Geoaddr) -> None:
    answer = ga.locate(lat=16.15, lon=108.15, as_of=DAY)
    assert answer["district"].code == "491"
    assert bases(answer) == {"province": "boundary", "district": "succession", "commune": "succession"}
    assert [(d.level, d.boundary, d.otherwise) for d in answer.disagreements] == [("district", (), ("491",))]


def test_on_a_shared_border_the_predecessors_settle_which_district_or_none_is_certain(ga: geoaddr.Geoaddr) -> None:
    """Along 108.0 both 490 and 497 hold the point, and predecessors of 20194 lie in both."""
    answer = ga.locate(lat=16.05, lon=108.0, as_of=DAY)
    assert answer.district is None
    assert codes(answer) == predecessors("20194", {"490", "497"})


def test_other_days_do_not_ask_the_old_layers(ga: geoaddr.Geoaddr) -> None:
    today = ga.locate(lat=16.05, lon=108.15)
    assert (today["commune"].code, today.basis, today.disagreements) == ("20197", "boundary", ())
    before = ga.locate(lat=16.05, lon=108.15, as_of="2023-12-31")
    assert set(bases(before).values()) == {"succession"}
    assert (before["province"].code, codes(before)) == ("48", predecessors("20197"))


def test_a_point_that_an_old_polygon_alone_holds_lies_in_the_country(ga: geoaddr.Geoaddr) -> None:
    answer = ga.locate(lat=16.05, lon=109.05, as_of=DAY)
    assert (answer.inside, answer["district"].code, answer.commune) == (True, "491", None)
    assert not ga.locate(lat=16.05, lon=109.05).inside


EDGES = st.sampled_from([107.9, 108.0, 108.1, 108.2, 109.0, 109.1])
LATITUDES = st.one_of(st.sampled_from([16.0, 16.1, 16.2]), st.floats(15.95, 16.25))
LONGITUDES = st.one_of(EDGES, st.floats(107.85, 109.15))


@settings(deadline=None, max_examples=50)
@given(
    points=st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=40), as_of=st.sampled_from([DAY, None])
)
def test_columns_and_the_scalar_verb(
    ga: geoaddr.Geoaddr, points: list[tuple[float, float]], as_of: str | None
) -> None:
    lat, lon = (pa.array(values, pa.float64()) for values in zip(*points, strict=True))
    columns = PointColumns(ga, ga.as_of(as_of)).locate(degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0))
    for (y, x), row in zip(points, pa.table(columns).to_pylist(), strict=True):
        one = ga.locate(lat=y, lon=x, as_of=as_of)
        heaviest = one.commune or (one.candidates[0] if one.candidates else None)
        listed = [part.partition(":")[0] for part in (row["candidates"] or "").split("; ") if part]
        assert (row["commune_code"], listed) == (heaviest and heaviest.code, [c.code for c in one.candidates])
        assert row["district_code"] == (one.district and one.district.code)
        assert row["province_code"] == (one.province and one.province.code)
        assert row["basis_by_level"] == ("; ".join(f"{k}: {v}" for k, v in bases(one).items()) or None)
        assert row["disagreements"] == disagreements_text(one.disagreements)

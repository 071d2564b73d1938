"""A made-up resolution on real communes of Đà Nẵng: polygons against shapely, units against lists made by hand."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shapely

import geoaddr
from geoaddr.errors import DataError, UnknownUnit
from geoaddr.exporting.layer_export import export_layer
from geoaddr.importing.amend import Amended, amend, plan
from geoaddr.importing.gazetteer_sections import copy_sections, to_sections
from geoaddr.importing.gazetteer_sources import sources_of
from geoaddr.importing.layer_import import import_layer
from geoaddr.pack import Pack, write_pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.dated_packs import write_communes

HEAD = ("action", "on", "legal_basis", "unit", "into", "name", "type", "parent", "postcode", "geometry")
BASIS = "1234/NQ-UBTVQH16"
EVE, DAY, LATER = "2026-12-31", "2027-01-01", "2027-07-01"

ROWS = [
    # Thanh Khê and Hải Châu, neighbours in the middle of the city, become one under Hải Châu's code
    ("merge", DAY, BASIS, "20209", "20242", "", "", "", "", ""),
    ("merge", DAY, BASIS, "20242", "20242", "Thanh Hải", "", "", "", ""),
    ("rename", DAY, BASIS, "20194", "", "Hải Vân Quan", "", "", "", ""),
    ("retype", DAY, BASIS, "20320", "", "", "Phường", "", "", ""),
    ("transfer", DAY, BASIS, "20308", "", "", "", "46", "", ""),
    # half a year later Hòa Tiến is divided: the west keeps code and name, the east joins Hòa Xuân
    ("split", LATER, BASIS, "20332", "20332", "", "", "", "", "parts.geojson"),
    ("split", LATER, BASIS, "20332", "20314", "", "", "", "", "parts.geojson"),
    ("merge", LATER, BASIS, "20314", "20314", "", "", "", "", ""),
]  # fmt: skip


def write_table(path: Path, rows: list[tuple[str, ...]] = ROWS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


def write_parts(path: Path, whole: shapely.Geometry, share: float = 0.4) -> float:
    """The two parts of 20332, cut along a meridian; the meridian."""
    west, south, east, north = whole.bounds
    cut = west + share * (east - west)
    halves = {
        "20332": whole.intersection(shapely.box(west, south, cut, north)),
        "20314": whole.intersection(shapely.box(cut, south, east, north)),
    }
    features = [
        {
            "type": "Feature",
            "properties": {"from": "20332", "into": into},
            "geometry": shapely.geometry.mapping(half),
        }
        for into, half in halves.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return cut


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("amend")
    import_layer(write_communes(shared, folder, ["48"]), folder / "base.gapack", base=Pack.open(EMBEDDED_PACK))
    return folder


@pytest.fixture(scope="module")
def source(folder: Path) -> dict[str, shapely.Geometry]:
    """Code to polygon, as the publisher's layer has them."""
    table = pq.read_table(folder / "communes.parquet").to_pylist()
    return {row["code"]: shapely.from_wkb(row["geometry"]) for row in table}


@pytest.fixture(scope="module")
def told(folder: Path, source: dict[str, shapely.Geometry]) -> Amended:
    write_parts(folder / "parts.geojson", source["20332"])
    return amend(write_table(folder / "r.csv"), folder / "new.gapack", base=Pack.open(folder / "base.gapack"))


@pytest.fixture(scope="module")
def before(folder: Path) -> geoaddr.Geoaddr:
    return geoaddr.open(folder / "base.gapack", "memory:")


@pytest.fixture(scope="module")
def after(folder: Path, told: Amended) -> geoaddr.Geoaddr:
    return geoaddr.open(folder / "new.gapack", "memory:")


def same_ground(a: shapely.Geometry, b: shapely.Geometry) -> bool:
    """Equal but for less than a millionth of the area."""
    return bool(shapely.symmetric_difference(a, b).area < 1e-6 * b.area)


def polygon(ga: geoaddr.Geoaddr, code: str, day: str) -> shapely.Geometry:
    return shapely.geometry.shape(ga.boundary(code, as_of=day)["geometry"])


def test_a_gazetteer_survives_the_way_to_its_sources_and_back_to_the_byte(tmp_path: Path) -> None:
    embedded = Pack.open(EMBEDDED_PACK)
    write_pack(tmp_path / "again.gapack", embedded.info, to_sections(sources_of(embedded)))
    again = Pack.open(tmp_path / "again.gapack")
    for name in copy_sections(embedded):
        assert bytes(again.raw(name)) == bytes(embedded.raw(name)), name


UNITS = """
code  | on         | full name           | parent | basis
20242 | 2026-12-31 | Phường Hải Châu     | 48     | 1659/NQ-UBTVQH15
20242 | 2027-01-01 | Phường Thanh Hải    | 48     | 1234/NQ-UBTVQH16
20209 | 2026-12-31 | Phường Thanh Khê    | 48     | 1659/NQ-UBTVQH15
20194 | 2026-12-31 | Phường Hải Vân      | 48     | 1659/NQ-UBTVQH15
20194 | 2027-01-01 | Phường Hải Vân Quan | 48     | 1234/NQ-UBTVQH16
20320 | 2026-12-31 | Xã Hòa Vang         | 48     | 1659/NQ-UBTVQH15
20320 | 2027-01-01 | Phường Hòa Vang     | 48     | 1234/NQ-UBTVQH16
20308 | 2026-12-31 | Xã Bà Nà            | 48     | 1659/NQ-UBTVQH15
20308 | 2027-01-01 | Xã Bà Nà            | 46     | 1234/NQ-UBTVQH16
20332 | 2027-06-30 | Xã Hòa Tiến         | 48     | 1659/NQ-UBTVQH15
20332 | 2027-07-01 | Xã Hòa Tiến         | 48     | 1234/NQ-UBTVQH16
""".strip()


def test_units_on_both_sides_of_the_day(after: geoaddr.Geoaddr) -> None:
    for line in UNITS.splitlines()[1:]:
        code, on, *expected = (cell.strip() for cell in line.split("|"))
        unit = after.unit(code, as_of=on)
        assert [unit.full_name, unit.parent, unit.legal_basis] == expected, line
    with pytest.raises(UnknownUnit, match="Phường Thanh Khê had it during"):
        after.unit("20209", as_of=DAY)


def test_the_lists_of_communes(before: geoaddr.Geoaddr, after: geoaddr.Geoaddr) -> None:
    def codes(ga: geoaddr.Geoaddr, day: str, province: str) -> set[str]:
        return {unit.code for unit in ga.units("commune", as_of=day, parent=province)}

    assert codes(after, EVE, "48") == codes(before, "2026-09-20", "48")
    assert codes(after, DAY, "48") == codes(before, "2026-09-20", "48") - {"20209", "20308"}
    assert codes(after, DAY, "46") == codes(before, "2026-09-20", "46") | {"20308"}
    assert len(after.units("commune", as_of=LATER)) == 3320
    assert after.units("commune", as_of="2025-06-30") == before.units("commune", as_of="2025-06-30")


def test_polygons_are_those_of_shapely_and_others_do_not_move(
    after: geoaddr.Geoaddr, source: dict[str, shapely.Geometry], folder: Path
) -> None:
    assert same_ground(polygon(after, "20242", DAY), source["20242"].union(source["20209"]))
    assert shapely.equals(polygon(after, "20242", EVE), source["20242"])
    assert shapely.equals(polygon(after, "20209", EVE), source["20209"])
    for code in sorted(source.keys() - {"20209", "20242", "20332", "20314"})[::9]:
        answered = polygon(after, code, LATER)  # its rings turned as RFC 7946 wants them, not a vertex moved
        assert shapely.equals_exact(answered, shapely.orient_polygons(source[code]))
    halves = {
        f["properties"]["into"]: shapely.geometry.shape(f["geometry"])
        for f in json.loads((folder / "parts.geojson").read_text(encoding="utf-8"))["features"]
    }
    assert shapely.equals(polygon(after, "20332", "2027-06-30"), source["20332"])
    assert same_ground(polygon(after, "20332", LATER), halves["20332"])
    assert same_ground(polygon(after, "20314", LATER), source["20314"].union(halves["20314"]))
    assert polygon(after, "20332", LATER).intersection(polygon(after, "20314", LATER)).area == 0.0


def test_points_answer_as_before_until_the_day_and_as_amended_from_it(
    before: geoaddr.Geoaddr, after: geoaddr.Geoaddr, source: dict[str, shapely.Geometry]
) -> None:
    for code, shape in source.items():
        point = shapely.point_on_surface(shape)
        at = {"lat": point.y, "lon": point.x}
        for day in ("2024-06-30", "2025-07-01", "2026-09-20"):
            was, now = before.locate(**at, as_of=day), after.locate(**at, as_of=day)
            listed = [[u.code for u in (x.commune, *x.candidates) if u] for x in (was, now)]
            assert listed[0] == listed[1]
            assert (now.postcode, now.vpostcode) == (was.postcode, was.vpostcode)
        assert after.locate(**at, as_of=EVE)["commune"].code == code
        assert after.locate(**at, as_of=EVE).basis == "boundary"
        assert after.locate(**at, as_of=DAY)["commune"].code == ("20242" if code == "20209" else code)


def test_what_the_merged_became_and_was(after: geoaddr.Geoaddr) -> None:
    gazetteer = after.gazetteer
    old = after.unit("20209", as_of=EVE)
    assert [(link.code, link.grade, link.on.isoformat()) for link in gazetteer.successors(old)] == [
        ("20242", "whole", DAY)
    ]
    new = after.unit("20242", as_of=DAY)
    assert {link.code for link in gazetteer.predecessors(new)} == {"20209", "20242"}
    divided = after.unit("20332", as_of="2027-06-30")
    assert {(link.code, link.grade) for link in gazetteer.successors(divided)} == {
        ("20332", "part"),
        ("20314", "part"),
    }
    assert gazetteer.successors(after.unit("20314", as_of="2027-06-30"))[0].grade == "whole"
    # a ward of before the reform leads through both changes
    through = gazetteer.translate("20207", "commune", known_on=dt.date(2025, 6, 30), as_of=dt.date(2027, 1, 1))
    assert [(unit.code, grade) for unit, grade in through] == [("20242", "whole")]


def test_names_of_before_find_what_stands_now(after: geoaddr.Geoaddr) -> None:
    for name, code in (
        ("Phường Thanh Khê", "20242"),
        ("Hải Châu", "20242"),
        ("Hải Vân", "20194"),
        ("xã Hòa Vang", "20320"),
    ):
        found = after.gazetteer.find(name, level="commune", parent="48", as_of=dt.date.fromisoformat(DAY))
        assert code in [unit.code for unit in found], name


def test_postcodes_are_kept_where_the_code_is(before: geoaddr.Geoaddr, after: geoaddr.Geoaddr) -> None:
    def code(ga: geoaddr.Geoaddr, commune: str, day: str) -> str | None:
        return ga.gazetteer.postcode(commune, as_of=dt.date.fromisoformat(day))

    for commune in ("20242", "20194", "20308", "20332"):
        assert code(after, commune, DAY) == code(after, commune, LATER) == code(before, commune, "2026-09-20")
    ended = code(before, "20209", "2026-09-20")
    assert (code(after, "20209", EVE), code(after, "20209", DAY)) == (ended, None)
    assert ended is not None
    assert [u.code for u in after.gazetteer.by_postcode(ended, as_of=dt.date.fromisoformat(EVE))] == ["20209"]


def test_a_vpostcode_printed_before_still_names_its_place(
    before: geoaddr.Geoaddr, after: geoaddr.Geoaddr, source: dict[str, shapely.Geometry]
) -> None:
    point = shapely.point_on_surface(source["20209"])
    printed = before.locate(lat=point.y, lon=point.x).vpostcode
    assert printed is not None
    for day, commune in ((EVE, "20209"), (DAY, "20242")):
        readings = [r for r in after.resolve(printed, as_of=day).readings if r.system == "vpostcode"]
        assert [r["commune"].code for r in readings] == [commune]
        assert readings[0]["cell"].south <= point.y <= readings[0]["cell"].north


def test_the_pack_says_what_was_done(told: Amended, after: geoaddr.Geoaddr) -> None:
    assert after.date == dt.date.fromisoformat(LATER)
    (act,) = after.pack.meta["amendments"]
    assert (act["file"], act["on"], act["legal_basis"]) == ("r.csv", [DAY, LATER], [BASIS])
    stretches = [(i.level, i.valid_from.isoformat(), i.valid_to and i.valid_to.isoformat()) for i in told.layers]
    assert sorted(stretches) == [
        ("commune", "2025-07-01", DAY), ("commune", DAY, LATER), ("commune", LATER, None),
    ]  # fmt: skip
    assert after.pack.meta["communes"] == 3321 - len(after.pack.meta["missing"]) - 1


def test_the_same_table_gives_the_same_bytes_and_a_plan_writes_nothing(folder: Path, told: Amended) -> None:
    base = Pack.open(folder / "base.gapack")
    amend(folder / "r.csv", folder / "again.gapack", base=base)
    assert (folder / "again.gapack").read_bytes() == (folder / "new.gapack").read_bytes()
    listed = sorted(folder.iterdir())
    worked = plan(folder / "r.csv", base)
    assert sorted(folder.iterdir()) == listed
    assert worked.told.touched == told.touched
    assert worked.told.pack is None


def test_an_amended_pack_is_amended_further_but_not_back_in_time(
    folder: Path, told: Amended, tmp_path: Path
) -> None:
    base = Pack.open(folder / "new.gapack")
    further = write_table(
        tmp_path / "2.csv", [("rename", "2028-01-01", BASIS, "20242", "", "Hàn", "", "", "", "")]
    )
    amend(further, tmp_path / "2.gapack", base=base)
    ga = geoaddr.open(tmp_path / "2.gapack", "memory:")
    assert [ga.unit("20242", as_of=day).name for day in (EVE, DAY, "2028-01-01")] == [
        "Hải Châu",
        "Thanh Hải",
        "Hàn",
    ]
    back = write_table(
        tmp_path / "3.csv",
        [("merge", "2027-03-01", BASIS, unit, "20257", "", "", "", "", "") for unit in ("20257", "20260")],
    )
    with pytest.raises(DataError, match="the pack has communes of 2027-07-01 already"):
        amend(back, tmp_path / "3.gapack", base=base)
    assert not (tmp_path / "3.gapack").exists()


SPLIT = [r for r in ROWS if r[0] == "split"]


@pytest.mark.parametrize(
    ("rows", "share", "reason"),
    [
        ([(*r[:9], "") for r in SPLIT], 0.4, "line 2, column geometry: missing: the pack has a polygon of 20332"),
        ([(*r[:9], "none.geojson") for r in SPLIT], 0.4, "no such file"),
        ([(*SPLIT[0][:4], "20999", "A", "Xã", "", "50999", SPLIT[0][9]), SPLIT[1]], 0.4,
         "line 2, column geometry: parts.geojson has 0 features from 20332 into 20999"),
    ],
)  # fmt: skip
def test_parts_that_are_not_drawn(
    folder: Path,
    tmp_path: Path,
    source: dict[str, shapely.Geometry],
    rows: list[tuple[str, ...]],
    share: float,
    reason: str,
) -> None:
    write_parts(tmp_path / "parts.geojson", source["20332"], share)
    table = write_table(tmp_path / "r.csv", [*rows, ROWS[-1]])
    with pytest.raises(DataError, match=reason):
        plan(table, Pack.open(folder / "base.gapack"))


def test_parts_that_do_not_make_up_the_whole(
    folder: Path, tmp_path: Path, source: dict[str, shapely.Geometry]
) -> None:
    west, south, east, north = source["20332"].bounds
    write_parts(tmp_path / "parts.geojson", shapely.box(west, south, east, north))
    with pytest.raises(DataError, match=r"the parts do not make up 20332: [1-9][0-9.]+% of it"):
        plan(write_table(tmp_path / "r.csv", [*SPLIT, ROWS[-1]]), Pack.open(folder / "base.gapack"))


def test_communes_without_polygons_change_in_the_gazetteer_alone(folder: Path, tmp_path: Path) -> None:
    """Two wards of Hà Nội in a pack that has the polygons of Đà Nẵng."""
    rows = [("merge", DAY, BASIS, unit, "00004", "", "", "", "", "") for unit in ("00004", "00008")]
    told = amend(
        write_table(tmp_path / "r.csv", rows), tmp_path / "n.gapack", base=Pack.open(folder / "base.gapack")
    )
    assert [note["en"] for note in told.notes] == [
        "the pack has no polygon of the communes that change: boundaries stay as they are"
    ]
    ga = geoaddr.open(tmp_path / "n.gapack", "memory:")
    assert len(ga.units("commune")) == 3320
    assert ga.locate(lat=16.0678, lon=108.2208)["commune"].code == "20242"


def test_cells_of_the_embedded_pack_are_merged_too_and_stay_approximate(tmp_path: Path) -> None:
    rows = ROWS[:2]
    amend(write_table(tmp_path / "r.csv", rows), tmp_path / "n.gapack", base=Pack.open(EMBEDDED_PACK))
    ga, plain = geoaddr.open(tmp_path / "n.gapack", "memory:"), geoaddr.open(None, "memory:")
    assert ga.pack.info.boundary_accuracy == "approximate"
    whole = polygon(plain, "20242", EVE).union(polygon(plain, "20209", EVE))
    assert same_ground(polygon(ga, "20242", DAY), whole)


def test_borders_are_those_of_the_communes_of_the_day(
    after: geoaddr.Geoaddr, source: dict[str, shapely.Geometry]
) -> None:
    """Between Hải Châu and Thanh Khê, before they are one and after, on made-up and stored layers of two days."""
    shared_border = source["20242"].boundary.intersection(source["20209"].boundary)
    lon, lat = shapely.get_coordinates(shared_border.interpolate(0.5, normalized=True))[0]
    before = after.locate(lat=lat, lon=lon + 2e-4, as_of=EVE)
    assert {before.commune.code, before.neighbour.code} == {"20242", "20209"}
    assert before.edge_distance_m < 25
    since = after.locate(lat=lat, lon=lon + 2e-4, as_of=DAY)
    assert since.commune.code == "20242"
    assert since.edge_distance_m is None or since.edge_distance_m > 100  # None: over a kilometre
    rough = after.locate(lat=lat, lon=lon, as_of=EVE, uncertainty_m=100)
    assert {"20242", "20209"} <= {each.code for each in rough.candidates}
    assert {each.code for each in after.locate(lat=lat, lon=lon, as_of=DAY, uncertainty_m=100).candidates} == {
        "20242"
    }


def test_an_export_of_the_day_before_has_the_communes_of_then(
    after: geoaddr.Geoaddr, source: dict[str, shapely.Geometry], tmp_path: Path
) -> None:
    for day, codes in ((EVE, {"20242", "20209"}), (DAY, {"20242"})):
        export_layer(after.locator, tmp_path / f"{day}.geojson", as_of=dt.date.fromisoformat(day))
        features = json.loads((tmp_path / f"{day}.geojson").read_text(encoding="utf-8"))["features"]
        assert codes == {"20242", "20209"} & {each["properties"]["code"] for each in features}

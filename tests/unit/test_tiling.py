"""Vector tiles, decoded by another library and held to GEOS and to the facts."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.errors import InvalidInput
from geoaddr.model import Level
from geoaddr.platform import Geoaddr
from geoaddr.tiling import Tile, Tiles, tile_at
from geoaddr.tiling import drawing as drawing_module
from geoaddr.tiling.drawing import FULL, STEPS, Drawing
from geoaddr.tiling.geometry import BUFFER, EXTENT, clip_box, point_streams, polygon_streams
from geoaddr.tiling.grid import MAX_ZOOM, to_world
from geoaddr.tiling.kept import KeptOutlines
from geoaddr.tiling.labels import in_english
from geoaddr.tiling.mvt import Layer, encode
from tests.dated_packs import write_dated

TODAY = dt.date(2026, 9, 20)
EVE = dt.date(2025, 6, 30)
"""The last day before the reform."""

METRES_PER_DEGREE = 111_320.0

HUE = Tile(9, 408, 232)
SAIGON = Tile(13, 6524, 3847)


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.fixture(scope="module")
def tiles(ga: Geoaddr) -> Tiles:
    return Tiles(ga.gazetteer, ga.locator)


def decoded(body: bytes) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer, their coordinates in tile units from the north-west corner."""
    layers = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    assert all(layer["extent"] == EXTENT and layer["version"] == 2 for layer in layers.values())
    return {name: layer["features"] for name, layer in layers.items()}


def shapes(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["properties"]["code"]: shapely.geometry.shape(each["geometry"]) for each in features}


def in_units(polygon: Any, tile: Tile) -> Any:
    """A polygon in degrees, cut by GEOS and in tile units, not rounded."""
    west, north, east, _ = tile.box
    cut = shapely.clip_by_rect(shapely.transform(polygon, to_world), *clip_box(tile))
    return shapely.transform(cut, lambda xy: (xy - (west, north)) * EXTENT / (east - west))


# The encoding, against the decoder of another library


@st.composite
def stars(draw: st.DrawFn) -> Any:
    """A polygon around the middle of the world, perhaps with a hole and a second part, all of real numbers."""
    radii = draw(st.lists(st.floats(0.05, 0.45), min_size=3, max_size=40))
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    ring = 0.5 + np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.array(radii)[:, None]
    shell = shapely.Polygon(ring[:: draw(st.sampled_from([1, -1]))])
    if draw(st.booleans()):
        shell = shell.difference(shapely.box(0.48, 0.48, 0.52, 0.52))
    if draw(st.booleans()):
        shell = shell.union(shapely.box(0.96, 0.96, 0.99, 0.99))
    return shell


@settings(deadline=None)
@given(stars(), st.sampled_from([Tile(0, 0, 0), Tile(1, 0, 0), Tile(1, 1, 1), Tile(3, 4, 4)]))
def test_a_polygon_comes_back_within_half_a_unit(polygon: Any, tile: Tile) -> None:
    body = encode([Layer("l", "polygon", polygon_streams(np.array([polygon]), tile), [{"code": "x"}])])
    west, north, east, _ = tile.box
    cut = shapely.clip_by_rect(polygon, *clip_box(tile))
    expected = shapely.transform(cut, lambda xy: (xy - (west, north)) * EXTENT / (east - west))
    found = decoded(body).get("l", [])
    got = shapely.make_valid(shapely.geometry.shape(found[0]["geometry"])) if found else shapely.Polygon()
    # Each vertex moves by at most half a unit in x and in y.
    assert got.symmetric_difference(expected).area <= expected.length * np.sqrt(0.5) + 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_a_point_is_in_one_tile_of_each_zoom(points: list[tuple[float, float]]) -> None:
    world, zoom = np.array(points), 3
    said = [{"n": i} for i in range(len(points))]
    every = (Tile(zoom, x, y) for x in range(8) for y in range(8))
    bodies = [encode([Layer("l", "point", point_streams(world, tile), said)]) for tile in every]
    seen = sorted(each["properties"]["n"] for body in bodies for each in decoded(body).get("l", []))
    # What rounds to the far edge of the world is in no tile.
    assert seen == [i for i, xy in enumerate(points) if max(round(c * 8 * EXTENT) for c in xy) < 8 * EXTENT]


def test_rings_run_as_the_format_wants_them() -> None:
    square = shapely.box(0.2, 0.2, 0.8, 0.8).difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    body = encode([Layer("l", "polygon", polygon_streams(np.array([square]), Tile(0, 0, 0)), [{}])])
    shell, hole = decoded(body)["l"][0]["geometry"]["coordinates"]
    # Section 4.3.3.3: an exterior ring has a positive area by the surveyor's formula in tile coordinates.
    assert surveyor(shell) == pytest.approx(2 * (0.6 * EXTENT) ** 2, rel=1e-3)
    assert surveyor(hole) == pytest.approx(-2 * (0.2 * EXTENT) ** 2, rel=1e-2)


def surveyor(ring: list[list[int]]) -> int:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def test_values_keep_their_kinds() -> None:
    said = {"text": "Đặc khu", "yes": True, "no": False, "number": 300, "absent": None}
    body = encode([Layer("l", "point", point_streams(np.array([[0.5, 0.5]]), Tile(0, 0, 0)), [said])])
    assert decoded(body)["l"][0]["properties"] == {"text": "Đặc khu", "yes": True, "no": False, "number": 300}


@pytest.mark.parametrize(
    ("z", "x", "y", "field"),
    [
        ("17", "0", "0", "z"), ("-1", "0", "0", "z"), ("1.0", "0", "0", "z"), ("", "0", "0", "z"),
        ("3", "8", "0", "x"), ("3", "0", "8", "y"), ("3", "٣", "0", "x"), ("0", "0", "1", "y"),
        ("5", "+1", "0", "x"), ("16", "65536", "0", "x"), ("16", "9" * 400, "0", "x"),
    ],
)  # fmt: skip
def test_tiles_that_are_not_there_are_refused(z: str, x: str, y: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        tile_at(z, x, y)
    assert refused.value.field == field


def test_the_last_tile_of_the_last_zoom() -> None:
    side = 2**MAX_ZOOM
    assert tile_at(str(MAX_ZOOM), str(side - 1), str(side - 1)).box[2:] == (1.0, 1.0)


# The outlines, against GEOS on the pack's own polygons


@pytest.mark.parametrize("tile", [SAIGON, Tile(14, 13010, 7208), Tile(15, 26020, 14424)], ids=str)
def test_close_up_the_communes_are_the_pack_s_polygons(ga: Geoaddr, tiles: Tiles, tile: Tile) -> None:
    got = shapes(decoded(tiles.tile(tile, TODAY))["communes"])
    own = {code: ga.locator.index.polygon(row) for row, code in enumerate(ga.locator.codes)}
    expected = {code: in_units(polygon, tile) for code, polygon in own.items()}
    expected = {code: polygon for code, polygon in expected.items() if polygon.area > 100}
    assert expected.keys() <= got.keys()
    for code, polygon in expected.items():
        changed = shapely.make_valid(got[code]).symmetric_difference(polygon).area
        assert changed <= polygon.length * np.sqrt(0.5), code


@pytest.mark.parametrize("zoom", [8, 9, 11, 13])
def test_neighbours_neither_overlap_nor_part(tiles: Tiles, zoom: int) -> None:
    inland = {8: (202, 112), 9: (405, 224), 11: (1621, 899), 13: (6486, 3598)}
    tile = Tile(zoom, *inland[zoom])
    got = [shapely.make_valid(each) for each in shapes(decoded(tiles.tile(tile, TODAY))["communes"]).values()]
    assert len(got) >= 4
    frame = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    whole = shapely.union_all(got)
    # Rounding leaves slivers where a vertex falls beside a line that it lay on, under half a unit wide.
    assert sum(each.area for each in got) - whole.area < 1e-4 * frame.area
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    assert sum(hole.area for hole in holes) < 1e-4 * frame.area


def test_no_border_moves_by_more_than_the_steps_allow(ga: Geoaddr) -> None:
    drawing = Drawing(ga.locator.index, KeptOutlines("none"))
    rows = range(0, len(ga.locator.codes), 40)
    for step in range(FULL):
        allowed_m = sum(each.tolerance_m for each in STEPS[step:])
        simplified = drawing.degrees(step)
        for row in rows:
            moved = shapely.hausdorff_distance(simplified[row].boundary, ga.locator.index.polygon(row).boundary)
            assert moved * METRES_PER_DEGREE <= allowed_m * 1.001


# The facts


def test_the_reform_made_34_provinces_of_63(tiles: Tiles) -> None:
    world = Tile(0, 0, 0)
    before, after = (decoded(tiles.tile(world, day))["provinces"] for day in (EVE, dt.date(2025, 7, 1)))
    assert len(before) == 63
    assert len(after) == 34
    names = {each["properties"]["name"] for each in before} - {each["properties"]["name"] for each in after}
    assert {"Bình Dương", "Bà Rịa - Vũng Tàu", "Quảng Nam", "Hà Giang"} <= names


def test_what_has_no_polygons_of_its_own_says_so(tiles: Tiles) -> None:
    shown = {each.level: each for each in tiles.shown(EVE)}
    assert shown["commune"].basis is None
    assert shown["province"].basis == shown["district"].basis == "succession"
    assert {each.accuracy for each in tiles.shown(TODAY)} == {"approximate", None}
    assert {each["properties"]["basis"] for each in decoded(tiles.tile(HUE, EVE))["districts"]} == {"succession"}


@pytest.mark.parametrize("zoom", range(MAX_ZOOM + 1))
@pytest.mark.parametrize(
    ("day", "name", "unit", "province", "lat", "lon"),
    [
        (TODAY, "Quần đảo Hoàng Sa", "Đặc khu Hoàng Sa", "Thành phố Đà Nẵng", 16.5, 112.0),
        (TODAY, "Quần đảo Trường Sa", "Đặc khu Trường Sa", "Tỉnh Khánh Hòa", 9.4, 113.6),
        (EVE, "Quần đảo Hoàng Sa", "Huyện Hoàng Sa", "Thành phố Đà Nẵng", 16.5, 112.0),
        (EVE, "Quần đảo Trường Sa", "Huyện Trường Sa", "Tỉnh Khánh Hòa", 9.4, 113.6),
    ],
)
def test_the_archipelagos_are_named_at_every_zoom(
    tiles: Tiles, zoom: int, day: dt.date, name: str, unit: str, province: str, lat: float, lon: float
) -> None:
    x, y = (to_world(np.array([[lon, lat]]))[0] * 2**zoom).astype(int).tolist()
    said = [each["properties"] for each in decoded(tiles.tile(Tile(zoom, x, y), day))["labels"]]
    found = [each for each in said if each["name"] == name]
    assert [(each["full_name"], each["province"]) for each in found] == [(unit, province)]
    assert not [each for each in said if each["full_name"] == unit and each["name"] != name], "named twice"


@pytest.mark.parametrize(
    ("code", "level", "day", "english"),
    [
        ("79", "province", TODAY, "Ho Chi Minh City"),
        ("56", "province", TODAY, "Khanh Hoa Province"),
        ("20333", "commune", TODAY, "Hoang Sa Special Zone"),
        ("498", "district", EVE, "Hoang Sa District"),
        ("760", "district", EVE, "District 1"),
        ("26740", "commune", TODAY, "Sai Gon Ward"),
    ],
)
def test_units_have_english_names_without_marks(
    ga: Geoaddr, code: str, level: Level, day: dt.date, english: str
) -> None:
    assert in_english(ga.gazetteer.unit(code, level=level, as_of=day)) == english


def test_a_name_that_is_a_number_is_written_with_its_type(tiles: Tiles) -> None:
    x, y = SAIGON.x >> 4, SAIGON.y >> 4
    labels = decoded(tiles.tile(Tile(SAIGON.zoom - 4, x, y), EVE))["labels"]
    said = [each["properties"] for each in labels]
    numbered = [each for each in said if each["full_name"].removeprefix("Quận ").isdigit()]
    assert len(numbered) > 3
    for each in numbered:
        number = each["full_name"].removeprefix("Quận ")
        assert (each["name"], each["name_en"]) == (f"Quận {number}", f"District {number}")


def test_their_ground_is_drawn_from_afar(tiles: Tiles, ga: Geoaddr) -> None:
    seen = decoded(tiles.tile(Tile(5, 25, 14), TODAY))
    provinces = shapes(seen["provinces"])
    own = in_units(ga.locator.index.polygon(ga.locator.codes.index("20333")), Tile(5, 25, 14))
    assert shapely.make_valid(provinces["48"]).intersection(own).area > 0.9 * own.area


def test_a_name_stands_once_in_its_unit(tiles: Tiles, ga: Geoaddr) -> None:
    labels = decoded(tiles.tile(HUE, TODAY))["labels"]
    communes = [each for each in labels if each["properties"]["level"] == "commune"]
    codes = [each["properties"]["code"] for each in communes]
    assert len(codes) == len(set(codes)) > 20
    west, north, east, _ = HUE.box
    for each in communes:
        x, y = (np.array(each["geometry"]["coordinates"]) * (east - west) / EXTENT + (west, north)).tolist()
        lon, lat = x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
        assert ga.locate(lat=float(lat), lon=lon, as_of=TODAY).commune.code == each["properties"]["code"]


def test_days_without_a_change_between_them_are_one_tile(tiles: Tiles) -> None:
    assert tiles.tile(HUE, dt.date(2025, 7, 1)) == tiles.tile(HUE, dt.date(2025, 12, 31))
    assert tiles.tile(HUE, EVE) != tiles.tile(HUE, dt.date(2025, 7, 1))


def test_a_name_changes_on_the_day_of_its_resolution(tiles: Tiles) -> None:
    # Đồng Nai became a city on 30 April 2026.
    def kind(day: dt.date) -> str:
        provinces = decoded(tiles.tile(Tile(0, 0, 0), day))["provinces"]
        return next(p["properties"]["type"] for p in provinces if p["properties"]["name"] == "Đồng Nai")

    assert (kind(dt.date(2026, 4, 29)), kind(dt.date(2026, 4, 30))) == ("Tỉnh", "Thành phố")


# What is kept


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every layer counts as large."""
    monkeypatch.setattr(drawing_module, "SMALL", 0)


def test_outlines_of_a_large_layer_are_kept_between_processes(ga: Geoaddr, tmp_path: Path, large: None) -> None:
    first = Tiles(ga.gazetteer, ga.locator, tmp_path)
    assert not first.ready(TODAY)
    said: list[tuple[str, float]] = []
    first.draw(TODAY, lambda level, tolerance_m: said.append((level, tolerance_m)))
    assert said == [("province", step.tolerance_m) for step in reversed(STEPS[:FULL])]
    second = Tiles(ga.gazetteer, ga.locator, tmp_path)
    assert second.ready(TODAY)
    second.draw(TODAY, lambda level, tolerance_m: said.append((level, tolerance_m)))
    assert len(said) == FULL, "drawn again"
    assert first.tile(HUE, TODAY) == second.tile(HUE, TODAY)


def test_a_damaged_file_is_made_again(ga: Geoaddr, tiles: Tiles, tmp_path: Path, large: None) -> None:
    Tiles(ga.gazetteer, ga.locator, tmp_path).draw(TODAY)
    for path in tmp_path.rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    assert Tiles(ga.gazetteer, ga.locator, tmp_path).tile(HUE, TODAY) == tiles.tile(HUE, TODAY)


def test_without_a_folder_to_write_to_tiles_are_made_all_the_same(
    ga: Geoaddr, tiles: Tiles, tmp_path: Path, large: None
) -> None:
    (tmp_path / "file").touch()
    homeless = Tiles(ga.gazetteer, ga.locator, tmp_path / "file" / "folder")
    homeless.draw(TODAY)
    assert homeless.ready(TODAY)
    assert homeless.tile(HUE, TODAY) == tiles.tile(HUE, TODAY)


def test_a_level_with_polygons_of_the_day_is_drawn_from_them(shared: Path, tmp_path: Path) -> None:
    dated = geoaddr.open(pack=write_dated(shared, tmp_path), store="memory:")
    tiles = Tiles(dated.gazetteer, dated.locator)
    shown = {each.level: each for each in tiles.shown(EVE)}
    assert shown["province"].basis == shown["district"].basis == "boundary"
    da_nang = Tile(10, 819, 465)
    seen = decoded(tiles.tile(da_nang, EVE))
    assert {each["properties"]["basis"] for each in seen["districts"]} == {"boundary"}
    got = shapely.make_valid(shapes(seen["districts"])["492"])
    sheet = dated.locator.sheet_of("district", EVE)
    assert sheet is not None
    own = in_units(sheet.index.polygon(list(sheet.codes).index("492")), da_nang)
    # Hải Châu; at this zoom a border may have moved by half a pixel, four units.
    assert got.symmetric_difference(own).area <= 8 * own.length
    assert tiles.eras.first_day(EVE) < tiles.eras.first_day(dt.date(2025, 7, 1))

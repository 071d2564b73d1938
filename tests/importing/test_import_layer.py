"""An import against the gazetteer, and the pack that comes out."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import shapely

from geoaddr.boundaries import BoundaryIndex
from geoaddr.errors import DataError
from geoaddr.gazetteer import Gazetteer
from geoaddr.importing.area import areas_m2
from geoaddr.importing.layer_import import import_layer
from geoaddr.importing.report import ImportReport
from geoaddr.pack import Pack
from tests.importing.conftest import Import
from tests.importing.layers import CODES, NAMES, SQUARES, box, write_geojson, write_parquet

LAO_CAI = {"02647", "02683", "02746"}


def layer(
    path: Path, codes: list[object], names: list[object] | None = None, shapes: list[object] | None = None
) -> Path:
    columns = {"code": codes} if names is None else {"code": codes, "name": names}
    return write_parquet(path, columns, shapes or SQUARES[: len(codes)])


def test_the_pack_is_complete(run: Import, base: Pack, out: Path, tmp_path: Path) -> None:
    source = layer(tmp_path / "dn.parquet", [*reversed(CODES)], [*reversed(NAMES)], [*reversed(SQUARES)])
    report = run(source, name="Đà Nẵng")
    pack = Pack.open(out, verify="always")
    assert pack.info == report.pack
    assert (pack.info.name, pack.info.date, pack.info.boundary_accuracy) == ("Đà Nẵng", base.info.date, "exact")
    assert list(pack.strings("boundaries.communes.codes")) == CODES
    for name in base.sections:
        assert bytes(pack.raw(name)) == bytes(base.raw(name))
    unit = Gazetteer.from_pack(pack).unit(CODES[0], as_of=pack.info.date)
    assert unit.full_name == NAMES[0]


def test_what_the_pack_says_of_itself(run: Import, base: Pack, out: Path, tmp_path: Path) -> None:
    source = layer(tmp_path / "dn.parquet", [*CODES], [*NAMES])
    report = run(source)
    meta = Pack.open(out).meta
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert meta["boundaries"] == {"name": "dn.parquet", "url": None, "sha256": digest, "features": 4}
    assert (meta["partial"], meta["communes"], len(meta["missing"])) == (True, 4, 3317)
    assert meta["base"] == {"info": base.info.to_dict(), "sources": ["a source"]}
    assert meta["import"]["area_km2"] == report.area_km2


def test_an_imported_pack_is_a_base_too(run: Import, base: Pack, out: Path, tmp_path: Path) -> None:
    run(layer(tmp_path / "a.parquet", [*CODES]))
    again = tmp_path / "again.gapack"
    import_layer(layer(tmp_path / "b.parquet", CODES[:1]), again, base=Pack.open(out))
    pack = Pack.open(again)
    assert list(pack.strings("boundaries.communes.codes")) == CODES[:1]
    assert pack.meta["base"]["info"] == base.info.to_dict()


def test_the_same_source_gives_the_same_bytes(run: Import, out: Path, tmp_path: Path) -> None:
    source = layer(tmp_path / "dn.parquet", [*CODES])
    run(source)
    first = out.read_bytes()
    run(source, overwrite=True)
    assert out.read_bytes() == first


def test_a_partial_layer_says_so(run: Import, tmp_path: Path) -> None:
    report = run(layer(tmp_path / "a.parquet", [*CODES]))
    assert (report.partial, report.communes, report.expected) == (True, 4, 3321)
    assert len(report.missing) == 3317
    assert (report.missing[0].code, report.missing[0].name) == ("00004", "Phường Ba Đình")
    assert "PARTIAL LAYER" in report.text("en")
    assert "LỚP KHÔNG ĐẦY ĐỦ" in report.text("vi")


def test_names_are_compared_folded_and_told_apart_by_kind(run: Import, tmp_path: Path) -> None:
    given = ["hải vân", "XÃ LIÊN CHIỂU", "Phường Hoà Khánh", "Phường Thạnh Khê"]
    report = run(layer(tmp_path / "a.parquet", [*CODES], [*given]))
    assert [(d.code, d.field, d.given, d.expected) for d in report.disagreements] == [
        ("20197", "type", "XÃ LIÊN CHIỂU", "Phường Liên Chiểu"),
        ("20209", "accents", "Phường Thạnh Khê", "Phường Thanh Khê"),
    ]


def test_names_without_accents_are_no_disagreement(run: Import, tmp_path: Path) -> None:
    names = ["Hai Van", "Phuong Lien Chieu", "hoa khanh", "Thanh Khe"]
    assert run(layer(tmp_path / "a.parquet", [*CODES], [*names])).disagreements == ()


def test_a_layer_of_other_names_is_refused(run: Import, tmp_path: Path) -> None:
    source = layer(tmp_path / "a.parquet", [*CODES], ["A", "B", "C", NAMES[3]])
    with pytest.raises(DataError, match=r"column name: 3 names are not .* 20194 is Phường Hải Vân, here 'A'"):
        run(source)
    report = run(source, check_names=False)
    assert (report.communes, report.disagreements) == (4, ())


def test_units_of_another_date_are_unknown_and_left_out(run: Import, out: Path, tmp_path: Path) -> None:
    """00001 was Phường Phúc Xá until the reform; 99999 never was."""
    codes = ["00001", "99999", None, "abc", CODES[0]]
    report = run(layer(tmp_path / "a.parquet", codes, None, [*SQUARES, box(108.3, 16, 108.4, 16.1)]))
    assert [(u.code, u.origin) for u in report.unknown] == [
        ("00001", "row 1"), ("99999", "row 2"), ("", "row 3"), ("abc", "row 4"),
    ]  # fmt: skip
    assert "it was Phường Phúc Xá" in report.unknown[0].why_en
    assert list(Pack.open(out).strings("boundaries.communes.codes")) == [CODES[0]]


def test_integers_get_their_zeros_back(run: Import, out: Path, tmp_path: Path) -> None:
    report = run(write_parquet(tmp_path / "a.parquet", {"code": [4, 20194]}, SQUARES[:2]))
    assert list(Pack.open(out).strings("boundaries.communes.codes")) == ["00004", "20194"]
    assert report.notes[0]["en"] == "column code lost the leading zeros of its codes: 1 got them back, to 5 digits"


def test_provinces_are_seen_and_not_indexed(run: Import, out: Path, tmp_path: Path) -> None:
    report = run(layer(tmp_path / "a.parquet", ["48", "15", CODES[2], "490"]))
    assert [(p.code, p.name) for p in report.provinces] == [("15", "Tỉnh Lào Cai"), ("48", "Thành phố Đà Nẵng")]
    assert (report.districts, report.communes) == (1, 1)


def test_a_layer_of_provinces_alone_has_nothing_to_index(run: Import, out: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column code: no commune that the gazetteer knows"):
        run(layer(tmp_path / "a.parquet", ["48", "15"]))
    assert not out.exists()


def test_the_wrong_province_is_a_disagreement(run: Import, tmp_path: Path) -> None:
    source = write_parquet(tmp_path / "a.parquet", {"code": CODES, "ma_tinh": [48, 48, 48, 1]}, SQUARES)
    (found,) = run(source).disagreements
    assert (found.code, found.field, found.given, found.expected) == ("20209", "province", "1", "48")


def test_names_of_files_are_compared(run: Import, tmp_path: Path) -> None:
    square = shapely.geometry.mapping(SQUARES[0])
    folder = tmp_path / "units"
    write_geojson(folder / "15_lao_cai" / "wards" / "20197_x.geojson", [({"code": "20194"}, square)])
    write_geojson(
        folder / "48_da_nang" / "wards" / "20200_x.geojson", [({}, shapely.geometry.mapping(SQUARES[1]))]
    )
    report = run(folder)
    assert [(d.code, d.field, d.given) for d in report.disagreements] == [
        ("20194", "province", "15"), ("20194", "file_name", "20197"),
    ]  # fmt: skip
    assert report.communes == 2


class TestUnitGivenTwice:
    """Copies and parts are settled; a contradiction is refused."""

    def test_copies_become_one(self, run: Import, tmp_path: Path) -> None:
        report = run(layer(tmp_path / "a.parquet", [CODES[0]] * 2, None, [SQUARES[0]] * 2))
        (found,) = report.duplicates
        assert (found.code, found.how, found.origins) == (CODES[0], "same", ("row 1", "row 2"))
        assert (report.communes, report.overlaps) == (1, ())

    @pytest.mark.parametrize("second", [SQUARES[1], SQUARES[3]], ids=["side by side", "corner to corner"])
    def test_parts_are_joined(self, run: Import, out: Path, tmp_path: Path, second: shapely.Polygon) -> None:
        report = run(layer(tmp_path / "a.parquet", [CODES[0]] * 2, None, [SQUARES[0], second]))
        assert [(d.code, d.how) for d in report.duplicates] == [(CODES[0], "parts")]
        joined = BoundaryIndex.from_pack(Pack.open(out), "boundaries.communes").polygon(0)
        assert shapely.equals(joined, shapely.union(SQUARES[0], second))

    def test_a_contradiction_is_refused(self, run: Import, tmp_path: Path) -> None:
        moved = box(108.05, 16.0, 108.15, 16.1)
        with pytest.raises(DataError, match=r"20194 Phường Hải Vân is given 2 times .*\(row 1, row 2\)"):
            run(layer(tmp_path / "a.parquet", [CODES[0]] * 2, None, [SQUARES[0], moved]))


def test_overlaps_gaps_and_areas_in_the_report(run: Import, tmp_path: Path) -> None:
    """The second square reaches a tenth of its width into the first."""
    shapes = [SQUARES[0], box(108.09, 16.0, 108.2, 16.1)]
    report = run(layer(tmp_path / "a.parquet", CODES[:2], None, [*shapes]))
    (overlap,) = report.overlaps
    assert overlap.codes == ("20194", "20197")
    pyproj = pytest.importorskip("pyproj")
    strip = shapely.segmentize(shapely.geometry.polygon.orient(box(108.09, 16.0, 108.1, 16.1)), 1e-4)
    expected = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(strip)[0] / 1e6
    assert overlap.area_km2 == pytest.approx(expected, rel=1e-6)
    assert report.overlap_km2 == report.overlapped_km2 == overlap.area_km2


def test_a_failed_import_leaves_the_old_pack(run: Import, out: Path, tmp_path: Path) -> None:
    source = layer(tmp_path / "a.parquet", [*CODES])
    run(source)
    before = out.read_bytes()
    with pytest.raises(DataError, match="exists already; --overwrite replaces it"):
        run(source)
    with pytest.raises(DataError):
        run(layer(tmp_path / "b.parquet", ["48"]), overwrite=True)
    assert out.read_bytes() == before
    assert [p.name for p in out.parent.iterdir()] == [out.name]
    assert run(source, overwrite=True, name="again").pack.name == "again"


def test_the_output_is_judged_before_the_work(base: Pack, tmp_path: Path) -> None:
    source = layer(tmp_path / "a.parquet", [*CODES])
    with pytest.raises(DataError, match="is a folder; name a file"):
        import_layer(source, tmp_path, base=base)
    with pytest.raises(DataError, match="is the source itself"):
        import_layer(source, source, base=base, overwrite=True)


def test_the_report_is_plain_data(run: Import, tmp_path: Path) -> None:
    report = run(layer(tmp_path / "a.parquet", CODES[:2], None, [SQUARES[0], box(108.09, 16.0, 108.2, 16.1)]))
    told = json.loads(json.dumps(report.to_dict()))
    assert told["overlaps"][0]["codes"] == ["20194", "20197"]
    assert told["slivers"]["overlaps"] == {"count": 0, "area_km2": 0}
    assert told["pack"]["boundary_accuracy"] == "exact"


def test_each_step_is_told(run: Import, tmp_path: Path) -> None:
    steps: list[str] = []
    run(layer(tmp_path / "a.parquet", [*CODES]), report=lambda said: steps.append(said.en))
    assert (steps[0], steps[-1]) == ("reading", "writing the pack")


RAW = Path("data", "boundaries", "raw_geojson_2_provinces.zip")


class Published(NamedTuple):
    """The publisher's zip imported once, its pack opened."""

    report: ImportReport
    codes: list[str]
    index: BoundaryIndex


@pytest.fixture(scope="module")
def published(shared: Path, base: Pack, tmp_path_factory: pytest.TempPathFactory) -> Published:
    out = tmp_path_factory.mktemp("raw") / "raw.gapack"
    report = import_layer(shared / RAW, out, base=base)
    pack = Pack.open(out)
    codes = list(pack.strings("boundaries.communes.codes"))
    return Published(report, codes, BoundaryIndex.from_pack(pack, "boundaries.communes"))


def test_the_publishers_zip(published: Published) -> None:
    report, codes, index = published
    assert (report.features, report.communes, report.partial) == (195, 193, True)
    assert [p.code for p in report.provinces] == ["15", "48"]
    assert (report.unknown, report.disagreements, report.repairs) == ((), (), ())
    assert codes == sorted(codes)
    assert "20333" in codes  # Hoàng Sa

    known = report.pieces[0]
    assert set(known.codes) == LAO_CAI
    assert known.area_km2 == pytest.approx(3.489, abs=5e-4)
    assert report.overlaps[0].area_km2 == pytest.approx(3.489, abs=5e-4)
    assert {codes[row] for row in index.at(known.lat, known.lon)} == LAO_CAI


def test_coordinates_are_the_publishers_bit_for_bit(published: Published, shared: Path) -> None:
    with zipfile.ZipFile(shared / RAW) as archive:
        for name in archive.namelist():
            code = Path(name).name[:5]
            if code in LAO_CAI:
                given = shapely.get_coordinates(shapely.from_geojson(archive.read(name)))
                kept = shapely.get_coordinates(published.index.polygon(published.codes.index(code)))
                assert np.array_equal(kept, given)


def test_the_publishers_folder(published: Published, run: Import, shared: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shared / RAW) as archive:
        wanted = [name for name in archive.namelist() if name.startswith("15_lao_cai/")]
        archive.extractall(tmp_path / "units", wanted)
    report = run(tmp_path / "units")
    assert report.communes == len(wanted) - 1
    assert (report.disagreements, report.pieces[0]) == ((), published.report.pieces[0])


def test_overlaps_of_the_real_layer_as_every_pair_intersected(published: Published) -> None:
    report, codes, index = published
    polygons = np.array([index.polygon(row) for row in range(len(index))], dtype=object)
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared_m2 = areas_m2(shapely.intersection(polygons[left], polygons[right]))
    told = {overlap.codes: overlap.area_km2 * 1e6 for overlap in report.overlaps}
    for a, b, area in zip(left, right, shared_m2, strict=True):
        assert told.get((codes[a], codes[b]), 0.0) == pytest.approx(area, abs=0.03)


@pytest.mark.slow
def test_the_whole_country(run: Import, shared: Path) -> None:
    """The figures that the data's own notes give: overlaps 10.8 km2, gaps 0.06 km2, the piece of 3.489."""
    report = run(shared / "data" / "boundaries" / "vn2025_communes_full.parquet")
    assert (report.communes, report.partial, report.unknown) == (3321, False, ())
    assert report.overlap_km2 == pytest.approx(10.8, abs=0.05)
    assert report.gap_km2 == pytest.approx(0.06, abs=0.005)
    assert (set(report.pieces[0].codes), round(report.pieces[0].area_km2, 3)) == (LAO_CAI, 3.489)
    assert {d.field for d in report.disagreements} == {"type"}

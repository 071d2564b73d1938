"""A layer with dates beside the others of a pack: what is kept, what is replaced, which days are refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import geoaddr
from geoaddr.boundaries.vintages import TABLE, Vintages
from geoaddr.errors import DataError, InvalidDate, InvalidInput
from geoaddr.gazetteer import Gazetteer
from geoaddr.importing.amend import amend
from geoaddr.importing.checks import Check
from geoaddr.importing.layer_checks import check_layers
from geoaddr.importing.layer_import import import_layer
from geoaddr.importing.report import ImportReport
from geoaddr.pack import Pack, write_pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.importing.layers import CODES, SQUARES, box, write_parquet

OLD = {"valid_from": "2024-01-01", "valid_to": "2025-07-01"}
DISTRICTS = ["490", "491", "492", "493"]
DISTRICT_NAMES = ["Quận Liên Chiểu", "Quận Thanh Khê", "Quận Hải Châu", "Quận Sơn Trà"]
WHOLE = box(108.0, 16.0, 108.2, 16.2)


@pytest.fixture(scope="module")
def communes(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Four communes of Đà Nẵng as squares."""
    folder = tmp_path_factory.mktemp("communes")
    source = write_parquet(folder / "squares.parquet", {"code": CODES}, SQUARES)
    import_layer(source, folder / "squares.gapack", base=Pack.open(EMBEDDED_PACK))
    return Pack.open(folder / "squares.gapack")


def add(base: Pack, out: Path, codes: list[Any], shapes: list[Any], **options: Any) -> ImportReport:
    source = write_parquet(out.with_suffix(".parquet"), {"code": codes}, shapes)
    return import_layer(source, out, base=base, **options)


def days(pack: Pack) -> set[tuple[str, str, str | None]]:
    layers = Vintages(pack, pack.info.date, pack.info.boundary_accuracy).all
    return {(x["level"], x["valid_from"], x["valid_to"]) for x in (v.info.to_dict() for v in layers)}


TODAY = ("commune", "2025-07-01", None)
DISTRICTS_OF_2024 = ("district", "2024-01-01", "2025-07-01")


def test_a_dated_layer_stands_beside_all_that_the_base_has(communes: Pack, out: Path) -> None:
    out.parent.mkdir()
    report = add(communes, out, DISTRICTS, SQUARES, **OLD)
    pack = Pack.open(out, verify="always")
    assert days(pack) == {TODAY, DISTRICTS_OF_2024}
    for name in communes.sections:
        assert bytes(pack.raw(name)) == bytes(communes.raw(name))
    assert (report.level, report.communes, report.expected) == ("district", 4, 696)
    assert (report.valid_from, report.valid_to) == (dt.date(2024, 1, 1), dt.date(2025, 7, 1))
    assert pack.info == report.pack
    assert (pack.info.name, pack.info.date) == (communes.info.name, communes.info.date)
    assert "Holds from 2024-01-01 to 2025-07-01" in report.text("en")
    facts = {fact["level"]: fact for fact in pack.meta["layers"]}
    assert (facts["district"]["source"], facts["district"]["units"]) == ("out.parquet", 4)
    assert "001" in facts["district"]["missing"]


def test_one_with_the_same_level_and_days_is_replaced(communes: Pack, out: Path, tmp_path: Path) -> None:
    out.parent.mkdir()
    add(communes, out, DISTRICTS, SQUARES, **OLD)
    second = tmp_path / "second.gapack"
    add(Pack.open(out), second, DISTRICTS[:1], [WHOLE], **OLD)
    assert days(Pack.open(second)) == {TODAY, DISTRICTS_OF_2024}
    ga = geoaddr.open(second, "memory:")
    assert ga.locate(lat=16.15, lon=108.15, as_of="2024-06-30").district == ga.unit("490", as_of="2024-06-30")


def test_communes_of_today_with_their_dates_replace_those_of_the_base(out: Path) -> None:
    """The base is the embedded pack, whose cells are approximate and say how often they are right."""
    out.parent.mkdir()
    add(Pack.open(EMBEDDED_PACK), out, CODES, SQUARES, valid_from="2025-07-01")
    pack = Pack.open(out)
    assert TABLE not in pack
    assert list(pack.strings("boundaries.communes.codes")) == CODES
    assert pack.info.boundary_accuracy == "exact"
    assert "commune_confidence" not in pack.meta


def test_an_import_without_dates_leaves_the_layers_out_and_says_so(
    communes: Pack, out: Path, tmp_path: Path
) -> None:
    out.parent.mkdir()
    add(communes, out, DISTRICTS, SQUARES, **OLD)
    plain, again = tmp_path / "plain.gapack", tmp_path / "again.gapack"
    report = add(Pack.open(out), plain, CODES, SQUARES)
    add(communes, again, CODES, SQUARES)
    assert "dated layers of the base were left out (district 2024-01-01)" in report.notes[-1]["en"]
    assert {*Pack.open(plain).sections} == {*Pack.open(again).sections}


REFUSED = [
    ({"valid_to": "2025-07-01"}, InvalidInput, "goes with valid_from"),
    ({"valid_from": "2024-01-01", "valid_to": "2024-01-01"}, InvalidDate, "not after valid_from"),
    ({"valid_from": "01/01/2024"}, InvalidDate, "write YYYY-MM-DD"),
    ({"valid_from": "2017-01-01"}, InvalidDate, "the data begins on 2018-01-01"),
    ({"valid_from": "2024-01-01"}, InvalidDate, "units of the level district change on 2025-07-01"),
    ({"valid_from": "2024-01-01", "valid_to": "2025-07-02"}, InvalidDate, "change on 2025-07-01"),
    ({"valid_from": "2025-07-01"}, DataError, "no district that the gazetteer knows"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "kind", "reason"), REFUSED)
def test_days_that_cannot_be(
    communes: Pack, out: Path, options: dict[str, Any], kind: type[Exception], reason: str
) -> None:
    out.parent.mkdir()
    with pytest.raises(kind, match=reason):
        add(communes, out, DISTRICTS, SQUARES, **options)
    assert not out.exists()


def test_a_source_of_several_levels_needs_one_named(communes: Pack, out: Path) -> None:
    out.parent.mkdir()
    mixed, shapes = ["48", *DISTRICTS], [WHOLE, *SQUARES]
    with pytest.raises(DataError, match=r"holds several levels \(district 4, province 1\); name one"):
        add(communes, out, mixed, shapes, **OLD)
    assert add(communes, out, mixed, shapes, level="district", **OLD).communes == 4


def test_a_pack_without_communes_is_no_base(base: Pack, out: Path) -> None:
    out.parent.mkdir()
    with pytest.raises(DataError, match="has no communes: import them first"):
        add(base, out, DISTRICTS, SQUARES, **OLD)


@pytest.mark.parametrize("numbers", [False, True], ids=["texts", "numbers"])
def test_zeros_are_not_filled_into_the_code_of_a_larger_unit(communes: Pack, out: Path, numbers: bool) -> None:
    """31 is Hải Phòng; filled to three digits it would be district 031, of Hà Giang."""
    out.parent.mkdir()
    codes = ["31", *DISTRICTS]
    columns = {
        "code": [int(c) for c in codes] if numbers else codes, "name": ["Thành phố Hải Phòng", *DISTRICT_NAMES]
    }  # fmt: skip
    source = write_parquet(out.with_suffix(".parquet"), columns, [WHOLE, *SQUARES])
    report = import_layer(source, out, base=communes, level="district", **OLD)
    assert (report.communes, [unit.code for unit in report.provinces]) == (4, ["31"])


def test_of_layers_of_one_day_the_one_that_began_last_answers(communes: Pack, out: Path, tmp_path: Path) -> None:
    out.parent.mkdir()
    add(communes, out, DISTRICTS[:1], [WHOLE], **OLD)
    second = tmp_path / "second.gapack"
    add(Pack.open(out), second, DISTRICTS[1:2], [WHOLE], valid_from="2024-06-01", valid_to="2025-07-01")
    ga = geoaddr.open(second, "memory:")
    found = [ga.locate(lat=16.05, lon=108.05, as_of=day).district for day in ("2024-05-31", "2024-06-01")]
    assert [unit and unit.code for unit in found] == ["490", "491"]


def test_a_layer_that_does_not_fit_its_gazetteer_is_found(communes: Pack, out: Path, tmp_path: Path) -> None:
    """A district of no gazetteer, and codes in another order than ascending, written past the import."""
    out.parent.mkdir()
    add(communes, out, DISTRICTS, SQUARES, **OLD)
    assert all(check.ok for check in checks_of(Pack.open(out)))
    prefix = "boundaries.district.2024-01-01.2025-07-01.codes"
    for codes, wrong in (
        (["031", "490", "491", "499"], "499 on 2024-01-01"),
        ([*reversed(DISTRICTS)], "ascending"),
    ):
        good = Pack.open(out)
        sections: dict[str, Any] = {
            name: good.array(name) for name in good.sections if not name.startswith(prefix)
        }
        write_pack(tmp_path / "bad.gapack", good.info, {**sections, prefix: codes}, meta=good.meta)
        failed = [check for check in checks_of(Pack.open(tmp_path / "bad.gapack")) if not check.ok]
        assert len(failed) == 1
        assert wrong in failed[0].found


def checks_of(pack: Pack) -> list[Check]:
    return [*check_layers(pack, Gazetteer.from_pack(pack))]


def test_provinces_hold_until_ground_moves_between_them(communes: Pack, out: Path, tmp_path: Path) -> None:
    """20194 passes to Huế: the layer of provinces of 2025, in which Đà Nẵng has its ground, ends on the day."""
    out.parent.mkdir()
    add(communes, out, ["48"], [WHOLE], valid_from="2025-07-01")
    table = tmp_path / "r.csv"
    table.write_text(
        "action,on,legal_basis,unit,parent\ntransfer,2027-01-01,1/NQ-UBTVQH16,20194,46\n", encoding="utf-8"
    )
    amend(table, tmp_path / "new.gapack", base=Pack.open(out))
    assert days(Pack.open(tmp_path / "new.gapack")) == {TODAY, ("province", "2025-07-01", "2027-01-01")}
    ga = geoaddr.open(tmp_path / "new.gapack", "memory:")
    for day, province in (("2026-12-31", "48"), ("2027-01-01", "46")):
        answer = ga.locate(lat=16.05, lon=108.05, as_of=day)
        assert (answer["commune"].code, answer["province"].code, answer.disagreements) == ("20194", province, ())

"""Columns of address texts say what the scalar verbs say, row by row, whatever was answered before."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk.columns import degrees
from geoaddr.bulk.texts import TextColumns
from geoaddr.conversion import Converted
from geoaddr.errors import GeoaddrError
from geoaddr.parsing import Parsed

TEXTS = (
    "112 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội",
    "97 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội",
    "12 Quận 12, TP HCM",
    "10 Lê Lợi, P. Bến Nghé, Q1, TPHCM",
    "Số 55 đường 55, xã Tân Lập 1, Mộc Châu, Sơn La",
    "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội",
    "30/4 Nguyễn Trãi, Thanh Xuân, Hà Nội",
    "33 Bảo Lộc, Lâm Đồng",
    "Hải Châu, Đà Nẵng",
    "Quận 1",
    "2/9 Hòa Cường Bắc",
    "",
    " \t",
    "🏠",
    "x" * 5000,
)
UNITS = ("province", "district", "commune")


@pytest.fixture(scope="module")
def ga() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.fixture(scope="module")
def columns(ga: geoaddr.Geoaddr) -> TextColumns:
    return TextColumns(ga)


def rows_of(columns: dict[str, Any]) -> list[dict[str, Any]]:
    return pa.table(columns).to_pylist()  # type: ignore[no-any-return]


def asked(verb: Callable[..., Any], text: str | None, **how: Any) -> tuple[Any, str | None]:
    """The scalar verb's answer, or what it refused the text for."""
    try:
        return verb(text, **how), None
    except GeoaddrError as error:
        return None, error.message("en")


def same_units(row: dict[str, Any], answer: Parsed | Converted) -> None:
    for level in UNITS:
        unit = getattr(answer, level)
        assert (row[level], row[f"{level}_code"]) == ((unit.name, unit.code) if unit else (None, None))


def same_parse(ga: geoaddr.Geoaddr, text: str, row: dict[str, Any], as_of: str | None = None) -> None:
    answer, error = asked(ga.parse, text, as_of=as_of)
    assert row["error"] == error
    if answer is None:
        assert row["status"] == "error"
        return
    same_units(row, answer)
    parts = answer.components
    assert row["alley"] == ("; ".join(parts.alley) or None)
    assert row["rest"] == (parts.rest or None)
    for name in ("house_number", "street", "hamlet", "building", "floor", "unit", "poi", "plus_code", "postcode"):
        assert row[name] == getattr(parts, name), text
    assert row["era"] == answer.era
    assert row["status"] == answer.status
    assert row["confidence"] == (None if answer.confidence is None else round(answer.confidence, 4))


def same_convert(ga: geoaddr.Geoaddr, text: str, row: dict[str, Any], **how: Any) -> None:
    answer, error = asked(ga.convert, text, **how)
    assert row["error"] == error
    if answer is None:
        assert row["status"] == "error"
        return
    same_units(row, answer)
    assert row["new_address"] == answer.address, text
    shown = [c.partition(":")[0] for c in (row["candidates"] or "").split("; ") if c]
    assert shown == [c.commune.code for c in answer.candidates][: len(shown)]
    assert all(c.weight < 0.01 for c in answer.candidates[len(shown) :])  # a column shows hundredths
    said = (answer.status, answer.postcode, answer.legal_basis)
    assert (row["status"], row["postcode"], row["legal_basis"]) == said
    assert row["confidence"] == (None if answer.confidence is None else round(answer.confidence, 4))


def same_validate(ga: geoaddr.Geoaddr, text: str | None, row: dict[str, Any], **how: Any) -> None:
    answer, error = asked(ga.validate, text, **how)
    assert row["error"] == error
    if answer is None:
        assert row["status"] == "error"
        return
    assert (row["verdict"], row["next_action"]) == (answer.verdict, answer.possible_next_action), text
    assert (row["normalised_new"], row["normalised_old"]) == (answer.normalised.new, answer.normalised.old)
    assert (row["postcode"], row["commune_code"]) == (answer.postcode, answer.commune and answer.commune.code)
    told = [c.why["en"] for c in answer.contradictions]
    assert (row["reasons"] or "").startswith("; ".join(dict.fromkeys(told)))
    for part in answer.components:
        if part.status in ("corrected", "unexpected", "missing"):
            assert part.why["en"] in row["reasons"]
    assert (row["status"] == "ok") == (answer.normalised.new is not None)


def test_hard_texts(ga: geoaddr.Geoaddr, columns: TextColumns) -> None:
    for _ in range(2):  # asked, then remembered
        for text, row in zip(TEXTS, rows_of(columns.parse(pa.array(TEXTS))), strict=True):
            same_parse(ga, text, row)
        for text, row in zip(TEXTS, rows_of(columns.validate(pa.array(TEXTS))), strict=True):
            same_validate(ga, text, row)
        for to in ("new", "old"):
            for text, row in zip(TEXTS, rows_of(columns.convert(pa.array(TEXTS), to)), strict=True):
                same_convert(ga, text, row, to=to)


def test_parse_on_a_day(ga: geoaddr.Geoaddr) -> None:
    dated = TextColumns(ga, ga.as_of("2024-06-30"))
    for text, row in zip(TEXTS, rows_of(dated.parse(pa.array(TEXTS))), strict=True):
        same_parse(ga, text, row, "2024-06-30")


HEADS = (
    "", "Số ", "so ", "Ngõ ", "K", "Thôn ", "CT", "Lô A", "Tổ ", "P.", "đường ", "Tòa nhà Sky, ", "Lê Lợi ",
)  # fmt: skip
AFTER = (
    " Lý Thái Tổ", " P. Quán Thánh", "/5 Lê Lợi", "A Lê Lợi", " bis Lê Lợi", " tháng 4", " - 18 Lê Lợi",
    ", Lê Lợi", " Bảo Lộc", " đường số 7", "Nguyễn Trãi", " thôn 3", " Phường 5", "", "m Lê Lợi", ".5 Lê Lợi",
    " lô B2", " ngách 12/34 ngõ 12 phố Huế", "CFGH+22 Lê Lợi", "/217 Tân Phú", " - Quán Thánh", " Mỹ Đình",
    " Quan Thanh", " chung cư A5", " TCH 03", " Bình Dươg", " Q", " P",
)  # fmt: skip
TAILS = (
    ", Quán Thánh, Ba Đình, Hà Nội", ", P.12, Q.3, TPHCM", " Quận 5, TP HCM", ", Bảo Lộc, Lâm Đồng", "",
    ", Xã Tân Lập 1, Sơn La", ", Thuận An, Bình Dương", ", Hai Chau, Da Nang", ", 11000, Hà Nội",
)  # fmt: skip
NUMBERS = st.one_of(st.integers(1, 40), st.integers(1, 9999)).map(str)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(HEADS), NUMBERS, NUMBERS, st.sampled_from(AFTER), st.sampled_from(TAILS))
def test_house_numbers(
    ga: geoaddr.Geoaddr, columns: TextColumns, head: str, one: str, other: str, after: str, tail: str
) -> None:
    """The second number is answered from the first one's answer wherever that is allowed; both must be right."""
    for number in (one, other):
        text = f"{head}{number}{after}{tail}"
        (parsed,), (converted,) = (
            rows_of(columns.parse(pa.array([text]))),
            rows_of(columns.convert(pa.array([text]))),
        )
        same_parse(ga, text, parsed)
        same_convert(ga, text, converted)


def test_real_addresses(ga: geoaddr.Geoaddr, columns: TextColumns, shared: Path) -> None:
    """Real rows, each with house numbers of its own and of other streets."""
    pick = random.Random(5)
    with (shared / "data/addresses/real_addresses_dev.csv").open(encoding="utf-8") as file:
        real = pick.sample(list(csv.DictReader(file)), 100)
    texts = [row["old_address"] for row in real] + [row["new_address"] for row in real[:30]]
    texts += [f"{pick.randint(1, 3000)}{text.lstrip('0123456789')}" for text in texts for _ in range(2)]
    pick.shuffle(texts)
    for text, row in zip(texts, rows_of(columns.parse(pa.array(texts))), strict=True):
        same_parse(ga, text, row)
    for text, row in zip(texts, rows_of(columns.convert(pa.array(texts))), strict=True):
        same_convert(ga, text, row)
    for text, row in zip(texts[::5], rows_of(columns.validate(pa.array(texts[::5]))), strict=True):
        same_validate(ga, text, row)


def test_codes_and_points_beside_texts(ga: geoaddr.Geoaddr, columns: TextColumns) -> None:
    texts = [TEXTS[0], None, TEXTS[5], None, TEXTS[0], TEXTS[0]]
    codes = ["", "7P28QRJV+JQ", "11120 12345", None, "no code", None]
    ys, xs = [None, 21.0285, 21.0137, None, 21.0137, 0.0], [None, 105.8542, 105.8127, None, 105.8127, 0.0]
    points = zip(ys, xs, strict=True)
    lat, lon = degrees(pa.array(ys, pa.float64()), "lat", 90.0), degrees(pa.array(xs, pa.float64()), "lon", 180.0)
    rows = rows_of(columns.validate(pa.array(texts), pa.array(codes), lat, lon))
    for text, code, (y, x), row in zip(texts, codes, points, rows, strict=True):
        stated = "" if text is None and not code else text
        same_validate(ga, stated, row, code=code or None, lat=y, lon=x)
    alone = rows_of(columns.validate(None, pa.array(codes[1:3])))
    for code, row in zip(codes[1:3], alone, strict=True):
        same_validate(ga, None, row, code=code)


def test_half_a_point_is_an_error_and_no_point_is_none(ga: geoaddr.Geoaddr, columns: TextColumns) -> None:
    texts = [TEXTS[5]] * 5
    lat = degrees(pa.array(["21.0137", "", "21.0137", "91", "north"]), "lat", 90.0)
    lon = degrees(pa.array(["105.8127", " ", None, "105", "105"]), "lon", 180.0)
    rows = rows_of(columns.convert(pa.array(texts), "new", lat, lon))
    same_convert(ga, TEXTS[5], rows[0], lat=21.0137, lon=105.8127)
    same_convert(ga, TEXTS[5], rows[1])
    assert [row["status"] for row in rows[2:]] == ["error"] * 3
    assert [row["commune_code"] for row in rows[2:]] == [None] * 3
    assert [row["error"].partition(":")[0] for row in rows[2:]] == ["lon", "lat", "lat"]


def test_neighbours_that_the_registry_knows_count_for_each_house() -> None:
    """On a street of a divided commune a house lies where its neighbours do, so house numbers are not alike."""
    ga = geoaddr.open(store="memory:")
    for commune, lat, lon, first in (("00199", 21.0137, 105.8050, 31), ("00235", 21.0137, 105.8250, 81)):
        for number in range(first, first + 16, 2):
            parts = {"house_number": str(number), "street": "Huỳnh Thúc Kháng", "commune": commune}
            ga.assign(parts, lat=lat, lon=lon + number / 1e5)
    texts = [f"{n} Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội" for n in (57, 33, 91, 37, 95, 36, 94, 999)]
    columns = TextColumns(ga)
    rows = rows_of(columns.convert(pa.array(texts)))
    for text, row in zip(texts, rows, strict=True):
        same_convert(ga, text, row)
    for text, row in zip(texts, rows_of(columns.validate(pa.array(texts))), strict=True):
        same_validate(ga, text, row)


def known_houses(ga: geoaddr.Geoaddr, street: str, commune: str, lat: float, lon: float, *numbers: int) -> None:
    """Houses of a street that the registry vouches for."""
    for number in numbers:
        parts = {"house_number": str(number), "street": street, "commune": commune}
        issued = ga.assign(parts, lat=lat, lon=lon + number / 1e5)
        ga.confirm(issued.ndas)


def with_numbered_streets() -> geoaddr.Geoaddr:
    """A platform whose registry knows one numbered street of one commune, and houses on both sides of another."""
    ga = geoaddr.open(store="memory:")
    known_houses(ga, "Đường số 45", "00199", 21.0137, 105.8050, 11, 12, 13)
    known_houses(ga, "Huỳnh Thúc Kháng", "00199", 21.0137, 105.8050, 31, 33, 35, 37)
    known_houses(ga, "Huỳnh Thúc Kháng", "00235", 21.0137, 105.8250, 81, 83, 85, 87)
    return ga


def test_a_streets_number_is_no_house_number() -> None:
    """One numbered street is known elsewhere, another nowhere; the verdict on one says nothing of the other."""
    ga = with_numbered_streets()
    tail = "Phường Ba Đình, Hà Nội"
    texts = [f"Lô B Đường số {number}, {tail}" for number in (45, 57, 45, 58)]
    texts += [f"{number} Đường số 45, {tail}" for number in (21, 57)]
    assert ga.validate(texts[0]).verdict != ga.validate(texts[1]).verdict
    for order in (texts, texts[::-1]):
        columns = TextColumns(ga)
        for text, row in zip(order, rows_of(columns.validate(pa.array(order))), strict=True):
            same_validate(ga, text, row)
        for text, row in zip(order, rows_of(columns.convert(pa.array(order))), strict=True):
            same_convert(ga, text, row)


@pytest.fixture(scope="module")
def numbered() -> tuple[geoaddr.Geoaddr, TextColumns]:
    ga = with_numbered_streets()
    return ga, TextColumns(ga)


KNOWN = (
    " Đường số 45", " Lô B Đường số 45", "/45 Đường số 45", "A Huỳnh Thúc Kháng", " Huỳnh Thúc Kháng",
    " ngõ 45 Huỳnh Thúc Kháng", ", Đường số 45", "",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(("", "Lô B Đường số ", "Ngõ ", "Đường số ", "Tổ ", "số nhà ")),
    st.sampled_from(("45", "57", "58", "33", "83", "84")),
    st.sampled_from(("45", "57", "35", "85", "99")),
    st.sampled_from(KNOWN),
    st.sampled_from((", Phường Ba Đình, Hà Nội", ", Láng Hạ, Đống Đa, Hà Nội", ", Hà Nội")),
)
def test_house_numbers_beside_a_registry(
    numbered: tuple[geoaddr.Geoaddr, TextColumns], head: str, one: str, other: str, after: str, tail: str
) -> None:
    """Where streets are known, whatever was answered for one number leaves the answer for another right."""
    ga, columns = numbered
    for number in (one, other):
        text = f"{head}{number}{after}{tail}"
        same_validate(ga, text, rows_of(columns.validate(pa.array([text])))[0])
        same_convert(ga, text, rows_of(columns.convert(pa.array([text])))[0])


def test_tables_answer_from_the_registry_as_it_is_now() -> None:
    """What was answered before an address became known is not said again after it."""
    ga = geoaddr.open(store="memory:")
    texts = [f"{n} Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội" for n in (33, 57, 95)]
    before = ga.convert_table(pa.array(texts)).to_pylist()
    for text, row in zip(texts, before, strict=True):
        same_convert(ga, text, row)
    ga.validate_table(pa.array(texts))
    known_houses(ga, "Huỳnh Thúc Kháng", "00199", 21.0137, 105.8050, 31, 33, 35, 37, 39, 41)
    after = ga.convert_table(pa.array(texts)).to_pylist()
    assert after[0]["candidates"] != before[0]["candidates"]
    for text, row in zip(texts, after, strict=True):
        same_convert(ga, text, row)
    for text, row in zip(texts, ga.validate_table(pa.array(texts)).to_pylist(), strict=True):
        same_validate(ga, text, row)

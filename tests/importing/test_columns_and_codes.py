"""Which column is which, and codes made whole again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geoaddr.errors import DataError, InvalidInput
from geoaddr.importing.codes import read_codes
from geoaddr.importing.columns import choose
from geoaddr.importing.intake import Source
from geoaddr.importing.layer import Layer
from geoaddr.model import Level


def layer(columns: dict[str, Sequence[Any]], path_codes: list[str | None] | None = None) -> Layer:
    rows = len(next(iter(columns.values()))) if columns else len(path_codes or [])
    source = Source(Path("xa.gpkg"), "ogr", "geopackage", (), "")
    origins = [f"row {n + 1}" for n in range(rows)]
    lists = {name: list(values) for name, values in columns.items()}
    return Layer(source, lists, np.empty(rows, dtype=object), None, origins, path_codes or [], [])


@pytest.mark.parametrize(
    ("names", "code", "name", "province"),
    [
        ("code name full_name province_code", "code", "full_name", "province_code"),
        ("OBJECTID MaXa TenXa MaTinh", "MaXa", "TenXa", "MaTinh"),
        ("id ma_xa ten_xa ma_tinh ten_tinh", "ma_xa", "ten_xa", "ma_tinh"),
        ("Mã_xã Tên_xã Mã_tỉnh", "Mã_xã", "Tên_xã", "Mã_tỉnh"),
        ("WARD_CODE WARD_NAME code", "WARD_CODE", "WARD_NAME", None),
        ("commune_co commune_na province_c", "commune_co", "commune_na", "province_c"),
        ("code nameEn fullName", "code", "fullName", None),
        ("code population", "code", None, None),
    ],
)
def test_known_names(names: str, code: str, name: str | None, province: str | None) -> None:
    chosen = choose(layer({column: ["x"] for column in names.split()}), None)
    assert (chosen["code"], chosen.get("name"), chosen.get("province_code")) == (code, name, province)


def test_the_caller_has_the_last_word() -> None:
    found = layer({"code": ["x"], "k1": ["x"], "k2": ["x"], "name": ["x"]})
    assert choose(found, {"code": "k1", "name": "k2", "province_code": None}) == {"code": "k1", "name": "k2"}
    assert choose(found, {"name": ""}) == {"code": "code"}


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(DataError, match=r"^xa.gpkg, column k9: no such column \(columns: code\)$"):
        choose(layer({"code": ["x"]}), {"code": "k9"})
    with pytest.raises(DataError, match=r"column code: no column of codes .*\(columns: a, b\).*--code-column"):
        choose(layer({"a": ["x"], "b": ["x"]}), None)
    with pytest.raises(InvalidInput, match="colour"):
        choose(layer({"code": ["x"]}), {"colour": "code"})


@pytest.mark.parametrize(
    ("values", "level", "expected", "noted"),
    [
        (["00004", "26740"], None, ["00004", "26740"], False),
        ([" 00004 ", "01"], None, ["00004", "01"], False),
        ([4, 26740], None, ["00004", "26740"], True),
        ([4.0, None, 26740.0], None, ["00004", None, "26740"], True),
        (["4", "26740"], None, ["00004", "26740"], True),
        ([1, 92], None, ["01", "92"], True),
        ([4, 8], "commune", ["00004", "00008"], True),
        (["127", "19"], "commune", ["00127", "00019"], True),
        (["127", "19", "26740"], None, ["127", "19", "26740"], False),
        ([Decimal(26740)], None, ["26740"], False),
    ],
)
def test_leading_zeros(values: list[Any], level: Level | None, expected: list[str], noted: bool) -> None:
    rows, notes = read_codes(layer({"code": values}), "code", level)
    assert [row.code for row in rows] == expected
    assert bool(notes) is noted


def test_the_width_tells_the_level() -> None:
    rows, _ = read_codes(layer({"code": ["00004", "01", "001", "0001", None, "x"]}), "code", None)
    assert [row.level for row in rows] == ["commune", "province", "district", None, None, None]


def test_the_name_of_the_file_stands_in() -> None:
    rows, notes = read_codes(layer({}, ["20194", None]), None, None)
    assert [row.code for row in rows] == ["20194", None]
    assert "1 codes were taken from the names of files" in notes[0].en


def test_a_column_without_codes_is_refused_with_its_first_value() -> None:
    with pytest.raises(DataError, match=r"column code: .*the first is 'Hà Nội'"):
        read_codes(layer({"code": ["Hà Nội", "Huế"]}), "code", None)

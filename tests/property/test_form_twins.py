"""Forms by the column say what the scalar verb says of the same fields, row by row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError, GeoaddrError, InvalidInput
from geoaddr.platform import batch
from geoaddr.validation.fields import COLUMNS
from tests.tables import read

VALUES: dict[str, tuple[str | None, ...]] = {
    "house_number": ("12", "12A", "số 5", "", None),
    "alley": ("ngách 5; ngõ 12", "ngõ 12", ";", "", None),
    "street": ("Huỳnh Thúc Kháng", "Lê Lợi", "12 Lê Lợi", "57 Lê Lợi, Láng Hạ", "", None),
    "building": ("Tòa A", None),
    "ward": ("Láng Hạ", "Bến Nghé", "00199", "Phường 12", "Lang Ha", "", None),
    "district": ("Đống Đa", "Quận 1", "Quận Mười", "006", "", None),
    "province": ("Hà Nội", "TPHCM", "01", "Sài Gòn", "n/a", "", None),
    "postcode": ("11500", "70000", "x", "", None),
    "plus_code": ("7P28QRJV+JQ", "7P28", "", None),
}
"""Some in full, some that contradict one another, some empty."""
LINES = (None, "", "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội", "Quận 1", "x" * 5000)

rows = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
Row = dict[str, str | None]


@pytest.fixture(scope="module")
def ga() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


def form_of(row: Row, line: str | None = None) -> dict[str, Any]:
    """As a caller of the scalar verb writes it."""
    form: dict[str, Any] = {name: value for name, value in row.items() if value is not None}
    if "alley" in form:
        form["alley"] = [level for level in form["alley"].split(";") if level.strip()]
    return form | ({"text": line} if line else {})


def asked(verb: Callable[..., Any], form: dict[str, Any], **how: Any) -> tuple[Any, str | None]:
    """The scalar verb's answer, or what it refused the form for."""
    try:
        return verb(form, **how), None
    except GeoaddrError as error:
        return None, error.message("en")


def same(ga: geoaddr.Geoaddr, form: dict[str, Any], row: dict[str, Any], **how: Any) -> None:
    answer, refused = asked(ga.validate, form, **how)
    assert row["error"] == refused
    assert (row["status"] == "error") == (refused is not None)
    if answer is None:
        return
    assert (row["verdict"], row["next_action"]) == (answer.verdict, answer.possible_next_action), form
    assert (row["normalised_new"], row["normalised_old"]) == (answer.normalised.new, answer.normalised.old)
    assert (row["postcode"], row["commune_code"]) == (answer.postcode, answer.commune and answer.commune.code)
    assert row["confidence"] == (None if answer.confidence is None else round(answer.confidence, 4))
    for part in answer.components:
        if part.status in ("corrected", "unexpected", "missing"):
            assert part.why["en"].replace(";", ",") in row["reasons"]


@settings(max_examples=60, deadline=None)
@given(forms=st.lists(st.tuples(rows, st.sampled_from(LINES)), min_size=1, max_size=4), lined=st.booleans())
def test_a_form_by_columns(ga: geoaddr.Geoaddr, forms: list[tuple[Row, str | None]], lined: bool) -> None:
    columns = {f"column {name}": pa.array([row[name] for row, _ in forms], pa.string()) for name in VALUES}
    table = pa.table({**columns, "address": pa.array([line for _, line in forms], pa.string())})
    fields = {name: f"column {name}" for name in VALUES}
    judged = ga.validate_table(table, "address" if lined else None, fields=fields)
    assert judged.column_names[: len(table.column_names)] == table.column_names
    for (row, line), answer in zip(forms, judged.to_pylist(), strict=True):
        same(ga, form_of(row, line if lined else None), answer)


@settings(max_examples=20, deadline=None)
@given(forms=st.lists(rows, min_size=1, max_size=4))
def test_points_beside_a_form(ga: geoaddr.Geoaddr, forms: list[Row]) -> None:
    fields = {name: pa.array([row[name] for row in forms], pa.string()) for name in VALUES}
    lat, lon = (pa.array([degrees] * len(forms)) for degrees in (21.0137, 105.8127))
    table = pa.table({"id": pa.array(range(len(forms)))})
    for row, answer in zip(
        forms, ga.validate_table(table, fields=fields, lat=lat, lon=lon).to_pylist(), strict=True
    ):
        same(ga, form_of(row), answer, lat=21.0137, lon=105.8127)


def test_numbers_are_fields_too(ga: geoaddr.Geoaddr) -> None:
    table = pa.table({"no": [12, None], "ward": ["Láng Hạ", "Láng Hạ"], "code": pa.array([1.0, 1.0])})
    judged = ga.validate_table(table, fields={"house_number": "no", "commune": "ward"}).to_pylist()
    same(ga, {"house_number": 12, "commune": "Láng Hạ"}, judged[0])
    same(ga, {"commune": "Láng Hạ"}, judged[1])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_of_forms(ga: geoaddr.Geoaddr, tmp_path: Path, workers: int) -> None:
    """A column of the file that looks like one of addresses is none of the form's unless it is named."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    forms = [
        {"house_number": "57", "street": "Huỳnh Thúc Kháng", "ward": "Láng Hạ", "province": "Hà Nội"},
        {"house_number": "", "street": "Lê Lợi", "ward": "Bến Nghé", "province": "TPHCM"},
        {"house_number": "", "street": "", "ward": "", "province": ""},
    ]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["address", *forms[0]], *([f"Quận {n}", *form.values()] for n, form in enumerate(forms))]
        )
    fields = tuple((name, name) for name in forms[0])
    job = {"verb": "validate", "source": source, "out": out, "store": "memory:", "workers": workers}
    batch(BatchJob(**job, fields=fields))  # type: ignore[arg-type]
    for form, row in zip(forms, read(out), strict=True):
        said = ga.validate({name: value for name, value in form.items() if value})
        assert (row["verdict"], row["next_action"]) == (said.verdict, said.possible_next_action)
        assert row["normalised_new"] == (said.normalised.new or "")
    batch(BatchJob(**job, fields=fields, text="address", overwrite=True))  # type: ignore[arg-type]
    said = ga.validate({"text": "Quận 0", **forms[0]})
    assert read(out)[0]["verdict"] == said.verdict


def test_fields_that_cannot_be_meant_are_refused(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    table, source = pa.table({"a": ["x"]}), tmp_path / "in.csv"
    source.write_text("a\nx\n", encoding="utf-8")
    for name in ("streets", "text", "lat", "code"):
        assert name not in COLUMNS
        with pytest.raises(InvalidInput, match="no field of a form"):
            ga.validate_table(table, fields={name: "a"})
    with pytest.raises(DataError, match="no such column"):
        ga.validate_table(table, fields={"street": "b"})
    with pytest.raises(InvalidInput, match="given twice"):
        ga.validate_table(table, fields={"commune": "a", "ward": "a"})
    job = {"source": source, "out": tmp_path / "out.csv", "store": "memory:"}
    with pytest.raises(InvalidInput, match="parse does not use it"):
        batch(BatchJob(verb="parse", fields=(("street", "a"),), **job))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="given twice"):
        batch(BatchJob(verb="validate", fields=(("ward", "a"), ("commune", "a")), **job))  # type: ignore[arg-type]

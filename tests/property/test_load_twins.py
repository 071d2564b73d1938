"""A file loaded by the column leaves the registry, and says, what the same file row by row does."""

from __future__ import annotations

import datetime as dt
import tempfile
from itertools import count

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.registry import LoadRow, Registry
from geoaddr.stores import open_store
from tests.postgres_server import Server

KEY = bytes(range(32))
NOW = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
RESERVED_AREA = "11121"

CODES = [f"11120{n:05}" for n in range(4)] + ["11120-00001", "1112000001D", "111200000", "x", "", None]
TEXTS = {
    "ndas": CODES,
    "lat": ["21.0368", "21.0368", "-0.0", "21", " 21.03", "+21.5", "1e1", "91", "north", "nan", "", None],
    "lon": ["105.8346", "105.8346", "-170.25", "105.8346000000000001", "181", "10_5", "", None],
    "commune_code": ["00004", "00004", "00008", "99999", "4", "", None],
    "issued_on": ["2026-03-01", "2025-06-30", "2022-05-26", "2026-03-02", "20220526", "", None],
    "status": ["live", "proposed", "retired", "superseded", "withdrawn", "open", "", None],
    "point_source": ["survey", "declared", "", None, "guess"],
    "uncertainty_m": ["3.5", "0", "100000", "100001", "-1", "x", "", None],
    "entrances": ["", "", None, "21.0 105.0", "21.0"],
    "aliases": ["", "", None, "location_id:001099012345", "x"],
    "superseded_by": ["", "", None, "1112000002", "1112000009"],
    "house_number": ["5", "Số 05", "12/34/5A", "123456", "B2", "12 A", "", " ", None, "x" * 201],
    "alley": ["", None, "12; 34/5", "Ngõ 7", ";", " 5 ; ", "ngõ Thông Phong; 3"],
    "street": ["Quán Thánh", "ngõ 12 phố Quán  Thánh", "đường số 02", "3/2", "Đường", "", None, "Quán\x00Thánh"],
    "hamlet": ["TDP số 05", "Thôn 3", "", None, "..."],
    "building": ["CC Hòa Bình", "", None],
    "floor": ["12A", "", None],
    "poi": ["", None, "Chợ Đồng Xuân"],
    "commune": ["Ba Đình", "", None],
    "text": ["184 Quán Thánh", "184 Quán Thánh, ĐT 0912345678", "", None],
}
"""Values of each column, fit and unfit, as a CSV has them."""


def loaded(url: str, load) -> tuple:
    """What a load says, and what is in the registry after it."""
    ticks = count()
    registry = Registry(open_store(url, key=KEY), clock=lambda: NOW + dt.timedelta(seconds=next(ticks)))
    try:
        registry.reserve(RESERVED_AREA, 3)
        report = load(registry)
        assert registry.verify() == []
        counts = {**registry.store.counts(), "schema": None}
        return report, [*registry.store.scan()], counts
    finally:
        registry.close()


def known(code: str, day: dt.date) -> bool:
    return code != "99999"


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def new_url(request):
    if request.param == "memory":
        return lambda: "memory:"
    if request.param == "sqlite":
        folder, numbers = tempfile.mkdtemp(), count()
        return lambda: f"sqlite:///{folder}/{next(numbers)}.db"
    server: Server = request.getfixturevalue("postgres")
    return lambda: server.emptied(KEY)


ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in TEXTS.items()}), max_size=12
)
SOUND = st.lists(  # nothing is wrong with these alone; their codes meet
    st.fixed_dictionaries(
        {
            name: st.sampled_from(values[:most])
            for name, values, most in (
                (name, TEXTS[name], 2 if name in ("lat", "lon", "commune_code") else 3) for name in TEXTS
            )
        }
    ),
    max_size=12,
)


def same(url: str, rows: list[dict[str, object]], table: pa.Table, chunk: int) -> None:
    numbered = [LoadRow(n, row) for n, row in enumerate(table.to_pylist(), 1)]
    one_by_one = loaded("memory:", lambda r: r.load(numbered, chunk=chunk, known=known, actor="a"))
    batches = table.to_batches(max_chunksize=5)
    by_column = loaded(url, lambda r: r.load_batches(batches, chunk=chunk, known=known, actor="a"))
    assert by_column == one_by_one


def same_again(url: str, table: pa.Table, others: pa.Table) -> None:
    """The same of a file that is loaded onto what another has left."""
    before = [LoadRow(n, row) for n, row in enumerate(others.to_pylist(), 1)]
    numbered = [LoadRow(n, row) for n, row in enumerate(table.to_pylist(), 1)]

    def rows(registry: Registry) -> object:
        registry.load(before, known=known)
        return registry.load(numbered, known=known, actor="a")

    def columns(registry: Registry) -> object:
        registry.load(before, known=known)
        return registry.load_batches(table.to_batches(), known=known, actor="a")

    assert loaded(url, columns) == loaded("memory:", rows)


@settings(max_examples=60, deadline=None)
@given(rows=st.one_of(ROWS, SOUND), chunk=st.sampled_from([3, 100]))
def test_texts(new_url, rows, chunk):
    table = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in TEXTS]))
    same(new_url(), rows, table, chunk)


@settings(max_examples=60, deadline=None)
@given(rows=SOUND, changes=st.lists(st.tuples(st.sampled_from([*TEXTS]), st.integers(0, 2)), max_size=4))
def test_a_file_that_is_loaded_again_with_some_changes(new_url, rows, changes):
    schema = pa.schema([(name, pa.string()) for name in TEXTS])
    changed = [dict(row) for row in rows]
    for row, (name, value) in zip(changed, changes, strict=False):
        row[name] = TEXTS[name][value]
    same_again(new_url(), pa.Table.from_pylist(changed, schema), pa.Table.from_pylist(rows, schema))


TYPED = {
    "lat": (pa.float64(), [21.0368, -90.0, 90.5, float("nan"), None]),
    "lon": (pa.float64(), [105.8346, 180.0, float("inf"), None]),
    "issued_on": (pa.date32(), [dt.date(2026, 3, 1), dt.date(2026, 3, 2), None]),
    "uncertainty_m": (pa.float64(), [0.1, None, -0.5, float("nan")]),
    "house_number": (pa.int64(), [None, 5]),
    "street": (pa.dictionary(pa.int32(), pa.string()), ["Quán Thánh", "quan thanh", None]),
}
"""Columns as a Parquet file may have them; a number is no text."""


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "ndas": st.sampled_from(CODES[:5]),
                "commune_code": st.sampled_from(["00004", "00008"]),
                "status": st.sampled_from(["live", "proposed"]),
                **{name: st.sampled_from(values) for name, (_, values) in TYPED.items()},
            }
        ),
        max_size=10,
    )
)
def test_typed_columns(new_url, rows):
    names = ["ndas", "commune_code", "status", *TYPED]
    schema = pa.schema([(name, TYPED[name][0] if name in TYPED else pa.string()) for name in names])
    same(new_url(), rows, pa.Table.from_pylist(rows, schema), 100)


def test_reserved_codes_are_refused_by_the_column_too(new_url):
    rows = [{"ndas": f"{RESERVED_AREA}{n:05}", "lat": "21", "lon": "105", "commune_code": "00004",
             "issued_on": "2026-03-01"} for n in range(100_000)]  # fmt: skip
    table = pa.Table.from_pylist(rows)
    report, kept, _ = loaded(new_url(), lambda r: r.load_batches(table.to_batches()))
    assert (report.loaded, report.refused, len(kept)) == (99_997, 3, 99_997)
    assert {error.field for error in report.errors} == {"ndas"}


@pytest.mark.parametrize("lost", ["lat", "ndas"])
def test_a_file_without_a_column_is_refused_row_by_row(new_url, lost):
    row = {"ndas": CODES[0], "lat": "21", "lon": "105", "commune_code": "00004", "issued_on": "2026-03-01"}
    table = pa.Table.from_pylist([{name: value for name, value in row.items() if name != lost}] * 2)
    same(new_url(), [], table, 100)

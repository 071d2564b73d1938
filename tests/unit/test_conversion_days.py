"""The day of a conversion: whose units are answered, on the side of the reform that was asked for."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pytest

import geoaddr
from geoaddr.errors import InvalidDate


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


def answered(to: str, as_of: str | None, text: str) -> tuple[str, str | None]:
    answer = opened().convert(text, to=to, as_of=as_of)
    return answer.status, answer.commune.code if answer.commune else None


BEN_NGHE = "12 Nguyễn Huệ, Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"
LONG_THANH = "12 Hùng Vương, Phường Long Thành, Đồng Nai"
"""A xã of Tỉnh Đồng Nai since the reform, a phường of Thành phố Đồng Nai since 30 April 2026 (237/NQ-UBTVQH16)."""


def test_the_default_days_are_the_datas_and_the_eve_of_the_reform() -> None:
    ga = opened()
    assert ga.convert(BEN_NGHE) == ga.convert(BEN_NGHE, as_of=ga.date)
    assert ga.convert(BEN_NGHE, to="old") == ga.convert(BEN_NGHE, to="old", as_of="2025-06-30")


def test_the_first_day_of_the_new_units() -> None:
    assert answered("new", "2025-07-01", BEN_NGHE) == ("ok", "26740")


@pytest.mark.parametrize(
    ("as_of", "address"),
    [
        ("2025-07-01", "12 Hùng Vương, Xã Long Thành, Tỉnh Đồng Nai"),
        ("2026-04-29", "12 Hùng Vương, Xã Long Thành, Tỉnh Đồng Nai"),
        ("2026-04-30", "12 Hùng Vương, Phường Long Thành, Thành phố Đồng Nai"),
        (None, "12 Hùng Vương, Phường Long Thành, Thành phố Đồng Nai"),
    ],
)
def test_units_are_answered_with_their_names_of_the_day(as_of: str | None, address: str) -> None:
    assert opened().convert(LONG_THANH, as_of=as_of).address == address


@pytest.mark.parametrize(
    ("to", "as_of", "said"),
    [
        ("new", "2025-06-30", "before 1 July 2025"),
        ("old", "2025-07-01", "not before 1 July 2025"),
        ("old", "2017-12-31", "the data begins on 2018-01-01"),
        ("new", "tomorrow", "not a date"),
    ],
)
def test_a_day_on_the_other_side_is_refused_by_name(to: str, as_of: str, said: str) -> None:
    with pytest.raises(InvalidDate, match=said) as refused:
        opened().convert(BEN_NGHE, to=to, as_of=as_of)
    assert refused.value.field == "as_of"
    with pytest.raises(InvalidDate, match=said):
        opened().convert_table(pa.array([BEN_NGHE]), to=to, as_of=as_of)


@pytest.mark.parametrize(("to", "as_of"), [("new", "2025-07-01"), ("old", "2024-06-30"), ("old", None)])
def test_columns_answer_of_the_same_day(to: str, as_of: str | None) -> None:
    texts = [BEN_NGHE, LONG_THANH, "Phường 6, Quận 3, Thành phố Hồ Chí Minh", "1 Lê Duẩn, Phường Sài Gòn, TP.HCM"]
    table = opened().convert_table(pa.array(texts), to=to, as_of=as_of)
    columns = zip(table["status"].to_pylist(), table["commune_code"].to_pylist(), strict=True)
    assert [*columns] == [answered(to, as_of, text) for text in texts]

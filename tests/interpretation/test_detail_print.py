"""A detail printed in the official order, and house numbers made comparable."""

from __future__ import annotations

import pytest

from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_print import levels, reprint

PRINTED = """
phố Huế, ngõ 12, ngách 12/34, số nhà 5      | số 5 ngách 12/34 ngõ 12 phố Huế
thôn 3, số 8                                | số 8, thôn 3
khu phố 2, 12/34/5A Lê Lợi                  | 12/34/5A Lê Lợi, khu phố 2
đường số 3, Lô 5                            | Lô 5 đường số 3
123 3/2                                     | 123 đường 3/2
12 Lê Lợi, chung cư Sen, tầng 5, căn hộ 5B  | căn hộ 5B, tầng 5, chung cư Sen, 12 Lê Lợi
12 Lê Lợi (quán Bà Sáu)                     | quán Bà Sáu, 12 Lê Lợi
12 Lê Lợi, 7P28QMMW+VJ, 70000               | 7P28QMMW+VJ, 12 Lê Lợi
12 Lê Lợi, Việt Nam                         | 12 Lê Lợi
K12/5 Điện Biên Phủ                         | K12/5 Điện Biên Phủ
"""

LEVELS = """
số 5 ngách 12/34 ngõ 12 phố Huế      | 12 34 5
số 5 ngách 34 ngõ 12 phố Huế         | 12 34 5
12/34/5 phố Huế                      | 12 34 5
12/34/5 ngõ 12 phố Huế               | 12 34 5
12/34/5a Lê Lợi                      | 12 34 5A
K12/5 Lê Lợi                         | 12 5
K12/H3/5 Lê Lợi                      | 12 3 5
5 kiệt 12 Lê Lợi                     | 12 5
16-18 Lê Lợi                         | 16-18
284D bis Lê Lợi                      | 284DBIS
hẻm 11, 49B Lê Lợi                   | 11 49B
ngõ 12 Lê Lợi                        | 12
Lê Lợi                               |
"""


def rows(table: str) -> list[tuple[str, str]]:
    """The two columns of a table."""
    return [(a.strip(), b.strip()) for a, _, b in (line.partition("|") for line in table.strip().splitlines())]


@pytest.mark.parametrize(("text", "wanted"), rows(PRINTED))
def test_printed_from_small_to_large(text: str, wanted: str) -> None:
    assert reprint(read_detail(text)) == wanted


@pytest.mark.parametrize("text", [row[1] for row in rows(PRINTED)])
def test_what_is_printed_reads_as_the_same(text: str) -> None:
    assert reprint(read_detail(text)) == text


@pytest.mark.parametrize(("text", "wanted"), rows(LEVELS))
def test_the_same_house_has_the_same_levels_however_it_is_written(text: str, wanted: str) -> None:
    assert levels(read_detail(text)) == tuple(wanted.split())


def test_an_alley_without_a_number_stands_by_its_name() -> None:
    assert levels(read_detail("số 5 ngõ Tức Mạc")) == ("tuc mac", "5")


def test_what_was_not_understood_is_printed_only_when_asked_for() -> None:
    detail = read_detail("12 Lê Lợi, Q1")
    assert reprint(detail) == "12 Lê Lợi"
    assert reprint(detail, with_rest=True) == "12 Lê Lợi, Q1"


def test_nothing_prints_as_nothing() -> None:
    assert reprint(Detail()) == ""
    assert levels(Detail()) == ()

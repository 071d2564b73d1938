"""Names that fold alike are one where their accents agree; who writes none means any."""

from __future__ import annotations

import pytest

from geoaddr.text.accents import accents_agree

NAMES = """
Lê Lai           | lê lai             | yes
Lê Lai           | Le Lai             | yes
Lê Lai           | Phố Le Lai         | yes
Đường Lê Lai     | PHỐ LÊ LAI         | yes
Lê Lai           | Lê Lài             |
phố Lê Lai       | đường Lê Lài       |
Hoà Bình         | Hòa Bình           | yes
Đại lộ Bao Khang | Bảo Khang          | yes
Bảo Khang        | Bảo Kháng          |
Đống Đa          | Dong Da            | yes
Quang Trung      | Quảng Trung        | yes
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines(), ids=str.strip)
def test_accents_agree(line: str) -> None:
    one, other, expected = (cell.strip() for cell in line.split("|"))
    assert accents_agree(one, other) == accents_agree(other, one) == bool(expected)

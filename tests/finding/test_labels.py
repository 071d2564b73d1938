"""Labels are read again as the address that they are of."""

from __future__ import annotations

import pytest

from geoaddr.finding.houses import figures, levels_of
from geoaddr.finding.labels import label
from geoaddr.model import Components
from geoaddr.platform import Geoaddr

WRITTEN = """
number | alleys              | building | floor | unit  | written
12     |                     |          |       |       | 12 Lê Lợi
18     | 9; 15               |          |       |       | 9/15/18 Lê Lợi
18     | 9; 9/15             |          |       |       | 9/15/18 Lê Lợi
18A    | 9B                  |          |       |       | 9B/18A Lê Lợi
9/18   | 9                   |          |       |       | 9/18 Lê Lợi
5      | ngõ 12; ngách 12/34 |          |       |       | số 5 ngách 12/34 ngõ 12 Lê Lợi
35     |                     | Tòa A    | 17    | 17-03 | căn hộ 17-03, tầng 17, Tòa A, 35 Lê Lợi
35     |                     | Tòa A    |       | căn 5 | căn 5, Tòa A, 35 Lê Lợi
"""


@pytest.mark.parametrize("row", WRITTEN.strip().splitlines()[1:], ids=str.strip)
def test_a_label_is_read_as_its_address(filled: Geoaddr, row: str) -> None:
    number, alleys, building, floor, unit, written = (cell.strip() for cell in row.split("|"))
    chain = tuple(alley.strip() for alley in alleys.split(";") if alley.strip())
    stated = Components(
        house_number=number, alley=chain, street="Lê Lợi", building=building or None, floor=floor or None,
        unit=unit or None,
    )  # fmt: skip
    commune = filled.unit("00004")
    line = label(stated, (commune, filled.unit("01")))
    assert line == f"{written}, Phường Ba Đình, Thành phố Hà Nội"
    read = filled.parse(line).components
    assert levels_of(read.house_number, read.alley) == levels_of(number, chain)
    assert (read.street, read.building) == ("Lê Lợi", building or None)
    assert figures(read.unit or "") == figures(unit)

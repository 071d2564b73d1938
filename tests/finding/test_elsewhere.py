"""A text that names a unit besides, in which the place does not lie, is found with half the score."""

from __future__ import annotations

import pytest

from geoaddr.platform import Geoaddr

NAMED = """
text                                                         | agreement | why
12 Lê Lợi, Phường Hải Châu, Đà Nẵng                          |           | nothing else is named
12 Lê Lợi, Phường Hải Châu, Hà Nội                           | 0.5       | Hà Nội has no such ward
12 Lê Lợi, Phường Hải Châu, Thành phố Huế                    | 0.5       |
12 Lê Lợi, Phường Hải Châu, Quảng Nam                        | 0.5       | a province of before that was another
12 Lê Lợi, Phường Hải Châu, Quận 3, Đà Nẵng                  | 0.5       | a district elsewhere
12 Lê Lợi, Phường Hải Châu, Sơn Trà, Đà Nẵng                 | 0.5       | one without its type word, between
12 Lê Lợi, Phường Hải Châu, Đà Nẵng, Bình Minh               |           | behind all units that is anybody's
12 Lê Lợi, Phường Hải Châu, Đà Nẵng, gần ga Hà Nội           |           | no part that names a province alone
12 Lê Lợi, Phường Hải Châu, Quận Hải Châu, Đà Nẵng           |           | a district of before that held it
12 Lê Lợi, Phường Hải Châu, Phường Thạch Thang, Đà Nẵng      |           | the ward became a part of it
12 Lê Lợi, Phường Hải Châu, Đà Nẵng, giao giờ hành chính     |           | no unit: a word to the postman
Lê Lợi, Phường Hải Châu, Hà Nội                              | 0.5       | a street, too
"""


@pytest.mark.parametrize("row", NAMED.strip().splitlines()[1:], ids=lambda row: row.split("|")[0].strip())
def test_what_lies_in_another_unit_than_the_text_names_is_doubtful(filled: Geoaddr, row: str) -> None:
    text, agreement, _ = (cell.strip() for cell in row.split("|"))
    best = filled.geocode(text)[0]
    assert best.commune is not None
    assert best.commune.code == "20242"
    part = best.score_parts.get("agreement")
    assert (part.value if part else None) == (float(agreement) if agreement else None)
    if part is None:
        assert best.score > 0.9
    else:
        assert best.score <= 0.5

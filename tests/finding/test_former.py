"""Streets that were renamed and houses that were renumbered are found by what they were called before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from geoaddr.wiring import pack_path
from tests.finding.households import fill

RENAMED = "Nguyễn Văn Mới"


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def ga(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    """The households, after Bạch Đằng in Hải Châu got another name, 17 Quán Thánh in Ba Đình the number 27 and
    12/5 Lê Lợi in Sài Gòn both."""
    path = tmp_path_factory.mktemp("former") / "registry.db"
    url = "memory:" if request.param == "memory" else f"sqlite:///{path}"
    with Geoaddr(Pack.open(pack_path()), Registry(open_store(url, key=bytes(32)))) as platform:
        for ndas, draft in fill(platform.registry).items():
            street, number = draft.components.street, draft.components.house_number
            if street == "Bạch Đằng":
                platform.registry.amend(ndas, {"street": RENAMED}, cause="renamed")
            elif street == "Quán Thánh" and number == "17":
                platform.registry.amend(ndas, {"house_number": "27"}, cause="renumbered")
            elif number == "12/5":
                platform.registry.amend(ndas, {"house_number": "9", "alley": ["hẻm 30"]}, cause="renumbered")
        yield platform


ASKED = """
text                                                    | level        | found
2 Bạch Đằng, Phường Hải Châu, Đà Nẵng                   | house        | 2 Nguyễn Văn Mới
2 bach dang, hai chau, da nang                          | house        | 2 Nguyễn Văn Mới
2 Bạch Đằng, Phường Phước Ninh, Quận Hải Châu, Đà Nẵng  | house        | 2 Nguyễn Văn Mới
Bạch Đằng, Phường Hải Châu, Đà Nẵng                     | street       | Nguyễn Văn Mới
9 Bạch Đằng, Phường Hải Châu, Đà Nẵng                   | street       | 9 Nguyễn Văn Mới
17 Quán Thánh, Phường Ba Đình, Hà Nội                   | house        | 27 Quán Thánh
12/5 Lê Lợi, Phường Sài Gòn, TP HCM                     | house        | số 9 hẻm 30 Lê Lợi
hẻm 12/5 Lê Lợi, Phường Sài Gòn, TP HCM                 | house        | số 9 hẻm 30 Lê Lợi
"""


@pytest.mark.parametrize("row", ASKED.strip().splitlines()[1:], ids=str.strip)
def test_what_has_another_address_now(ga: Geoaddr, row: str) -> None:
    text, level, found = (cell.strip() for cell in row.split("|"))
    best = ga.geocode(text)[0]
    assert found in best.label
    assert best.match_level == level
    assert best.score_parts["former"].value < best.score_parts["former"].ceiling == 1.0
    assert best.score < 1.0


TODAY = """
text                                              | found
2 Nguyễn Văn Mới, Phường Hải Châu, Đà Nẵng        | 2 Nguyễn Văn Mới
27 Quán Thánh, Phường Ba Đình, Hà Nội             | 27 Quán Thánh
12 Lê Lợi, Phường Sài Gòn, TP HCM                 | 12 Lê Lợi
7 Quán Thánh, Phường Ba Đình, Hà Nội              | 7 Quán Thánh
"""


@pytest.mark.parametrize("row", TODAY.strip().splitlines()[1:], ids=str.strip)
def test_an_address_of_today_is_no_former_one(ga: Geoaddr, row: str) -> None:
    text, found = (cell.strip() for cell in row.split("|"))
    best = ga.geocode(text)[0]
    assert found in best.label
    assert "former" not in best.score_parts


def test_everyone_learns_of_no_former_address(ga: Geoaddr) -> None:
    for row in ASKED.strip().splitlines()[1:]:
        for match in ga.geocode(row.split("|")[0].strip(), area_only=True):
            assert "former" not in match.score_parts
            assert RENAMED not in match.label

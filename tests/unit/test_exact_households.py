"""Which household a line is told the code of: the one that has this very address, and alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

import geoaddr
from geoaddr.model import AddressRecord, Components, Point
from geoaddr.platform import Geoaddr
from geoaddr.profiles.vn import REFORM
from geoaddr.registry import Draft
from geoaddr.stored import ENDS
from tests.postgres_server import Server

# households, each its number and what else it states, on phố Bảo Khánh where nothing else is said |
# a line in Phường Hoàn Kiếm, Hà Nội, unless a point ends it | the position of the one whose code is told.
# before: the commune that it was filed under; Hàng Bạc is all in Hoàn Kiếm now, Hàng Trống was divided
TOLD = """
12                                                | 12 Bảo Khánh                                    | 1
12                                                | số 12 pho Bao Khanh                             | 1
012                                               | 12 Bảo Khánh                                    | 1
12A                                               | 12 A Bảo Khánh                                  | 1
12A                                               | 12 Bảo Khánh                                    |
12                                                | 12A Bảo Khánh                                   |
12                                                | 12B Bảo Khánh                                   |
12                                                | 14 Bảo Khánh                                    |
12                                                | 12 Bảo Khang                                    |
12                                                | 12 Bảo Khành                                    |
12                                                | Bảo Khánh                                       |
12 street=Bao Khanh                               | 12 Bảo Khánh                                    | 1
12 street=Thanh Thành                             | 12 Thanh Thành                                  | 1
12 street=Thanh Thành                             | 12 Thành Thanh                                  |
12 street=Hoà Mã                                  | 12 phố Hòa Mã                                   | 1
12 street=Bảo Khánh + 12 street=Bảo Khành         | 12 Bao Khanh                                    |
12                                                | Căn hộ 502, 12 Bảo Khánh                        |
12                                                | Tầng 2, 12 Bảo Khánh                            |
12                                                | Chung cư B2, 12 Bảo Khánh                       |
12                                                | 12 Bảo Khánh, tổ 5                              |
12 hamlet=Tổ 5                                    | 12 Bảo Khánh                                    |
12 hamlet=Tổ 5                                    | 12 Bảo Khánh, tổ 5                              | 1
12 hamlet=Tổ 5 + 12                               | 12 Bảo Khánh                                    |
12 hamlet=Tổ 5 + 12 hamlet=Tổ 6                   | 12 Bảo Khánh, tổ 5                              | 1
12 unit=301                                       | 12 Bảo Khánh                                    |
12 unit=301                                       | Căn hộ 999, 12 Bảo Khánh                        |
12 unit=301                                       | P.301, 12 Bảo Khánh                             | 1
12 unit=301                                       | Căn hộ 301, 12 Bảo Khánh                        | 1
12 unit=301                                       | Căn hộ A301, 12 Bảo Khánh                       |
12 unit=301                                       | Căn hộ 301, 14 Bảo Khánh                        |
12 unit=301                                       | Tầng 3, căn hộ 301, 12 Bảo Khánh                |
12 unit=301 floor=3                               | Căn hộ 301, 12 Bảo Khánh                        |
12 unit=301 floor=3                               | Căn hộ 301, tầng 3, 12 Bảo Khánh                | 1
12 unit=5 floor=3 + 12 unit=5 floor=4             | Căn hộ 5, tầng 4, 12 Bảo Khánh                  | 2
12 unit=5 floor=3 + 12 unit=5                     | Căn hộ 5, tầng 3, 12 Bảo Khánh                  |
12 unit=301 + 12                                  | 12 Bảo Khánh                                    | 2
12 unit=301 + 12                                  | Căn hộ 301, 12 Bảo Khánh                        | 1
12 unit=1 + 12 unit=2 + 12 unit=3 + 12 unit=4 + 12 unit=5 + 12 unit=6 | 12 Bảo Khánh                |
12 unit=1 + 12 unit=2 + 12 unit=3 + 12 unit=4 + 12 unit=5 + 12 unit=6 | Căn hộ 6, 12 Bảo Khánh      | 6
12 unit=6 + 12 unit=2 + 12 unit=3 + 12 unit=4 + 12 unit=5 + 12 unit=P.6 | Căn hộ 6, 12 Bảo Khánh    |
12 unit=12A-05                                    | Căn hộ 12-05, 12 Bảo Khánh                      |
12 building=Chung cư A1                           | Chung cư B2, 12 Bảo Khánh                       |
12 building=Chung cư A1                           | Chung cư A1, 12 Bảo Khánh                       | 1
12 building=Chung cư A1                           | 12 Bảo Khánh                                    |
12 building=Chung cư A1 + 12                      | 12 Bảo Khánh                                    |
12 building=Chung cư A1 unit=7 + 12 building=Chung cư B2 unit=7 | Căn hộ 7, chung cư B2, 12 Bảo Khánh | 2
12 building=Chung cư A1 unit=7 + 12 building=Chung cư B2 unit=7 | Căn hộ 7, 12 Bảo Khánh          |
12 + 12                                           | 12 Bảo Khánh                                    |
12 + Số 12                                        | 12 Bảo Khánh                                    |
12 + 12 + 12 + 12 + 12 + 12 + 12                  | 12 Bảo Khánh                                    |
12 + 14 + 16 + 18 + 20 + 22                       | 22 Bảo Khánh                                    | 6
7 alley=ngõ 20                                    | 7 ngõ 20 Bảo Khánh                              | 1
7 alley=ngõ 20                                    | 20/7 Bảo Khánh                                  | 1
20/7                                              | 7 ngõ 20 Bảo Khánh                              | 1
7 alley=ngõ 20                                    | 7 Bảo Khánh                                     |
7 alley=ngõ 20                                    | 20 Bảo Khánh                                    |
7                                                 | 7 ngõ 20 Bảo Khánh                              |
7 alley=ngõ 20 + 20/7                             | 20/7 Bảo Khánh                                  |
7 alley=ngõ 20 + 7 street=ngõ 20 Bảo Khánh        | 20/7 Bảo Khánh                                  |
7 street=ngách 20/3 ngõ 20 Bảo Khánh              | 20/7 Bảo Khánh                                  |
12                                                | 12 Bảo Khánh, Phường Hàng Trống, Quận Hoàn Kiếm, Hà Nội. | 1
12                                                | 12 Bao Khanh, Hang Trong, Hoan Kiem, Ha Noi.    | 1
12                                                | 12 Bảo Khánh, Phường Cửa Nam, Hà Nội.           |
12                                                | 12 Bảo Khánh, Hà Nội.                           |
12                                                | xyz abc, 12 Bảo Khánh                           |
12 before=Hàng Bạc                                | 12 Bảo Khánh                                    | 1
12 before=Hàng Bạc                                | 12 Bảo Khánh, Phường Hàng Bạc, Quận Hoàn Kiếm, Hà Nội. | 1
12 before=Hàng Bạc + 12                           | 12 Bảo Khánh                                    |
12 before=Hàng Trống                              | 12 Bảo Khánh                                    |
12 before=Hàng Trống + 12                         | 12 Bảo Khánh                                    |
12 text=12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội    | 12 Bảo Khánh                                    | 1
12 text=12 Bảo Khánh, gần chợ cũ, Hoàn Kiếm, Hà Nội | 12 Bảo Khánh                                  |
"""


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    store = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path_factory.mktemp('exact')}/registry.db"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        store = server.url(server.new_database())
    with geoaddr.open(store=store) as opened:
        yield opened


@pytest.fixture
def ga(engine: Geoaddr) -> Iterator[Geoaddr]:
    """A registry in which nothing stands."""
    yield engine
    for record in [*engine.registry.export()]:
        if record.status not in ENDS:
            engine.retire(record.ndas)


def kept(ga: Geoaddr, households: str) -> list[AddressRecord]:
    drafts = [_draft(ga, at, each.strip()) for at, each in enumerate(households.split(" + "))]
    asked = [(str(at), draft) for at, draft in enumerate(drafts)]
    return [answer.record for answer in ga.registry.issue_many(asked, batch_id=uuid4().hex)]


def _draft(ga: Geoaddr, at: int, stated: str) -> Draft:
    number, *more = re.split(r" (?=[a-z]+=)", stated)
    parts = dict(each.split("=") for each in more)
    commune, issued_on = "00070", dt.date(2026, 3, 1)
    if "before" in parts:
        issued_on = REFORM - dt.timedelta(days=1)
        name, units = parts.pop("before"), ga.gazetteer.units("commune", as_of=issued_on)
        commune = next(unit.code for unit in units if unit.name == name)
    own: dict[str, Any] = {"house_number": number, "street": "Bảo Khánh", **parts}
    if "alley" in parts:
        own["alley"] = (parts["alley"],)
    components = Components(text=parts["text"]) if "text" in parts else Components(**own)
    return Draft(
        components=components,
        status="verified",
        area_code="11127",
        commune_code=commune,
        issued_on=issued_on,
        point=Point(lat=21.0290 + at * 0.0002, lon=105.8500),
    )


def told(ga: Geoaddr, line: str) -> list[str | None]:
    return [each.value for each in ga.validate(line).components if each.name == "code"]


@pytest.mark.parametrize("row", TOLD.strip().splitlines())
def test_the_code_that_is_told_is_that_of_this_very_address(ga: Geoaddr, row: str) -> None:
    households, line, position = (cell.strip() for cell in row.split("|"))
    records = kept(ga, households)
    whole = line if line.endswith(".") else f"{line}, Phường Hoàn Kiếm, Hà Nội"
    assert told(ga, whole) == ([records[int(position) - 1].ndas] if position else [])


def test_all_that_is_stated_of_it_is_confirmed(ga: Geoaddr) -> None:
    kept(ga, "12 unit=301 building=Chung cư A1 floor=3")
    answer = ga.validate("Căn hộ 301, tầng 3, chung cư A1, 12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội")
    names = ("house_number", "street", "unit", "floor", "building")
    status = {each.name: each.status for each in answer.components}
    assert {name: status[name] for name in names} == dict.fromkeys(names, "confirmed")


def test_one_that_ended_stands_in_nobodys_way(ga: Geoaddr) -> None:
    first, second = kept(ga, "12 + 12")
    ga.retire(first.ndas)
    assert told(ga, "12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội") == [second.ndas]


def test_a_street_that_others_vouch_for_stays_confirmed(ga: Geoaddr) -> None:
    """Beside a house that was proposed and nobody confirmed."""
    kept(ga, "14")
    proposed = ga.assign({"house_number": "12", "street": "Bảo Khánh", "commune": "00070"}, lat=21.03, lon=105.85)
    answer = ga.validate("12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội")
    status = {each.name: each.status for each in answer.components}
    assert told(ga, "12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội") == [proposed.ndas]
    assert (status["house_number"], status["street"]) == ("unconfirmed", "confirmed")

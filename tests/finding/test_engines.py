"""Whatever is looked for, a registry on SQLite or PostgreSQL answers as the one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from geoaddr.wiring import pack_path
from tests.finding.households import COMMUNES, fill
from tests.postgres_server import Server

KEY = bytes(32)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[list[Geoaddr]]:
    """The same households in memory, in a file and on a server, on one pack; a few of them have ended."""
    path = tmp_path_factory.mktemp("engines") / "registry.db"
    platforms = []
    for url in ("memory:", f"sqlite:///{path}", postgres.url(postgres.new_database())):
        ga = Geoaddr(Pack.open(pack_path()), Registry(open_store(url, key=KEY)))
        codes = sorted(fill(ga.registry))
        ga.retire(codes[0])
        ga.supersede(codes[1], [codes[2]])
        platforms.append(ga)
    yield platforms
    for ga in platforms:
        ga.close()


NUMBERS = st.sampled_from(["", "1", "7", "11", "12", "12/34/5", "12/5", "20", "50", "số 3", "K7", "99999"])
NAMES = st.sampled_from(
    ["Quán Thánh", "quan thanh", "Quán Thán", "Lê Lợi", "Le Loi", "Đội Cấn", "ngõ 12 Đội Cấn", "TDP 5",
     "Trường THPT Hoa Sen", "Điện Biên Phủ", "Nguyễn Huệ", "đường 3/2", ""],
)  # fmt: skip
UNITS = st.sampled_from(
    ["Phường Ba Đình, Hà Nội", "Ba Đình", "P. Ngọc Hà, HN", "Quận 1, TPHCM", "Phường Bến Nghé, Quận 1, TPHCM",
     "Đà Nẵng", "Hải Châu, Đà Nẵng", "Hà Nội", "Nha Trang", ""],
)  # fmt: skip


def answers(engines: list[Geoaddr], verb: str, *args: Any, **kwargs: Any) -> list[list[dict[str, Any]]]:
    return [[one.to_dict() for one in getattr(ga, verb)(*args, **kwargs)] for ga in engines]


@settings(max_examples=80, deadline=None)
@given(number=NUMBERS, name=NAMES, units=UNITS, limit=st.integers(1, 50), area_only=st.booleans())
def test_geocode(engines: list[Geoaddr], number: str, name: str, units: str, limit: int, area_only: bool) -> None:
    text = ", ".join(part for part in (f"{number} {name}".strip(), units) if part)
    judge, *others = answers(engines, "geocode", text, limit, area_only=area_only)
    assert others == [judge, judge]
    assert len(judge) <= limit
    assert [match["weight"] for match in judge] == sorted((m["weight"] for m in judge), reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    commune=st.sampled_from(sorted(COMMUNES)), north=st.floats(-0.02, 0.02), east=st.floats(-0.02, 0.02),
    radius_m=st.floats(1, 5000), limit=st.integers(1, 50), same_commune=st.booleans(), area_only=st.booleans(),
)  # fmt: skip
def test_reverse(engines: list[Geoaddr], commune: str, north: float, east: float, **how: Any) -> None:
    where = {"lat": COMMUNES[commune].lat + north, "lon": COMMUNES[commune].lon + east}
    judge, *others = answers(engines, "reverse", **where, **how)
    assert others == [judge, judge]
    assert all(match["distance_m"] is None or match["distance_m"] <= how["radius_m"] + 0.01 for match in judge)


@settings(max_examples=60, deadline=None)
@given(number=NUMBERS, name=NAMES, end=st.integers(0, 20), units=UNITS, area_only=st.booleans())
def test_suggest(engines: list[Geoaddr], number: str, name: str, end: int, units: str, area_only: bool) -> None:
    text = f"{number} {name}".strip()[:end] + (f", {units[: end // 2]}" if end % 2 else "")
    judge, *others = answers(engines, "suggest", text, 20, area_only=area_only)
    assert others == [judge, judge]


def test_the_registries_are_sound(engines: list[Geoaddr]) -> None:
    assert [ga.registry.verify() for ga in engines] == [[], [], []]

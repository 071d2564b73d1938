"""The answer that is taken apart by hand says what its records say, in their order."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest

from geoaddr.disclosure import Grants, Scope
from geoaddr.model import (
    AddressRecord,
    Alias,
    Cell,
    Components,
    Event,
    Point,
    Reading,
    Resolved,
    Suggestion,
    Unit,
    plain,
)
from geoaddr.sight import Sight
from service.flattening import flat

PROVINCE = Unit("province", "48", "Đà Nẵng", "Thành phố Đà Nẵng", "Thành phố", dt.date(2025, 7, 1))
COMMUNE = Unit("commune", "20242", "Hải Châu", "Phường Hải Châu", "Phường", dt.date(2025, 7, 1), parent="48")
PARTS = Components(
    house_number="12", alley=("ngõ 3", "ngách 5"), street="phố Huế", hamlet="thôn 1", building="CT1", floor="3",
    unit="301", poi="chợ", commune="Hải Châu", province="Đà Nẵng", text='12 "phố" Huế',
)  # fmt: skip
POINT, GATE = Point(lat=16.05, lon=108.2), Point(lat=16.0501, lon=108.2001)
ALIASES = (Alias("location_id", "550000000001", dt.date(2026, 1, 1)), Alias("plus_code", "7P8M2622+XX"))
RECORD = AddressRecord(
    ndas="5000012345", status="superseded", components=PARTS, commune_code="20242", issued_on=dt.date(2026, 1, 1),
    point=POINT, point_source="survey", uncertainty_m=2.5, entrances=(GATE,), aliases=ALIASES,
    superseded_by=("5000012346",), version=3, created_at="2026-03-01T08:00:00.000Z",
    updated_at="2026-03-02T08:00:00.000Z",
)  # fmt: skip
HISTORY = (
    Event("5000012345", 1, "issued", "2026-03-01T08:00:00.000Z", "who", "", {"to": "proposed"}),
    Event(
        "5000012345", 2, "moved", "2026-03-02T08:00:00.000Z", "", "why", {"point": {"lat": 16.05, "lon": 108.2}}
    ),
)
WHOLE = Reading(
    system="ndas", code="5000012345", status="superseded", point=POINT, cell=Cell(16.0, 108.0, 16.1, 108.1),
    province=PROVINCE, commune=COMMUNE, postcode="50207", address=RECORD, ndas="5000012345",
    vpostcode="50207ABCDEFG", plus_code="7P8M2622+XX2", aliases=ALIASES, superseded_by=("5000012346",),
    history=HISTORY,
)  # fmt: skip
NOT_ISSUED = Reading(system="ndas", code="5000012345", status="not_issued", commune=COMMUNE)
SLIP = Suggestion("5000012346", "substitution", 10, True, True, {"en": "a slip", "vi": "gõ nhầm"})

ANSWERS = {
    "everything": Resolved("5000012345", (WHOLE,)),
    "nothing": Resolved("5000012345", (NOT_ISSUED,), (SLIP,)),
    "several": Resolved("550000000001", (WHOLE, NOT_ISSUED)),
    "none": Resolved("no", (), None),
}
HELD: dict[str, tuple[Scope, ...]] = {
    "all": ("address", "point"), "area": ("area",), "address": ("address",), "point": ("point",),
    "validity": ("validity",),
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("held", HELD)
def test_it_says_what_the_records_say(answer: str, held: str) -> None:
    def no_places() -> object:
        raise AssertionError("grants that hold everywhere ask for no places")

    seen = Sight(Grants.of(HELD[held]), no_places).shown(ANSWERS[answer])  # type: ignore[arg-type]
    assert orjson.dumps(flat(seen), default=plain) == orjson.dumps(seen, default=plain)


def test_a_unit_is_written_as_it_is_now() -> None:
    for name in ("Hải Châu", "Thanh Khê"):  # alike but for the name, and maybe in one place of memory
        unit = Unit("commune", "20242", name, f"Phường {name}", "Phường", dt.date(2025, 7, 1))
        answer = Resolved("5000012345", (Reading(system="ndas", code="5000012345", status="live", commune=unit),))
        assert orjson.loads(orjson.dumps(flat(answer)))["readings"][0]["commune"]["name"] == name
        del answer, unit

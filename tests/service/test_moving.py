"""An address that comes to lie in another province: each province's keys see what it was while it lay there."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from geoaddr.platform import Geoaddr
from tests.service.access import Served
from tests.service.test_provinces import LAO_CAI

HERE = {"lat": 16.0678, "lon": 108.2208}
"""In Hải Châu, Đà Nẵng (48), where the address is issued; it goes to Lào Cai (15)."""

WORDS = {
    "issued here": "Bạch Đằng", "amended here": "Lầu 2", "moved": "Hoàng Liên", "amended there": "Tổ 7",
}  # fmt: skip


@pytest.fixture
def moved(ga: Geoaddr) -> str:
    """Issued and amended in 48, moved to 15, amended there."""
    ndas = ga.assign({"house_number": "12", "street": WORDS["issued here"]}, **HERE).ndas
    ga.amend(ndas, {"floor": WORDS["amended here"]})
    ga.amend(ndas, {"street": WORDS["moved"], "floor": ""}, **LAO_CAI, cause="moved")
    ga.amend(ndas, {"hamlet": WORDS["amended there"]})
    return ndas


def read_in(text: str) -> set[str]:
    """Which words and points of the address stand in an answer."""
    points = {"point here": "16.0678", "point there": "22.3364"}
    return {name for name, word in (WORDS | points).items() if word in text}


LIFE = ["issued", "corrected", "moved", "corrected"]
ALL = {*WORDS, "point here", "point there"}

# the scopes of a key, by province | kinds of the events in the feed | what it can read of the address in it
FEED = [
    ({"address": ["48"], "point": ["48"]}, LIFE[:3],
     {"issued here", "amended here", "point here"}),
    ({"address": ["48"]}, LIFE[:3], {"issued here", "amended here"}),
    ({"address": ["15"], "point": ["15"]}, LIFE[2:], {"moved", "amended there", "point there"}),
    ({"address": ["15"], "point": ["48"]}, LIFE[2:], {"moved", "amended there"}),
    ({"address": ["48", "15"], "point": ["15"]}, LIFE, ALL - {"point here"}),
    ({"address": ["48", "15"], "point": ["48", "15"]}, LIFE, ALL),
    ({"address": ["01"], "point": ["01"]}, [], set()),
]  # fmt: skip


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize(("places", "kinds", "read"), FEED)
def test_the_feed(
    served: Served, moved: str, places: dict[str, Any], kinds: list[str], read: set[str], limit: int
) -> None:
    """However many events are asked for at once."""
    client, cursor, seen, texts = served.holder(**places), "0", [], ""
    while (response := client.get(f"/v1/changes?since={cursor}&limit={limit}")).json["cursor"] != cursor:
        cursor = response.json["cursor"]
        seen += response.json["changes"]
        texts += response.get_data(as_text=True)
    assert [change["kind"] for change in seen] == kinds
    assert all(change["actor"] is not None for change in seen)
    assert read_in(texts) == read


def test_where_the_move_is_not_told_nothing_before_it_is(served: Served, moved: str, tmp_path: Path) -> None:
    """A registry whose event of the move was lost: what was before it is not taken for what was there."""
    with sqlite3.connect(tmp_path / "registry.db") as damaged:
        damaged.execute("DROP TRIGGER event_is_never_removed")
        assert damaged.execute("DELETE FROM event WHERE number = 3").rowcount == 1
    client = served.holder(address=["15"], point=["15"])
    assert client.get("/v1/changes?since=0").json["changes"] == []
    assert [each["kind"] for each in client.get("/v1/changes?since=2").json["changes"]] == ["corrected"]


def test_it_is_seen_to_leave_and_to_come(served: Served, moved: str) -> None:
    """The side that lies elsewhere is null, as all that a key does not open."""
    left = served.holder(address=["48"], point=["48"]).get("/v1/changes?since=0").json["changes"][-1]["details"]
    came = served.holder(address=["15"], point=["15"]).get("/v1/changes?since=0").json["changes"][0]["details"]
    assert (left["after"], left["before"]["components"]["street"]) == (None, "Bạch Đằng")
    assert left["before"]["point"] == HERE
    assert (came["before"], came["alias"]) == (None, None)
    assert came["after"]["components"]["street"] == "Hoàng Liên"


def test_its_history_and_its_code(served: Served, moved: str) -> None:
    """A key of the province where it lies now reads them as the feed; one of the other reads them as everyone."""
    there = served.holder(address=["15"], point=["15"])
    for path in (f"/v1/addresses/{moved}/history", f"/v1/codes/{moved}", f"/v1/addresses/{moved}"):
        assert read_in(there.get(path).get_data(as_text=True)) <= {"moved", "amended there", "point there"}, path
    events = there.get(f"/v1/addresses/{moved}/history").json["events"]
    assert [event["actor"] is None for event in events] == [True, True, False, False]
    here = served.holder(address=["48"], point=["48"])
    record = here.get(f"/v1/addresses/{moved}").json
    assert (record["components"], record["point"], record["aliases"]) == (None, None, None)
    assert read_in(here.get(f"/v1/codes/{moved}").get_data(as_text=True)) == set()


def test_its_former_line(served: Served, moved: str) -> None:
    """The alias tells how it was called elsewhere, and so does the question for it."""
    here_and_there = served.holder(address=["15", "48"])
    there = served.holder(address=["15"])
    assert [a["system"] for a in here_and_there.get(f"/v1/addresses/{moved}").json["aliases"]] == [
        "former_address", "former_address", "former_address",
    ]  # fmt: skip
    lines = there.get(f"/v1/addresses/{moved}").json["aliases"]
    assert len(lines) == 1  # of the time after it came: without the hamlet
    asked = {"components": {"house_number": "12", "street": "Bạch Đằng"}}
    assert len(here_and_there.post("/v1/addresses/formerly", json=asked).json["addresses"]) == 1
    assert there.post("/v1/addresses/formerly", json=asked).json["addresses"] == []


def test_the_day_before_it_moved(served: Served, ga: Geoaddr, moved: str) -> None:
    """The record of then lay in the other province."""
    then = ga.history(moved)[1].at
    there, here = served.holder(address=["15"], point=["15"]), served.holder(address=["48"], point=["48"])
    assert there.get(f"/v1/addresses/{moved}?as_of={then}").json["point"] is None
    assert here.get(f"/v1/addresses/{moved}?as_of={then}").json["point"] == HERE


def test_one_that_was_moved_and_erased_tells_nothing(served: Served, ga: Geoaddr, moved: str) -> None:
    ga.erase(moved, reason="consent withdrawn")
    for places in ({"address": ["15"], "point": ["15"]}, {"address": ["48"], "point": ["48"]}):
        client = served.holder(**places)
        assert client.get("/v1/changes?since=0").status_code == 200
        assert read_in(client.get("/v1/changes?since=0").get_data(as_text=True)) == set()
        assert client.get(f"/v1/addresses/{moved}/history").status_code == 200
    assert dt.date.fromisoformat(ga.address(moved).updated_at[:10])

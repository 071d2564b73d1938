"""The procedure of privacy: the code stays taken, nothing else stays, and nothing takes it back."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from geoaddr.errors import AlreadyIssued, Conflict, InvalidInput, StaleVersion
from geoaddr.model import Alias, Components, Event, Point
from geoaddr.registry import LoadRow
from geoaddr.registry.rows import row_from_record

SECRETS = (
    "Quán Thánh",
    "quan thanh",
    "Ngõ Bí Mật",
    "001099012345",
    "21.03",
    "105.83",
    "postman 7",
    "photo 9",
)
"""What people could know the household by; all of it stands in the registry before."""


@pytest.fixture
def code(registry, draft, clock):
    code = registry.issue(draft(12), actor="postman 7", idempotency_key="order 17").record.ndas
    registry.visit(code, actor="postman 7", evidence="photo 9")
    registry.add_alias(code, Alias("location_id", "001099012345"))
    registry.amend(code, {"alley": ["Ngõ Bí Mật"]}, lat=21.0369, lon=105.8347, reason="gate")
    clock.now += dt.timedelta(days=1)
    return code


def everything(registry):
    scanned = [json.dumps([s.record.to_dict(), [e.to_dict() for e in s.events]], ensure_ascii=False)
               for s in registry.store.scan()]  # fmt: skip
    feed = [json.dumps(c.to_dict(), ensure_ascii=False) for c in registry.changes(limit=1000).changes]
    return "\n".join(scanned + feed)


def test_nothing_is_left_but_the_code_and_that_it_was_erased(registry, code):
    before = everything(registry)
    assert all(secret in before for secret in SECRETS)
    record = registry.erase(code, reason="asked for by the household", evidence="request 4/2026", actor="ward")
    after = everything(registry)
    assert [secret for secret in SECRETS if secret in after] == []
    assert registry.get(code) == record
    assert (record.ndas, record.status, record.commune_code, record.version) == (code, "withdrawn", "00004", 5)
    assert (record.components, record.point) == (Components(), Point(lat=21, lon=106))
    assert (record.point_source, record.uncertainty_m) == ("withdrawn", 100_000)
    assert (record.aliases, record.entrances, record.superseded_by) == ((), (), ())
    told = [(e.kind, e.actor, e.reason, dict(e.details)) for e in registry.history(code)]
    assert told == [
        ("issued", "", "", {"to": "proposed"}),
        ("visited", "", "", {"from": "proposed", "to": "verified", "round": 1, "outcome": "agrees"}),
        ("alias_added", "", "", {}),
        ("corrected", "", "", {}),
        ("erased", "ward", "asked for by the household",
         {"from": "verified", "to": "withdrawn", "evidence": "request 4/2026"}),
    ]  # fmt: skip
    assert registry.verify() == []


def test_it_is_found_by_nothing(registry, code):
    registry.erase(code, reason="asked for")
    assert registry.find_by_alias("location_id", "001099012345") == []
    assert registry.formerly({"house_number": "12", "street": "Quán Thánh"}) == []
    for lat, lon in ((21.0369, 105.8347), (21.0, 106.0)):
        assert registry.near(lat=lat, lon=lon, radius_m=1000) == []
    assert registry.communes_of("Quán Thánh") == {}


def test_its_past_is_not_read_again(registry, code):
    then = registry.history(code)[0].at
    registry.erase(code, reason="asked for")
    past = registry.as_of(code, then)
    assert (past.status, past.version) == ("proposed", 1)
    assert (past.components, past.point, past.aliases) == (Components(), Point(lat=21, lon=106), ())


def test_the_code_is_taken_for_good(registry, draft, code):
    registry.erase(code, reason="asked for")
    assert registry.issued([code]) == {code}
    again = registry.issue(draft(12, north_m=11)).record.ndas
    assert again != code
    row = {"ndas": code, "lat": "21", "lon": "105.8", "commune_code": "00004", "issued_on": "2025-09-01"}
    assert registry.load([LoadRow(1, row)]).refused == 1
    with pytest.raises(AlreadyIssued):
        registry.issue(draft(12), idempotency_key="order 17")


CHANGES = {
    "confirm": lambda r, code, other: r.confirm(code),
    "visit": lambda r, code, other: r.visit(code),
    "amend": lambda r, code, other: r.amend(code, {"house_number": "14"}),
    "retire": lambda r, code, other: r.retire(code),
    "supersede": lambda r, code, other: r.supersede(code, [other]),
    "replace": lambda r, code, other: r.supersede(other, [code]),
    "add_alias": lambda r, code, other: r.add_alias(code, Alias("location_id", "1")),
    "erase": lambda r, code, other: r.erase(code, reason="again"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_takes_it_back(registry, draft, code, change):
    other = registry.issue(draft(30)).record.ndas
    record = registry.erase(code, reason="asked for")
    with pytest.raises(Conflict):
        CHANGES[change](registry, code, other)
    assert registry.get(code) == record


@pytest.mark.parametrize("end", ["retire", "supersede", "none"])
def test_from_every_status(registry, draft, code, end):
    other = registry.issue(draft(30)).record.ndas
    if end == "retire":
        registry.retire(code)
    elif end == "supersede":
        registry.supersede(code, [other])
    assert registry.erase(code, reason="asked for").status == "withdrawn"
    assert registry.history(code)[-1].details["from"] == registry.history(code)[-2].details.get("to", "verified")
    assert registry.verify() == []


def test_a_chain_may_end_at_an_erased_code(registry, draft, code):
    old = registry.issue(draft(30)).record.ndas
    registry.supersede(old, [code])
    registry.erase(code, reason="asked for")
    assert [r.ndas for r in registry.replacements(old)] == [code]
    assert registry.verify() == []


@pytest.mark.parametrize(
    ("error", "how"),
    [(InvalidInput, {"reason": " "}), (StaleVersion, {"reason": "asked for", "expected_version": 1}),
     (InvalidInput, {"reason": "của ông A, 0912 345 678"})],
)  # fmt: skip
def test_what_is_refused_erases_nothing(registry, code, error, how):
    before = everything(registry)
    with pytest.raises(error):
        registry.erase(code, **how)
    assert everything(registry) == before


def test_a_tombstone_is_carried_to_another_registry(registry, code):
    """So that the code stays taken there too. What somebody writes beside it does not come along."""
    from geoaddr.registry import Registry
    from geoaddr.stores import open_store

    record = registry.erase(code, reason="asked for")
    other = Registry(open_store("memory:"))
    assert other.load([LoadRow(1, {**row_from_record(record), "street": "Quán Thánh"})]).loaded == 1
    assert (other.get(code).status, other.get(code).components) == ("withdrawn", Components())
    assert other.verify() == []
    assert other.load([LoadRow(1, row_from_record(record))]).unchanged == 1


def test_histories_of_others_are_not_written_over(store, registry, code):
    event = registry.history(code)[0]
    with pytest.raises(Exception, match="append-only"):
        store.write(lambda t: t.redact(code, [Event(code, 1, event.kind, event.at, "", "", {})]))
    assert registry.history(code)[0] == event

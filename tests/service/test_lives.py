"""The verbs of lives that name several addresses or none: what the command line does, HTTP does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.errors import InvalidInput
from geoaddr.platform import Geoaddr
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household

HERE = {"actor": "ward", "reason": "seen", "evidence": "12/QĐ"}


@pytest.fixture
def codes(opened: FlaskClient) -> list[str]:
    """Four households of one street."""
    return [opened.post("/v1/addresses", json=household(n)).json["ndas"] for n in (12, 14, 16, 18)]


def statuses(ga: Geoaddr, codes: list[str]) -> list[str]:
    return [ga.address(code).status for code in codes]


def test_a_building_is_split(opened: FlaskClient, ga: Geoaddr, codes: list[str]) -> None:
    building, *flats = codes
    answer = opened.post(f"/v1/addresses/{building}/split", json={"into": flats, **HERE})
    assert (answer.status_code, answer.json["superseded_by"]) == (200, flats)
    last = ga.history(building)[-1]
    assert (last.actor, last.reason, last.details["evidence"]) == ("ward", "seen", "12/QĐ")
    assert ga.address(building).superseded_by == tuple(flats)


def test_flats_are_merged_and_houses_pulled_down(opened: FlaskClient, ga: Geoaddr, codes: list[str]) -> None:
    merged = opened.post("/v1/addresses/merge", json={"codes": codes[:2], "into": codes[2], **HERE})
    assert [a["ndas"] for a in merged.json["addresses"]] == codes[:2]
    assert statuses(ga, codes) == ["superseded", "superseded", "verified", "verified"]
    razed = opened.post("/v1/addresses/demolish", json={"codes": codes[2:], **HERE})
    assert [a["status"] for a in razed.json["addresses"]] == ["retired", "retired"]


SEVERAL = """
demolish | {"codes": ["A", "5020600000"]}                  | 404 | ndas
demolish | {"codes": ["A", "123"]}                         | 400 | code
demolish | {"codes": []}                                   | 400 | codes
demolish | {"codes": "A"}                                  | 400 | codes
demolish | {"codes": ["A"], "expected_version": 1}         | 400 | expected_version
merge    | {"codes": ["A"], "into": "5020600000"}          | 404 | ndas
merge    | {"codes": ["A", "B"], "into": "B"}              | 409 |
merge    | {"codes": ["A"]}                                | 400 | into
"""


@pytest.mark.parametrize("line", SEVERAL.strip().splitlines(), ids=str.strip)
def test_all_or_none(opened: FlaskClient, ga: Geoaddr, codes: list[str], line: str) -> None:
    step, body, status, field = (cell.strip() for cell in line.split("|"))
    data = body.replace('"A"', f'"{codes[0]}"').replace('"B"', f'"{codes[1]}"')
    response = opened.post(f"/v1/addresses/{step}", data=data, content_type="application/json")
    assert response.status_code == int(status), response.text
    assert not field or response.json["field"] == field
    assert statuses(ga, codes) == ["verified"] * 4


@pytest.mark.parametrize(
    "body", [{"reason": "asked"}, {"reason": "asked", "yes": False}, {"yes": True, "reason": ""}]
)
def test_nothing_is_erased_by_mistake(
    opened: FlaskClient, ga: Geoaddr, codes: list[str], body: dict[str, Any]
) -> None:
    assert opened.post(f"/v1/addresses/{codes[0]}/erase", json=body).status_code == 400
    assert ga.address(codes[0]).status == "verified"


def test_an_address_is_erased(opened: FlaskClient, codes: list[str]) -> None:
    opened.post(f"/v1/addresses/{codes[0]}/amend", json={"components": {"street": "Như Nguyệt"}})
    erased = opened.post(f"/v1/addresses/{codes[0]}/erase", json={"reason": "asked for", "yes": True})
    assert erased.json["status"] == "withdrawn"
    for path in (f"/v1/addresses/{codes[0]}", f"/v1/addresses/{codes[0]}/history", f"/v1/codes/{codes[0]}"):
        assert "Nguyệt" not in opened.get(path).text


STATED = """
{"commune": "Phường Nowhere"}        | commune
{"commune": "99999"}                 | commune
{"commune": "Phường Hải Châu I"}     | commune
{"province": "Quảng Nam"}            | province
{"province": "Nowhere"}              | province
{"commune": "20242", "province": ""} |
"""
"""Hải Châu I and Quảng Nam were units until 30 June 2025."""


@pytest.mark.parametrize("line", STATED.strip().splitlines(), ids=str.strip)
def test_an_amendment_states_units_of_today(opened: FlaskClient, ga: Geoaddr, codes: list[str], line: str) -> None:
    """By every door: one household at a time, and in a postman's day."""
    stated, field = (cell.strip() for cell in line.split("|"))
    parts = json.loads(stated)
    answer = opened.post(f"/v1/addresses/{codes[0]}/amend", json={"components": parts})
    row = {"id": "a-1", "action": "amend", "ndas": codes[1], "expected_version": 1, **parts}
    (synced,) = opened.post("/v1/sync", json={"rows": [row]}).json["rows"]
    assert (answer.status_code, answer.json.get("field", "")) == (400 if field else 200, field)
    assert (synced["status"], synced["field"] or "") == ("refused" if field else "applied", field)
    assert [ga.address(code).version for code in codes[:2]] == ([1, 1] if field else [2, 2])
    if field:
        with pytest.raises(InvalidInput) as caught:
            ga.amend(codes[0], parts)
        assert (caught.value.field, caught.value.value) == (field, parts[field])


# the commune that a household keeps | what an amendment states | the part that is refused
KEPT = """
Phường Hải Châu    | {"province": "Hà Nội"}                        | province
Hải Châu           | {"province": "01"}                            | province
20242              | {"province": "Lào Cai"}                       | province
Phường Hải Châu    | {"province": "Đà Nẵng"}                       |
Phường Hải Châu    | {"province": "Hà Nội", "commune": "Ba Đình"}  |
Phường Hải Châu    | {"province": "Hà Nội", "commune": ""}         |
Phường Hải Châu    | {"province": "Đà Nẵng", "commune": "Ba Đình"} | commune
Phường Hải Châu I  | {"province": "Hà Nội"}                        |
Thanh Bình         | {"province": "Đà Nẵng"}                       |
Thanh Bình         | {"province": "Đồng Tháp"}                     |
Thanh Bình         | {"province": "Hà Nội"}                        |
Thanh Bình         | {"province": "Huế"}                           | province
                   | {"province": "Hà Nội"}                        |
"""
"""Until 30 June 2025 Hải Châu I was a ward of Đà Nẵng, and Thanh Bình one there and a commune of Hà Nội; it is
one of Đồng Tháp today."""


@pytest.mark.parametrize("line", KEPT.strip("\n").splitlines(), ids=str.strip)
def test_a_province_goes_with_the_commune_that_is_kept(opened: FlaskClient, ga: Geoaddr, line: str) -> None:
    """By every door; what is the name of no commune of today is not judged."""
    kept, stated, field = (cell.strip() for cell in line.split("|"))
    parts, given = json.loads(stated), {"commune": kept, "province": "Đà Nẵng"} if kept else {}
    codes = [ga.assign({"house_number": number, "street": "Lê Lợi", **given}, **HAI_CHAU).ndas for number in "13"]
    answer = opened.post(f"/v1/addresses/{codes[0]}/amend", json={"components": parts})
    row = {"id": "a-1", "action": "amend", "ndas": codes[1], "expected_version": 1, **parts}
    (synced,) = opened.post("/v1/sync", json={"rows": [row]}).json["rows"]
    assert (answer.status_code, answer.json.get("field", "")) == (400 if field else 200, field)
    assert (synced["status"] == "refused", synced["field"] or "") == (bool(field), field)
    if field:
        with pytest.raises(InvalidInput) as caught:
            ga.amend(codes[0], parts)
        assert caught.value.message("en") != caught.value.message("vi")


def test_an_address_is_found_by_what_it_was(opened: FlaskClient, codes: list[str]) -> None:
    opened.post(
        f"/v1/addresses/{codes[0]}/amend", json={"components": {"street": "Như Nguyệt"}, "cause": "renamed"}
    )
    was = {"components": {"house_number": "12", "street": "bach dang"}}
    found = opened.post("/v1/addresses/formerly", json=was).json["addresses"]
    assert [(a["ndas"], a["components"]["street"]) for a in found] == [(codes[0], "Như Nguyệt")]
    assert opened.post("/v1/addresses/formerly", json={**was, "on": "2030-01-01"}).json == {"addresses": []}
    for wrong, field in [({**was, "on": "soon"}, "on"), ({"components": {}}, "components")]:
        refused = opened.post("/v1/addresses/formerly", json=wrong)
        assert (refused.status_code, refused.json["field"]) == (400, field)


def test_review_tells_what_the_library_tells(opened: FlaskClient, ga: Geoaddr, codes: list[str]) -> None:
    opened.post("/v1/addresses", json=household(12) | {"lat": HAI_CHAU["lat"] + 0.00015})
    told = [found.to_dict() | {"said": found.said._asdict()} for found in ga.review(area="50206")]
    assert [t["kind"] for t in told] == ["duplicate"]
    assert opened.get("/v1/review?area=50206").json == {"area": "50206", "found": told, "complete": True}
    assert opened.get("/v1/review?area=50206&kind=outside_commune").json["found"] == []
    opened.post("/v1/addresses", json=household(14) | {"lat": HAI_CHAU["lat"] + 0.00015})
    first = opened.get("/v1/review?area=50206&limit=1").json
    assert (len(first["found"]), first["complete"]) == (1, False)
    for query in ("", "area=502", "area=50206&kind=odd", "area=50206&limit=0", "area=50206&limit=1001"):
        assert opened.get(f"/v1/review?{query}").status_code == 400


def test_reserved_codes_are_given_by_sync_alone(opened: FlaskClient, ga: Geoaddr, codes: list[str]) -> None:
    answer = opened.post("/v1/reserve", json={"area": "50206", "count": 2})
    reserved = [code["ndas"] for code in answer.json["codes"]]
    assert answer.status_code == 201
    assert len({*reserved, *codes}) == 6
    row = {"id": "p-1", "action": "propose", "ndas": reserved[0], "house_number": "20", "street": "Bạch Đằng"}
    rows = [
        {**row, **HAI_CHAU},
        {"id": "p-2", "action": "visit", "ndas": codes[0]},
        {"id": "p-3", "colour": "red"},
    ]
    for expected in (["created", "applied", "refused"], ["repeated", "repeated", "refused"]):
        told = opened.post("/v1/sync", json={"rows": rows, "actor": "postman 7"}).json["rows"]
        assert [r["status"] for r in told] == expected
    assert told[0]["ndas"] == reserved[0]
    assert (told[2]["field"], set(told[2]["reason"])) == ("colour", {"en", "vi"})
    assert ga.history(reserved[0])[0].actor == "postman 7"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"area": "502", "count": 1}, "area"),
        ({"area": "99999", "count": 1}, "area"),
        ({"area": "50206", "count": 0}, "count"),
        ({"area": "50206"}, "count"),
    ],
)
def test_what_cannot_be_reserved(opened: FlaskClient, body: dict[str, Any], field: str) -> None:
    refused = opened.post("/v1/reserve", json=body)
    assert (refused.status_code, refused.json["field"]) == (400, field)


def test_a_day_may_be_larger_than_other_bodies_and_has_a_limit(opened: FlaskClient) -> None:
    rows = [{"id": f"r{n}", "action": "visit", "reason": "x" * 100} for n in range(1_001)]
    told = opened.post("/v1/sync", json={"rows": rows[:1_000]})
    assert {row["status"] for row in told.json["rows"]} == {"refused"}
    refused = opened.post("/v1/sync", json={"rows": rows})
    assert (refused.status_code, refused.json["field"]) == (400, "rows")


# what a key does that no answer of its own shows: the scopes, the operation, what the trail says of it
CHANGES = """
write             | POST /v1/addresses/CODE/amend {"components": {"floor": "3"}}               | amend    | write
write             | POST /v1/addresses/CODE/retire {}                                         | retire   | write
write             | POST /v1/addresses/demolish {"codes": ["CODE"]}                           | demolish | write
write             | POST /v1/sync {"rows": [{"id": "a", "action": "visit", "ndas": "CODE"}]}  | sync     | write
admin             | POST /v1/addresses/CODE/erase {"reason": "asked", "yes": true}            | erase    | admin
admin address point | GET /v1/review?area=50206                                               | review   | point
"""


@pytest.mark.parametrize("line", CHANGES.strip().splitlines())
def test_who_changed_what_is_written_down(ga: Geoaddr, tmp_path: Path, line: str) -> None:
    served, code = Served(ga, tmp_path), ga.assign(household()["components"], **HAI_CHAU).ndas
    ga.assign(household()["components"], lat=HAI_CHAU["lat"] + 0.00015, lon=HAI_CHAU["lon"])  # a likely duplicate
    scopes, asked, act, seen = (cell.strip() for cell in line.split("|"))
    method, path, *body = asked.replace("CODE", code).split(maxsplit=2)
    token = served.key(scopes.split())  # type: ignore[arg-type]
    sent = {"data": body[0], "content_type": "application/json"} if body else {}
    answer = served.client(token).open(path, method=method, **sent)
    assert answer.status_code == 200, answer.text
    assert [(e.who, e.act, e.seen) for e in served.trail(subject=code)] == [(token.split("_")[1], act, seen)]


def test_a_point_elsewhere_is_taken_and_told(opened: FlaskClient, codes: list[str]) -> None:
    moved = opened.post(f"/v1/addresses/{codes[0]}/amend", json={"lat": 10.77, "lon": 106.7})
    assert (moved.status_code, moved.json["point"]) == (200, {"lat": 10.77, "lon": 106.7})
    said = [warning["en"] for warning in moved.json["warnings"]]
    assert ["Phường Hải Châu (20242)" in said[0], "more than 100 km" in said[1]] == [True, True]
    stays = opened.post(f"/v1/addresses/{codes[1]}/amend", json={"components": {"floor": "2"}})
    assert stays.json["warnings"] == []
    row = {"id": "m", "action": "amend", "ndas": codes[2], "expected_version": 1, "lat": 10.77, "lon": 106.7}
    (told,) = opened.post("/v1/sync", json={"rows": [row]}).json["rows"]
    assert (told["status"], told["address_status"]) == ("applied", "verified")
    assert [set(warning) for warning in told["warnings"]] == [{"en", "vi"}] * 2

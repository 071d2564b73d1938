"""A street is renamed over HTTP: in bounded requests, by who may write and see addresses there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household

PATH = "/v1/addresses/rename-street"
RENAMED = {
    "commune": "20242",
    "from": "Bạch Đằng",
    "to": "Như Nguyệt",
    "reason": "resolution",
    "evidence": "12/NQ",
}


@pytest.fixture
def codes(ga: Geoaddr) -> list[str]:
    """Five households of the street, by code, and one whose street is written with another accent."""
    written = [(number, "Bạch Đằng") for number in (12, 14, 16, 18, 20)] + [(40, "Bách Đằng")]
    return sorted(ga.assign({"house_number": str(n), "street": name}, **HAI_CHAU).ndas for n, name in written)


def test_requests_go_on_until_nothing_remains(opened: FlaskClient, ga: Geoaddr, codes: list[str]) -> None:
    body: dict[str, Any] = {**RENAMED, "limit": 2}
    answers = [opened.post(PATH, json=body).json]
    while answers[-1]["after"] is not None:
        answers.append(opened.post(PATH, json={**body, "after": answers[-1]["after"]}).json)
    assert [answer["remaining"] for answer in answers] == [4, 2, 0]
    assert [answer["already"] for answer in answers][:2] == [None, None]
    assert sum(answer["renamed"] for answer in answers) == 5
    (refused,) = [each for answer in answers for each in answer["refusals"]]
    assert ga.address(refused["ndas"]).components.street == "Bách Đằng"
    assert set(refused["reason"]) == {"en", "vi"}
    for code in codes:
        event = ga.history(code)[-1]
        if code != refused["ndas"]:
            assert (event.kind, event.reason, event.details["evidence"]) == ("renamed", "resolution", "12/NQ")
    again = opened.post(PATH, json=RENAMED).json
    assert (again["renamed"], again["already"], again["refused"]) == (0, 5, 1)
    was = {"components": {"house_number": "12", "street": "Bach Dang"}}
    assert len(opened.post("/v1/addresses/formerly", json=was).json["addresses"]) == 1


# what is searched | the level of the best match
SEARCHED = """
12 Bạch Đằng, Hải Châu, Đà Nẵng  | house
12 Như Nguyệt, Hải Châu, Đà Nẵng | house
Bạch Đằng, Hải Châu, Đà Nẵng     | street
"""


@pytest.mark.parametrize("line", SEARCHED.strip().splitlines())
def test_the_old_name_is_geocoded_by_house_and_by_street(opened: FlaskClient, ga: Geoaddr, line: str) -> None:
    for number in (12, 14, 16):
        ga.assign(household(number)["components"], **HAI_CHAU)
    opened.post(PATH, json=RENAMED)
    text, level = (cell.strip() for cell in line.split("|"))
    best = opened.get(f"/v1/search?q={quote(text)}").json["features"][0]["properties"]
    assert (best["match_level"], "Như Nguyệt" in best["label"]) == (level, True)


def test_a_dry_run_changes_nothing(opened: FlaskClient, ga: Geoaddr, codes: list[str]) -> None:
    answer = opened.post(PATH, json={**RENAMED, "dry_run": True}).json
    assert (answer["renamed"], answer["refused"], answer["dry_run"]) == (5, 1, True)
    assert {ga.address(code).version for code in codes} == {1}


REFUSED = """
{"commune": "99999"}                      | commune
{"commune": ""}                           | commune
{"commune": "Phường Hải Châu I"}          | commune
{"to": ""}                                | to
{"to": "phố bach dang"}                   | to
{"from": "Nguyễn Huệ"}                    | from
{"after": "12"}                           | after
{"limit": 0}                              | limit
{"limit": 1001}                           | limit
{"first_number": -1}                      | first_number
{"first_number": 9, "last_number": 2}     | last_number
{"street": "Bạch Đằng"}                   | street
{"expected_version": 1}                   | expected_version
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines(), ids=str.strip)
def test_what_cannot_be_done(opened: FlaskClient, ga: Geoaddr, codes: list[str], line: str) -> None:
    body, field = (cell.strip() for cell in line.split("|"))
    for lang in ("en", "vi"):
        answer = opened.post(PATH, json={**RENAMED, **json.loads(body)}, headers={"Accept-Language": lang})
        assert (answer.status_code, answer.json["field"]) == (400, field)
    assert {ga.address(code).version for code in codes} == {1}


# a key's scopes | what it lacks, in the province of the street
KEYS = """
{"write": null, "address": null}          |
{"write": ["48"], "address": ["48"]}      |
{"write": ["48"], "address": null}        |
{"write": null}                           | address
{"address": null}                         | write
{"admin": null}                           | write address
{"write": ["48"], "address": ["15"]}      | address in that province
{"write": ["15"], "address": null}        | write in that province
{"write": ["15"], "address": ["15"]}      | write address in that province
"""


@pytest.mark.parametrize("line", KEYS.strip().splitlines(), ids=str.strip)
def test_a_key_needs_both_to_write_and_to_see_addresses_there(
    served: Served, ga: Geoaddr, codes: list[str], line: str
) -> None:
    """What is counted, in a dry run too, and between which numbers, tells who lives on the street."""
    places, lacks = (cell.strip() for cell in line.split("|"))
    client = served.client(served.key(json.loads(places)))
    if not lacks:
        answer = client.post(PATH, json={**RENAMED, "limit": 3}).json
        assert answer["after"] is not None
        answer = client.post(PATH, json={**RENAMED, "after": answer["after"]}).json
        assert {ga.address(code).components.street for code in codes} == {"Như Nguyệt", "Bách Đằng"}
        return
    scopes, _, there = lacks.partition(" in ")
    for change in ({}, {"dry_run": True, "first_number": 12, "last_number": 12}):
        answer = client.post(PATH, json={**RENAMED, **change})
        assert (answer.status_code, answer.json["type"]) == (403, "urn:geoaddr:problem:scope-missing")
        assert [scope for scope in ("write", "address") if f"'{scope}'" in answer.json["detail"]] == scopes.split()
        assert ("in that province" in answer.json["detail"]) == bool(there)
    assert {ga.address(code).version for code in codes} == {1}


def test_a_household_that_moved_to_a_province_of_others_is_left(
    served: Served, ga: Geoaddr, codes: list[str]
) -> None:
    ga.amend(codes[0], lat=22.3364, lon=104.1500, cause="moved")
    client = served.holder(write=["48"], address=["48"])
    answer = client.post(PATH, json=RENAMED).json
    assert ga.address(codes[0]).components.street != "Như Nguyệt"
    (moved,) = [each for each in answer["refusals"] if "province" in each["reason"]["en"]]
    assert moved["ndas"] is None
    assert answer["renamed"] + answer["refused"] == 6


def test_where_to_go_on_is_no_household_of_another_province(served: Served, ga: Geoaddr, codes: list[str]) -> None:
    for code in (codes[0], codes[-1]):
        ga.amend(code, lat=22.3364, lon=104.1500, cause="moved")
    client = served.holder(write=["48"], address=["48"])
    body: dict[str, Any] = {**RENAMED, "limit": 1}
    answers = [client.post(PATH, json=body).json]
    while answers[-1]["after"] is not None:
        answers.append(client.post(PATH, json={**body, "after": answers[-1]["after"]}).json)
    assert [answer["after"] for answer in answers] == [*codes[1:5], None]
    assert sum(answer["renamed"] + answer["refused"] for answer in answers) == 6


def test_a_household_whose_text_is_not_seen_is_left(served: Served, ga: Geoaddr, codes: list[str]) -> None:
    """How its street is written would be told."""
    ga.amend(codes[0], lat=22.3364, lon=104.1500, cause="moved")
    client = served.holder("write", address=["48"])
    assert any("province" in each["reason"]["en"] for each in client.post(PATH, json=RENAMED).json["refusals"])
    assert ga.address(codes[0]).components.street != "Như Nguyệt"


def test_the_trail_names_each_household(served: Served, ga: Geoaddr, codes: list[str]) -> None:
    client = served.holder("write", "address")
    client.post(PATH, json=RENAMED)
    renamed = {code for code in codes if ga.address(code).version == 2}
    assert renamed == {
        entry.subject for entry in served.trail() if (entry.act, entry.seen) == ("rename_street", "write")
    }


def test_the_trail_names_whom_a_dry_run_tells(served: Served, codes: list[str]) -> None:
    answer = served.holder("write", "address").post(PATH, json={**RENAMED, "dry_run": True, "limit": 2}).json
    told = {answer["after"], *(each["ndas"] for each in answer["refusals"])}
    assert {(entry.subject, entry.seen) for entry in served.trail() if entry.act == "rename_street"} == {
        (code, "address") for code in told
    }

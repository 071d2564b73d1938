"""Who is given a code at an address that others have is told of them, as far as they may be seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.disclosure import Scope
from geoaddr.platform import MOST_SAME, Geoaddr
from tests.service.access import Served
from tests.service.households import HAI_CHAU

FIRST = {"house_number": "12", "street": "Bạch Đằng"}
FAR = {"lat": HAI_CHAU["lat"] + 0.0009, "lon": HAI_CHAU["lon"]}
"""A hundred metres from the first household: another one."""


@pytest.fixture
def first(ga: Geoaddr) -> str:
    return ga.assign(FIRST, **HAI_CHAU).ndas


def given(client: FlaskClient, components: dict[str, Any], **others: Any) -> Any:
    answer = client.post("/v1/addresses", json={"components": components, **(FAR | others)})
    assert answer.status_code == 201, answer.text
    return answer.json["same_address"]


# what another household states, beside the first one | whether both have one address
STATED = """
{"house_number": "12", "street": "Bạch Đằng"}                        | yes
{"house_number": "Số 12", "street": "đường bach dang"}               | yes
{"house_number": "012", "street": "Bạch Đằng", "commune": "20242"}   | yes
{"house_number": "14", "street": "Bạch Đằng"}                        |
{"house_number": "12A", "street": "Bạch Đằng"}                       |
{"house_number": "12/3", "street": "Bạch Đằng"}                      |
{"house_number": "12", "street": "Bách Đằng"}                        |
{"house_number": "12", "street": "Bạch Đằng", "unit": "301"}         |
{"house_number": "3", "alley": ["K12"], "street": "Bạch Đằng"}       |
{"house_number": "12", "street": "Bạch Đằng", "building": "Nhà B"}   |
{"house_number": "12", "street": "Trần Phú"}                         |
{"street": "Bạch Đằng"}                                              |
{}                                                                   |
"""


@pytest.mark.parametrize("line", STATED.strip().splitlines(), ids=str.strip)
def test_one_address_is_told_by_its_parts(opened: FlaskClient, first: str, line: str) -> None:
    stated, same = (cell.strip() for cell in line.split("|"))
    assert given(opened, json.loads(stated)) == ([first] if same else [])


def test_flats_and_alleys_and_hamlets_count(opened: FlaskClient, ga: Geoaddr) -> None:
    for parts in (
        {"house_number": "12", "street": "Bạch Đằng", "unit": "301"},
        {"house_number": "5", "alley": ["K12", "H3"], "street": "Bạch Đằng"},
        {"house_number": "7", "hamlet": "Tổ 5"},
    ):
        there = ga.assign(parts, **HAI_CHAU).ndas
        assert given(opened, parts) == [there]


def test_what_stands_no_more_or_elsewhere_is_not_told(opened: FlaskClient, ga: Geoaddr, first: str) -> None:
    ga.retire(first)
    elsewhere = ga.assign(FIRST, lat=22.3364, lon=104.1500)
    assert elsewhere.address.commune_code != ga.address(first).commune_code
    assert given(opened, FIRST) == []


def test_one_that_had_the_address_before_is_told_where_it_is_close_by(
    opened: FlaskClient, ga: Geoaddr, first: str
) -> None:
    """An older list is entered again after its street was renamed."""
    ga.amend(first, components={"street": "Trần Phú"}, cause="renamed", actor="ward", reason="renamed")
    again = opened.post("/v1/addresses", json={"components": FIRST, **HAI_CHAU}).json
    assert (again["outcome"], again["same_address"]) == ("created", [first])
    away = {**HAI_CHAU, "lat": HAI_CHAU["lat"] + 0.002}
    assert given(opened, FIRST, **away) == [again["ndas"]]


def test_a_household_that_has_its_code_is_told_of_nobody(opened: FlaskClient, ga: Geoaddr, first: str) -> None:
    other = ga.assign(FIRST, **FAR).ndas
    again = opened.post("/v1/addresses", json={"components": FIRST, **FAR}).json
    assert (again["outcome"], again["ndas"], again["same_address"]) == ("existing", other, [])


def test_a_request_that_is_repeated_is_answered_alike(opened: FlaskClient, first: str) -> None:
    body = {"components": FIRST, **FAR}
    answers = [opened.post("/v1/addresses", json=body, headers={"Idempotency-Key": "a"}).json for _ in range(2)]
    assert answers[0]["same_address"] == [first]
    assert answers[0] == answers[1]


def test_a_few_are_named(opened: FlaskClient, ga: Geoaddr) -> None:
    codes = [ga.assign(FIRST, lat=FAR["lat"] + n * 0.0003, lon=FAR["lon"]).ndas for n in range(1, MOST_SAME + 3)]
    assert given(opened, FIRST) == sorted(codes)[:MOST_SAME]


# a key's scopes | what it is told
KEYS = """
{"write": null}                            | withheld
{"write": null, "point": null}             | withheld
{"write": null, "address": null}           | told
{"write": ["48"], "address": ["48"]}       | told
{"write": ["48"], "address": ["15"]}       | withheld
"""


@pytest.mark.parametrize("line", KEYS.strip().splitlines(), ids=str.strip)
def test_the_hint_shows_no_more_than_the_caller_may_see(served: Served, first: str, line: str) -> None:
    places, expected = (cell.strip() for cell in line.split("|"))
    scopes: dict[Scope, list[str] | None] = json.loads(places)
    told = given(served.client(served.key(scopes)), FIRST)
    assert told == ([first] if expected == "told" else None)
    seen = [(entry.subject, entry.seen) for entry in served.trail() if entry.act == "assign"]
    assert ((first, "address") in seen) == (expected == "told")


def test_one_that_moved_to_a_province_that_the_key_does_not_see_is_left_out(
    served: Served, ga: Geoaddr, first: str
) -> None:
    ga.amend(first, lat=22.3364, lon=104.1500, cause="moved")
    client = served.client(served.key({"write": None, "address": ["48"]}))
    assert given(client, FIRST) == []

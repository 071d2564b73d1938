"""The life of an address over HTTP: issued once, repeated safely, confirmed, replaced, retired."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.service.households import HAI_CHAU, household

KEY = "Idempotency-Key"


def post(client: FlaskClient, body: dict[str, Any], key: str | None = None) -> Any:
    return client.post("/v1/addresses", json=body, headers={KEY: key} if key is not None else {})


def issue(client: FlaskClient, number: int) -> str:
    response = post(client, household(number))
    assert response.status_code == 201
    return str(response.json["ndas"])


def test_a_new_household_gets_a_code(opened: FlaskClient) -> None:
    response = post(opened, household())
    answer = response.json
    assert response.status_code == 201
    assert answer["outcome"] == "created"
    assert answer["ndas"][:5] == answer["postcode"] == "50206"
    assert answer["commune"]["code"] == "20242"
    assert response.headers["Location"] == f"/v1/addresses/{answer['ndas']}"
    assert opened.get(response.headers["Location"]).json == answer["address"]


def test_the_same_household_has_its_code(opened: FlaskClient) -> None:
    first = post(opened, household())
    near = post(opened, household(lat=HAI_CHAU["lat"] + 0.00001))
    assert near.status_code == 200
    assert near.json["outcome"] == "existing"
    assert near.json["ndas"] == first.json["ndas"]
    assert near.headers["Location"] == first.headers["Location"]


def test_a_repeated_request_is_answered_as_it_was(opened: FlaskClient) -> None:
    first, again = post(opened, household(), "order 17"), post(opened, household(), "order 17")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert len(opened.get(f"{first.headers['Location']}/history").json["events"]) == 1


def test_a_key_stands_for_one_request(opened: FlaskClient) -> None:
    post(opened, household(12), "order 17")
    response = post(opened, household(14), "order 17")
    assert response.status_code == 409
    assert response.json["type"] == "urn:geoaddr:problem:already-issued"
    assert response.json["field"] == "idempotency_key"
    assert post(opened, household(14), "order 18").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "tên"])
def test_a_key_that_cannot_be_kept(opened: FlaskClient, key: str) -> None:
    response = opened.post("/v1/addresses", json=household(), headers={KEY: key})
    assert response.status_code == 400
    assert response.json["field"] == KEY


def test_a_life(opened: FlaskClient) -> None:
    old, new = issue(opened, 12), issue(opened, 14)
    live = opened.post(f"/v1/addresses/{old}/confirm", json={"actor": "ward", "reason": "seen", "round": 3})
    assert (live.status_code, live.json["status"], live.json["version"]) == (200, "live", 2)
    ended = opened.post(f"/v1/addresses/{old}/supersede", json={"by": [new], "reason": "merged with 14"})
    assert (ended.json["status"], ended.json["superseded_by"]) == ("superseded", [new])
    gone = opened.post(f"/v1/addresses/{new}/retire", json={"reason": "demolished"})
    assert gone.json["status"] == "retired"

    (reading,) = opened.get(f"/v1/codes/{old}").json["readings"]
    assert (reading["status"], reading["superseded_by"]) == ("superseded", [new])
    history = opened.get(f"/v1/addresses/{old}/history").json
    assert history["ndas"] == old
    assert [(e["number"], e["kind"], e["reason"]) for e in history["events"]] == [
        (1, "issued", ""),
        (2, "confirmed", "seen"),
        (3, "superseded", "merged with 14"),
    ]
    assert history["events"][1]["details"]["round"] == 3


def test_an_address_that_changed_is_read_as_it_was(opened: FlaskClient) -> None:
    code = issue(opened, 12)
    before = opened.get(f"/v1/addresses/{code}").json
    entrance = {"lat": 16.0679, "lon": 108.2209}
    body = {
        "components": {"street": "Như Nguyệt"},
        "entrances": [entrance],
        "cause": "renamed",
        "evidence": "12/NQ",
    }
    amended = opened.post(f"/v1/addresses/{code}/amend", json=body).json
    assert (amended["components"]["street"], amended["entrances"]) == ("Như Nguyệt", [entrance])
    assert amended.pop("warnings") == []
    assert opened.get(f"/v1/addresses/{code}").json == amended
    then = opened.get(f"/v1/addresses/{code}", query_string={"as_of": before["updated_at"]})
    assert then.json == before
    for when, status, kind in [
        ("2020-01-01", 404, "unknown-address"),
        ("2020-01-01T10:00", 400, "invalid-date"),
        ("", 400, "invalid-date"),
    ]:
        refused = opened.get(f"/v1/addresses/{code}", query_string={"as_of": when})
        assert (refused.status_code, refused.json["type"]) == (status, f"urn:geoaddr:problem:{kind}")


def test_three_visits(opened: FlaskClient) -> None:
    code = issue(opened, 12)
    visits = [opened.post(f"/v1/addresses/{code}/visit", json={"actor": "postman 7"}) for _ in range(4)]
    assert [v.json.get("status") for v in visits] == ["verified", "verified", "live", 409]


STEPS = """
retire    | {}                                             | 200 |
confirm   | {"expected_version": 1}                        | 200 |
confirm   | {"expected_version": 7}                        | 409 | stale-version
retire    | {"expected_version": 0}                        | 400 | invalid-input
retire    | {"expected_version": "1"}                      | 400 | invalid-input
retire    | {"by": ["5020600000"]}                         | 400 | invalid-input
retire    | {"reason": "call 0905 123 456"}                | 400 | invalid-input
visit     | {"outcome": "differs", "expected_version": 1}  | 200 |
visit     | {"outcome": "maybe"}                           | 400 | invalid-input
amend     | {"components": {"house_number": "14"}}         | 200 |
amend     | {}                                             | 400 | invalid-input
amend     | {"components": {"owner": "A"}}                 | 400 | invalid-input
amend     | {"lat": 16.0}                                  | 400 | invalid-point
amend     | {"entrances": [{"lat": 16.0}]}                 | 400 | invalid-input
amend     | {"cause": "sold", "lat": 16.0, "lon": 108.0}   | 400 | invalid-input
supersede | {}                                             | 400 | invalid-input
supersede | {"by": []}                                     | 400 | invalid-input
supersede | {"by": "5020600000"}                           | 400 | invalid-input
supersede | {"by": [5020600000]}                           | 400 | invalid-input
supersede | {"by": ["123"]}                                | 400 | invalid-length
supersede | {"by": ["5020600000"]}                         | 404 | unknown-address
supersede | {"by": ["SELF"]}                               | 409 | conflict
"""


@pytest.mark.parametrize("line", STEPS.strip().splitlines(), ids=str.strip)
def test_a_step(opened: FlaskClient, line: str) -> None:
    step, body, status, kind = (cell.strip() for cell in line.split("|"))
    code = issue(opened, 12)
    url, data = f"/v1/addresses/{code}/{step}", body.replace("SELF", code)
    response = opened.post(url, data=data, content_type="application/json")
    assert response.status_code == int(status), response.text
    assert response.json.get("type", "urn:geoaddr:problem:") == f"urn:geoaddr:problem:{kind}"


def test_an_end_is_an_end(opened: FlaskClient) -> None:
    code = issue(opened, 12)
    opened.post(f"/v1/addresses/{code}/retire", json={})
    for step in ("confirm", "retire"):
        response = opened.post(f"/v1/addresses/{code}/{step}", json={})
        assert (response.status_code, response.json["type"]) == (409, "urn:geoaddr:problem:conflict")


@pytest.mark.parametrize("path", ["", "/history"])
def test_codes_that_have_no_record(opened: FlaskClient, path: str) -> None:
    assert opened.get(f"/v1/addresses/5020600000{path}").status_code == 404
    assert opened.get(f"/v1/addresses/502060000{path}").status_code == 400
    assert opened.get(f"/v1/addresses/50206%2000000{path}").status_code == 404


def test_a_code_in_another_spelling(opened: FlaskClient) -> None:
    answer = post(opened, household()).json
    spelled = f"{answer['ndas'][:5]} {answer['ndas'][5:]} {answer['check_letter'].lower()}"
    assert opened.get(f"/v1/addresses/{spelled}").json["ndas"] == answer["ndas"]
    assert opened.get(f"/v1/addresses/{spelled}/history").json["ndas"] == answer["ndas"]


def test_many_at_once_get_codes_of_their_own(opened: FlaskClient) -> None:
    def one(number: int) -> tuple[int, str]:
        response = post(opened.application.test_client(), household(number), f"key {number % 20}")
        return response.status_code, response.json.get("ndas", "")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, [*range(20), *range(20)]))
    assert {status for status, _ in answers} == {201}
    assert [ndas for _, ndas in answers[:20]] == [ndas for _, ndas in answers[20:]]
    assert len({ndas for _, ndas in answers}) == 20


@pytest.mark.parametrize("number", [0, 4, 1.5])
def test_a_round_of_verification_is_one_of_three(opened: FlaskClient, number: float) -> None:
    code = opened.post("/v1/addresses", json=household()).json["ndas"]
    refused = opened.post(f"/v1/addresses/{code}/confirm", json={"round": number})
    assert (refused.status_code, refused.json["field"]) == (400, "round")

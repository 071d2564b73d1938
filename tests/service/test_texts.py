"""Texts over HTTP: what a checkout asks, what it is refused, and what a stranger cannot learn by asking."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.model import Alias
from geoaddr.platform import Geoaddr
from tests.service.households import HAI_CHAU, household

HERE = "12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng"
ABROAD = {"lat": 13.7563, "lon": 100.5018}

JUDGED = """
{"text": "12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng"}
{"text": "12 Trần Phú, P. Phước Ninh, Q. Hải Châu, TP. Đà Nẵng"}
{"components": {"house_number": "12", "street": "Trần Phú", "commune": "20242", "province": "48"}}
{"components": {"street": "Trần Phú", "ward": "Phường Hải Châu", "city": "Đà Nẵng"}}
{"text": "12 Trần Phú, Phường Hải Châu, Đà Nẵng", "components": {"postcode": "10000"}}
{"code": "50206369C48F"}
{"code": "5020600000"}
{"text": "Phường Tân An"}
{"text": ""}
{}
"""


@pytest.mark.parametrize("line", JUDGED.strip().splitlines())
def test_verdicts_are_those_of_the_library(closed: FlaskClient, ga: Geoaddr, line: str) -> None:
    """A bad address is an answer."""
    body = json.loads(line)
    response = closed.post("/v1/validate", json=body)
    assert response.status_code == 200, response.text
    assert response.json["verdict"] in ("accept", "confirm", "fix", "reject")
    fields = {**body.get("components", {}), **({"text": body["text"]} if "text" in body else {})}
    address = fields if "components" in body else body.get("text")
    assert response.json == ga.validate(address, code=body.get("code"), area_only=True).to_dict()


def test_every_reason_is_in_both_languages(closed: FlaskClient) -> None:
    answer = closed.post("/v1/validate", json={"text": HERE, "code": "5020600000"}).json
    assert all(set(part["why"]) == {"vi", "en"} for part in answer["components"] + answer["contradictions"])
    assert set(answer["action_text"]) == {"vi", "en"}


def test_a_reading_is_explained_to_whoever_asks(closed: FlaskClient, ga: Geoaddr) -> None:
    answer = closed.get("/v1/parse", query_string={"q": HERE, "explain": "true"}).json
    assert answer == ga.parse(HERE, explain=True).to_dict()
    assert [seen["folded"] for seen in answer["explanation"]["tokens"][:3]] == ["12", "tran", "phu"]
    for silent in ({}, {"explain": "false"}):
        assert "explanation" not in closed.get("/v1/parse", query_string={"q": HERE, **silent}).json


@pytest.mark.parametrize("piece", ["a,", "P.1,Q.1,", "1 ", "Xã Tân An ", "Tân An, "])
def test_an_explanation_is_no_longer_than_a_page(closed: FlaskClient, piece: str) -> None:
    text = (piece * 512)[:512]
    response = closed.get("/v1/parse", query_string={"q": text, "explain": "true"})
    assert response.status_code == 200
    assert len(response.data) < 256 * 1024
    refused = closed.get("/v1/parse", query_string={"q": text + "x", "explain": "true"})
    assert (refused.status_code, refused.json["field"]) == (400, "explain")


@pytest.mark.parametrize("word", ["yes", "1", "True", ""])
def test_explain_is_true_or_false(closed: FlaskClient, word: str) -> None:
    response = closed.get("/v1/parse", query_string={"q": HERE, "explain": word})
    assert (response.status_code, response.json["field"]) == (400, "explain")
    assert "neither true nor false" in response.json["detail"]


REFUSED = """
{"text": 12}                                  | 400 | invalid-input | text        | not a text
{"text": ["a"]}                               | 400 | invalid-input | text        | not a text
{"adress": "12 Trần Phú"}                     | 400 | invalid-input | adress      | not a field
{"components": "12 Trần Phú"}                 | 400 | invalid-input | components  | not a JSON object
{"components": {"number": "12"}}              | 400 | invalid-input | number      | not a field of an address form
{"components": {"text": "12 Trần Phú"}}       | 400 | invalid-input | text        | not a field of an address form
{"components": {"street": 12}}                | 400 | invalid-input | street      | not a text
{"components": {"ward": "A", "commune": "B"}} | 400 | invalid-input | ward        | given twice
{"lat": 16.0678}                              | 400 | invalid-point | lon         | missing
{"lat": "16.0678", "lon": 108.2}              | 400 | invalid-input | lat         | not a number
{"lat": 108.2208, "lon": 16.0678}             | 400 | invalid-point | lat         | did you swap
{"text": "x", "as_of": "30/06/2025"}          | 400 | invalid-date  | as_of       | YYYY-MM-DD
{"code": 5020600000}                          | 400 | invalid-input | code        | not a text
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_refused(closed: FlaskClient, line: str) -> None:
    body, status, kind, field, words = (cell.strip() for cell in line.split("|"))
    response = closed.post("/v1/validate", json=json.loads(body))
    assert (response.status_code, response.json["field"]) == (int(status), field)
    assert response.json["type"] == f"urn:geoaddr:problem:{kind}"
    assert words in response.json["detail"]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("text", {"text": "x" * 4097}),
        ("street", {"components": {"street": "x" * 201}}),
        ("code", {"code": "1" * 201}),
    ],
)
def test_over_its_limit(closed: FlaskClient, field: str, body: dict[str, Any]) -> None:
    response = closed.post("/v1/validate", json=body, headers={"Accept-Language": "vi"})
    assert (response.status_code, response.json["field"]) == (400, field)
    assert "dài hơn" in response.json["detail"]


def test_no_query_and_no_get(closed: FlaskClient) -> None:
    assert closed.post("/v1/validate?q=x", json={}).json["field"] == "q"
    assert closed.get("/v1/validate").status_code == 405
    assert closed.post("/v1/parse?q=x").status_code == 405


@pytest.fixture
def code(opened: FlaskClient, ga: Geoaddr) -> str:
    """The code of 3412 Bạch Đằng, which has a Location ID too."""
    ndas: str = opened.post("/v1/addresses", json=household(3412)).json["ndas"]
    ga.registry.add_alias(ndas, Alias("location_id", "048000000012"))
    return ndas


SECRETS = ("Bạch Đằng", "16.0678", "108.22", "369C", "w6ugqt", "3412")


@pytest.mark.parametrize("system", ["ndas", "location_id"])
def test_a_code_alone_tells_a_stranger_its_area(closed: FlaskClient, code: str, system: str) -> None:
    given = code if system == "ndas" else "048000000012"
    response = closed.post("/v1/validate", json={"code": given})
    assert (response.json["verdict"], response.json["postcode"]) == ("accept", "50206")
    assert response.json["commune"]["code"] == "20242"
    assert response.json["point"] is None
    assert response.json["codes"] == {
        "ndas": code if system == "ndas" else None,
        "vpostcode": None,
        "plus_code": None,
    }
    for secret in (*SECRETS, *([code] if system != "ndas" else [])):
        assert secret not in response.text


def test_an_open_service_tells_the_house(opened: FlaskClient, code: str) -> None:
    answer = opened.post("/v1/validate", json={"code": code}).json
    assert answer["normalised"]["new"].startswith("3412 Bạch Đằng")
    assert answer["codes"]["vpostcode"] == "50206369C48F"


PROBES = [
    ({"text": "{} Bạch Đằng, Phường Hải Châu, Thành phố Đà Nẵng"}, "3412", "3414"),
    ({"components": {"house_number": "{}", "street": "Bạch Đằng", "commune": "20242"}}, "3412", "3414"),
    ({"text": "3412 {}, Phường Hải Châu, Thành phố Đà Nẵng"}, "Bạch Đằng", "Trần Phú"),
]


@pytest.mark.parametrize("with_code", [True, False])
@pytest.mark.parametrize(("body", "right", "wrong"), PROBES)
def test_the_house_of_a_code_cannot_be_guessed(
    closed: FlaskClient,
    opened: FlaskClient,
    code: str,
    body: dict[str, Any],
    right: str,
    wrong: str,
    with_code: bool,
) -> None:
    """The right house and a wrong one are judged alike; with every right they are not."""

    def judged(client: FlaskClient, guess: str) -> Any:
        asked = json.dumps({**body, **({"code": code} if with_code else {})}, ensure_ascii=False)
        answer = client.post("/v1/validate", data=asked.replace("{}", guess), content_type="application/json")
        return replaced(answer.json, guess)

    assert judged(closed, right) == judged(closed, wrong)
    if with_code:
        assert judged(opened, right) != judged(opened, wrong)


def replaced(value: Any, guess: str) -> Any:
    """The answer with the guess taken out of its texts."""
    if isinstance(value, dict):
        return {name: replaced(part, guess) for name, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, guess) for part in value]
    return value.replace(guess, "{}") if isinstance(value, str) else value


def test_a_slip_tells_nothing_of_the_codes_that_exist(closed: FlaskClient, code: str) -> None:
    def judged(given: str) -> str:
        return closed.post("/v1/validate", json={"code": given}).text.replace(given, "{}")

    short = code[:-1]
    unlike = "99" + short[2:]
    assert judged(short) == judged(unlike)
    slip = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert code not in judged(slip)


STREET = "Bạch Đằng, Phường Hải Châu, Thành phố Đà Nẵng"


def asked(client: FlaskClient, number: int) -> list[Any]:
    """What a caller learns of a house on the street by every question, the number itself left out."""
    line = f"{number} {STREET}"
    answers = [
        client.post("/v1/validate", json={"text": line}).json,
        client.get(f"/v1/convert?q={line}&to=old").json,
        client.get(f"/v1/convert?q={line}").json,
    ]
    return [replaced(answer, str(number)) for answer in answers]


def test_households_cannot_be_counted_one_by_one(closed: FlaskClient, opened: FlaskClient) -> None:
    """Whoever asks again and again sees the street come to be known, once many share it, and no house."""
    seen = [asked(closed, 3401)]
    for number in range(3400, 3420):
        assert opened.post("/v1/addresses", json=household(number)).status_code == 201
        seen.append(asked(closed, 3401))
        assert seen[-1] == asked(closed, 3600)
    changes = [count for count in range(1, len(seen)) if seen[count] != seen[count - 1]]
    assert changes == [10]
    assert streets_status(seen[9]) == "unconfirmed"
    assert streets_status(seen[10]) == "confirmed"


def streets_status(answers: list[Any]) -> str:
    [status] = [part["status"] for part in answers[0]["components"] if part["name"] == "street"]
    return str(status)


def test_a_street_with_few_households_is_known_to_whoever_may_see_them(
    closed: FlaskClient, opened: FlaskClient
) -> None:
    for number in range(3400, 3405):
        opened.post("/v1/addresses", json=household(number))
    assert streets_status(asked(opened, 3600)) == "confirmed"
    assert streets_status(asked(closed, 3600)) == "unconfirmed"


PARTS = {"20194": {"lat": 16.1265, "lon": 107.9322}, "20197": {"lat": 16.0916, "lon": 108.0786}}
"""Points of the two communes that Xã Hòa Liên was divided between."""


def settle(client: FlaskClient, commune: str, numbers: range) -> None:
    for place, number in enumerate(numbers):
        point = PARTS[commune] | {"lat": PARTS[commune]["lat"] + place * 0.0002}
        body = {"components": {"house_number": str(number), "street": "Nguyễn Tất Thành"}, **point}
        assert client.post("/v1/addresses", json=body).json["commune"]["code"] == commune


def weights(client: FlaskClient, number: int) -> dict[str, tuple[str, float]]:
    line = f"{number} Nguyễn Tất Thành, Xã Hòa Liên, Huyện Hòa Vang, Thành phố Đà Nẵng"
    listed = client.get(f"/v1/convert?q={line}").json["candidates"]
    return {c["commune"]["code"]: (c["basis"], c["weight"]) for c in listed if c["commune"]["code"] in PARTS}


def test_the_parts_of_a_divided_commune_do_not_betray_its_houses(closed: FlaskClient, opened: FlaskClient) -> None:
    """A street with odd numbers in one part and even ones in the other."""
    untold = weights(closed, 3411)
    assert {basis for basis, _ in untold.values()} <= {"note", "prior"}
    settle(opened, "20197", range(3400, 3418, 2))
    assert weights(closed, 3411) == untold
    settle(opened, "20194", range(3401, 3431, 2))
    settle(opened, "20197", range(3418, 3424, 2))
    told = weights(closed, 3411)
    assert weights(closed, 3410) == weights(closed, 3999) == told
    settle(opened, "20197", range(3424, 3430, 2))
    assert weights(closed, 3411) == told


def test_streets_that_many_share_settle_a_divided_commune_for_everyone(
    closed: FlaskClient, opened: FlaskClient
) -> None:
    """By the magnitude of their households; by the numbers of neighbours for whoever may see houses."""
    settle(opened, "20194", range(3401, 3431, 2))
    settle(opened, "20197", range(3400, 3440, 2))
    told = weights(closed, 3411)
    assert {basis for basis, _ in told.values()} == {"known"}
    assert weights(opened, 3411) != weights(opened, 3410)
    settle(opened, "20194", range(3431, 3433, 2))
    assert weights(closed, 3411) != told  # the sixteenth


def test_a_point_is_the_callers_own(closed: FlaskClient) -> None:
    answer = closed.post("/v1/validate", json={"text": HERE, **HAI_CHAU}).json
    assert answer["point"] == HAI_CHAU
    answer = closed.post("/v1/validate", json={"text": HERE, **ABROAD}).json
    assert answer["verdict"] != "accept"

"""What a caller without a key learns of a household: its commune and postcode, and nothing nearer."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.disclosure import EVERYBODY
from geoaddr.model import Alias
from geoaddr.platform import Geoaddr
from service.views import OPERATIONS
from tests.service.households import household

HIDDEN = ("point", "cell", "address", "vpostcode", "plus_code", "aliases", "history")

LOCATION_ID = "048000000012"


@pytest.fixture
def code(opened: FlaskClient, ga: Geoaddr) -> str:
    """A household's code; the household has a Location ID too."""
    ndas: str = opened.post("/v1/addresses", json=household()).json["ndas"]
    ga.registry.add_alias(ndas, Alias("location_id", LOCATION_ID))
    return ndas


def reading(client: FlaskClient, code: str, system: str) -> dict[str, Any]:
    response = client.get(f"/v1/codes/{code}")
    assert response.status_code == 200
    (found,) = [r for r in response.json["readings"] if r["system"] == system]
    return dict(found)


@pytest.mark.parametrize("system", ["ndas", "location_id"])
def test_a_registered_code_at_area_level(closed: FlaskClient, code: str, system: str) -> None:
    found = reading(closed, code if system == "ndas" else LOCATION_ID, system)
    assert {name: found[name] for name in HIDDEN} == dict.fromkeys(HIDDEN)
    assert found["status"] == "verified"
    assert found["commune"]["code"] == "20242"
    assert found["province"]["code"] == "48"
    assert found["postcode"] == "50206"


def test_another_code_does_not_tell_the_ndas_code_behind_it(closed: FlaskClient, code: str) -> None:
    assert reading(closed, code, "ndas")["ndas"] == code
    assert reading(closed, LOCATION_ID, "location_id")["ndas"] is None
    assert code not in closed.get(f"/v1/codes/{LOCATION_ID}").text


def test_what_replaced_a_code_is_told_to_everyone(closed: FlaskClient, opened: FlaskClient, code: str) -> None:
    other = household() | {"lat": 16.0690}
    heir = opened.post("/v1/addresses", json=other).json["ndas"]
    assert heir != code
    opened.post(f"/v1/addresses/{code}/supersede", json={"by": [heir]})
    assert reading(closed, code, "ndas")["superseded_by"] == [heir]


@pytest.mark.parametrize("system", ["ndas", "location_id"])
def test_nothing_of_the_household_is_in_the_answer(closed: FlaskClient, code: str, system: str) -> None:
    text = closed.get(f"/v1/codes/{code if system == 'ndas' else LOCATION_ID}").text
    for secret in ("Bạch Đằng", "16.0678", "108.22", "369C", "w6ugqt", '"12"'):
        assert secret not in text


@pytest.mark.parametrize("system", ["ndas", "location_id"])
def test_an_open_service_says_all(opened: FlaskClient, code: str, system: str) -> None:
    found = reading(opened, code if system == "ndas" else LOCATION_ID, system)
    assert all(found[name] is not None for name in HIDDEN)
    assert found["address"]["components"]["street"] == "Bạch Đằng"
    assert found["ndas"] == code


@pytest.mark.parametrize("computed", ["50206369C48F", "7P8C369C+48F", "w6ugqt5cxrj0"])
def test_a_computed_code_is_decoded_for_everyone(
    closed: FlaskClient, opened: FlaskClient, code: str, computed: str
) -> None:
    """It is a function of the point, and tells nothing of the household that lives there."""
    answers = [client.get(f"/v1/codes/{computed}").json["readings"] for client in (closed, opened)]
    assert answers[0] == answers[1]
    (found,) = answers[0]
    assert found["point"] is not None
    assert found["cell"] is not None
    assert (found["address"], found["ndas"], found["history"]) == (None, None, None)


def test_a_code_that_was_never_issued_is_an_answer(closed: FlaskClient, opened: FlaskClient, code: str) -> None:
    other = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert reading(closed, other, "ndas")["status"] == "not_issued"
    assert reading(opened, other, "ndas")["status"] == "not_issued"


def test_suggestions_would_betray_which_codes_exist(closed: FlaskClient, opened: FlaskClient, code: str) -> None:
    slip = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert closed.get(f"/v1/codes/{slip}").json["suggestions"] is None
    assert code in {s["code"] for s in opened.get(f"/v1/codes/{slip}").json["suggestions"]}
    malformed = code[:-1]
    assert closed.get(f"/v1/codes/{malformed}").status_code == 400
    assert opened.get(f"/v1/codes/{malformed}").json["suggestions"][0]["code"] == code


NEEDS = """
POST /v1/addresses                      write
GET  /v1/addresses/{code}               address
GET  /v1/addresses/{code}/history       address
GET  /v1/changes                        address
POST /v1/addresses/{code}/confirm       write
POST /v1/addresses/{code}/visit         write
POST /v1/addresses/{code}/amend         write
POST /v1/addresses/{code}/retire        write
POST /v1/addresses/{code}/supersede     write
POST /v1/addresses/{code}/split         write
POST /v1/addresses/{code}/erase         admin
POST /v1/addresses/merge                write
POST /v1/addresses/demolish             write
POST /v1/addresses/rename-street        write
POST /v1/addresses/formerly             address
GET  /v1/review                         admin
POST /v1/reserve                        write
POST /v1/sync                           write
POST /v1/shares                         write
GET  /v1/shares                         write
POST /v1/shares/{id}/revoke             write
POST /v1/batch/assign                   write
POST   /v1/jobs                         address
GET    /v1/jobs                         address
GET    /v1/jobs/{code}                  address
GET    /v1/jobs/{code}/result           address
GET    /v1/jobs/{code}/report           address
DELETE /v1/jobs/{code}                  address
"""


@pytest.mark.parametrize("line", NEEDS.strip().splitlines(), ids=str.strip)
@pytest.mark.parametrize("issued", [True, False])
def test_the_registry_needs_a_key(closed: FlaskClient, code: str, line: str, issued: bool) -> None:
    """The answer is the same whether or not the code exists."""
    method, path, scope = line.split()
    url = path.format(code=code if issued else "5020600000", id="abcdefghij")
    response = closed.open(url, method=method, json=household() if method == "POST" else None)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json["type"] == "urn:geoaddr:problem:key-required"
    assert f"'{scope}'" in response.json["detail"]


def test_the_table_above_is_whole() -> None:
    """An operation that reaches the registry's records stands in the table; the others are for everyone."""
    listed = {tuple(line.split()) for line in NEEDS.strip().splitlines()}
    for_all = (None, *EVERYBODY.places)
    paths = {o.name: o.path.replace("{ndas}", "{code}").replace("/jobs/{id}", "/jobs/{code}") for o in OPERATIONS}
    declared = {(o.method, paths[o.name], o.needs) for o in OPERATIONS if o.needs not in for_all}
    assert listed == declared


def test_a_refused_request_writes_nothing(closed: FlaskClient, ga: Geoaddr) -> None:
    assert closed.post("/v1/addresses", json=household()).status_code == 401
    assert ga.registry.stats()["addresses"] == 0


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "demo.localhost"])
def test_an_open_service_answers_on_this_machine(opened: FlaskClient, code: str, host: str) -> None:
    assert opened.get(f"/v1/addresses/{code}", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "10.0.0.1", "", "["]
)
def test_a_site_whose_name_leads_here_learns_nothing(
    opened: FlaskClient, closed: FlaskClient, code: str, host: str
) -> None:
    """A browser would take it for the site's own: DNS rebinding."""
    response = opened.get(f"/v1/addresses/{code}", headers={"Host": host})
    assert (response.status_code, response.json["field"]) == (400, "Host")
    assert closed.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_key_opens_nothing_yet(closed: FlaskClient) -> None:
    headers = {"Authorization": "Bearer anything"}
    assert closed.post("/v1/addresses", json=household(), headers=headers).status_code == 401

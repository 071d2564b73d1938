"""A household's own place, shared by consent: what a link shows, to whom, until when, and who writes it down."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from service.keys.database import open_database
from service.keys.shares import Shares, UnknownShare
from tests.service.access import Served
from tests.service.households import household

SHOWN = """
scope   | commune | text | point
area    | yes     |      |
address | yes     | yes  |
point   | yes     | yes  | yes
"""


@pytest.fixture
def writer(served: Served) -> FlaskClient:
    return served.holder("write", "address", "point")


@pytest.fixture
def code(writer: FlaskClient) -> str:
    return str(writer.post("/v1/addresses", json=household()).json["ndas"])


def wanted(code: str, **other: Any) -> dict[str, Any]:
    return {"ndas": code, "scope": "point", "purpose": "furniture", "consent": "form 2026/117", **other}


@pytest.mark.parametrize("line", SHOWN.strip().splitlines()[1:], ids=lambda line: line.split()[0])
def test_a_link_shows_what_its_scope_says(served: Served, writer: FlaskClient, code: str, line: str) -> None:
    scope, *shown = (cell.strip() for cell in line.split("|"))
    made = writer.post("/v1/shares", json=wanted(code, scope=scope))
    assert made.status_code == 201
    opened = served.client().get(made.json["path"])
    place = opened.json["place"]
    assert (opened.status_code, opened.json["purpose"], place["ndas"]) == (200, "furniture", code)
    seen = [place["commune"] is not None, place["address"] is not None, place["point"] is not None]
    assert seen == [cell == "yes" for cell in shown]
    assert (place["history"], place["aliases"]) == (None, None)
    assert ("Bạch Đằng" in opened.text, "16.0678" in opened.text) == (seen[1], seen[2])
    assert opened.headers["Cache-Control"] == "no-store"
    assert opened.headers["Referrer-Policy"] == "no-referrer"


def test_a_link_shows_its_own_address_only(served: Served, writer: FlaskClient, code: str) -> None:
    made = writer.post("/v1/shares", json=wanted(code)).json
    stranger = served.client(made["token"])
    assert stranger.get(f"/v1/addresses/{code}").status_code == 401
    assert served.client().get(f"/v1/codes/{code}").json["readings"][0]["point"] is None


def test_a_revoked_link_shows_nothing_at_once(served: Served, writer: FlaskClient, code: str) -> None:
    made = writer.post("/v1/shares", json=wanted(code)).json
    assert writer.post(f"/v1/shares/{made['id']}/revoke").json["status"] == "revoked"
    closed = served.client().get(made["path"])
    never = served.client().get(made["path"][:-3] + "AAA")
    assert (closed.status_code, never.status_code) == (404, 404)
    assert {**closed.json, "request_id": ""} == {**never.json, "request_id": ""}
    listed = writer.get(f"/v1/shares?ndas={code}").json["shares"]
    assert [(share["id"], share["status"]) for share in listed] == [(made["id"], "revoked")]
    assert made["token"] not in str(listed)


def test_a_link_ends(code: str, served: Served) -> None:
    now = [time.time()]
    shares = Shares(open_database("memory:"), clock=lambda: now[0])
    share, token = shares.create(code, "point", purpose="p", consent="c", days=3, actor="k")
    assert shares.opened_by(token) == share
    now[0] += dt.timedelta(days=3).total_seconds() + 1
    with pytest.raises(UnknownShare):
        shares.opened_by(token)


def test_every_use_is_written_down(served: Served, writer: FlaskClient, code: str) -> None:
    made = writer.post("/v1/shares", json=wanted(code, scope="address")).json
    for _ in range(2):
        served.client().get(made["path"])
    writer.post(f"/v1/shares/{made['id']}/revoke")
    served.client().get(made["path"])
    acts = [(e.act, e.who.startswith("share:"), e.seen) for e in served.trail(subject=code)]
    assert sorted(acts[1:]) == sorted(
        [
            ("share-created", False, f"address share:{made['id']}"),
            ("shared", True, "address"),
            ("shared", True, "address"),
            ("share-revoked", False, f"share:{made['id']}"),
        ]
    )


def test_nobody_shares_more_than_they_see(served: Served, code: str) -> None:
    for held, scope, status in (
        (["write"], "area", 201), (["write"], "address", 403), (["write", "address"], "point", 403),
        (["write", "address"], "address", 201), (["address", "point"], "point", 403),
    ):  # fmt: skip
        assert served.holder(*held).post("/v1/shares", json=wanted(code, scope=scope)).status_code == status
    elsewhere = served.holder("address", "point", write=["15"])
    assert elsewhere.post("/v1/shares", json=wanted(code)).status_code == 403
    assert served.holder("write", "address", point=["15"]).post("/v1/shares", json=wanted(code)).status_code == 403


def test_a_share_of_another_province_is_not_ended_or_listed(
    served: Served, writer: FlaskClient, code: str
) -> None:
    made = writer.post("/v1/shares", json=wanted(code)).json
    elsewhere = served.holder(write=["15"])
    assert elsewhere.post(f"/v1/shares/{made['id']}/revoke").status_code == 403
    assert elsewhere.get(f"/v1/shares?ndas={code}").status_code == 403
    assert served.client().get(made["path"]).status_code == 200


REFUSED = """
{"scope": "write"}        | 400 | scope
{"days": 0}               | 400 | days
{"days": 367}             | 400 | days
{"purpose": ""}           | 400 | purpose
{"consent": ""}           | 400 | consent
{"consent": "a\\nb"}      | 400 | consent
{"ndas": "5020600000"}    | 404 | ndas
{"ndas": "x"}             | 400 | code
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_shares_that_cannot_be(writer: FlaskClient, code: str, line: str) -> None:
    other, status, field = (cell.strip() for cell in line.split("|"))
    response = writer.post("/v1/shares", json=wanted(code, **json.loads(other)))
    assert (response.status_code, response.json["field"]) == (int(status), field)


def test_an_erased_address_is_shared_no_more(served: Served, writer: FlaskClient, ga: Geoaddr, code: str) -> None:
    made = writer.post("/v1/shares", json=wanted(code)).json
    ga.registry.erase(code, reason="asked by the household")
    opened = served.client().get(made["path"])
    assert (opened.status_code, opened.json["place"]["status"]) == (200, "withdrawn")
    assert "Bạch Đằng" not in opened.text
    assert "16.0678" not in opened.text

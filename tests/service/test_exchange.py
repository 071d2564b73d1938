"""What surrounds an answer: whether it is known already, how it is packed, which sites may ask."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.disclosure import EVERYBODY
from geoaddr.errors import InvalidInput
from geoaddr.platform import Geoaddr
from service.app import create_app
from service.cors import FOR_CHECKOUTS
from service.limits.rules import Limits
from service.settings import Settings
from service.views import OPERATIONS
from tests.service.access import Served
from tests.service.households import household

PACK = [
    "/v1/locate?lat=16.0678&lon=108.2208",
    "/v1/units?level=province",
    "/v1/units/20242?as_of=2026-01-01",
    "/v1/units/20242/boundary?zoom=10",
    "/v1/parse?q=Hu%E1%BA%BF",
]
REGISTRY = [
    "/v1/search?q=12+Bach+Dang,+Da+Nang",
    "/v1/suggest?q=bach",
    "/v1/reverse?lat=16.0678&lon=108.2208",
    "/v1/codes/7P8C369C+48F?as_of=2026-01-01",
    "/v1/convert?q=Hu%E1%BA%BF",
]


@pytest.mark.parametrize("url", PACK + REGISTRY)
def test_an_answer_that_is_known_is_not_sent_again(closed: FlaskClient, url: str) -> None:
    first = closed.get(url)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        again = closed.get(url, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    for unknown in ('"other"', 'W/""'):
        assert closed.get(url, headers={"If-None-Match": unknown}).data == first.data
    assert (
        closed.get(f"{url}&x=1" if "?" in url else f"{url}?x=1", headers={"If-None-Match": tag}).status_code == 400
    )


def test_a_tag_is_that_of_one_request(closed: FlaskClient) -> None:
    tags = {closed.get(url).headers["ETag"] for url in PACK + REGISTRY}
    assert len(tags) == len(PACK + REGISTRY)


def test_answers_of_the_pack_are_kept_by_everyone_and_others_by_nobody_else(
    closed: FlaskClient, opened: FlaskClient
) -> None:
    assert {closed.get(url).headers["Cache-Control"] for url in PACK} == {"public, max-age=300"}
    for url in REGISTRY:
        response = closed.get(url)
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in response.headers["Vary"]
    code = opened.post("/v1/addresses", json=household()).json["ndas"]
    for response in (
        opened.post("/v1/validate", json={}),
        opened.get("/v1/changes"),
        opened.get("/readyz"),
        opened.post(f"/v1/addresses/{code}/confirm", json={}),
    ):
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers


def test_what_a_key_opened_is_kept_by_nobody_between(ga: Geoaddr, tmp_path: Path) -> None:
    client = Served(ga, tmp_path).holder("address")
    for url in PACK:
        response = client.get(url)
        assert response.headers["Cache-Control"] == "private, max-age=300"
        again = client.get(url, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, max-age=300")
    assert client.get(REGISTRY[0]).headers["Cache-Control"] == "private, no-cache"


def test_a_preflight_needs_no_key_and_is_guarded_like_all(shop: FlaskClient) -> None:
    asked = preflight(shop, "/v1/validate", "POST")
    assert asked.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cross-Origin-Resource-Policy" not in asked.headers


def test_what_the_registry_learns_is_another_answer(opened: FlaskClient) -> None:
    url = "/v1/search?q=12+Bach+Dang,+Hai+Chau,+Da+Nang"
    before = opened.get(url).headers["ETag"]
    opened.post("/v1/addresses", json=household())
    after = opened.get(url, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_rights_make_another_answer(opened: FlaskClient, closed: FlaskClient) -> None:
    code = opened.post("/v1/addresses", json=household()).json["ndas"]
    whole = opened.get(f"/v1/codes/{code}").headers["ETag"]
    assert closed.get(f"/v1/codes/{code}", headers={"If-None-Match": whole}).status_code == 200


def test_long_answers_are_packed_for_those_who_take_it(closed: FlaskClient) -> None:
    url = "/v1/units?level=commune"
    plain = closed.get(url)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    for accepted in ("gzip", "br, gzip;q=0.5", "*"):
        packed = closed.get(url, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) * 5 < len(plain.data)
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert packed.headers["ETag"] == plain.headers["ETag"]
    for refused in ("br", "gzip;q=0", "identity"):
        assert closed.get(url, headers={"Accept-Encoding": refused}).data == plain.data
    assert "Content-Encoding" not in closed.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


SHOP = "https://shop.vn"


@pytest.fixture
def shop(ga: Geoaddr) -> FlaskClient:
    return create_app(ga, Settings(cors_origins=(SHOP, "http://localhost:5173"))).test_client()


def preflight(client: FlaskClient, path: str, method: str, origin: str = SHOP) -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": method,
             "Access-Control-Request-Headers": "content-type"}  # fmt: skip
    return client.options(path, headers=asked)


def allowed(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers if name.startswith("Access-Control-")}


def test_a_named_site_may_ask_what_a_checkout_asks(shop: FlaskClient) -> None:
    asked = preflight(shop, "/v1/validate", "POST")
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == SHOP
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert {"Content-Type", "Authorization"} <= set(asked.headers["Access-Control-Allow-Headers"].split(", "))
    for response in (
        shop.post("/v1/validate", json={}, headers={"Origin": SHOP}),
        shop.get("/v1/suggest?q=hai", headers={"Origin": SHOP}),
        shop.get("/v1/suggest", headers={"Origin": SHOP}),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == SHOP
        assert "Origin" in response.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in response.headers
    assert shop.get("/v1/suggest?q=hai").headers["Vary"].count("Origin") == 1


# what is refused, by whom | status
REFUSALS = """
a key that nobody has         | 401
a key without the scope       | 403
a key that asked too often    | 429
an address that asked too often | 429
codes that nobody has         | 429
"""


@pytest.mark.parametrize("line", REFUSALS.strip().splitlines())
def test_a_script_reads_why_it_was_refused(ga: Geoaddr, tmp_path: Path, line: str) -> None:
    """Before the service looks at the request itself, too; and browsers may ask beforehand all the same."""
    what, status = (cell.strip() for cell in line.split("|"))
    served = Served(ga, tmp_path, Limits(rate=1, burst=3, day=0, misses=2), cors_origins=(SHOP,))
    token = {
        "a key that nobody has": "gak_abcdefghij_" + "A" * 43,
        "a key without the scope": served.key(["validity"]),
        "a key that asked too often": served.key(["area"], Limits(rate=1, burst=3, day=0, misses=0)),
        "codes that nobody has": served.key(["area"], Limits(rate=0, burst=0, day=0, misses=2)),
    }
    client, headers = served.client(token.get(what)), {"Origin": SHOP}
    for n in range(6):
        refused = client.get(f"/v1/codes/{5_020_600_000 + n}" if "codes" in what else "/v1/units", headers=headers)
        if refused.status_code == int(status):
            break
    assert (refused.status_code, refused.mimetype) == (int(status), "application/problem+json")
    assert refused.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Origin" in refused.headers["Vary"]
    readable = refused.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"Retry-After", "X-Request-ID", "WWW-Authenticate"} <= set(readable)
    assert allowed(client.get("/v1/units", headers={"Origin": "https://evil.vn"})) == {}
    assert "Origin" in client.get("/v1/units").headers["Vary"]
    asked = preflight(client, "/v1/units", "GET")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, SHOP)
    assert asked.headers["X-Content-Type-Options"] == "nosniff"
    assert allowed(preflight(client, "/v1/addresses", "POST")) == {}


@pytest.mark.parametrize("origin", ["https://evil.vn", "http://shop.vn", "https://shop.vn.evil.vn", "null"])
def test_another_site_is_told_nothing(shop: FlaskClient, closed: FlaskClient, origin: str) -> None:
    for client in (shop, closed):
        assert allowed(preflight(client, "/v1/validate", "POST", origin)) == {}
        assert allowed(client.get("/v1/suggest?q=hai", headers={"Origin": origin})) == {}
    assert allowed(closed.get("/v1/suggest?q=hai", headers={"Origin": SHOP})) == {}


def test_no_site_may_ask_the_rest(shop: FlaskClient) -> None:
    """What writes, and what tells of many households, asks for a key that has no place in a page."""
    for operation in OPERATIONS:
        path = operation.path.replace("{ndas}", "5020600000").replace("{id}", "x").replace("{code}", "48")
        assert bool(allowed(preflight(shop, path, operation.method))) == (operation.name in FOR_CHECKOUTS), path
        assert operation.name not in FOR_CHECKOUTS or operation.needs in EVERYBODY.places


def test_every_site_may_ask_where_that_is_said(ga: Geoaddr) -> None:
    client = create_app(ga, Settings(cors_origins=("*",))).test_client()
    assert allowed(client.get("/v1/suggest?q=hai", headers={"Origin": SHOP}))["Access-Control-Allow-Origin"] == "*"


def test_origins_are_read_from_the_environment() -> None:
    environment = {"GEOADDR_CORS_ORIGINS": "https://shop.vn, http://localhost:5173"}
    assert Settings.from_environment(environment=environment).cors_origins == (SHOP, "http://localhost:5173")


@pytest.mark.parametrize(
    "origin", ["shop.vn", "https://shop.vn/", "https://shop.vn/pay", "https://*.shop.vn", "null"]
)
def test_what_is_no_origin(origin: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Settings.from_environment(environment={"GEOADDR_CORS_ORIGINS": origin})
    assert (refused.value.field, refused.value.value) == ("GEOADDR_CORS_ORIGINS", origin)

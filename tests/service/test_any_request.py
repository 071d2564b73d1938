"""Whatever is sent to the verbs of texts is answered as the description says, or refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
from service.settings import Settings
from service.views import OPERATIONS
from tests.service.test_openapi import assert_fits

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = st.sampled_from(
    [
        "12/34", "Phường", "P.", "Hải Châu", "Q1", "Đà Nẵng", "Lê Lợi", "7P8C369C+48F", "5020600000", ",",
        " ", "/", "(", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{COMBINING ACUTE ACCENT}", "\0", "đ", "<b>", "'; --",
        "🏠", "東京",
    ]
)  # fmt: skip
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=30).map("".join)
NUMBERS = st.floats() | st.integers() | st.sampled_from([16.0678, 108.2208])
ANYTHING = st.none() | st.booleans() | NUMBERS | TEXTS | st.lists(TEXTS, max_size=3)
FIELDS = st.sampled_from(
    ["house_number", "alley", "street", "ward", "commune", "province", "postcode", "lat", "x"]
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS | ANYTHING,
        "components": st.dictionaries(FIELDS, TEXTS | ANYTHING, max_size=4) | ANYTHING,
        "code": st.from_regex(r"[0-9]{9,11}[A-Z]?", fullmatch=True) | ANYTHING,
        "lat": NUMBERS | ANYTHING,
        "lon": NUMBERS | ANYTHING,
        "as_of": st.sampled_from(["2025-06-30", "2026-01-01", "soon"]) | ANYTHING,
        "unknown": ANYTHING,
    },
)


@pytest.fixture(scope="module")
def client(opened_pack: Pack) -> FlaskClient:
    """A caller without a key."""
    return create_app(Geoaddr(opened_pack, Registry(open_store("memory:"))), Settings()).test_client()


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json or {})


def check(response: Any, name: str, document: dict[str, Any]) -> None:
    assert response.status_code in (200, 400), response.text
    [operation] = [o for o in OPERATIONS if o.name == name]
    said = document["paths"][operation.path][operation.method.lower()]["responses"][str(response.status_code)]
    assert_fits(said["content"][response.content_type]["schema"], response.json, document)
    if response.status_code == 400:
        assert response.json["field"]
        assert "Traceback" not in response.text


@QUICK
@given(TEXTS)
def test_parse(client: FlaskClient, document: dict[str, Any], text: str) -> None:
    check(client.get("/v1/parse", query_string={"q": text}), "parse", document)


@QUICK
@given(TEXTS, st.sampled_from(["new", "old", "both"]), st.none() | NUMBERS, st.none() | NUMBERS)
def test_convert(client: FlaskClient, document: dict[str, Any], text: str, to: str, lat: Any, lon: Any) -> None:
    given = {"q": text, "to": to, "lat": lat, "lon": lon}
    query = {name: value for name, value in given.items() if value is not None}
    check(client.get("/v1/convert", query_string=query), "convert", document)


@QUICK
@given(BODIES)
def test_validate(client: FlaskClient, document: dict[str, Any], body: dict[str, Any]) -> None:
    check(client.post("/v1/validate", json=body), "validate", document)


@QUICK
@given(TEXTS, st.none() | NUMBERS, st.sampled_from(["/v1/search", "/v1/suggest"]))
def test_search_and_suggest(
    client: FlaskClient, document: dict[str, Any], text: str, limit: Any, path: str
) -> None:
    query = {"q": text} if limit is None else {"q": text, "limit": limit}
    check(client.get(path, query_string=query), path.rpartition("/")[2], document)


@QUICK
@given(NUMBERS, NUMBERS, st.none() | NUMBERS)
def test_reverse(client: FlaskClient, document: dict[str, Any], lat: Any, lon: Any, radius_m: Any) -> None:
    query = {"lat": lat, "lon": lon} | ({} if radius_m is None else {"radius_m": radius_m})
    check(client.get("/v1/reverse", query_string=query), "reverse", document)

"""The description of the API is valid, whole and true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from geoaddr.pack import Pack
from service.views import OPERATIONS
from tests.service import examples
from tests.service.households import HAI_CHAU, household


@pytest.fixture
def document(closed: FlaskClient) -> dict[str, Any]:
    return dict(closed.get("/openapi.json").json)


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_path_is_described(document: dict[str, Any], closed: FlaskClient) -> None:
    rules = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in closed.application.url_map.iter_rules()
        if rule.endpoint != "page"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    described.remove(("/metrics", "get"))  # answered before anything is routed
    assert rules - described == {("/openapi.json", "get"), ("/docs", "get"), ("/docs.css", "get")}
    assert described <= rules


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    named = set(document["components"]["schemas"])
    asked = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert asked <= named
    assert named - asked == set(), "schemas that nothing refers to"


FILES = """
path                    | query                                | closed | opened
/tiles/{z}/{x}/{y}.mvt  | tiles/6/50/28.mvt?as_of=2025-06-30   | 200    | 200
/tiles/{z}/{x}/{y}.mvt  | tiles/6/50/28.mvt?as_of=soon         | 400    | 400
/tiles.json             | tiles.json?as_of=2025-06-30          | 200    | 200
/labels.pdf             | labels.pdf?codes=7P8C369C%2B48F&copies=2&lang=vi | 200 | 200
/labels.pdf             | labels.pdf?codes=7P8C369C%2B48F&copies=11 | 400    | 400
/labels.pdf             | labels.pdf?codes=5020600000          | 404    | 404
/metrics                | metrics                              | 404    | 200
"""


@pytest.mark.parametrize("row", FILES.strip().splitlines()[1:], ids=lambda row: row.split("|")[1].strip())
def test_files_are_as_described(
    document: dict[str, Any], opened: FlaskClient, closed: FlaskClient, row: str
) -> None:
    path, query, *statuses = (cell.strip() for cell in row.split("|"))
    said = document["paths"][path]["get"]
    named = {each["name"] for each in said["parameters"] if each["in"] == "query"}
    assert {part.partition("=")[0] for part in query.partition("?")[2].split("&") if part} <= named
    for client, status in zip((closed, opened), statuses, strict=True):
        response = client.get(f"/{query}")
        assert response.status_code == int(status)
        assert response.content_type in said["responses"][status]["content"]


def requests(code: str, other: str, flat: str, erased: str, razed: str, joined: str) -> dict[str, tuple[str, Any]]:
    """One good request for each operation, in an order that can be followed."""
    point = f"lat={HAI_CHAU['lat']}&lon={HAI_CHAU['lon']}"
    return {
        "locate": (f"/v1/locate?{point}&as_of=2025-06-30", None),
        "resolve": (f"/v1/codes/{code}", None),
        "assign": ("/v1/addresses", household(16)),
        "address": (f"/v1/addresses/{code}", None),
        "history": (f"/v1/addresses/{code}/history", None),
        "changes": ("/v1/changes?since=2020-01-01&limit=3", None),
        "confirm": (f"/v1/addresses/{code}/confirm", {"round": 2}),
        "visit": (f"/v1/addresses/{code}/visit", {"outcome": "agrees"}),
        "amend": (f"/v1/addresses/{code}/amend", {"components": {"house_number": "12A"}}),
        "rename_street": (
            "/v1/addresses/rename-street",
            {"commune": "20242", "from": "Bạch Đằng", "to": "Như Nguyệt", "first_number": 16, "last_number": 16},
        ),
        "supersede": (f"/v1/addresses/{code}/supersede", {"by": [other]}),
        "retire": (f"/v1/addresses/{other}/retire", {}),
        "split": (f"/v1/addresses/{flat}/split", {"into": [erased, razed]}),
        "merge": ("/v1/addresses/merge", {"codes": [joined], "into": erased}),
        "demolish": ("/v1/addresses/demolish", {"codes": [razed], "reason": "pulled down"}),
        "erase": (f"/v1/addresses/{erased}/erase", {"reason": "asked for", "yes": True}),
        "formerly": ("/v1/addresses/formerly", {"components": {"house_number": "12", "street": "Bạch Đằng"}}),
        "review": ("/v1/review?area=50206&limit=3", None),
        "reserve": ("/v1/reserve", {"area": "50206", "count": 2}),
        "sync": ("/v1/sync", {"rows": [{"id": "a", "action": "visit", "ndas": joined}, {"id": "b"}]}),
        "batch_locate": ("/v1/batch/locate", [HAI_CHAU, {"lat": "16"}]),
        "batch_resolve": ("/v1/batch/resolve", [{"code": code}, {"code": "7P8C369C+48F"}, {}]),
        "batch_geocode": ("/v1/batch/geocode", [{"text": "12 Bạch Đằng, Phường Hải Châu, Đà Nẵng"}]),
        "batch_reverse": ("/v1/batch/reverse", [HAI_CHAU, {"lat": 16.0, "lon": 108.0, "radius_m": 0}]),
        "batch_parse": ("/v1/batch/parse", [{"text": "12 Trần Phú, P. Phước Ninh, Đà Nẵng"}]),
        "batch_convert": ("/v1/batch/convert?to=old", [{"text": "Xã Ia Mơ, Gia Lai"}]),
        "batch_validate": ("/v1/batch/validate", [{"street": "Trần Phú", "commune": "20242"}]),
        "batch_unit": ("/v1/batch/unit", [{"code": "20242"}, {"code": "00000"}]),
        "batch_assign": ("/v1/batch/assign", [{"text": "30 Bạch Đằng", **HAI_CHAU}]),
        "create_job": ("/v1/jobs?verb=locate", b"lat,lon\n16.0678,108.2208\n"),
        "list_jobs": ("/v1/jobs", None),
        "job": (f"/v1/jobs/{'x' * 22}", None),
        "job_result": (f"/v1/jobs/{'x' * 22}/result", None),
        "job_report": (f"/v1/jobs/{'x' * 22}/report", None),
        "cancel_job": (f"/v1/jobs/{'x' * 22}", None),
        "search": ("/v1/search?q=12 Bạch Đằng, Phường Hải Châu, Đà Nẵng", None),
        "reverse": (f"/v1/reverse?{point}&radius_m=50", None),
        "suggest": ("/v1/suggest?q=bạch đ", None),
        "parse": ("/v1/parse?q=12 Trần Phú, P. Phước Ninh, Q. Hải Châu, Đà Nẵng", None),
        "convert": ("/v1/convert?q=12 Trần Phú, P. Phước Ninh, Q. Hải Châu, Đà Nẵng", None),
        "validate": ("/v1/validate", {"text": "12 Trần Phú, Phường Hải Châu, Đà Nẵng", "code": code}),
        "share": ("/v1/shares", {"ndas": other, "scope": "area", "purpose": "post", "consent": "form 7"}),
        "shares": (f"/v1/shares?ndas={other}", None),
        "unshare": ("/v1/shares/abcdefghij/revoke", {}),
        "shared": ("/v1/shared/gas_abcdefghij", None),
        "list_units": ("/v1/units?level=commune&parent=48", None),
        "unit": ("/v1/units/20242?as_of=2025-06-30", None),
        "boundary": ("/v1/units/20242/boundary", None),
        "healthz": ("/healthz", None),
        "readyz": ("/readyz", None),
    }


def test_answers_are_as_described(document: dict[str, Any], opened: FlaskClient, closed: FlaskClient) -> None:
    codes = [opened.post("/v1/addresses", json=household(n)).json["ndas"] for n in (12, 14, 18, 20, 22, 24)]
    asked = requests(*codes)
    assert set(asked) == {operation.name for operation in OPERATIONS}
    for operation in OPERATIONS:
        url, body = asked[operation.name]
        for client in (closed, opened):
            how = {"data": body, "content_type": "text/csv"} if isinstance(body, bytes) else {"json": body}
            response = client.open(url, method=operation.method, **how)
            said = document["paths"][operation.path][operation.method.lower()]["responses"]
            content = said[str(response.status_code)]["content"]
            assert_fits(content[response.content_type]["schema"], response.json, document)


def assert_fits(schema: dict[str, Any], value: Any, document: dict[str, Any]) -> None:
    whole = {**schema, "components": document["components"]}
    errors = [f"{error.json_path}: {error.message}" for error in OAS31Validator(whole).iter_errors(value)]
    assert errors == []


def test_every_example_is_real(opened_pack: Pack) -> None:
    """Sent again, in their order, they are answered as they say; see ``tests/service/examples.py``."""
    listed = examples.read()
    assert lasting(examples.replay(listed, opened_pack)) == lasting(listed)


LEARNT = {"weight", "confidence", "score", "score_parts", "cost"}
"""Numbers that move a little whenever the readings of texts are weighed anew."""


def lasting(value: Any) -> Any:
    """The answers without what changes with every build: versions of the software and of the pack, weights, and
    the order of candidates that comes from them."""
    if isinstance(value, list):
        parts = [lasting(part) for part in value]
        return sorted(parts, key=lambda c: str(c["commune"]["code"])) if _are_candidates(value) else parts
    if not isinstance(value, dict):
        return value
    is_build = {"version", "boundary_accuracy"} <= set(value) or {"version", "registry"} <= set(value)
    left_out = LEARNT | ({"version"} if is_build else set())
    left_out |= {"id", "created"} if "rows_done" in value else set()
    return {k: lasting(v) for k, v in value.items() if k not in left_out}


def _are_candidates(listed: list[Any]) -> bool:
    one = listed[0] if listed else None
    return isinstance(one, dict) and {"commune", "basis"} <= set(one) and isinstance(one["commune"], dict)


def test_every_operation_has_examples_as_described(document: dict[str, Any]) -> None:
    listed = examples.read()
    assert set(listed) == {operation.name for operation in OPERATIONS}
    for operation in OPERATIONS:
        described = document["paths"][operation.path][operation.method.lower()]
        shown: list[str] = []
        for said in described["responses"].values():
            for content in said.get("content", {}).values():
                for name, example in content.get("examples", {}).items():
                    assert_fits(content["schema"], example["value"], document)
                    shown.append(name)
        assert sorted(shown) == sorted(example["name"] for example in listed[operation.name])


def test_good_bodies_fit_their_schema(document: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        for example in examples.read()[operation.name]:
            if "body" in example and example["status"] < 300:
                described = document["paths"][operation.path]["post"]["requestBody"]
                assert_fits(described["content"]["application/json"]["schema"], example["body"], document)

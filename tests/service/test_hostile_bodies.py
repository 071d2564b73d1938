"""What is hostile in the bodies of every operation: texts of other languages, bytes that are no text, depth, and
requests that are sent again as others. The bodies are those of the examples, so that they pass the first checks.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from service.views import OPERATIONS
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household
from tests.service.test_hostile import NASTY, Service, service  # noqa: F401  # the fixture of a running service

EXAMPLES = json.loads((Path(__file__).resolve().parents[2] / "service/examples.json").read_text("utf-8"))
BODIES = [
    (operation.name, example["path"], example["body"])
    for operation in OPERATIONS
    if operation.body is not None
    for example in EXAMPLES[operation.name]
    if isinstance(example.get("body"), dict | list)
]
NAMES = [name for name, _, _ in BODIES]


@pytest.fixture
def client(ga: Geoaddr, tmp_path: Path) -> FlaskClient:
    """A caller with every right, and a registry with one household."""
    client = Served(ga, tmp_path).holder("area", "address", "point", "write", "admin")
    assert client.post("/v1/addresses", json=household()).status_code == 201
    return client


def test_every_operation_with_a_body_has_an_example() -> None:
    """But for files, which have tests of their own."""
    assert {operation.name for operation in OPERATIONS if operation.body is not None} - set(NAMES) == {
        "create_job"
    }


def with_each_text(value: Any, text: str) -> Iterator[Any]:
    """A body with one of its texts, or one of its names, replaced; once for each."""
    if isinstance(value, str):
        yield text
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: other} for other in with_each_text(part, text))
        yield {**value, text: "x"}
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from ([*value[:at], other, *value[at + 1 :]] for other in with_each_text(part, text))


@pytest.mark.parametrize(("name", "path", "body"), BODIES, ids=NAMES)
def test_texts_are_texts_in_every_body(client: FlaskClient, ga: Geoaddr, name: str, path: str, body: Any) -> None:
    """SQL, HTML, templates, paths: kept or refused like any text; nothing fails, and the registry is sound."""
    for text in NASTY:
        for sent in with_each_text(body, text):
            response = client.post(path, json=sent)
            assert response.status_code < 500, (sent, response.text)
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "html" not in response.content_type
    assert ga.registry.verify() == []
    assert client.get("/v1/changes").status_code == 200


NO_TEXT = (b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf0\x9f\x98")
"""Not UTF-8, longer than it need be, half a pair of surrogates, cut short."""


@pytest.mark.parametrize(("name", "path", "body"), BODIES, ids=NAMES)
def test_bytes_that_are_no_text_are_refused_in_every_body(
    client: FlaskClient, name: str, path: str, body: Any
) -> None:
    for bytes_ in NO_TEXT:
        for sent in with_each_text(body, "HERE"):
            data = json.dumps(sent).encode().replace(b"HERE", bytes_)
            response = client.post(path, data=data, content_type="application/json")
            assert (response.status_code, response.json["field"]) == (400, "body"), data


DEPTHS = (9, 1000, 1030, 9_000)
"""Above what any body has; on both sides of what the parser takes; as deep as a body allows."""


@pytest.mark.parametrize(("name", "path", "body"), BODIES, ids=NAMES)
def test_deep_json_is_refused_in_every_body(client: FlaskClient, name: str, path: str, body: Any) -> None:
    """Whole and balanced, in place of each text. A batch refuses the row alone, where the parser reads it."""
    for depth in DEPTHS:
        for begins, ends in (("[", "]"), ('{"a":', "}")):
            deep = begins * depth + "1" + ends * depth
            for sent in with_each_text(body, "HERE"):
                data = json.dumps(sent).replace(': "HERE"', f": {deep}", 1)
                if deep not in data:
                    continue  # it was a name, or stands in a list
                response = client.post(path, data=data.encode(), content_type="application/json")
                if isinstance(body, list) and response.status_code == 200:
                    assert "error" in [row["status"] for row in response.json]
                else:
                    assert response.status_code == 400, (depth, data[:200], response.text[:300])


NUMBER = count(1)

REPLAYS = [
    # an operation that takes a key, a request, and another under the same key
    ("/v1/addresses", household(21), household(22)),
    ("/v1/addresses", household(21), household(21, point_source="survey")),
]


@pytest.mark.parametrize(("path", "first", "second"), REPLAYS)
def test_a_request_under_the_key_of_another_is_refused(
    client: FlaskClient, path: str, first: Any, second: Any
) -> None:
    key = {"Idempotency-Key": f"day {next(NUMBER)}"}
    assert client.post(path, json=first, headers=key).status_code == 201
    assert client.post(path, json=second, headers=key).status_code == 409
    assert client.post(path, json=first, headers=key).status_code == 201


def test_a_batch_under_the_key_of_another_repeats_no_row_as_another(client: FlaskClient, ga: Geoaddr) -> None:
    """Each row stands under the key by its number: another household there is refused, and nothing is issued."""
    key = {"Idempotency-Key": "day 7"}
    rows = [{"text": f"{number} Bạch Đằng", **HAI_CHAU} for number in (31, 32)]
    first = client.post("/v1/batch/assign", json=rows, headers=key).json
    before = ga.registry.stats()["addresses"]
    second = client.post("/v1/batch/assign", json=rows[::-1], headers=key).json
    assert [row["status"] for row in second] == ["error", "error"]
    assert {row["problem"]["type"].rpartition(":")[2] for row in second} <= {"already-issued", "invalid-input"}
    assert ga.registry.stats()["addresses"] == before
    assert client.post("/v1/batch/assign", json=rows, headers=key).json[0]["ndas"] == first[0]["ndas"]


def test_a_row_of_a_day_under_the_id_of_another_is_refused(client: FlaskClient, ga: Geoaddr) -> None:
    row = {"id": "1", "action": "propose", "house_number": "41", "street": "Bạch Đằng", **HAI_CHAU}
    assert client.post("/v1/sync", json={"rows": [row]}).json["rows"][0]["status"] == "created"
    before = ga.registry.stats()["addresses"]
    answered = client.post("/v1/sync", json={"rows": [{**row, "house_number": "43"}]}).json["rows"][0]
    assert answered["status"] in ("refused", "conflict")
    assert ga.registry.stats()["addresses"] == before


def test_no_time_of_a_callers_clock_is_taken(client: FlaskClient, ga: Geoaddr) -> None:
    """Whatever a device believes: times are those of the service, so a wrong clock rewrites no history."""
    ndas = client.get("/v1/changes").json["changes"][0]["ndas"]
    row = {"id": "9", "action": "visit", "ndas": ndas}
    for field in ("at", "created_at", "updated_at", "taken_at"):
        answer = client.post("/v1/sync", json={"rows": [{**row, field: "2099-01-01T00:00:00Z"}]})
        assert "2099" not in client.get(f"/v1/addresses/{ndas}/history").text, answer.text
        body = household(51, **{field: "2099-01-01T00:00:00Z"})
        assert client.post("/v1/addresses", json=body).json["field"] == field
    late = {"Date": "Thu, 01 Jan 2099 00:00:00 GMT"}
    assert client.post(f"/v1/addresses/{ndas}/visit", json={}, headers=late).status_code == 200
    assert "2099" not in client.get("/v1/changes").text


HEADERS = (
    "Idempotency-Key",
    "Accept-Language",
    "Authorization",
    "X-Request-ID",
    "X-Forwarded-For",
    "If-None-Match",
    "Accept-Encoding",
    "Content-Type",
    "Origin",
)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("value", [b"\xff\xfe", b"\xc3\xa9", b"a\tb", b"x" * 8000, b'"', b",,,;;;=", b"\\"])
def test_headers_of_any_bytes(service: Service, header: str, value: bytes) -> None:  # noqa: F811
    """Answered or refused, never failed, and not repeated."""
    body = b'{"text": "x"}'
    head = b"POST /v1/validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    if header != "Content-Type":
        head += b"Content-Type: application/json\r\n"
    head += b"Content-Length: %d\r\n%s: %s\r\n\r\n" % (len(body), header.encode(), value)
    answer = service.raw(head + body)
    assert not answer.startswith(b"HTTP/1.1 5"), answer
    assert value not in answer.partition(b"\r\n\r\n")[0] or len(value) < 3


QUERIES = ("%ff", "%c0%af", "%ed%a0%80", "%00", "%0d%0aSet-Cookie:%20a=b", "%", "%zz", "&&&", "=", ";", "%u0041")


@pytest.mark.parametrize("query", QUERIES)
def test_queries_of_any_bytes(service: Service, query: str) -> None:  # noqa: F811
    for path in ("/v1/parse?q=", "/v1/search?q=", "/v1/suggest?q=", "/v1/locate?lat=", "/v1/units?level=",
                 "/v1/convert?q=", "/v1/reverse?lat=1&lon=", "/labels.pdf?codes=", "/healthz?",
                 "/v1/changes?since=", "/tiles.json?as_of="):  # fmt: skip
        head = service.raw(
            f"GET {path}{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        ).partition(b"\r\n\r\n")[0]
        assert head.split()[1] in (b"200", b"400", b"401", b"404"), (path, query, head)
        assert b"set-cookie" not in head.lower()


NAMES_OF_FILES = [
    # what a file is said to be called | whether it may be
    ("nhà ở.csv", True),
    ('";a="b.csv', True),
    ("x\r\nSet-Cookie: a=b.csv", False),
    ("x\n", False),
    ("../../etc/passwd", False),
    ("..\\boot.ini", False),
    ("\u202egnp.csv", False),
    ("\x00", False),
    ("x" * 101, False),
    ("", False),
]


@pytest.mark.parametrize(("name", "good"), NAMES_OF_FILES)
def test_the_name_of_a_file_is_a_name(client: FlaskClient, name: str, good: bool) -> None:
    """It is the one text of a caller's that an answer's header repeats, encoded."""
    made = client.post(
        "/v1/jobs",
        query_string={"verb": "locate", "name": name},
        data="lat,lon\n16,108\n",
        content_type="text/csv",
    )
    assert (made.status_code, made.json.get("field")) == ((202, None) if good else (400, "name"))
    if not good:
        return
    while (state := client.get(f"/v1/jobs/{made.json['id']}").json)["status"] in ("queued", "running"):
        time.sleep(0.1)
    assert (state["status"], state["name"]) == ("done", name)
    answer = client.get(f"/v1/jobs/{made.json['id']}/result")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Disposition"].isascii()

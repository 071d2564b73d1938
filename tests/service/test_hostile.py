"""Hostile requests: what is sent to break the service, and that it goes on answering others.

What is merely wrong (unknown fields, bad numbers, deep JSON, bodies over the limit) is in ``test_requests.py``;
what is no HTTP at all in ``test_server.py``.
"""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from service.worker import HEADERS_WITHIN_MILLISECONDS
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household
from tests.service.test_server import Service

QUICKLY_S = 3.0
"""Within this somebody else is answered, on a machine that is busy with the attack."""


@pytest.fixture(scope="module")
def service(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("hostile")
    running = Service(folder, "--workers", "2", "--pack", str(pack), "--store", "memory:")
    yield running
    code, errors = running.stop()
    assert (code, "Traceback" in errors) == (0, False)


def assert_answers(service: Service) -> None:
    began = time.monotonic()
    assert service.ask("GET", "/healthz")[0] == 200
    assert time.monotonic() - began < QUICKLY_S


@contextlib.contextmanager
def connections(service: Service, number: int, *, sending: bytes) -> Iterator[list[socket.socket]]:
    """Connections that say so much and no more."""
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection((service.host, service.port), timeout=20))
            if sending:
                connection.sendall(sending)
            opened.append(connection)
        yield opened


SLOW = {
    "nothing": b"",
    "half a request line": b"GET /healthz HT",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
    "half a body": b"POST /v1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b'Content-Length: 60000\r\n\r\n{"text": "',
    "half a chunk": b"POST /v1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b'Transfer-Encoding: chunked\r\n\r\nff\r\n{"text": "',
}


@pytest.mark.parametrize("sending", SLOW.values(), ids=list(SLOW))
def test_many_who_never_finish_hold_up_nobody(service: Service, sending: bytes) -> None:
    """Slow loris, with heads and with bodies: more connections than there are threads."""
    with connections(service, 60, sending=sending):
        for _ in range(5):
            assert_answers(service)
    deadline = time.monotonic() + QUICKLY_S  # once they are gone, bodies are taken again
    while service.ask("POST", "/v1/validate", {"text": "Đà Nẵng"})[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_who_never_finishes_a_head_is_cut_off(service: Service) -> None:
    with connections(service, 3, sending=SLOW["half a head"]) as opened:
        began = time.monotonic()
        for connection in opened:
            while connection.recv(1000):
                pass
        assert time.monotonic() - began < HEADERS_WITHIN_MILLISECONDS / 1000 + 5


@pytest.mark.slow
def test_ten_thousand_connections(service: Service) -> None:
    """All of them are held, and others are answered meanwhile and afterwards."""
    own, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(10_000, most - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, wanted + 500), most))
    try:
        with connections(service, wanted, sending=b"GET /healthz HTTP/1.1\r\n") as opened:
            assert len(opened) == wanted >= 5_000
            assert_answers(service)
            opened[-1].sendall(b"Host: x\r\nConnection: close\r\n\r\n")
            assert opened[-1].recv(100).startswith(b"HTTP/1.1 200")
        assert_answers(service)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (own, most))


SMUGGLED = b"POST /v1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"Content-Length: -1\r\n\r\n{}",
        b"Content-Length: 99999999999999999999999\r\n\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_no_request_is_smuggled_in_another(service: Service, lengths: bytes) -> None:
    answer = service.raw(SMUGGLED + lengths)
    assert b'"ready"' not in answer
    assert not answer.startswith(b"HTTP/1.1 5")
    assert_answers(service)


def test_ten_thousand_headers_and_an_enormous_one(service: Service) -> None:
    for headers in (b"".join(b"X-%d: 1\r\n" % n for n in range(10_000)), b"X-A: " + b"a" * 1_000_000 + b"\r\n"):
        answer = service.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + headers + b"Connection: close\r\n\r\n")
        assert not answer.startswith(b"HTTP/1.1 2")
        assert_answers(service)


INJECTED = "x\r\nSet-Cookie: a=b"


def test_no_header_is_injected(service: Service, ga: Geoaddr, tmp_path: Path) -> None:
    """Neither by what a header repeats, nor by a path that an answer's header repeats."""
    for path in (f"/v1/codes/{quote(INJECTED)}", f"/v1/units/{quote(INJECTED)}?as_of={quote(INJECTED)}"):
        head = service.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()).split(
            b"\r\n\r\n"
        )[0]
        assert b"set-cookie" not in head.lower()
    raw = service.raw(
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\rSet-Cookie: a\r\nConnection: close\r\n\r\n"
    )
    assert b"set-cookie" not in raw.lower()
    client = Served(ga, tmp_path).holder("write")
    for name in ("Idempotency-Key", "Accept-Language", "Authorization"):
        with contextlib.suppress(ValueError):  # the test client itself refuses to send it
            response = client.post("/v1/addresses", json=household(), headers={name: INJECTED})
            assert "Set-Cookie" not in response.headers


PATHS = """
/v1/../healthz
/v1/%2e%2e/healthz
/v1/codes/%2e%2e%2f%2e%2e%2fetc%2fpasswd
/v1/codes/..%5c..%5cboot.ini
/v1/codes/50206%00
/v1/codes/%00
/v1/codes/%0a%0d
/v1/units/48/boundary/../../../openapi.json
/v1//codes/50206
/V1/CODES/5020600000
/v1/codes/5020600000/
/v1/codes/%ff%fe
/v1/codes/%c0%ae%c0%ae
/v1/shared/%2e%2e
/v1/shares/%2fetc/revoke
/static/app.py
/.git/config
/.env
/service/app.py
"""


@pytest.mark.parametrize("path", PATHS.strip().splitlines())
def test_paths_that_lead_nowhere(service: Service, path: str) -> None:
    answer = service.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] in (b"400", b"404", b"405")
    assert b"root:" not in body
    assert b"import" not in body
    assert b"application/problem+json" in head


NASTY = (
    "'; DROP TABLE address; --",
    '" OR ""="',
    "1 UNION SELECT key FROM registry",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "%s%n%x{0}",
    "../../../etc/passwd",
    "\u202egnp.exe",
    "A\u0301\u0301\u0301" * 20,
)


@pytest.mark.parametrize("text", NASTY)
def test_texts_are_texts_in_every_field(ga: Geoaddr, tmp_path: Path, text: str) -> None:
    """Kept and answered as they are, or refused by name; the registry stays sound."""
    served = Served(ga, tmp_path)
    client = served.holder("write", "address", "point", "admin")
    ours = client.post("/v1/addresses", json=household()).json["ndas"]
    for field in (
        "house_number",
        "street",
        "hamlet",
        "building",
        "floor",
        "unit",
        "poi",
        "text",
        "commune",
        "province",
    ):
        response = client.post("/v1/addresses", json=household(components={field: text}))
        assert response.status_code in (200, 201, 400), (field, response.text)
        if response.status_code == 201:
            kept = client.get(f"/v1/addresses/{response.json['ndas']}").json["components"][field]
            assert kept.split() == " ".join(text.split()).split() or kept
    for field in ("actor", "reason", "evidence"):
        response = client.post(f"/v1/addresses/{ours}/visit", json={field: text, "outcome": "differs"})
        assert response.status_code in (200, 400, 409), (field, response.text)
    for field in ("purpose", "consent", "ndas", "scope"):
        body = {"ndas": ours, "scope": "area", "purpose": "p", "consent": "c", field: text}
        assert client.post("/v1/shares", json=body).status_code in (201, 400)
    for url in ("/v1/search?q={}", "/v1/suggest?q={}", "/v1/parse?q={}", "/v1/convert?q={}", "/v1/codes/{}",
                "/v1/units/{}", "/v1/units?level={}", "/v1/locate?lat={}&lon=1", "/v1/changes?since={}",
                "/v1/shares?ndas={}", "/v1/shared/{}", "/v1/addresses/{}/history", "/healthz?{}=1"):  # fmt: skip
        response = client.get(url.format(quote(text, safe="")))
        assert response.status_code in (200, 400, 404), (url, response.text)
        assert response.content_type.partition(";")[0] in (
            "application/json", "application/geo+json", "application/problem+json",
        )  # fmt: skip
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert client.post("/v1/validate", json={"text": text, "components": {"street": text}}).status_code == 200
    assert client.get(f"/v1/addresses/{ours}").status_code == 200
    assert ga.registry.verify() == []
    assert served.keyring.all()[0].name == "a test"


def test_security_headers_are_on_every_answer(ga: Geoaddr, tmp_path: Path) -> None:
    """On answers, problems of every kind, and what never reached the application."""
    served = Served(ga, tmp_path)
    client = served.holder("area")
    answers = [
        client.get("/healthz"), client.get("/openapi.json"), client.get("/nothing"), client.delete("/healthz"),
        client.post("/v1/addresses", json={}), client.get("/v1/locate?lat=x"), served.client("x").get("/healthz"),
        client.options("/healthz"), client.get("/v1/units/20242/boundary"), client.head("/healthz"),
    ]  # fmt: skip
    assert sorted({answer.status_code for answer in answers}) == [200, 400, 401, 403, 404, 405]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert len(answer.headers.getlist("Content-Security-Policy")) == 1


def test_nothing_of_a_key_is_in_an_error_or_a_log(
    ga: Geoaddr, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(ga, tmp_path)
    token = served.key(["address"])
    client = served.client(token)
    key_id, secret = token.split("_", 2)[1:]

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"a fault that repeats {token}")

    monkeypatch.setattr(Geoaddr, "resolve", fail)
    broken = client.get("/v1/codes/5020600000")
    assert broken.status_code == 500
    assert served.client(token[:-1]).get("/healthz").status_code == 401
    for response in (broken, client.post("/v1/addresses", json={}), served.client(token[:-1]).get("/healthz")):
        assert secret[:10] not in response.text
        assert "RuntimeError" not in response.text
        assert "Traceback" not in response.text
    assert "RuntimeError" in caplog.text
    assert key_id not in json.dumps([r.json for r in (broken,)])


def test_an_idempotency_key_is_not_replayed_with_another_body(ga: Geoaddr, tmp_path: Path) -> None:
    client = Served(ga, tmp_path).holder("write", "address")
    key = {"Idempotency-Key": "one"}
    first = client.post("/v1/addresses", json=household(), headers=key)
    assert first.status_code == 201
    assert client.post("/v1/addresses", json=household(), headers=key).json == first.json
    for other in (household(13), household(lat=HAI_CHAU["lat"] + 1e-5), household(point_source="survey")):
        assert client.post("/v1/addresses", json=other, headers=key).status_code == 409
    assert ga.registry.stats()["addresses"] == 1


def test_a_key_of_one_province_learns_nothing_by_another_callers_idempotency_key(
    ga: Geoaddr, tmp_path: Path
) -> None:
    served = Served(ga, tmp_path)
    key = {"Idempotency-Key": "theirs"}
    assert served.holder("write").post("/v1/addresses", json=household(), headers=key).status_code == 201
    elsewhere: FlaskClient = served.holder(write=["15"])
    assert elsewhere.post("/v1/addresses", json=household(), headers=key).status_code == 403

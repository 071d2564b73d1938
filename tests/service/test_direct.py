"""Requests that are answered before Flask is entered, beside the same ones that Flask answers.

An escape in a query (``%36`` is 6, ``%63`` is c) says the same in other letters, and leaves the request to Flask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household

SAME = """
/v1/locate?lat=16.0678&lon=108.2208 | /v1/locate?lat=1%36.0678&lon=108.2208 | 200
/v1/locate?lat=16.0678&lon=108.2208&as_of=2025-06-30 | /v1/locate?lat=1%36.0678&lon=108.2208&as_of=2025-06-30 | 200
/v1/locate?&lon=108.2208&&lat=16.0678 | /v1/locate?&lon=108.2208&&lat=1%36.0678 | 200
/v1/locate?lat=abc&lon=108 | /v1/locate?lat=ab%63&lon=108 | 400
/v1/locate?lat=16 | /v1/locate?lat=1%36 | 400
/v1/locate?lat=&lon=108 | /v1/locate?lat=&lon=10%38 | 400
/v1/locate?lat=16&lon | /v1/locate?lat=1%36&lon | 400
/v1/locate?lat=16&lat=16&lon=108 | /v1/locate?lat=1%36&lat=16&lon=108 | 400
/v1/locate?lat=16&lon=108&lng=1&lng=1 | /v1/locate?lat=1%36&lon=108&lng=1&lng=1 | 400
/v1/locate?lat=96&lon=108 | /v1/locate?lat=9%36&lon=108 | 400
/v1/codes/{ndas}?as_of=2026-01-01 | /v1/codes/{ndas}?as_of=2026-01-0%31 | 200
/v1/codes/5000000000?as_of=2026-01-01 | /v1/codes/5000000000?as_of=2026-01-0%31 | 200
/v1/codes/7P8G375C+48?as_of=2026-01-01 | /v1/codes/7P8G375C+48?as_of=2026-01-0%31 | 200
/v1/codes/nothing?as_of=2026-01-01 | /v1/codes/nothing?as_of=2026-01-0%31 | 400
/v1/codes/{ndas}?as_of=2026-1-1 | /v1/codes/{ndas}?as_of=2026-1-%31 | 400
"""


@pytest.fixture
def entered(served: Served) -> Iterator[list[str]]:
    """The paths with which Flask was entered."""
    paths: list[str] = []

    def note(app: flask.Flask, **_: Any) -> None:
        paths.append(flask.request.path)

    with flask.request_started.connected_to(note, served.app):
        yield paths


@pytest.mark.parametrize("line", SAME.strip().splitlines())
@pytest.mark.parametrize("scopes", [(), ("validity",), ("address",), ("address", "point")], ids=" ".join)
def test_both_answer_alike(
    line: str, scopes: tuple[Any, ...], served: Served, entered: list[str], ga: Geoaddr
) -> None:
    ndas = ga.assign(household()["components"], **HAI_CHAU).ndas
    plain, escaped, status = (part.strip().format(ndas=ndas) for part in line.split("|"))
    client = served.holder(*scopes) if scopes else served.client()
    known = {"X-Request-ID": "same", "Accept-Language": "vi, en;q=0.5"}
    one = client.get(plain, headers=known)
    assert entered == []
    other = client.get(escaped, headers=known)
    assert len(entered) == 1
    if scopes != ("validity",) or "codes" in plain:
        assert one.status_code == int(status)
    assert (one.status_code, one.data) == (other.status_code, other.data)
    assert _told(one) == _told(other)
    seen = [(entry.act, entry.subject, entry.seen) for entry in served.trail() if entry.act == "resolve"]
    assert seen[::2] == seen[1::2]


LEFT = """
HEAD    | /v1/locate?lat=16.0678&lon=108.2208 | 200
POST    | /v1/locate?lat=16.0678&lon=108.2208 | 405
GET     | /v1/codes/                          | 404
GET     | /v1/codes/1/2                       | 404
GET     | /v1/locate/                         | 404
GET     | /v1/codes/Hải                       | 400
GET     | /v1/locate?lat=16.0678+&lon=108     | 200
"""


@pytest.mark.parametrize("line", LEFT.strip().splitlines())
def test_others_are_left_to_flask(line: str, served: Served, entered: list[str]) -> None:
    method, path, status = (part.strip() for part in line.split("|"))
    assert served.holder("address", "point").open(path, method=method).status_code == int(status)
    assert len(entered) == 1


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:8080", 200), ("127.0.0.1", 200), ("a-site.example", 400)]
)
def test_an_open_service_answers_its_own_machine_only(host: str, status: int, opened: FlaskClient) -> None:
    answer = opened.get("/v1/locate?lat=16&lon=108", headers={"Host": host})
    assert answer.status_code == status
    assert status == 200 or answer.json["field"] == "Host"  # type: ignore[index]


def test_a_fault_of_ours_is_a_problem(
    served: Served, entered: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is answered in general words, and goes to the log with its trace."""
    monkeypatch.setattr(Geoaddr, "locate", lambda *_, **__: {}[16])
    answer = served.client().get("/v1/locate?lat=16&lon=108")
    assert (answer.status_code, answer.mimetype, entered) == (500, "application/problem+json", [])
    assert answer.json is not None
    assert answer.json["detail"] == "The service failed"
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [KeyError]


def _told(answer: Any) -> list[tuple[str, str]]:
    """The headers, but for what is left, the tag, which goes by how the question was written, and compression, of
    which nothing that is answered directly has any."""
    told = [each for each in answer.headers.items() if not each[0].startswith(("RateLimit", "ETag", "Vary"))]
    varies = {each.strip() for each in answer.headers.get("Vary", "").split(",")} - {"", "Accept-Encoding"}
    return sorted([*told, ("Vary", ", ".join(sorted(varies)))])

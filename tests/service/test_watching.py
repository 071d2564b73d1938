"""Every request has an id, a line in the log without anything personal, and its place in the counts."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from geoaddr.platform import Geoaddr
from service.app import create_app
from service.board import Board
from service.logs import PATIENCE_S, Log
from service.settings import Settings
from tests.service.households import household

TOKEN = "a-token-of-some-length"


class Watched:
    """A closed service in this process, and what it wrote to its log."""

    def __init__(self, ga: Geoaddr, path: Path, **settings: Any) -> None:
        self._path = path
        self._fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self.log = Log(settings.get("log_level", "info"), self._fd)
        self.app = create_app(ga, Settings(metrics_token=TOKEN, **settings), board=Board(2), log=self.log)
        self.client: FlaskClient = self.app.test_client()

    def lines(self) -> list[dict[str, Any]]:
        self.log.flush()
        return [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]

    def samples(self) -> dict[tuple[str, str], float]:
        """The figures of /metrics by name and labels, as Prometheus' own library reads them."""
        answer = self.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (sample.name, ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def close(self) -> None:
        os.close(self._fd)


@pytest.fixture
def watched(ga: Geoaddr, tmp_path: Path) -> Iterator[Watched]:
    service = Watched(ga, tmp_path / "log")
    yield service
    service.close()


GIVEN = """
given                                | kept
7f3a-42                              | yes
A.b_c-9                              | yes
x                                    | yes
-starts-with-a-dash                  | no
has a space                          | no
ends"}                               | no
ümlaut                               | no
0123456789012345678901234567890123456789012345678901234567890123 | yes
01234567890123456789012345678901234567890123456789012345678901234 | no
"""


@pytest.mark.parametrize("line", GIVEN.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_an_id_is_kept_only_where_it_can_be_written_anywhere(watched: Watched, line: str) -> None:
    given, kept = (cell.strip() for cell in line.split("|"))
    environ = {"HTTP_X_REQUEST_ID": given}
    answer = watched.client.get("/v1/units/99", environ_overrides=environ)
    said = answer.headers["X-Request-ID"]
    assert (said == given) == (kept == "yes")
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", said)
    assert answer.json["request_id"] == said == watched.lines()[-1]["request_id"]


def test_ids_differ(watched: Watched) -> None:
    assert len({watched.client.get("/healthz").headers["X-Request-ID"] for _ in range(100)}) == 100


def test_a_line_for_each_request_and_nothing_personal_in_it(watched: Watched) -> None:
    watched.client.get("/v1/search?q=Nguyen+Thi+Dinh+17&limit=3", headers={"X-Request-ID": "s-1"})
    watched.client.get("/v1/codes/50206-36969", headers={"X-Request-ID": "c-1", "User-Agent": "Browser of Ann"})
    watched.client.post("/v1/addresses", json=household(reason="by Ann"), headers={"X-Request-ID": "a-1"})
    watched.client.get("/nguyen-thi-dinh", headers={"X-Request-ID": "n-1"})
    watched.client.open("/healthz", method="ANNSMETHOD", headers={"X-Request-ID": "m-1"})
    lines = watched.lines()
    assert [(line["request_id"], line["operation"], line["method"], line["status"]) for line in lines] == [
        ("s-1", "search", "GET", 200), ("c-1", "resolve", "GET", 200), ("a-1", "assign", "POST", 401),
        ("n-1", "unmatched", "GET", 404), ("m-1", "unmatched", "other", 405),
    ]  # fmt: skip
    assert [line.get("reason") for line in lines] == [None, None, "key-required", "http-404", "http-405"]
    assert all(line["duration_ms"] > 0 and line["level"] == "info" for line in lines)
    told = json.dumps(lines).lower()
    assert not [word for word in ("nguyen", "50206", "ann", "127.0.0.1", "?") if word in told]


def test_answers_are_counted_by_operation_and_status(watched: Watched) -> None:
    for path in ("/v1/units/48", "/v1/units/48", "/v1/units/99", "/healthz", "/none"):
        watched.client.get(path)
    samples = watched.samples()
    counted = {labels: value for (name, labels), value in samples.items() if name == "geoaddr_requests_total"}
    assert counted == {
        "operation=unit,status=200": 2, "operation=unit,status=404": 1, "operation=healthz,status=200": 1,
        "operation=unmatched,status=404": 1,
    }  # fmt: skip
    assert samples["geoaddr_refusals_total", "reason=unknown-unit"] == 1
    assert samples["geoaddr_request_duration_seconds_count", "operation=unit"] == 3
    assert samples["geoaddr_request_duration_seconds_bucket", "le=+Inf,operation=unit"] == 3
    assert 0 < samples["geoaddr_request_duration_seconds_sum", "operation=unit"] < 10
    assert samples["geoaddr_build_info", "version=0.1.0"] == 1


def test_buckets_only_grow(watched: Watched) -> None:
    for _ in range(5):
        watched.client.get("/v1/units")
    buckets = [
        value for (name, labels), value in watched.samples().items()
        if name.endswith("_bucket") and "operation=list_units" in labels
    ]  # fmt: skip
    assert buckets == sorted(buckets)
    assert buckets[-1] == 5


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_figures_are_for_who_brings_the_token(watched: Watched, header: str | None) -> None:
    answer = watched.client.get("/metrics", headers={"Authorization": header} if header else {})
    assert answer.status_code in (401, 404)
    assert "geoaddr_" not in answer.text


def test_without_a_token_nobody_reads_figures(closed: FlaskClient) -> None:
    for header in ("Bearer ", "Bearer None", "Bearer"):
        assert closed.get("/metrics", headers={"Authorization": header}).status_code in (401, 404)


def test_at_a_higher_level_only_failures_are_logged(ga: Geoaddr, tmp_path: Path) -> None:
    service = Watched(ga, tmp_path / "log", log_level="error")
    service.client.get("/v1/units/48")
    assert service.lines() == []
    service.close()


def test_a_service_that_stops_is_alive_and_not_ready(ga: Geoaddr) -> None:
    board = Board()
    client = create_app(ga, Settings(), board=board).test_client()
    assert client.get("/readyz").status_code == 200
    board.stop()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["type"]) == (503, "urn:geoaddr:problem:stopping")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["Connection"] == "close"
    assert client.get("/healthz").status_code == 200


def test_a_reader_of_the_log_who_stops_reading_stops_no_request() -> None:
    """A full pipe takes nothing: lines wait, then the oldest are dropped and counted."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    log = Log("info", writing)
    for number in range(100_000):
        log.put("info", "request", number=number)
    assert log.dropped >= 80_000 - 1000
    os.close(reading)
    os.close(writing)


def test_who_keeps_the_service_running_waits_for_no_reader_either() -> None:
    reading, writing = os.pipe()
    log = Log("info", writing)
    began = time.monotonic()
    for number in range(400):  # a pipe takes 64 kB
        log.put("info", "request", number=number, text="x" * 200)
    log.say("info", "reloaded")
    assert time.monotonic() - began < PATIENCE_S + 5
    os.set_blocking(reading, False)
    read = b""
    while b"reloaded" not in read:
        log.flush(0)
        read += os.read(reading, 65536)
    assert read.count(b"\n") == 401
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(
    "path", ["/v1/codes/7P8C369C+48F", "/v1/search?q=Hue", "/v1/suggest?q=Hue", "/v1/units/1"]
)
def test_every_answer_names_its_data(opened: FlaskClient, ga: Geoaddr, path: str) -> None:
    info = ga.pack.info
    said = opened.get(path).headers["Geoaddr-Data"]
    assert said == f"{info.name} {info.version}; boundaries={info.boundary_accuracy}"

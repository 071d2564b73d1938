"""Files are worked on by a process of its own; the jobs outlive the service, and belong to whoever asked."""

from __future__ import annotations

import csv
import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient

import geoaddr
from geoaddr.bulk.job import BatchJob, run
from geoaddr.errors import NotFound
from service.app import create_app
from service.jobs import runner
from service.jobs.folder import Asked, Folder, Job, Limits
from service.jobs.runner import Told
from service.settings import Settings

CSV = "text/csv"
HOUSES = 'id,Địa chỉ,lat,lon\n1,"12 Trần Phú",16.0678,108.2208\n2,,16.0700,108.2210\n3,x,north,108.2210\n'.encode()
DONE_WITHIN_S = 60


@pytest.fixture
def settings(pack: Path, tmp_path: Path) -> Settings:
    return Settings(open=True, pack=str(pack), store=f"sqlite:///{tmp_path / 'r.db'}", jobs=str(tmp_path / "jobs"))


@pytest.fixture
def serving(settings: Settings) -> Iterator[Callable[..., FlaskClient]]:
    """A client of a service with these settings; its registries are let go of at the end."""
    opened = []

    def client(**others: Any) -> FlaskClient:
        ga = replace(settings, **others).open_platform()
        opened.append(ga)
        return create_app(ga, replace(settings, **others)).test_client()

    yield client
    for ga in opened:
        ga.close()


@pytest.fixture
def client(serving: Callable[..., FlaskClient]) -> FlaskClient:
    return serving()


def send(client: FlaskClient, body: bytes, media: str = CSV, **query: Any) -> Any:
    response = client.post("/v1/jobs", query_string=query, data=body, content_type=media)
    assert response.status_code == 202, response.text
    assert response.headers["Location"] == f"/v1/jobs/{response.json['id']}"
    return response.json


def ended(client: FlaskClient, job: Any) -> Any:
    deadline = time.monotonic() + DONE_WITHIN_S
    while time.monotonic() < deadline:
        state = client.get(f"/v1/jobs/{job['id']}").json
        if state["status"] in ("done", "failed"):
            return state
        time.sleep(0.05)
    raise AssertionError(f"still {state}")


def test_a_file_is_answered_as_the_command_answers_it(
    client: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    job = send(client, HOUSES, verb="locate", name="nhà.csv", border="true")
    assert (job["status"], job["verb"], job["name"], job["result"]) == ("queued", "locate", "nhà.csv", None)
    state = ended(client, job)
    assert (state["status"], state["rows_done"], state["rows"], state["progress"]) == ("done", 3, 3, 1.0)
    assert state["created"] <= state["started"] <= state["ended"] < state["expires"]

    result = client.get(state["result"])
    assert result.mimetype == CSV
    assert "nh%C3%A0-locate.csv" in result.headers["Content-Disposition"]
    (tmp_path / "own.csv").write_bytes(HOUSES)
    files = {"source": tmp_path / "own.csv", "out": tmp_path / "out.csv"}
    run(BatchJob(verb="locate", border=True, pack=settings.pack, store=settings.store, **files), geoaddr.open)
    assert result.data == (tmp_path / "out.csv").read_bytes()
    assert [row["status"] for row in csv.DictReader(io.StringIO(result.text))] == ["ok", "ok", "error"]

    report = client.get(state["report"])
    assert report.json["counts"]["status"] == {"error": 1, "ok": 2}
    page = client.get(f"{state['report']}?format=html")
    assert page.text.lower().startswith("<!doctype html")
    assert "sandbox" in page.headers["Content-Security-Policy"]


def test_parquet_in_and_other_formats_out(client: FlaskClient) -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"code": ["7P8C369C+48F", "5020600000"], "n": [1, 2]}), file)
    job = send(client, file.getvalue(), "application/octet-stream", verb="resolve", out="csv")
    state = ended(client, job)
    rows = [*csv.DictReader(io.StringIO(client.get(state["result"]).text))]
    assert [(row["n"], row["status"]) for row in rows] == [("1", "ok"), ("2", "not_found")]
    again = ended(client, send(client, file.getvalue(), "application/vnd.apache.parquet", verb="resolve"))
    table = pq.read_table(io.BytesIO(client.get(again["result"]).data))
    assert table["status"].to_pylist() == ["ok", "not_found"]


def test_assign_issues_codes_in_the_registry_of_the_service(client: FlaskClient) -> None:
    houses = "text,lat,lon\n12 Bạch Đằng,16.0678,108.2208\n14 Bạch Đằng,16.0678,108.2208\n".encode()
    state = ended(client, send(client, houses, verb="assign"))
    rows = [*csv.DictReader(io.StringIO(client.get(state["result"]).text))]
    assert [row["outcome"] for row in rows] == ["created", "created"]
    assert client.get(f"/v1/addresses/{rows[0]['ndas']}").json["components"]["text"] == "12 Bạch Đằng"


def test_assign_takes_the_parts_of_addresses_from_columns_of_their_own(client: FlaskClient) -> None:
    houses = (
        "no,st,flat,lat,lon\n16,Bạch Đằng,1204,16.0678,108.2208\n16,Bạch Đằng,1205,16.0678,108.2208\n".encode()
    )
    state = ended(client, send(client, houses, verb="assign", fields="house_number=no;street=st;unit=flat"))
    rows = [*csv.DictReader(io.StringIO(client.get(state["result"]).text))]
    assert [row["outcome"] for row in rows] == ["created", "created"]
    kept = client.get(f"/v1/addresses/{rows[1]['ndas']}").json["components"]
    assert (kept["house_number"], kept["street"], kept["unit"]) == ("16", "Bạch Đằng", "1205")


def test_what_is_wrong_with_a_file_is_said_without_places_of_this_machine(
    client: FlaskClient, settings: Settings
) -> None:
    state = ended(client, send(client, b"a,b\n1,2\n", verb="locate", name="list.csv"))
    assert (state["status"], state["result"]) == ("failed", None)
    problem = state["problem"]
    assert (problem["type"], problem["status"]) == ("urn:geoaddr:problem:job-refused", 400)
    assert problem["title"] != problem["detail"]
    assert state["problem"]["detail"].startswith("list.csv: no column is known to hold the latitude")
    assert str(settings.jobs) not in str(state)
    refused = client.get(f"/v1/jobs/{state['id']}/result")
    assert (refused.status_code, refused.json["field"]) == (409, "status")
    assert (
        client.get(f"/v1/jobs/{state['id']}", headers={"Accept-Language": "vi"})
        .json["problem"]["detail"]
        .startswith("list.csv: không biết cột nào")
    )


REFUSED = """
verb=suggest                    | text/csv         | x | 400 | verb
                                | text/csv         | x | 400 | verb
verb=locate&text=a              | text/csv         | x | 400 | text
verb=locate&as_of=soon          | text/csv         | x | 400 | as_of
verb=locate&colour=red          | text/csv         | x | 400 | colour
verb=locate&report_rows=1001    | text/csv         | x | 400 | report_rows
verb=validate&fields=street     | text/csv         | x | 400 | fields
verb=validate&fields=colour%3Dx | text/csv         | x | 400 | field
verb=assign&fields=district%3Dx | text/csv         | x | 400 | field
verb=locate                     | text/csv         |   | 400 | body
verb=locate                     | application/json | x | 415 |
"""


@pytest.mark.parametrize("line", REFUSED.strip("\n").splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_what_is_refused_leaves_nothing(client: FlaskClient, settings: Settings, line: str) -> None:
    query, media, body, status, field = (cell.strip() for cell in line.split("|"))
    refused = client.post(f"/v1/jobs?{query}", data=body.encode(), content_type=media)
    assert (refused.status_code, refused.json["field"]) == (int(status), field or None), refused.text
    folder = Path(str(settings.jobs))
    assert [path for path in folder.glob("*") if path.is_dir()] == []


def test_limits(serving: Callable[..., FlaskClient]) -> None:
    small = serving(max_job_bytes=len(HOUSES) - 1)
    assert small.post("/v1/jobs?verb=locate", data=HOUSES, content_type=CSV).status_code == 413
    few = serving(max_jobs=1)
    first = send(few, HOUSES, verb="locate")
    refused = few.post("/v1/jobs?verb=locate", data=HOUSES, content_type=CSV)
    assert (refused.status_code, refused.json["type"]) == (429, "urn:geoaddr:problem:too-many-jobs")
    ended(few, first)
    assert few.delete(f"/v1/jobs/{first['id']}").status_code == 204
    narrow = serving(max_jobs_bytes=len(HOUSES) - 1)
    assert narrow.post("/v1/jobs?verb=locate", data=HOUSES, content_type=CSV).status_code == 429


def test_a_job_is_its_owners(client: FlaskClient, settings: Settings) -> None:
    job = send(client, HOUSES, verb="locate")
    folder = Folder(Path(str(settings.jobs)), Limits(jobs=9, bytes=10**9, keep_s=60))
    assert folder.find(job["id"], "").id == job["id"]
    for wrong_id, owner in [(job["id"], "another key"), (job["id"][:-1] + "?", ""), ("..", ""), ("x" * 22, "")]:
        with pytest.raises(NotFound):
            folder.find(wrong_id, owner)
    for path in ("", "/result", "/report"):
        assert client.get(f"/v1/jobs/{'x' * 22}{path}").status_code == 404
    assert [listed["id"] for listed in client.get("/v1/jobs").json["jobs"]] == [job["id"]]
    ended(client, job)


def test_without_a_key_there_are_no_jobs(serving: Callable[..., FlaskClient], settings: Settings) -> None:
    closed = serving(open=False)
    assert closed.post("/v1/jobs?verb=locate", data=HOUSES, content_type=CSV).status_code == 401
    assert closed.get("/v1/jobs").status_code == 401
    assert not Path(str(settings.jobs)).exists()


def test_a_job_expires(serving: Callable[..., FlaskClient], settings: Settings) -> None:
    client = serving()
    job = send(client, HOUSES, verb="locate")
    ended(client, job)
    Folder(Path(str(settings.jobs)), Limits(jobs=9, bytes=10**9, keep_s=0)).sweep()
    assert client.get(f"/v1/jobs/{job['id']}").status_code == 404


MANY = 40_000


def many_rows() -> bytes:
    return b"text\n" + "".join(f"{n} Trần Phú, Hải Châu, Đà Nẵng, ngõ {n}\n" for n in range(MANY)).encode()


def begun(client: FlaskClient, job: Any) -> Any:
    deadline = time.monotonic() + DONE_WITHIN_S
    while time.monotonic() < deadline:
        state = client.get(f"/v1/jobs/{job['id']}").json
        if state["rows_done"] or state["status"] == "done":
            return state
        time.sleep(0.02)
    raise AssertionError(f"not begun: {state}")


def runners(settings: Settings) -> list[int]:
    """Processes that work on jobs of this test."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            files = {str(file.readlink()) for file in (process / "fd").iterdir()}
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"{settings.jobs}/lock" in files and b"service.jobs.runner" in command:
            found.append(int(process.name))
    return found


def test_a_run_that_was_killed_is_gone_on_with(serving: Callable[..., FlaskClient], settings: Settings) -> None:
    client = serving()
    job = send(client, many_rows(), verb="parse")
    state = begun(client, job)
    assert 0 < state["rows_done"] < MANY
    assert state["progress"] == pytest.approx(state["rows_done"] / MANY, abs=1e-3)
    for process in runners(settings):
        os.kill(process, signal.SIGKILL)
    last = ended(serving(), job)  # another service on the same folder
    assert (last["status"], last["rows_done"]) == ("done", MANY)
    report = client.get(last["report"]).json
    assert 0 < report["resumed_rows"] < MANY
    assert client.get(last["result"]).data.count(b"\n") == MANY + 1


@pytest.fixture
def away(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Told, Job]:
    """A job for a registry that cannot be opened, and what its runner is told; one that looks again at once."""
    monkeypatch.setattr(runner, "WAITS_S", 0.02)
    (tmp_path / "r.db").mkdir()
    folder = Folder(tmp_path / "jobs", Limits(jobs=9, bytes=10**9, keep_s=60))
    path = folder.new(None)
    (path / "in.csv").write_bytes(HOUSES)
    asked = Asked(owner="", name="homes.csv", verb="assign", source="in.csv", out="out.csv", options={}, lang="en",
                  created=time.time())  # fmt: skip
    limits = {"jobs": 9, "bytes": 10**9, "keep_s": 60}
    told = Told(
        folder=str(tmp_path / "jobs"), limits=limits, pack=str(pack), store=f"sqlite:///{tmp_path}/r.db", workers=1
    )
    return told, folder.add(path, asked)


def test_a_registry_that_is_away_is_waited_for(
    away: tuple[Told, Job], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """However often it is asked in vain, as a trail that others hold: that is one attempt."""
    told, job = away

    def looked() -> int:
        return sum("job waits" in record.message for record in caplog.records)

    working = threading.Thread(target=runner.work, args=(told,))
    working.start()
    deadline = time.monotonic() + DONE_WITHIN_S
    while looked() <= 2 * runner.MOST_ATTEMPTS and time.monotonic() < deadline:
        time.sleep(0.02)
    (tmp_path / "r.db").rmdir()
    working.join(DONE_WITHIN_S)
    assert (job.state.status, job.state.attempts) == ("done", 1)
    assert looked() > 2 * runner.MOST_ATTEMPTS


def test_a_registry_that_stays_away_is_given_up(away: tuple[Told, Job], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "AWAY_FOR_S", 0.1)
    told, job = away
    runner.work(told)
    assert (job.state.status, job.state.attempts) == ("failed", runner.MOST_ATTEMPTS)
    assert job.state.error is not None
    assert str(job.path.parent.parent) not in str(job.state.error)


def test_a_job_is_cancelled_while_its_registry_is_away(away: tuple[Told, Job]) -> None:
    told, job = away
    working = threading.Thread(target=runner.work, args=(told,))
    working.start()
    deadline = time.monotonic() + DONE_WITHIN_S
    while job.state.status != "running" and time.monotonic() < deadline:
        time.sleep(0.02)
    job.cancel()
    working.join(DONE_WITHIN_S)
    assert not job.path.exists()


def test_one_process_works_at_a_time(serving: Callable[..., FlaskClient], settings: Settings) -> None:
    one, other = serving(), serving()
    jobs = [send(each, HOUSES, verb="locate") for each in (one, other, one)]
    assert [ended(other, job)["status"] for job in jobs] == ["done"] * 3
    starts = [one.get(f"/v1/jobs/{job['id']}").json["started"] for job in jobs]
    assert starts == sorted(starts)


def test_a_job_is_cancelled_while_it_is_worked_on(client: FlaskClient, settings: Settings) -> None:
    job = send(client, many_rows(), verb="parse")
    begun(client, job)
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
    assert client.get(f"/v1/jobs/{job['id']}").status_code == 404
    deadline = time.monotonic() + DONE_WITHIN_S
    while (Path(str(settings.jobs)) / job["id"]).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 404
    assert ended(client, send(client, HOUSES, verb="locate"))["status"] == "done"


def test_what_the_runner_is_told_is_no_secret_of_others(settings: Settings, client: FlaskClient) -> None:
    job = send(client, many_rows(), verb="parse")
    begun(client, job)
    for process in runners(settings):
        assert b"sqlite" not in Path(f"/proc/{process}/cmdline").read_bytes()
    client.delete(f"/v1/jobs/{job['id']}")
    assert "store" in Told.__dataclass_fields__


def form(*parts: tuple[str, str, bytes], end: bytes = b"--x--\r\n") -> bytes:
    """The body of a form: of each part what follows its name, and its content."""
    heads = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() for name, more, _ in parts
    ]
    return b"".join(head + part[2] + b"\r\n" for head, part in zip(heads, parts, strict=True)) + end


FILE_PART = ("file", '; filename="C:\\\\data\\\\homes.csv"\r\nContent-Type: text/csv', HOUSES)
VERB = ("verb", "", b"locate")
FORMS = {
    "fields and a file": (form(VERB, ("border", "", b"true"), FILE_PART), 202, None),
    "another field": (form(VERB, ("colour", "", b"red"), FILE_PART), 400, "colour"),
    "no file": (form(VERB), 400, "file"),
    "another file": (form(VERB, ("photo", '; filename="a.jpg"', b"x"), FILE_PART), 400, "photo"),
    "a field after the file": (form(VERB, FILE_PART, ("border", "", b"true")), 400, "border"),
    "a field twice": (form(VERB, VERB, FILE_PART), 400, "verb"),
    "no verb": (form(FILE_PART), 400, "verb"),
    "an empty file": (form(VERB, ("file", '; filename="a.csv"', b"")), 400, "body"),
    "no end": (form(VERB, FILE_PART, end=b""), 400, "body"),
    "no form": (b"hello", 400, "body"),
    "long fields": (form(("text", "", b"x" * 20_000), FILE_PART), 413, None),
    "much before the form": (b"x" * 3_000_000 + form(VERB, FILE_PART), 413, None),
    "a long head": (b"--x\r\nX-Long: " + b"x" * 3_000_000 + form(VERB, FILE_PART), 413, None),
}


def test_a_form_whose_boundary_cannot_be(client: FlaskClient) -> None:
    kind = "multipart/form-data; boundary*=UTF-8''%E2%82%AC"
    answer = client.post("/v1/jobs", data=form(VERB, FILE_PART), content_type=kind)
    assert (answer.status_code, answer.json["field"]) == (400, "body")


@pytest.mark.parametrize(("body", "status", "field"), FORMS.values(), ids=[*FORMS])
def test_a_file_in_a_form(
    client: FlaskClient, settings: Settings, body: bytes, status: int, field: str | None
) -> None:
    answer = client.post("/v1/jobs", data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json.get("field")) == (status, field), answer.text
    if status == 202:
        assert answer.json["name"] == "homes.csv"
        assert (Path(str(settings.jobs)) / answer.json["id"] / "input.csv").read_bytes() == HOUSES
        assert client.delete(f"/v1/jobs/{answer.json['id']}").status_code == 204
    else:
        kept = [*Path(str(settings.jobs)).glob("*/")] if Path(str(settings.jobs)).exists() else []
        assert kept == []
        assert client.post("/v1/validate", json={"text": "x"}).status_code == 200  # there is a place for it

"""The trail: who saw or changed what, and when it is not told because it cannot be written down."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.disclosure.grants import Scope
from geoaddr.model import Alias
from geoaddr.platform import Geoaddr
from service.background import MOST_WAITING
from service.jobs.folder import Job
from service.keys.database import BUSY_S
from service.keys.trail import Trail
from tests.service.access import Served
from tests.service.households import PLACE


def test_who_saw_what_is_written_down(served: Served, code: str) -> None:
    full, texts = served.key(["address", "point"]), served.key(["address"])
    served.client(full).get(f"/v1/codes/{code}")
    served.client(texts).get(f"/v1/addresses/{code}")
    served.client(full).get("/v1/search?q=12 Bạch Đằng, Đà Nẵng")
    served.client(full).get("/v1/codes/5020600000")
    served.client(full).get(PLACE)
    served.client().get(f"/v1/codes/{code}")
    ids = [token.split("_")[1] for token in (full, texts)]
    seen = [(e.who, e.act, e.subject, e.seen) for e in served.trail() if e.act != "key-created"]
    assert seen == [
        (ids[0], "resolve", code, "address point"),
        (ids[1], "address", code, "address"),
        (ids[0], "search", code, "address point"),
    ]
    assert [e.who for e in served.trail(subject=code)] == [ids[0], ids[1], ids[0]]


# scopes of a key | what it asks of a verdict, beside other words or alone | what the trail has of the code then
JUDGED = """
address point | {"code": "CODE"}                                          | address point
address       | {"code": "CODE"}                                          | address
address       | {"text": "12 Bạch Đằng, Phường Hải Châu, Đà Nẵng, CODE"}  | address
address       | {"components": {"ndas": "CODE", "street": "Bạch Đằng"}}   | address
address       | {"components": {"location_id": "LOCATION"}}               | address
address       | {"code": "SPACED"}                                        | address
address       | {"text": "14 Bạch Đằng, Phường Hải Châu, Đà Nẵng"}        |
address       | {"code": "5020699999"}                                    |
point         | {"code": "CODE"}                                          |
area          | {"code": "CODE"}                                          |
"""


@pytest.mark.parametrize("line", JUDGED.strip().splitlines())
def test_verdicts_on_codes_are_written_down(served: Served, ga: Geoaddr, code: str, line: str) -> None:
    scopes, body, seen = (cell.strip() for cell in line.split("|"))
    ga.registry.add_alias(code, Alias("location_id", "048271310009"))
    for word, meant in {"CODE": code, "LOCATION": "048271310009", "SPACED": f"{code[:5]} {code[5:]}"}.items():
        body = body.replace(word, meant)
    token = served.key(scopes.split())  # type: ignore[arg-type]
    question = json.loads(body)
    assert served.client(token).post("/v1/validate", json=question).status_code == 200
    who = token.split("_")[1]
    wanted = [(who, "validate", seen)] if seen else []
    assert [(e.who, e.act, e.seen) for e in served.trail(subject=code)] == wanted
    row = {**question.pop("components", {}), **question}
    assert served.client(token).post("/v1/batch/validate", json=[{}, row]).json[1]["status"] != "error"
    rows = [(e.who, e.act, e.seen) for e in served.trail(subject=code)][len(wanted) :]
    assert rows == ([(who, "batch_validate", "address")] if seen else [])


@pytest.mark.parametrize(("scope", "told"), [("address", True), ("point", False), ("area", False)])
def test_a_household_that_a_text_names_is_written_down(
    served: Served, code: str, scope: Scope, told: bool
) -> None:
    """Of one question: rows are not looked up in the registry, and tell of none."""
    token = served.key([scope])
    question = {"text": "12 Bạch Đằng, Phường Hải Châu, Đà Nẵng"}
    answer = served.client(token).post("/v1/validate", json=question)
    assert (code in answer.text) == told
    flat = {"text": f"Căn hộ 999, {question['text']}"}
    assert code not in served.client(token).post("/v1/validate", json=flat).text
    assert served.client(token).post("/v1/batch/validate", json=[question]).status_code == 200
    seen = [(e.act, e.seen) for e in served.trail(subject=code)]
    assert seen == ([("validate", "address")] if told else [])


# the verb of a job, a line of its file below a head | what the trail has of the code then
FILES = """
resolve  | code                 | CODE                                          | point
resolve  | code                 | LOCATION                                      | address point
geocode  | text                 | "12 Bạch Đằng, Phường Hải Châu, Đà Nẵng"      | address point
validate | code                 | SPACED                                        | address
validate | text                 | "12 Bạch Đằng, Phường Hải Châu, Đà Nẵng CODE" | address
assign   | text,lat,lon,commune | 12 Bạch Đằng,16.0678,108.2208,20242           | point
parse    | text                 | "12 Bạch Đằng, Phường Hải Châu, Đà Nẵng CODE" |
resolve  | code                 | 5020699999                                    |
"""


@pytest.mark.parametrize("line", FILES.strip().splitlines())
def test_what_a_file_told_is_written_down(served: Served, ga: Geoaddr, code: str, line: str) -> None:
    ga.registry.add_alias(code, Alias("location_id", "048271310009"))
    verb, head, row, seen = (cell.strip() for cell in line.split("|"))
    for word, meant in {"CODE": code, "LOCATION": "048271310009", "SPACED": f"{code[:5]} {code[5:]}"}.items():
        row = row.replace(word, meant)
    token = served.key(["address", "point", "write"])
    client = served.client(token)
    verb_and_columns = "validate&code=code" if (verb, head) == ("validate", "code") else verb
    job, state = _worked_on(client, verb_and_columns, f"{head}\n{row}\n{row}\n")
    assert state["status"] == "done", state
    who = token.split("_")[1]
    told = [
        (e.who, e.subject if verb != "assign" else code, e.seen) for e in served.trail() if e.act == f"job_{verb}"
    ]
    assert told == ([(who, code, seen)] if seen else [])
    client.get(state["result"])
    client.get(state["report"])
    assert [(e.who, e.act) for e in served.trail(subject=job)] == [(who, "job_result"), (who, "job_report")]


def test_a_job_that_cannot_be_written_down_tells_nothing(ga: Geoaddr, code: str, tmp_path: Path) -> None:
    served = Served(ga, tmp_path)
    client = served.holder("address", "point")
    with closing(sqlite3.connect(tmp_path / "registry.access.db")) as database:
        database.execute("CREATE TRIGGER t BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'no'); END")
        database.commit()
    job, state = _worked_on(client, "resolve", f"code\n{code}\n")
    assert (state["status"], state["result"]) == ("failed", None)
    assert client.get(f"/v1/jobs/{job}/result").status_code == 409


def test_a_job_waits_for_a_trail_that_others_hold(ga: Geoaddr, code: str, tmp_path: Path) -> None:
    """Longer than a request would, without being begun again."""
    served = Served(ga, tmp_path)
    client = served.holder("address", "point")
    with closing(sqlite3.connect(tmp_path / "registry.access.db", check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        let_go = threading.Timer(2 * BUSY_S, other.rollback)
        let_go.start()
        job, state = _worked_on(client, "resolve", f"code\n{code}\n")
        let_go.join()
    assert state["status"] == "done"
    assert Job(tmp_path / "jobs" / job).state.attempts == 1
    assert [e.subject for e in served.trail() if e.act == "job_resolve"] == [code]


def _worked_on(client: FlaskClient, verb: str, file: str) -> tuple[str, dict[str, Any]]:
    """A job, by its id, and what became of it."""
    job = client.post(f"/v1/jobs?verb={verb}", data=file.encode(), content_type="text/csv").json["id"]
    deadline = time.monotonic() + 60
    while (state := client.get(f"/v1/jobs/{job}").json)["status"] in ("queued", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return job, state


def test_acts_of_keys_are_written_with_them(served: Served) -> None:
    key, _ = served.keyring.create("Bưu điện Đà Nẵng", {"write": ["48"]}, actor="cli:an")
    served.keyring.rotate(key.id, actor="cli:an")
    served.keyring.revoke(key.id, actor="cli:binh")
    acts = [(e.who, e.act, e.seen) for e in Trail(served.database).read(subject=key.id)]
    assert acts == [
        ("cli:an", "key-created", "write"), ("cli:an", "key-rotated", ""), ("cli:binh", "key-revoked", ""),
    ]  # fmt: skip


def test_what_cannot_be_written_down_is_not_told(
    served: Served, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served.holder("address")
    monkeypatch.setattr("service.background.MOST_WAITING", 0)
    response = client.get(f"/v1/addresses/{code}")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "Bạch Đằng" not in response.text
    assert MOST_WAITING > 1000


def test_a_trail_is_pruned_and_says_so(served: Served, code: str) -> None:
    served.holder("address").get(f"/v1/addresses/{code}")
    assert len(served.trail()) == 2
    now_ms = int(time.time() * 1000) + 1
    assert Trail(served.database).prune(before_ms=now_ms, actor="cli:an", now_ms=now_ms) == 2
    assert [(e.who, e.act) for e in served.trail()] == [("cli:an", "trail-pruned")]

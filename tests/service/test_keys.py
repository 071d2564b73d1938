"""Keys over HTTP: what opens, when a revoked one is refused, what is counted and kept."""

from __future__ import annotations

import json
import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geoaddr.errors import InvalidInput, NotFound, StoreUnavailable
from geoaddr.platform import Geoaddr
from service.app import create_app
from service.guard import GUARD
from service.keys import tokens
from service.keys.database import BUSY_S, Database, open_database, url_beside
from service.keys.keyring import Keyring
from service.keys.known import READ_AGAIN_S
from service.keys.trail import Trail
from service.limits.rules import Limits
from service.settings import Settings
from tests.postgres_server import Server
from tests.service.access import Served
from tests.service.households import PLACE, household


def test_a_key_opens_what_its_scopes_say(served: Served, code: str) -> None:
    assert served.client().get(f"/v1/addresses/{code}").status_code == 401
    record = served.holder("address", "point").get(f"/v1/addresses/{code}").json
    assert record["components"]["street"] == "Bạch Đằng"
    assert record["point"] == {"lat": 16.0678, "lon": 108.2208}
    refused = served.holder("address", "point").post("/v1/addresses", json=household(7))
    assert (refused.status_code, refused.json["type"]) == (403, "urn:geoaddr:problem:scope-missing")
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="write"'


BAD = """
gak_abcdefghij_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
gak_abcdefghij_
gak__
anything
gas_abcdefghij_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
gak_abcdefghij_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' OR '1'='1
gak_%_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
"""


@pytest.mark.parametrize("token", [*BAD.strip().splitlines(), "", "x" * 8000])
def test_what_is_no_key_opens_nothing(served: Served, code: str, token: str) -> None:
    served.key(["address"])
    response = served.client(token).get(f"/v1/codes/{code}")
    assert (response.status_code, response.json["type"]) == (401, "urn:geoaddr:problem:key-refused")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert len(token) < 20 or token not in response.text


def test_the_secret_of_another_key_opens_nothing(served: Served, code: str) -> None:
    one, other = served.key(["address"]), served.key(["area"])
    mixed = other[: 4 + tokens.ID_CHARACTERS] + one[4 + tokens.ID_CHARACTERS :]
    assert served.client(mixed).get(f"/v1/codes/{code}").status_code == 401


def test_another_scheme_is_no_key(served: Served) -> None:
    """A proxy's own password reaches the service too."""
    headers = {"Authorization": "Basic dXNlcjpwYXNz"}
    assert served.client().get(PLACE, headers=headers).status_code == 200


def test_a_revoked_key_is_refused_within_a_second(served: Served, code: str) -> None:
    token = served.key(["address"])
    client = served.client(token)
    assert client.get(f"/v1/addresses/{code}").status_code == 200
    served.keyring.revoke(token.split("_")[1])
    revoked = time.monotonic()
    while client.get(f"/v1/addresses/{code}").status_code == 200:
        assert time.monotonic() - revoked < READ_AGAIN_S + 0.5
        time.sleep(0.02)
    assert "revoked" in client.get(PLACE).json["detail"]


def test_an_expired_key_is_refused_at_once(ga: Geoaddr, tmp_path: Path) -> None:
    served = Served(ga, tmp_path)
    token = served.key(["address"], expires_ms=int(time.time() * 1000) + 400)
    client = served.client(token)
    assert client.get(PLACE).status_code == 200
    time.sleep(0.5)
    assert (client.get(PLACE).status_code, "expired" in client.get(PLACE).json["detail"]) == (401, True)


def test_a_rotated_key_has_both_secrets_for_a_while(served: Served) -> None:
    first = served.key(["area"])
    key_id = first.split("_")[1]
    _, second = served.keyring.rotate(key_id, grace_s=3600)
    assert [served.client(token).get(PLACE).status_code for token in (first, second)] == [200, 200]
    _, third = served.keyring.rotate(key_id)
    time.sleep(READ_AGAIN_S)
    assert [served.client(t).get(PLACE).status_code for t in (first, second, third)] == [401, 401, 200]


def test_a_write_shows_no_more_than_the_key_may_see(served: Served) -> None:
    answer = served.holder("write").post("/v1/addresses", json=household()).json
    assert (answer["outcome"], answer["commune"]["code"], len(answer["ndas"])) == ("created", "20242", 10)
    assert (answer["vpostcode"], answer["plus_code"]) == (None, None)
    assert (answer["address"]["components"], answer["address"]["point"]) == (None, None)


# limits


def test_above_its_limit_a_key_is_told_when_to_come_again(served: Served) -> None:
    client = served.client(served.key(["area"], Limits(rate=1, burst=3, day=100, misses=0)))
    answers = [client.get(PLACE) for _ in range(4)]
    assert [r.status_code for r in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"burst";q=3;w=3, "day";q=100;w=86400'
    assert answers[2].headers["RateLimit"].startswith('"burst";r=0;t=3, "day";r=97;t=')
    assert answers[3].json["type"] == "urn:geoaddr:problem:rate-exceeded"
    assert answers[3].headers["Retry-After"] == "1"
    assert served.client().get(PLACE).status_code == 200


def test_a_day_that_is_spent(served: Served) -> None:
    client = served.client(served.key(["area"], Limits(rate=0, burst=0, day=2, misses=0)))
    answers = [client.get(PLACE, headers={"Accept-Language": "vi"}) for _ in range(3)]
    assert [r.status_code for r in answers] == [200, 200, 429]
    assert "nửa đêm" in answers[2].json["detail"]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 86_400


def test_addresses_without_a_key_are_counted_apart(ga: Geoaddr, tmp_path: Path) -> None:
    served = Served(ga, tmp_path, Limits(rate=1, burst=2, day=0, misses=0))
    client = served.client()

    def ask(remote: str) -> int:
        return int(client.get(PLACE, environ_overrides={"REMOTE_ADDR": remote}).status_code)

    assert [ask("203.0.113.1") for _ in range(3)] == [200, 200, 429]
    assert ask("203.0.113.2") == 200
    assert [ask(f"2001:db8:0:1::{n}") for n in range(1, 4)] == [200, 200, 429]
    forged = client.get(
        PLACE, environ_overrides={"REMOTE_ADDR": "203.0.113.1"}, headers={"X-Forwarded-For": "198.51.100.9"}
    )
    assert forged.status_code == 429


def test_wrong_keys_count_against_the_address(ga: Geoaddr, tmp_path: Path) -> None:
    client = Served(ga, tmp_path, Limits(rate=1, burst=20, day=0, misses=0)).client("gak_abcdefghij_" + "A" * 43)
    statuses = [client.get(PLACE).status_code for _ in range(30)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_who_counts_through_codes_is_slowed_down(served: Served, code: str) -> None:
    client = served.client(served.key(["address"], Limits(rate=0, burst=0, day=0, misses=20)))
    statuses = [client.get(f"/v1/codes/{5_020_600_000 + n}").status_code for n in range(30)]
    assert statuses.index(429) in (11, 12)  # each counts twice: nobody has it, and it is next to the one before
    slowed = client.get(f"/v1/codes/{code}")
    assert (slowed.status_code, slowed.json["type"]) == (429, "urn:geoaddr:problem:slowed-down")
    assert int(slowed.headers["Retry-After"]) in (3, 4)
    for path in (f"/v1/addresses/{code}", f"/v1/addresses/{code}/history", f"/v1/search?q={code}"):
        assert client.get(path).status_code == 429, path
    assert client.post("/v1/validate", json={"code": code}).status_code == 429
    assert client.get(PLACE).status_code == 200
    assert served.holder("address").get(f"/v1/codes/{code}").status_code == 200


@pytest.mark.parametrize(
    "how", ["search", "searched line", "code", "text", "line", "record", "field", "row", "rows field", "rows line"]
)
def test_every_way_to_try_codes_counts(served: Served, how: str) -> None:
    client = served.client(served.key(["address"], Limits(rate=0, burst=0, day=0, misses=20)))
    for n in range(15):
        unknown = f"{5_020_600_000 + n}"
        line = f"{unknown}, Phường Hải Châu, Đà Nẵng"
        if how.startswith("search"):
            client.get("/v1/search", query_string={"q": line if how == "searched line" else unknown})
        elif how == "field":
            client.post("/v1/validate", json={"components": {"ndas": unknown}})
        elif "row" in how:
            row = (
                {"code": unknown} if how == "row" else {"ndas": unknown} if how == "rows field" else {"text": line}
            )
            client.post("/v1/batch/validate", json=[row])
        elif how != "record":
            client.post("/v1/validate", json={"text": line} if how == "line" else {how: unknown})
        else:
            assert client.get(f"/v1/addresses/{unknown}").status_code in (404, 429)
    assert client.get("/v1/codes/5020612345").status_code == 429


WRITTEN = """
verb     | row
resolve  | {"code": "50206.NUMBER"}
resolve  | {"code": "50206–NUMBER"}
resolve  | {"code": "50206 NUMBER"}
validate | {"code": "50206.NUMBER"}
geocode  | {"text": "50206 NUMBER"}
geocode  | {"text": "50206NUMBER, Phường Hải Châu, Đà Nẵng"}
"""


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines()[1:])
def test_a_batch_counts_codes_however_they_are_written(served: Served, line: str) -> None:
    verb, row = (cell.strip() for cell in line.split("|"))
    client = served.client(served.key(["address"], Limits(rate=0, burst=0, day=0, misses=20)))
    rows = [json.loads(row.replace("NUMBER", f"{n:05}")) for n in range(15)]
    client.post(f"/v1/batch/{verb}", json=rows)
    assert client.get("/v1/codes/5020612345").status_code == 429


def test_quotas_survive_a_restart(ga: Geoaddr, tmp_path: Path) -> None:
    limits = Limits(rate=0, burst=0, day=3, misses=0)
    token = Served(ga, tmp_path).key(["area"], limits)
    statuses = [Served(ga, tmp_path).client(token).get(PLACE).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_an_open_service_has_no_limits(ga: Geoaddr) -> None:
    client = create_app(ga, Settings(open=True, limits=Limits(rate=1, burst=1, day=1, misses=1))).test_client()
    answers = [client.get(PLACE) for _ in range(5)]
    assert [r.status_code for r in answers] == [200] * 5
    assert "RateLimit" not in answers[0].headers


# the trail


def test_no_secret_is_kept(served: Served, tmp_path: Path) -> None:
    token = served.key(["address"])
    secret = token.rpartition("_")[2] if "_" not in token[15:] else token[15:]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if "access" in path.name)
    assert token.encode() not in kept
    assert secret.encode() not in kept
    assert token.split("_")[1].encode() in kept


def test_only_its_owner_may_read_the_file(served: Served, tmp_path: Path) -> None:
    served.key(["area"])
    for path in tmp_path.glob("registry.access*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_a_service_without_keys_makes_no_file(served: Served, tmp_path: Path, code: str) -> None:
    assert served.client().get(f"/v1/codes/{code}").status_code == 200
    assert served.client("gak_abcdefghij_" + "A" * 43).get(PLACE).status_code == 401
    assert not (tmp_path / "registry.access.db").exists()


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    sqlite3.connect(path).execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(Exception, match="not a file of keys"):
        Keyring(open_database(f"sqlite:///{path}")).all()


def test_a_database_of_keys_that_fails_opens_nothing(served: Served, tmp_path: Path, code: str) -> None:
    client = served.holder("address")
    for database in (served.database, served.app.extensions[GUARD].database):
        database.close()
    (tmp_path / "registry.access.db").write_bytes(b"broken" * 1000)
    response = client.get(f"/v1/addresses/{code}")
    assert response.status_code in (500, 503)
    assert "registry.access" not in response.text
    assert served.client().get(PLACE).status_code == 200
    assert served.client().get("/readyz").status_code in (500, 503)


URLS = """
sqlite:///registry.db           | sqlite:///registry.access.db
sqlite:////var/lib/ga/vn.db     | sqlite:////var/lib/ga/vn.access.db
sqlite:///registry              | sqlite:///registry.access
memory:                         | memory:
postgresql://ga@db/addresses    | postgresql://ga@db/addresses
"""


@pytest.mark.parametrize("line", URLS.strip().splitlines())
def test_keys_lie_beside_the_registry(line: str) -> None:
    store, beside = (cell.strip() for cell in line.split("|"))
    assert url_beside(store) == beside


def test_every_engine_keeps_keys(database: Database) -> None:
    keyring = Keyring(database)
    assert (keyring.all(), keyring.find("abcdefghij")) == ([], None)
    key, token = keyring.create("a", {"address": ["48"], "area": None}, limits=Limits(rate=7))
    found = keyring.find(key.id)
    assert found == key
    assert found.opens(tokens.Token(*token.split("_", 2)).secret, 0)
    assert not found.opens("x", 0)
    assert found.grants.at("48") == {"validity", "area", "address"}
    keyring.revoke(key.id)
    assert [each.status(0) for each in keyring.all()] == ["revoked"]
    with pytest.raises(NotFound):
        keyring.rotate(key.id)
    assert [e.act for e in Trail(database).read()] == ["key-created", "key-revoked"]
    assert Trail(database).prune(before_ms=2**60, actor="", now_ms=2**60) == 2
    database.close()


def test_two_openings_see_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    one, other = Keyring(open_database(url)), Keyring(open_database(url))
    assert other.all() == []
    key, _ = one.create("a", {"area": None})
    assert other.find(key.id) == key


def test_a_key_is_read_while_others_hold_the_trail(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    keyring = Keyring(database)
    key, _ = keyring.create("a", {"area": None})
    with closing(sqlite3.connect(tmp_path / "keys.db")) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        waiting = pool.submit(keyring.revoke, key.id)
        began = time.monotonic()
        while time.monotonic() - began < BUSY_S / 2:
            assert keyring.find(key.id) == key
        assert not waiting.done()
        other.rollback()
        assert waiting.result().revoked_ms is not None


def test_so_it_is_in_postgresql(postgres: Server) -> None:
    name = postgres.new_database()
    keyring = Keyring(open_database(postgres.url(name)))
    key, _ = keyring.create("a", {"area": None})
    with psycopg.connect(postgres.url(name)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("LOCK TABLE geoaddr_access.trail IN SHARE MODE")  # as whoever makes an index
        waiting = pool.submit(keyring.revoke, key.id)
        began = time.monotonic()
        while time.monotonic() - began < BUSY_S / 2:
            assert keyring.find(key.id) == key
        assert not waiting.done()
        other.rollback()
        assert waiting.result().revoked_ms is not None


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": " "}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": "x" * 101}, "name"),
    ({"scopes": {}}, "scope"),
    ({"scopes": {"everything": None}}, "scope"),
    ({"scopes": {"address": ["Đà Nẵng"]}}, "scope"),
    ({"scopes": {"address": ["4"]}}, "scope"),
    ({"expires_ms": 1}, "expires"),
]


@pytest.mark.parametrize(("given", "field"), REFUSED, ids=json.dumps)
def test_keys_that_cannot_be(given: dict[str, Any], field: str) -> None:
    keyring = Keyring(open_database("memory:"))
    with pytest.raises(InvalidInput) as refused:
        keyring.create(**{"name": "a", "scopes": {"area": None}, **given})
    assert refused.value.field == field
    assert keyring.all() == []


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        Keyring(open_database(f"sqlite:///{tmp_path / 'file' / 'keys.db'}")).create("a", {"area": None})

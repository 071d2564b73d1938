"""URLs of PostgreSQL: what they lead to, and that a password is shown by nothing."""

from __future__ import annotations

import pytest

from geoaddr.errors import InvalidInput
from geoaddr.stores import check_url, open_store, without_password
from geoaddr.stores.postgres_url import place_of


def table(text: str) -> list[dict[str, str]]:
    """Rows by column, from a table of text."""
    lines = [[cell.strip() for cell in line.split(" |")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


PLACES = table(
    """
    url                                          | host      | port      | replica   | at
    postgresql://db/a                            | db        |           |           |
    postgresql://me:pw@db:5433/a                 | db        | 5433      |           |
    postgresql://db/a?read=r1                    | db        |           | r1        | 5432
    postgresql://db/a?read=r1:6000,r2            | db        |           | r1,r2     | 6000,5432
    postgresql://db/a?sslmode=prefer&read=r1     | db        |           | r1        | 5432
    postgresql://db/a?read=%2Ftmp%2Fs:6000       | db        |           | /tmp/s    | 6000
    postgresql://db/a?read=[::1]:6000            | db        |           | ::1       | 6000
    postgresql://db1:1,db2:2/a                   | db1,db2   | 1,2       |           |
    postgresql:///a?host=/tmp/s                  | /tmp/s    |           |           |
    """
)


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row["url"])
def test_where_a_url_leads(row: dict[str, str]) -> None:
    place = place_of(row["url"], busy_s=3)
    assert (place.primary.get("host"), place.primary.get("port", "")) == (row["host"], row["port"])
    replica = place.replica or {"host": "", "port": ""}
    assert (replica["host"], replica["port"]) == (row["replica"], row["at"])
    assert place.primary["dbname"] == "a"


def test_replicas_have_the_primarys_role_and_password() -> None:
    place = place_of("postgresql://me:pw@db/a?sslmode=require&read=r1", busy_s=3)
    assert place.replica is not None
    same = {name: place.replica[name] for name in ("user", "password", "dbname", "sslmode")}
    assert same == {"user": "me", "password": "pw", "dbname": "a", "sslmode": "require"}


def test_of_several_hosts_the_one_that_can_be_written_is_used() -> None:
    place = place_of("postgresql://db1,db2/a?read=r1", busy_s=3)
    assert place.primary["target_session_attrs"] == "read-write"
    assert place.replica is not None
    assert "target_session_attrs" not in place.replica
    chosen = place_of("postgresql://db1,db2/a?target_session_attrs=primary", busy_s=3)
    assert chosen.primary["target_session_attrs"] == "primary"


@pytest.mark.parametrize(("busy_s", "expected"), [(0.1, 2), (3, 3), (30, 10)])
def test_a_server_is_waited_for_no_longer_than_the_caller_waits(busy_s: float, expected: int) -> None:
    assert place_of("postgresql://db/a", busy_s=busy_s).primary["connect_timeout"] == expected
    assert place_of("postgresql://db/a?connect_timeout=7", busy_s=busy_s).primary["connect_timeout"] == "7"


BAD = [
    "postgresql://",
    "postgres://me:s3cret@db/a",
    "postgresql://me:s3cret@db/a?nonsense=1",
    "postgresql://me:s3cret@[db/a",
    "postgresql://db/a?read=",
    "postgresql://db/a?password=s3cret&nonsense=1",
]


@pytest.mark.parametrize("url", BAD)
def test_a_bad_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_store(url)
    assert caught.value.field == "store"
    told = [str(caught.value), caught.value.message("vi"), repr(caught.value.value), repr(caught.value)]
    assert "s3cret" not in "".join(told)
    assert caught.value.__cause__ is None


def test_a_url_is_looked_at_without_its_driver() -> None:
    check_url("postgresql://db/a?nonsense=1")


def test_a_store_does_not_show_its_password() -> None:
    store = open_store("postgresql://me:s3cret@db/a?read=r1&sslpassword=s3cret")
    assert repr(store) == "PostgresStore('postgresql://me@db/a')"
    assert "s3cret" not in repr(vars(store))


SHOWN = table(
    """
    text                                             | shown
    postgresql://me:s3cret@db/a                      | postgresql://me:***@db/a
    postgresql://me:a@s3cret/x@db/a                  | postgresql://me:***@db/a
    no answer from postgresql://me:s3cret@db/a today | no answer from postgresql://me:***@db/a today
    postgresql://db/a?user=me&password=s3cret&x=1    | postgresql://db/a?user=me&password=***&x=1
    postgresql://db/a?sslpassword=s3cret             | postgresql://db/a?sslpassword=***
    postgresql://me@db/a                             | postgresql://me@db/a
    sqlite:////srv/a@b.db                            | sqlite:////srv/a@b.db
    """
)


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row["text"])
def test_passwords_are_taken_out_of_sentences(row: dict[str, str]) -> None:
    assert without_password(row["text"]) == row["shown"]

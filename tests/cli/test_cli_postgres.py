"""The command line on a registry in PostgreSQL: the same answers as on SQLite, and no password anywhere."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.command_lines import Lines
from tests.postgres_server import ESCAPED, PASSWORD, Server

HOUSEHOLD = (
    "--house-number", "57", "--street", "Huỳnh Thúc Kháng", "--commune", "Láng", "--province", "Hà Nội",
    "--lat", "21.0180", "--lon", "105.8089",
)  # fmt: skip

RECORDS = """\
ndas,lat,lon,commune_code,issued_on,status,house_number,street,aliases
1112000001,21.0368,105.8346,00004,2025-09-01,live,1,Quán Thánh,parcel:w7er
1112000002,21.0369,105.8346,00004,2025-09-01,verified,3,Quán Thánh,
9900000003,10.0,106.0,00004,2025-09-01,live,5,Quán Thánh,
not a code,10.0,106.0,00004,2025-09-01,live,5,Quán Thánh,
"""


@pytest.fixture
def there(postgres: Server) -> str:
    """The URL of a database without a registry, with a password in it."""
    return postgres.tcp_url(postgres.new_database())


def plain(answer: dict[str, object]) -> dict[str, object]:
    """Without what two registries need not share."""
    return {k: v for k, v in answer.items() if k not in ("store", "engine", "schema", "created_at", "updated_at")}


def test_the_verbs_of_registries_answer_as_on_sqlite(line: Lines, there: str, tmp_path: Path) -> None:
    records = tmp_path / "in.csv"
    records.write_text(RECORDS, encoding="utf-8")
    here = ("--store", line.store)
    for words in (
        ("registry", "stats"), ("registry", "export"), ("registry", "init"), ("registry", "init"),
        ("registry", "load", records), ("registry", "load", records),
        ("registry", "stats"), ("registry", "export"),
        ("registry", "confirm", "1112000002", "--round", "2"), ("resolve", "1112000002"),
        ("registry", "retire", "1112000001"), ("registry", "supersede", "1112000002", "--by", "9900000003"),
        ("resolve", "1112000001", "1112000002", "9900000003", "0000000000"), ("registry", "verify"),
    ):  # fmt: skip
        on_sqlite, on_postgres = (line(*words, "--json", *where) for where in (here, ("--store", there)))
        assert on_postgres.code == on_sqlite.code, on_postgres
        assert [*map(plain, _without_times(on_postgres.answers))] == [
            *map(plain, _without_times(on_sqlite.answers))
        ]
        assert PASSWORD not in on_postgres.out + on_postgres.err
        assert ESCAPED not in on_postgres.out + on_postgres.err


def _without_times(answers: list[dict[str, object]]) -> list[dict[str, object]]:
    for answer in answers:
        for reading in answer.get("readings", ()):  # type: ignore[attr-defined]
            for event in reading["history"] or ():
                del event["at"]
            if reading["address"]:
                reading["address"] = plain(reading["address"])
    return answers


def test_a_household_is_assigned_and_resolved(line: Lines, there: str) -> None:
    assigned = line("assign", *HOUSEHOLD, "--json", "--store", there)
    assert assigned.code == 0
    assert line("assign", *HOUSEHOLD, "--json", "--store", there).answer["ndas"] == assigned.answer["ndas"]
    resolved = line("resolve", assigned.answer["ndas"], "--json", "--store", there).answer
    assert resolved["readings"][0]["address"]["components"]["street"] == "Huỳnh Thúc Kháng"


def test_the_doctor_looks_at_it(line: Lines, there: str) -> None:
    assert line("doctor", "--json", "--store", there).answer["registry"]["made"] is False
    line("assign", *HOUSEHOLD, "--store", there)
    told, shown = line("doctor", "--json", "--store", there), line("doctor", "--store", there, "--lang", "vi")
    registry = told.answer["registry"]
    assert (registry["engine"], registry["addresses"], registry["sound"]) == ("postgresql", 1, True)
    assert "***" in registry["store"]
    for ran in (told, shown):
        assert PASSWORD not in ran.out + ran.err
        assert ESCAPED not in ran.out + ran.err
    assert told.answer["extras"]["postgres"]["psycopg"] is not None


def test_a_backup_names_the_tool_that_makes_it(line: Lines, there: str, tmp_path: Path) -> None:
    line("registry", "init", "--store", there)
    told = line("registry", "backup", tmp_path / "copy.dump", "--store", there)
    assert (told.code, told.out) == (2, "")
    assert f"pg_dump -Fc -n geoaddr -f {tmp_path / 'copy.dump'} postgresql://postgres@127.0.0.1:" in told.complaint
    assert "pg_dump" in line("registry", "backup", "x", "--store", there, "--lang", "vi").complaint
    assert list(tmp_path.iterdir()) == []


def test_no_log_has_the_password(line: Lines, there: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line("assign", *HOUSEHOLD, "--store", there)
    line("resolve", "1112000001", "--store", there.replace(ESCAPED, "s3cret"))
    for secret in (PASSWORD, ESCAPED, "s3cret"):
        assert secret not in caplog.text


def test_a_file_of_texts_is_assigned_as_on_sqlite(line: Lines, there: str, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    rows = [f"{n} Quán Thánh,{21.0368 + n / 100_000},105.8346,00004" for n in range(1, 30)]
    source.write_text("\n".join(["text,lat,lon,stated", *rows, rows[3]]), encoding="utf-8")
    words = ("batch", "assign", source, "--text", "text", "--lat", "lat", "--lon", "lon", "--commune", "stated")
    first = line(*words, "-o", tmp_path / "first.csv", "--store", there)
    again = line(*words, "-o", tmp_path / "again.csv", "--store", there)
    assert (first.code, again.code) == (0, 0), first
    one, other = ((tmp_path / f"{name}.csv").read_text(encoding="utf-8") for name in ("first", "again"))
    assert one.count("created") == 29
    assert other.replace("existing", "created") == one.replace("existing", "created")

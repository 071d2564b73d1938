"""``geoaddr registry rename-street`` as typed: counted beforehand, done, broken off, done again."""

from __future__ import annotations

import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.command_lines import Lines

HEAD = "ndas,lat,lon,commune_code,issued_on,status,house_number,street\n"
WORDS = ("registry", "rename-street", "--commune", "00070", "--from", "Tràng Tiền", "--to", "Phố Mới")
WHY = ("--actor", "council", "--reason", "resolution", "--evidence", "12/NQ-HĐND")


def loaded(line: Lines, folder: Path, streets: list[str]) -> list[str]:
    """The codes of households with these streets, numbered from 1."""
    codes = [f"11024{number:05}" for number in range(1, len(streets) + 1)]
    rows = [
        f"{code},21.0285,105.8542,00070,2025-09-01,live,{number},{street}\n"
        for number, (code, street) in enumerate(zip(codes, streets, strict=True), 1)
    ]
    (folder / "houses.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    assert line("registry", "load", folder / "houses.csv", "--json").answer["loaded"] == len(streets)
    return codes


def test_a_street_is_renamed_with_one_command(line: Lines, tmp_path: Path) -> None:
    codes = loaded(line, tmp_path, ["Tràng Tiền", "phố tràng tiền", "TRÀNG TIỀN", "Tràng Thi"])
    foreseen = line(*WORDS, *WHY, "--dry-run", "--json").answer
    assert (foreseen["renamed"], foreseen["dry_run"]) == (3, True)
    assert {each["street"] for each in foreseen["written"]} == {"Tràng Tiền", "phố tràng tiền", "TRÀNG TIỀN"}
    shown = line(*WORDS, *WHY, "--lang", "vi")
    assert "phố tràng tiền (1)" in shown.out
    assert (shown.code, shown.out.split("\n")[0].split()) == (0, ["Đã", "đổi", "tên", "3"])
    events = [line("registry", "history", code, "--json").answers[-1] for code in codes]
    assert [event["kind"] for event in events] == ["renamed"] * 3 + ["loaded"]
    assert {(e["actor"], e["reason"], e["details"]["evidence"]) for e in events[:3]} == {
        ("council", "resolution", "12/NQ-HĐND")
    }
    again = line(*WORDS, *WHY, "--json").answer
    assert (again["renamed"], again["already"], again["refused"]) == (0, 3, 0)
    found = line("registry", "formerly", "--house-number", "2", "--street", "trang tien", "--json").answer
    assert (found["ndas"], found["components"]["street"]) == (codes[1], "Phố Mới")
    best = line("geocode", "2 Tràng Tiền, Hoàn Kiếm, Hà Nội", "--json").answers[0]
    assert (best["ndas"], best["match_level"]) == (codes[1], "house")
    assert line("registry", "verify").code == 0


def test_a_part_of_it_and_what_a_person_has_to_amend(line: Lines, tmp_path: Path) -> None:
    codes = loaded(line, tmp_path, ["Tràng Tiền"] * 3 + ["ngõ 4 Tràng Tiền"])
    ran = line(*WORDS, "--first-number", "2", "--last-number", "4")
    assert (ran.code, ran.complaint.startswith("11024 00004: its street says more")) == (1, True)
    named = [line("registry", "show", code, "--json").answer["components"]["street"] for code in codes]
    assert named == ["Tràng Tiền", "Phố Mới", "Phố Mới", "ngõ 4 Tràng Tiền"]
    assert "ghi nhiều hơn" in line(*WORDS, "--lang", "vi").complaint


# what is typed instead | what the complaint begins with
REFUSED = """
--commune 99999          | commune '99999': no such commune on
--commune Hàng_Trống     | commune 'Hàng Trống': was split on 2025-07-01
--from Hàng_Bông         | from 'Hàng Bông': no household of 00070 has this street
--from Tràng_Thỉ         | from 'Tràng Thỉ': no household
--to ""                  | to '': name a street
--to tràng_tiền          | to 'tràng tiền': the same street as Tràng Tiền
--last-number -1         | last_number '-1': not 0 to 99999
--evidence 0912345678    | evidence: no personal data
"""


@pytest.mark.parametrize("row", REFUSED.strip().splitlines(), ids=str.strip)
def test_what_cannot_be_done_is_refused(line: Lines, tmp_path: Path, row: str) -> None:
    (code,) = loaded(line, tmp_path, ["Tràng Tiền"])
    typed, said = (cell.strip() for cell in row.split("|"))
    option, value = typed.split(" ", 1)
    ran = line(*WORDS, option, value.replace("_", " ").strip('"'))
    assert (ran.code, ran.complaint[: len(said)]) == (2, said)
    vietnamese = line(*WORDS, option, value.replace("_", " ").strip('"'), "--lang", "vi")
    assert vietnamese.complaint != ran.complaint
    assert len(line("registry", "history", code, "--json").answers) == 1


def test_no_registry_is_made(line: Lines) -> None:
    assert "no registry yet" in line(*WORDS).complaint


def test_a_run_that_was_killed_is_finished_by_the_same_command(line: Lines, tmp_path: Path) -> None:
    loaded(line, tmp_path, ["Tràng Tiền"] * 5000)
    database = tmp_path / "registry.db"

    def renamed() -> int:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM event WHERE kind = 'renamed'").fetchone()[0])

    process = line.start(*WORDS)
    while not renamed():
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = renamed()
    assert 0 < done < 5000
    assert line("registry", "verify").code == 0
    told = line(*WORDS, "--json").answer
    assert (told["renamed"], told["already"]) == (5000 - done, done)
    assert renamed() == 5000


# the ward under which a household was filed before the reform | what becomes of it in the ward Hoàn Kiếm of today
FILED = """
00061 | renamed
00070 | 11024 00001: filed under a commune that was divided
00001 |
"""
"""Lý Thái Tổ went into it whole, Hàng Trống in part, Phúc Xá not at all."""


@pytest.mark.parametrize("row", FILED.strip().splitlines(), ids=str.strip)
def test_what_was_filed_before_the_reform_counts_where_it_lies_today(
    line: Lines, tmp_path: Path, row: str
) -> None:
    filed, expected = (cell.strip() for cell in row.split("|"))
    houses = HEAD + (
        f"1102400001,21.0285,105.8542,{filed},2025-03-01,live,1,Tràng Tiền\n"
        "1102400002,21.0285,105.8542,00070,2025-09-01,live,2,Tràng Tiền\n"
    )
    (tmp_path / "houses.csv").write_text(houses, encoding="utf-8")
    assert line("registry", "load", tmp_path / "houses.csv", "--json").answer["loaded"] == 2
    ran = line(*WORDS)
    street = line("registry", "show", "1102400001", "--json").answer["components"]["street"]
    assert (street == "Phố Mới") == (expected == "renamed")
    assert line("registry", "show", "1102400002", "--json").answer["components"]["street"] == "Phố Mới"
    assert ran.err == "" or ran.complaint.startswith(expected)
    assert ran.code == (1 if "divided" in expected else 0)

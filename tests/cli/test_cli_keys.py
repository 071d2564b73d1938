"""``geoaddr keys``: what is made, listed and ended, and how wrong lines are refused."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.command_lines import Lines


def test_a_key_lives_and_ends(line: Lines) -> None:
    made = line("keys", "create", "a shop", "--scope", "address:48,01", "--scope", "validity", "--json").answer
    assert made["scopes"] == {"validity": None, "address": ["01", "48"]}
    assert (made["status"], made["expires"], made["revoked"]) == ("active", None, None)
    assert re.fullmatch(rf"gak_{made['id']}_[A-Za-z0-9_-]{{43}}", made["token"])
    turned = line("keys", "rotate", made["id"], "--grace-hours", "2", "--json").answer
    assert (turned["id"], turned["token"] != made["token"]) == (made["id"], True)
    assert line("keys", "revoke", made["id"], "--json").answer["status"] == "revoked"
    listed = line("keys", "list", "--json")
    assert [key["id"] for key in listed.answers] == [made["id"]]
    for token in (made["token"], turned["token"]):
        assert token not in listed.out + line("keys", "list").out
    acts = line("keys", "audit", "--json").answers
    assert [entry["act"] for entry in acts] == ["key-created", "key-rotated", "key-revoked"]
    assert all(entry["subject"] == made["id"] and entry["who"].startswith("cli:") for entry in acts)
    assert line("keys", "audit", "--code", "5020600000").out == ""
    assert line("keys", "prune", "--older-than", "0d", "--json").answer == {"removed": 3}


def test_for_people_in_vietnamese(line: Lines) -> None:
    shown = line("keys", "create", "Bưu điện", "--scope", "area", "--lang", "vi").out
    assert "Khóa đầy đủ, chỉ hiện một lần  gak_" in shown
    assert "đang dùng" in line("keys", "list", "--lang", "vi").out


def test_the_trail_keeps_its_columns_apart(line: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "post-office-da-nang")
    made = line("keys", "create", "a", "--scope", "area", "--json").answer
    words = line("keys", "audit").out.split()
    assert words[1:] == ["cli:post-office-da-nang", "key-created", made["id"], "area"]


def test_a_last_day_ends_at_midnight_in_viet_nam(line: Lines) -> None:
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    made = line("keys", "create", "a", "--scope", "area", "--expires", day.isoformat(), "--json").answer
    assert made["expires"] == f"{day.isoformat()}T17:00:00Z"


def test_limits_are_kept(line: Lines) -> None:
    made = line("keys", "create", "a", "--scope", "area", "--limits", "rate=5,day=100", "--json").answer
    assert (made["limits"]["rate"], made["limits"]["day"]) == (5, 100)
    none = line("keys", "create", "b", "--scope", "area", "--limits", "none", "--json").answer
    assert set(none["limits"].values()) == {0}


REFUSED = """
keys create a --scope everything                       | 2 | not one of: validity, area, address
keys create a --scope address:hanoi                    | 2 | not a province's code
keys create a --scope address: --json                  | 2 | not a province's code
keys create a --scope address:48,99                    | 2 | no province has this code
keys create a --scope area --scope area                | 2 | given more than once
keys create a --scope area --expires 2020-01-01        | 2 | lies in the past
keys create a --scope area --expires soon              | 2 | write YYYY-MM-DD
keys create a --scope area --limits fast               | 2 | not of the form rate=20
keys create a                                          | 2 | '--scope'
keys rotate abcdefghij                                 | 1 | no key that stands has this id
keys revoke abcdefghij                                 | 1 | no key that stands has this id
keys prune --older-than week                           | 2 | not a number of days
keys audit --since week                                | 2 | write YYYY-MM-DD
keys list --store memory:                              | 2 | a registry in memory has no keys
keys list --store mysql://x                            | 2 | not a registry's URL
"""


@pytest.mark.parametrize("row", REFUSED.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_refused(line: Lines, row: str) -> None:
    words, code, reason = (cell.strip() for cell in row.split("|"))
    ran = line(*words.split())
    assert (ran.code, ran.out) == (int(code), "")
    assert reason in ran.complaint

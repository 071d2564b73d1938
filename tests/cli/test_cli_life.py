"""The life of an address on the command line: visited, amended, split, merged, demolished, read as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command_lines import Lines

HOUSES = """\
ndas,lat,lon,commune_code,issued_on,status,house_number,street
1102400001,21.0285,105.8542,00070,2025-09-01,proposed,12,Tràng Tiền
1102400002,21.0286,105.8543,00070,2025-09-01,live,14,Tràng Tiền
1102400003,21.0287,105.8544,00070,2025-09-01,live,16,Tràng Tiền
"""


@pytest.fixture
def houses(line: Lines, tmp_path: Path) -> list[str]:
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES, encoding="utf-8")
    assert line("registry", "load", path, "--json").answer["loaded"] == 3
    return re.findall(r"^\d{10}", HOUSES, re.MULTILINE)


def test_three_visits_make_it_live(line: Lines, houses: list[str]) -> None:
    words = ("registry", "visit", houses[0], "--actor", "postman 7", "--json")
    assert [line(*words).answer["status"] for _ in range(3)] == ["verified", "verified", "live"]
    fourth = line(*words)
    assert (fourth.code, "not waiting for verification" in fourth.complaint) == (1, True)
    assert line("registry", "visit", houses[0], "--outcome", "maybe").code == 2


def test_a_renamed_street_is_found_by_its_old_name_and_read_as_it_was(line: Lines, houses: list[str]) -> None:
    code = houses[0]
    before = line("registry", "show", code, "--json").answer
    amended = line(
        "registry", "amend", code, "--street", "Phố Mới", "--cause", "renamed", "--evidence", "12/NQ", "--json"
    ).answer
    assert amended["components"]["street"] == "Phố Mới"
    assert amended.pop("warnings") == []
    assert line("registry", "show", code, "--json").answer == amended
    assert line("registry", "show", code, "--as-of", before["updated_at"], "--json").answer == before
    unknown = line("registry", "show", code, "--as-of", "2025-09-01")
    assert (unknown.code, "not in this registry before" in unknown.complaint) == (1, True)
    found = line("registry", "formerly", "--house-number", "12", "--street", "trang tien", "--json")
    assert (found.code, found.answer["ndas"]) == (0, code)
    assert line("registry", "formerly", "--street", "Phố Mới").code == 1
    event = line("registry", "history", code, "--json").answers[-1]
    assert (event["kind"], event["details"]["evidence"]) == ("renamed", "12/NQ")
    assert "12/NQ" in line("registry", "history", code, "--lang", "vi").out


def test_an_entrance_moves_to_negative_degrees_too(line: Lines, houses: list[str]) -> None:
    """Numbers that begin with a hyphen are no options."""
    words = ("--lat", "-1.5", "--lon", "-70.25", "--entrance", "-1.6,-70.5", "--cause", "moved")
    moved = line("registry", "amend", houses[1], *words, "--json").answer
    assert moved["point"] == {"lat": -1.5, "lon": -70.25}
    assert moved["entrances"] == [{"lat": -1.6, "lon": -70.5}]
    assert "-1.6, -70.5" in line("registry", "show", houses[1]).out


# an entrance of a house at 21.0286, 105.8543 | how far from it the warning says that it is
GATES = """
21.0287,105.8544 |
21.0487,105.8544 | 1 km
16.0678,108.2208 | 100 km
"""


@pytest.mark.parametrize("row", GATES.strip().splitlines(), ids=str.strip)
def test_an_entrance_far_away_is_taken_with_a_warning(line: Lines, houses: list[str], row: str) -> None:
    gate, told = (cell.strip() for cell in row.split("|"))
    words = ("registry", "amend", houses[1], "--entrance", "21.0286,105.8543", "--entrance", gate)
    warnings = line(*words, "--json").answer["warnings"]
    assert [f"more than {told} from" in warning["en"] for warning in warnings] == [True] * bool(told)


@pytest.mark.parametrize(
    "words", ["", "--lat 21.0", "--entrance 21.0", "--lat x --lon 1", "--cause sold --street A"]
)
def test_bad_amendments(line: Lines, houses: list[str], words: str) -> None:
    assert line("registry", "amend", houses[1], *words.split()).code == 2
    assert len(line("registry", "history", houses[1], "--json").answers) == 1


def test_flats(line: Lines, houses: list[str]) -> None:
    a, b, c = houses
    split = line("registry", "split", a, "--into", b, "--into", c, "--json")
    assert split.answer["superseded_by"] == [b, c]
    merged = line("registry", "merge", b, "--into", c, "--json")
    assert merged.answers[0]["superseded_by"] == [c]
    gone = line("registry", "demolish", c, "--reason", "pulled down", "--json")
    assert gone.answers[0]["status"] == "retired"
    assert [line("registry", "history", code, "--json").answers[-1]["kind"] for code in houses] == [
        "split", "merged", "demolished",
    ]  # fmt: skip
    assert line("registry", "verify").code == 0


def test_a_copy_follows_the_feed(line: Lines, houses: list[str]) -> None:
    first = line("registry", "changes", "--limit", "2", "--json").answers
    assert [(c["ndas"], c["kind"]) for c in first] == [(houses[0], "loaded"), (houses[1], "loaded")]
    line("registry", "visit", houses[0])
    rest = line("registry", "changes", "--since", first[-1]["cursor"], "--json").answers
    assert [(c["ndas"], c["kind"]) for c in rest] == [(houses[2], "loaded"), (houses[0], "visited")]
    assert line("registry", "changes", "--since", rest[-1]["cursor"], "--json").answers == []
    assert line("registry", "changes", "--since", "2020-01-01", "--json").answers == first + rest
    assert "xác minh thực địa" in line("registry", "changes", "--lang", "vi").out
    assert [line("registry", "changes", "--since", since).code for since in ("99", "soon")] == [2, 2]


def test_an_erasure_asks_to_be_meant(line: Lines, houses: list[str]) -> None:
    code = houses[0]
    for words in (("--reason", "asked for"), ("--yes",), ("--yes", "--reason", " ")):
        assert line("registry", "erase", code, *words).code == 2
    assert "--yes" in line("registry", "erase", code, "--reason", "asked for", "--lang", "vi").complaint
    assert line("registry", "show", code, "--json").answer["status"] == "proposed"
    erased = line("registry", "erase", code, "--reason", "asked for", "--yes", "--json")
    assert (erased.code, erased.answer["status"]) == (0, "withdrawn")
    ran = line("resolve", code, "--json")
    (reading,) = ran.answer["readings"]
    assert (ran.code, reading["status"], reading["commune"]["code"]) == (0, "withdrawn", "00070")
    hidden = ("point", "cell", "address", "vpostcode", "plus_code")
    assert [reading[name] for name in hidden] == [None] * 5
    assert "Tràng Tiền" not in line("resolve", code).out + line("registry", "export").out.splitlines()[0]
    verdict = line("validate", code, "--json")
    assert (verdict.code, verdict.answer["verdict"]) == (1, "fix")
    assert line("registry", "verify").code == 0


def test_a_review_says_what_to_look_at(line: Lines, houses: list[str], tmp_path: Path) -> None:
    line("registry", "amend", houses[1], "--house-number", "12")
    (found,) = line("registry", "review", "--json").answers
    assert (found["kind"], found["ndas"], found["others"]) == ("duplicate", houses[0], [houses[1]])
    assert found["evidence"]["other_address"] == "12 trang tien"
    assert set(found["said"]) == {"en", "vi"}
    out = tmp_path / "review.csv"
    assert line("registry", "review", "-o", out, "--json").answer == {"file": str(out), "found": 1, "duplicate": 1}
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith(f"duplicate,{houses[0]},{houses[1]},")
    assert line("registry", "review", "--kind", "outside_commune").out == ""
    assert line("registry", "review", "--kind", "odd").code == 2
    assert line("registry", "review", "--lang", "vi").out.startswith("có thể trùng: ")


def test_a_commune_in_which_the_address_does_not_lie_is_told_of(line: Lines, houses: list[str]) -> None:
    ran = line("registry", "amend", houses[1], "--commune", "26740")
    assert (ran.code, "Phường Sài Gòn (26740) is stated, but the address lies in Phường" in ran.err) == (0, True)
    ran = line("registry", "amend", houses[1], "--commune", "00070", "--json")
    assert ran.answer["warnings"] == []


# Hoàn Kiếm (00070) is a ward of today; Hàng Trống was one, and Nam Định a province, until 30 June 2025
UNITS = """
words                            | field      | said
--commune 00070                  |            |
--commune Hoan\u00a0Kiem             |            |
--commune 99999                  | commune    | no such commune on
--commune Nowhere                | commune    | no such commune on
--commune 70                     | commune    | codes have 5 digits
--commune Hàng\u00a0Trống            | commune    | is a name of before 2025-07-01
--province Nowhere               | province   | no such province on
--province Hà\u00a0Tĩnh              |            |
--province Nam\u00a0Định             | province   | is a name of before 2025-07-01
"""


@pytest.mark.parametrize("row", UNITS.strip().splitlines()[1:], ids=str.strip)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_an_amendment_states_units_of_today(line: Lines, houses: list[str], row: str, lang: str) -> None:
    words, field, said = (cell.strip() for cell in row.split("|"))
    option, value = words.split(" ", 1)
    value = value.replace("\u00a0", " ")
    ran = line("registry", "amend", houses[1], option, value, "--lang", lang)
    assert ran.code == (2 if field else 0), ran.err
    assert len(line("registry", "history", houses[1], "--json").answers) == (1 if field else 2)
    if field:
        assert ran.complaint.startswith(f"{field} '{value}': ")
        assert (said in ran.complaint) == (lang == "en")


def test_a_name_of_several_communes_is_the_one_that_holds_the_household(line: Lines, houses: list[str]) -> None:
    """Tân Hòa is a commune of six provinces, Đồng Tháp (82) among them; none of the houses stands in any."""
    words = ("registry", "amend", houses[1], "--commune", "Tân Hòa")
    ran = line(*words)
    assert (ran.code, "communes have this name" in ran.complaint) == (2, True)
    assert line(*words, "--province", "Đồng Tháp").code == 0
    assert line(*words).code == 0  # the province that it has now tells which

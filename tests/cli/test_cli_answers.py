"""What the single verbs answer, as JSON and as tables.

The points lie well inside their communes, so that the approximate cells of the embedded pack have them right.
Codes of units: decision 19/2025/QĐ-TTg; postcodes: decision 2334/QĐ-BKHCN.
"""

from __future__ import annotations

import re
import shlex

import pytest

import geoaddr
from tests.command_lines import Lines

HOAN_KIEM = (21.0285, 105.8542)
HOUSE = ["--house-number", "12", "--alley", "ngõ 5", "--alley", "ngách 3", "--street", "Tràng Tiền"]
ASSIGN = ["assign", "--lat", "21.0285", "--lon", "105.8542", *HOUSE, "--commune", "00070"]


@pytest.mark.parametrize("words", [["--json", "locate"], ["locate", "--json"]])
def test_locate_gives_what_the_library_gives(line: Lines, words: list[str]) -> None:
    found = line(*words, *HOAN_KIEM)
    with geoaddr.open(store="memory:") as ga:
        assert found.answer == ga.locate(lat=HOAN_KIEM[0], lon=HOAN_KIEM[1]).to_dict()
    assert found.code == 0
    assert found.answer["commune"]["code"] == "00070"
    assert found.answer["postcode"] == "11024"
    assert found.answer["boundary_accuracy"] == "approximate"


OUTSIDE = [("-21.5", "-105.5"), ("-.5", "105"), ("0", "-1e2"), ("15.0", "112.9"), ("48.85", "2.35")]


@pytest.mark.parametrize("point", OUTSIDE)
def test_a_point_outside_the_country_is_a_negative_answer(line: Lines, point: tuple[str, str]) -> None:
    found = line("locate", *point, "--json")
    assert found.code == 1
    assert found.answer["inside"] is False
    assert found.answer["point"] == {"lat": float(point[0]), "lon": float(point[1])}
    assert found.err == ""


def test_a_date_before_the_reform_has_districts(line: Lines) -> None:
    found = line("locate", "10.7769", "106.7009", "--as-of", "2025-06-30", "--json")
    assert found.answer["district"]["full_name"] == "Quận 1"


def test_assign_then_resolve_then_assign_again(line: Lines) -> None:
    first = line(*ASSIGN, "--json")
    code = first.answer["ndas"]
    assert (first.code, first.answer["outcome"], first.answer["status"]) == (0, "created", "proposed")
    assert code.startswith("11024")
    assert first.answer["address"]["components"]["alley"] == ["ngõ 5", "ngách 3"]

    for writing in (code, f"{code[:5]} {code[5:]}", f"{code}{first.answer['check_letter']}"):
        resolved = line("resolve", writing, "--json")
        (reading,) = resolved.answer["readings"]
        assert resolved.code == 0
        assert reading["ndas"] == code
        assert reading["address"] == first.answer["address"]

    again = line(*ASSIGN, "--json")
    assert (again.answer["outcome"], again.answer["ndas"]) == ("existing", code)


def test_components_as_json_are_the_same_household(line: Lines) -> None:
    code = line(*ASSIGN, "--json").answer["ndas"]
    parts = '{"house_number": "12", "alley": ["ngõ 5", "ngách 3"], "street": "Tràng Tiền", "commune": "00070"}'
    for given, stdin in ((parts, None), ("-", parts)):
        found = line(
            "assign", "--lat", "21.0285", "--lon", "105.8542", "--components", given, "--json", stdin=stdin
        )
        assert found.answer["ndas"] == code
    other = line(
        "assign", "--lat", "21.0285", "--lon", "105.8542", "--components", parts, "--floor", "3", "--json"
    )
    assert other.answer["address"]["components"]["floor"] == "3"
    assert other.answer["ndas"] != code


def test_an_idempotency_key_answers_twice_the_same(line: Lines) -> None:
    first = line(*ASSIGN, "--idempotency-key", "shop-1", "--json")
    second = line(*ASSIGN, "--idempotency-key", "shop-1", "--json")
    assert first.answer == second.answer
    other = line(
        "assign", "--lat", "21.03", "--lon", "105.85", "--commune", "00070", "--idempotency-key", "shop-1"
    )
    assert other.code == 1
    assert "another request" in other.complaint


def test_a_disagreement_with_the_cell_is_a_warning_beside_the_answer(line: Lines) -> None:
    words = ["assign", "--lat", "21.0285", "--lon", "105.8542", "--house-number", "1", "--commune", "Ba Đình"]
    shown = line(*words, "--province", "Hà Nội", "--lang", "vi")
    assert shown.code == 0
    assert "khai là Phường Ba Đình" in shown.complaint
    told = line(*words, "--province", "Hà Nội", "--json")
    assert told.err == ""
    assert len(told.answer["warnings"]) == 1


def test_a_code_that_was_never_issued_says_so_and_what_it_may_have_been(line: Lines) -> None:
    code = line(*ASSIGN, "--json").answer["ndas"]
    slip = next(d for d in (f"{code[:9]}{n}" for n in range(10)) if d != code)
    found = line("resolve", slip, "--json")
    assert found.code == 1
    assert [r["status"] for r in found.answer["readings"] if r["system"] == "ndas"] == ["not_issued"]
    assert found.answer["suggestions"][0]["code"] == code
    assert code[5:] in line("resolve", slip).out


def test_several_codes_are_a_line_each_and_one_bad_one_does_not_stop_the_others(line: Lines) -> None:
    code = line(*ASSIGN, "--json").answer["ndas"]
    found = line("resolve", code, "nonsense", "7PH72VH3+CM4", "--json")
    assert found.code == 1
    assert [a["input"] for a in found.answers] == [code, "nonsense", "7PH72VH3+CM4"]
    assert [len(a["readings"]) for a in found.answers] == [1, 0, 1]
    assert found.answers[1]["error"]["field"] == "code"
    refused, data = found.err.splitlines()
    assert "nonsense" in refused
    assert data.startswith("geoaddr: data: ")
    assert line("resolve", code, "7PH72VH3+CM4", "--json").code == 0


def test_a_unit_today_and_before_the_reform(line: Lines) -> None:
    now = line("unit", "26740", "--json")
    then = line("unit", "26740", "--as-of", "2025-06-30", "--json")
    assert (now.answer["name"], then.answer["name"]) == ("Sài Gòn", "Bến Nghé")
    assert "Phường Sài Gòn (26740)" in line("unit", "26740", "--as-of", "2025-06-30").out
    assert line("unit", "99999").code == 1


def test_a_boundary_is_a_geojson_feature(line: Lines) -> None:
    feature = line("unit", "00070", "--boundary").answer
    assert feature["type"] == "Feature"
    assert feature["properties"]["code"] == "00070"
    assert feature["properties"]["boundary_accuracy"] == "approximate"
    west, south, east, north = feature["bbox"]
    assert west < HOAN_KIEM[1] < east
    assert south < HOAN_KIEM[0] < north


UNITS = """\
level     as of       how many
province  2026-09-20  34
commune   2026-09-20  3321
province  2025-06-30  63
district  2025-06-30  696
commune   2025-06-30  10035
"""


@pytest.mark.parametrize("row", [r.split() for r in UNITS.splitlines()[1:]])
def test_units_are_listed_a_line_each(line: Lines, row: list[str]) -> None:
    level, day, count = row
    found = line("units", "list", "--level", level, "--as-of", day, "--json").answers
    assert len(found) == int(count)
    assert {unit["level"] for unit in found} == {level}


def test_units_of_a_parent(line: Lines) -> None:
    found = line("units", "list", "--parent", "01", "--json").answers
    assert len(found) == 126
    assert {unit["parent"] for unit in found} == {"01"}
    assert line("units", "list", "--parent", "02").code == 1


def test_districts_that_are_no_more_are_told_to_be(line: Lines) -> None:
    none = line("units", "list", "--level", "district", "--json")
    assert (none.code, none.out) == (0, "")
    assert "no districts since 2025-07-01" in none.complaint
    assert "không còn cấp huyện" in line("units", "list", "--level", "district", "--lang", "vi").complaint
    assert line("units", "list", "--level", "district", "--as-of", "2025-06-30").err == ""


def test_a_date_after_the_data_is_told_to_be(line: Lines) -> None:
    for lang, says in (("en", "the data ends on 2026-09-20"), ("vi", "dữ liệu chỉ đến ngày 2026-09-20")):
        shown = [line("locate", *HOAN_KIEM, "--lang", lang, "--as-of", day).out for day in AROUND_THE_END]
        assert [says in each for each in shown] == [False, True]


AROUND_THE_END = ("2026-09-20", "2026-09-21")

LINES = """\
parts                                                             | line
--text "57 Huỳnh Thúc Kháng" --commune 00199                      | 57 Huỳnh Thúc Kháng, Phường Láng
--text "57 Huỳnh Thúc Kháng" --commune Láng --province "Hà Nội"   | 57 Huỳnh Thúc Kháng, Láng, Hà Nội
--text "57 Huỳnh Thúc Kháng, láng" --commune Láng                 | 57 Huỳnh Thúc Kháng, láng
--text "57 Láng Hạ" --commune Láng                                | 57 Láng Hạ, Láng
--house-number 57 --street "Huỳnh Thúc Kháng" --commune 00199 --province 01 | \
57 Huỳnh Thúc Kháng, Phường Láng, Thành phố Hà Nội
"""


@pytest.mark.parametrize("row", LINES.splitlines()[1:])
def test_the_address_line_has_all_that_was_stated_and_names_for_codes(line: Lines, row: str) -> None:
    words, expected = (part.strip() for part in row.split(" | "))
    stated = shlex.split(words)
    if "Láng" in stated and "--province" not in stated:
        stated += ["--province", "01"]
        expected += ", Thành phố Hà Nội"
    ran = line("assign", "--lat", "21.0180", "--lon", "105.8089", *stated, "--lang", "en")
    assert f"Address      {expected}" in re.sub(r"Address +", "Address      ", ran.out)
    code = ran.out.split()[0] + ran.out.split()[1]
    assert expected in line("resolve", code).out


def test_only_what_may_help_of_a_wrong_code_is_shown(line: Lines) -> None:
    code = line(*ASSIGN, "--json").answer["ndas"]
    slip = next(f"{code[:9]}{n}" for n in range(10) if f"{code[:9]}{n}" != code)
    assert "It may have been:" in (shown := line("resolve", slip).out)
    assert len([row for row in shown.splitlines() if row.startswith("    ")]) == 1
    assert len(line("resolve", slip, "--json").answer["suggestions"]) > 1
    unknown = line("resolve", "1102412345X").out.splitlines()
    assert "none of them is issued" in unknown[1]
    assert unknown[2].strip().startswith("11024 12345  the same digits")
    assert len(unknown) == 6
    assert unknown[5].startswith("data: ")


@pytest.mark.parametrize(
    ("former", "told"),
    [
        ("Phường Bến Nghé, Quận 1, TP.HCM", "can be the same place"),
        ("Phường Thạch Thang, Quận Hải Châu, Đà Nẵng", "cannot be the same place"),
    ],
)
def test_the_second_address_of_a_line_is_shown(line: Lines, former: str, told: str) -> None:
    shown = line("parse", f"12 Lê Lợi, Phường Sài Gòn, TP.HCM (địa chỉ cũ: 12 Lê Lợi, {former})").out
    assert re.search(rf"Second address +12 Lê Lợi, {former}\n", shown)
    assert re.search(rf"^ +{told}$", shown, re.MULTILINE)


SAYS_ITS_DATA = """
resolve 7PH72VH3+CM4
geocode 'Phường Hoàn Kiếm, Hà Nội'
reverse 21.0285 105.8542 --radius-m 1
suggest 'bến ngh'
unit 26740
parse 'Phường Hoàn Kiếm, Hà Nội'
convert '10 Lê Lợi, P. Bến Nghé, Q1, TPHCM'
validate '10 Lê Lợi, P. Bến Nghé, Q1, TPHCM'
"""


@pytest.mark.parametrize("words", SAYS_ITS_DATA.strip().splitlines())
def test_answers_say_which_data_gave_them(line: Lines, words: str) -> None:
    with geoaddr.open(store="memory:") as ga:
        data = ga.pack.info
    said = f"{data.name} {data.version} ({data.date})"
    assert line(*shlex.split(words), "--lang", "en").out.splitlines()[-1] == f"data: {said}"
    assert line(*shlex.split(words), "--lang", "vi").out.splitlines()[-1] == f"dữ liệu: {said}"
    asked = line(*shlex.split(words), "--json", "--lang", "en")
    if any("pack" in answer for answer in asked.answers):
        assert [answer["pack"] for answer in asked.answers] == [data.to_dict()]
        assert asked.err == ""
    else:  # what is printed is what the library says, and nothing else
        assert asked.complaint.endswith(f"data: {said}")


def test_a_code_that_no_data_refuses_names_none(line: Lines) -> None:
    assert line("resolve", "nonsense!").out == ""
    assert "data: " not in line("resolve", "nonsense!", "--json").complaint
    both = line("resolve", "nonsense!", "7PH72VH3+CM4").out
    assert both.splitlines()[-1].startswith("data: ")

"""A whole street is renamed: each household as one amendment does it, in pages, and again where it broke off."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from geoaddr.errors import InvalidInput
from geoaddr.registry import renaming_households
from geoaddr.registry.renaming import Territory

OLD, NEW = "Quán Thánh", "Phan Đình Phùng"
WHY = {"actor": "people's council", "reason": "resolution", "evidence": "12/NQ-HĐND"}


@pytest.fixture
def issue(registry, draft):
    """The code of a household; what a test says differently is different, an absent street too."""

    def one(number, **parts):
        north_m = parts.pop("north_m", 30.0 * len(list(registry.export())))
        changes = {name: parts.pop(name) for name in ("commune_code", "area_code", "issued_on") if name in parts}
        return registry.issue(draft(number, north_m=north_m, components=parts, **changes)).record.ndas

    return one


@pytest.fixture
def rename(registry):
    return lambda **how: registry.rename_street("00004", **{"street": OLD, "name": NEW, **WHY, **how})


def streets(registry):
    return {record.ndas: record.components.street for record in registry.export()}


def test_each_household_has_the_event_of_one_amendment(registry, issue, rename):
    codes = [issue(12), issue(14, alley=["ngõ 14"]), issue(16, unit="301")]
    alone = issue(18)
    told = rename(last_number=16)
    assert (told.renamed, told.already, told.refused, told.remaining, told.after) == (3, 0, 0, 0, None)
    registry.amend(alone, {"street": NEW}, cause="renamed", **WHY)
    expected = registry.history(alone)[-1]
    for code in codes:
        record, event = registry.get(code), registry.history(code)[-1]
        assert (record.ndas, record.status, record.version, record.commune_code) == (code, "proposed", 2, "00004")
        assert (event.kind, event.number, event.actor, event.reason) == (
            expected.kind, expected.number, expected.actor, expected.reason,
        )  # fmt: skip
        assert {**event.details, "alias": None} == {**expected.details, "alias": None}
        assert record.components == replace(record.components, street=NEW)
    assert registry.verify() == []


def test_the_old_name_finds_them_still(registry, issue, rename):
    code = issue("12/4A", alley=["ngõ 12"])
    rename()
    was = {"house_number": "12/4A", "alley": ["ngõ 12"], "street": "phố quan thanh"}
    assert [record.ndas for record in registry.formerly(was)] == [code]
    assert registry.as_of(code, registry.history(code)[0].at).components.street == OLD
    assert registry.communes_of(NEW) == registry.communes_of(OLD) == {}  # only proposed
    assert [house.ndas for house in registry.store.houses("street", "phan dinh phung", ["00004"])] == [code]
    assert registry.store.houses("street", "quan thanh", ["00004"]) == []


# what a household of the commune states as its street | whether it is on the street Lê Lai
WRITTEN = """
Lê Lai                | renamed
Phố Lê Lai            | renamed
đường lê lai          | renamed
LÊ LAI                | renamed
P. Lê Lai             | renamed
Phố Le Lai            | refused: other accents, or without
Lê Lợi                |
Lê Lai Kéo Dài        |
Lê Lài                | refused: other accents
ngõ 12 phố Lê Lai     | refused: more than the name
Lê Lai (đường 5)      | refused: more than the name
Lê Lai, tổ 4          | refused: more than the name
Lê Lai;               | refused: more than the name
"""


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines(), ids=str.strip)
def test_streets_are_compared_as_the_registry_does_it(registry, issue, rename, line):
    written, expected = (cell.strip() for cell in line.split("|"))
    issue(1, street="Lê Lai")
    code = issue(30, street=written)
    told = rename(street="Lê Lai")
    assert (registry.get(code).components.street == NEW) == (expected == "renamed")
    assert told.renamed == 1 + (expected == "renamed")
    refused = {each.ndas: each.reason["en"] for each in told.refusals}
    assert told.refused == len(refused) == expected.startswith("refused")
    if refused:
        assert expected.removeprefix("refused: ") in refused[code]
        assert len(registry.history(code)) == 1


def test_how_the_name_was_written_is_told(registry, issue, rename):
    for number, street in ((1, "Quang Trung"), (3, "Quang Trung"), (5, "phố Quang Trung")):
        issue(number, street=street)
    for told in (rename(street="Quang Trung", dry_run=True), rename(street="Quang Trung")):
        assert [each.to_dict() for each in told.written] == [
            {"street": "Quang Trung", "households": 2}, {"street": "phố Quang Trung", "households": 1},
        ]  # fmt: skip


def test_a_name_without_accents_is_not_one_with_some(registry, issue, rename):
    """Quang Trung and Quảng Trung fold alike. One run for each name renames both, where they are one street."""
    issue(1, street="Quang Trung")
    other = issue(3, street="Quảng Trung")
    told = rename(street="Quang Trung")
    assert (told.renamed, [each.ndas for each in told.refusals]) == (1, [other])
    told = rename(street="Quảng Trung")
    assert (told.renamed, told.refusals) == (1, ())


def test_a_line_that_nobody_took_apart_is_left_to_a_person(registry, issue, rename):
    issue(1)
    code = issue(None, street=None, text="30 phố Quán Thánh")
    told = rename()
    assert [(each.ndas, "one line" in each.reason["en"]) for each in told.refusals] == [(code, True)]
    assert "một dòng" in told.refusals[0].reason["vi"]


def test_what_is_elsewhere_or_at_its_end_stays(registry, issue, rename, draft):
    there = issue(12)
    left = {
        issue(13, commune_code="00008", area_code="11121"): "another commune",
        issue(14): "retired",
        issue(15): "superseded",
        issue(16): "erased",
        issue(17, issued_on=dt.date(2025, 3, 1)): "a commune of before the reform, with the same code",
    }
    _, retired, superseded, erased, _ = left
    registry.retire(retired)
    registry.supersede(superseded, [there])
    registry.erase(erased, reason="asked for")
    before = {code: registry.get(code) for code in left}
    assert rename().renamed == 1
    assert {code: registry.get(code) for code in left} == before


def test_a_part_of_the_street_by_numbers(registry, issue, rename):
    """An address in an alley has the number of its mouth; one without a number is on no part."""
    codes = {
        "8": issue(8), "10": issue(10), "12A": issue("12A"), "20": issue(20), "22": issue(22),
        "5 in ngõ 14": issue(5, alley=["ngõ 14"]), "no number": issue(None),
    }  # fmt: skip
    told = rename(first_number=10, last_number=20)
    renamed = {number for number, code in codes.items() if registry.get(code).components.street == NEW}
    assert (told.renamed, renamed) == (4, {"10", "12A", "20", "5 in ngõ 14"})
    assert rename(first_number=21).renamed == 1
    assert rename(last_number=9).renamed == 1
    assert rename().renamed == 1


def test_the_same_run_again_finds_what_is_left(registry, issue, rename, monkeypatch):
    """Broken off between two pages, as by a kill: each household has one name or the other."""
    monkeypatch.setattr(renaming_households, "PAGE", 2)
    codes = sorted(issue(number) for number in range(1, 8))

    class Killed(BaseException):
        pass

    pages = []

    def die(renamed):
        pages.append(list(renamed))
        if len(pages) == 2:
            raise Killed

    with pytest.raises(Killed):
        rename(done=die)
    assert [code for code in codes if registry.get(code).components.street == NEW] == codes[:4]
    assert pages == [codes[:2], codes[2:4]]
    again = rename()
    assert (again.renamed, again.already) == (3, 4)
    assert set(streets(registry).values()) == {NEW}
    assert {len(registry.history(code)) for code in codes} == {2}
    third = rename()
    assert (third.renamed, third.already, third.refused) == (0, 7, 0)
    assert registry.verify() == []


def test_a_bounded_run_says_where_to_go_on(registry, issue, rename):
    codes = sorted([*(issue(number) for number in range(1, 6)), issue(30, street="Quàn Thánh")])
    odd = next(code for code in codes if registry.get(code).components.street != OLD)
    first = rename(most=2)
    assert (first.remaining, first.already, first.after) == (4, None, codes[1])
    renamed, told = first.renamed, first
    while told.after is not None:
        told = rename(most=2, after=told.after)
        renamed += told.renamed
    assert (renamed, told.remaining, told.already) == (5, 0, 5 - told.renamed)
    assert {code for code, street in streets(registry).items() if street != NEW} == {odd}


def test_households_that_were_on_the_new_street_before_are_not_counted(registry, issue, rename):
    issue(1, street=NEW)
    issue(2)
    assert (rename().renamed, rename().already) == (1, 1)


# the name that a run is told | how a household writes that street
SPELLINGS = """
3/2                 | Ba Tháng Hai
Lý Thường Kiệt      | Lí Thường Kiệt
CMT8                | Cách Mạng Tháng Tám
QL1A                | Quốc lộ 1A
TL 8                | ĐT8
Đường số 02         | số 2
Lê Lai              | đường phố Lê Lai
"""


@pytest.mark.parametrize("line", SPELLINGS.strip().splitlines(), ids=str.strip)
def test_the_same_run_again_knows_every_spelling(registry, issue, rename, line):
    """Whoever was renamed is counted by the street that was left, and never by what is renamed now."""
    told, written = (cell.strip() for cell in line.split("|"))
    for number, street in ((1, told), (3, written), (5, written)):
        issue(number, street=street)
    runs = rename(street=told), rename(street=told)
    assert [(each.renamed, each.already) for each in runs] == [(3, 0), (0, 3)]


def test_another_street_whose_name_begins_alike_is_not_the_one_that_was_left(registry, issue, rename):
    issue(1, street="Lê Lai")
    code = issue(3, street="Lê Lai Kéo Dài")
    registry.amend(code, {"street": NEW}, **WHY)
    assert (rename(street="Lê Lai").already, rename(street="Lê Lai").already) == (0, 1)


def test_one_that_was_renamed_back_is_renamed_anew(registry, issue, rename):
    code = issue(1)
    assert (rename().renamed, rename(street=NEW, name=OLD).renamed, rename().renamed) == (1, 1, 1)
    assert registry.get(code).version == 4
    assert (rename().renamed, rename().already) == (0, 1)


def test_a_dry_run_tells_the_same_and_changes_nothing(registry, issue, rename):
    for number in (1, 3, 5):
        issue(number)
    issue(30, street="Quàn Thánh")
    before = [registry.history(record.ndas) for record in registry.export()]
    foreseen = rename(dry_run=True)
    assert [registry.history(record.ndas) for record in registry.export()] == before
    assert replace(rename(), dry_run=True) == foreseen
    assert (foreseen.renamed, foreseen.refused) == (3, 1)


REFUSED = """
from       | to              | others                                 | field
Quán Thánh |                 | {}                                     | to
Quán Thánh | Mới             | {"first_number": 9, "last_number": 3}  | last_number
Quán Thánh | Mới             | {"first_number": -1}                   | first_number
Quán Thánh | Mới             | {"last_number": 100000}                | last_number
           | Mới             | {}                                     | from
Quán Thánh | Quán Thánh      | {}                                     | to
Quán Thánh | phố quan thanh  | {}                                     | to
Quán Thánh | ngõ 5 phố Huế   | {}                                     | to
Quán Thánh | Mới, Ba Đình    | {}                                     | to
Quán Thánh | gọi 0912345678  | {}                                     | to
Hàng Than  | Mới             | {}                                     | from
Quán Thánh | Mới             | {"first_number": 500}                  | from
Quán Thánh | Mới             | {"evidence": "CCCD 001099012345"}      | evidence
Quán Thánh | Mới             | {"after": "12"}                        | after
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:], ids=str.strip)
def test_what_cannot_be_done_is_refused_in_both_languages(registry, issue, rename, line):
    street, name, others, field = (cell.strip() for cell in line.split("|"))
    issue(12)
    with pytest.raises(InvalidInput) as caught:
        rename(street=street, name=name, **json.loads(others))
    assert caught.value.field == field
    assert caught.value.message("en") != caught.value.message("vi")
    assert set(streets(registry).values()) == {OLD}


# what is written | whether a street that is there may be told by it | whether one may be given it
NAMES = """
Lê Lợi                   | yes | yes
3/2                      | yes | yes
30-4                     | yes | yes
19 tháng 5               | yes | yes
3 tháng Hai              | yes | yes
30 tháng 4 nối dài       | yes | yes
Ba Tháng Hai             | yes | yes
Đường 12                 | yes | yes
Đường số 12              | yes | yes
QL1A                     | yes | yes
D5                       | yes | yes
Đường K5                 | yes | yes
Phố Ngõ Trạm             | yes | yes
Ngo Quyen                | yes | yes
Phó Đức Chính            | yes | yes
Số Đỏ                    | yes | yes
đường                    | yes | name
Đường số                 | yes | name
Đ.                       | yes | name
Quốc lộ                  | yes | name
12                       | yes | number
số 12A                   | yes | number
12/34                    | yes | number
Ngõ 5                    | yes | alley
ngo 5                    | yes | alley
Hẻm Bà Sáu               | yes | alley
ngõ 5 phố Huế            | more | more
12 Lê Lợi                | more | more
Số nhà 12/4 Lê Lợi       | more | more
12 - 14 Lê Lợi           | more | more
5 Thang Long             | more | more
Lê Lợi; Y                | more | more
Lê Lợi； Y                | more | more
Lê Lợi, Y                | more | more
Lê Lợi (đoạn 1)          | more | more
"""
"""Households are renamed from what was written at their time; nothing of it but the name may be lost."""

WHY_NOT = {
    "name": "name a street",
    "number": "a number alone",
    "alley": "an alley",
    "more": "not the name of a street alone",
}


@pytest.mark.parametrize("line", NAMES.strip().splitlines(), ids=str.strip)
def test_what_is_the_name_of_a_street(registry, issue, rename, line):
    written, *verdicts = (cell.strip() for cell in line.split("|"))
    for verdict, names in zip(verdicts, ({"street": written}, {"name": written}), strict=True):
        code = issue(12, **({"street": written} if "street" in names else {}))
        field = "from" if "street" in names else "to"
        if verdict == "yes":
            assert rename(**names).renamed == 1
            assert registry.get(code).components.street == names.get("name", NEW)
            continue
        with pytest.raises(InvalidInput) as caught:
            rename(**names)
        assert caught.value.field == field
        assert WHY_NOT[verdict] in caught.value.reason.en
        assert caught.value.message("en") != caught.value.message("vi")


def test_a_house_number_in_the_street_is_not_lost(registry, issue, rename):
    code = issue(None, street="12 Lê Lợi")
    told = rename(street="Đường 12 Lê Lợi")
    assert (told.renamed, [each.ndas for each in told.refusals]) == (0, [code])
    assert "more than the name" in told.refusals[0].reason["en"]


def test_who_may_not_and_what_is_uncertain_is_told(registry, issue, rename):
    codes = [issue(number) for number in (1, 3, 5)]
    territory = Territory(["00004"], lambda house: None if house.ndas == codes[0] else True)
    told = rename(territory=territory, allowed=lambda record: record.ndas != codes[1])
    assert told.renamed == 1
    reasons = {each.ndas: each.reason["en"] for each in told.refusals}
    assert reasons.keys() == {codes[0], codes[1]}
    assert "divided" in reasons[codes[0]]
    assert "another province" in reasons[codes[1]]


def test_a_household_with_as_many_names_as_it_may_have_is_told(registry, issue, rename):
    from geoaddr.model import Alias
    from geoaddr.registry.drafts import MAX_ALIASES

    full, other = issue(1), issue(3)
    for number in range(MAX_ALIASES):
        registry.add_alias(full, Alias("other", str(number)))
    told = rename()
    assert (told.renamed, [each.ndas for each in told.refusals]) == (1, [full])
    assert registry.get(other).components.street == NEW

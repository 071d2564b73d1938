"""Who gets which code."""

from __future__ import annotations

import pytest

from geoaddr.codes import issuing
from geoaddr.errors import AlreadyIssued, AreaExhausted, Conflict, InvalidInput
from geoaddr.model import Alias, Point
from geoaddr.registry import Issued, LoadRow

from .conftest import KEY

ORDER = issuing.Sequence(KEY)


def load_codes(registry, codes):
    """Bring in codes that others issued."""
    common = {"lat": "10.5", "lon": "106.5", "commune_code": "27001", "issued_on": "2025-09-01"}
    report = registry.load(LoadRow(i, {"ndas": code, **common}) for i, code in enumerate(codes, 1))
    assert report.loaded == len(codes)


def test_codes_follow_the_issuing_order_of_their_area(registry, draft):
    codes = [registry.issue(draft(number)).record.ndas for number in range(5)]
    assert codes == ["11120" + ORDER.extension("11120", position) for position in range(5)]
    elsewhere = registry.issue(draft(9, area_code="70000", commune_code="26740", lat=10.77, lon=106.7))
    assert elsewhere.record.ndas == "70000" + ORDER.extension("70000", 0)


def test_codes_that_others_issued_are_passed_over(registry, draft):
    taken = ["11120" + ORDER.extension("11120", position) for position in (0, 1, 3)]
    load_codes(registry, taken)
    codes = [registry.issue(draft(number)).record.ndas for number in range(3)]
    assert codes == ["11120" + ORDER.extension("11120", position) for position in (2, 4, 5)]


def test_a_long_run_of_taken_codes_is_passed_over(registry, draft):
    load_codes(registry, ["11120" + extension for extension in ORDER.extensions("11120", 0, 1500)])
    assert registry.issue(draft(1)).record.ndas == "11120" + ORDER.extension("11120", 1500)


def test_an_area_has_a_hundred_thousand_codes(registry, draft):
    registry.store.write(lambda transaction: transaction.set_positions({"11120": 99_999}))
    last = registry.issue(draft(1)).record
    assert last.ndas == "11120" + ORDER.extension("11120", 99_999)
    with pytest.raises(AreaExhausted) as caught:
        registry.issue(draft(2))
    assert (caught.value.field, caught.value.value) == ("area_code", "11120")
    answers = registry.issue_many([("1", draft(3)), ("2", draft(4, area_code="11119"))], batch_id="b")
    assert isinstance(answers[0], AreaExhausted)
    assert isinstance(answers[1], Issued)
    assert registry.issue(draft(1)) == Issued(last, "existing")
    assert registry.stats()["areas_exhausted"] == 1


def test_an_area_that_others_filled_to_the_end_is_exhausted(registry, draft):
    load_codes(registry, ["11120" + ORDER.extension("11120", 99_999)])
    registry.store.write(lambda transaction: transaction.set_positions({"11120": 99_999}))
    with pytest.raises(AreaExhausted):
        registry.issue(draft(1))


def test_a_record_says_what_its_draft_said(registry, draft):
    told = draft(
        "12A",
        components={"alley": ["12", "34"], "floor": "3", "unit": "25 - 06", "commune": "00004"},
        point_source="survey",
        uncertainty_m=2.5,
        entrances=(Point(lat=21.03681, lon=105.83462),),
        aliases=(Alias("location_id", "001099012345"),),
        status="verified",
    )
    record = registry.issue(told, actor="postman", reason="new house").record
    assert record == registry.get(record.ndas)
    for name in ("components", "commune_code", "point", "issued_on", "point_source", "uncertainty_m", "status"):
        assert record[name] == told[name], name
    assert (record.entrances, record.aliases) == (told.entrances, told.aliases)
    assert (record.version, record.created_at, record.updated_at) == (1, *["2026-03-01T08:00:01.000Z"] * 2)


SAME_HOUSEHOLD = """
house number | street                | metres north | outcome
12           | Quán Thánh            | 0            | existing
12           | quan thanh            | 0            | existing
12           | QUÁN  THÁNH           | 9.9          | existing
12           | Quán Thánh            | 10.1         | created
12A          | Quán Thánh            | 0            | created
1/2          | Quán Thánh            | 0            | created
12           | Phố Quán Thánh        | 0            | existing
12           | đường phố Quán Thánh  | 9            | existing
12           | P. Quán Thánh         | 0            | existing
12           | Đ.Quán Thánh          | 0            | existing
12           | DAI LO QUAN THANH     | 0            | existing
12           | Đền Quán Thánh        | 0            | created
số 12        | Quán Thánh            | 0            | existing
So nha: 12   | Quán Thánh            | 0            | existing
No.12        | Quán Thánh            | 0            | existing
012          | Quán Thánh            | 0            | existing
120          | Quán Thánh            | 0            | created
12'          | Quán Thánh            | 0            | created
12           | Thụy Khuê             | 0            | created
"""


def rows_of(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("number", "street", "metres", "outcome"), rows_of(SAME_HOUSEHOLD))
def test_the_same_components_a_few_metres_apart_are_one_household(
    registry, draft, number, street, metres, outcome
):
    first = registry.issue(draft(12)).record
    again = registry.issue(draft(number, components={"street": street}, north_m=float(metres)))
    assert again.outcome == outcome
    assert (again.record == first) == (outcome == "existing")


def test_a_household_keeps_its_code_when_its_commune_changes(registry, draft):
    """By a merger, a redrawn border, or a point that falls on the other side of one."""
    first = registry.issue(draft(12)).record
    moved = draft(12, area_code="11119", commune_code="00008", north_m=6)
    assert registry.issue(moved) == Issued(first, "existing")
    answers = registry.issue_many([("1", draft(14)), ("2", draft(14, commune_code="00008", area_code="11119"))])
    assert [answer.outcome for answer in answers] == ["created", "existing"]


@pytest.mark.parametrize("metres", range(0, 120, 7))
def test_a_household_is_found_among_those_of_its_own_transaction(registry, draft, metres):
    drafts = [draft(12, north_m=metres), draft(12, north_m=metres + 9), draft(12, north_m=metres - 9)]
    first, *others = registry.issue_many([(None, one) for one in drafts])
    assert others == [Issued(first.record, "existing")] * 2


SAME_NUMBER = """
12A    | 12 A    | 12-A | 12a
B1     | B 1     | b1
5Đ     | 5 đ     | 05Đ
5D     | 5 D     | số 5D
12/34  | 12 / 34 | 012/34
12-34  | 12 34   | 12 - 34
1/2-3  | 1 / 2 - 3
1-2/3  | 1-02/3
5'     | 5’      | 05'
5      | 05      | Nhà số 5
10     | 010
1.05   | 01.05
1.5    | 1 5
A      | a
"""

SAME_STREET = """
Đường D5          | D5              | đường D 5
Đường 5           | Đ. 5            | phố 5
Phố Huế           | Huế             | pho hue       | P.Huế
Dương Quảng Hàm   | duong quang ham | Đường Dương Quảng Hàm
Đại lộ Thăng Long | ĐL. Thăng Long  | THĂNG LONG
Đường 8/3         | 8/3
Đường 8-3         | 8-3
Đường             | đường
Phố P             | P
"""


@pytest.mark.parametrize(("part", "table"), [("house_number", SAME_NUMBER), ("street", SAME_STREET)])
def test_writings_of_one_line_are_one_household_and_of_two_lines_two(registry, draft, part, table):
    for line in table.strip().splitlines():
        first, *others = (draft(components={part: writing.strip()}) for writing in line.split("|"))
        record = registry.issue(first)
        assert record.outcome == "created", line
        for other in others:
            assert registry.issue(other) == Issued(record.record, "existing"), (line, other.components)


def test_a_line_that_nobody_took_apart_counts_to_the_letter(registry, draft):
    def line(text):
        return draft(None, components={"street": None, "text": text})

    lines = ["12A Phố Huế", "12 A Phố Huế", "12A Huế", "số 12A Phố Huế", "12a Pho Hue"]
    assert {registry.issue(line(text)).outcome for text in lines} == {"created"}
    assert registry.issue(line("  12a  PHỐ huế ")).outcome == "existing"


def test_slashes_count_and_hyphens_do_not(registry, draft):
    registry.issue(draft("16-18"))
    assert registry.issue(draft("16/18")).outcome == "created"
    assert registry.issue(draft("16 - 18")).outcome == "existing"


def test_a_letter_after_a_number_keeps_its_accent(registry, draft):
    numbers = ["5", "5D", "5Đ", "5A", "5Â"]
    assert {registry.issue(draft(number)).outcome for number in numbers} == {"created"}
    written = ["5d", "5đ", "5a\N{COMBINING CIRCUMFLEX ACCENT}"]
    assert {registry.issue(draft(number)).outcome for number in written} == {"existing"}


def test_flats_share_a_place(registry, draft):
    flats = [draft(1, components={"floor": "3", "unit": str(unit)}) for unit in range(20)]
    assert {registry.issue(flat).outcome for flat in flats} == {"created"}
    assert {registry.issue(flat).outcome for flat in flats} == {"existing"}


def test_with_nothing_stated_only_the_same_point_is_the_same_household(registry, draft):
    nothing = {"components": {"street": None}}
    registry.issue(draft(None, **nothing))
    assert registry.issue(draft(None, **nothing)).outcome == "existing"
    assert registry.issue(draft(None, **nothing, north_m=2)).outcome == "created"


def test_a_retired_address_is_nobodys_household(registry, draft):
    first = registry.issue(draft(12)).record
    registry.retire(first.ndas)
    again = registry.issue(draft(12))
    assert again.outcome == "created"
    assert again.record.ndas != first.ndas


def test_the_nearest_of_several_fitting_records_is_the_household(registry, draft):
    south = registry.issue(draft(12)).record
    north = registry.issue(draft(12, north_m=15)).record
    assert registry.issue(draft(12, north_m=7)).record == south
    assert registry.issue(draft(12, north_m=8)).record == north


def test_an_idempotency_key_has_one_answer(registry, draft):
    first = registry.issue(draft(12), idempotency_key="k", request_digest="d")
    assert registry.issue(draft(12), idempotency_key="k", request_digest="d") == first
    assert first.outcome == "created"
    with pytest.raises(AlreadyIssued) as caught:
        registry.issue(draft(14), idempotency_key="k", request_digest="other")
    assert (caught.value.field, caught.value.value) == ("idempotency_key", "k")
    assert registry.stats()["addresses"] == 1


def test_without_a_digest_the_draft_is_the_request(registry, draft):
    first = registry.issue(draft(12), idempotency_key="k")
    assert registry.issue(draft(12), idempotency_key="k") == first
    with pytest.raises(AlreadyIssued):
        registry.issue(draft(12, uncertainty_m=1.0), idempotency_key="k")


def test_a_key_answers_with_the_record_as_it_is_by_now(registry, draft):
    first = registry.issue(draft(12), idempotency_key="k")
    retired = registry.retire(first.record.ndas)
    assert registry.issue(draft(12), idempotency_key="k") == Issued(retired, "created")


def test_many_are_issued_as_one_by_one(registry, draft):
    drafts = [draft(number, area_code=area) for number in (1, 2, 1, 3) for area in ("11120", "11119")]
    answers = registry.issue_many([(None, d) for d in drafts])
    outcomes = "created existing created existing existing existing created existing"
    assert [a.outcome for a in answers] == outcomes.split()
    assert [a.record.ndas for a in answers if a.outcome == "created"] == [
        "11120" + ORDER.extension("11120", position) for position in range(3)
    ]


def test_a_batch_that_is_repeated_gives_the_same_rows(registry, draft):
    rows = [(str(i), draft(i % 7, north_m=i // 14 * 100)) for i in range(40)]
    first = registry.issue_many(rows[:25], batch_id="file")
    whole = registry.issue_many(rows, batch_id="file")
    assert whole[:25] == first
    assert registry.issue_many(rows, batch_id="file") == whole
    assert registry.stats()["addresses"] == sum(a.outcome == "created" for a in whole)
    assert {a.outcome for a in registry.issue_many(rows, batch_id="another")} == {"existing"}


def test_a_row_that_was_another_draft_before_is_refused_in_its_place(registry, draft):
    registry.issue_many([("1", draft(1))], batch_id="file")
    answers = registry.issue_many([("1", draft(99)), ("2", draft(2))], batch_id="file")
    assert isinstance(answers[0], AlreadyIssued)
    assert isinstance(answers[0], Conflict)
    assert answers[1].outcome == "created"


REFUSED = [
    ("area_code", {"area_code": 11120}),
    ("area_code", {"area_code": "1112"}),
    ("area_code", {"area_code": "１１１２０"}),
    ("commune_code", {"commune_code": "4"}),
    ("status", {"status": "retired"}),
    ("point_source", {"point_source": ""}),
    ("uncertainty_m", {"uncertainty_m": float("nan")}),
    ("uncertainty_m", {"uncertainty_m": -1.0}),
    ("uncertainty_m", {"uncertainty_m": 100_000.5}),
    ("point_source", {"point_source": "guess"}),
    ("issued_on", {"issued_on": "2026-03-01"}),
    ("aliases", {"aliases": (Alias("parcel", "w"),) * 65}),
    ("alias.code", {"aliases": (Alias("parcel", "x" * 201),)}),
]


@pytest.mark.parametrize(("field", "changes"), REFUSED)
def test_a_draft_that_no_record_may_hold_is_refused_and_leaves_nothing(registry, draft, field, changes):
    with pytest.raises(InvalidInput) as caught:
        registry.issue_many([("1", draft(1)), ("2", draft(2, **changes))], batch_id="b")
    assert caught.value.field == field
    assert registry.stats()["addresses"] == 0


def test_personal_data_is_refused_even_past_the_form(registry, draft):
    from dataclasses import replace

    from geoaddr.model import Components

    with pytest.raises(InvalidInput, match="personal data") as caught:
        registry.issue(replace(draft(), components=Components(text="gọi 0912 345 678")))
    assert "0912" not in str(caught.value)
    with pytest.raises(InvalidInput, match="personal data"):
        registry.issue(draft(), reason="theo CCCD 001099012345")


def test_a_row_identity_comes_once(registry, draft):
    with pytest.raises(InvalidInput, match="twice"):
        registry.issue_many([("1", draft(1)), ("1", draft(2))], batch_id="b")

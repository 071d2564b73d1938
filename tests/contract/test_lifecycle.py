"""What may follow what in the life of an address, and what is written down."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.errors import Conflict, InvalidCode, InvalidInput, StaleVersion, UnknownAddress
from geoaddr.model import Alias

MOVES = """
status     | verb      | then
proposed   | confirm   | verified
verified   | confirm   | live
live       | confirm   | refused
retired    | confirm   | refused
superseded | confirm   | refused
proposed   | retire    | retired
verified   | retire    | retired
live       | retire    | retired
retired    | retire    | refused
superseded | retire    | refused
proposed   | supersede | superseded
verified   | supersede | superseded
live       | supersede | superseded
retired    | supersede | refused
superseded | supersede | refused
"""

ROWS = [[cell.strip() for cell in line.split("|")] for line in MOVES.strip().splitlines()[1:]]


@pytest.fixture
def issue(registry, draft):
    """Codes of new addresses."""
    numbers = iter(range(1, 1000))
    return lambda status="proposed": registry.issue(draft(next(numbers), status=status)).record.ndas


@pytest.mark.parametrize(("status", "verb", "then"), ROWS)
def test_moves(registry, issue, status, verb, then):
    other = issue()
    code = issue(status if status in ("proposed", "verified", "live") else "live")
    if status == "retired":
        registry.retire(code)
    elif status == "superseded":
        registry.supersede(code, [other])
    before = registry.get(code)
    do = {
        "confirm": lambda: registry.confirm(code),
        "retire": lambda: registry.retire(code),
        "supersede": lambda: registry.supersede(code, [other]),
    }[verb]
    if then == "refused":
        with pytest.raises(Conflict) as caught:
            do()
        assert (caught.value.field, caught.value.value) == ("status", status)
        assert registry.get(code) == before
    else:
        assert do().status == then
        assert registry.get(code).version == before.version + 1


def test_history_tells_who_when_why_and_what(registry, issue, clock):
    code = issue()
    registry.confirm(code, actor="ward", reason="seen", round=1)
    other = issue()
    registry.supersede(code, [other], actor="ward", reason="split")
    told = [(e.number, e.kind, e.at[11:19], e.actor, e.reason, dict(e.details)) for e in registry.history(code)]
    seen = {"from": "proposed", "to": "verified", "round": 1}
    split = {"from": "verified", "to": "superseded", "by": [other]}
    assert told == [
        (1, "issued", "08:00:01", "", "", {"to": "proposed"}),
        (2, "confirmed", "08:00:02", "ward", "seen", seen),
        (3, "superseded", "08:00:04", "ward", "split", split),
    ]
    record = registry.get(code)
    assert (record.version, record.superseded_by) == (3, (other,))
    assert (record.created_at, record.updated_at) == ("2026-03-01T08:00:01.000Z", "2026-03-01T08:00:04.000Z")
    assert registry.verify() == []


def test_a_clock_that_goes_backward_does_not_turn_history_round(registry, issue, clock):
    code = issue()
    clock.now -= dt.timedelta(days=1)
    registry.confirm(code)
    first, second = registry.history(code)
    assert first.at == second.at == "2026-03-01T08:00:01.000Z"


def test_ended_codes_still_answer_and_are_never_issued_again(registry, issue):
    code, other = issue(), issue()
    registry.retire(code)
    assert registry.find(code).status == "retired"
    assert registry.issued([code, other, "1112099999"]) >= {code, other}
    later = {issue() for _ in range(50)}
    assert code not in later


def test_chains_are_followed_to_their_ends(registry, issue):
    a, b, c, d, e = (issue() for _ in range(5))
    registry.supersede(a, [b, c])
    registry.supersede(b, [d, e])
    registry.supersede(c, [d])
    assert [r.ndas for r in registry.replacements(a)] == sorted([d, e])
    assert [r.ndas for r in registry.replacements(d)] == [d]


def test_a_code_cannot_replace_itself(registry, issue):
    a, b, c = (issue() for _ in range(3))
    with pytest.raises(Conflict, match="replace itself"):
        registry.supersede(a, [a])
    registry.supersede(a, [b])
    registry.supersede(b, [c])
    with pytest.raises(Conflict, match="replace itself"):
        registry.supersede(c, [a])
    assert registry.get(c).status == "proposed"
    assert registry.verify() == []


def test_a_retired_code_replaces_nothing(registry, issue):
    a, b, c, d = (issue() for _ in range(4))
    registry.supersede(b, [c])
    registry.retire(c)
    for by in ([c], [d, c], [b]):
        with pytest.raises(Conflict) as caught:
            registry.supersede(a, by)
        assert (caught.value.field, caught.value.value) == ("by", c)
    assert registry.supersede(a, [d]).superseded_by == (d,)


def test_successors_are_named_once_and_exist(registry, issue):
    a, b = issue(), issue()
    for by in ([], [b, b]):
        with pytest.raises(InvalidInput) as caught:
            registry.supersede(a, by)
        assert caught.value.field == "by"
    with pytest.raises(UnknownAddress) as unknown:
        registry.supersede(a, [b, "9999999999"])
    assert unknown.value.value == "9999999999"
    assert registry.get(a).superseded_by == ()


def test_a_change_of_what_was_not_read_is_refused(registry, issue):
    code = issue()
    registry.confirm(code, expected_version=1)
    for change in (registry.confirm, registry.retire):
        with pytest.raises(StaleVersion) as caught:
            change(code, expected_version=1)
        assert (caught.value.field, caught.value.value) == ("expected_version", 1)
    with pytest.raises(StaleVersion):
        registry.add_alias(code, Alias("parcel", "w3gvk1td8pxz"), expected_version=1)
    assert len(registry.history(code)) == 2


def test_an_alias_is_added_once(registry, issue):
    code, alias = issue(), Alias("location_id", "001099012345", dt.date(2026, 5, 1))
    added = registry.add_alias(code, alias, actor="ministry")
    assert registry.add_alias(code, alias) == added == registry.get(code)
    assert added.aliases == (alias,)
    event = registry.history(code)[-1]
    assert (event.kind, event.details["alias"]["code"]) == ("alias_added", "001099012345")
    with pytest.raises(InvalidInput):
        registry.add_alias(code, Alias("", "x"))
    ends = Alias("location_id", "1", dt.date(2026, 5, 1), dt.date(2026, 5, 1))
    with pytest.raises(InvalidInput):
        registry.add_alias(code, ends)


@pytest.mark.parametrize("verb", ["confirm", "retire", "get", "history", "replacements"])
def test_a_code_that_was_never_issued_is_unknown(registry, issue, verb):
    for _ in range(2):  # before the registry exists, and after
        with pytest.raises(UnknownAddress) as caught:
            getattr(registry, verb)("1112000000")
        assert caught.value.value == "1112000000"
        issue()


@pytest.mark.parametrize("code", ["", "111200000", "11120００000", "1112O00000"])
def test_what_is_no_code_is_refused(registry, code):
    for verb in (registry.find, registry.get, registry.retire):
        with pytest.raises(InvalidCode):
            verb(code)


def test_codes_are_taken_in_any_spacing(registry, issue):
    code = issue()
    spaced = f"{code[:5]}-{code[5:]}"
    assert registry.find(spaced) == registry.find(code)
    assert registry.retire(spaced).ndas == code


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("actor", {"actor": "x" * 65}),
        ("actor", {"actor": "a\nb"}),
        ("actor", {"actor": "0912 345 678"}),
        ("actor", {"actor": "0912345678@bưu-điện.vn"}),
        ("actor", {"actor": "CCCD 001099012345"}),
        ("reason", {"reason": "gọi 0912345678"}),
    ],
)
def test_notes_are_checked(registry, issue, field, words):
    code = issue()
    with pytest.raises(InvalidInput) as caught:
        registry.retire(code, **words)
    assert caught.value.field == field


def test_who_signs_in_by_mail_may_sign_so(registry, issue):
    code = issue()
    registry.retire(code, actor="postman@example.vn")
    assert registry.history(code)[-1].actor == "postman@example.vn"

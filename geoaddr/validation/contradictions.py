"""What cannot be right together, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from geoaddr.gazetteer import Gazetteer
from geoaddr.known import street_key
from geoaddr.model import Unit
from geoaddr.registry.likeness import feature
from geoaddr.validation.case import Case
from geoaddr.validation.evidence import CodeFound
from geoaddr.validation.misfits import misfit_why
from geoaddr.validation.records import Contradiction, ContradictionKind, Why
from geoaddr.validation.wording import listed, why


def contradictions(case: Case, gazetteer: Gazetteer) -> tuple[Contradiction, ...]:
    """Every contradiction of a case, the gravest first."""
    return tuple(_found(case, gazetteer))


def _found(case: Case, gazetteer: Gazetteer) -> Iterator[Contradiction]:
    if case.foreign:
        yield Contradiction(kind="foreign", between=("text",), why=why("foreign"))
    for code in case.codes:
        kind = CODE_KINDS.get(case.code_state(code))
        if kind is not None:
            yield Contradiction(kind=kind, between=_beside_code(kind), why=code_why(case, code))
    for leftover in case.leftovers:
        if leftover.units and not leftover.agrees:
            level = leftover.means or "rest"
            yield Contradiction(kind="units", between=(level, *_other(level)), why=misfit_why(case, leftover))
    if not case.sides_agree:
        text, fields = (readings[0] for readings in case.understood.sides or ())
        one, other = (r.commune or r.district or r.province for r in (text, fields))
        sentence = why("sides", one=_full(one), other=_full(other))
        yield Contradiction(kind="text_and_fields", between=("text", (other or one).level), why=sentence)  # type: ignore[union-attr]
    pair = case.understood.pair
    if pair is not None and pair.agrees is False:
        one, other = (r[0].commune or r[0].district or r[0].province for r in (pair.first, pair.second))
        sentence = why("two_addresses", one=_full(one), other=_full(other))
        yield Contradiction(kind="two_addresses", between=("text", "commune"), why=sentence)
    if case.postcode_state in ("elsewhere", "other_province", "malformed"):
        yield Contradiction(kind="postcode", between=("postcode", "commune"), why=postcode_why(case))
    if case.point_state in ("elsewhere", "outside"):
        kind = "point" if case.point_state == "elsewhere" else "point_outside"
        yield Contradiction(kind=kind, between=("point", "commune"), why=point_why(case, gazetteer))
    if case.street_elsewhere:
        yield Contradiction(kind="street", between=("street", "commune"), why=street_why(case))
    yield from _doors(case)


def _doors(case: Case) -> Iterator[Contradiction]:
    """A house number or a street that a line of text says otherwise than its field."""
    text, fields = case.understood.in_text, case.asked.detail_of_fields()
    if text is None:
        return
    for name, keyed in DOOR:
        one, other = getattr(text, name), getattr(fields, name)
        if one and other and keyed(one) != keyed(other):
            yield Contradiction(kind="door", between=("text", name), why=why("sides", one=one, other=other))


DOOR: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("house_number", partial(feature, "house_number")),
    ("street", street_key),
)
"""Parts of a door, each with what two ways to write one have in common."""


CODE_KINDS: dict[str, ContradictionKind] = {
    "refused": "code",
    "nowhere": "code",
    "unissued": "code_unknown",
    "retired": "code_ended",
    "superseded": "code_ended",
    "elsewhere": "code_units",
    "house": "code_house",
}
"""The states of a code in which it cannot simply stand."""


def _beside_code(kind: ContradictionKind) -> tuple[str, ...]:
    return {"code_units": ("code", "commune"), "code_house": ("code", "house_number")}.get(kind, ("code",))


def _other(level: str) -> tuple[str, ...]:
    return ("province",) if level == "commune" else ("commune",)


def code_why(case: Case, code: CodeFound) -> Why:
    """What a code's state is, as a sentence."""
    state, reading = case.code_state(code), code.reading
    if state == "refused" and code.refused is not None:
        return why("code_refused", reason=code.refused)
    if state == "elsewhere" and reading is not None:
        roughly = "_roughly" if case.roughly_elsewhere(code) else ""
        other = _full(reading.commune or reading.province)
        return why(f"code_elsewhere{roughly}", other=other, unit=_stood(case))
    if state == "superseded" and reading is not None:
        return why("code_superseded", codes=listed(list(reading.superseded_by or ("?",))))
    unit = reading.commune if reading is not None else None
    if state == "right" and unit is None:
        unit = case.place.commune
    reasons = {"house": "not_of_record", "right": "code_right"}
    return why(reasons.get(state, f"code_{state}"), unit=_full(unit))


def postcode_why(case: Case) -> Why:
    """What the postcode's state is, as a sentence."""
    found = case.postcode
    state = "six_digits" if case.six_digits else case.postcode_state
    return why(
        f"postcode_{state}",
        given=found.written if found else None,
        other=_full(found.commune) if found else None,
        unit=_full(case.place.commune),
        postcode=case.right_postcode,
    )


def point_why(case: Case, gazetteer: Gazetteer) -> Why:
    """Where the point lies, as a sentence."""
    roughly = "" if case.exact or case.point_state not in ("elsewhere", "outside") else "_roughly"
    at = case.point.at[0] if case.point is not None and case.point.at else None
    other = None if at is None else gazetteer.unit(at, level="commune", as_of=gazetteer.date)
    return why(f"point_{case.point_state}{roughly}", other=_full(other), unit=_full(case.place.commune))


def street_why(case: Case) -> Why:
    """Where the street is known, as a sentence."""
    names = [unit.full_name for unit in case.street_elsewhere]
    return why("street_elsewhere", units=listed(names), unit=_full(case.place.commune))


def _stood(case: Case) -> str:
    return _full(case.place.commune or case.place.province)


def _full(unit: Unit | None) -> str:
    return unit.full_name if unit is not None else "?"

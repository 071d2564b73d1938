"""The table that turns what was found into a verdict: the first rule that holds decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from geoaddr.validation.case import Case
from geoaddr.validation.evidence import CodeFound
from geoaddr.validation.place import SHOWN_CANDIDATES
from geoaddr.validation.records import Action, Contradiction, Verdict

ACCEPT_AT = 0.9
"""The least confidence in a commune at which nobody is asked about it."""
LIKELY = 0.03
"""The least weight of a commune that a buyer is asked to choose from."""
FEW = 5
"""Communes that can be chosen from without a search."""
CLEARLY = 2.05
"""How many times as likely as any other reading one must be to be taken at its word: a bare name that is a
district's and a commune's is twice as often the district."""


BESIDE = frozenset({"hamlet", "poi"})
"""Parts that do no harm beside a door, whatever they say."""


class Rule(NamedTuple):
    """A verdict, what to do next, and when."""

    verdict: Verdict
    action: Action
    holds: Callable[[Case, frozenset[str]], bool]


RULES: tuple[Rule, ...] = (
    # no address of this country
    Rule("reject", "enter_local_address", lambda case, found: "foreign" in found),
    Rule("reject", "enter_address", lambda case, found: case.empty),
    # what contradicts itself
    Rule(
        "fix",
        "correct_code",
        lambda case, found: not found.isdisjoint({"code", "code_house"}) or case.codes_elsewhere,
    ),
    Rule("fix", "correct_code", lambda case, found: "code_ended" in found and not _replaced(case)),
    Rule("fix", "correct_code", lambda case, found: "code_unknown" in found and not case.place.named),
    Rule(
        "fix",
        "correct_units",
        lambda case, found: not found.isdisjoint({"units", "text_and_fields", "two_addresses"}),
    ),
    Rule(
        "fix", "correct_point", lambda case, found: not found.isdisjoint({"point", "point_outside"}) and case.exact
    ),
    # no commune that can be stood behind
    Rule("fix", "add_province", lambda case, found: _scattered(case) and _likely(case) >= FEW),
    Rule("fix", "choose_candidate", lambda case, found: _choice(case)),
    Rule("fix", "add_province", lambda case, found: _open(case) and _unplaced(case)),
    Rule("fix", "ask_point", lambda case, found: _open(case) and _likely(case) > FEW),
    Rule("fix", "add_commune", lambda case, found: not case.place.stands),
    # a commune, and something else that is wrong or missing
    Rule("fix", "correct_postcode", lambda case, found: "postcode" in found),
    Rule("fix", "add_house_number", lambda case, found: case.door == "none"),
    # all is there; the buyer should look once more
    Rule("confirm", "confirm_code", lambda case, found: any(_doubtful(case, c) for c in case.codes)),
    Rule("confirm", "confirm_point", lambda case, found: not found.isdisjoint({"point", "point_outside"})),
    Rule("confirm", "confirm_commune", lambda case, found: case.misspelt is not None or not _sure(case)),
    Rule("confirm", "confirm_province", lambda case, found: case.place.named and _unplaced(case)),
    Rule("confirm", "confirm_street", lambda case, found: "street" in found),
    Rule("confirm", "confirm_postcode", lambda case, found: case.postcode_state == "former" and _five(case)),
    Rule("confirm", "confirm_place", lambda case, found: case.door == "place"),
    Rule(
        "confirm",
        "confirm_leftover",
        lambda case, found: "door" in found or bool(unknown_rest(case) or case.doubtful - BESIDE),
    ),
)
"""Read from above: a later rule may take for granted that no earlier one holds."""


def decide(case: Case, contradictions: Sequence[Contradiction]) -> Rule:
    """The first rule that holds; where none does, the address is taken."""
    found = frozenset(contradiction.kind for contradiction in contradictions)
    return next((rule for rule in RULES if rule.holds(case, found)), ACCEPT)


ACCEPT = Rule("accept", "accept", lambda case, found: True)


def unknown_rest(case: Case) -> tuple[str, ...]:
    """The words that were not understood."""
    return tuple(leftover.text for leftover in case.leftovers if not leftover.units)


def _open(case: Case) -> bool:
    """Whether a commune was named, or one that has split, and several are possible."""
    reading = case.reading
    return not case.place.stands and reading is not None and reading.commune is not None


def _choice(case: Case) -> bool:
    """Whether there are a few communes to choose from: readings of the one named, where the street is known, or
    one that has the bare name of the district, and what else that one became."""
    if case.perhaps_commune is not None:
        return _likely(case) <= SHOWN_CANDIDATES
    least = 2 if case.place.named else 1
    return (_open(case) or not case.place.named) and not case.place.stands and least <= _likely(case) <= FEW


def _unplaced(case: Case) -> bool:
    """Whether no province is written."""
    return case.match("province") is None


def _scattered(case: Case) -> bool:
    """Whether communes of several provinces come into question, and none of these is written."""
    likely = [candidate for candidate in case.place.candidates if candidate.weight >= LIKELY]
    provinces = {candidate.commune.parent for candidate in likely}
    open_ = not case.place.stands and case.place.named and _unplaced(case)
    return open_ and len(provinces) > 1 and not _in_a_district(case)


def _in_a_district(case: Case) -> bool:
    """Whether a district is named that fixes the province, so that only the commune is missing. A bare name may be
    several units': it must weigh far more than any in another province, and such must be few."""
    readings = case.understood.readings
    best = readings[0] if readings else None
    if best is None or best.commune is not None or best.district is None:
        return False
    others = [reading for reading in readings if reading.province != best.province]
    provinces = {reading.province.name for reading in others if reading.province and reading.weight >= LIKELY}
    heaviest = max((reading.weight for reading in others), default=0.0)
    return best.weight > CLEARLY * heaviest and len(provinces) <= FEW


def _likely(case: Case) -> int:
    """How many communes come into question."""
    return sum(candidate.weight >= LIKELY for candidate in case.place.candidates)


def _replaced(case: Case) -> bool:
    """Whether every code that ended was replaced by one other."""
    ended = [code.reading for code in case.codes if code.reading is not None and code.ended]
    return all(len(reading.superseded_by or ()) == 1 for reading in ended)


def _doubtful(case: Case, code: CodeFound) -> bool:
    return case.code_state(code) in DOUBTFUL or case.roughly_elsewhere(code)


DOUBTFUL = frozenset({"proposed", "superseded", "unissued", "wide"})


def _sure(case: Case) -> bool:
    """Whether nobody need be asked about the commune: named, or in the record of a code, or under a point or a
    computed code by exact boundaries; and likely enough."""
    place = case.place
    recorded = any(code.reading is not None and code.reading.status != "computed" for code in case.codes)
    vouched = place.by == "names" or (place.by == "code" and (case.exact or recorded))
    return vouched and (place.confidence or 0.0) >= ACCEPT_AT


def _five(case: Case) -> bool:
    """Postcodes of six digits ended long ago and are replaced without a question."""
    return case.postcode is not None and len(case.postcode.written) == 5

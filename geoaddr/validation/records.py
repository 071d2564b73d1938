"""What a validation says: a verdict, the one thing to do next, and what was found of each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geoaddr.conversion import Candidate
from geoaddr.interpretation.reading import Era
from geoaddr.model import PackInfo, Point, Record, Unit

Verdict = Literal["accept", "confirm", "fix", "reject"]
"""Take it; show it to the buyer once more; the buyer must change something; this is no address here."""

Action = Literal[
    "accept",
    "confirm_commune", "confirm_province", "confirm_street", "confirm_postcode", "confirm_code", "confirm_point",
    "confirm_place", "confirm_leftover",
    "add_house_number", "add_commune", "add_province",
    "choose_candidate", "ask_point",
    "correct_units", "correct_postcode", "correct_code", "correct_point",
    "enter_address", "enter_local_address",
]  # fmt: skip
"""The one thing to do next; a closed list, each word explained in ``docs/explanation/checkout-verdicts.md``."""

Status = Literal["confirmed", "corrected", "inferred", "unconfirmed", "unexpected", "missing"]
"""Agrees with the data; was replaced by what is right today; was not written and follows from the rest; is
understood but nothing here can vouch for it; should not be there; should be there and is not."""

ContradictionKind = Literal[
    "foreign", "units", "text_and_fields", "two_addresses", "postcode", "code", "code_unknown", "code_ended",
    "code_units", "code_house", "point", "point_outside", "street", "door",
]  # fmt: skip
"""What disagrees with what: see ``docs/explanation/checkout-verdicts.md``."""

Why = Mapping[str, str]
"""One sentence in both languages: ``{"vi": ..., "en": ...}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentVerdict(Record):
    """One part of the address.

    ``name``: ``house_number``, ``alley``, ``street``, ``hamlet``, ``building``, ``floor``, ``unit``, ``poi``,
    ``rest`` (what was not understood), ``commune``, ``district``, ``province``, ``postcode``, ``code``,
    ``point``. ``value``: as it should stand today, ``None`` where it is missing or should not stand;
    ``given``: as it was written, ``None`` where it was not.
    """

    name: str
    value: str | None
    status: Status
    why: Why
    given: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Record):
    """Two parts that cannot both be right. ``between``: their names, the one to doubt first."""

    kind: ContradictionKind
    between: tuple[str, ...]
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised(Record):
    """The address in the official order: ``new`` in today's units, where they are certain; ``old`` in those of
    30 June 2025, where the text names them or only one commune can have been meant."""

    new: str | None
    old: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Record):
    """The codes of the place, as far as its point or its record is known. ``ndas`` only from a code that was
    given."""

    ndas: str | None = None
    vpostcode: str | None = None
    plus_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated(Record):
    """A verdict on an address that a checkout can act on.

    ``possible_next_action``: one word of a closed list, ``action_text`` the same as a sentence for the buyer.
    ``candidates``: communes of today that it may be, heaviest first, to show as "did you mean";
    ``old_candidates``: those of 30 June 2025. ``province`` and ``commune``: the heaviest candidate's,
    ``confidence`` the probability that this commune is the right one, ``None`` without one. ``era``: of the
    units that were written. ``point``: the one given or that of the code. ``pack``: the data that judged.
    """

    input: Any
    verdict: Verdict
    possible_next_action: Action
    action_text: Why
    components: tuple[ComponentVerdict, ...]
    normalised: Normalised
    postcode: str | None
    codes: Codes
    candidates: tuple[Candidate, ...]
    old_candidates: tuple[Candidate, ...]
    province: Unit | None
    commune: Unit | None
    confidence: float | None
    era: Era | None
    contradictions: tuple[Contradiction, ...]
    point: Point | None
    pack: PackInfo

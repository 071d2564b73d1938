"""What a conversion says: every commune that an address may lie in, with its weight, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geoaddr.interpretation.detail import Detail
from geoaddr.model import PackInfo, Record, Unit
from geoaddr.model.quick import quick

Basis = Literal["name", "whole", "known", "note", "prior", "boundary", "cell"]
"""Why a candidate has its weight: the text names it; all of the old unit went there; addresses that the
registry knows lie there; the published note says that the main part went there; nothing tells the parts
apart; its boundary holds the point; its approximate cell does, which is less sure."""

Direction = Literal["new", "old"]
"""The units of today, or those of 30 June 2025."""

Status = Literal["ok", "ambiguous", "partial", "not_found"]


@quick
@dataclass(frozen=True, slots=True)
class Candidate(Record):
    """A commune that the address may lie in; weights of all candidates sum to 1.

    ``grade``: how much of the unit that was read lies in it, ``whole`` or ``part``; ``None`` where the text
    names it as it is, or the sources do not say. ``legal_basis``: the resolution that made the change, or the
    commune's own.
    """

    commune: Unit
    weight: float
    basis: Basis
    grade: Literal["whole", "part"] | None = None
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted(Record):
    """An address in the units of another time.

    ``status``: ``ok`` one answer that we stand behind; ``ambiguous`` several communes are possible;
    ``partial`` only a province or district was understood; ``not_found`` none was. ``address`` is the
    text in the official order with the new names, for ``ok`` alone. ``commune`` the heaviest candidate, and
    ``confidence`` the probability that it is the right one, ``None`` where there is none; ``legal_basis`` the
    resolution that made it; ``pack`` the data that said so.
    """

    input: str
    to: Direction
    status: Status
    address: str | None
    province: Unit | None
    district: Unit | None
    commune: Unit | None
    postcode: str | None
    candidates: tuple[Candidate, ...]
    components: Detail
    legal_basis: str | None
    confidence: float | None
    pack: PackInfo

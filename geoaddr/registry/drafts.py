"""What goes into issuing, and what comes out: drafts, checked, and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from geoaddr.components import (
    MAX_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    clean_components,
    clean_text,
    require_impersonal,
)
from geoaddr.errors import InvalidDate, InvalidInput, InvalidPoint, Said
from geoaddr.model import AddressRecord, Alias, Components, Outcome, Point, Record, Status, System

MAX_ENTRANCES = 32
MAX_ALIASES = 64
MAX_CODE_CHARACTERS = 64
"""For an alias's system, an actor, and other words that programs choose from."""

PointSource = Literal["declared", "survey", "imported"]
POINT_SOURCES: tuple[PointSource, ...] = get_args(PointSource)
"""How a point was obtained: told by the household, measured on the spot, taken from other records."""

MAX_UNCERTAINTY_M = 100_000
"""A point that is farther off tells nothing about a household."""

AREA_DIGITS = COMMUNE_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Record):
    """An address that has no code yet.

    ``area_code`` is the postcode of the commune on ``issued_on``, the first five digits of the code to be;
    ``commune_code`` the commune that holds ``point`` on that day; ``status`` one that a record may start
    with (``proposed``, ``verified``, ``live``); ``stated`` what the caller told, where ``components`` were read
    out of a line of it. The rest as in :class:`~geoaddr.model.AddressRecord`.
    """

    components: Components
    area_code: str
    commune_code: str
    point: Point
    issued_on: dt.date
    point_source: str = "declared"
    uncertainty_m: float | None = None
    entrances: tuple[Point, ...] = ()
    aliases: tuple[Alias, ...] = ()
    status: Status = "proposed"
    stated: Components | None = None


@dataclass(frozen=True, slots=True)
class Issued(Record):
    """The answer to a draft: the record, and whether it was made for it or was there already."""

    record: AddressRecord
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Note(Record):
    """Who makes a change, why, when (UTC, ISO 8601 to the millisecond), and on what evidence: a reference to a
    decision, a photograph, a file."""

    actor: str
    reason: str
    at: str
    evidence: str = ""


def note(actor: str, reason: str, now: dt.datetime, evidence: str = "") -> Note:
    """A checked note; ``now`` carries its time zone.

    :raises InvalidInput: text too long, control characters, or personal data: any in the reason and the evidence,
        a telephone or identity number in the actor, which may be an e-mail address that somebody signs in with.
    """
    if len(actor) > MAX_CODE_CHARACTERS or not actor.isprintable():
        raise InvalidInput(
            "actor",
            actor,
            Said(
                f"not a printable text of at most {MAX_CODE_CHARACTERS} characters",
                f"phải là văn bản in được, dài nhất {MAX_CODE_CHARACTERS} ký tự",
            ),
        )
    require_impersonal("actor", actor, but=("email",))
    at = now.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    why = clean_text("reason", reason, MAX_TEXT_CHARACTERS) or ""
    return Note(actor, why, at, clean_text("evidence", evidence) or "")


def checked(draft: Draft) -> Draft:
    """``draft`` with its texts cleaned.

    :raises InvalidInput: for a part that no record may hold, by its name.
    """
    require_digits("area_code", draft.area_code, AREA_DIGITS)
    require_digits("commune_code", draft.commune_code, COMMUNE_DIGITS)
    if draft.status not in ("proposed", "verified", "live"):
        allowed = "proposed, verified, live"
        raise InvalidInput("status", draft.status, Said(f"not one of {allowed}", f"không thuộc {allowed}"))
    if not isinstance(draft.point, Point):
        raise InvalidPoint("point", draft.point, Said("not a point", "không phải điểm"))
    check_parts(draft.issued_on, draft.point_source, draft.uncertainty_m, draft.entrances, draft.aliases)
    components = clean_components(draft.components)
    return draft if components is draft.components else replace(draft, components=components)


def check_parts(
    issued_on: dt.date,
    point_source: str,
    uncertainty_m: float | None,
    entrances: Sequence[Point],
    aliases: Sequence[Alias],
) -> None:
    """Refuse parts of a record that are not fit to keep.

    :raises InvalidInput: for the first of them, by its name.
    """
    if not isinstance(issued_on, dt.date):
        raise InvalidDate("issued_on", issued_on, Said("not a date", "không phải ngày"))
    if point_source not in POINT_SOURCES:
        allowed = ", ".join(POINT_SOURCES)
        raise InvalidInput("point_source", point_source, Said(f"not one of {allowed}", f"không thuộc {allowed}"))
    if uncertainty_m is not None and not 0 <= uncertainty_m <= MAX_UNCERTAINTY_M:
        limit = f"{MAX_UNCERTAINTY_M:,}"
        raise InvalidInput(
            "uncertainty_m", uncertainty_m, Said(f"not 0 to {limit} metres", f"phải từ 0 đến {limit} mét")
        )
    _limit("entrances", entrances, MAX_ENTRANCES)
    _limit("aliases", aliases, MAX_ALIASES)
    for alias in aliases:
        check_alias(alias)


def check_alias(alias: Alias) -> None:
    """Refuse an alias that cannot be kept: a semicolon, which parts aliases in files, or personal data.

    :raises InvalidInput: naming its part.
    """
    require_word("alias.system", alias.system)
    require_word("alias.code", alias.code, MAX_CHARACTERS)
    for name, text, unfit in (("alias.system", alias.system, ";:"), ("alias.code", alias.code, ";")):
        if any(sign in text for sign in unfit):
            raise InvalidInput(name, text, Said(f"cannot have any of {unfit}", f"không được có ký tự {unfit}"))
    # A code of a known system is what it is, however it looks; so is a number of somebody else's system.
    if alias.system not in get_args(System) and not alias.code.isdigit():
        clean_text("alias.code", alias.code)
    if alias.valid_from is not None and alias.valid_to is not None and alias.valid_from >= alias.valid_to:
        raise InvalidDate(
            "alias.valid_to", alias.valid_to, Said("not after valid_from", "không sau ngày bắt đầu hiệu lực")
        )


def require_word(name: str, value: object, limit: int = MAX_CODE_CHARACTERS) -> None:
    """:raises InvalidInput: unless ``value`` is a short printable text."""
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise InvalidInput(
            name,
            value,
            Said(
                f"not a printable text of 1 to {limit} characters",
                f"phải là văn bản in được, dài 1 đến {limit} ký tự",
            ),
        )


def require_digits(name: str, value: object, width: int) -> str:
    """``value`` when it is text of ``width`` ASCII digits.

    :raises InvalidInput: for anything else, a number of that size included.
    """
    if isinstance(value, str) and len(value) == width and value.isascii() and value.isdigit():
        return value
    raise InvalidInput(name, value, Said(f"not {width} digits as text", f"không phải {width} chữ số dạng văn bản"))


def _limit(name: str, values: Sequence[object], limit: int) -> None:
    if len(values) > limit:
        raise InvalidInput(name, len(values), Said(f"more than {limit}", f"nhiều hơn {limit}"))

"""A verdict on an address as one row; ``validate`` for columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from geoaddr.bulk.answer_columns import VALIDATE_COLUMNS
from geoaddr.bulk.converting import undivided
from geoaddr.bulk.distinct import Answer, OneByOne
from geoaddr.bulk.parsing import unit_names
from geoaddr.bulk.views import weights
from geoaddr.validation.fields import LEAST_CODE_DIGITS
from geoaddr.validation.records import ComponentVerdict, Validated
from geoaddr.validation.validator import Validator
from geoaddr.validation.wording import why

_LEVELS = ("province", "district", "commune")
PARTED = "; "
"""Between the sentences of a column."""
_SAID = frozenset({"corrected", "unexpected", "missing"})
"""What a row gives the reason of; that a house is not in the registry is no reason of anything."""


class Beside(NamedTuple):
    """What a row has beside its text: a code, a point in degrees, the fields of a form by name, empty ones too."""

    code: str | None = None
    lat: float | None = None
    lon: float | None = None
    form: tuple[tuple[str, str], ...] | None = None

    def address(self, text: str) -> str | dict[str, str | list[str]] | None:
        """What is asked about: the line alone, a form, or neither where only a code is given."""
        if self.form is None:
            return text if text or self.code is None else None
        line = {"text": text} if text else {}
        return {**line, **{name: _levels(value) if name == "alley" else value for name, value in self.form}}


def _levels(written: str) -> list[str]:
    """The alleys in one column, from the street inwards."""
    return [level for level in written.split(PARTED.strip()) if level.strip()]


class ValidateRows(OneByOne[Beside | None]):
    """Answers ``validate`` for one text at a time."""

    columns: tuple[str, ...] = VALIDATE_COLUMNS
    written = frozenset({"normalised_new", "normalised_old"})
    quoting = frozenset({"reasons"})

    def __init__(
        self,
        validator: Validator,
        as_of: dt.date | None,
        lang: str,
        streets_known: bool,
        area_only: bool = False,
    ) -> None:
        """:param streets_known: whether somebody knows streets, and whose neighbour a house is."""
        self._validator, self._as_of, self._lang = validator, as_of, lang
        self._streets_known, self._area_only = streets_known, area_only

    def answer(self, text: str, given: Beside | None) -> Answer:
        """The row of :data:`VALIDATE_COLUMNS` for ``text`` and what else is known."""
        beside = given or Beside()
        said = self._validator.validate(
            beside.address(text),
            code=beside.code,
            lat=beside.lat,
            lon=beside.lon,
            as_of=self._as_of,
            area_only=self._area_only,
        )
        values = (
            status_of(said),
            *unit_names(said.province, None, said.commune),
            None if said.confidence is None else round(said.confidence, 4),
            "; ".join(c.name for c in said.components if c.status == "inferred" and c.name in _LEVELS) or None,
            said.verdict,
            said.possible_next_action,
            PARTED.join(reasons(said, self._lang)) or None,
            said.normalised.new,
            said.normalised.old,
            said.postcode,
            weights({c.commune.code: c.weight for c in said.candidates}) if said.candidates else None,
            None,
        )
        alike = beside == Beside() and _no_code(text, said)
        if not self._streets_known:
            return Answer(values, alike)
        return Answer(values, alike and undivided(said.candidates), _house_number(said))


def status_of(said: Validated) -> str:
    """``ok`` when the commune is certain enough to print the address with it, else as far as it was understood."""
    if said.normalised.new is not None:
        return "ok"
    if said.commune is not None:
        stated = any(c.name == "commune" and c.status != "missing" for c in said.components)
        return "ambiguous" if stated else "partial"
    return "not_found" if said.province is None else "partial"


def reasons(said: Validated, lang: str) -> Iterator[str]:
    """What contradicts what, then what is wrong with or missing from each part; one sentence each, in which
    nothing that it quotes has a semicolon."""
    told = dict.fromkeys(contradiction.why[lang] for contradiction in said.contradictions)
    told |= dict.fromkeys(c.why[lang] for c in said.components if c.status in _SAID)
    if said.verdict != "accept":
        told |= dict.fromkeys(
            c.why[lang]
            for c in said.components
            if c.status == "unconfirmed" and (c.name in (*_LEVELS, "rest") or _is_doubtful(c))
        )
    return (sentence.replace(";", ",") for sentence in told)


def _is_doubtful(part: ComponentVerdict) -> bool:
    """Whether a part looks like none."""
    return part.why == why("doubtful", given=part.value)


def _house_number(said: Validated) -> str:
    """What was read as the number of the house; every other number may belong to the name of a street."""
    return next((c.value or "" for c in said.components if c.name == "house_number"), "")


def _no_code(text: str, said: Validated) -> bool:
    """Whether the text holds no code, of which every digit counts."""
    digits = sum(character.isdigit() for character in text)
    return (
        digits < LEAST_CODE_DIGITS and said.codes.ndas is None and all(c.name != "code" for c in said.components)
    )

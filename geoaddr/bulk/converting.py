"""An address in the units of another time as one row; ``convert`` for columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from geoaddr.bulk.answer_columns import CONVERT_COLUMNS
from geoaddr.bulk.distinct import Answer
from geoaddr.bulk.parsing import named, unit_names
from geoaddr.bulk.views import weights
from geoaddr.conversion import Candidate, Converted, Converter
from geoaddr.interpretation import Interpretation
from geoaddr.model import Point


class ConvertRows:
    """Answers ``convert`` for one text at a time, in one direction, with the units of one day."""

    columns: tuple[str, ...] = CONVERT_COLUMNS
    written = frozenset({"new_address"})
    quoting: frozenset[str] = frozenset()

    def __init__(self, converter: Converter, to: str, as_of: dt.date | None, streets_known: bool) -> None:
        """:param streets_known: whether somebody knows streets, and whose neighbour a house is."""
        self._converter, self._to, self._as_of = converter, to, as_of
        self._streets_known = streets_known

    def answer(self, text: str, given: Point | None) -> Answer:
        """The row of :data:`CONVERT_COLUMNS` for ``text`` and the point where it lies, if that is known."""
        readings, detail = self._converter.read(text)
        said = self._converter.converted(text, readings, detail, to=self._to, point=given, as_of=self._as_of)
        best = said.candidates[0] if said.candidates else None
        values = (
            said.status,
            *unit_names(said.province, said.district, said.commune),
            None if said.confidence is None else round(said.confidence, 4),
            "; ".join(inferred(said, readings)) or None,
            said.address,
            weights({c.commune.code: c.weight for c in said.candidates}) if best else None,
            said.postcode,
            best.basis if best else None,
            said.legal_basis,
            None,
        )
        if not self._streets_known:
            return Answer(values)
        return Answer(values, undivided(said.candidates), detail.house_number or "")


def undivided(candidates: Sequence[Candidate]) -> bool:
    """Whether no commune was divided, so that no house is asked on which side of the line it stands."""
    return all(candidate.basis in ("name", "whole") for candidate in candidates)


def inferred(said: Converted, readings: Sequence[Interpretation]) -> list[str]:
    """The levels of the answer at which the text named no unit, of whatever time."""
    stated = named(readings[0]) if readings else set()
    answered = {"province": said.province, "district": said.district, "commune": said.commune}
    return [level for level, unit in answered.items() if unit is not None and level not in stated]

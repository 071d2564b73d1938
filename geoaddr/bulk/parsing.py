"""An address text's parts and units as one row; ``parse`` for columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from geoaddr.bulk.answer_columns import DETAIL_NAMES, PARSE_COLUMNS
from geoaddr.bulk.distinct import Answer, OneByOne
from geoaddr.bulk.views import weighed
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.model import Unit
from geoaddr.parsing import parse


class ParseRows(OneByOne[None]):
    """Answers ``parse`` for one text at a time, with the units of one day or of all."""

    columns: tuple[str, ...] = PARSE_COLUMNS
    written = frozenset({*DETAIL_NAMES, "rest"})
    quoting: frozenset[str] = frozenset()

    def __init__(self, interpreter: Interpreter, as_of: dt.date | None) -> None:
        self._interpreter, self._as_of = interpreter, as_of

    def answer(self, text: str, given: None) -> Answer:
        """The row of :data:`PARSE_COLUMNS` for ``text``."""
        parsed = parse(self._interpreter, text, as_of=self._as_of)
        detail = parsed.components
        readings = parsed.interpretations
        sure = parsed.confidence
        alley, *others = (getattr(detail, name) for name in ("alley", *DETAIL_NAMES[2:]))
        values = (
            parsed.status,
            *unit_names(parsed.province, parsed.district, parsed.commune),
            None if sure is None else round(sure, 4),
            "; ".join(readings[0].inferred) or None if readings else None,
            detail.house_number,
            "; ".join(alley) or None,
            *others,
            detail.rest or None,
            parsed.era,
            communes(readings),
            None,
        )
        return Answer(values)


def unit_names(province: Unit | None, district: Unit | None, commune: Unit | None) -> tuple[str | None, ...]:
    """Codes and short names in the order of :data:`UNIT_NAMES`."""
    found: list[str | None] = []
    for unit in (province, district, commune):
        found += (unit.code, unit.name) if unit else (None, None)
    return tuple(found)


def communes(readings: Sequence[Interpretation]) -> str | None:
    """The communes of all readings with their shares of these, the likeliest first.

    They are no choice for the columns of units, which are those of the best reading: that may name a district and
    no commune. A commune that is the same in several readings adds up; two that have had one code, each in its
    time, are two.
    """
    shares: dict[tuple[str, dt.date], float] = {}
    for reading in readings:
        if reading.commune is not None:
            unit = (reading.commune.code, reading.commune.valid_from)
            shares[unit] = shares.get(unit, 0.0) + reading.weight
    likeliest = sorted(shares.items(), key=lambda item: -item[1])
    return weighed((code, share) for (code, _), share in likeliest) if shares else None

"""From an address text to its parts: units, what stands below them, and every other reading."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.model import Record, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed(Record):
    """A text taken apart.

    ``components`` are the parts below the commune, as written; ``province``, ``district`` and ``commune`` the
    units of the best reading, ``None`` where none was understood or inferred; ``era`` whether they are units
    of before 1 July 2025 (``old``), of today (``new``) or ``mixed``. ``interpretations`` holds every reading
    with its weight, best first, and what each was weighed by.
    """

    input: str
    components: Detail
    province: Unit | None
    district: Unit | None
    commune: Unit | None
    era: str | None
    interpretations: tuple[Interpretation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data; where each piece was read is left to :attr:`components`."""
        plain = Record.to_dict(self)
        plain["components"].pop("parts")
        return plain


def parse(interpreter: Interpreter, text: str, *, as_of: dt.date | None = None, limit: int = 5) -> Parsed:
    """Take ``text`` apart by its best reading.

    :param as_of: read with the units of that day; without it those of all days compete.
    :raises InvalidQuery: for a text longer than 4,096 characters.
    """
    readings = interpreter.interpret(text, as_of=as_of, limit=limit)
    best = readings[0] if readings else None
    return Parsed(
        input=text,
        components=read_detail(text, best.rest if best else None),
        province=best.province if best else None,
        district=best.district if best else None,
        commune=best.commune if best else None,
        era=best.era if best else None,
        interpretations=tuple(readings),
    )

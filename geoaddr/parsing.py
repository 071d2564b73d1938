"""From an address text to its parts: units, what stands below them, and every other reading."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.codes_in_text import CodeInText, codes_in
from geoaddr.interpretation.confidence import of_reading
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_beside_codes import detail_below
from geoaddr.interpretation.reading import AMID_WORDS, amid_words
from geoaddr.interpretation.reading_two import Pair, detail_of_pair, pair_of, with_second
from geoaddr.interpretation.weighing import SHOWN, weighed
from geoaddr.model import PackInfo, Record, Unit

if TYPE_CHECKING:
    from geoaddr.interpretation.explaining import Explanation

ParseStatus = Literal["ok", "ambiguous", "partial", "not_found"]

SURE = 0.85
"""The least probability at which a commune counts as understood; as much as ``convert`` asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondAddress(Record):
    """The second address of a line that has two (``… (địa chỉ cũ: …)``, ``…, nay là …``).

    ``kind``: whether it is announced as the one of before (``former``) or of now (``present``); ``text`` as
    written; its units, and their ``era``; ``agrees``: whether both can be one place, ``None`` where that cannot be
    told.
    """

    kind: Literal["former", "present"]
    text: str
    province: Unit | None
    district: Unit | None
    commune: Unit | None
    era: str
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed(Record):
    """A text taken apart.

    ``status``: ``ok`` the commune is understood, ``ambiguous`` it may be another, ``partial`` only a province
    or district is, ``not_found`` nothing. ``components`` are the parts below the commune, as written;
    ``province``, ``district`` and ``commune`` the units of the best reading, with their names of the day
    asked for, ``None`` where none was understood or inferred; ``era`` whether they are units of before 1 July
    2025 (``old``), of today (``new``) or ``mixed``. ``confidence``: the probability that the smallest of them
    is right, ``None`` without any. ``codes``: those that stand in the text. ``interpretations`` holds the
    likeliest readings, best first, with their weights among one another, and what each was weighed by;
    ``second_address`` the one of another time that a line has beside the first, which all else is of;
    ``pack`` the data that knew the units; ``explanation`` every stage, where it was asked for.
    """

    input: str
    status: ParseStatus
    components: Detail
    province: Unit | None
    district: Unit | None
    commune: Unit | None
    era: str | None
    confidence: float | None
    codes: tuple[CodeInText, ...]
    interpretations: tuple[Interpretation, ...]
    second_address: SecondAddress | None = None
    pack: PackInfo | None = None
    explanation: Explanation | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data; without an explanation where none was asked for."""
        plain = Record.to_dict(self)
        if self.explanation is None:
            del plain["explanation"]
        return plain


def parse(
    interpreter: Interpreter,
    text: str,
    *,
    as_of: dt.date | None = None,
    limit: int = 5,
    explain: bool = False,
    pack: PackInfo | None = None,
) -> Parsed:
    """Take ``text`` apart by its best reading.

    :param as_of: read with the units of that day; without it those of all days compete. A unit is answered
        with the name that it had on that day, by whichever it was read; one that was gone by then, with its last.
    :param explain: add every stage as ``explanation``.
    :param pack: where the units are from.
    :raises InvalidQuery: for what is no text, one longer than 4,096 characters, or half a character in it.
    """
    pair = pair_of(interpreter, text, as_of=as_of)
    all_weighed = weighed(interpreter, text, as_of=as_of) if pair is None else pair.first
    if pair is None and len(all_weighed) == SHOWN < limit:
        readings = interpreter.interpret(text, as_of=as_of, limit=limit)
    else:
        readings = _shown(all_weighed, max(1, limit))
    best = readings[0] if readings else None
    sure = of_reading(all_weighed, interpreter.gazetteer) if best else None
    if sure is not None and pair is not None:
        sure = with_second(sure, pair.agrees)
    elif sure is not None and best is not None and amid_words(best, text):
        sure *= AMID_WORDS
    codes = codes_in(text, interpreter.gazetteer)
    if pair is None:
        components = detail_below(text, readings, interpreter.gazetteer, codes=codes)
    else:
        components = detail_of_pair(text, pair, interpreter.gazetteer, codes=codes)
    read = text if pair is None else pair.parts.first
    return Parsed(
        input=text,
        status=_status(best, sure),
        components=components,
        province=best.province if best else None,
        district=best.district if best else None,
        commune=best.commune if best else None,
        era=best.era if best else None,
        confidence=sure,
        codes=codes,
        interpretations=tuple(readings),
        second_address=None if pair is None else _second(text, pair),
        pack=pack,
        explanation=_explained(interpreter, read, readings, codes, as_of, limit) if explain else None,
    )


def _second(text: str, pair: Pair) -> SecondAddress:
    best, parts = pair.second[0], pair.parts
    return SecondAddress(
        kind=parts.kind,
        text=text[parts.start : parts.end].strip(),
        province=best.province,
        district=best.district,
        commune=best.commune,
        era=best.era,
        agrees=pair.agrees,
    )


def _shown(readings: list[Interpretation], limit: int) -> list[Interpretation]:
    """The first ``limit`` of the readings, weighed among one another."""
    if len(readings) <= limit:
        return readings
    total = sum(reading.weight for reading in readings[:limit])
    return [replace(reading, weight=reading.weight / total) for reading in readings[:limit]]


def _status(best: Interpretation | None, sure: float | None) -> ParseStatus:
    if best is None or sure is None:
        return "not_found"
    if best.commune is None:
        return "partial"
    return "ok" if sure >= SURE else "ambiguous"


def _explained(
    interpreter: Interpreter,
    text: str,
    readings: list[Interpretation],
    codes: tuple[CodeInText, ...],
    as_of: dt.date | None,
    limit: int,
) -> Explanation:
    from geoaddr.interpretation.explaining import explain

    return explain(interpreter, text, readings, codes, as_of=as_of, limit=limit)

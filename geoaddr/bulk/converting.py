"""An address in the units of another time as one row; ``convert`` for columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from geoaddr.bulk.answer_columns import CONVERT_COLUMNS
from geoaddr.bulk.distinct import Answer, Refusal, attempted
from geoaddr.bulk.parsing import unit_names
from geoaddr.bulk.views import weighed
from geoaddr.conversion import Candidate, Converter
from geoaddr.conversion.converter import Decided, Read
from geoaddr.interpretation.reading import Best
from geoaddr.model import Point, Unit


class ConvertRows:
    """Answers ``convert`` for texts, in one direction, with the units of one day."""

    columns: tuple[str, ...] = CONVERT_COLUMNS
    written = frozenset({"new_address"})
    quoting: frozenset[str] = frozenset()

    def __init__(self, converter: Converter, to: str, as_of: dt.date | None, streets_known: bool) -> None:
        """:param streets_known: whether somebody knows streets, and whose neighbour a house is."""
        self._converter, self._to, self._as_of = converter, to, as_of
        self._streets_known = streets_known

    def answers(self, texts: Sequence[str], given: Sequence[Point | None]) -> list[Answer | Refusal]:
        """The rows of :data:`CONVERT_COLUMNS` for ``texts`` and the points where they lie, if these are known."""
        reads, day = self._converter.read_all(texts), self._converter.day(self._to, self._as_of)
        decided = [
            read if isinstance(read, Refusal) else attempted(self._decided, day, text, read, point)
            for text, read, point in zip(texts, reads, given, strict=True)
        ]
        found: list[Answer | Refusal] = []
        for read, said in zip(reads, decided, strict=True):
            if isinstance(read, Refusal):
                found.append(read)
            else:
                found.append(said if isinstance(said, Refusal) else self._row(read, said))
        return found

    def _decided(self, day: dt.date, text: str, read: Read, point: Point | None) -> Decided:
        return self._converter.decided_on(day, text, read, to=self._to, point=point)

    def _row(self, read: Read, said: Decided) -> Answer:
        commune, above, sure = said.commune, said.above, said.confidence
        understood = read.best if self._to == "old" else None
        province = above.province or (understood.province if understood else None)
        district = above.district or (understood.district if understood and commune is None else None)
        values = (
            said.status,
            *unit_names(province, district, commune),
            None if sure is None else round(sure, 4),
            "; ".join(inferred(read.best, province, district, commune)) or None,
            said.address(read.detail),
            weighed([(c.commune.code, c.weight) for c in said.candidates]) if commune else None,
            above.postcode,
            said.candidates[0].basis if commune else None,
            commune.legal_basis if commune else None,
            None,
        )
        if not self._streets_known:
            return Answer(values)
        return Answer(values, undivided(said.candidates), read.detail.house_number or "")


def undivided(candidates: Sequence[Candidate]) -> bool:
    """Whether no commune was divided, so that no house is asked on which side of the line it stands."""
    return all(candidate.basis in ("name", "whole") for candidate in candidates)


def inferred(best: Best | None, province: Unit | None, district: Unit | None, commune: Unit | None) -> list[str]:
    """The levels of the units answered at which the text, by its best reading, named no unit of whatever time."""
    stated = [unit.level for unit, _ in best.named] if best else []
    return [unit.level for unit in (province, district, commune) if unit is not None and unit.level not in stated]

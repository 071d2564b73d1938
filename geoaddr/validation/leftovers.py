"""What the best reading leaves unused: parts that name units of their own, and words that nobody understands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.left_over import ABOVE, is_suspect, units_named
from geoaddr.model import Level, Unit
from geoaddr.text.fold import fold
from geoaddr.validation.place import Place, Places
from geoaddr.validation.understanding import Understood, meets

MOST_PIECES = 6
"""Parts that are looked at for units; an address has fewer."""
MOST_TOLD = 12
MOST_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A part of the line. ``units``: those that it can name, likeliest first; ``agrees``: whether the address
    can be in one of them; ``level``: the field that it stands in, where a form has one, and what was ``written``
    there."""

    text: str
    units: tuple[Unit, ...] = ()
    agrees: bool = True
    level: Level | None = None
    written: str | None = None

    @property
    def means(self) -> Level | None:
        """The level that it stands for: its field's, or that of the likeliest unit."""
        return self.level or (self.units[0].level if self.units else None)

    @property
    def given(self) -> str:
        """How it was given."""
        return self.written or self.text


class Leftovers:
    """Looks through what is left."""

    def __init__(self, interpreter: Interpreter, places: Places) -> None:
        self._interpreter, self._places = interpreter, places

    def of(self, understood: Understood, place: Place, as_of: dt.date | None) -> tuple[Leftover, ...]:
        """The parts of the line that were not used, those that name units among them."""
        return tuple(islice(self._found(understood, place, as_of), MOST_TOLD))

    def _found(self, understood: Understood, place: Place, as_of: dt.date | None) -> Iterator[Leftover]:
        line, best = understood.line, understood.readings[0] if understood.readings else None
        spans = [match.span for match in best.matches if match.span] if best else []
        suspect = best is not None and is_suspect(best)
        seen = 0
        for field in understood.stated:
            if not any(meets(span, field.span) for span in spans):
                judged = self._judged(line[slice(*field.span)], field.level, place, as_of)
                yield replace(judged, written=field.written)
        from_units = min((span[0] for span in spans), default=len(line))
        for role, start, end in understood.detail.parts:
            text = line[start:end]
            if role not in ("rest", "hamlet", "poi") or any(
                meets((start, end), f.span) for f in understood.stated
            ):
                continue
            seen += 1
            looked = (
                (suspect or understood.sides is not None) and seen <= MOST_PIECES and len(text) <= MOST_CHARACTERS
            )
            named = self._said_again(text, understood, place)
            if named is None and looked:
                named = self._judged(text, None, place, as_of, bare=start >= from_units)
            if named is not None and named.units:
                yield named
            elif role == "rest" and any(c.isalnum() for c in text):
                yield Leftover(text=text)

    @staticmethod
    def _said_again(text: str, understood: Understood, place: Place) -> Leftover | None:
        """A part of the line that is the bare name of a unit that a field states."""
        levels = {field.level for field in understood.stated}
        for match in place.reading.matches if place.reading else ():
            if match.unit.level in levels and fold(text) in (fold(match.name), fold(match.unit.name)):
                return Leftover(text=text, units=(match.unit,))
        return None

    def _judged(
        self, text: str, level: Level | None, place: Place, as_of: dt.date | None, *, bare: bool = True
    ) -> Leftover:
        units = units_named(self._interpreter, text, as_of, level, bare=ABOVE if bare else ())
        agrees = not units or any(self._places.agrees(unit, place) for unit in units)
        return Leftover(text=text, units=units, agrees=agrees, level=level)

"""Each distinct text answered once, and those that differ in a house number alone once for all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.houses import House, Houses
from geoaddr.bulk.remembered import Remembered
from geoaddr.errors import InvalidInput, NotFound, Said

MOST_REMEMBERED = 65_536
"""Answers kept for later pieces: some tens of megabytes."""

MOST_CHARACTERS = 8_388_608
"""What the texts of these may have in all: 128 each, and a few thousand of the longest that are read."""

EMPTY = Said("the address is empty", "địa chỉ trống")
_FLOATS = frozenset({"confidence", "lat", "lon", "uncertainty_m", "score"})

Given_contra = TypeVar("Given_contra", contravariant=True)


class Answer(NamedTuple):
    """One answer: ``values`` in the order of its verb's columns; ``alike``: whether another house number would
    have the same, so far as its verb knows. ``number``: the only one of its numbers in whose place another may
    stand; any may where that is ``None``. ``refused``: whether the text is too bad for an answer; it is not worth
    to be remembered, whatever its length."""

    values: tuple[Any, ...]
    alike: bool = True
    number: str | None = None
    refused: bool = False


class Asked(Protocol[Given_contra]):
    """A verb that answers one text at a time.

    ``columns`` the names of the values in its answers; ``written`` those of the columns in which the text's
    own words stand, and beside them no numbers but those of units' names; ``quoting`` those that may quote it
    beside other numbers.
    """

    columns: tuple[str, ...]
    written: frozenset[str]
    quoting: frozenset[str]

    def answer(self, text: str, given: Given_contra) -> Answer:
        """The answer to a text, with what else is given of it.

        :raises InvalidInput, NotFound: for a text that cannot be answered; the row says why.
        """


class Kept(NamedTuple):
    """An answer without its house number, which stands in each of some columns between two pieces."""

    values: tuple[Any, ...]
    places: Mapping[int, tuple[str, str]] = {}


_DIFFERENT = Kept(())
"""Instead of an answer: this number makes a difference after all."""


class Answers:
    """Answers of one verb, remembered."""

    def __init__(self, asked: Asked[Any], houses: Houses, lang: str) -> None:
        self._asked, self._houses, self._lang = asked, houses, lang
        self._remembered: Remembered[Kept] = Remembered(MOST_REMEMBERED, MOST_CHARACTERS)
        self._written = [i for i, name in enumerate(asked.columns) if name in asked.written]
        self._quoting = [i for i, name in enumerate(asked.columns) if name in asked.quoting]

    def columns(
        self, texts: Sequence[str | None], keys: Sequence[Hashable], given: Sequence[Any]
    ) -> dict[str, Any]:
        """The columns of answers to distinct texts; ``keys`` say which of the ``given`` are alike."""
        kept: list[Kept] = []
        numbers: list[str | None] = []
        for text, key, value in zip(texts, keys, given, strict=True):
            one, number = self._one(text, key, value)
            kept.append(one)
            numbers.append(number)
        return self._gathered(kept, numbers)

    def _gathered(self, kept: list[Kept], numbers: list[str | None]) -> dict[str, Any]:
        """Columns made once for all that share an answer; only the house numbers are filled in row by row."""
        slots: dict[int, int] = {}
        rows: list[Kept] = []
        taken = np.empty(len(kept), dtype=np.int64)
        for at, one in enumerate(kept):
            slot = slots.setdefault(id(one), len(rows))
            if slot == len(rows):
                rows.append(one)
            taken[at] = slot
        places = {column for one in rows for column in one.places}
        indices = pa.array(taken)
        found: dict[str, Any] = {}
        for column, name in enumerate(self._asked.columns):
            kind = pa.float64() if name in _FLOATS else pa.string()
            if column in places:
                values = [_filled(one, column, number) for one, number in zip(kept, numbers, strict=True)]
                found[name] = pa.array(values, kind)
            else:
                found[name] = pc.take(pa.array([row.values[column] for row in rows], kind), indices)
        return found

    def _one(self, text: str | None, key: Hashable, given: Any) -> tuple[Kept, str | None]:
        if text is None:
            return self._error(EMPTY.in_language(self._lang)), None
        house = self._houses.of(text)
        if house is None:
            return self._whole(text, key, given), None
        kind = (house.kind, key)
        kept = self._remembered.get(kind)
        if kept is None:
            answer = self._ask(text, given)
            if answer.refused:
                return Kept(answer.values), None
            kept = self._without_number(answer, house)
            self._remembered.put(kind, kept, len(text))
            if kept is _DIFFERENT:
                return Kept(answer.values), None
        return (self._whole(text, key, given), None) if kept is _DIFFERENT else (kept, house.number)

    def _whole(self, text: str, key: Hashable, given: Any) -> Kept:
        """The answer to a text whose numbers may all make a difference."""
        kept = self._remembered.get((text, key))
        if kept is None:
            answer = self._ask(text, given)
            kept = Kept(answer.values)
            if not answer.refused:
                self._remembered.put((text, key), kept, len(text))
        return kept

    def _without_number(self, answer: Answer, house: House) -> Kept:
        """The answer with room for another number, where that is all the difference that it makes."""
        values = answer.values
        if not answer.alike or answer.number not in (None, house.number):
            return _DIFFERENT
        if any(house.number in (values[i] or "") for i in self._quoting):
            return _DIFFERENT
        places = {}
        for i in self._written:
            before, number, after = (values[i] or "").partition(house.number)
            if house.number in after:
                return _DIFFERENT
            if number:
                places[i] = (before, after)
        return Kept(values, places)

    def _ask(self, text: str, given: Any) -> Answer:
        try:
            return self._asked.answer(text, given)
        except (InvalidInput, NotFound) as error:  # what fails besides fails for every row, and ends the run
            return Answer(self._error(error.message(self._lang)).values, refused=True)

    def _error(self, message: str) -> Kept:
        said = {"status": "error", "error": message}
        return Kept(tuple(said.get(name) for name in self._asked.columns))


def _filled(one: Kept, column: int, number: str | None) -> Any:
    place = one.places.get(column)
    return one.values[column] if place is None else f"{place[0]}{number}{place[1]}"

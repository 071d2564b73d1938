"""Each distinct text answered once, and those that differ in a house number alone once for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.collecting import collector_put_off
from geoaddr.bulk.houses import House, Houses
from geoaddr.bulk.remembered import Remembered
from geoaddr.errors import InvalidInput, NotFound

MOST_REMEMBERED = 65_536
"""Answers kept for later pieces: some tens of megabytes."""

MOST_CHARACTERS = 8_388_608
"""What the texts of these may have in all: 128 each, and a few thousand of the longest that are read."""

TOGETHER = 1024
"""Texts that are answered step by step together: each step finds what it needs where it left it."""

_FLOATS = frozenset({"confidence", "lat", "lon", "uncertainty_m", "score"})

Given_contra = TypeVar("Given_contra", contravariant=True)
Value = TypeVar("Value")


class Answer(NamedTuple):
    """One answer: ``values`` in the order of its verb's columns; ``alike``: whether another house number would
    have the same, so far as its verb knows. ``number``: the only one of its numbers in whose place another may
    stand; any may where that is ``None``. ``refused``: whether the text is too bad for an answer; it is not worth
    to be remembered, whatever its length."""

    values: tuple[Any, ...]
    alike: bool = True
    number: str | None = None
    refused: bool = False


Refusal = InvalidInput | NotFound
"""Why a text cannot be answered; what fails besides fails for every row, and ends the run."""


class Asked(Protocol[Given_contra]):
    """A verb that answers texts.

    ``columns`` the names of the values in its answers; ``written`` those of the columns in which the text's
    own words stand, and beside them no numbers but those of units' names; ``quoting`` those that may quote it
    beside other numbers.
    """

    columns: tuple[str, ...]
    written: frozenset[str]
    quoting: frozenset[str]

    def answers(self, texts: Sequence[str], given: Sequence[Given_contra]) -> Sequence[Answer | Refusal]:
        """The answers to some texts, each with what else is given of it."""


class OneByOne(ABC, Generic[Given_contra]):
    """A verb that answers one text after another."""

    @abstractmethod
    def answer(self, text: str, given: Given_contra) -> Answer:
        """The answer to a text, with what else is given of it.

        :raises InvalidInput, NotFound: for a text that cannot be answered; the row says why.
        """

    def answers(self, texts: Sequence[str], given: Sequence[Given_contra]) -> list[Answer | Refusal]:
        """The answers to all of them."""
        return [attempted(self.answer, text, value) for text, value in zip(texts, given, strict=True)]


def attempted(work: Callable[..., Value], *arguments: Any) -> Value | Refusal:
    """What ``work`` gives, or why it refuses."""
    try:
        return work(*arguments)
    except (InvalidInput, NotFound) as refusal:
        return refusal


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
        """The columns of answers to distinct texts; ``keys`` say which of the ``given`` are alike.

        A text that is absent is an empty one: which of the two a row has depends on its format alone.
        """
        written = [text or "" for text in texts]
        kept: list[Kept] = []
        numbers: list[str | None] = []
        for begin in range(0, len(texts), TOGETHER):
            some = slice(begin, begin + TOGETHER)
            with collector_put_off():
                found = self._some(written[some], keys[some], given[some])
            kept += [one for one, _ in found]
            numbers += [number for _, number in found]
        return self._gathered(kept, numbers)

    def _gathered(self, kept: list[Kept], numbers: list[str | None]) -> dict[str, Any]:
        """Columns made once for all that share an answer; only the house numbers are filled in row by row."""
        slots: dict[int, int] = {}
        rows: list[Kept] = []
        taken: list[int] = []
        for one in kept:
            slot = slots.setdefault(id(one), len(rows))
            if slot == len(rows):
                rows.append(one)
            taken.append(slot)
        places = {column for one in rows if one.places for column in one.places}
        indices = None if len(rows) == len(kept) else pa.array(taken, pa.int64())
        found: dict[str, Any] = {}
        columns = [*zip(*[row.values for row in rows], strict=True)] or [()] * len(self._asked.columns)
        for column, name in enumerate(self._asked.columns):
            kind = pa.float64() if name in _FLOATS else pa.string()
            if column in places:
                values = [_filled(one, column, number) for one, number in zip(kept, numbers, strict=True)]
                found[name] = pa.array(values, kind)
            else:
                found[name] = pa.array(columns[column], kind)
                if indices is not None:
                    found[name] = pc.take(found[name], indices)
        return found

    def _some(
        self, texts: Sequence[str], keys: Sequence[Hashable], given: Sequence[Any]
    ) -> list[tuple[Kept, str | None]]:
        """The answers to some texts: first one of each kind that differs in a house number alone is asked, then
        those of which every number may make a difference."""
        found: list[tuple[Kept, str | None]] = [(_DIFFERENT, None)] * len(texts)
        kinds: dict[Hashable, list[tuple[int, House]]] = {}
        alone: list[int] = []
        for at, text in enumerate(texts):
            house = self._houses.of(text)
            kept = None if house is None else self._remembered.get((house.kind, keys[at]))
            if house is None or kept is _DIFFERENT:
                alone.append(at)
            elif kept is not None:
                found[at] = kept, house.number
            else:
                kinds.setdefault((house.kind, keys[at]), []).append((at, house))
        firsts = [alike[0] for alike in kinds.values()]
        answers = self._ask([at for at, _ in firsts], texts, given)
        for (kind, alike), (at, house), answer in zip(kinds.items(), firsts, answers, strict=True):
            kept = _DIFFERENT if answer.refused else self._without_number(answer, house)
            if not answer.refused:
                self._remembered.put(kind, kept, len(texts[at]))
            if kept is _DIFFERENT:
                found[at] = Kept(answer.values), None
                alone += [other for other, _ in alike[1:]]
            else:
                for other, like in alike:
                    found[other] = kept, like.number
        self._whole(sorted(alone), texts, keys, given, found)
        return found

    def _whole(
        self,
        places: list[int],
        texts: Sequence[str],
        keys: Sequence[Hashable],
        given: Sequence[Any],
        found: list[tuple[Kept, str | None]],
    ) -> None:
        """Fill in the answers to texts whose numbers may all make a difference."""
        left = []
        for at in places:
            kept = self._remembered.get((texts[at], keys[at]))
            if kept is None:
                left.append(at)
            else:
                found[at] = kept, None
        for at, answer in zip(left, self._ask(left, texts, given), strict=True):
            kept = Kept(answer.values)
            found[at] = kept, None
            if not answer.refused:
                self._remembered.put((texts[at], keys[at]), kept, len(texts[at]))

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

    def _ask(self, places: list[int], texts: Sequence[str], given: Sequence[Any]) -> list[Answer]:
        answers = self._asked.answers([texts[at] for at in places], [given[at] for at in places])
        return [answer if isinstance(answer, Answer) else self._refused(answer) for answer in answers]

    def _refused(self, refusal: Refusal) -> Answer:
        said = {"status": "error", "error": refusal.message(self._lang)}
        return Answer(tuple(said.get(name) for name in self._asked.columns), refused=True)


def _filled(one: Kept, column: int, number: str | None) -> Any:
    place = one.places.get(column)
    return one.values[column] if place is None else f"{place[0]}{number}{place[1]}"

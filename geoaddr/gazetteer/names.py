"""Names to units: exact on the folded name, with or without the type, aliases included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from geoaddr.gazetteer.layout import SectionSource
from geoaddr.gazetteer.units import UnitTable
from geoaddr.text.fold import fold, fold_keep_accents


class NameHit(NamedTuple):
    """A unit's row that a text names. ``typed``: the text had its type too; ``accented``: it was
    written with accents, and they agree; ``alias``: by another name than its own."""

    row: int
    typed: bool
    accented: bool
    alias: bool


class NameColumns(NamedTuple):
    """Every name: the sorted folded ``keys``; the entries of key ``i`` are those from ``starts[i]`` to
    ``starts[i + 1]``, each with a row, a type (its position in ``UnitTable.type_words``, or beyond for an alias
    without one), and the name as written, empty where it is the row's own."""

    keys: list[str]
    starts: list[int]
    rows: list[int]
    types: list[int]
    texts: list[str]


class NameTable:
    """Read-only view of the ``names.*`` sections: an entry is one name of one row."""

    def __init__(self, source: SectionSource, units: UnitTable) -> None:
        self._units = units
        self._keys = source.strings("names.key")
        self._starts = source.view("names.start")
        self._rows = source.view("names.row")
        self._types = source.view("names.type")
        self._texts = source.strings("names.text")
        self._type_words = [(fold(word) + " ", i) for i, word in enumerate(units.type_words)]

    def columns(self) -> NameColumns:
        """All names at once, for what indexes them in its own way."""
        return NameColumns(
            list(self._keys), self._starts.tolist(), self._rows.tolist(), self._types.tolist(), list(self._texts)
        )

    def hits(self, text: str) -> Iterator[NameHit]:
        """Every row, of any day, that ``text`` names; a row may come more than once."""
        folded, accented = fold(text), fold_keep_accents(text)
        plain = folded == accented  # written without any accent: it agrees with nothing in particular
        yield from self._entries(folded, None if plain else accented, None)
        for prefix, kind in self._type_words:
            if folded.startswith(prefix):
                words = prefix.count(" ")
                rest = None if plain else accented.split(" ", words)[-1]
                yield from self._entries(folded[len(prefix) :], rest, kind)

    def _entries(self, folded: str, accented: str | None, kind: int | None) -> Iterator[NameHit]:
        if folded.isdigit():
            folded = folded.lstrip("0") or "0"
            accented = accented and folded
        at = bisect_left(self._keys, folded)
        if at == len(self._keys) or self._keys[at] != folded:
            return
        for i in range(self._starts[at], self._starts[at + 1]):
            if kind is None or self._types[i] == kind:
                row, alias = self._rows[i], self._texts[i]
                name = alias or self._units.name(row)
                agrees = accented is not None and fold_keep_accents(name) == accented
                yield NameHit(row, kind is not None, agrees, bool(alias))

"""The units that were taken out of the text, as far as the rest needs them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from geoaddr.interpretation.detail_parts import Cutter, Part
from geoaddr.interpretation.detail_words import Word, words_of


class Around:
    """What stands outside ``spans`` of ``text``; read only when asked for, since most addresses never ask."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        edges = [0, *(edge for span in spans for edge in span), len(text)]
        self._text = text
        self._outside = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
        self._from = spans[0][0]

    @cached_property
    def _read(self) -> tuple[list[Word], list[Part]]:
        words = words_of(self._text, self._outside)
        return words, Cutter(words).parts()

    @cached_property
    def names(self) -> frozenset[str]:
        """The units' names without accents, with and without their type words."""
        words, parts = self._read
        folded = [word.folded for word in words]
        return frozenset(" ".join(folded[first : p.last]) for p in parts for first in (p.first, p.body))

    @cached_property
    def rural(self) -> bool:
        """Whether the first unit after the beginning of the spans calls itself a rural commune (xã)."""
        words, parts = self._read
        first = next((part for part in parts if words[part.first].start >= self._from), None)
        return first is not None and first.kind == "admin" and words[first.first].folded == "xa"

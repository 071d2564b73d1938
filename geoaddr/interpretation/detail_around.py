"""The units that were taken out of the text, as far as the rest needs them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from geoaddr.interpretation.detail_parts import Cutter, Part
from geoaddr.interpretation.detail_words import Word, words_of


class Around:
    """What stands outside ``spans`` of ``text``; read only when asked for, since most addresses never ask."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self._text, self._spans = text, spans

    @cached_property
    def _read(self) -> tuple[list[Word], list[Part]]:
        edges = [0, *(edge for span in self._spans for edge in span), len(self._text)]
        words = words_of(self._text, [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b])
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
        first = next((part for part in parts if words[part.first].start >= self._spans[0][0]), None)
        return first is not None and first.kind == "admin" and words[first.first].folded == "xa"

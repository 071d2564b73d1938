"""The small parts of an address: what is left of a text when its administrative units are taken out.

``read_detail`` is a grammar of three steps, each one pass: words with their places (``detail_words``), parts
that open at the words of a table (``detail_parts``, ``text/detail_words.csv``), roles for the parts that no
word names (``detail_roles``). House numbers as they are written in the north (``số 5 ngách 12/34 ngõ 12``),
in the south (``12/34/5A``) and in the centre (``kiệt 12``, ``K12/5``) are kept as written; ``levels`` in
``detail_print`` makes them comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geoaddr.interpretation.detail_around import Around
from geoaddr.interpretation.detail_compiled import Pieces, cleaned, compiled_briefs, compiled_pieces
from geoaddr.interpretation.detail_gathered import Brief, brief_of, gathered
from geoaddr.interpretation.detail_parts import Cutter
from geoaddr.interpretation.detail_roles import Roles
from geoaddr.interpretation.detail_words import words_of
from geoaddr.model import Record
from geoaddr.model.quick import quick

Spans = tuple[tuple[int, int], ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Detail(Record):
    """The components below the commune, as written (NFC, single blanks).

    ``house_number`` without the word số; ``alley`` the chain from the street inwards, each level with its
    word; ``street``, ``hamlet`` (thôn, ấp, tổ, khu phố), ``building`` (also its block, and estates),
    ``floor``, ``unit`` and ``poi`` with their words, several joined by a comma; ``plus_code`` in capitals;
    ``postcode`` five or six digits; ``rest`` what none of them took, ``""`` where all is understood.
    ``parts`` says where each piece was read: the field (or ``rest``, or ``same`` for a name said twice) and
    character offsets in the original text, half open.
    """

    house_number: str | None = None
    alley: tuple[str, ...] = ()
    street: str | None = None
    hamlet: str | None = None
    building: str | None = None
    floor: str | None = None
    unit: str | None = None
    poi: str | None = None
    plus_code: str | None = None
    postcode: str | None = None
    rest: str = ""
    parts: tuple[tuple[str, int, int], ...] = field(default=(), compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain data; where each piece was read is left to the attribute."""
        plain = Record.to_dict(self)
        del plain["parts"]
        return plain

    @property
    def brief(self) -> Brief:
        """What a search asks for of it."""
        naming = self.street, self.hamlet, self.building, self.poi, self.rest
        return naming, (self.house_number, self.alley), self.unit


def read_detail(text: str, spans: Sequence[tuple[int, int]] | None = None) -> Detail:
    """The components in the ``spans`` of ``text`` that no unit took (all of it by default), in order.

    Takes time in proportion to the text, whatever it holds. Nothing is lost: every letter, digit and symbol
    of the spans stands in a field or in ``rest``; only the word that says that a number is a house's
    (``số``), a repeated name and parting signs at the edges are left out.
    """
    return Detail(**components_in(text, [(0, len(text))] if spans is None else spans))


def components_in(text: str, spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """The fields of :func:`read_detail`'s answer, those that are there."""
    taken = [(a, b) for a, b in spans if text[a:b].strip()]
    pieces = compiled_pieces(text, taken)
    return gathered(*(plain_pieces(text, taken) if pieces is None else pieces))


def briefs_of(
    texts: Sequence[str | None], begins: Sequence[int], lefts: Sequence[Spans | None]
) -> list[Brief | None]:
    """What a search asks for below the units of texts.

    :param begins: where the units of each begin; what stands before them is read.
    :param lefts: stretches behind them that are read too, as characters from there on; ``None`` for a text that is
        not to be read.
    """
    found = compiled_briefs(texts, begins, lefts) or [None] * len(texts)
    for at in [at for at, brief in enumerate(found) if brief is None]:
        text, begin, left = texts[at], begins[at], lefts[at]
        if text is not None and left is not None:
            spans = [(0, begin), *[(begin + a, begin + b) for a, b in left]]
            found[at] = brief_of(components_in(text, spans))
    return found


def plain_pieces(text: str, taken: list[tuple[int, int]]) -> Pieces:
    """The pieces in the stretches ``taken`` of ``text``, by plain Python."""
    words = words_of(text, taken)
    if not words:
        return (), ()
    around = Around(text, taken)
    parts = Cutter(words, "," in text, lambda: around.names).parts()
    places, values = [], []
    for part, role in zip(parts, Roles(words, parts, around).roles(), strict=True):
        start, end = words[part.first].start, words[part.last - 1].end
        without_word = role in ("house_number", "postcode") and part.kind != "lot"
        places.append((role, start, end))
        values.append(cleaned(text[words[part.body].start if without_word else start : end]))
    return tuple(places), tuple(values)

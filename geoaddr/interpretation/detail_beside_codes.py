"""What stands below the units of a text: its detail, without the codes that are no part of an address."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.codes_in_text import CodeInText, codes_in, spans_without
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_lone_name import with_lone_name
from geoaddr.interpretation.ordinary import is_ordinary
from geoaddr.interpretation.reading import Reading
from geoaddr.interpretation.stray_provinces import without_provinces


def detail_below(
    text: str,
    readings: Sequence[Reading],
    gazetteer: Gazetteer,
    *,
    codes: Sequence[CodeInText] | None = None,
    end: int | None = None,
) -> Detail:
    """The detail below the units of the first of ``readings``, of the whole text without any.

    :param codes: those in the text, where they are known already.
    :param end: where the detail ends at the latest, as a character offset.
    """
    last = len(text) if end is None else end
    rest = readings[0].rest if readings else ((0, last),)
    left = [(a, min(b, last)) for a, b in rest if a < last]
    if codes is None:
        codes = () if is_ordinary(text) else codes_in(text, gazetteer)
    spans = spans_without(left, codes) if codes else left
    lone = with_lone_name(text, spans, readings[0], last) if readings else None
    if lone is not None:
        return lone
    detail = read_detail(text, spans)
    return without_provinces(text, detail, readings[0], gazetteer) if readings else detail

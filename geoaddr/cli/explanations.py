"""How an address text was understood, stage by stage, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from geoaddr.cli.views import unit_text
from geoaddr.errors import Said
from geoaddr.interpretation.explaining import Explanation, NameSeen, ReadingSeen

HEADINGS: dict[str, Said] = {
    "folded": Said("The text as it is searched", "Văn bản dùng để tìm"),
    "tokens": Said("Words", "Các từ"),
    "codes": Said("Codes in the text", "Mã có trong văn bản"),
    "names": Said("Names of units that stand there", "Tên đơn vị có trong văn bản"),
    "typos": Said("Names with a typo", "Tên có lỗi gõ"),
    "readings": Said("Readings, by what each costs", "Các cách hiểu, theo chi phí"),
    "rest": Said("Taken by no unit", "Phần không thuộc đơn vị nào"),
    "components": Said("Components", "Thành phần"),
}
NOTHING = Said("none", "không có")
NOT_SEARCHED = Said("not looked for: the names are clear", "không tìm: các tên đã rõ")
ABROAD = Said("an address of another country; nothing is read in it", "địa chỉ ở nước khác; không đọc đơn vị nào")
MORE = Said("and {n} more", "và {n} tên khác")
MORE_UNITS = Said("{n} units of this name", "{n} đơn vị cùng tên")
IN_READING = Said("in reading {n}", "thuộc cách hiểu {n}")
MOST_LINES = 24
"""Lines of names that are printed; ``--json`` has more."""

Row = tuple[str, ...]


def printable(text: str) -> str:
    """``text`` fit for a terminal: no control characters, no marks that turn the line around."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def explanation_lines(explained: Explanation, names: Mapping[str, Said], lang: str) -> Iterator[str]:
    """The stages, a heading and its lines each.

    :param names: what the components are called.
    """
    yield from _section("folded", [(explained.folded,)] if explained.folded else [], lang)
    tokens = [
        (_place(seen.start, seen.end), seen.text, seen.folded, "; ".join(mark[lang] for mark in seen.marks))
        for seen in explained.tokens
    ]
    yield from _section("tokens", tokens, lang)
    codes = [(_place(code.start, code.end), code.system, code.code) for code in explained.codes]
    yield from _section("codes", codes, lang)
    yield from _section("names", _name_rows(explained.names, explained.names_in_all, lang), lang)
    typos = _name_rows(explained.typos, len(explained.typos), lang)
    yield from _section("typos", typos, lang, nothing=NOTHING if explained.typos_searched else NOT_SEARCHED)
    readings = [row for reading in explained.readings for row in _reading_rows(reading, lang)]
    yield from _section("readings", readings, lang, nothing=ABROAD if explained.abroad else NOTHING)
    yield from _section("rest", [(piece,) for piece in explained.rest], lang)
    components = [
        (_place(seen.start, seen.end), seen.text, names[seen.component].in_language(lang), seen.rule[lang])
        for seen in explained.components
    ]
    yield from _section("components", components, lang)


def _section(key: str, rows: Sequence[Row], lang: str, nothing: Said = NOTHING) -> Iterator[str]:
    yield f"{HEADINGS[key].in_language(lang)}:"
    shown = [tuple(printable(cell) for cell in row) for row in rows] or [(nothing.in_language(lang),)]
    widths = [max(len(row[i]) for row in shown if len(row) > i) for i in range(max(map(len, shown)))]
    for row in shown:
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)).rstrip()


def _place(start: int, end: int) -> str:
    return f"{start}-{end}"


def _name_rows(names: Sequence[NameSeen], in_all: int, lang: str) -> list[Row]:
    """A line for each name that a reading uses, and one for each other that is written and costs the same."""
    rows: list[Row] = []
    shown = 0
    for (used, *_), alike in groupby(names, key=lambda seen: (seen.readings, seen.start, seen.name, seen.cost)):
        group = list(alike)
        seen = group[0]
        units = unit_text(seen.unit) or ""
        if len(group) > 1:
            units = MORE_UNITS.in_language(lang).format(n=len(group))
        how, *dear = [sentence[lang] for sentence in seen.why]
        paid = zip(dear, seen.costs.values(), strict=True)
        reasons = [how, *(f"{sentence} {cost:.2f}" for sentence, cost in paid)]
        if used:
            reasons.append(IN_READING.in_language(lang).format(n=", ".join(map(str, used))))
        rows.append(
            (_place(seen.start, seen.end), seen.text, seen.name, units, f"{seen.cost:.2f}", "; ".join(reasons))
        )
        shown += len(group)
        if len(rows) == MOST_LINES:
            break
    if in_all > shown:
        rows.append((MORE.in_language(lang).format(n=in_all - shown),))
    return rows


def _reading_rows(reading: ReadingSeen, lang: str) -> Iterator[Row]:
    units = ", ".join(unit.full_name for unit in reading.units)
    yield f"{reading.number}.", f"{reading.cost:.2f}", f"{reading.weight:.2f}", units
    for part in reading.parts:
        if part.cost:
            yield "", f"{part.cost:+.2f}", "", part.why[lang]

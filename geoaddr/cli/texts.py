"""``geoaddr parse`` and ``geoaddr convert``: address texts taken apart, and carried over the reform."""

from __future__ import annotations

from collections.abc import Iterator

import click

from geoaddr.cli.explanations import explanation_lines, printable
from geoaddr.cli.frame import PointVerb, Session, Verb
from geoaddr.cli.inputs import number
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_data, print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.views import code_text, unit_text
from geoaddr.conversion import Candidate, Converted
from geoaddr.errors import Said
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.reading import Interpretation
from geoaddr.parsing import Parsed, SecondAddress

NAMES: dict[str, Said] = {
    "house_number": Said("House number", "Số nhà"),
    "alley": Said("Alley", "Ngõ, hẻm"),
    "street": Said("Street", "Đường, phố"),
    "hamlet": Said("Hamlet or group", "Thôn, ấp, tổ"),
    "building": Said("Building", "Tòa nhà"),
    "floor": Said("Floor", "Tầng"),
    "unit": Said("Flat", "Căn hộ"),
    "poi": Said("Place", "Địa điểm"),
    "plus_code": Said("Plus Code", "Plus Code"),
    "postcode": Said("Postcode", "Mã bưu chính"),
    "rest": Said("Not understood", "Không hiểu"),
    "same": Said("Said again", "Lặp lại"),
    "era": Said("Units of", "Đơn vị theo"),
    "other": Said("Other readings", "Cách hiểu khác"),
    "may_be": Said("May be", "Có thể là"),
    "second_address": Said("Second address", "Địa chỉ thứ hai"),
    "confidence": Said("Confidence", "Độ tin cậy"),
    "codes": Said("Codes", "Mã"),
}

ERAS: dict[str, Said] = {
    "old": Said("before 1 July 2025", "trước ngày 1/7/2025"),
    "new": Said("today", "hiện nay"),
    "mixed": Said("both times", "cả hai thời kỳ"),
}

STATUSES: dict[str, Said] = {
    "ok": Said("one answer", "một kết quả"),
    "ambiguous": Said("ambiguous: it may be in several communes", "chưa rõ: có thể thuộc nhiều xã, phường"),
    "partial": Said("partial: no commune was understood", "chưa đủ: không hiểu được xã, phường"),
    "not_found": Said("no unit was understood", "không hiểu được đơn vị nào"),
}

AGREES: dict[bool | None, Said] = {
    True: Said("can be the same place", "có thể là cùng một nơi"),
    False: Said("cannot be the same place", "không thể là cùng một nơi"),
    None: Said("not known whether it is the same place", "không rõ có phải cùng một nơi không"),
}

SHOWN = 5
"""Candidates that a table has room for; ``--json`` has all."""

MORE = Said("and {} more, lighter ones: --json shows all", "và {} khả năng nhẹ hơn: --json liệt kê tất cả")

BASES: dict[str, Said] = {
    "name": Said("named", "được nêu tên"),
    "whole": Said("all of the old unit is there", "toàn bộ đơn vị cũ thuộc về đây"),
    "known": Said("known addresses of the street lie there", "có địa chỉ đã biết trên đường này"),
    "note": Said("a part of the old unit", "một phần đơn vị cũ"),
    "prior": Said("possible", "có thể"),
    "boundary": Said("its boundary holds the point", "ranh giới chứa điểm"),
    "cell": Said("its approximate cell holds the point", "vùng gần đúng của xã, phường chứa điểm"),
}


@click.command(cls=Verb)
@click.argument("text")
@click.option("--as-of", metavar="DATE", help="Read with the units of this day; by default old and new compete.")
@click.option("--explain", is_flag=True, help="Show every stage: words, names, costs, readings, what was left.")
@click.pass_obj
def parse(session: Session, text: str, as_of: str | None, explain: bool) -> int:
    """An address text taken apart: units, house number, alleys, street and the rest.

    Exit code 1: no unit was understood.
    """
    with session.open() as ga:
        answer = ga.parse(text, as_of=as_of, explain=explain)
    if session.as_json:
        print_json(answer.to_dict())
    else:
        print_fields(_parsed_rows(answer, session.lang), session.lang)
        if answer.explanation is not None:
            print(*explanation_lines(answer.explanation, NAMES, session.lang), sep="\n")
        if answer.pack is not None:
            print_data(answer.pack, session.lang)
    return 0 if answer.interpretations else NEGATIVE


def _parsed_rows(answer: Parsed, lang: str) -> Iterator[tuple[str, str | list[str] | None]]:
    if answer.status != "ok":
        yield "status", STATUSES[answer.status].in_language(lang)
    yield from _detail_rows(answer.components, lang)
    for level in ("commune", "district", "province"):
        yield level, unit_text(getattr(answer, level))
    yield _name("era", lang), ERAS[answer.era].in_language(lang) if answer.era else None
    yield _name("second_address", lang), _second_rows(answer.second_address, lang)
    yield _name("confidence", lang), None if answer.confidence is None else f"{answer.confidence:.2f}"
    yield _name("codes", lang), [f"{word(code.system, lang)} {code_text(code.code)}" for code in answer.codes]
    yield _name("other", lang), [_reading_text(r) for r in answer.interpretations[1:]]


def _second_rows(second: SecondAddress | None, lang: str) -> list[str]:
    if second is None:
        return []
    units = [unit.full_name for unit in (second.commune, second.district, second.province) if unit is not None]
    return [second.text, *([", ".join(units)] if units else []), AGREES[second.agrees].in_language(lang)]


@click.command(cls=PointVerb)
@click.argument("text")
@click.option(
    "--to", type=click.Choice(["new", "old"]), default="new", show_default=True, help="Units of which time."
)
@click.option("--lat", metavar="DEGREES", help="Latitude of the place, where known.")
@click.option("--lon", metavar="DEGREES", help="Longitude of the place, where known.")
@click.option("--as-of", metavar="DATE", help="Units of this day; by default the pack's date, or 2025-06-30.")
@click.pass_obj
def convert(session: Session, text: str, to: str, lat: str | None, lon: str | None, as_of: str | None) -> int:
    """An address in today's units, or in those of before 1 July 2025.

    Exit code 1: there is no single answer that can be stood behind.
    """
    with session.open() as ga:
        answer = ga.convert(
            text,
            to=to,
            lat=None if lat is None else number("lat", lat),
            lon=None if lon is None else number("lon", lon),
            as_of=as_of,
        )
    if session.as_json:
        print_json(answer.to_dict())
    else:
        _show(answer, session.lang)
        print_data(answer.pack, session.lang)
    return 0 if answer.status == "ok" else NEGATIVE


def _show(answer: Converted, lang: str) -> None:
    settled = answer.status == "ok"
    candidates = [_candidate_text(c, lang) for c in answer.candidates[:SHOWN]]
    more = len(answer.candidates) - SHOWN
    if more > 0:
        candidates.append(MORE.in_language(lang).format(more))
    rows: list[tuple[str, str | list[str] | None]] = [
        ("status", STATUSES[answer.status].in_language(lang)),
        ("address", answer.address and printable(answer.address)),
        ("commune", unit_text(answer.commune) if settled else None),
        ("district", unit_text(answer.district) if settled else None),
        ("province", unit_text(answer.province) if answer.status in ("ok", "partial") else None),
        ("postcode", answer.postcode if settled else None),
        ("legal_basis", answer.legal_basis if settled else None),
        (_name("confidence", lang), None if answer.confidence is None else f"{answer.confidence:.2f}"),
        (_name("may_be", lang), None if settled else candidates),
    ]
    print_fields(rows, lang)


def _name(key: str, lang: str) -> str:
    return NAMES[key].in_language(lang)


def _detail_rows(detail: Detail, lang: str) -> Iterator[tuple[str, str | list[str] | None]]:
    for name in detail.keys():  # noqa: SIM118  # a record, not a dict
        value = getattr(detail, name)
        if name in NAMES and value:
            yield _name(name, lang), printable(" / ".join(value) if name == "alley" else value)


def _reading_text(reading: Interpretation) -> str:
    units = (reading.commune, reading.district, reading.province)
    return f"{reading.weight:.2f}  " + ", ".join(unit.full_name for unit in units if unit)


def _candidate_text(candidate: Candidate, lang: str) -> str:
    why = BASES[candidate.basis].in_language(lang)
    return f"{candidate.weight:.2f}  {unit_text(candidate.commune)}: {why}"

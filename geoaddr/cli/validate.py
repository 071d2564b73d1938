"""``geoaddr validate``: a verdict on an address that a checkout can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from geoaddr.cli.frame import PointVerb, Session
from geoaddr.cli.inputs import number
from geoaddr.cli.labels import label
from geoaddr.cli.output import print_data, print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.texts import BASES, NAMES
from geoaddr.cli.views import Rows, code_text
from geoaddr.conversion import Candidate
from geoaddr.errors import Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.validation.records import ComponentVerdict, Validated

FIELDS = {
    "house_number": "House number (số nhà).",
    "alley": "Alley (ngõ, ngách, hẻm, kiệt), from the street inwards; repeat for a chain.",
    "street": "Street.",
    "hamlet": "Hamlet or residential group (thôn, ấp, tổ dân phố).",
    "building": "Building.",
    "floor": "Floor.",
    "unit": "Flat.",
    "poi": "Name of a place.",
    "commune": "Commune: code or name, of today or of before the reform.",
    "district": "District: code or name, of before the reform.",
    "province": "Province: code or name, of today or of before the reform.",
    "postcode": "Postcode.",
    "code": "A code of any system that must agree with the rest.",
}

VERDICTS: dict[str, Said] = {
    "accept": Said("accept", "chấp nhận"),
    "confirm": Said("confirm: to be shown to the buyer once more", "xác nhận: cần cho người mua xem lại"),
    "fix": Said("fix: the buyer has to change something", "sửa: người mua cần thay đổi"),
    "reject": Said("reject: nothing was understood", "từ chối: không hiểu được gì"),
    "foreign": Said("reject: no address in Viet Nam", "từ chối: không phải địa chỉ tại Việt Nam"),
    "nothing": Said("reject: nothing was given", "từ chối: chưa ghi gì"),
}

STATUSES: dict[str, Said] = {
    "confirmed": Said("confirmed", "đúng"),
    "corrected": Said("corrected", "đã sửa"),
    "inferred": Said("filled in", "đã điền thêm"),
    "unconfirmed": Said("not confirmed", "chưa xác nhận"),
    "unexpected": Said("not expected", "không phù hợp"),
    "missing": Said("missing", "thiếu"),
}

WORDS: dict[str, Said] = {
    "verdict": Said("Verdict", "Kết luận"),
    "next": Said("Next", "Việc tiếp theo"),
    "old": Said("In old units", "Theo đơn vị cũ"),
    "contradictions": Said("Contradictions", "Mâu thuẫn"),
    "confidence": Said("Confidence", "Độ tin cậy"),
    "code": Said("Code", "Mã"),
}


def _field_options(command: Any) -> Any:
    for name, help_text in reversed(FIELDS.items()):
        flag = "--" + name.replace("_", "-")
        command = click.option(flag, name, multiple=name == "alley", metavar="TEXT", help=help_text)(command)
    return command


@click.command(cls=PointVerb)
@click.argument("text", required=False)
@_field_options
@click.option("--lat", metavar="DEGREES", help="Latitude of the place, where known.")
@click.option("--lon", metavar="DEGREES", help="Longitude of the place, where known.")
@click.option("--as-of", metavar="DATE", help="Read with the units of this day; by default old and new compete.")
@click.pass_obj
def validate(
    session: Session,
    /,
    text: str | None,
    lat: str | None,
    lon: str | None,
    as_of: str | None,
    **fields: Any,
) -> int:
    """A verdict on an address: accept, confirm, fix or reject, and the one thing to do next.

    TEXT is a line of text or a code; a form's fields can stand in its place or beside it. Exit code 1: the
    verdict is fix or reject.
    """
    given = {name: list(value) if name == "alley" else value for name, value in fields.items() if value}
    if text is not None:
        given["text"] = text
    with session.open() as ga:
        answer = ga.validate(
            text if text is not None and given.keys() == {"text"} else given,
            lat=None if lat is None else number("lat", lat),
            lon=None if lon is None else number("lon", lon),
            as_of=as_of,
        )
        rows = [] if session.as_json else [*_rows(answer, ga.gazetteer, session.lang)]
    if session.as_json:
        print_json(answer.to_dict())
    else:
        print_fields(rows, session.lang)
        print()
        print_fields(_parts(answer, session.lang), session.lang)
        print_data(answer.pack, session.lang)
    return 0 if answer.verdict in ("accept", "confirm") else NEGATIVE


def _rows(answer: Validated, gazetteer: Gazetteer, lang: str) -> Rows:
    yield _word("verdict", lang), VERDICTS[_verdict(answer)].in_language(lang)
    yield _word("next", lang), answer.action_text[lang]
    yield "address", answer.normalised.new
    yield _word("old", lang), answer.normalised.old
    yield "postcode", answer.postcode
    codes = answer.codes
    yield "ndas", code_text(codes.ndas) if codes.ndas else None
    yield "vpostcode", codes.vpostcode
    yield "plus_code", codes.plus_code
    if answer.confidence is not None:
        yield _word("confidence", lang), f"{answer.confidence:.2f}"
    if len(answer.candidates) > 1 and answer.verdict != "accept":
        yield "candidates", [_candidate_text(c, gazetteer, lang) for c in answer.candidates]
    yield _word("contradictions", lang), [each.why[lang] for each in answer.contradictions]


def _verdict(answer: Validated) -> str:
    """The verdict, or why nothing is an address."""
    if answer.verdict != "reject":
        return answer.verdict
    if answer.possible_next_action == "enter_local_address":
        return "foreign"
    given = answer.input.values() if isinstance(answer.input, Mapping) else (answer.input,)
    return "reject" if any(str(value or "").strip() for value in given) else "nothing"


def _candidate_text(candidate: Candidate, gazetteer: Gazetteer, lang: str) -> str:
    unit = candidate.commune
    names = (unit, *gazetteer.ancestors(unit, as_of=gazetteer.date))
    why = BASES[candidate.basis].in_language(lang)
    return f"{candidate.weight:.2f}  {', '.join(each.full_name for each in names)} ({unit.code}): {why}"


def _parts(answer: Validated, lang: str) -> Iterator[tuple[str, str | list[str] | None]]:
    """Each part: its value, or what was written where it should not stand, its status and the reason."""
    for part in answer.components:
        status = STATUSES[part.status].in_language(lang)
        yield _part_name(part, lang), f"{part.value or part.given or '-'}  ({status}: {part.why[lang]})"


def _part_name(part: ComponentVerdict, lang: str) -> str:
    said = NAMES.get(part.name) or WORDS.get(part.name)
    return said.in_language(lang) if said else label(part.name, lang)


def _word(key: str, lang: str) -> str:
    return WORDS[key].in_language(lang)

"""``GET /labels.pdf``: a sheet of labels for codes. It tells no more of a code than everyone may learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

from flask import Flask, Response, request
from pydantic import Field

from geoaddr.disclosure import at_area_level
from geoaddr.errors import InvalidInput, Said, UnknownAddress
from service import access, guard, reading, tally
from service.errors import language
from service.schemas import Query

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr
    from service.label_sheet import Label
    from service.tally import Tally

MOST_CODES = 100
MOST_COPIES = 10
MOST_LABELS = 200
"""On all pages of one sheet: drawing a label takes some milliseconds, whether or not its code is new."""


class LabelsQuery(Query):
    """Codes of any system with commas between them, how often each is printed, and the language."""

    codes: str
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1
    lang: Literal["en", "vi"] | None = None


def install(app: Flask, ga: Geoaddr) -> None:
    """Serve ``/labels.pdf``."""

    def labels() -> Response:
        counted = guard.tally_of(request.environ)
        access.require("area", counted.caller)
        counted.may_look_up()
        asked = reading.read_query(request, LabelsQuery)
        codes = [code for code in map(str.strip, asked.codes.split(",")) if code]
        if not 1 <= len(codes) <= MOST_CODES:
            few = Said(f"not 1 to {MOST_CODES} codes", f"không từ 1 đến {MOST_CODES} mã")
            raise InvalidInput("codes", len(codes), few)
        if len(codes) * asked.copies > MOST_LABELS:
            many = Said(
                f"{len(codes)} codes, {asked.copies} times each, are more than {MOST_LABELS} labels; ask in parts",
                f"{len(codes)} mã, mỗi mã {asked.copies} lần, nhiều hơn {MOST_LABELS} nhãn; hãy chia ra",
            )
            raise InvalidInput("copies", asked.copies, many)
        from service.label_sheet import sheet

        counted.rows(len(codes) - 1)
        made = [label for code in codes for label in [_label(ga, code, counted)] * asked.copies]
        response = Response(sheet(made, asked.lang or language()), mimetype="application/pdf")
        response.headers["Content-Disposition"] = 'inline; filename="labels.pdf"'
        response.headers["Cache-Control"] = "no-store"
        return response

    app.add_url_rule("/labels.pdf", endpoint="labels", view_func=labels, methods=["GET"])


def _label(ga: Geoaddr, code: str, counted: Tally) -> Label:
    """:raises UnknownAddress: for a code that was never issued, or that names no place."""
    from service.label_sheet import Label

    counted.may_look_up()
    resolved = at_area_level(ga.resolve(code))
    for looked_for, was_issued in tally.looked_for(resolved):
        counted.looked_up(looked_for, found=was_issued)
    if not resolved.readings or resolved.readings[0].status == "not_issued":
        raise UnknownAddress("codes", code, Said("names nothing to print", "không chỉ nơi nào để in"))
    found = resolved.readings[0]
    area = [unit.full_name for unit in (found.commune, found.province) if unit is not None]
    return Label(found.system, found.code, area, f"{request.url_root}#code={quote(found.code, safe='')}")

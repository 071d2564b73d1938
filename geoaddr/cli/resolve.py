"""``geoaddr resolve``: any code to every reading of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import label
from geoaddr.cli.output import print_data, print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE, refusal
from geoaddr.cli.views import code_text, is_ndas, reading_rows, suggestion_text
from geoaddr.errors import InvalidCode
from geoaddr.model import Resolved, Suggestion

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

MARGIN = 2

SHOWN_GUESSES = 3
"""Of codes that may have been meant and that nobody was given, how many a person is shown."""


@click.command(cls=Verb)
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option("--as-of", metavar="DATE", help="Units as on this day; by default the pack's date.")
@click.pass_obj
def resolve(session: Session, codes: tuple[str, ...], as_of: str | None) -> int:
    """Every reading of a code of any system, in any spacing and case.

    NDAS code, Vpostcode, Plus Code, Location ID or parcel geohash. With --json, one line a code.
    Exit code 1: at least one of the codes is invalid or was never issued.
    """
    with session.open() as ga:
        sound = []
        for number, code in enumerate(codes):
            if number and not session.as_json:
                print()
            sound.append(_answer(ga, session, code, as_of))
        if any(each is not None for each in sound):
            print_data(ga.pack.info, session.lang, as_json=session.as_json)
    return 0 if all(sound) else NEGATIVE


def _answer(ga: Geoaddr, session: Session, code: str, as_of: str | None) -> bool | None:
    """Print what a code is; whether it was issued or computed, ``None`` for one that no data need refuse."""
    try:
        answer = ga.resolve(code, as_of=as_of)
    except InvalidCode as error:
        # An invalid code is an answer, and must not keep the codes after it from theirs.
        if session.as_json:
            print_json(_invalid(code, error))
        print(f"geoaddr: {refusal(error, session.lang)}", file=sys.stderr)
        return None
    if session.as_json:
        print_json(answer.to_dict())
    else:
        _show(answer, session.lang)
    return any(reading.status != "not_issued" for reading in answer.readings)


def _invalid(code: str, error: InvalidCode) -> dict[str, Any]:
    said = error.reason
    why = {"type": type(error).__name__, "field": error.field, "reason": {"en": said.en, "vi": said.vi}}
    return {"input": code, "readings": [], "suggestions": [], "error": why}


def _show(answer: Resolved, lang: str) -> None:
    for reading in answer.readings:
        print(code_text(reading.code))
        print_fields(reading_rows(reading, lang), lang, indent=MARGIN)
    if not answer.readings:
        print(answer.input)
    if answer.suggestions:
        _show_suggestions(answer.suggestions, lang)
    elif not answer.readings:
        print(f"{' ' * MARGIN}{label('nowhere', lang)}")


def _show_suggestions(all_of_them: Sequence[Suggestion], lang: str) -> None:
    """Those that are issued, where any is; else a few that could exist, with a heading that says so."""
    heading = "suggestions"
    offered = [each for each in all_of_them if each.issued]
    if not offered:
        offered = [each for each in all_of_them if each.in_area][:SHOWN_GUESSES]
        if any(is_ndas(each.code) for each in offered):
            heading = "none_issued"
    if offered:
        print(f"{' ' * MARGIN}{label(heading, lang)}:")
    for suggestion in offered:
        print(f"{' ' * MARGIN * 2}{suggestion_text(suggestion, lang)}")

"""``geoaddr geocode``, ``reverse`` and ``suggest``: texts and points to places, beginnings to completions."""

from __future__ import annotations

from collections.abc import Iterable

import click

from geoaddr.cli.explanations import printable
from geoaddr.cli.frame import PointVerb, Session, Verb
from geoaddr.cli.inputs import number
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_data, print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.views import Rows, ndas_text, point_text, unit_text
from geoaddr.errors import Said
from geoaddr.finding.nearest import DEFAULT_RADIUS_M
from geoaddr.finding.records import Completion, Match
from geoaddr.model import PackInfo
from geoaddr.text.figures import figure, length

NAMES: dict[str, Said] = {
    "matched": Said("Found", "Tìm được"),
    "score": Said("Score", "Điểm số"),
    "distance": Said("Distance", "Khoảng cách"),
    "here": Said("The point lies in", "Điểm thuộc"),
    "nothing": Said("nothing found", "không tìm được gì"),
}

LEVELS: dict[str, Said] = {
    "house": Said("house", "số nhà"),
    "interpolated": Said("between known houses", "giữa các nhà đã biết"),
    "street": Said("street", "đường, phố"),
    "poi": Said("place", "địa điểm"),
    "building": Said("building", "tòa nhà"),
    "hamlet": Said("hamlet or group", "thôn, ấp, tổ"),
    "place": Said("hamlet, building or place", "thôn, tổ, tòa nhà hoặc địa điểm"),
    "code": Said("code", "mã"),
    "cell": Said("cell of the code", "ô của mã"),
    "neighbour": Said("nearest known house", "nhà đã biết gần nhất"),
    "commune": Said("commune", "xã, phường"),
    "province": Said("province", "tỉnh, thành phố"),
}

PARTS: dict[str, Said] = {
    "units": Said("units", "đơn vị"),
    "street": Said("street", "đường"),
    "number": Said("number", "số nhà"),
    "distance": Said("distance", "khoảng cách"),
    "former": Said("formerly", "địa chỉ cũ"),
    "agreement": Said("agreement with other units named", "khớp với đơn vị khác được nêu"),
}


@click.command(cls=Verb)
@click.argument("text")
@click.option("--limit", metavar="N", default="5", show_default=True, help="At most so many matches, 1 to 50.")
@click.option("--as-of", metavar="DATE", help="Read with the units of this day; by default old and new compete.")
@click.pass_obj
def geocode(session: Session, text: str, limit: str, as_of: str | None) -> int:
    """The places that an address may mean, the likeliest first. With --json, one line a match.

    Exit code 1: nothing was understood.
    """
    with session.open() as ga:
        found, data = ga.geocode(text, int_of("limit", limit), as_of=as_of), ga.pack.info
    return _print_matches(found, data, session)


@click.command(cls=PointVerb)
@click.argument("lat")
@click.argument("lon")
@click.option(
    "--radius-m", metavar="METRES", default=f"{DEFAULT_RADIUS_M:g}", show_default=True,
    help="How far to look, above 0 and at most 5,000.",
)  # fmt: skip
@click.option("--limit", metavar="N", default="5", show_default=True, help="At most so many matches, 1 to 50.")
@click.option("--same-commune", is_flag=True, help="Those in the point's own commune come first.")
@click.option("--as-of", metavar="DATE", help="Units as on this day; by default the pack's date.")
@click.pass_obj
def reverse(
    session: Session, lat: str, lon: str, radius_m: str, limit: str, same_commune: bool, as_of: str | None
) -> int:
    """The addresses nearest to a point, in WGS 84 degrees. With --json, one line a match.

    Exit code 1: none stands within the radius.
    """
    with session.open() as ga:
        found = ga.reverse(
            lat=number("lat", lat),
            lon=number("lon", lon),
            radius_m=number("radius_m", radius_m),
            limit=int_of("limit", limit),
            same_commune=same_commune,
            as_of=as_of,
        )
        data = ga.pack.info
    if not session.as_json:
        here = found.located
        units = [unit_text(unit) or "" for unit in (here.commune, here.district, here.province) if unit]
        units = units or [unit_text(unit) or "" for unit in here.candidates] or [word("outside", session.lang)]
        print_fields([(_name("here", session.lang), units)], session.lang)
        print(end="\n" if found else "")
    return _print_matches(found, data, session)


@click.command(cls=PointVerb)
@click.argument("text")
@click.option("--limit", metavar="N", default="8", show_default=True, help="At most so many, 1 to 20.")
@click.option("--lat", metavar="DEGREES", help="Latitude of a point about which completions come first.")
@click.option("--lon", metavar="DEGREES", help="Its longitude.")
@click.option("--province", metavar="CODE", help="The province whose completions come first.")
@click.option("--as-of", metavar="DATE", help="Complete the units of this day alone.")
@click.pass_obj
def suggest(
    session: Session,
    text: str,
    limit: str,
    lat: str | None,
    lon: str | None,
    province: str | None,
    as_of: str | None,
) -> int:
    """What a text that is being typed may become. With --json, one line a completion.

    Exit code 1: nothing known begins so.
    """
    with session.open() as ga:
        found = ga.suggest(
            text,
            int_of("limit", limit),
            lat=None if lat is None else number("lat", lat),
            lon=None if lon is None else number("lon", lon),
            province=province,
            as_of=as_of,
        )
        data = ga.pack.info
    for completion in found:
        if session.as_json:
            print_json(completion.to_dict())
        else:
            print(_completion_text(completion, session.lang))
    return _ended(len(found), data, session)


def int_of(name: str, text: str) -> int:
    """A whole number of the command line. :raises InvalidInput: for anything else."""
    value = number(name, text)
    return int(value) if value.is_integer() else value  # type: ignore[return-value]  # the verb refuses it


def _print_matches(found: Iterable[Match], data: PackInfo, session: Session) -> int:
    matches = list(found)
    for at, match in enumerate(matches):
        if session.as_json:
            print_json(match.to_dict())
        else:
            print(end="\n" if at else "")
            print_fields(_match_rows(match, session.lang), session.lang)
    return _ended(len(matches), data, session)


def _ended(answers: int, data: PackInfo, session: Session) -> int:
    """Say which data answered, and return the exit code."""
    nothing = "" if answers else _name("nothing", session.lang)
    if nothing and not session.as_json:
        print(nothing)
    print_data(data, session.lang, as_json=session.as_json, said=f"{nothing}; " if nothing else "")
    return 0 if answers else NEGATIVE


def _match_rows(match: Match, lang: str) -> Rows:
    yield "address", printable(match.label)
    yield "ndas", ndas_text(match.ndas) if match.ndas else None
    if match.status is not None:
        yield "status", word(match.status, lang)
    yield _name("matched", lang), LEVELS[match.match_level].in_language(lang)
    yield "point", _point(match, lang)
    if match.distance_m is not None:
        yield _name("distance", lang), length(match.distance_m, lang)
    yield "vpostcode", match.vpostcode
    yield "postcode", match.postcode
    yield _name("score", lang), _score(match, lang)


def _point(match: Match, lang: str) -> str | None:
    if match.point is None:
        return None
    good_to = "" if match.uncertainty_m is None else f", ± {length(match.uncertainty_m, lang)}"
    of = f" ({LEVELS[match.coordinate_level].in_language(lang)})" if match.coordinate_level else ""
    return point_text(match.point) + good_to + of


def _score(match: Match, lang: str) -> str:
    parts = ", ".join(
        f"{PARTS[name].in_language(lang)} {figure(part.value, lang, '.2f')}"
        for name, part in match.score_parts.items()
    )
    return f"{figure(match.score, lang, '.2f')} ({parts})"


def _completion_text(completion: Completion, lang: str) -> str:
    return f"{printable(completion.label)}  ({LEVELS[completion.kind].in_language(lang)})"


def _name(key: str, lang: str) -> str:
    return NAMES[key].in_language(lang)

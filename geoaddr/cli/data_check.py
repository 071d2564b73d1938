"""``geoaddr data check``: is a pack sound, and how good are its boundaries?"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import INVARIANTS, label, word
from geoaddr.cli.output import print_columns, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.errors import DataError, InvalidInput, Said
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.importing.checks import Check, LinkDifference
    from geoaddr.importing.measure import Measurement
    from geoaddr.pack import Pack

VERDICT_WIDTH = 8

_COUNT = re.compile(r"(?P<level>\w+) (?P<what>units|types|polygons) (?:on|from) (?P<day>\S+)")


@click.command(cls=Verb)
@click.option("--links", metavar="FOLDER", type=click.Path(path_type=Path),
              help="Compare the changes of 2025 with a folder's *splits*.json and *merges*.json.")  # fmt: skip
@click.option("--against", metavar="FILE", type=click.Path(path_type=Path),
              help="Measure the boundaries against a layer of real ones, of any kind that imports.")  # fmt: skip
@click.option("--addresses", metavar="FILE", type=click.Path(path_type=Path),
              help="With --against: points of real addresses too (CSV: lat, lon, commune_code).")  # fmt: skip
@click.pass_obj
def check(session: Session, links: Path | None, against: Path | None, addresses: Path | None) -> int:
    """Prove the invariants of the pack in use: every byte, counts, parents, validity, successors, postcodes.

    Exit code 1: one does not hold. What --links and --against find is listed, and is no failure.
    """
    if addresses is not None and against is None:
        raise InvalidInput("addresses", str(addresses), Said("goes with --against", "phải đi cùng --against"))
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.importing.checks import check_gazetteer, compare_links
    from geoaddr.importing.layer_checks import check_layers

    tables = None if links is None else (_the_one(links, "*splits*.json"), _the_one(links, "*merges*.json"))
    opened = session.open_pack(verify="always")
    gazetteer = Gazetteer.from_pack(opened)
    checks = [*check_gazetteer(gazetteer, _amended_from(opened)), *check_layers(opened, gazetteer)]
    differences = None if tables is None else compare_links(gazetteer, *tables)
    measured = None if against is None else _measured(opened, against, addresses)
    sound = all(each.ok for each in checks)
    if session.as_json:
        found: dict[str, Any] = {"file": str(opened.path), "pack": opened.info.to_dict(), "sound": sound}
        found["checks"] = [each.to_dict() for each in checks]
        if differences is not None:
            found["link_differences"] = [each.to_dict() for each in differences]
        if measured is not None:
            found["accuracy"] = measured.to_dict()
        print_json(found)
        return 0 if sound else NEGATIVE
    _show_checks(checks, session.lang)
    if differences is not None:
        _show_differences(differences, session.lang)
    if measured is not None:
        _show_accuracy(measured, session.lang)
    return 0 if sound else NEGATIVE


def _amended_from(pack: Pack) -> dt.date | None:
    """The first day of the resolutions that were applied to a pack."""
    days = [dt.date.fromisoformat(day) for act in pack.meta.get("amendments", ()) for day in act["on"]]
    return min(days, default=None)


def _measured(pack: Pack, reference: Path, addresses: Path | None) -> Measurement:
    from geoaddr.importing.measure import measure

    return measure(pack, reference, addresses=addresses)


def _the_one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        said = Said(f"holds {len(found)} files {pattern}, not one", f"có {len(found)} tệp {pattern}, cần đúng một")
        raise DataError(folder, said)
    return found[0]


def _named(name: str, lang: str) -> str:
    """An invariant in words; a count's name holds the level and the day."""
    if lang != "vi":
        return name
    counted = _COUNT.fullmatch(name)
    if counted is None:
        return INVARIANTS.get(name, name)
    return f"{INVARIANTS[counted['what']]} {word(counted['level'], lang)}, {counted['day']}"


def _show_checks(checks: list[Check], lang: str) -> None:
    for each in checks:
        found = _named(each.found, lang)
        print(f"{word('ok' if each.ok else 'wrong', lang):<{VERDICT_WIDTH}}{_named(each.name, lang)}: {found}")
        if not each.ok:
            print(f"{'':<{VERDICT_WIDTH}}{label('expected', lang)}: {each.expected}")


def _show_differences(differences: list[LinkDifference], lang: str) -> None:
    print(f"\n{label('differences', lang)}: {len(differences)}")
    rows = (
        (d.old, d.old_name, d.new, word(d.ours or "absent", lang), word(d.theirs or "absent", lang))
        for d in differences
    )
    print_columns(("old", "name", "new", "ours", "theirs"), rows, lang)


def _show_accuracy(measured: Measurement, lang: str) -> None:
    print(f"\n{label('accuracy', lang)} {measured.reference}:")
    rows = (
        (
            word(share.sample, lang), word(share.type, lang), figure(share.points, lang),
            *(figure(part, lang, ".1%") for part in (share.right, share.wrong, share.none)),
            _metres(share.off_median_m, lang), _metres(share.off_p95_m, lang),
        )
        for share in measured.shares
    )  # fmt: skip
    print_columns(("sample", "type", "points", "right", "wrong", "none", "off_median_m", "off_p95_m"), rows, lang)


def _metres(value: float | None, lang: str) -> str:
    return "" if value is None else f"{figure(value, lang, ',.0f')} m"

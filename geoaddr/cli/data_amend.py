"""``geoaddr data amend``: a resolution applied to the pack in use."""

from __future__ import annotations

import csv
import os
import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.data_import import FILE, STOPPED, teller
from geoaddr.cli.frame import Session, Verb, stopping
from geoaddr.cli.labels import label, word
from geoaddr.cli.output import print_columns, print_fields, print_json
from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.stores import is_absent
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.importing.amend import Amended, Plan
    from geoaddr.importing.touched_addresses import TouchedAddress


@click.command(cls=Verb)
@click.argument("file", type=FILE)
@click.option("-o", "--out", metavar="PACK", type=FILE, help="The pack to write.")
@click.option("--dry-run", is_flag=True, help="Say what it would touch, and write nothing.")
@click.option("--addresses", metavar="FILE", type=FILE, help="With --dry-run: list the addresses touched, as CSV.")
@click.option("--overwrite", is_flag=True, help="Replace a pack that exists.")
@click.pass_obj
def amend(
    session: Session, file: Path, out: Path | None, dry_run: bool, addresses: Path | None, overwrite: bool
) -> int:
    """Apply a resolution from a reviewed table: rename, retype, transfer, merge and split units.

    The new pack answers as before for days before the changes, and as amended from then on. No NDAS code
    changes. With --dry-run and a registry (--store) the addresses that are touched are counted.
    """
    _judge_options(session, out, dry_run, addresses, overwrite)
    if dry_run:
        return _foresee(session, file, addresses, overwrite)
    from geoaddr.importing.amend import amend as apply

    with stopping(STOPPED):
        made = apply(file, str(out), base=session.open_pack(), overwrite=overwrite, report=teller(session))
    if session.as_json:
        print_json(made.to_dict())
        return 0
    _show(made, session.lang)
    use = f"export GEOADDR_PACK={shlex.quote(str(Path(str(out)).absolute()))}"
    print_fields([("written", str(out)), ("next", f"{use}  ({word('to_use', session.lang)})")], session.lang)
    return 0


def _judge_options(
    session: Session, out: Path | None, dry_run: bool, addresses: Path | None, overwrite: bool
) -> None:
    if out is None and not dry_run:
        raise InvalidInput("out", None, Said("missing: name the pack to write", "còn thiếu: hãy chỉ tên gói"))
    if out is not None and dry_run:
        raise InvalidInput(
            "out", str(out), Said("nothing is written with --dry-run", "--dry-run không ghi gói nào")
        )
    if addresses is None:
        return
    if not dry_run or not _store_named(session):
        said = Said(
            "goes with --dry-run and a registry (--store)", "phải đi cùng --dry-run và sổ đăng ký (--store)"
        )
        raise InvalidInput("addresses", str(addresses), said)
    if addresses.exists() and not overwrite:
        said = Said("exists already; --overwrite replaces it", "đã tồn tại; dùng --overwrite để thay thế")
        raise DataError(addresses, said)


def _store_named(session: Session) -> bool:
    """Whether a registry is named on the line, or one that exists in the environment."""
    named = os.environ.get("GEOADDR_STORE")
    return session.store is not None or (bool(named) and not is_absent(str(named)))


def _foresee(session: Session, file: Path, listing: Path | None, overwrite: bool) -> int:
    from geoaddr.importing.amend import plan

    worked = plan(file, session.open_pack())
    found = _addresses(session, worked) if _store_named(session) else None
    if found is not None and listing is not None:
        _write(found, listing)
    counts = None if found is None else _counts(found)
    if session.as_json:
        print_json({**worked.told.to_dict(), "addresses": counts})
        return 0
    _show(worked.told, session.lang)
    if counts is not None:
        lines = [
            f"{row['unit']} → {row['into'] or '?'}: {figure(row['addresses'], session.lang)}"
            for row in counts["units"]
        ]
        print_fields([("addresses", [figure(counts["total"], session.lang), *lines])], session.lang)
    return 0


def _addresses(session: Session, worked: Plan) -> list[TouchedAddress]:
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.importing.touched_addresses import touched_addresses
    from geoaddr.wiring import locator_of

    locator = locator_of(worked.base, Gazetteer.from_pack(worked.base))
    with session.registry(made=True) as (_, opened):
        return list(touched_addresses(opened.export(), worked, locator))


def _counts(found: list[TouchedAddress]) -> dict[str, Any]:
    """How many codes are touched, and how many by each pair of a unit and what it becomes."""
    pairs = Counter((each.action, each.unit, each.into) for each in found)
    units = [
        {"action": action, "unit": unit, "into": into, "addresses": count}
        for (action, unit, into), count in sorted(pairs.items(), key=lambda item: tuple(map(str, item[0])))
    ]
    return {"total": len({each.ndas for each in found}), "units": units}


def _write(found: list[TouchedAddress], listing: Path) -> None:
    try:
        with listing.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("ndas", "status", "action", "unit", "into"))
            writer.writerows(("" if value is None else value for value in each) for each in found)
    except OSError as error:
        said = os_reason(error)
        raise DataError(listing, Said(f"cannot be written: {said.en}", f"không ghi được: {said.vi}")) from None


def _show(told: Amended, lang: str) -> None:
    rows = (
        (
            each.on.isoformat(), word(each.action, lang), f"{each.before} ({each.code})",
            f"{each.after} ({each.into})", each.legal_basis,
        )
        for each in told.touched
    )  # fmt: skip
    print_columns(("on", "action", "before", "after", "legal_basis"), rows, lang)
    print()
    layers = [f"{label(info.level, lang)}: [{info.valid_from}, {info.valid_to or '…'})" for info in told.layers]
    print_fields(
        [("date", told.date.isoformat()), ("layers", layers), ("note", [note[lang] for note in told.notes])], lang
    )
    sys.stdout.flush()

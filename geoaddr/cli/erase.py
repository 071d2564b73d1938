"""``geoaddr registry erase``: the procedure of privacy."""

from __future__ import annotations

from typing import Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.lifecycle import change_options
from geoaddr.cli.past import show_record
from geoaddr.errors import InvalidInput, Said


@click.command(cls=Verb)
@change_options
@click.option("--yes", is_flag=True, help="That this cannot be taken back is understood.")
@click.pass_obj
def erase(session: Session, /, code: str, yes: bool, **how: Any) -> int:
    """Erase an address on the ground of privacy, for good. The code stays taken, and answers as withdrawn.

    Components, point, aliases and all that its history tells of them are written over. Needs --reason and --yes.
    """
    with session.registry(made=True) as (_, registry):
        found = registry.get(code)
        if not yes:
            raise InvalidInput(
                "yes",
                found.ndas,
                Said(
                    "erasure cannot be taken back; add --yes to erase this address",
                    "xóa rồi không khôi phục được; hãy thêm --yes để xóa địa chỉ này",
                ),
            )
        show_record(session, registry.erase(code, **how))
    return 0

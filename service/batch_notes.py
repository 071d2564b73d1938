"""What a batch leaves behind: codes looked for are counted, households that it tells of are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.registry.columns import NONE
from geoaddr.registry.columns import codes as ndas_numbers
from service.batching import Rows, rows_of
from service.operations import Asked
from service.row_codes import OF_REGISTRY, held_by, told_by_row

_OF_REGISTRY = pa.array(OF_REGISTRY)

_TELLING = ("system", "ndas", "code_status", "lat", "vpostcode")
"""The columns that tell which household a row tells of."""


def look_up(asked: Asked[Any, Rows], columns: Mapping[str, Any] | None) -> list[str]:
    """Note which codes were looked for; those of addresses that are in texts. Who has looked for too many is not
    told of these ones either.

    :param columns: what ``resolve`` answers to all rows, where that is known.
    :raises SlowedDown: for them.
    """
    if columns is not None:
        looked_for = np.flatnonzero(pc.fill_null(pc.is_in(columns["system"], _OF_REGISTRY), False))
        found = pc.fill_null(pc.not_equal(columns["code_status"], "not_issued"), True).take(pa.array(looked_for))
        values = asked.body.values
        given = [values[number]["code"] for number in looked_for.tolist()]
        asked.tally.numbers_looked_up(given, ndas_numbers(pa.array(given, pa.string())), np.asarray(found))
        asked.tally.may_look_up()
        return []
    held = [each for row in held_by(asked.ga, asked.body.values) for each in row]
    asked.tally.all_looked_up((code, ndas is not None) for code, ndas in held)
    asked.tally.may_look_up()
    return [*dict.fromkeys(ndas for _, ndas in held if ndas is not None)]


def shown_of_issued(asked: Asked[Any, Rows], columns: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``assign`` without what the caller may not see."""
    if asked.grants.everywhere("point"):
        return columns
    issued = columns["ndas"].to_pylist()
    provinces = asked.sight.whereabouts().of_codes(ndas for ndas in issued if ndas)
    hidden = [bool(ndas) and "point" not in asked.grants.at(provinces[ndas]) for ndas in issued]
    shown = pc.if_else(pa.array(hidden, pa.bool_()), pa.scalar(None, pa.string()), columns["vpostcode"])
    return columns | {"vpostcode": shown}


def tell(asked: Asked[Any, Rows], verb: str, columns: Mapping[str, Any], codes: Sequence[str]) -> None:
    """Write down which households the columns tell of.

    :param codes: those of addresses in the rows.
    :raises StoreUnavailable: where the trail takes no more.
    """
    who, operation = asked.caller.key, f"batch_{verb}"
    if who is None:
        return
    if verb == "validate":  # a verdict tells whether a record agrees, and shows it where its code came alone
        lie = asked.sight.provinces(codes) if asked.grants.limited else dict.fromkeys(codes)
        seen = (code for code in codes if "address" in asked.grants.at(lie[code]))
        asked.tally.note_all(who, operation, ((code, "address") for code in seen))
    if "ndas" not in columns:
        return
    numbers = _tell_points(asked, who, operation, columns) if verb == "resolve" else range(len(columns["ndas"]))
    taken = {name: columns[name].take(pa.array(numbers, pa.int64())) for name in _TELLING if name in columns}
    given = (asked.body.values[number] for number in numbers)
    told = (told_by_row(verb, sent, row) for sent, row in zip(given, rows_of(taken), strict=True))
    asked.tally.note_all(who, operation, (each for each in told if each is not None))


def _tell_points(asked: Asked[Any, Rows], who: str, operation: str, columns: Mapping[str, Any]) -> Sequence[int]:
    """Write down the NDAS codes whose points are shown, together; the numbers of the other rows."""
    numbers = ndas_numbers(columns["ndas"])
    shown = pc.and_(pc.fill_null(pc.equal(columns["system"], "ndas"), False), pc.is_valid(columns["lat"]))
    plain = np.asarray(shown) & (numbers != NONE)
    asked.tally.note_codes(who, operation, "point", numbers[plain])
    return np.flatnonzero(~plain).tolist()

"""Rows of a batch or a file: which codes of the registry they hold, and of which households their answers tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from geoaddr.disclosure import EVERYTHING
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.sight import Sight, Whereabouts
from geoaddr.validation.fields import CODES, MOST_CODE_CHARACTERS

if TYPE_CHECKING:
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.platform import Geoaddr

FEWEST_DIGITS = 10
"""Of a code that only the registry can read."""

OF_REGISTRY = ("ndas", "location_id")


class Held(NamedTuple):
    """A code as a row has it, and the address that it was issued for, if it was."""

    written: str
    ndas: str | None


def held_by(ga: Geoaddr, rows: Sequence[Mapping[str, Any]]) -> list[list[Held]]:
    """Of each row its codes that only the registry can read."""
    from geoaddr.bulk.rows import answered

    of_rows = [_written_in(row, ga.gazetteer) for row in rows]
    asked = [{"code": code} for codes in of_rows for code in codes]
    sight = Sight(EVERYTHING, lambda: Whereabouts(ga.locator, lambda: ga.registry))
    found = answered(ga, "resolve", asked, sight=sight)
    columns = zip(*(found[name].to_pylist() for name in ("system", "code_status", "ndas")), strict=True)
    return [
        [
            Held(code, None if status == "not_issued" else ndas or code)
            for code, (system, status, ndas) in zip(codes, islice(columns, len(codes)), strict=True)
            if system in OF_REGISTRY
        ]
        for codes in of_rows
    ]


def _written_in(row: Mapping[str, Any], gazetteer: Gazetteer) -> list[str]:
    """The texts in a row that may be codes of the registry: the fields for codes, and what stands in its other
    texts, each alone and all together, as they are read."""
    texts = {name: value for name, value in row.items() if isinstance(value, str) and value}
    others = [value for name, value in texts.items() if name not in CODES]
    found = [texts[name] for name in CODES if name in texts]
    for text in [*others, " ".join(others)]:
        if sum(map(str.isdigit, text)) >= FEWEST_DIGITS:
            found += [each.code for each in codes_in(text, gazetteer) if each.system in OF_REGISTRY]
            found += [text] if len(text) <= 4 * MOST_CODE_CHARACTERS else []
    return [*dict.fromkeys(found)]


def told_by_row(verb: str, given: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The household that a row tells of, and the scopes by which it does."""
    if verb == "assign":
        return None if row["ndas"] is None else (row["ndas"], "write" if row["vpostcode"] is None else "point")
    if verb == "resolve" and row["system"] == "ndas" and row["lat"] is not None:  # most of them
        return row["ndas"] or given["code"], "point"
    point = ["point"] if row.get("lat") is not None else []
    if verb == "resolve":
        if row["code_status"] in (None, "not_issued", "computed"):
            return None
        seen = [*(["address"] if row["system"] != "ndas" and row["ndas"] else []), *point]
        return (row["ndas"] or given["code"], " ".join(seen)) if seen else None
    if verb in ("geocode", "reverse") and row["ndas"] is not None:
        return row["ndas"], " ".join(["address", *point])
    return None

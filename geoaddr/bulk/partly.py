"""Rows for a reader who sees some households and not others, or something of each: what each row may tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk import geocoding, resolving
from geoaddr.bulk.answer_columns import FLOATS, GEOCODE_COLUMNS, ROW_COLUMNS
from geoaddr.bulk.validating import Beside
from geoaddr.errors import GeoaddrError, InvalidInput
from geoaddr.finding.followed import MATCHES
from geoaddr.model import Point, Reading, as_date
from geoaddr.sight import looked_at
from geoaddr.validation.fields import COLUMNS as FORM

if TYPE_CHECKING:
    from geoaddr.bulk.ports import Platform
    from geoaddr.sight import Sight

Row = Mapping[str, Any]

FOUND = frozenset({"resolve", "geocode"})
"""Verbs whose answer is a household, which is shown or withheld field by field."""

JUDGED = frozenset({"convert", "validate"})
"""Verbs whose answer is made of many households, and counts them or does not."""

VERBS = FOUND | JUDGED


def found(
    ga: Platform, verb: str, rows: Sequence[Row], as_of: str | None, lang: str, sight: Sight
) -> dict[str, Any]:
    """The columns of ``resolve`` or ``geocode``, each row as the verb answers it alone."""
    ask = {"resolve": _resolved, "geocode": _geocoded}[verb](ga, as_of, sight)
    answers = []
    for row in rows:
        try:
            answers.append(ask(row))
        except InvalidInput as error:
            answers.append({"status": "error", "error": error.message(lang)})
    return {
        name: pa.array([answer.get(name) for answer in answers], pa.float64() if name in FLOATS else pa.string())
        for name in ROW_COLUMNS[verb]
    }


Ask = Callable[[Row], dict[str, Any]]


def _resolved(ga: Platform, as_of: str | None, sight: Sight) -> Ask:
    day = ga.as_of(as_of)
    return lambda row: resolving.row_of(sight.shown(ga.resolve(row.get("code") or "", as_of=day)))


def _geocoded(ga: Platform, as_of: str | None, sight: Sight) -> Ask:
    day = None if as_of is None else as_date(as_of)

    def ask(row: Row) -> dict[str, Any]:
        text: str = row.get("text") or ""
        matches = sight.found(
            lambda area_only: ga.geocoder.geocode(text, limit=MATCHES, as_of=day, area_only=area_only), MATCHES
        )
        return dict(zip(GEOCODE_COLUMNS, geocoding.row_of(matches), strict=True))

    return ask


def judged_by_area(
    ga: Platform, verb: str, rows: Sequence[Row], as_of: str | None, to: str, sight: Sight
) -> list[bool]:
    """Of each row of ``convert`` or ``validate`` whether it is to be answered without the evidence of houses."""
    day = None if as_of is None else as_date(as_of)
    day_of_codes = ga.as_of(as_of)

    def readings(judged: Any) -> list[Reading]:
        return looked_at(judged, lambda code: ga.resolve(code, as_of=day_of_codes)) if verb == "validate" else []

    def of(row: Row) -> bool:
        asked = [True]

        def ask(area_only: bool) -> Any:
            asked.append(area_only)
            if verb == "convert":
                converter = ga.converter_for_all if area_only else ga.converter
                return converter.convert(row.get("text") or "", to=to, point=_point(row), as_of=day)
            validator = ga.validator_for_all if area_only else ga.validator
            form = tuple((name, row[name]) for name in FORM if row.get(name) is not None)
            beside = Beside(row.get("code"), row.get("lat"), row.get("lon"), form or None)
            return validator.validate(
                beside.address(row.get("text") or ""),
                code=beside.code,
                lat=beside.lat,
                lon=beside.lon,
                as_of=day,
                area_only=area_only,
            )

        try:
            sight.judged(ask, readings)
        except GeoaddrError as error:
            if not hasattr(error, "field"):  # what fails besides fails for every row
                raise
            return True  # the columns refuse it too, and say why
        return asked[-1]

    return list(map(of, rows))


def _point(row: Row) -> Point | None:
    lat, lon = row.get("lat"), row.get("lon")
    return None if lat is None or lon is None else Point(lat=lat, lon=lon)


def merged(parts: Sequence[tuple[Sequence[bool], dict[str, Any]]]) -> dict[str, Any]:
    """Columns of which each part has the rows of its mask, in the order of all rows."""
    rows = np.concatenate([np.flatnonzero(mask) for mask, _ in parts])
    back = np.empty(len(rows), dtype=np.int64)
    back[rows] = np.arange(len(rows))
    return {
        name: pc.take(pa.chunked_array([columns[name] for _, columns in parts]), pa.array(back)).combine_chunks()
        for name in parts[0][1]
    }

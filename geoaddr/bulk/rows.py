"""The verbs over rows that came one by one: named values in, columns of answers out, in order."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geoaddr.bulk import partly
from geoaddr.bulk.answer_columns import FLOATS, REVERSE_COLUMNS, ROW_COLUMNS, UNIT_COLUMNS, UNIT_NAMES
from geoaddr.bulk.answers import Plan, answerer
from geoaddr.errors import GeoaddrError
from geoaddr.validation.fields import COLUMNS as FORM

if TYPE_CHECKING:
    from geoaddr.bulk.ports import Platform
    from geoaddr.model import Unit
    from geoaddr.sight import Sight

NUMBERS = frozenset({"lat", "lon", "uncertainty_m", "radius_m"})
"""The values of rows that are numbers; all others are texts."""

Rows = Sequence[Mapping[str, Any]]


def answered(
    ga: Platform,
    verb: str,
    rows: Rows,
    *,
    sight: Sight,
    as_of: str | None = None,
    to: str = "new",
    lang: str = "en",
    run: str | None = None,
) -> dict[str, Any]:
    """The columns of a verb's answers, as Arrow arrays, named as in :data:`ROW_COLUMNS`; a row that cannot be
    answered says so in ``error``.

    :param rows: of ``locate`` ``lat, lon, uncertainty_m``; of ``resolve`` and ``unit`` ``code``; of ``parse`` and
        ``geocode`` ``text``; of ``convert`` ``text, lat, lon``; of ``validate`` these, ``code`` and the fields of
        a form; of ``assign`` ``text, lat, lon, commune``; of ``reverse`` ``lat, lon, radius_m``. Numbers are
        floats in degrees and metres, all else texts; what is absent is not there.
    :param sight: what the reader sees. Rows are answered by columns for one who sees all households or none, and
        one by one for one who sees some of them, or something of them.
    :param run: the identity of these rows for ``assign``: the same one again issues no further codes.
    :raises InvalidInput: for a day that is none, or another ``to``.
    """
    if verb in _ONE_BY_ONE:
        day = ga.as_of(as_of).isoformat()
        return _one_by_one(ga, verb, rows, day, lang, sight)
    if sight.grants.sees_all or sight.sees_none or verb not in partly.VERBS or not rows:
        area_only = not sight.grants.sees_all
        return _by_columns(ga, verb, rows, as_of=as_of, to=to, lang=lang, area_only=area_only, run=run)
    if verb in partly.FOUND:
        return partly.found(ga, verb, rows, as_of, lang, sight)
    area_only_rows = partly.judged_by_area(ga, verb, rows, as_of, to, sight)
    return partly.merged(
        [
            (mask, _by_columns(ga, verb, chosen, as_of=as_of, to=to, lang=lang, area_only=area_only, run=run))
            for area_only in (True, False)
            if (chosen := [row for row, mine in zip(rows, area_only_rows, strict=True) if mine is area_only])
            for mask in [[mine is area_only for mine in area_only_rows]]
        ]
    )


def _by_columns(
    ga: Platform, verb: str, rows: Rows, *, as_of: str | None, to: str, lang: str, area_only: bool, run: str | None
) -> dict[str, Any]:
    named: set[str] = set().union(*rows)
    columns = {name: _column(name, rows) for name in _READ[verb] if name in named or name in _ALWAYS[verb]}
    answer = answerer(
        ga, _planned(verb, columns, to), as_of, run or secrets.token_hex(16), lang, area_only=area_only
    )
    return answer(0, pa.record_batch(columns))


_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "locate": ("lat", "lon"),
    "resolve": ("code",),
    "assign": ("text", "lat", "lon"),
    "parse": ("text",),
    "geocode": ("text",),
    "convert": ("text",),
    "validate": ("text",),
}
_READ: Mapping[str, tuple[str, ...]] = {
    **_ALWAYS,
    "locate": ("lat", "lon", "uncertainty_m"),
    "assign": ("text", "lat", "lon", "commune"),
    "convert": ("text", "lat", "lon"),
    "validate": ("text", "code", "lat", "lon", *FORM),
}


_ROLES = ("lat", "lon", "code", "text", "commune")


def _column(name: str, rows: Rows) -> Any:
    values = [row.get(name) for row in rows]
    return pa.array(values, pa.float64() if name in NUMBERS else pa.string())


def _planned(verb: str, columns: dict[str, Any], to: str) -> Plan:
    """Which columns play which role; half a point has its other half, which is missing in every row."""
    if verb in ("convert", "validate") and ("lat" in columns) != ("lon" in columns):
        absent = "lon" if "lat" in columns else "lat"
        columns[absent] = pa.nulls(len(columns["text"]), pa.float64())
    roles: dict[str, Any] = {role: role for role in _ROLES if role in columns}
    if "uncertainty_m" in columns:
        roles["uncertainty"] = "uncertainty_m"
    form = tuple((name, name) for name in FORM if name in columns and verb == "validate")
    return Plan(verb=verb, names={}, to=to, form=form, **roles)


def _one_by_one(ga: Platform, verb: str, rows: Rows, day: str, lang: str, sight: Sight) -> dict[str, Any]:
    """Verbs without a twin for columns."""
    ask, names = _ONE_BY_ONE[verb], ROW_COLUMNS[verb]
    found: list[dict[str, Any]] = []
    for row in rows:
        try:
            found.append(ask(ga, row, day, sight))
        except GeoaddrError as error:
            if not hasattr(error, "field"):  # what fails besides fails for every row
                raise
            found.append({"status": "error", "error": error.message(lang)})
    return {
        name: pa.array([one.get(name) for one in found], pa.float64() if name in FLOATS else pa.string())
        for name in names
    }


def _unit(ga: Platform, row: Mapping[str, Any], day: str, sight: Sight) -> dict[str, Any]:
    unit = ga.unit(row.get("code") or "", as_of=day).to_dict()
    return {"status": "ok", **{name: unit[name] for name in UNIT_COLUMNS if name in unit}}


def _reverse(ga: Platform, row: Mapping[str, Any], day: str, sight: Sight) -> dict[str, Any]:
    """The nearest match, or the point's own units where there is none."""
    how = {"radius_m": row["radius_m"]} if "radius_m" in row else {}
    lat: Any = row.get("lat")  # None is refused
    lon: Any = row.get("lon")
    nearby = sight.nearby(
        lambda area_only: ga.reverse(lat=lat, lon=lon, limit=1, as_of=day, area_only=area_only, **how), 1
    )
    here = nearby.located
    if not nearby:
        return {"status": "not_found", **_units(here.province, here.district, here.commune)}
    best = nearby[0]
    point = {} if best.point is None else {"lat": best.point.lat, "lon": best.point.lon}
    return {
        "status": "ok",
        **_units(best.province, None, best.commune),
        **point,
        **{name: best[name] for name in REVERSE_COLUMNS[7:-1] if name not in ("lat", "lon")},
    }


def _units(*units: Unit | None) -> dict[str, str | None]:
    values = [value for unit in units for value in ((unit.code, unit.name) if unit else (None, None))]
    return dict(zip(UNIT_NAMES, values, strict=True))


_ONE_BY_ONE: Mapping[str, Callable[[Platform, Mapping[str, Any], str, Any], dict[str, Any]]] = {
    "reverse": _reverse,
    "unit": _unit,
}

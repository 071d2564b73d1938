"""One piece of input to one piece of output: the verb's columns joined to the rows they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.answer_columns import ANSWER_COLUMNS as ANSWER_COLUMNS
from geoaddr.bulk.answer_columns import BORDER_COLUMNS
from geoaddr.bulk.columns import Degrees, find_column, has_column, has_point, new_names, texts
from geoaddr.bulk.locating import PointColumns
from geoaddr.bulk.pointing import coordinates
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.rough import uncertainties
from geoaddr.model import as_date

if TYPE_CHECKING:
    from geoaddr.bulk.texts import TextColumns

WITH_PARTS = ("assign", "validate")
"""Verbs that take the parts of an address from columns of their own."""

Answer = Callable[[int, pa.RecordBatch], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which input columns a verb reads, and what its answers are called in the output.

    ``to``: the units in which ``convert`` answers. ``crs``: the coordinate system of the points where it is not
    WGS 84; ``swap``: whether latitude (or northing) and longitude stand in each other's place. ``border``: whether
    ``locate`` tells the nearest border. ``form``: the fields that ``validate`` judges, or the parts of an address
    that ``assign`` files, with their columns. ``ragged``: the column of the pieces, and none of the file's, that
    says what is wrong with the width of a row.
    """

    verb: str
    names: dict[str, str]
    ragged: str | None = None
    lat: str | None = None
    lon: str | None = None
    geometry: str | None = None
    code: str | None = None
    text: str | None = None
    commune: str | None = None
    uncertainty: str | None = None
    to: str = "new"
    form: tuple[tuple[str, str], ...] = ()
    border: bool = False
    crs: str | None = None
    swap: bool = False


def plan(
    verb: str,
    columns: list[str],
    geometry: str | None,
    given: dict[str, str | None],
    file: object,
    to: str = "new",
    form: tuple[tuple[str, str], ...] = (),
    border: bool = False,
) -> Plan:
    """Find the columns that ``verb`` needs.

    :raises DataError: naming the file and the column that is absent.
    """

    def found(role: str) -> str:
        return find_column(columns, role, given[role], file, parts=role == "text" and verb in WITH_PARTS)

    answers = (*ANSWER_COLUMNS[verb], *(BORDER_COLUMNS if border else ()))
    names = dict(zip(answers, new_names(answers, columns), strict=True))
    if verb == "resolve":
        return Plan(verb=verb, names=names, code=found("code"))
    if verb in ("parse", "geocode"):
        return Plan(verb=verb, names=names, text=found("text"))
    pointed = bool(given["lat"] or given["lon"])
    if verb in ("convert", "validate"):
        pointed = pointed or (geometry is None and has_point(columns))
        lat, lon, geometry = (found("lat"), found("lon"), None) if pointed else (None, None, geometry)
        code = found("code") if given["code"] and verb == "validate" else None
        fields = _fields(form, columns, file, verb)
        textless = form or (code and not has_column(columns, "text", None))
        text = found("text") if given["text"] or not textless else None
        return Plan(
            verb=verb, names=names, text=text, lat=lat, lon=lon, geometry=geometry, code=code, to=to, form=fields
        )
    if geometry is None or pointed:
        lat, lon, geometry = found("lat"), found("lon"), None
    else:
        lat = lon = None
    if verb == "locate":
        uncertainty = found("uncertainty") if given["uncertainty"] else None
        asked = Plan(verb=verb, names=names, lat=lat, lon=lon, geometry=geometry)
        return replace(asked, uncertainty=uncertainty, border=border)
    commune = found("commune") if given["commune"] else None
    text = found("text") if given["text"] or not form else None
    asked = Plan(verb=verb, names=names, lat=lat, lon=lon, geometry=geometry, text=text, commune=commune)
    return replace(asked, form=_fields(form, columns, file, verb))


def _fields(
    form: tuple[tuple[str, str], ...], columns: list[str], file: object, verb: str
) -> tuple[tuple[str, str], ...]:
    if not form:
        return ()
    own = own_name(verb)
    return tuple((own(name), find_column(columns, name, column, file)) for name, column in form)


def own_name(verb: str) -> Callable[[str], str]:
    """What tells the own name of a field for which ``verb`` takes a column, and refuses those for which it takes
    none."""
    if verb == "assign":
        from geoaddr.bulk.assigning import part_of_column

        return part_of_column
    from geoaddr.validation.fields import field_of_column

    return field_of_column


def answerer(
    ga: Platform, planned: Plan, as_of: str | None, run: str, lang: str, *, area_only: bool = False
) -> Answer:
    """The function that answers a piece: (number of its first row, batch) to answer columns by name. Only the
    verb that is asked for is loaded: the others take longer than a small file.

    :param area_only: let nothing be learnt of a house, whatever is asked: see :mod:`geoaddr.disclosure`.
    """
    if planned.verb in ("parse", "geocode", "convert", "validate"):
        from geoaddr.bulk.texts import TextColumns

        day = None if as_of is None else as_date(as_of)
        return _text_answerer(TextColumns(ga, day, lang, area_only=area_only), planned, lang)
    day = ga.as_of(as_of)
    if planned.verb == "resolve":
        from geoaddr.bulk.resolving import CodeColumns

        codes = CodeColumns(ga, day, lang, area_only=area_only)
        return lambda _, batch: codes.resolve(batch[planned.code])
    if planned.verb == "locate":
        points = PointColumns(ga, day, border=planned.border)
        return lambda _, batch: points.locate(
            *coordinates(batch, planned, lang),
            uncertainties(batch[planned.uncertainty], lang) if planned.uncertainty else None,
        )
    from geoaddr.bulk.assigning import HouseholdColumns

    households = HouseholdColumns(ga, run, lang)
    stated = (("text", planned.text), ("commune", planned.commune), *planned.form)
    return lambda first, batch: households.assign(
        first,
        {name: texts(batch[column]) for name, column in stated if column is not None},
        *coordinates(batch, planned, lang),
    )


def _text_answerer(columns: TextColumns, planned: Plan, lang: str) -> Answer:
    """The same for the verbs that read address texts."""
    if planned.verb == "parse":
        return lambda _, batch: columns.parse(batch[planned.text])
    if planned.verb == "geocode":
        return lambda _, batch: columns.geocode(batch[planned.text])

    def point(batch: pa.RecordBatch) -> tuple[Degrees | None, Degrees | None]:
        pointed = planned.lat is not None or planned.geometry is not None
        return coordinates(batch, planned, lang) if pointed else (None, None)

    if planned.verb == "convert":
        return lambda _, batch: columns.convert(batch[planned.text], planned.to, *point(batch))
    return lambda _, batch: columns.validate(
        batch[planned.text] if planned.text else None,
        batch[planned.code] if planned.code else None,
        *point(batch),
        {name: batch[column] for name, column in planned.form},
    )


def answered(first: int, batch: pa.RecordBatch, answer: Answer, planned: Plan) -> pa.RecordBatch:
    """A piece of the output; ``first`` is the number of its first row. No row is asked about whose fields may
    stand in each other's columns: it says what is wrong with it."""
    if planned.ragged is None:
        return joined(batch, answer(first, batch), planned)
    wrong = batch[planned.ragged]
    last = len(batch.schema) - 1
    batch = pa.record_batch(batch.columns[:last], schema=batch.schema.remove(last))
    if wrong.null_count == len(wrong):
        return joined(batch, answer(first, batch), planned)
    bad = pc.is_valid(wrong)
    sound = pa.record_batch([pc.if_else(bad, None, column) for column in batch.columns], schema=batch.schema)
    answers = {name: pc.if_else(bad, None, column) for name, column in answer(first, sound).items()}
    answers["status"] = pc.if_else(bad, "error", answers["status"])
    answers["error"] = pc.if_else(bad, wrong, answers["error"])
    return joined(batch, answers, planned)


def joined(batch: pa.RecordBatch, answers: dict[str, Any], planned: Plan) -> pa.RecordBatch:
    """The input's columns, in order, then the answers'."""
    fields = [*batch.schema, *(pa.field(planned.names[n], a.type) for n, a in answers.items())]
    columns = [
        *batch.columns,
        *(a.combine_chunks() if isinstance(a, pa.ChunkedArray) else a for a in answers.values()),
    ]
    return pa.record_batch(columns, schema=pa.schema(fields, metadata=batch.schema.metadata))

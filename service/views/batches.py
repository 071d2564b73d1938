"""Many rows of one verb in one request, answered by the verb's columns. Each row has its status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa
from pydantic import create_model

from geoaddr import errors as core
from geoaddr.bulk.answer_columns import FLOATS, ROW_COLUMNS
from service import row_schemas as of
from service.access import OutsideProvinces
from service.batch_notes import look_up, shown_of_issued, tell
from service.batching import LINES, MOST_ROWS, RowReader, Rows, values_of
from service.errors import Problem, refused_row, unanswered_row
from service.operations import JSON, Answer, Asked, Operation, Sent
from service.row_writing import Json, as_array, as_lines
from service.schemas import AsOfQuery, Body, NoQuery, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A verb that takes rows: what a row and the query may say, which ``fields`` errors are about, and what a row
    that cannot be answered is called."""

    verb: str
    row: type[Body]
    query: type[Query]
    fields: tuple[str, ...]
    bad: type[core.GeoaddrError]
    said: str
    writes: bool = False
    looks_up: bool = False


VERBS = (
    Many(
        verb="locate", row=of.PointRow, query=AsOfQuery, fields=("lat", "lon", "uncertainty_m"),
        bad=core.InvalidPoint, said="The units, postcode and codes of many points",
    ),
    Many(
        verb="resolve", row=of.CodeRow, query=AsOfQuery, fields=("code",), bad=core.InvalidCode,
        said="What many codes stand for", looks_up=True,
    ),
    Many(
        verb="geocode", row=of.TextRow, query=of.ReadingQuery, fields=("text",), bad=core.InvalidQuery,
        said="The place that each address text means", looks_up=True,
    ),
    Many(
        verb="reverse", row=of.NearRow, query=AsOfQuery, fields=("lat", "lon", "radius_m"), bad=core.InvalidPoint,
        said="The address nearest to each point",
    ),
    Many(
        verb="parse", row=of.TextRow, query=of.ReadingQuery, fields=("text",), bad=core.InvalidQuery,
        said="Many address texts taken apart",
    ),
    Many(
        verb="convert", row=of.ConvertRow, query=of.ConvertManyQuery, fields=("text", "lat", "lon"),
        bad=core.InvalidInput, said="Many addresses in today's units, or in those of 30 June 2025",
    ),
    Many(
        verb="validate", row=of.JudgedRow, query=of.ReadingQuery, fields=("text", "lat", "lon"),
        bad=core.InvalidInput, said="A verdict on each of many addresses", looks_up=True,
    ),
    Many(
        verb="unit", row=of.UnitRow, query=AsOfQuery, fields=("code",), bad=core.UnknownUnit,
        said="Many units by their codes",
    ),
    Many(
        verb="assign", row=of.HouseholdRow, query=NoQuery, fields=("text", "lat", "lon", "commune"),
        bad=core.InvalidInput, said="A code for life for each of many households", writes=True,
    ),
)  # fmt: skip

_SAID = (
    f"Rows as a JSON array or as JSON Lines, at most {MOST_ROWS:,}; the answers come in the same form, one a row, "
    "in order. Every row has a `status` and the other columns of `geoaddr batch`, null where they say nothing. "
    "One that cannot be read or answered has the status `error` and its `problem`, and spoils no other. "
)


def _view(many: Many) -> Callable[[Asked[Any, Rows]], Answer]:
    def view(asked: Asked[Any, Rows]) -> Answer:
        from geoaddr.bulk.rows import answered

        sent = asked.body
        asked.tally.rows(max(len(sent.values) - 1, 0))  # the request itself was counted
        refused = {**sent.refused, **_not_placed(asked)} if many.writes else sent.refused
        columns = answered(
            asked.ga,
            many.verb,
            _answerable(sent.values, refused),
            **asked.query.model_dump(),
            sight=asked.sight,
            lang=asked.lang,
            run=None if asked.idempotency_key is None else f"http:{asked.idempotency_key}",
        )
        codes = look_up(asked, columns if many.verb == "resolve" else None) if many.looks_up else []
        columns, problems = _problems(asked, many, columns, refused)
        if many.writes:
            columns = shown_of_issued(asked, columns)
        tell(asked, many.verb, columns, codes)
        content = (as_lines if sent.lines else as_array)(columns | {"problem": Json(problems)})
        media = LINES if sent.lines else JSON
        headers = {"Content-Type": media, "Content-Language": asked.lang, "Vary": "Accept-Language"}
        return Answer(content, headers=headers)

    return view


def _answerable(
    rows: Sequence[Mapping[str, Any]], refused: Mapping[int, core.GeoaddrError]
) -> Sequence[Mapping[str, Any]]:
    return [{} if number in refused else row for number, row in enumerate(rows)] if refused else rows


def _problems(
    asked: Asked[Any, Rows], many: Many, columns: dict[str, Any], refused: Mapping[int, core.GeoaddrError]
) -> tuple[dict[str, Any], list[str | None]]:
    """The columns without their errors, which are told as the problem of each row, JSON."""
    sent, errors = asked.body, columns.pop("error")
    problems: list[str | None] = [None] * len(sent.values)
    if not refused and errors.null_count == len(errors):
        return columns, problems
    status = [*values_of(columns["status"])]
    for number, said in enumerate(values_of(errors)):
        if number in refused:
            problem = refused_row(refused[number], asked.lang)
        elif said is not None:
            problem = unanswered_row(said, many.bad, sent.values[number], many.fields, asked.lang)
        else:
            continue
        status[number] = "error"
        problems[number] = orjson.dumps(problem).decode()
    return columns | {"status": pa.array(status, pa.string())}, problems


def _not_placed(asked: Asked[Any, Rows]) -> dict[int, OutsideProvinces]:
    """The rows whose households lie where the caller may not write. What cannot be a household at all is for the
    verb to refuse."""
    refused: dict[int, OutsideProvinces] = {}
    if asked.grants.everywhere("write"):
        return refused
    for number, row in enumerate(asked.body.values):
        if number in asked.body.refused:
            continue
        stated = {"commune": row["commune"]} if row.get("commune") else {}
        try:
            asked.rights.may_place(lat=row["lat"], lon=row["lon"], components={"text": row["text"], **stated})
        except OutsideProvinces as error:
            refused[number] = error
        except core.GeoaddrError as error:
            if not hasattr(error, "field"):
                raise
    return refused


def _answer(many: Many) -> Any:
    """The type of a row's answer."""
    names = [name for name in ROW_COLUMNS[many.verb] if name not in ("status", "error")]
    fields: dict[str, Any] = {name: ((float if name in FLOATS else str) | None, ...) for name in names}
    return create_model(
        f"{many.verb.capitalize()}Answer", __doc__="The answer to a row.", status=(str, ...), **fields,
        problem=(Problem | None, ...),
    )  # fmt: skip


def _operation(many: Many) -> Operation:
    row = {"$ref": f"#/components/schemas/{many.row.__name__}"}
    other = {"description": "Anything else: it is answered with its problem."}
    rows = {"type": "array", "maxItems": MOST_ROWS, "items": {"anyOf": [row, other]}}
    return Operation(
        name=f"batch_{many.verb}",
        tag="batches",
        method="POST",
        path=f"/v1/batch/{many.verb}",
        view=_view(many),
        summary=many.said,
        description=_SAID
        + (
            "With an `Idempotency-Key` the same rows may be sent again, and no further code is issued."
            * many.writes
        ),
        query=many.query,
        body=Sent(
            read=RowReader(many.row),
            content={JSON: rows, LINES: {"type": "string", "description": "A row a line."}},
            part=many.row,
        ),
        large=True,
        answer=list[_answer(many)],  # type: ignore[misc]  # a type made here
        also={LINES: "An answer a line, where the rows came so."},
        idempotent=many.writes,
        looks_up=many.looks_up,
        needs="write" if many.writes else "area",
    )


OPERATIONS = tuple(map(_operation, VERBS))

"""The OpenAPI 3.1 description, put together from the operations, their schemas and the model's own types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from geoaddr import __version__
from geoaddr.disclosure import EVERYBODY
from geoaddr.interpretation.explaining import Explanation
from geoaddr.registry.receipts import MAX_KEY_CHARACTERS
from geoaddr.sight import WITHHELD
from service import examples, openapi_files
from service.errors import PROBLEM, Problem
from service.operations import JSON, Operation, Sent
from service.reading import IDEMPOTENCY_KEY
from service.schemas import Body

_REF = "#/components/schemas/{model}"

_PROBLEMS = {
    400: "The input cannot be used; `field` and `value` say what.",
    401: "A key is needed, or the one that was presented opens nothing.",
    403: "The key does not have the scope, or not in this province.",
    404: "There is no such thing.",
    408: "The body came too slowly, and was cut off.",
    409: "The registry's state forbids this.",
    413: "The body is too large.",
    414: "The URL is too long.",
    415: "The body is of no media type that is taken here.",
    429: "More requests than the caller may send; `Retry-After` says when to come again. Of a job: there are too "
    "many, or there is no room for another.",
    500: "The service failed.",
    503: "The service cannot answer now.",
}

_TAGS = {
    "lookup": "Points and codes. For everyone.",
    "batches": "Many rows in one request. For everyone, at area level without a key.",
    "jobs": "Files that are worked on beside the service. Needs a key.",
    "finding": "Places by text, by point, by beginning. For everyone, at area level without a key.",
    "texts": "Addresses as people write them. For everyone.",
    "addresses": "The registry: issuing codes, records, their lives. Needs a key.",
    "shares": "A household's own place, shown by its consent.",
    "units": "Provinces, districts and communes on a day. For everyone.",
    "map": "Tiles, and labels to be printed. For everyone.",
    "running": "For whoever runs the service.",
}


_FOR_ALL = (None, *EVERYBODY.places)
"""What an operation may need and still be for a caller without a key."""

_UNSAID = {"Detail": ("parts",)}
"""Attributes of values that their plain data leaves out."""

_WHERE_ASKED = {"Parsed": "explanation"}
"""Attributes that are there where they were asked for."""


class _Said(GenerateJsonSchema):
    """Schemas of what the service says: every field is always there."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return True

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def document(operations: Iterable[Operation], *, open_: bool = False) -> dict[str, Any]:
    """The description of ``operations``, JSON-ready; of a service that is ``open_``, which asks for no key."""
    operations = list(operations)
    answers, schemas = _answer_schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, answers[operation.name], schemas
        )
    paths |= openapi_files.paths(_PROBLEMS, _named("Problem"))
    if open_:
        for methods in paths.values():
            for described in methods.values():
                described.pop("security", None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "geoaddr",
            "version": __version__,
            "description": "Digital addresses of Viet Nam: points, codes, households, dated administrative units.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "metrics": {"type": "http", "scheme": "bearer", "description": "The setting `metrics_token`."},
            },
        },
    }


def _answer_schemas(operations: Iterable[Operation]) -> tuple[dict[str, Any], dict[str, Any]]:
    """For each operation the schema of its answer, and the named schemas that those refer to."""
    adapters = [(o.name, "serialization", _adapter(o.answer)) for o in operations]
    adapters.append(("problem", "serialization", TypeAdapter(Problem)))
    answers, named = TypeAdapter.json_schemas(adapters, ref_template=_REF, schema_generator=_Said)  # type: ignore[arg-type]  # mode is a literal
    schemas = _tidy(named)["$defs"]
    for name, unsaid in _UNSAID.items():
        for attribute in unsaid if name in schemas else ():
            del schemas[name]["properties"][attribute]
            schemas[name]["required"].remove(attribute)
    for name, attribute in _WHERE_ASKED.items():
        if name in schemas:
            schemas[name]["required"].remove(attribute)
    for kind, needed in WITHHELD.items():
        names = [each.__name__ for each in (kind, *type.__subclasses__(kind))]
        for name in filter(schemas.__contains__, names):
            _withhold(schemas[name]["properties"], needed)
    return {name: _tidy(schema) for (name, _), schema in answers.items()}, schemas


def _withhold(properties: dict[str, Any], needed: Mapping[str, str]) -> None:
    """Say of fields that a caller without the scope gets ``null``."""
    for name, scope in needed.items():
        field = dict(properties[name])
        told = f"Null without the scope `{scope}`."
        if {"type": "null"} not in field.get("anyOf", ()):
            field = {"anyOf": [field, {"type": "null"}]}
        properties[name] = {**field, "description": " ".join(filter(None, [field.get("description"), told]))}


def _adapter(answer: Any) -> TypeAdapter[Any]:
    adapter = TypeAdapter(answer)
    adapter.rebuild(_types_namespace={"Explanation": Explanation})  # where it is named only type checkers know it
    return adapter


def _operation(operation: Operation, answer: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    shown = examples.of(operation.name)
    responses = {
        str(status): _success(operation, text, answer, [e for e in shown if e["status"] == status])
        for status, text in operation.statuses.items()
    }
    if operation.cached != "no":
        responses["304"] = {"description": "The answer is the one that `If-None-Match` names."}
    for status in _problem_statuses(operation):
        responses[str(status)] = {
            "description": _PROBLEMS[status],
            "content": _content(PROBLEM, _named("Problem"), [e for e in shown if e["status"] == status], "answer"),
        }
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": _parameters(operation),
        "responses": responses,
    }
    if operation.body is not None:
        described["requestBody"] = _request_body(operation.body, shown, schemas)
    if operation.needs not in _FOR_ALL:
        described["security"] = [{"key": []}]
    return described


def _request_body(body: type[Body] | Sent, shown: list[dict[str, Any]], schemas: dict[str, Any]) -> dict[str, Any]:
    """What is sent; the schemas that it refers to are put among ``schemas``."""
    part = body.part if isinstance(body, Sent) else body
    if part is not None:
        schema = _tidy(part.model_json_schema(ref_template=_REF))
        schemas |= schema.pop("$defs", {})
        schemas[part.__name__] = schema
    json = [example for example in shown if "body" in example]
    if not isinstance(body, Sent):
        return {"required": True, "content": _content(JSON, _named(body.__name__), json, "body")}
    content: dict[str, Any] = {}
    for media, schema in body.content.items():
        raw = [e for e in shown if "data" in e and e["headers"]["Content-Type"] == media]
        content |= _content(media, schema, raw or (json if media == JSON else []), "data" if raw else "body")
    return {"required": True, "content": content}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in operation.parameters.items()
    ]
    query = _tidy(operation.query.model_json_schema())
    for name, schema in query.get("properties", {}).items():
        required = name in query.get("required", [])
        listed.append({"name": name, "in": "query", "required": required, **_described(schema)})
    if operation.idempotent:
        text = "The same request under the same key is answered as it was the first time."
        schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS}
        listed.append({"name": IDEMPOTENCY_KEY, "in": "header", "description": text, "schema": schema})
    if operation.cached != "no":
        text = "The `ETag` of an answer that the caller has."
        listed.append({"name": "If-None-Match", "in": "header", "description": text, "schema": {"type": "string"}})
    return listed


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema: absent is absent, so ``null`` is not among what it may be."""
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    kind = {key: value for key, value in kinds[0].items() if key != "description"}
    return {"description": kinds[0].get("description", ""), "schema": kind}


def _success(operation: Operation, text: str, answer: Any, shown: list[dict[str, Any]]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": text,
        "content": {} if operation.answer is None else _content(operation.media, answer, shown, "answer"),
    }
    for media, what in operation.also.items():
        described["content"][media] = {"schema": {"type": "string", "description": what}}
    if any("`Location`" in said for said in operation.statuses.values()):
        where = {"description": "A path.", "schema": {"type": "string"}}
        described["headers"] = {"Location": where}
    return described


def _content(media: str, schema: Any, shown: list[dict[str, Any]], part: str) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if shown:
        content["examples"] = {
            example["name"]: {
                "summary": example["summary"],
                "description": f"{example.get('method', 'GET')} {example['path']}",
                "value": example[part],
            }
            for example in shown
        }
    return {media: content}


def _problem_statuses(operation: Operation) -> list[int]:
    statuses = {400, 401, 414, 429, 500, 503, *operation.problems}
    if operation.body is not None:
        statuses |= {408, 413, 415}
    if operation.needs not in _FOR_ALL:
        statuses.add(403)
    return sorted(statuses)


def _named(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=name)}


def _tidy(schema: Any) -> Any:
    """A schema without the titles that repeat the names, and with Markdown where docstrings have reST."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tidied: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):  # names that users chose, not keywords
            tidied[key] = {name: _tidy(part) for name, part in value.items()}
        elif key == "description":
            tidied[key] = value.replace("``", "`")
        elif key != "title":
            tidied[key] = _tidy(value)
    return tidied

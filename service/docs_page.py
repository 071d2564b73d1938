"""``GET /docs``: the description of the API as a page, written out on this side.

Nothing in it runs and nothing comes from elsewhere, so that it is there under the strictest content security
policy, without a network and without JavaScript; a viewer of a megabyte would say the same.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from flask import Flask, Response

from service import examples, openapi
from service.operations import JSON
from service.settings import Settings
from service.views import OPERATIONS

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_REF = "#/components/schemas/"
SHOWN_CHARACTERS = 4_000
"""How much of an example the page shows; all of it stands in ``/openapi.json``."""


def install(app: Flask, settings: Settings) -> None:
    """Offer ``/docs`` and its style sheet."""

    @cache
    def page_of() -> str:
        return page(openapi.document(OPERATIONS, open_=settings.open))

    @cache
    def style() -> str:
        return files("service").joinpath("docs.css").read_text(encoding="utf-8")

    def docs() -> Response:
        response = Response(page_of(), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    app.add_url_rule("/docs", endpoint="docs", view_func=docs)
    app.add_url_rule("/docs.css", endpoint="docs_style", view_func=lambda: Response(style(), mimetype="text/css"))


def page(document: dict[str, Any]) -> str:
    """The description as HTML."""
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            by_tag[described["tags"][0]].append((method.upper(), path, described))
    info = document["info"]
    body = [
        f"<header><h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>",
        f"<p>{_prose(info['description'])} The same for programs: ",
        '<a href="/openapi.json">OpenAPI 3.1</a>.</p></header>',
        f"<nav>{''.join(_listed(tag, operations) for tag, operations in by_tag.items())}</nav><main>",
    ]
    for tag in document["tags"]:
        body.append(f'<section id="tag-{tag["name"]}"><h2>{tag["name"]}</h2><p>{_prose(tag["description"])}</p>')
        body += [_operation(*operation) for operation in by_tag[tag["name"]]]
        body.append("</section>")
    body.append('<section id="schemas"><h2>schemas</h2>')
    body += [_named(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return _HTML.format(body="".join([*body, "</section></main>"]))


_HTML = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>geoaddr: HTTP API</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/docs.css">'
    "</head><body>{body}</body></html>"
)


def _listed(tag: str, operations: Iterable[tuple[str, str, dict[str, Any]]]) -> str:
    links = (
        f'<li><a href="#{described["operationId"]}"><b>{method}</b> {escape(path)}</a></li>'
        for method, path, described in operations
    )
    return f'<h2><a href="#tag-{tag}">{tag}</a></h2><ul>{"".join(links)}</ul>'


def _operation(method: str, path: str, described: dict[str, Any]) -> str:
    name = described["operationId"]
    parts = [
        f'<article id="{name}"><h3><b>{method}</b> <code>{escape(path)}</code></h3>',
        f"<p><strong>{_prose(described['summary'])}.</strong> {_prose(described['description'])}</p>",
        "<p>Needs a key.</p>" if "security" in described else "",
        _parameters(described["parameters"]),
    ]
    if "requestBody" in described:
        kinds = ", ".join(_kind_of_body(*each) for each in described["requestBody"]["content"].items())
        parts.append(f"<p>Body: {kinds}</p>")
    parts.append(_answers(described["responses"]))
    parts += map(_example, examples.of(name))
    return "".join([*parts, "</article>"])


def _kind_of_body(media: str, content: dict[str, Any]) -> str:
    return f"<code>{escape(media)}</code> {_kind(content['schema'])}"


def _parameters(listed: list[dict[str, Any]]) -> str:
    rows = []
    for each in listed:
        where = f"{each['in']}{', required' if each.get('required') else ''}"
        said = f"<td>{where}</td><td>{_kind(each['schema'])}</td><td>{_prose(each.get('description', ''))}</td>"
        rows.append(f"<tr><th><code>{escape(each['name'])}</code></th>{said}</tr>")
    return _table("Parameters", "".join(rows))


def _answers(responses: dict[str, Any]) -> str:
    rows = []
    for status, said in sorted(responses.items()):
        kinds = ", ".join(_kind_of_body(*each) for each in said.get("content", {}).items())
        rows.append(f"<tr><th>{status}</th><td>{_prose(said['description'])}</td><td>{kinds}</td></tr>")
    return _table("Answers", "".join(rows))


def _named(name: str, schema: dict[str, Any]) -> str:
    wanted = set(schema.get("required", ()))
    rows = (
        f"<tr><th><code>{escape(field)}</code></th><td>{'always' if field in wanted else ''}</td>"
        f"<td>{_kind(part)}</td><td>{_prose(part.get('description', ''))}</td></tr>"
        for field, part in schema.get("properties", {}).items()
    )
    about = _prose(schema.get("description", ""))
    return f'<article id="schema-{name}"><h3>{name}</h3><p>{about}</p>{_table("Fields", "".join(rows))}</article>'


def _table(caption: str, rows: str) -> str:
    return f"<table><caption>{caption}</caption><tbody>{rows}</tbody></table>" if rows else ""


def _kind(schema: Any) -> str:
    """A schema in a few words; named ones lead to where they stand."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        return f'<a href="#schema-{name}">{name}</a>'
    for together in ("anyOf", "oneOf", "allOf"):
        if together in schema:
            return " | ".join(_kind(part) for part in schema[together])
    if "enum" in schema or "const" in schema:
        return " | ".join(
            f"<code>{escape(json.dumps(v))}</code>" for v in schema.get("enum", [schema.get("const")])
        )
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    told = schema.get("type", "any")
    words = [" | ".join(told) if isinstance(told, list) else str(told), *_bounds(schema)]
    return escape(", ".join(words))


def _bounds(schema: dict[str, Any]) -> Iterator[str]:
    if "format" in schema:
        yield str(schema["format"])
    least, most = (schema.get(name) for name in ("minimum", "maximum"))
    if least is not None or most is not None:
        yield f"{'' if least is None else f'from {least} '}{'' if most is None else f'to {most}'}".strip()
    if "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"


def _example(example: dict[str, Any]) -> str:
    answer = json.dumps(example["answer"], ensure_ascii=False, indent=1)
    cut = answer if len(answer) <= SHOWN_CHARACTERS else answer[:SHOWN_CHARACTERS] + "\n…"
    shown = escape(f"{_command(example)}\n\n{example['status']}\n{cut}")
    return f"<details><summary>{_prose(example['summary'])}</summary><pre>{shown}</pre></details>"


def _command(example: dict[str, Any]) -> str:
    """The request of an example as it is typed."""
    method, words = example.get("method", "GET"), ["curl"]
    words += [] if method == "GET" else ["-X", method]
    headers = dict(example.get("headers", {})) | ({"Content-Type": JSON} if "body" in example else {})
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    sent = json.dumps(example["body"], ensure_ascii=False) if "body" in example else example.get("data")
    words += [] if sent is None else ["--data-binary", sent]
    return shlex.join([*words, f"http://127.0.0.1:8080{example['path']}"])


def _prose(text: str) -> str:
    """Words with code between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(text.split())))

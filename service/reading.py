"""Requests to typed values, or one :class:`InvalidInput` that names the field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

import orjson
from flask import Flask, Request, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, RequestURITooLarge, UnsupportedMediaType

from geoaddr.errors import InvalidInput, Said
from geoaddr.registry.receipts import MAX_KEY_CHARACTERS
from geoaddr.text.encodings import not_utf8
from service.bodies import BODIES, BodyTooSlow
from service.listening import is_loopback

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from service.settings import Settings

MAX_JSON_DEPTH = 8
"""Objects and lists within one another; the deepest body that any endpoint takes has 3."""

MAX_NAME_CHARACTERS = 100
"""How much of a name that the caller chose a message repeats."""

GIVEN_TWICE = Said("given more than once", "có nhiều hơn một lần")

IDEMPOTENCY_KEY = "Idempotency-Key"

READ_BYTES = 64 * 1024
"""How much of a body is waited for at a time."""

M = TypeVar("M", bound=BaseModel)

_CUT_SHORT = Said("shorter than Content-Length says", "ngắn hơn Content-Length ghi")
_ENDLESS = Said(
    "nothing in it tells where it ends; send it with Content-Length",
    "không có gì cho biết nội dung kết thúc ở đâu; hãy gửi kèm Content-Length",
)
_UNKNOWN_PARAMETER = Said("not a parameter of this request", "không phải tham số của yêu cầu này")


def install(app: Flask, settings: Settings) -> None:
    """Refuse requests that no view should see: too long, or sent to an open service by a site's page."""
    app.before_request(lambda: check_url(request, settings.max_url_characters))
    if settings.open:
        app.before_request(lambda: check_host(request))


def check_url(request: Request, limit: int) -> None:
    """Refuse a path and query of more than ``limit`` characters. :raises RequestURITooLarge:"""
    environ = request.environ
    if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > limit:
        raise RequestURITooLarge


def check_host(request: Request) -> None:
    """Let pass a request that was sent to this machine by a name that only this machine answers to.

    A browser lets the page of any site call an address that the site's own name leads to, loopback ones
    included (DNS rebinding); such a call carries the site's name.

    :raises InvalidInput: for any other name.
    """
    host = request.headers.get("Host")
    if host is None:
        return
    if not is_local(host):
        reason = Said(
            "an open service answers to localhost and loopback addresses only",
            "dịch vụ mở chỉ trả lời cho localhost và địa chỉ nội bộ (loopback)",
        )
        raise InvalidInput("Host", host, reason)


@lru_cache(256)
def is_local(host: str) -> bool:
    """Whether only this machine answers to a ``Host``."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or name.endswith(".localhost") or is_loopback(name)
    except ValueError:
        return False


def check_utf8(request: Request) -> None:
    """Refuse a query whose percent escapes are no UTF-8: their letters would be read as an address.

    :raises InvalidInput: naming the query.
    """
    if b"%" not in request.query_string:
        return
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError:
        said = Said("its percent escapes are not UTF-8", "các ký tự mã hóa % không phải UTF-8")
        raise InvalidInput("query", request.query_string.decode("ascii", "replace"), said) from None


def read_query(request: Request, schema: type[M]) -> M:
    """The parameters of the URL. :raises InvalidInput: unknown, missing, repeated or of another kind."""
    check_utf8(request)
    return read_pairs(request.args.items(multi=True), schema)


def read_pairs(pairs: Iterable[tuple[str, str]], schema: type[M]) -> M:
    """:func:`read_query` of parameters that were taken apart. :raises InvalidInput:"""
    given: dict[str, str] = {}
    twice: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            twice.setdefault(name, value)
        else:
            given[name] = value
    for name in given if twice else ():
        if name in twice and name in schema.model_fields:
            raise InvalidInput(name, twice[name], GIVEN_TWICE)
    return _read(schema, given, _UNKNOWN_PARAMETER)


def read_body(request: Request, schema: type[M]) -> M:
    """The JSON object that a request carries.

    :raises UnsupportedMediaType: for a body that does not say it is JSON.
    :raises InvalidInput: not JSON (NaN is not), too deep, not an object, or not the fields of ``schema``.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    body = sent(request)
    data = parsed(body)
    if not isinstance(data, dict):
        raise InvalidInput("body", kind_of(data), Said("not a JSON object", "không phải đối tượng JSON"))
    if _deeper(data, MAX_JSON_DEPTH):
        raise InvalidInput(
            "body",
            None,
            Said(f"nested deeper than {MAX_JSON_DEPTH} levels", f"lồng nhau sâu hơn {MAX_JSON_DEPTH} cấp"),
        )
    _check_names(body)
    return _read(schema, data, Said("not a field of this request", "không phải trường của yêu cầu này"))


def parsed(body: bytes) -> Any:
    """What stands in a body. :raises InvalidInput: not UTF-8, or not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        other = not_utf8([body])
        if other is not None:
            raise InvalidInput("body", None, other.said) from None
        where = f"line {error.lineno}, column {error.colno}"
        place = f"dòng {error.lineno}, cột {error.colno}"
        raise InvalidInput("body", None, Said(f"not JSON ({where})", f"không phải JSON ({place})")) from None


def refuse_utf16(body: bytes) -> None:
    """Refuse lines that are none, for they were parted in the middle of letters.

    :raises InvalidInput: naming the body.
    """
    other = not_utf8([body])
    if other is not None and other.encoding == "UTF-16":
        raise InvalidInput("body", None, other.said)


def _check_names(body: bytes) -> None:
    """Refuse an object with a name twice: which of the two was meant is not for us to guess."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise InvalidInput(cut(name), None, GIVEN_TWICE)
            seen.add(name)

    json.loads(body, object_pairs_hook=once)


def cut(name: str) -> str:
    """A name that the caller chose, as far as a message repeats it."""
    return name if len(name) <= MAX_NAME_CHARACTERS else name[:MAX_NAME_CHARACTERS] + "…"


def sent(request: Request) -> bytes:
    """The body. :raises RequestEntityTooLarge, BodiesWaited, BodyTooSlow, InvalidInput: as :func:`pieces` does."""
    return b"".join(pieces(request))


def check_length(request: Request) -> None:
    """Refuse a body in chunks: one that breaks off comes as a whole one does. For contents that do not show that
    something is missing.

    :raises InvalidInput: naming the body.
    """
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise InvalidInput("body", None, _ENDLESS)


def pieces(request: Request) -> Iterator[bytes]:
    """The body as it comes.

    :raises RequestEntityTooLarge: for one that is longer than the request may have.
    :raises BodiesWaited: where as many are waited for as there may be.
    :raises BodyTooSlow: for one that was cut off.
    :raises InvalidInput: for one that ends before it should.
    """
    stream, stated, limit = request.stream, request.content_length, request.max_content_length or 0
    if stated == 0:
        return
    read, bodies = 0, request.environ[BODIES]
    with bodies.place(request.environ, stated) as body:
        while stated is None or read < stated:
            wanted = READ_BYTES if stated is None else min(READ_BYTES, stated - read)
            body.expect(wanted)
            piece = stream.read(wanted)
            if body.cut:
                raise BodyTooSlow
            read += len(piece)
            body.took(len(piece))
            if stated is None and read >= limit:
                # A body of no stated length is cut at the limit in silence: one that reaches it went on.
                raise RequestEntityTooLarge
            if not piece:
                break
            yield piece
    if stated is not None and read < stated:
        raise InvalidInput("body", None, _CUT_SHORT)


def read_idempotency_key(request: Request) -> str | None:
    """The key under which a request may be repeated. :raises InvalidInput: empty, too long, unprintable."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
        raise InvalidInput(
            IDEMPOTENCY_KEY,
            key,
            Said(
                f"not 1 to {MAX_KEY_CHARACTERS} printable ASCII characters",
                f"không phải từ 1 đến {MAX_KEY_CHARACTERS} ký tự ASCII in được",
            ),
        )
    return key


def _read(schema: type[M], data: dict[str, Any], unknown: Said) -> M:
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
    # A misspelt name makes two errors: the name that is not known says more than the one that is missing.
    details.sort(key=lambda detail: detail["type"] != "extra_forbidden")
    raise invalid(details[0], schema, unknown)


def invalid(detail: ErrorDetails, schema: type[BaseModel], unknown: Said) -> InvalidInput:
    named = ".".join(cut(str(part)) for part in detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = ", ".join(field.alias or name for name, field in schema.model_fields.items()) or "-"
        return InvalidInput(
            named, detail["input"], Said(f"{unknown.en}; known: {known}", f"{unknown.vi}; có: {known}")
        )
    if kind == "missing":
        return InvalidInput(named, None, Said("required", "bắt buộc"))
    return InvalidInput(named, detail["input"], _reason(kind, detail.get("ctx", {}), detail["msg"]))


def _reason(kind: str, context: dict[str, Any], message: str) -> Said:
    """A pydantic error in both languages; pydantic's own words for a kind that no schema here can raise."""
    reasons = {
        "float_parsing": Said("not a number", "không phải là số"),
        "float_type": Said("not a number", "không phải là số"),
        "finite_number": Said("not a finite number", "không phải số hữu hạn"),
        "bool_parsing": Said("neither true nor false", "không phải true hay false"),
        "int_type": Said("not a whole number", "không phải số nguyên"),
        "int_parsing": Said("not a whole number", "không phải số nguyên"),
        "int_parsing_size": Said("not a whole number", "không phải số nguyên"),
        "string_type": Said("not a text", "không phải văn bản"),
        "list_type": Said("not a list", "không phải danh sách"),
        "dict_type": Said("not a JSON object", "không phải đối tượng JSON"),
    }
    if kind in reasons:
        return reasons[kind]
    if kind == "literal_error":
        allowed = context["expected"].replace("'", "").replace(" or ", ", ")
        return Said(f"not one of: {allowed}", f"không thuộc: {allowed}")
    if kind == "greater_than_equal":
        return Said(f"less than {context['ge']}", f"nhỏ hơn {context['ge']}")
    if kind == "string_pattern_mismatch":
        return Said("has signs that may not stand there", "có ký tự không được dùng ở đây")
    if kind == "string_too_long":
        limit = context["max_length"]
        return Said(f"longer than {limit} characters", f"dài hơn {limit} ký tự")
    if kind == "too_short":
        return Said("empty", "rỗng")
    if kind == "too_long":
        limit = context["max_length"]
        return Said(f"more than {limit} entries", f"nhiều hơn {limit} mục")
    return Said(message, f"không hợp lệ ({message})")


def _deeper(value: object, limit: int) -> bool:
    if isinstance(value, dict):
        return limit == 0 or any(_deeper(inner, limit - 1) for inner in value.values())
    if isinstance(value, list):
        return limit == 0 or any(_deeper(inner, limit - 1) for inner in value)
    return False


def kind_of(value: object) -> str:
    return {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}.get(
        type(value), "number"
    )

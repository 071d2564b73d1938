"""Errors to RFC 9457 problem documents; the only place that knows HTTP statuses.

A problem says what was wrong with which field and value, in the caller's language, and nothing of the
inside: what is the operator's to mend (a broken registry, an unreadable pack, a fault of ours) goes to the
log with its trace, and to the caller as one general sentence.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson
from flask import Flask, Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from geoaddr import errors as core
from geoaddr.errors import GeoaddrError, InvalidInput, Said, shown
from geoaddr.model import Record
from service.access import KeyRequired, ScopeMissing
from service.bodies import BodyTooSlow
from service.jobs.folder import TooManyJobs
from service.jobs.offered import NoJobs
from service.keys.known import KeyRefused
from service.tally import BodiesWaited, QuotaSpent, RateExceeded, SlowedDown, TooManyRequests
from service.watching import REASON, REQUEST_ID

log = logging.getLogger("geoaddr.service")

PROBLEM = "application/problem+json"
TYPE_PREFIX = "urn:geoaddr:problem:"
MAX_VALUE_CHARACTERS = 200
"""How much of the caller's value a problem repeats."""

RETRY_AFTER_SECONDS = 1

LANGUAGES = ("en", "vi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Record):
    """An error. ``type`` is for programs and never changes; ``title`` and ``detail`` are for people, in the
    language asked for. ``field`` and ``value`` say what was wrong with the input, where one thing was.
    ``request_id`` is what the operator finds it by in the log."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None
    value: str | int | float | bool | None
    request_id: str | None


class Stopping(GeoaddrError):
    """The service is about to end."""

    def __init__(self) -> None:
        super().__init__(Said("the service is stopping", "dịch vụ đang dừng"))


class NotReady(GeoaddrError):
    """A part of the service cannot be used; which one stands in ``field``, and why in the log alone."""

    def __init__(self, part: str, said: Said) -> None:
        super().__init__(said)
        self.field = part


class Kind(NamedTuple):
    """How a class of errors shows over HTTP."""

    status: int
    name: str
    title: Said


_BAD_INPUT = Said("The input cannot be used", "Dữ liệu vào không dùng được")
_BAD_CODE = Said("The code cannot be read", "Không đọc được mã")
_NOT_FOUND = Said("There is no such thing", "Không tìm thấy")
_TOO_MANY = Said("Too many requests", "Quá nhiều yêu cầu")
_CONFLICT = Said("The registry's state forbids this", "Trạng thái sổ đăng ký không cho phép")

_BAD_JOB = Kind(400, "job-refused", Said("The file cannot be worked on", "Không xử lý được tệp"))
_JOB_FAULT = Kind(500, "job-failed", Said("The job failed", "Tác vụ bị lỗi"))
"""Why jobs fail; they are told in answers of their own and refuse no request."""

KINDS: dict[type[GeoaddrError], Kind] = {
    core.InvalidFormat: Kind(400, "invalid-format", _BAD_CODE),
    core.InvalidLength: Kind(400, "invalid-length", _BAD_CODE),
    core.InvalidChecksum: Kind(400, "invalid-checksum", _BAD_CODE),
    core.InvalidComponent: Kind(400, "invalid-component", _BAD_CODE),
    core.InvalidCode: Kind(400, "invalid-code", _BAD_CODE),
    core.InvalidPoint: Kind(400, "invalid-point", Said("The point cannot be used", "Điểm không dùng được")),
    core.InvalidDate: Kind(400, "invalid-date", Said("The date cannot be used", "Ngày không dùng được")),
    core.InvalidQuery: Kind(400, "invalid-query", Said("The query cannot be used", "Truy vấn không dùng được")),
    core.InvalidInput: Kind(400, "invalid-input", _BAD_INPUT),
    KeyRequired: Kind(401, "key-required", Said("A key is needed", "Cần khóa truy cập")),
    KeyRefused: Kind(401, "key-refused", Said("The key opens nothing", "Khóa không dùng được")),
    RateExceeded: Kind(429, "rate-exceeded", _TOO_MANY),
    BodiesWaited: Kind(503, "busy", Said("The service is busy", "Dịch vụ đang bận")),
    BodyTooSlow: Kind(408, "too-slow", Said("The body came too slowly", "Nội dung yêu cầu gửi quá chậm")),
    QuotaSpent: Kind(429, "quota-spent", _TOO_MANY),
    SlowedDown: Kind(429, "slowed-down", _TOO_MANY),
    ScopeMissing: Kind(403, "scope-missing", Said("The key does not allow this", "Khóa không cho phép")),
    Stopping: Kind(503, "stopping", Said("The service is stopping", "Dịch vụ đang dừng")),
    NotReady: Kind(503, "not-ready", Said("The service is not ready", "Dịch vụ chưa sẵn sàng")),
    core.UnknownUnit: Kind(404, "unknown-unit", _NOT_FOUND),
    core.UnknownAddress: Kind(404, "unknown-address", _NOT_FOUND),
    core.NotFound: Kind(404, "not-found", _NOT_FOUND),
    core.AlreadyIssued: Kind(409, "already-issued", _CONFLICT),
    core.AreaExhausted: Kind(409, "area-exhausted", _CONFLICT),
    core.StaleVersion: Kind(409, "stale-version", _CONFLICT),
    core.Conflict: Kind(409, "conflict", _CONFLICT),
    TooManyJobs: Kind(429, "too-many-jobs", Said("There is no room for the job", "Không còn chỗ cho tác vụ")),
    NoJobs: Kind(501, "no-jobs", Said("This service takes no jobs", "Dịch vụ này không nhận tác vụ")),
}
"""Every class of errors that a caller can cause. A class that is not here shows as its nearest parent that
is; one without such a parent is the operator's to mend."""

_UNAVAILABLE = Said("The service cannot answer now", "Dịch vụ hiện không trả lời được")
_INTERNAL = Said("The service failed", "Dịch vụ gặp lỗi")

_HTTP: dict[int, Said] = {
    400: Said("The request cannot be read", "Không đọc được yêu cầu"),
    401: Said("A key is needed", "Cần khóa truy cập"),
    404: Said("There is nothing at this path", "Không có gì ở đường dẫn này"),
    405: Said("This path does not take this method", "Đường dẫn này không nhận phương thức này"),
    413: Said("The body is too large", "Nội dung yêu cầu quá lớn"),
    414: Said("The URL is too long", "Đường dẫn quá dài"),
    415: Said(
        "The body must be application/json, or of another type that this path takes",
        "Nội dung yêu cầu phải là application/json, hoặc loại khác mà đường dẫn này nhận",
    ),
}


def install(app: Flask) -> None:
    """Make every error of ``app`` a problem document."""
    app.register_error_handler(GeoaddrError, _on_own)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_fault)


def kind_of(error: GeoaddrError) -> Kind | None:
    """How an error shows over HTTP; ``None`` for one that is the operator's to mend."""
    return next((KINDS[c] for c in type(error).__mro__ if c in KINDS), None)


def problem_of(error: GeoaddrError, kind: Kind, lang: str, request_id: str | None = None) -> Problem:
    """An error as callers see it."""
    return Problem(
        type=TYPE_PREFIX + kind.name,
        title=kind.title.in_language(lang),
        status=kind.status,
        detail=error.message(lang),
        field=getattr(error, "field", None),
        value=_json_value(getattr(error, "value", None)),
        request_id=request_id,
    )


def refused_row(error: GeoaddrError, lang: str) -> Problem:
    """The problem of a row that cannot be read, or is not allowed."""
    return problem_of(error, kind_of(error) or KINDS[InvalidInput], lang)


def unanswered_row(
    said: str, kind: type[GeoaddrError], row: Mapping[str, Any], fields: Sequence[str], lang: str
) -> Problem:
    """The problem of a row that a verb could not answer, for what it ``said``; the field is the one of ``fields``
    that is named there first, else the first of them."""
    found = KINDS[kind]
    field = said.partition(":")[0]
    field = field if field in fields else fields[0]
    return Problem(
        type=TYPE_PREFIX + found.name,
        title=found.title.in_language(lang),
        status=found.status,
        detail=said,
        field=field,
        value=_json_value(row.get(field)),
        request_id=None,
    )


def failed_job(said: Said, lang: str, *, ours: bool) -> Problem:
    """Why a job failed: its file or options cannot be worked on, or a fault of ``ours``."""
    kind = _JOB_FAULT if ours else _BAD_JOB
    return Problem(
        type=TYPE_PREFIX + kind.name,
        title=kind.title.in_language(lang),
        status=kind.status,
        detail=said.in_language(lang),
        field=None,
        value=None,
        request_id=None,
    )


def language() -> str:
    """The caller's language: ``vi`` or, by default, ``en``; the first of the two in the order of preference."""
    return _preferred(request.accept_languages)


def _preferred(accepted: LanguageAccept) -> str:
    named = (tag.replace("_", "-").partition("-")[0].lower() for tag in accepted.values())
    return next(("en" if tag == "*" else tag for tag in named if tag in (*LANGUAGES, "*")), "en")


def respond(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The response that carries a problem, whose reason is counted."""
    request.environ[REASON] = _reason(problem)
    response = Response(orjson.dumps(problem), status=problem.status, mimetype=PROBLEM)
    response.headers["Content-Language"] = language()
    response.headers["Vary"] = "Accept-Language"
    response.headers.update(headers or {})
    return response


def reasons() -> list[str]:
    """Every reason that a problem can have, as it is counted."""
    return [*(kind.name for kind in KINDS.values()), *(f"http-{status}" for status in (*_HTTP, 500, 503))]


def _reason(problem: Problem) -> str:
    if problem.type.startswith(TYPE_PREFIX):
        return problem.type.removeprefix(TYPE_PREFIX)
    return f"http-{problem.status}"


def _on_own(error: GeoaddrError) -> Response:
    return respond(*_problem(error, language(), request.environ))


def outside(error: Exception, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """An error that was met before Flask is entered: the status line, the headers and the body."""
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""), LanguageAccept)
    lang = _preferred(accepted)
    if isinstance(error, GeoaddrError):
        problem, asked = _problem(error, lang, environ)
    else:
        problem, asked = _fault(error, lang, environ), {}
    environ[REASON] = _reason(problem)
    body = orjson.dumps(problem)
    headers = {
        "Content-Type": PROBLEM, "Content-Length": str(len(body)), "Content-Language": lang,
        "Vary": "Accept-Language",
    }  # fmt: skip
    phrase = HTTPStatus(problem.status).phrase
    return f"{problem.status} {phrase}", [*headers.items(), *asked.items()], body


def _problem(error: GeoaddrError, lang: str, environ: dict[str, Any]) -> tuple[Problem, dict[str, str]]:
    """The problem of an error of ours, and the headers that go with it."""
    request_id = environ.get(REQUEST_ID)
    kind = kind_of(error)
    if kind is None:
        log.error("%s: %s", type(error).__name__, error, exc_info=error)
        if isinstance(error, core.StoreUnavailable):
            return general(503, _UNAVAILABLE, lang, request_id), {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return general(500, _INTERNAL, lang, request_id), {}
    problem = problem_of(error, kind, lang, request_id)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if kind.status == 503 else {}
    return problem, headers | _asked_of_caller(error)


def _asked_of_caller(error: GeoaddrError) -> dict[str, str]:
    """What a refused caller needs, as RFC 6750 says it, or when to come again."""
    if isinstance(error, KeyRequired):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, KeyRefused):
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    if isinstance(error, ScopeMissing):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.scope}"'}
    if isinstance(error, BodyTooSlow):
        return {"Connection": "close"}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after_s)}
    return {}


def _on_http(error: HTTPException) -> Response:
    """An error of the framework, with the headers that it asks for (``Allow`` at 405)."""
    status = error.code or 500
    title = _HTTP.get(status, _HTTP[400] if status < 500 else _INTERNAL)
    kept = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return respond(general(status, title, language(), request.environ.get(REQUEST_ID)), kept)


def _on_fault(error: Exception) -> Response:
    return respond(_fault(error, language(), request.environ))


def _fault(error: Exception, lang: str, environ: dict[str, Any]) -> Problem:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return general(500, _INTERNAL, lang, environ.get(REQUEST_ID))


def general(status: int, said: Said, lang: str, request_id: str | None = None) -> Problem:
    """A problem of no type of its own."""
    text = said.in_language(lang)
    return Problem(
        type="about:blank", title=text, status=status, detail=text, field=None, value=None, request_id=request_id
    )


def _json_value(value: Any) -> str | int | float | bool | None:
    """The caller's value as one JSON scalar: whole when small and plain, else shown and cut."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)[:MAX_VALUE_CHARACTERS]
    if isinstance(value, str):
        safe = value[:MAX_VALUE_CHARACTERS].encode("utf-8", "replace").decode()
        return safe + ("…" if len(value) > MAX_VALUE_CHARACTERS else "")
    return shown(value)

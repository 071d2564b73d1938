"""Calls from pages of other sites (CORS): of the verbs that a checkout asks, from the origins that are named."""

from __future__ import annotations

from flask import Flask, Response, request

from service.settings import Settings

FOR_CHECKOUTS = frozenset(
    {"locate", "resolve", "search", "suggest", "parse", "convert", "validate", "list_units", "unit", "boundary"}
)
"""The operations that pages of other sites may ask. What writes, and what tells of many households, is not among
them: a key that may do these has no place in a page."""

HEADERS = "Authorization, Content-Type, Accept-Language, If-None-Match"
EXPOSED = "ETag, Content-Language, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID"
PREFLIGHT_S = 86_400
ANY = "*"


def install(app: Flask, settings: Settings) -> None:
    """Let pages from ``settings.cors_origins`` ask; without any, nothing is different."""
    if not settings.cors_origins:
        return

    @app.after_request
    def allow(response: Response) -> Response:
        if request.endpoint not in FOR_CHECKOUTS:
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin is None or not {origin, ANY} & set(settings.cors_origins):
            return response
        response.headers["Access-Control-Allow-Origin"] = ANY if ANY in settings.cors_origins else origin
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = HEADERS
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_S)
        else:
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

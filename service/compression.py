"""Answers as gzip, for callers who take it."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 1_024
"""Less fits a packet as it is."""

LEVEL = 1
"""JSON of many alike rows shrinks to a tenth at once; higher levels take several times as long for little."""

TEXTS = frozenset(
    {
        "application/json", "application/geo+json", "application/problem+json", "application/jsonl", "text/html",
        "text/css", "text/plain",
    }
)  # fmt: skip


def install(app: Flask) -> None:
    """Compress what is worth it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.direct_passthrough or response.is_streamed or response.mimetype not in TEXTS:
            return response
        if "Content-Encoding" in response.headers or response.status_code == 206:
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings["gzip"] or len(response.data) < LEAST_BYTES:
            return response
        response.data = gzip.compress(response.data, LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        return response

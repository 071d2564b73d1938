"""The web pages: the files of ``web/dist``, each at its own path, under a strict content security policy.

Vite builds them from ``web/src``; how, and what goes where, is in ``web/README.md``. Only the files that lie in
the folder when the application is made have a path: no request is ever turned into a file name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, request

from service.policies import policy
from service.settings import Settings

DIST = Path(__file__).parent / "web" / "dist"

HASHED = "assets"
"""The folder whose files carry a hash of their content in their names."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What a browser may be sent, by the file's ending."""

VARIANTS = {"br": ".br", "gzip": ".gz"}
"""The endings of compressed forms, the smallest first."""

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


class Asset(NamedTuple):
    """A file, and the endings of its forms by their content coding."""

    path: Path
    url: str
    codings: dict[str, str]

    @property
    def is_page(self) -> bool:
        return self.path.suffix == ".html"

    @property
    def is_script(self) -> bool:
        return self.path.suffix in (".js", ".mjs")

    @property
    def is_hashed(self) -> bool:
        return self.path.parent.name == HASHED

    @property
    def is_for_other_sites(self) -> bool:
        """Whether other sites may load it: a script with a name of its own, which they write into their pages."""
        return self.path.suffix == ".js" and not self.is_hashed


def install(app: Flask, settings: Settings) -> None:
    """Serve every file of :data:`DIST`; a page at its name without the ending, ``index.html`` at ``/``."""
    at = {asset.url: asset for asset in assets(DIST)}
    view = _view(at, policy(settings))
    for url in at:
        app.add_url_rule(url, endpoint="page", view_func=view, methods=["GET"])


def assets(folder: Path) -> list[Asset]:
    """The files of a built folder, without their compressed forms."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in TYPES:
            codings = {name: end for name, end in VARIANTS.items() if path.with_name(path.name + end).is_file()}
            found.append(Asset(path, _url(path.relative_to(folder)), codings))
    return found


def _url(path: Path) -> str:
    if path.suffix == ".html":
        return "/" + path.with_suffix("").as_posix().removesuffix("index")
    return "/" + path.as_posix()


def _view(at: dict[str, Asset], policy: str) -> Callable[[], Response]:
    def view() -> Response:
        asset = at[request.path]
        response = _response(asset)
        if asset.is_page or asset.is_script:
            response.headers["Content-Security-Policy"] = policy  # a worker obeys that of its own script
        if asset.is_page:
            response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
            response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
        if asset.is_for_other_sites:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return view


def _response(asset: Asset) -> Response:
    coding = _coding(asset)
    body, etag = _read(asset.path.with_name(asset.path.name + asset.codings.get(coding, "")))
    response = Response(body, content_type=TYPES[asset.path.suffix])
    response.headers["Cache-Control"] = _FOR_EVER if asset.is_hashed else _ASK_AGAIN
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Vary"] = "Accept-Encoding"
    if coding:
        response.headers["Content-Encoding"] = coding
    response.set_etag(etag)
    response.make_conditional(request)
    return response


def _coding(asset: Asset) -> str:
    """The smallest form that the browser takes; the empty text for the file as it is."""
    if "Accept-Encoding" not in request.headers:
        return ""
    return next((name for name in asset.codings if request.accept_encodings[name] > 0), "")


@cache
def _read(path: Path) -> tuple[bytes, str]:
    body = path.read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:32]

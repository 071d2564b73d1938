"""The content security policy of the pages: what a browser may load, from where."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from geoaddr.errors import InvalidInput, Said
from service.settings import Settings

DIRECTIVES: dict[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "base-uri": ("'none'",),
    "connect-src": ("'self'",),
    "font-src": ("'self'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
    # MapLibre makes its markers and patterns as data and blobs.
    "img-src": ("'self'", "data:", "blob:"),
    "manifest-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "worker-src": ("'self'",),
}
"""Nothing from elsewhere, nothing inline, nothing evaluated."""

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


class BaseMap(NamedTuple):
    """Raster tiles of somebody else under the map: their URL template, whose they are, the origin they have."""

    url: str
    attribution: str
    origin: str


def base_map(settings: Settings) -> BaseMap | None:
    """The base map of a service; ``None`` where it has none.

    :raises InvalidInput: for a template that is no web address with ``{z}``, ``{x}`` and ``{y}`` behind its host.
    """
    if settings.base_map is None:
        return None
    url = urlsplit(settings.base_map)
    rest = url.path + url.query
    if url.scheme not in ("http", "https") or not _HOST.fullmatch(url.netloc):
        raise _wrong(settings.base_map, Said("not a web address", "không phải địa chỉ web"))
    if any(part not in rest for part in ("{z}", "{x}", "{y}")):
        raise _wrong(settings.base_map, Said("without {z}, {x} and {y}", "thiếu {z}, {x} hoặc {y}"))
    return BaseMap(settings.base_map, settings.base_map_attribution or url.netloc, f"{url.scheme}://{url.netloc}")


def policy(settings: Settings) -> str:
    """The header's value for the pages of a service; the host of its base map, and no other, is let in."""
    base = base_map(settings)
    allowed = {"connect-src": base.origin, "img-src": base.origin} if base else {}
    sources = {
        name: [*given, allowed[name]] if name in allowed else list(given) for name, given in DIRECTIVES.items()
    }
    return "; ".join(f"{name} {' '.join(given)}" for name, given in sources.items())


def _wrong(value: str, reason: Said) -> InvalidInput:
    return InvalidInput("GEOADDR_BASE_MAP", value, reason)

"""The content security policy of the pages: what a browser may load, from where."""

from __future__ import annotations

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


def policy(settings: Settings) -> str:
    """The header's value for the pages of a service."""
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in DIRECTIVES.items())

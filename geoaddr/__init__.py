"""geoaddr: the open digital address platform for Viet Nam.

``ga = geoaddr.open()`` gives every verb on the embedded data. Nothing else loads at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoaddr._version import __version__

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr, open  # noqa: A004

__all__ = ["Geoaddr", "__version__", "open"]


def __getattr__(name: str) -> Any:
    if name in ("open", "Geoaddr"):
        from geoaddr import platform

        return getattr(platform, name)
    raise AttributeError(f"module 'geoaddr' has no attribute {name!r}")

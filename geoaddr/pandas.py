"""``import geoaddr.pandas``: the verbs as ``df.geoaddr.locate(...)``, for pandas and GeoPandas.

The platform is opened once, when a frame is first answered, as :func:`geoaddr.open` does by default; :func:`use`
sets another one, such as one on a pack with exact boundaries.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from geoaddr.platform import Geoaddr
from geoaddr.platform import open as open_platform

_used: list[Geoaddr] = []


def use(platform: Geoaddr) -> None:
    """Let frames be answered by ``platform`` from now on; it stays the caller's to close."""
    _used[:] = [platform]


@lru_cache(maxsize=1)
def _default() -> Geoaddr:
    return open_platform()


@pd.api.extensions.register_dataframe_accessor("geoaddr")
class FrameAccessor:
    """The verbs over one frame: each gives a new frame with the answers' columns after its own.

    Arguments are those of :class:`geoaddr.frames.FrameVerbs`.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    @property
    def _platform(self) -> Geoaddr:
        return _used[0] if _used else _default()

    def locate(self, **how: Any) -> pd.DataFrame:
        """Units, postcode and codes at each point: :meth:`~geoaddr.frames.FrameVerbs.locate_frame`."""
        return self._platform.locate_frame(self._frame, **how)

    def resolve(self, code: str | None = None, **how: Any) -> pd.DataFrame:
        """What each code stands for: :meth:`~geoaddr.frames.FrameVerbs.resolve_frame`."""
        return self._platform.resolve_frame(self._frame, code=code, **how)

    def parse(self, text: str | None = None, **how: Any) -> pd.DataFrame:
        """Each address taken apart: :meth:`~geoaddr.frames.FrameVerbs.parse_frame`."""
        return self._platform.parse_frame(self._frame, text=text, **how)

    def geocode(self, text: str | None = None, **how: Any) -> pd.DataFrame:
        """The best match of each address: :meth:`~geoaddr.frames.FrameVerbs.geocode_frame`."""
        return self._platform.geocode_frame(self._frame, text=text, **how)

    def convert(self, text: str | None = None, **how: Any) -> pd.DataFrame:
        """Each address in other units: :meth:`~geoaddr.frames.FrameVerbs.convert_frame`."""
        return self._platform.convert_frame(self._frame, text=text, **how)

    def validate(self, text: str | None = None, **how: Any) -> pd.DataFrame:
        """A verdict on each address: :meth:`~geoaddr.frames.FrameVerbs.validate_frame`."""
        return self._platform.validate_frame(self._frame, text=text, **how)

    def assign(self, text: str | None = None, **how: Any) -> pd.DataFrame:
        """A code for each household: :meth:`~geoaddr.frames.FrameVerbs.assign_frame`."""
        return self._platform.assign_frame(self._frame, text=text, **how)

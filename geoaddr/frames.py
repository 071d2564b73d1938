"""The verbs over frames: pandas, GeoPandas, Polars, Dask and Arrow in, the same kind out.

The answers' columns follow the frame's own, under the names that ``geoaddr batch`` gives them; index, order, types
and geometry stay. A row that cannot be answered says so in ``error``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from geoaddr.bulk.ports import Platform

Frame = TypeVar("Frame")
"""A frame of pandas, GeoPandas, Polars or Dask, an Arrow table or record batch. What else has an
``__arrow_c_stream__`` comes back as an Arrow table."""

Day = dt.date | str | None


class FrameVerbs:
    """What every verb says of a frame's rows. Columns of the usual names need not be named.

    Points come from the columns ``lat`` and ``lon`` or, where these are not named, from the geometry of a
    GeoPandas frame. ``crs`` is their coordinate system (``"EPSG:9210"``), by default what the frame states, and
    WGS 84 for columns; the log ``geoaddr.frames`` says what was assumed and which transformation was used.
    ``swap``: latitude and longitude stand in each other's place. ``lang``: the language of ``error``.

    All raise :class:`~geoaddr.errors.DataError` for a frame that lacks a column, or most of whose points are
    misplaced, and :class:`~geoaddr.errors.InvalidInput` for what is no frame.
    """

    def locate_frame(
        self: Platform,
        frame: Frame,
        *,
        lat: str | None = None,
        lon: str | None = None,
        uncertainty: str | None = None,
        as_of: Day = None,
        crs: str | None = None,
        swap: bool = False,
        lang: str = "en",
    ) -> Frame:
        """``locate`` for every row: units, postcode and codes at its point.

        :param uncertainty: the column with the metres to which each point is known, at 68 %.
        """
        from geoaddr.bulk.frames import answered

        found: Frame = answered(
            self,
            "locate",
            frame,
            lat=lat,
            lon=lon,
            uncertainty=uncertainty,
            as_of=as_of,
            crs=crs,
            swap=swap,
            lang=lang,
        )
        return found

    def resolve_frame(
        self: Platform, frame: Frame, *, code: str | None = None, as_of: Day = None, lang: str = "en"
    ) -> Frame:
        """``resolve`` for every row: what its code stands for."""
        from geoaddr.bulk.frames import answered

        found: Frame = answered(self, "resolve", frame, code=code, as_of=as_of, lang=lang)
        return found

    def parse_frame(
        self: Platform, frame: Frame, *, text: str | None = None, as_of: Day = None, lang: str = "en"
    ) -> Frame:
        """``parse`` for every row: its address text taken apart."""
        from geoaddr.bulk.frames import answered

        found: Frame = answered(self, "parse", frame, text=text, as_of=as_of, lang=lang)
        return found

    def geocode_frame(
        self: Platform, frame: Frame, *, text: str | None = None, as_of: Day = None, lang: str = "en"
    ) -> Frame:
        """``geocode`` for every row: the best match of its address text."""
        from geoaddr.bulk.frames import answered

        found: Frame = answered(self, "geocode", frame, text=text, as_of=as_of, lang=lang)
        return found

    def convert_frame(
        self: Platform,
        frame: Frame,
        *,
        text: str | None = None,
        to: str = "new",
        lat: str | None = None,
        lon: str | None = None,
        as_of: Day = None,
        crs: str | None = None,
        swap: bool = False,
        lang: str = "en",
    ) -> Frame:
        """``convert`` for every row: its address in the units of another time. Rows may lack a point."""
        from geoaddr.bulk.frames import answered

        found: Frame = answered(
            self, "convert", frame, text=text, to=to, lat=lat, lon=lon, as_of=as_of, crs=crs, swap=swap, lang=lang
        )
        return found

    def validate_frame(
        self: Platform,
        frame: Frame,
        *,
        text: str | None = None,
        code: str | None = None,
        lat: str | None = None,
        lon: str | None = None,
        as_of: Day = None,
        crs: str | None = None,
        swap: bool = False,
        lang: str = "en",
    ) -> Frame:
        """``validate`` for every row: a verdict on its address, its code, or both."""
        from geoaddr.bulk.frames import answered

        found: Frame = answered(
            self, "validate", frame, text=text, code=code, lat=lat, lon=lon, as_of=as_of, crs=crs, swap=swap,
            lang=lang,
        )  # fmt: skip
        return found

    def assign_frame(
        self: Platform,
        frame: Frame,
        *,
        text: str | None = None,
        lat: str | None = None,
        lon: str | None = None,
        commune: str | None = None,
        crs: str | None = None,
        swap: bool = False,
        lang: str = "en",
    ) -> Frame:
        """``assign`` for every row: a household's code for life, issued or found in the registry."""
        from geoaddr.bulk.frames import answered

        found: Frame = answered(
            self, "assign", frame, text=text, lat=lat, lon=lon, commune=commune, crs=crs, swap=swap, lang=lang
        )
        return found

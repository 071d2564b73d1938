"""How far a simplified border may lie from the true one: in metres, or by the zoom of a web map."""

from __future__ import annotations

import math

from geoaddr.errors import InvalidInput, Said

MOST_TOLERANCE_M = 5_000.0
"""Beyond this a commune has no shape left to show."""

LEAST_ZOOM, MOST_ZOOM = 4, 22

EQUATOR_PIXEL_M = 156_543.03392804097
"""Width on the equator of a pixel of the 256-pixel tile of zoom 0: the equator, 2 pi times 6,378,137 m, over 256.
Source: OGC Two Dimensional Tile Matrix Set 2.0, WebMercatorQuad."""

NORTHERNMOST_DEGREES = 23.4
"""The latitude of the country's north end, where a pixel covers the least ground."""


def check_tolerance(tolerance_m: object) -> float:
    """A tolerance in metres; 0 leaves every vertex.

    :raises InvalidInput: for anything but a finite number from 0 to 5,000.
    """
    number = isinstance(tolerance_m, int | float) and not isinstance(tolerance_m, bool)
    if not number or not 0 <= float(tolerance_m) <= MOST_TOLERANCE_M:  # type: ignore[arg-type]  # a number by now
        raise InvalidInput(
            "tolerance_m",
            tolerance_m,
            Said(
                f"not a number from 0 to {MOST_TOLERANCE_M:.0f}", f"không phải số từ 0 đến {MOST_TOLERANCE_M:.0f}"
            ),
        )
    return float(tolerance_m)  # type: ignore[arg-type]


def tolerance_of_zoom(zoom: object) -> float:
    """The tolerance in metres that nobody sees on a web map at ``zoom``: half a pixel of 256-pixel Web Mercator
    tiles, at the north end of the country, so that it is at most half a pixel everywhere.

    Maps of 512-pixel tiles (MapLibre, Mapbox) count one less: their zoom 9 is zoom 10 here.

    :raises InvalidInput: for anything but a whole number from 4 to 22.
    """
    if not isinstance(zoom, int) or isinstance(zoom, bool) or not LEAST_ZOOM <= zoom <= MOST_ZOOM:
        raise InvalidInput(
            "zoom",
            zoom,
            Said(
                f"not a whole number from {LEAST_ZOOM} to {MOST_ZOOM}",
                f"không phải số nguyên từ {LEAST_ZOOM} đến {MOST_ZOOM}",
            ),
        )
    pixel_m = EQUATOR_PIXEL_M * math.cos(math.radians(NORTHERNMOST_DEGREES)) / (1 << zoom)
    return pixel_m / 2


def chosen_tolerance(tolerance_m: object = None, zoom: object = None) -> float:
    """The tolerance in metres that was asked for in one of the two ways; 0 where in none.

    :raises InvalidInput: for both, or one out of its range.
    """
    if tolerance_m is not None and zoom is not None:
        reason = Said("give either zoom or tolerance_m", "chỉ cho một trong hai: zoom hoặc tolerance_m")
        raise InvalidInput("zoom", zoom, reason)
    if zoom is not None:
        return tolerance_of_zoom(zoom)
    return 0.0 if tolerance_m is None else check_tolerance(tolerance_m)

"""Units of a layer simplified so that neighbours keep fitting."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.coverage.arcs import arcs_of, border_of
from geoaddr.coverage.disagreement import WIDEST_DEGREES, disputed_places
from geoaddr.coverage.rings import put_together, take_apart
from geoaddr.coverage.shortcuts import METRES_PER_DEGREE, kept_places

_NORTHERN_COSINE = 0.9
"""Below the cosine of every latitude of the country; east-west metres are more degrees there."""


def reach_degrees(tolerance_m: float) -> float:
    """How far beyond a unit's box its company reaches (:func:`simplify`)."""
    return max(WIDEST_DEGREES, 2 * tolerance_m / METRES_PER_DEGREE / _NORTHERN_COSINE)


def simplify(polygons: NDArray[Any], wanted: NDArray[Any], tolerance_m: float) -> NDArray[Any]:
    """The polygons at the positions ``wanted``, with fewer vertices.

    - Every vertex is one of the source's. No border moves by more than ``tolerance_m`` metres, nor does any
      part, hole or unit vanish; what was valid stays valid.
    - A border that two units share becomes the same vertices in both, whichever others are looked at, so that no
      gap or overlap opens. One that the source itself has (up to 5.5 km wide) stays, vertex by vertex.

    :param polygons: valid polygons and multipolygons in degrees: the wanted ones and their company, that is all
        units of the layer whose box comes within :func:`reach_degrees` of theirs; always in the layer's order.
    :param tolerance_m: metres; 0 gives the polygons back.
    """
    if tolerance_m == 0:
        same: NDArray[Any] = polygons[wanted]
        return same
    rings = take_apart(polygons)
    is_wanted = np.zeros(len(polygons), dtype=bool)
    is_wanted[wanted] = True
    border = border_of(rings, is_wanted)
    arcs = arcs_of(rings, border, disputed_places(polygons, rings))
    return put_together(rings, kept_places(rings.places, arcs, tolerance_m), wanted)

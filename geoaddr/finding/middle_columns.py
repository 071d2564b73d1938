"""The middles of many groups of points at once: :func:`geoaddr.finding.points.middle`, to the last bit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.distance import metres_a_degree
from geoaddr.finding.points import FEW, LEAST_M, SURE, UNSEEN_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Groups(NamedTuple):
    """Groups of rows that stand together: where each begins, how many rows it has (one at least), and the group of
    each row."""

    begins: Ints
    counts: Ints
    of: Ints

    @classmethod
    def of_sorted(cls, keys: Ints) -> Groups:
        """Rows with one key are a group; keys are above -1 and ascend."""
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(begins, append=len(keys))
        return cls(begins, counts, np.repeat(np.arange(len(begins)), counts))


def middles(lat: Floats, lon: Floats, groups: Groups) -> tuple[list[float], list[float], list[float]]:
    """For each group, with its rows by code ascending: the point nearest to its middle, and the radius about it
    that holds 68 % of them, metres."""
    away = _off(lat, lon, _medians(lat, groups), _medians(lon, groups), groups)
    nearest = np.flatnonzero(away == np.minimum.reduceat(away, groups.begins)[groups.of])
    nearest = nearest[np.searchsorted(groups.of[nearest], np.arange(len(groups.begins)))]  # the first by code
    y, x = lat[nearest], lon[nearest]
    away = _sorted(_off(lat, lon, y, x, groups), groups)
    held = np.minimum(groups.counts, np.ceil(SURE * groups.counts).astype(np.int64)) - 1
    reach = np.sqrt(away[groups.begins + held])
    reach = np.where(groups.counts < FEW, np.maximum(reach, UNSEEN_M), reach)
    return y.tolist(), x.tolist(), [max(LEAST_M, round(each, 1)) for each in reach.tolist()]


def _medians(values: Floats, groups: Groups) -> Floats:
    ordered = _sorted(values, groups)
    upper = groups.begins + groups.counts // 2
    lower = groups.begins + (groups.counts - 1) // 2
    found: Floats = np.where(lower == upper, ordered[upper], (ordered[lower] + ordered[upper]) / 2)
    return found


def _sorted(values: Floats, groups: Groups) -> Floats:
    """Each group in order by itself: many small sorts are a tenth of one by two keys."""
    ordered = values.copy()
    for begin, count in zip(groups.begins.tolist(), groups.counts.tolist(), strict=True):
        ordered[begin : begin + count].sort()
    return ordered


def _off(lat: Floats, lon: Floats, y: Floats, x: Floats, groups: Groups) -> Floats:
    """How far points are from that of their group, as squares of metres on a plane."""
    scales = np.array([metres_a_degree(each) for each in y.tolist()])
    tall, wide = scales[groups.of].T
    north, east = (lat - y[groups.of]) * tall, (lon - x[groups.of]) * wide
    found: Floats = north * north + east * east
    return found

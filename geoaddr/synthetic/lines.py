"""The lines of ways and the places of houses along them, in metres east and north of the settlement's middle.

A line has three straight pieces that turn a little. A street's heading follows the rule of numbering (north to
south, east to west, north-east to south-west, south-east to north-west); an alley leaves its street at a right
angle, just after the house whose number it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.synthetic import draws
from geoaddr.synthetic.draws import Use
from geoaddr.synthetic.ways import ALLEY, INNER, SECOND, STREET, UNITS_A_FLOOR, Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PIECES = 3
TURN_RAD = np.radians(15)
SPACING_M = {True: 5.0, False: 14.0}
"""Between neighbours on one side, in towns and in the country."""
SETBACK_M = {True: 6.0, False: 11.0}
"""From the middle of the way to the houses."""
PITCH_M = {True: 190.0, False: 360.0}
"""Between the groups of a settlement."""
JITTER_ALONG, JITTER_ACROSS = 0.2, 0.25
"""How far a house is out of line, as shares of spacing and setback."""

FIRST_HEADING_RAD, HALF_CIRCLE_RAD = np.radians(157.5), np.pi
GOLDEN_ANGLE_RAD = np.pi * (3 - np.sqrt(5))
"""Turned by this from one to the next, groups lie evenly around the middle."""

ATTEMPTS = 16
"""Room for the numbers of attempts in the index of a draw."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where ways run: the beginning (metres) and heading (unit vector) of each piece, and a piece's length."""

    x: Floats
    y: Floats
    east: Floats
    north: Floats
    piece_m: Floats

    def at(self, way: Any, along_m: Floats, left_m: Any = 0.0) -> tuple[Floats, Floats]:
        """The point of a way ``along_m`` from its beginning, ``left_m`` to the left of its line."""
        piece = np.clip((along_m / self.piece_m[way]).astype(np.int64), 0, PIECES - 1)
        rest = along_m - piece * self.piece_m[way]
        east, north = self.east[way, piece], self.north[way, piece]
        return self.x[way, piece] + rest * east - left_m * north, self.y[way, piece] + rest * north + left_m * east

    def put(self, some: Ints, x: Floats, y: Floats, headings: Floats) -> None:
        """Run ways from their beginnings along the headings (radians from north, clockwise) of their pieces."""
        for piece in range(PIECES):
            self.x[some, piece], self.y[some, piece] = x, y
            self.east[some, piece], self.north[some, piece] = (
                np.sin(headings[:, piece]),
                np.cos(headings[:, piece]),
            )
            x = x + self.east[some, piece] * self.piece_m[some]
            y = y + self.north[some, piece] * self.piece_m[some]


def by_town(ways: Ways, values: dict[bool, float]) -> Floats:
    """The value for towns or for the country, of each way."""
    return np.where(ways.communes.urban, values[True], values[False])[ways.commune]


def draw_lines(ways: Ways, attempt: Ints) -> Lines:
    """The lines of ways, each as its ``attempt`` draws it."""
    spacing, length = by_town(ways, SPACING_M), len(ways.number)
    piece_m = np.maximum(-(-ways.households // 2), 1) * spacing / PIECES
    x, y, east, north = np.zeros((4, length, PIECES))
    lines = Lines(x, y, east, north, piece_m)
    index = ways.number * ATTEMPTS + attempt
    turns = [draws.about_zero(ways.keys, use, index, TURN_RAD) for use in (Use.FIRST_TURN, Use.SECOND_TURN)]
    bends = np.stack([np.zeros(length), turns[0], turns[0] + turns[1]], axis=1)
    streets = np.flatnonzero(ways.part == STREET)
    heading = FIRST_HEADING_RAD + HALF_CIRCLE_RAD * draws.share(ways.keys, Use.HEADING, index)
    x, y = _group_places(ways, streets, attempt)
    half = piece_m[streets] * PIECES / 2
    x, y = x - np.sin(heading[streets]) * half, y - np.cos(heading[streets]) * half
    lines.put(streets, x, y, heading[streets, None] + bends[streets])
    for parts in ((ALLEY, SECOND), (INNER,)):
        some = np.flatnonzero(np.isin(ways.part, parts))
        _branch(ways, lines, some, bends, spacing)
    return lines


def _group_places(ways: Ways, streets: Ints, attempt: Ints) -> tuple[Floats, Floats]:
    """Where the middles of streets lie: the first of a settlement in its middle, the others in circles around."""
    keys, group, tried = ways.keys[streets], ways.group[streets], attempt[streets]
    settlement = ways.settlement[streets]
    first = np.append(True, settlement[1:] != settlement[:-1])
    place = np.arange(len(streets)) - np.maximum.accumulate(np.where(first, np.arange(len(streets)), 0))
    phase = draws.share(keys, Use.PHASE, ways.settlement_number[settlement]) * 2 * np.pi
    index = group * ATTEMPTS + tried
    pitch = by_town(ways, PITCH_M)[streets]
    angle, radius = phase + place * GOLDEN_ANGLE_RAD, pitch * np.sqrt(place)
    shift = draws.share(keys, Use.SHIFT_RADIUS, index) * pitch * np.minimum(tried, 1)
    aside = draws.share(keys, Use.SHIFT_ANGLE, index) * 2 * np.pi
    return (
        radius * np.sin(angle) + shift * np.sin(aside),
        radius * np.cos(angle) + shift * np.cos(aside),
    )


def _branch(ways: Ways, lines: Lines, some: Ints, bends: Floats, spacing: Floats) -> None:
    """Run alleys from their mouths, on the side of the house before; apartment houses stand past the end."""
    parent, mouth = ways.parent[some], ways.mouth[some]
    left = np.where(mouth % 2 == 0, 1.0, -1.0)
    along = (mouth // 2 + 1) * spacing[some]
    along = np.where(ways.tower[some], lines.piece_m[parent] * PIECES + 4 * spacing[some], along)
    left = np.where(ways.tower[some], 1.0, left)
    x, y = lines.at(parent, along)
    piece = np.clip((along / lines.piece_m[parent]).astype(np.int64), 0, PIECES - 1)
    heading = np.arctan2(lines.east[parent, piece], lines.north[parent, piece]) - left * np.pi / 2
    lines.put(some, x, y, heading[:, None] + bends[some])


def house_places(ways: Ways, lines: Lines, way: Ints, place: Ints) -> tuple[Floats, Floats]:
    """Where the houses at places of ways stand: even places on the left. Flats of one column share a point."""
    urban = ways.communes.urban[ways.commune[way]]
    spacing = np.where(urban, SPACING_M[True], SPACING_M[False])
    setback = np.where(urban, SETBACK_M[True], SETBACK_M[False])
    keys, household = ways.keys[way], ways.first[way] + place
    off = 0.5 + draws.about_zero(keys, Use.ALONG, household, JITTER_ALONG)
    across = 1.0 + draws.about_zero(keys, Use.ACROSS, household, JITTER_ACROSS)
    along = (place // 2 + off) * spacing
    left = np.where(place % 2 == 0, setback, -setback) * across
    column, tower = place % UNITS_A_FLOOR, ways.tower[way]
    along = np.where(tower, 15.0 + column // 2 * 7.0, along)
    left = np.where(tower, np.where(column % 2 == 0, 6.0, -6.0), left)
    return lines.at(way, along, left)

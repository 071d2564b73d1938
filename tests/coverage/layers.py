"""Made-up layers of neighbours: random lines cut a square into faces, and units take the faces among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st
from numpy.typing import NDArray

WEST, SOUTH = 105.0, 16.0
SIDE = 0.04
"""About four kilometres."""

METRE = 1 / 111_319.49


def wiggly(
    a: tuple[float, float], b: tuple[float, float], *, steps: int, wave: float, rng: np.random.Generator
) -> Any:
    """A line from a to b of so many steps, each vertex moved by up to ``wave`` degrees; its ends stay."""
    along = np.linspace(a, b, steps + 1)
    along[1:-1] += rng.uniform(-wave, wave, (steps - 1, 2))
    return shapely.linestrings(along)


def cut_square(seed: int, *, lines: int, wave: float, steps: int = 40) -> NDArray[Any]:
    """The faces that wiggly lines cut a square with wiggly sides into: a coverage, as borders are taken from the
    lines, each once."""
    rng = np.random.default_rng(seed)
    corners = [(WEST, SOUTH), (WEST + SIDE, SOUTH), (WEST + SIDE, SOUTH + SIDE), (WEST, SOUTH + SIDE)]
    drawn = [wiggly(corners[n], corners[(n + 1) % 4], steps=steps, wave=wave / 4, rng=rng) for n in range(4)]
    for _ in range(lines):
        ends = rng.uniform(-SIDE / 5, SIDE * 1.2, (2, 2)) + np.array([WEST, SOUTH])
        drawn.append(wiggly(tuple(ends[0]), tuple(ends[1]), steps=steps, wave=wave, rng=rng))
    island = shapely.Point(WEST + SIDE * rng.uniform(0.2, 0.8), SOUTH + SIDE * 1.3).buffer(SIDE / 20)
    noded = shapely.get_parts(shapely.unary_union([*drawn, island.exterior]))
    faces: NDArray[Any] = shapely.get_parts(shapely.polygonize(noded))
    return faces


def dealt(faces: NDArray[Any], units: int, seed: int) -> NDArray[Any]:
    """The faces dealt out to units: some of several parts, some with holes in which others lie."""
    owner = np.random.default_rng(seed).integers(0, units, len(faces))
    owner[: min(units, len(faces))] = np.arange(min(units, len(faces)))
    found = np.empty(min(units, len(faces)), dtype=object)
    found[:] = [shapely.coverage_union_all(faces[owner == n]) for n in range(len(found))]
    return found


@st.composite
def coverages(draw: st.DrawFn) -> NDArray[Any]:
    """Valid coverages of two to twelve units."""
    seed = draw(st.integers(0, 10_000))
    wave = draw(st.sampled_from([0.0, 2 * METRE, 20 * METRE, 200 * METRE]))
    faces = cut_square(seed, lines=draw(st.integers(1, 8)), wave=wave, steps=draw(st.integers(2, 40)))
    return dealt(faces, draw(st.integers(2, 12)), seed)

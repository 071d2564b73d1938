"""Layers of neighbours that share their borders: simplified so that they still fit, and dissolved.

:func:`simplify` thins borders out; :func:`dissolve` joins units. Neither reads files. How it works, and why
neighbours that are simplified apart fit each other: ``docs/explanation/simplified-boundaries.md``.
"""

from geoaddr.coverage.dissolve import dissolve
from geoaddr.coverage.simplify import reach_degrees, simplify
from geoaddr.coverage.tolerance import chosen_tolerance

__all__ = ["chosen_tolerance", "dissolve", "reach_degrees", "simplify"]

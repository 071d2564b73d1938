"""Interpretation: from an address text to its administrative units, every plausible reading kept and ranked."""

from geoaddr.interpretation.interpreter import Interpreter
from geoaddr.interpretation.reading import Interpretation, UnitMatch

__all__ = ["Interpretation", "Interpreter", "UnitMatch"]

"""Addresses carried over the reform, both ways: see :mod:`geoaddr.conversion.converter`."""

from geoaddr.conversion.carrying import EVE, Carrier
from geoaddr.conversion.converter import Converter
from geoaddr.conversion.records import Basis, Candidate, Converted, Direction

__all__ = ["EVE", "Basis", "Candidate", "Carrier", "Converted", "Converter", "Direction"]

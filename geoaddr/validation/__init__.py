"""Validation: whether a checkout can take an address, and what to ask the buyer where it cannot."""

from geoaddr.validation.records import Codes, ComponentVerdict, Contradiction, Normalised, Validated

__all__ = ["Codes", "ComponentVerdict", "Contradiction", "Normalised", "Validated"]

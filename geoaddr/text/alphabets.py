"""Digits of codes, for all who look for codes in a text."""

from __future__ import annotations

PLUS_CODE = "23456789CFGHJMPQRVWX"
"""The 20 digits of a Plus Code, in the order of their values (Open Location Code specification)."""

"""Texts that have no code and no link in them, as most: told at a glance by compiled code, where it was built."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from geoaddr.interpretation.detail_compiled import ENGINE
from geoaddr.text.masking import masked


def _glance() -> Callable[[object], bool]:
    try:
        built: Callable[[object], bool] = import_module(ENGINE).is_ordinary
    except ImportError:
        return lambda text: False
    return built


is_ordinary = _glance()
"""Whether something is a text that can be read, and surely has nothing in it that ``text.masking.masked`` or
``interpretation.codes_in_text.codes_in`` would find. ``False`` says nothing."""


def seen(text: str) -> str:
    """``text`` as it is read: its codes and links made illegible.

    :raises InvalidQuery: for what cannot be read.
    """
    return text if is_ordinary(text) else masked(text)

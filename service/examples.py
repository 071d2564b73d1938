"""Real requests with their real answers, shown in the API's description; a test sends each one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


def of(operation: str) -> list[dict[str, Any]]:
    """The examples of an operation, in order.

    Each has ``name``, ``summary``, ``path`` (with its query), ``status`` and ``answer``; where they are not
    those of a plain GET, ``method``, ``headers`` and ``body`` (``data`` where that is no JSON); ``open`` where an
    open service was asked.
    """
    return _all().get(operation, [])


@cache
def _all() -> dict[str, list[dict[str, Any]]]:
    text = files("service").joinpath("examples.json").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = json.loads(text)
    return found

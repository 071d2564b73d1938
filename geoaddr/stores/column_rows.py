"""Between columns of new records and the values that engines of SQL keep: the columnar twin of
:mod:`geoaddr.stores.rows`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.arrivals import LEVELS
from geoaddr.stores.rows import stated_levels, stated_text


def stated(parts: Mapping[str, Any], names: Sequence[str], count: int) -> Any:
    """For each of ``count`` rows the JSON of its parts of those ``names``: an array of texts.

    :param parts: as in :class:`~geoaddr.arrivals.Arrivals`. Each distinct text is quoted once.
    """
    told = [_told(name, parts[name]) for name in names if name in parts and name != "alley"]
    if "alley" in names and "alley" in parts:
        told.append(_told("alley", parts["alley"]))
    if not told:
        return pa.array(["{}"]).take(pa.array([0] * count))
    joined = pc.binary_join_element_wise("", *told, ",", null_handling="skip")
    return pc.binary_join_element_wise("{", pc.utf8_ltrim(joined, ","), "}", "")


def _told(name: str, texts: Any) -> Any:
    work: Callable[[str], str] = _levels if name == "alley" else lambda text: stated_text(name, text)
    made = pa.array([*map(work, texts.dictionary.to_pylist())], pa.string())
    return made.take(texts.indices)


def _levels(text: str) -> str:
    return stated_levels(text.split(LEVELS))

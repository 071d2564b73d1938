"""Between columns of new records and the values that engines of SQL keep: the columnar twin of
:mod:`geoaddr.stores.rows`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.arrivals import LEVELS
from geoaddr.model import COMPONENT_NAMES
from geoaddr.registry.columns import places
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


def parts_of(own: Any, shared: Any) -> dict[str, Any]:
    """The parts that rows state in JSON, some by themselves and some with others, as in
    :class:`~geoaddr.arrivals.Arrivals`.

    :param own, shared: dictionary arrays; ``shared`` null where nothing is shared.
    :raises ValueError, TypeError: for what :func:`stated` does not write; for a part that a row states twice.
    """
    read = [(places(column), list(map(_stated_in, column.dictionary.to_pylist()))) for column in (own, shared)]
    names = set[str]().union(*(stated for _, told in read for stated in told))
    if not names <= _NAMES:
        raise ValueError
    return {name: _part([(at, [stated.get(name) for stated in told]) for at, told in read]) for name in names}


def _part(read: Sequence[tuple[NDArray[np.int32], list[str | None]]]) -> Any:
    """One part, from the places of rows in lists of what is stated of it: a row has it in one of them at most."""
    values: list[str] = []
    at = np.full(len(read[0][0]), -1, dtype=np.int32)
    for rows, said in read:
        texts = pa.array(said, pa.string()).dictionary_encode()
        of = places(texts)
        here = np.append(np.where(of >= 0, of + len(values), -1), -1)[rows]
        if ((at >= 0) & (here >= 0)).any():
            raise ValueError
        at = np.where(here >= 0, here, at).astype(np.int32)
        values += texts.dictionary.to_pylist()
    if "" in values:
        raise ValueError
    return pa.DictionaryArray.from_arrays(pa.array(at, mask=at < 0), pa.array(values, pa.string()))


def _stated_in(text: str) -> dict[str, Any]:
    """What a text states, the levels of an alley as one text."""
    stated: dict[str, Any]
    stated, _ = _parse(text)
    if "alley" in stated:
        levels = stated["alley"]
        if not levels or any(";" in level for level in levels):
            raise ValueError
        stated["alley"] = LEVELS.join(levels)
    return stated


_NAMES = frozenset(COMPONENT_NAMES)
_parse = json.JSONDecoder().raw_decode


def _told(name: str, texts: Any) -> Any:
    work: Callable[[str], str] = _levels if name == "alley" else lambda text: stated_text(name, text)
    made = pa.array([*map(work, texts.dictionary.to_pylist())], pa.string())
    return made.take(texts.indices)


def _levels(text: str) -> str:
    return stated_levels(text.split(LEVELS))

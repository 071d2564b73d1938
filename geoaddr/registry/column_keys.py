"""What records are found by, for columns of their parts: likeness, street and number, place.

The columnar twins of :func:`geoaddr.registry.likeness.likeness` and :func:`geoaddr.registry.streets.placed`. Each
distinct text is folded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.arrivals import LEVELS
from geoaddr.known import number_on_street, on_street, read_street
from geoaddr.model import Components
from geoaddr.named import place_key
from geoaddr.registry.columns import NONE, Texts, placed_texts
from geoaddr.registry.likeness import BETWEEN, PARTS, RULE, digests, feature, line_feature

_PLACES = ("poi", "building", "hamlet")
_NO_LINE = ("house_number", "alley", "hamlet", "building", "poi")
"""Where one of these is stated, a line of text names no street."""


class Found(NamedTuple):
    """The keys of streets and places, and numbers there, :data:`~geoaddr.registry.columns.NONE` without."""

    street: Texts
    place: Texts
    number: NDArray[np.int64]


def likeness_numbers(parts: Mapping[str, Texts], count: int) -> NDArray[np.int64]:
    """For each row the number that :func:`~geoaddr.registry.likeness.likeness` gives its components."""
    told = [_feature(name, parts[name]) for name in PARTS if name in parts]
    stated = np.zeros(count, dtype=bool)
    for name in PARTS:
        if name in parts:
            stated |= parts[name].stated
    if "text" in parts:
        lines = Texts(parts["text"].values, np.where(stated, NONE, parts["text"].at).astype(np.int32))
        told.append(lines.pieces(line_feature))
        stated |= lines.stated
    nothing = pa.array([f"{RULE}{BETWEEN}"]).take(pa.array(np.zeros(count, dtype=np.int64)))
    if told:
        joined = pc.binary_join_element_wise(str(RULE), *told, BETWEEN, null_handling="skip")
        joined = pc.if_else(pa.array(stated), joined, nothing)
    else:
        joined = nothing
    return np.frombuffer(digests(joined.cast(pa.binary()).to_pylist()), dtype=">i8").astype(np.int64)


def _feature(name: str, texts: Texts) -> Any:
    if name == "alley":
        return texts.pieces(lambda levels: feature(name, levels.replace(LEVELS, "/")))
    return texts.pieces(lambda text: feature(name, text))


def found_by(parts: Mapping[str, Texts], count: int) -> Found:
    """For each row what :func:`~geoaddr.registry.streets.placed` says of it."""
    nothing = Texts([], np.full(count, NONE, dtype=np.int32))
    street, mouth = _streets(parts, nothing)
    place = _places(parts, nothing)
    houses, alleys = parts.get("house_number", nothing), parts.get("alley", nothing)
    at_house = houses.numbers(number_on_street)
    at_mouth = alleys.numbers(lambda levels: number_on_street(None, (levels.split(LEVELS)[0],)))
    number = np.where(alleys.stated, at_mouth, at_house)
    number = np.where(street.stated & (mouth != NONE), mouth, number)
    if "text" in parts:
        street, number = _with_lines(parts, street, number, nothing)
    return Found(street, place, np.where(street.stated | place.stated, number, NONE))


def _streets(parts: Mapping[str, Texts], nothing: Texts) -> tuple[Texts, NDArray[np.int64]]:
    written = parts.get("street", nothing)
    mouths = written.numbers(lambda text: read_street(text).number)
    return written.mapped(lambda text: read_street(text).street), mouths


def _places(parts: Mapping[str, Texts], nothing: Texts) -> Texts:
    """The first of its names that has a key."""
    values: list[str] = []
    at = nothing.at
    for name in _PLACES:
        if name in parts:
            keys = parts[name].mapped(place_key)
            shifted = np.where(keys.stated, keys.at + len(values), NONE)
            at = np.where(at == NONE, shifted, at).astype(np.int32)
            values.extend(keys.values)
    return placed_texts(values, at)


def _with_lines(
    parts: Mapping[str, Texts], street: Texts, number: NDArray[np.int64], nothing: Texts
) -> tuple[Texts, NDArray[np.int64]]:
    """The same with the streets that lines name on which no part is stated."""
    silent = ~parts.get("street", nothing).stated
    for name in _NO_LINE:
        silent &= ~parts.get(name, nothing).stated
    lines = Texts(parts["text"].values, np.where(silent, parts["text"].at, NONE).astype(np.int32))
    read = {value: on_street(Components(text=value)) for value in lines.values}
    on = lines.mapped(lambda value: found.street if (found := read[value]) else None)
    at_line = lines.numbers(lambda value: found.number if (found := read[value]) else None)
    at = np.where(on.stated, on.at + len(street.values), street.at).astype(np.int32)
    return placed_texts([*street.values, *on.values], at), np.where(on.stated, at_line, number)

"""The protocol buffer around the geometries: layers, features, keys and values.

The format: https://github.com/mapbox/vector-tile-spec/tree/master/2.1, sections 4.1, 4.2 and 4.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from geoaddr.tiling.geometry import EXTENT, Streams

VERSION = 2

Value = str | bool | int | None

_KINDS = {"point": 1, "polygon": 3}


class Layer(NamedTuple):
    """A layer of a tile. ``properties`` beside the geometries that ``streams`` counts; ``None`` is left out."""

    name: str
    kind: Literal["point", "polygon"]
    streams: Streams
    properties: Sequence[Mapping[str, Value]]


def encode(layers: Sequence[Layer]) -> bytes:
    """A tile of these layers; those without features are left out."""
    return b"".join(_field(3, _layer(layer)) for layer in layers if layer.streams.streams)


def _layer(layer: Layer) -> bytes:
    keys: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    kind = _number(3, _KINDS[layer.kind])
    features = []
    for position, stream in zip(layer.streams.feature.tolist(), layer.streams.streams, strict=True):
        tags = bytearray()
        for key, value in layer.properties[position].items():
            if value is not None:
                tags += _varint(keys.setdefault(key, len(keys)))
                tags += _varint(values.setdefault((type(value), value), len(values)))
        features.append(_field(2, _field(2, bytes(tags)) + kind + _field(4, stream)))
    return b"".join(
        [
            _number(15, VERSION),
            _field(1, layer.name.encode()),
            *features,
            *(_field(3, key.encode()) for key in keys),
            *(_field(4, _value(value)) for _, value in values),
            _number(5, EXTENT),
        ]
    )


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return _number(7, int(value))
    if isinstance(value, int):
        return _number(4, value)
    return _field(1, str(value).encode())


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _field(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)

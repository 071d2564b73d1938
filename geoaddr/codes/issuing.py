"""The order in which an area gives out its 100,000 extensions: random to look at, far apart, never twice.

**Layers.** The Damm state over all ten digits of a code (:mod:`geoaddr.codes.damm`) is its layer, 0 to 9. In every
area each layer has 10,000 codes, and layer 0 is given out first. No single wrong digit and no swap of two
neighbours leads from a code of layer 0 to another one, wherever the slip is and whichever area it lands in.
So while an area and the areas whose codes differ from its by one slip are in layer 0, every such slip shows.

**Order within a layer.** A layer's code is settled by the first four digits of the extension; the fifth follows
from the layer. The four digits are a keyed pseudo-random permutation of 0 to 9,999: a Feistel network of ten
rounds on two halves of two digits, ``left, right = right, (left + round(right)) % 100``. Each round is a table
of 100 numbers drawn by BLAKE2b (:func:`hashlib.blake2b`) from the key, the area and the layer. Adding modulo
100 keeps the network a permutation of exactly 10,000 values, so nothing has to be walked over. Whoever lacks
the key cannot tell from the codes of an area which comes next.

**The key** lives with the registry and is backed up with it. It hides the order and nothing else: layers do not
depend on it, so after its loss a new key goes on in the same layers, over the extensions that are still free, and
every promise above stays.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from geoaddr.codes import damm, ndas
from geoaddr.errors import AreaExhausted, InvalidInput, Said

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LAYERS = 10
LAYER_SIZE = ndas.CAPACITY // LAYERS

_ROUNDS = 10
_HALF = 100
_KEPT_LAYERS = 4096
_PERSON = b"geoaddr-issuing1"
"""Names this use and version of the key's permutation; another version would be another order."""

_WORTH_A_COLUMN = 64
"""Fewer codes than this take less time one by one."""

_TWO_DIGITS = tuple(
    tuple(damm.state(f"{both:02d}", state) for both in range(_HALF)) for state in range(len(damm.TABLE))
)
"""The Damm state after two digits, of the state before them."""

Rounds = tuple[tuple[int, ...], ...]


def new_key() -> bytes:
    """A fresh key of 32 bytes from the system's source of randomness."""
    return secrets.token_bytes(32)


def layer(code: str) -> int:
    """The layer of an NDAS code, 0 to 9: the Damm state of its ten digits.

    :raises InvalidCode: for anything but an NDAS code.
    """
    return damm.state(ndas.validate(code))


class Sequence:
    """The order of one key, for every area.

    :param key: 16 to 64 bytes that stay secret.
    :raises InvalidInput: for a key of another length or type.
    """

    def __init__(self, key: bytes) -> None:
        if not isinstance(key, bytes | bytearray) or not 16 <= len(key) <= 64:
            raise InvalidInput(
                "key",
                f"{type(key).__name__} of {len(key) if hasattr(key, '__len__') else 'no'} bytes",
                Said("an issuing key is 16 to 64 bytes", "khóa cấp mã dài từ 16 đến 64 byte"),
            )
        self._key = bytes(key)
        self._rounds: OrderedDict[tuple[str, int], Rounds] = OrderedDict()

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that tell one key from another and give nothing of it away."""
        return hashlib.blake2b(b"fingerprint", digest_size=8, key=self._key, person=_PERSON).hexdigest()

    def extension(self, area: str, position: int) -> str:
        """The extension at ``position`` (0 to 99,999) of the order of ``area``; no two positions share one.

        :raises InvalidCode: for an area code that is not five digits.
        :raises AreaExhausted: for the position 100,000 and beyond.
        """
        ndas.require_area(area)
        _require_position(area, position)
        number, index = divmod(position, LAYER_SIZE)
        left, right = divmod(index, _HALF)
        for table in self._tables(area, number):
            left, right = right, (left + table[right]) % _HALF
        first = f"{left * _HALF + right:04d}"
        return f"{first}{damm.LAST[damm.state(area + first)][number]}"

    def code(self, area: str, position: int) -> str:
        """The ten digits at ``position`` of the order of ``area``; errors as :meth:`extension`."""
        return area + self.extension(area, position)

    def position(self, code: str) -> int:
        """Where a code stands in the order of its area: ``code(area, position)`` read backwards.

        :raises InvalidCode: for anything but an NDAS code.
        """
        code = ndas.validate(code)
        area, number = code[: ndas.AREA_DIGITS], layer(code)
        left, right = divmod(int(code[ndas.AREA_DIGITS : -1]), _HALF)
        for table in reversed(self._tables(area, number)):
            left, right = (right - table[left]) % _HALF, left
        position: int = number * LAYER_SIZE + left * _HALF + right
        return position

    def extensions(self, area: str, start: int, count: int) -> list[str]:
        """The extensions at the ``count`` positions from ``start``: :meth:`extension` many at a time.

        Where the area ends sooner, the list is shorter.

        :raises InvalidCode: for an area code that is not five digits.
        :raises AreaExhausted: when not even ``start`` is left.
        """
        return [f"{number:05d}" for number in self.numbers(area, start, count)]

    def numbers(self, area: str, start: int, count: int) -> list[int]:
        """:meth:`extensions` as numbers, 0 to 99,999; errors as there. A few are had without loading numpy."""
        if count >= _WORTH_A_COLUMN:
            many: list[int] = self.extension_numbers(area, start, count).tolist()
            return many
        ndas.require_area(area)
        _require_position(area, start)
        end = min(start + max(count, 0), ndas.CAPACITY)
        after_area, found = _TWO_DIGITS[damm.state(area)], []
        for number, first, stop in _layers(start, end):
            tables = self._tables(area, number)
            for index in range(first, stop):
                left, right = divmod(index, _HALF)
                for table in tables:
                    left, right = right, (left + table[right]) % _HALF
                state = _TWO_DIGITS[after_area[left]][right]
                found.append(left * 1000 + right * 10 + damm.LAST[state][number])
        return found

    def extension_numbers(self, area: str, start: int, count: int) -> NDArray[np.int64]:
        """:meth:`numbers` as a column."""
        import numpy as np

        ndas.require_area(area)
        _require_position(area, start)
        end = min(start + max(count, 0), ndas.CAPACITY)
        table = np.array(damm.TABLE, dtype=np.intp)
        last = np.array(damm.LAST, dtype=np.intp)
        found = [np.empty(0, dtype=np.int64)]
        for number, first, stop in _layers(start, end):
            left, right = np.divmod(np.arange(first, stop), _HALF)
            for numbers in self._tables(area, number):
                left, right = right, (left + np.array(numbers).take(right)) % _HALF
            states = np.full(stop - first, damm.state(area))
            for digit in (left // 10, left % 10, right // 10, right % 10):
                states = table[states, digit]
            found.append(left * 1000 + right * 10 + last[states, number])
        return np.concatenate(found)

    def _tables(self, area: str, number: int) -> Rounds:
        """The round tables of one area and layer, kept from before or drawn now."""
        known = self._rounds.get((area, number))
        if known is None:
            known = self._rounds[area, number] = self._draw(area, number)
            if len(self._rounds) > _KEPT_LAYERS:
                self._rounds.popitem(last=False)
        return known

    def _draw(self, area: str, number: int) -> Rounds:
        needed = _ROUNDS * _HALF
        stream = b"".join(
            hashlib.blake2b(f"{area}/{number}/{block}".encode(), key=self._key, person=_PERSON).digest()
            for block in range(-(-needed * 2 // 64))
        )
        values = [value % _HALF for value in struct.unpack_from(f">{needed}H", stream)]
        return tuple(tuple(values[i : i + _HALF]) for i in range(0, needed, _HALF))


def _layers(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The layers that positions from ``start`` to before ``end`` are of, each with the same span within it."""
    for number in range(start // LAYER_SIZE, -(-end // LAYER_SIZE)):
        yield number, max(start - number * LAYER_SIZE, 0), min(end - number * LAYER_SIZE, LAYER_SIZE)


def _require_position(area: str, position: int) -> None:
    if not isinstance(position, int) or position < 0:
        raise InvalidInput("position", position, Said("a position counts from 0", "vị trí được đếm từ 0"))
    if position >= ndas.CAPACITY:
        raise AreaExhausted(
            "area",
            area,
            Said("all 100,000 extensions of the area are taken", "khu vực đã cấp hết 100.000 mã"),
        )

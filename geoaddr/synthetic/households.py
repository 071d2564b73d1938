"""Households by columns: the rows of a made-up nation, some communes at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.codes.issuing import Sequence as IssuingSequence
from geoaddr.codes.ndas import CAPACITY, DIGITS
from geoaddr.locating import Locator
from geoaddr.synthetic import draws
from geoaddr.synthetic.communes import Columns, Commune, columns, numbered
from geoaddr.synthetic.placing import place_houses
from geoaddr.synthetic.styles import drawn_styles, styles_of
from geoaddr.synthetic.ways import UNITS_A_FLOOR, Ways, lay_ways, numbered_houses
from geoaddr.synthetic.wording import Words, house_text, words_of

Ints = NDArray[np.int64]

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        *(
            pa.field(name, pa.string())
            for name in (
                "house_number", "alley", "street", "hamlet", "building", "floor", "unit", "address",
                "commune_code", "commune", "province_code", "province", "postcode",
            )
        ),
        pa.field("lat", pa.float64(), nullable=False),
        pa.field("lon", pa.float64(), nullable=False),
        pa.field("ndas", pa.string(), nullable=False),
    ]
)  # fmt: skip
"""The columns of a household, and their types."""


class Maker:
    """Makes the households of communes. Safe to share between threads."""

    def __init__(
        self, locator: Locator, provinces: dict[str, str], seed: int, style: str, names: Sequence[str]
    ) -> None:
        """:param provinces: full names by code. :param names: the columns that are wanted, in their order."""
        self._locator, self._provinces, self._names = locator, provinces, tuple(names)
        self._seed, self._style = seed, style
        self.schema = pa.schema([SCHEMA.field(name) for name in names])

    def households(self, communes: Sequence[Commune], first_id: int) -> pa.RecordBatch:
        """The households of some communes, numbered from ``first_id``."""
        side = columns(communes, self._seed)
        ways = lay_ways(side)
        lat, lon = place_houses(self._locator, ways)
        made = _Rows(ways, self._style)
        found = {
            "id": pa.array(np.arange(first_id, first_id + len(lat))),
            "lat": pa.array(lat),
            "lon": pa.array(lon),
            "ndas": self._codes(side),
        }
        found |= self._units(side, ways.commune[made.way]) | made.columns()
        return pa.record_batch([found[name] for name in self._names], schema=self.schema)

    def _codes(self, communes: Columns) -> Any:
        """NDAS codes: each area gives out its own in an issuing order, as a registry would."""
        order = IssuingSequence(draws.issuing_key(self._seed))
        numbers = [
            int(c.postcode) * CAPACITY + order.extension_numbers(c.postcode, 0, c.households)
            for c in communes.communes
        ]
        return _digits(np.concatenate(numbers))

    def _units(self, side: Columns, commune: Ints) -> dict[str, Any]:
        units = [c.unit for c in side.communes]
        parents = [str(unit.parent) for unit in units]
        texts = {
            "commune_code": [unit.code for unit in units],
            "commune": [unit.full_name for unit in units],
            "province_code": parents,
            "province": [self._provinces[code] for code in parents],
            "postcode": [c.postcode for c in side.communes],
        }
        return {name: _taken(values, commune) for name, values in texts.items()}


class _Rows:
    """The parts of addresses of the households of some ways."""

    def __init__(self, ways: Ways, style: str) -> None:
        self._ways, self._style = ways, style
        self.way, self.place = numbered(ways.households)
        self._words = words_of(ways, styles_of(style))

    def columns(self) -> dict[str, Any]:
        """The texts of households."""
        ways, words = self._ways, self._words
        houses = numbered_houses(ways, self.way, self.place)
        code = 2 * houses.number + houses.lettered
        plain = [house_text(i // 2, i % 2 == 1) for i in range(int(code.max()) + 1)]
        tower = ways.tower[self.way]
        numberless = np.array([street is None for street in words.street])[self.way]
        house = _taken(plain, code, absent=tower | numberless)
        floors = [floor_text(i + 1) for i in range(int(self.place.max()) // UNITS_A_FLOOR + 1)]
        units = [
            f"{floors[i // UNITS_A_FLOOR]}-{i % UNITS_A_FLOOR + 1:02d}" for i in range(len(floors) * UNITS_A_FLOOR)
        ]
        unit = _taken(units, self.place, absent=~tower)
        floor = _taken(floors, self.place // UNITS_A_FLOOR, absent=~tower)
        return {
            "house_number": pc.coalesce(house, _taken(words.house, self.way)),
            "alley": _taken(words.alley, self.way),
            "street": _taken(words.street, self.way),
            "hamlet": _taken(words.hamlet, self.way),
            "building": _taken(words.building, self.way),
            "floor": floor,
            "unit": unit,
            "address": self._addresses(words, pc.coalesce(house, unit)),
        }

    def _addresses(self, words: Words, number: Any) -> Any:
        styles = styles_of(self._style)
        keys = self._ways.keys[self.way]
        drawn = drawn_styles(self._style, keys, self._ways.first[self.way] + self.place)
        index = drawn * len(self._ways.number) + self.way
        before = _taken([line for style in styles for line in words.before[style]], index)
        after = _taken([line for style in styles for line in words.after[style]], index)
        return pc.binary_join_element_wise(before, number, after, "", null_handling="skip")


def floor_text(floor: int) -> str:
    """A floor as signs name it: the thirteenth is 12A."""
    return "12A" if floor == 13 else str(floor)


def _taken(values: Sequence[str | None], index: Ints, absent: NDArray[np.bool_] | None = None) -> Any:
    return pa.array(values, pa.string()).take(pa.array(index, mask=absent))


def _digits(codes: Ints) -> Any:
    """Numbers as texts of ten digits."""
    powers = 10 ** np.arange(DIGITS - 1, -1, -1, dtype=np.int64)
    signs = np.empty((len(codes), DIGITS), dtype=np.uint8)
    for place, power in enumerate(powers.tolist()):
        signs[:, place] = codes // power % 10 + ord("0")
    offsets = np.arange(0, (len(codes) + 1) * DIGITS, DIGITS, dtype=np.int32)
    return pa.StringArray.from_buffers(len(codes), pa.py_buffer(offsets), pa.py_buffer(signs))

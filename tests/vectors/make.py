"""Write the vectors from reference packages, without geoaddr: ``python tests/vectors/make.py``.

Needs the development packages openlocationcode, pygeohash and python-stdnum. ``recognise.csv`` is written by
hand and stays.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pygeohash
from openlocationcode import openlocationcode
from stdnum import damm
from stdnum.es import dni

HERE = Path(__file__).parent

PLACES = [
    (21.028511, 105.804817), (21.0285, 105.8542), (10.776889, 106.700806), (16.054407, 108.202167),
    (10.045162, 105.746854), (23.378056, 105.3225), (8.5625, 104.828611), (16.534, 111.608), (8.645, 111.92),
    (22.3364, 103.8438), (12.238791, 109.196749), (20.0, 105.0), (10.0, 107.0), (16.0, 108.0),
    (0.0, 0.0), (0.0, -180.0), (-90.0, -180.0), (90.0, 179.999999), (89.9999, 0.0), (-0.000001, -0.000001),
]  # fmt: skip
TRAPS = [
    (35.6, 3.033), (-48.71, 142.78), (2.5, -64.23), (-34.45, -93.719), (40.6, 129.7), (20.3701135, -357.217764648),
    (1.0, 180.0), (1.0, 181.0), (92.0, 1.0), (-93.8414, -162.0682), (80.0100000001, 58.57), (80.00999996, 58.57),
]  # fmt: skip
POSTCODES = ["11024", "70000", "50207", "01000", "57000"]
KEY = bytes(range(32))
DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
DIGITS = "0123456789"


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def points(count: int) -> list[tuple[float, float]]:
    chance = random.Random(20260101)
    return PLACES + [
        (round(chance.uniform(8.3, 23.4), chance.randint(3, 9)), round(chance.uniform(102.1, 117.9), 7))
        for _ in range(count)
    ]


def plus_codes() -> Iterable[Sequence[object]]:
    for lat, lon in points(60) + TRAPS:
        for digits in (2, 4, 6, 8, 10, 11, 13, 15):
            code = openlocationcode.encode(lat, lon, digits)
            area = openlocationcode.decode(code)
            corners = (area.latitudeLo, area.longitudeLo, area.latitudeHi, area.longitudeHi)
            yield (repr(lat), repr(lon), digits, code, *(f"{round(c, 12) + 0:.12f}" for c in corners))


def vpostcodes() -> Iterable[Sequence[object]]:
    for i, (lat, lon) in enumerate(points(60)):
        postcode = POSTCODES[i % len(POSTCODES)]
        full = openlocationcode.encode(lat, lon, 11)
        yield repr(lat), repr(lon), postcode, postcode + full.replace("+", "")[4:], full


def geohashes() -> Iterable[Sequence[object]]:
    for lat, lon in points(60):
        if lat < 90 and (lat, lon) != (0.0, 0.0):
            for length in (1, 5, 9, 12):
                yield repr(lat), repr(lon), length, pygeohash.encode(lat, lon, precision=length)


def check_letters() -> Iterable[Sequence[object]]:
    chance = random.Random(23)
    codes = ["0000000000", "0000000001", "0000000022", "0000000023", "1112012345", "9999999999"]
    for code in codes + [f"{chance.randrange(10**10):010d}" for _ in range(100)]:
        yield code, LETTERS[DNI.index(dni.calc_check_digit(code))]


def round_table(area: str, layer: int, number: int) -> list[int]:
    """One round's 100 numbers: two bytes each, big-endian, modulo 100, from the stream of keyed digests."""
    stream = b""
    for block in range(32):
        person = b"geoaddr-issuing1"
        stream += hashlib.blake2b(f"{area}/{layer}/{block}".encode(), key=KEY, person=person).digest()
    return [(256 * stream[i] + stream[i + 1]) % 100 for i in range(200 * number, 200 * number + 200, 2)]


def issuing() -> Iterable[Sequence[object]]:
    for area in ("11024", "01000", "70000", "98999"):
        for position in (0, 1, 2, 3, 99, 100, 5000, 9999, 10000, 10001, 19999, 45678, 90000, 99998, 99999):
            layer, index = position // 10000, position % 10000
            left, right = index // 100, index % 100
            for number in range(10):
                left, right = right, (left + round_table(area, layer, number)[right]) % 100
            four = f"{left:02d}{right:02d}"
            (last,) = [d for d in DIGITS if damm.checksum(area + four + d) == layer]
            yield KEY.hex(), area, position, layer, four + last


if __name__ == "__main__":
    corners = ["south_deg", "west_deg", "north_deg", "east_deg"]
    write("plus_code.csv", ["lat_deg", "lon_deg", "digits", "code", *corners], plus_codes())
    write("vpostcode.csv", ["lat_deg", "lon_deg", "postcode", "vpostcode", "plus_code"], vpostcodes())
    write("geohash.csv", ["lat_deg", "lon_deg", "characters", "geohash"], geohashes())
    write("check_letter.csv", ["ndas", "letter"], check_letters())
    write("ndas_issuing.csv", ["key_hex", "area", "position", "layer", "extension"], issuing())

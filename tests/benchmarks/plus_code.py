"""Plus Codes: columns and scalars against the reference package, in one run, each figure beside its target.

    python -m tests.benchmarks.plus_code [POINTS]

Points are uniform over Viet Nam; the best of five rounds counts, in processor time. Answers are compared on the
reference's share of the points: codes with the reference's, letter for letter; the sides of cells with the exact
fractions that the digits stand for, rounded once, bit for bit. The reference adds up floats, and so is a last bit
off on some sides itself: the table says on how many.
"""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
from openlocationcode import openlocationcode

from geoaddr.codes import plus_code, plus_code_columns
from tests.benchmarks.ratios import HEAD, Figure, seconds
from tests.benchmarks.understanding.table import machine

SOME = 20_000
ENCODE_TARGET, DECODE_TARGET = 60, 100
ROUNDS = 5

SIDES = ("latitudeLo", "longitudeLo", "latitudeHi", "longitudeHi")
"""What the reference calls south, west, north and east."""

ALPHABET = "23456789CFGHJMPQRVWX"
CELLS_PER_DEGREE = 20**3


def exact_sides(code: str) -> list[float]:
    """South, west, north and east of the cell of a code with ten digits, each rounded once."""
    digits = [ALPHABET.index(digit) for digit in code.replace("+", "")]
    row, column = (sum(d * 20 ** (4 - i) for i, d in enumerate(digits[k::2])) for k in (0, 1))
    sides = [(row, 90), (column, 180), (row + 1, 90), (column + 1, 180)]
    return [float(Fraction(cells, CELLS_PER_DEGREE) - zero) for cells, zero in sides]


def main(count: int) -> None:
    """Measure, compare and print."""
    chance = np.random.default_rng(1)
    lat, lon = chance.uniform(8, 24, count), chance.uniform(102, 118, count)
    points = list(zip(lat[:SOME].tolist(), lon[:SOME].tolist(), strict=True))
    codes = plus_code_columns.encode_many(lat, lon)
    texts = codes[:SOME].astype(str).tolist()
    reference_texts = [openlocationcode.encode(*point) for point in points]
    differ = sum(one != other for one, other in zip(texts, reference_texts, strict=True))
    exact = np.array([exact_sides(text) for text in texts])
    decoded = np.column_stack(plus_code_columns.decode_many(codes[:SOME]))
    areas = [openlocationcode.decode(text) for text in texts]
    theirs = np.array([[getattr(area, side) for side in SIDES] for area in areas])

    encode = SOME / seconds(lambda: [openlocationcode.encode(*point) for point in points], ROUNDS)
    decode = SOME / seconds(lambda: [openlocationcode.decode(text) for text in texts], ROUNDS)
    floor = count / seconds(lambda: (lat + lon).astype(np.int64), ROUNDS)
    lines = [
        ("encode, columns", count, lambda: plus_code_columns.encode_many(lat, lon), encode, ENCODE_TARGET),
        ("encode 11 digits, columns", count, lambda: plus_code_columns.encode_many(lat, lon, 11), encode, None),
        ("encode, one by one", SOME, lambda: [plus_code.encode(*point) for point in points], encode, None),
        ("decode, columns", count, lambda: plus_code_columns.decode_many(codes), decode, DECODE_TARGET),
        ("decode, one by one", SOME, lambda: [plus_code.decode(text) for text in texts], decode, None),
    ]
    print(f"{count:,} points, the reference {SOME:,}; {machine()}\n\n{HEAD}")
    for what, items, work, reference, target in lines:
        rate = items / seconds(work, ROUNDS)
        note = (
            f"{rate / 1e6:.2f} M/s to {reference / 1e6:.2f}; the floor, a float added and cast, {floor / 1e6:.0f}"
        )
        Figure(what, rate / reference, "times", target, note=note).tell()
    Figure("codes unlike the reference", differ, f"of {SOME:,}", 0, at_most=True).tell()
    theirs_off, by = int((theirs != exact).sum()), np.abs(theirs - exact).max()
    note = f"of the reference's {theirs_off:,}, by {by:.1e} degrees at most"
    unlike = int((decoded != exact).sum())
    Figure("sides unlike the exact fraction, rounded once", unlike, f"of {4 * SOME:,}", 0, True, note).tell()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)

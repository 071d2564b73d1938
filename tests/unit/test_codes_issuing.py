"""The issuing order: every extension once, far apart, and what a slip can do while there is room."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from stdnum import damm as reference

from geoaddr.codes import damm
from geoaddr.codes.issuing import LAYER_SIZE, LAYERS, Sequence, layer, new_key
from geoaddr.errors import AreaExhausted, InvalidCode, InvalidInput
from tests.benchmarks.undetected_errors import undetected

KEY = bytes(range(32))
DIGITS = "0123456789"


def slips(code: str) -> Iterator[str]:
    """Every code that a single wrong digit or a swap of unequal neighbours makes of ``code``."""
    for place, digit in itertools.product(range(len(code)), DIGITS):
        if digit != code[place]:
            yield code[:place] + digit + code[place + 1 :]
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


@pytest.mark.parametrize("area", ["11024", "01000", "98999"])
def test_every_extension_once_and_layer_after_layer(area: str) -> None:
    order = Sequence(KEY).extensions(area, 0, 100_000)
    assert sorted(order) == [f"{number:05d}" for number in range(100_000)]
    for number in range(LAYERS):
        part = order[number * LAYER_SIZE : (number + 1) * LAYER_SIZE]
        assert {reference.checksum(area + extension) for extension in part} == {number}


def test_one_by_one_is_the_same_as_many_at_a_time() -> None:
    order = Sequence(KEY)
    for start, count in ((0, 50), (9_990, 25), (99_990, 50), (50_000, 0)):
        positions = range(start, min(start + count, 100_000))
        assert order.extensions("11024", start, count) == [order.extension("11024", p) for p in positions]
        few = order.numbers("11024", start, count)
        assert few == order.extension_numbers("11024", start, count).tolist()


def test_every_code_knows_its_position() -> None:
    order = Sequence(KEY)
    codes = ["11024" + extension for extension in order.extensions("11024", 0, 100_000)]
    assert [order.position(code) for code in codes] == list(range(100_000))


def test_the_order_depends_on_the_key_and_the_area_and_is_not_in_sequence() -> None:
    first = Sequence(KEY).extensions("11024", 0, 1_000)
    assert first != Sequence(KEY[::-1]).extensions("11024", 0, 1_000)
    assert first != Sequence(KEY).extensions("11025", 0, 1_000)
    rising = sum(a < b for a, b in itertools.pairwise(first))
    assert 450 < rising < 550
    assert len({extension[:2] for extension in first}) == 100


def test_no_slip_in_a_code_of_layer_0_gives_another_even_in_another_area() -> None:
    """By the table: whatever state a slip happens in and whatever follows it, the last states differ."""
    for start, (a, b) in itertools.product(range(10), itertools.permutations(range(10), 2)):
        assert damm.TABLE[start][a] != damm.TABLE[start][b]
        assert damm.TABLE[damm.TABLE[start][a]][b] != damm.TABLE[damm.TABLE[start][b]][a]
    for digit in range(10):
        assert len({damm.TABLE[state][digit] for state in range(10)}) == 10


def test_no_slip_in_a_code_of_layer_0_gives_another_by_brute_force() -> None:
    order, area = Sequence(KEY), "11024"
    areas = {area, *(slip for slip in slips(area)), *(area[:4] + digit for digit in DIGITS)}
    issued = {a + extension for a in areas for extension in order.extensions(a, 0, LAYER_SIZE)}
    assert len(issued) == len(areas) * LAYER_SIZE
    for extension in order.extensions(area, 0, LAYER_SIZE):
        assert issued.isdisjoint(slips(area + extension))


def test_the_measured_rate_of_later_layers_equals_brute_force() -> None:
    order, areas = Sequence(KEY), ["11024", "11042", "21024", "50207"]
    for layers in (1, 2):
        codes = [a + e for a in areas for e in order.extensions(a, 0, layers * LAYER_SIZE)]
        issued = set(codes)
        sample = codes[::97]
        wrong = [s for code in sample for s in itertools.islice(slips(code), 90)]
        share = sum(s in issued for s in wrong) / len(wrong)
        measured = undetected(layers, areas)
        assert share == pytest.approx(measured.wrong_digit, abs=0.005)
        if layers == 1:
            assert (measured.wrong_digit, measured.swap) == (0.0, 0.0)


def test_a_new_key_goes_on_in_the_same_layers() -> None:
    for key in (KEY, new_key(), new_key()):
        assert {layer("11024" + e) for e in Sequence(key).extensions("11024", 0, 500)} == {0}


def test_the_fingerprint_tells_keys_apart() -> None:
    assert Sequence(KEY).fingerprint == Sequence(KEY).fingerprint != Sequence(new_key()).fingerprint
    assert len(Sequence(KEY).fingerprint) == 16


def test_an_area_ends_after_100_000_codes() -> None:
    order = Sequence(KEY)
    assert len(order.extensions("11024", 99_999, 10)) == 1
    with pytest.raises(AreaExhausted, match="100,000"):
        order.extension("11024", 100_000)
    with pytest.raises(AreaExhausted):
        order.extensions("11024", 100_000, 1)


def test_bad_areas_positions_and_keys_are_refused() -> None:
    order = Sequence(KEY)
    for area in ("1102", "110240", "1102x", "", None):
        with pytest.raises(InvalidCode):
            order.extension(area, 0)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        order.extension("11024", -1)
    for key in (b"short", b"x" * 65, "text"):
        with pytest.raises(InvalidInput) as caught:
            Sequence(key)  # type: ignore[arg-type]
        assert "short" not in str(caught.value)

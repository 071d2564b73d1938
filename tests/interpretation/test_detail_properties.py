"""What holds for every text: nothing is lost, nothing is invented, and work grows with the length alone."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_print import levels, reprint
from geoaddr.interpretation.detail_words import SIGNS
from geoaddr.text.fold import fold
from tests.counting import calls

PIECES = (
    "12", "12/34", "5A", "3/2", "30/4", "bis", "K12/5", "2009", "70000", "số", "số nhà", "ngõ", "ngách 4", "hẻm",
    "kiệt 2", "đường", "đường số 2", "phố", "QL.9", "TCH 03", "thôn", "ấp 3", "tổ 4", "KP5", "khu", "tòa A", "CC",
    "lô", "block B", "tầng 5", "P.", "P. 502", "chợ", "Lê Lợi", "Nguyễn Trãi", "tháng 2", "Vinhomes", "gọi", "xã",
    "QMMW+VJ", ",", ".", "/", "-", " - ", "(", ")", ":", "\n", "🏠", "Việt Nam", "m", "d", "p",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(("", " "))), max_size=14).map(
        lambda pairs: "".join(piece + blank for piece, blank in pairs)
    ),
)
SAYS_NUMBER = re.compile(
    r"^(so nha|nha so|so|nha|sn|s n|no|number|zip code|zip|postcode|postal code|ma buu chinh|ma buu dien) ?(?=.)"
)
"""The words that only say which field a number is for."""


def values(detail: Detail) -> list[str]:
    """All that was read, field by field."""
    named = [detail[name] for name in detail if name not in ("alley", "parts")]
    return [*detail.alley, *(value for value in named if value)]


def characters(text: str) -> Counter[str]:
    """The characters of a text, folded, without signs and blanks."""
    return Counter(c for c in fold(text) if not c.isspace())


@given(TEXTS)
@example("Nguyễn Trãi, đường Nguyễn Trãi")
@example("(ngõ")
@example("đ " * 1500)
@example("🏠🏠 12🏠")
def test_every_word_of_the_text_stands_in_exactly_one_part(text: str) -> None:
    covered = bytearray(len(text))
    for _, start, end in read_detail(text).parts:
        assert not any(covered[start:end])
        covered[start:end] = b"\1" * (end - start)
    assert all(c in SIGNS or c.isspace() for c, inside in zip(text, covered, strict=True) if not inside)


@given(TEXTS)
@example("Lô 5 số 3")
def test_every_part_is_found_again_in_its_field(text: str) -> None:
    detail = read_detail(text)
    everything = " ".join(fold(value) for value in values(detail))
    for name, start, end in detail.parts:
        words = fold(text[start:end]).split()
        if name in ("house_number", "postcode", "same"):
            words = SAYS_NUMBER.sub("", " ".join(words)).split()
        whole = everything if name == "same" else fold("; ".join(value_of(detail, name)))
        assert all(word in whole for word in words)


def value_of(detail: Detail, name: str) -> list[str]:
    """The pieces of one field."""
    value = detail[name]
    return list(value) if isinstance(value, tuple) else [value or ""]


@given(TEXTS)
def test_nothing_is_invented(text: str) -> None:
    read = Counter[str]()
    for value in values(read_detail(text)):
        read += characters(value)
    assert not read - characters(text)


@given(TEXTS)
def test_what_is_printed_never_fails(text: str) -> None:
    detail = read_detail(text)
    assert isinstance(reprint(detail, with_rest=True), str)
    assert len(levels(detail)) <= len(text)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_any_spans_in_order_are_read(text: str, ends: list[tuple[int, int]]) -> None:
    edges = sorted({min(edge, len(text)) for pair in ends for edge in pair})
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    inside = [(start, end) for _, start, end in read_detail(text, spans).parts]
    assert all(any(a <= start and end <= b for a, b in spans) for start, end in inside)


REPEATS = (
    "12/", "(", "đ ", "phố ", "đ.",
    "a, ", "km, ", "a ", "1 ", "3/2 ", "đường ", "tổ 5 ", "số 1 ", "P. ", "Nguyễn Trãi, ", "- ", "x", "9", "12 A ",
    "tháng 2 3 ", "🏠", "1a1a", "1a ", "Lê Lợi 12 chợ ", "A+", "QMMW+VJ ", "(a)", "kp1", "[{(", "ngõ ngách ",
    "\u0301",
)  # fmt: skip


def work(text: str) -> int:
    """What it takes to read a text."""
    read_detail(text)  # so that what is remembered of words counts for none
    return calls(lambda: read_detail(text))


@pytest.mark.parametrize("piece", REPEATS)
def test_work_grows_with_the_length_alone(piece: str) -> None:
    text = (piece * 4096)[:4096]
    assert work(text) < 4.4 * work(text[:1024]) + 200

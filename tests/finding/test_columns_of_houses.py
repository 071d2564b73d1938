"""``geocode`` by the column on a made-up province: houses of one street are looked up together, and every row is
still what the scalar verb says, whatever is done to the text."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.bulk.answer_columns import GEOCODE_COLUMNS
from geoaddr.bulk.geocoding import row_of
from geoaddr.finding.geocoder import Geocoder
from geoaddr.platform import Geoaddr
from geoaddr.platform import open as open_platform
from tests.finding import made_up

NATION = {"households": 3_000, "provinces": ["92"]}

ASKED = """
text                                                                                 | in it
12 đường Láng, Phường Hải Châu, Thành phố Đà Nẵng                                    | a street nobody knows
3/2 đường An Hòa, Phường Bình Thủy, Thành phố Cần Thơ                                | a day that streets bear
1 Bảo Lộc, Phường 1 Bảo Lộc, Tỉnh Lâm Đồng                                           | number and name of a unit
Căn hộ 1-01, Chung cư An Hòa, số 3 đường An Hòa, Phường Bình Thủy, Thành phố Cần Thơ | a flat
căn hộ 3-05, tầng 3, Chung cư An Hòa, 7 An Hòa, Phường Bình Thủy, Thành phố Cần Thơ  | a flat on a floor
12 tháng 9 đường An Hòa, Phường Bình Thủy, Thành phố Cần Thơ                         | a day in words
5 Phường 5, Quận 5, Thành phố Hồ Chí Minh                                            | numbers alone
92000 đường An Hòa, Phường Bình Thủy, Thành phố Cần Thơ                              | a postcode or a number
12 Nguyễn Trãi 12, Phường Bình Thủy, Thành phố Cần Thơ                               | a number twice
đường An Hòa, Phường Bình Thủy, Thành phố Cần Thơ                                    | a street alone
Ấp 1, Thành phố Cần Thơ                                                              | a hamlet in a province
5 An Hòa, Bình Thủy, Cần Thơ, Việt Nam                                               | no type words
"""


@pytest.fixture(scope="module")
def ga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    folder = tmp_path_factory.mktemp("registry")
    with open_platform(store=f"sqlite:///{folder / 'registry.db'}") as platform:
        made_up.load(platform, folder, **NATION)
        yield platform


@pytest.fixture(scope="module")
def lines(ga: Geoaddr, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of all households, in every style."""
    folder = tmp_path_factory.mktemp("lines")
    return [line for of in made_up.lines(ga, folder, **NATION).values() for line in of.values()]


def changed(line: str, how: str, draw: random.Random) -> str:
    """A line as somebody else may have written it, or for another house."""
    digits = [at for at, c in enumerate(line) if c.isdigit()]
    if how == "other number" and digits:
        at = digits[0]
        return f"{line[:at]}{draw.randint(1, 9)}{line[at + 1 :]}"
    if how == "longer number" and digits:
        at = digits[0]
        return f"{line[:at]}{draw.randint(1, 9)}{line[at:]}"
    if how == "typo":
        at = draw.randrange(len(line))
        return f"{line[:at]}{draw.choice('aăehnt')}{line[at + 1 :]}"
    if how == "without province":
        return line.rpartition(",")[0]
    if how == "upper case":
        return line.upper()
    if how == "with the country":
        return f"{line}, Việt Nam"
    if how == "without number" and digits:
        return line.replace(line[digits[0] :].split(" ", 1)[0], "", 1)
    if how == "alley behind":
        return line.replace(" đường", f" ngõ {draw.randint(1, 9)} đường", 1)
    if how == "in reverse":
        return ", ".join(reversed(line.split(", ")))
    if how == "number again":
        return line.replace(",", f", {draw.randint(1, 12)},", 1)
    return line


HOWS = (
    "as it is", "other number", "longer number", "typo", "without province", "upper case", "number again",
    "with the country", "without number", "alley behind", "in reverse",
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), hows=st.lists(st.sampled_from(HOWS), min_size=1, max_size=40))
def test_rows_are_the_scalar_answers(ga: Geoaddr, lines: list[str], seed: int, hows: list[str]) -> None:
    draw = random.Random(seed)
    begin = draw.randrange(len(lines))  # neighbours in the list share streets
    texts = [changed(lines[(begin + n) % len(lines)], how, draw) for n, how in enumerate(hows)]
    same(ga, texts)


def test_rows_in_no_order_of_every_style(ga: Geoaddr, lines: list[str]) -> None:
    """More than are looked up at once, of every style, as they are and changed."""
    draw = random.Random(11)
    texts = draw.sample(lines, 500)
    same(ga, texts + [changed(line, draw.choice(HOWS), draw) for line in texts[:200]])


def test_rows_on_a_day(ga: Geoaddr, lines: list[str]) -> None:
    """A day is asked of the interpreter in plain Python."""
    texts = random.Random(12).sample(lines, 80)
    found = ga.geocode_table(pa.array(texts), as_of="2025-06-01").select(list(GEOCODE_COLUMNS)).to_pylist()
    for row, text in zip(found, texts, strict=True):
        assert tuple(row.values()) == row_of(ga.geocode(text, as_of="2025-06-01")), text


@pytest.mark.parametrize("row", ASKED.strip().splitlines()[1:], ids=str.strip)
def test_numbers_that_mean_something(ga: Geoaddr, row: str) -> None:
    text = row.split("|")[0].strip()
    others = [text.replace("1", "7", 1), text.replace("5", "8", 1), text.replace("12", "21", 1), text]
    same(ga, others)


def test_most_rows_are_answered_together(ga: Geoaddr, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    alone = Geocoder.best

    def counted(geocoder, text, **options):
        asked.append(text)
        return alone(geocoder, text, **options)

    monkeypatch.setattr(Geocoder, "best", counted)
    draw = random.Random(3)
    some = draw.sample(lines, NATION["households"])
    table = ga.geocode_table(pa.array(some))
    assert table["ndas"].null_count < len(some)
    assert len(asked) < 0.02 * len(some)


def same(ga: Geoaddr, texts: list[str]) -> None:
    found = ga.geocode_table(pa.array(texts, pa.string())).select(list(GEOCODE_COLUMNS)).to_pylist()
    for row, text in zip(found, texts, strict=True):
        assert tuple(row.values()) == row_of(ga.geocode(text)), text

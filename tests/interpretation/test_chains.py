"""Chains: the short way for addresses that end in their units answers what reading the whole text does."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.model import Unit
from geoaddr.text.fold import fold

EVE = dt.date(2025, 6, 30)
LEGACY = dt.date(2024, 6, 30)
SHORT = {"Phường": "P.", "Xã": "X.", "Thị trấn": "TT.", "Quận": "Q.", "Huyện": "H.", "Thành phố": "TP."}

HEADS = """
12 Bá Ló
Số 5 ngõ 3 phố Huế
112 P. Quán Thánh
45 Đường Trần Hưng Đạo, tổ 7
9 Hà Nội
Hà Nội
12/3/4A Lê Lợi, khu phố 5
phường
P. 5, Q. 3
P
Đường số 7, KDC Phú Mỹ
Thành phố Huế
Tân Bình, Tân An
Xã Đông Anh
Chung cư A, lô B, tầng 3
(cạnh chợ) Bến Thành
12 Nguyễn Huệ /
Ward 10
10 Nguyen Trai Street
Việt Nam
VN, 7
Hoa Mai 2 Street, Dong Ve Ward
100000
- -
Số 15, Xã, Huyện
D. Tân Kỳ Tân Quý
"""
MADE_HEADS = HEADS.strip().splitlines()
CHAINS = 400


@pytest.fixture(scope="module")
def chains(gazetteer: Gazetteer) -> list[list[Unit]]:
    """Communes of before and since the reform, each with what holds it."""
    random_ = random.Random(7)
    made = []
    for day in (EVE, gazetteer.date):
        communes = random_.sample(gazetteer.units("commune", as_of=day), CHAINS)
        made += [[commune, *gazetteer.ancestors(commune, as_of=day)] for commune in communes]
    return made


def plain(reading: Interpretation) -> tuple[object, ...]:
    """Everything that a reading says by itself; figures without the last digits."""
    units = reading.province, reading.district, reading.commune
    figures = round(reading.score, 9)
    parts = tuple(reading.score_parts.items())
    return units, reading.era, reading.matches, reading.inferred, figures, parts, reading.rest


MANY = 80


def same(interpreter: Interpreter, text: str, as_of: dt.date | None = None) -> bool:
    """Whether the short way's best reading is the long one's, and each reading beside it one of its readings."""
    found = [plain(reading) for reading in interpreter.interpret(text, as_of=as_of)]
    if found != [plain(reading) for reading in interpreter.interpret(text, as_of=as_of)]:
        return False
    whole = [plain(reading) for reading in interpreter.interpret_whole(text, as_of=as_of)]
    if found[:1] != whole[:1] or len(found) > len(whole):
        return False
    if set(found) - set(whole):  # there are more than are given
        whole = [plain(reading) for reading in interpreter.interpret_whole(text, as_of=as_of, limit=MANY)]
    return not set(found) - set(whole)


WRITINGS = ("full", "names", "no accents", "short", "no province", "with country", "with postcode")


def written(chain: list[Unit], writing: str) -> str:
    if writing == "names":
        return ", ".join(unit.name for unit in chain)
    if writing == "no accents":
        return ", ".join(fold(unit.full_name) for unit in chain)
    if writing == "short":
        return ", ".join(f"{SHORT.get(unit.type, '')}{unit.name}" for unit in chain)
    if writing == "no province":
        return ", ".join(unit.full_name for unit in chain[:-1])
    full = ", ".join(unit.full_name for unit in chain)
    return full + {"with country": ", Việt Nam", "with postcode": " 70000, Vietnam"}.get(writing, "")


@pytest.mark.parametrize("writing", WRITINGS)
def test_the_short_way_answers_as_the_long_one(
    interpreter: Interpreter, chains: list[list[Unit]], writing: str
) -> None:
    random_ = random.Random(writing)
    for chain in random_.sample(chains, 40):
        other = random_.choice(chains)
        heads = [
            random_.choice(MADE_HEADS),
            f"{random_.randrange(999)} {random_.choice(chain).name}",
            f"{random_.randrange(999)} Đ. {other[0].name}",
            f"{other[0].full_name}, {other[1].name}",
            f"{random_.choice(SHORT.copy().popitem())} {other[0].name}, {chain[-1].name}",
        ]
        for head in heads:
            text = f"{head}, {written(chain, writing)}"
            assert same(interpreter, text), text
            assert same(interpreter, text, LEGACY), text


PIECES = st.sampled_from(
    """phường p. P xã quận Q. 1 3 10 tp hcm Hà Nội Huế - / ( ) Tân An Bình đường Quang Trung Ba Đình
    ngõ 12/3 việt nam , , , ; | ward street T. H 70000""".split()  # noqa: SIM905
)


@settings(max_examples=120, deadline=None)
@given(
    head=st.one_of(st.lists(PIECES, max_size=12).map(" ".join), st.text(max_size=30), st.sampled_from(MADE_HEADS)),
    number=st.integers(0, 2 * CHAINS - 1),
    writing=st.sampled_from(WRITINGS),
    comma=st.sampled_from((", ", ",", " ,", ",/", " - ", ",,")),
)
def test_no_head_is_read_otherwise(
    interpreter: Interpreter, chains: list[list[Unit]], head: str, number: int, writing: str, comma: str
) -> None:
    assert same(interpreter, head + comma + written(chains[number], writing))


def test_the_order_of_questions_changes_no_answer(
    gazetteer: Gazetteer, interpreter: Interpreter, chains: list[list[Unit]]
) -> None:
    random_ = random.Random(3)
    texts = [
        f"{random_.choice(MADE_HEADS)}, {written(chain, random_.choice(WRITINGS))}"
        for chain in random_.sample(chains, 150)
    ]
    first = {text: interpreter.interpret(text) for text in texts}
    fresh = Interpreter(gazetteer)
    for text in random_.sample(texts, len(texts)):
        assert fresh.interpret(text) == first[text], text


@pytest.mark.parametrize("number", range(3))
def test_the_units_stand_where_they_are_written(interpreter: Interpreter, number: int) -> None:
    text = f"{number} Lý Thái Tổ, Phường Phúc Tân, Quận Hoàn Kiếm, Hà Nội, Việt Nam"
    best = interpreter.interpret(text)[0]
    assert [text[slice(*match.span)] for match in best.matches if match.span] == [
        "Phường Phúc Tân", "Quận Hoàn Kiếm", "Hà Nội",
    ]  # fmt: skip


@pytest.mark.parametrize("country", ["Việt Nam", "Vietnam", "VN", "viet nam"])
def test_the_country_is_understood(interpreter: Interpreter, country: str) -> None:
    text = f"5 Lý Thái Tổ, Phường Phúc Tân, Quận Hoàn Kiếm, Hà Nội, {country}"
    for best in (interpreter.interpret(text)[0], interpreter.interpret_whole(text)[0]):
        assert "".join(text[a:b] for a, b in best.rest).strip(" ,") == "5 Lý Thái Tổ"


@pytest.mark.parametrize(
    "line", ["12 Hoa Mai, Nham Biền, Bắc Giang, Bắc Giang", "12 Hoa Mai,Tân Giang,Cao Bằng,Cao Bằng"]
)
def test_a_district_named_as_its_province_stands_where_it_is_written(interpreter: Interpreter, line: str) -> None:
    best = interpreter.interpret(line)[0]
    _, district, province = [match.span for match in best.matches]
    assert district is not None
    assert province is not None
    assert district[1] < province[0]
    assert line[slice(*district)] == line[slice(*province)]
    assert not any(character.isalpha() for begin, end in best.rest[1:] for character in line[begin:end])

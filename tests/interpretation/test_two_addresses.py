"""Lines with two addresses: each is read by itself, they support one another, and nothing of the units is left."""

from __future__ import annotations

import random
import time

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.conversion import EVE
from geoaddr.errors import InvalidQuery
from geoaddr.interpretation.reading_two import detail_of_pair, pair_of
from geoaddr.interpretation.two_addresses import two_addresses
from geoaddr.model import Unit
from geoaddr.platform import Geoaddr
from geoaddr.text.fold import fold
from tests.fuzz.strategies import mixed


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


# Bến Nghé (Quận 1) went into Sài Gòn, Dịch Vọng (Cầu Giấy) into Cầu Giấy and Nghĩa Đô, by the resolutions of 2025.
# The line, the kind of its second address, the communes of both, and what is left over.
SAID_TWICE = """
12 Lê Lợi, Phường Sài Gòn, TP.HCM (địa chỉ cũ: 12 Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM) | former | Sài Gòn | Bến Nghé
12 Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM, nay là Phường Sài Gòn, TP.HCM | present | Bến Nghé | Sài Gòn
12 Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM nay thuộc phường Sài Gòn | present | Bến Nghé | Sài Gòn
12 Lê Lợi, Phường Bến Nghé, Quận 1 (nay là Phường Sài Gòn), TP.HCM | present | Bến Nghé | Sài Gòn
12 Lê Lợi, Phường Sài Gòn (trước đây là Phường Bến Nghé, Quận 1), TP.HCM | former | Sài Gòn | Bến Nghé
12 Lê Lợi, Phường Sài Gòn, TP.HCM (cũ: Phường Bến Nghé, Quận 1) | former | Sài Gòn | Bến Nghé
12 Lê Lợi, Phường Sài Gòn, TP.HCM [đ/c cũ: P. Bến Nghé, Q.1] | former | Sài Gòn | Bến Nghé
12 Lê Lợi, Phường Sài Gòn (Phường Bến Nghé cũ), TP.HCM | former | Sài Gòn | Bến Nghé
Địa chỉ cũ: 12 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM; địa chỉ mới: 12 Lê Lợi, P. Sài Gòn, TP.HCM | present | Bến Nghé | Sài Gòn
12 le loi, phuong sai gon, tp hcm (dia chi cu: 12 le loi, phuong ben nghe, quan 1) | former | Sài Gòn | Bến Nghé
12 Lê Lợi, Phường Sài Gòn, TP.HCM (cũ: 14 Lê Lợi, tầng 3, Phường Bến Nghé, Quận 1) | former | Sài Gòn | Bến Nghé | 14, tầng 3
"""  # noqa: E501
CASES = [[*map(str.strip, line.split("|")), ""][:5] for line in SAID_TWICE.strip().splitlines()]


@pytest.mark.parametrize(("line", "kind", "one", "other", "left"), CASES, ids=[case[0] for case in CASES])
def test_read_each_by_itself(ga: Geoaddr, line: str, kind: str, one: str, other: str, left: str) -> None:
    parsed, alone = ga.parse(line), two_addresses(line)
    second = parsed.second_address
    assert second is not None
    assert alone is not None
    assert parsed.commune is not None
    assert second.commune is not None
    assert (second.kind, parsed.commune.name, second.commune.name, second.agrees) == (kind, one, other, True)
    assert {parsed.era, second.era} == {"old", "new"}
    assert (parsed.components.house_number, fold(parsed.components.street or "")) == ("12", "le loi")
    assert parsed.components.rest == left
    assert parsed.status == "ok"
    assert parsed.confidence >= ga.parse(alone.first.strip()).confidence  # type: ignore[operator]


@pytest.mark.parametrize("line", [case[0] for case in CASES if not case[4]])
def test_carried_over_the_reform(ga: Geoaddr, line: str) -> None:
    new, judged = ga.convert(line), ga.validate(line)
    assert (new.status, new.commune and new.commune.name) == ("ok", "Sài Gòn")
    assert (judged.verdict, judged.contradictions) == ("accept", ())


NO_SECOND = """
12 Lê Lợi, Phường Sài Gòn, TP.HCM
12 Khu tập thể cũ, Phường Sài Gòn, TP.HCM
12 Lê Lợi (nhà cũ), Phường Sài Gòn, TP.HCM
12 Lê Lợi, Phường Sài Gòn, TP.HCM, nay là nhà hàng
Tòa nhà Ngày Nay, 12 Lê Lợi, Phường Sài Gòn, TP.HCM
Khu đô thị mới: 12 Lê Lợi, Phường Sài Gòn, TP.HCM
"""


@pytest.mark.parametrize("line", NO_SECOND.strip().splitlines())
def test_words_that_announce_no_second(ga: Geoaddr, line: str) -> None:
    parsed = ga.parse(line)
    assert parsed.second_address is None
    assert parsed.commune is not None
    assert parsed.commune.name == "Sài Gòn"


def test_two_that_cannot_be_one_place(ga: Geoaddr) -> None:
    line = "12 Lê Lợi, Phường Sài Gòn, TP.HCM (cũ: Phường Dịch Vọng, Quận Cầu Giấy, Hà Nội)"
    parsed, new, judged = ga.parse(line), ga.convert(line), ga.validate(line)
    assert parsed.second_address is not None
    assert parsed.second_address.agrees is False
    assert parsed.status == new.status == "ambiguous"
    assert {c.commune.name for c in new.candidates} == {"Sài Gòn", "Cầu Giấy", "Nghĩa Đô"}
    [against] = judged.contradictions
    assert (judged.verdict, judged.possible_next_action, against.kind) == ("fix", "correct_units", "two_addresses")
    assert all("Sài Gòn" in against.why[lang] and "Dịch Vọng" in against.why[lang] for lang in ("vi", "en"))


def divided(ga: Geoaddr, count: int) -> list[tuple[Unit, Unit]]:
    """Communes of before that were divided, each with one of those that it is in today."""
    communes = ga.gazetteer.units("commune", as_of=EVE)
    found = []
    for old in random.Random(8).sample(communes, len(communes)):
        now = [unit for unit, _ in ga.gazetteer.became(old, as_of=ga.gazetteer.date)]
        if len(now) > 1 and all(unit.level == "commune" for unit in now):
            found.append((old, now[-1]))
        if len(found) == count:
            break
    return found


def test_the_second_settles_which_part_of_a_divided_commune_it_is(ga: Geoaddr) -> None:
    right = 0
    cases = divided(ga, 60)
    lines = []
    for old, now in cases:
        above = ga.gazetteer.ancestors(old, as_of=EVE)
        lines.append(
            f"12 Lê Lợi, {', '.join(u.full_name for u in (old, *above))} (nay là {now.full_name}, "
            f"{ga.gazetteer.ancestors(now, as_of=ga.gazetteer.date)[0].full_name})"
        )
    columns = ga.convert_table(pa.array(lines)).to_pylist()
    for (_, now), line, row in zip(cases, lines, columns, strict=True):
        converted = ga.convert(line)
        right += converted.status == "ok" and converted.commune == now
        code = converted.commune.code if converted.commune else None
        assert (row["status"], row["commune_code"]) == (converted.status, code), line
        assert ga.parse(line).components.rest == "", line
    assert right >= 0.95 * len(cases)


@settings(max_examples=300, deadline=None)
@given(mixed, st.sampled_from([" (cũ: ", ", nay là ", " (trước đây là ", "; địa chỉ mới: "]), mixed)
@example("12 Lê Lợi, Phường Sài Gòn, TP.HCM", " (cũ: ", "(7P28QMGC+2V Phường Bến Nghé")
@example("12 Lê Lợi, Phường Sài Gòn", " (cũ: ", "Phường A\ud800, Quận 1")
def test_nothing_of_the_second_is_dropped(ga: Geoaddr, before: str, mark: str, after: str) -> None:
    text = f"{before}{mark}{after}"
    try:
        pair = pair_of(ga.interpreter, text)
    except InvalidQuery:  # refused, but only with half a character in it
        with pytest.raises(UnicodeEncodeError):
            text.encode()
        return
    if pair is None:
        return
    parts = pair.parts
    assert len(parts.first) == len(text)
    detail = detail_of_pair(text, pair, ga.gazetteer, codes=())
    taken = [(a, b) for _, a, b in detail.parts] + [span for _, span in pair.second[0].named]
    left = [
        at
        for at in range(parts.start, parts.end)
        if text[at].isalnum() and text[at].isascii() and not any(a <= at < b for a, b in taken)
    ]
    assert not left, (text, [text[at] for at in left], detail)


WORDS = "Phường Tân An Xã Hòa Bình Quận 1 "
LONG = {
    "a long first": (WORDS * 110)[:3700] + " (cũ: " + (WORDS * 7)[:235] + ")",
    "a long end": "12 Lê Lợi, Phường Bến Nghé (cũ: Phường Bến Nghé) " + (WORDS * 115)[:3800],
    "one in another": ("a" + " (cũ: Phường Bến Nghé, Quận 1" * 130)[:4000],
    "announced again and again": (", cũ: Phường Bến Nghé" * 190)[:4000],
    "brackets": ("(abc cũ" * 600)[:4000],
}


@pytest.mark.parametrize("name", LONG)
def test_a_bound_on_the_time(ga: Geoaddr, name: str) -> None:
    times = []
    for verb in (ga.parse, ga.convert, ga.validate):
        rounds = []
        for _ in range(5):
            begin = time.process_time()
            verb(LONG[name])
            rounds.append(time.process_time() - begin)
        times.append(min(rounds))
    assert max(times) < 0.05

"""What texts ask for, understood by their parts: the same as by themselves, compiled or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import geoaddr
from geoaddr.finding import wanted as module
from geoaddr.finding.wanted import LONGEST, Understanding, Wanted
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.weighing import weighed
from tests.benchmarks.writing_styles import lines

TEXTS = """
text                                                           | understood
7 Vạn Bảo, Phường Ba Đình, Thành phố Hà Nội                    | yes
Số 5 ngõ 9 đường Vạn Bảo, Phường Ba Đình, Thành phố Hà Nội     | yes
Số 5 ngõ 12 đường Láng, P. Quán Thánh, Q. Ba Đình, TP. Hà Nội  | yes
Căn hộ 3-05, Chung cư A1, số 7 đường Láng, Phường Ba Đình, Thành phố Hà Nội, Việt Nam | yes
Thon 3, Xa Xuan Giang, Tinh Tuyen Quang                        | yes
12 Lê Lợi, Xã Đào Xá, Thành phố Pleiku, Tỉnh Phú Thọ           | yes
7 Quán Thánh, Phường Ba Đình, Thành phố Hà Nội                 | no, a ward bore the street's name
Thon 3, Xa Tan Lap 1, Tinh Son La                              | no, the number may not be the commune's
10 Lê Lợi, Bến Nghé                                            | no, a unit alone may be a street's name
10 le loi ben nghe                                             | no, nothing parts street and unit
7P28QRJV+JQ Quán Thánh, Phường Ba Đình, Hà Nội                 | no, a code
7 Quán Thánh, Phường Ba Đình, Hà Nội, www.example.vn           | no, a link
Quán Thánh                                                     | no, no unit
                                                               | no, no text
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TEXTS.strip().splitlines()[1:]]


@pytest.fixture(scope="module")
def ga() -> Iterator[geoaddr.Geoaddr]:
    with geoaddr.open(store="memory:") as platform:
        platform.interpreter.expect(1_000)
        yield platform


@pytest.mark.parametrize(("text", "understood"), ROWS, ids=[text for text, _ in ROWS])
def test_what_is_understood(
    ga: geoaddr.Geoaddr, text: str, understood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Understanding(ga.interpreter, ga.geocoder.asking, ga.homes.present, None)
    found = [made.wanted_of([text])[0] for _ in range(2)]  # read, then remembered
    monkeypatch.setattr(module, "is_ordinary", lambda text: False)  # as without a compiler
    found.append(made.wanted_of([text])[0])
    assert [each is not None for each in found] == [understood == "yes"] * 3
    for each in found:
        if each is not None:
            same(ga, text, each)


def same(ga: geoaddr.Geoaddr, text: str, found: Wanted) -> None:
    """What the scalar verb asks for, in the one way in which it understands the text."""
    (way,) = ga.geocoder.asking.of_readings(text, weighed(ga.interpreter, text))
    assert (found.units.communes, found.units.provinces) == (way.communes, way.provinces)
    assert found.units.elsewhere == way.elsewhere
    assert (list(found.names), found.number, found.flat) == (way.names, way.number, way.detail.unit)


def test_many_together_are_understood_as_each_alone(ga: geoaddr.Geoaddr) -> None:
    """Compiled and, as where no engine was built, by plain Python."""
    made = [line.text for line in lines(ga.gazetteer, 40)]
    texts = list(dict.fromkeys(made + [text for text, _ in ROWS]))
    asking, present = ga.geocoder.asking, ga.homes.present
    plain = Understanding(Interpreter(ga.gazetteer, compiled=False), asking, present, None)
    alone = Understanding(ga.interpreter, asking, present, None)
    together = Understanding(ga.interpreter, asking, present, None).wanted_of([None, *texts, "x" * (LONGEST + 1)])
    assert (together[0], together[-1]) == (None, None)
    understood = 0
    for text, found in zip(texts, together[1:-1], strict=True):
        assert told(found) == told(alone.wanted_of([text])[0]), text
        if found is not None:
            assert told(found) == told(plain.wanted_of([text])[0]), text
            understood += 1
    assert understood > len(texts) // 2


def told(found: Wanted | None) -> object:
    if found is None:
        return None
    units = found.units
    return (units.communes, units.provinces, units.filings.codes, units.elsewhere, *found[1:])


def test_a_unit_elsewhere_is_kept_with_the_others(ga: geoaddr.Geoaddr) -> None:
    """Texts that end alike are doubted alike."""
    text = "12 Lê Lợi, Xã Đào Xá, Thành phố Pleiku, Tỉnh Phú Thọ"
    found = Understanding(ga.interpreter, ga.geocoder.asking, ga.homes.present, None).wanted_of([text])[0]
    assert found is not None
    assert found.units.elsewhere

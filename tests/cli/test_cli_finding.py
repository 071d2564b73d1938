"""``geocode``, ``reverse`` and ``suggest`` on the command line: the answers of Python, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from geoaddr.cli.main import cli
from geoaddr.platform import Geoaddr
from geoaddr.platform import open as open_platform
from geoaddr.registry import Draft
from tests.finding.households import COMMUNES, fill

BA_DINH = COMMUNES["00004"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("cli") / "registry.db"
    with open_platform(store=f"sqlite:///{path}") as ga:
        fill(ga.registry)
    return f"sqlite:///{path}"


@pytest.fixture
def ga(url: str) -> Iterator[Geoaddr]:
    with open_platform(store=url) as platform:
        yield platform


def lines(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    code = cli.run(list(words))
    return code, capsys.readouterr().out.splitlines()


TEXTS = ["7 Quán Thánh, Phường Ba Đình, Hà Nội", "14 Lê Lợi", "Phường Ba Đình", "qwxz"]


@pytest.mark.parametrize("text", TEXTS)
def test_geocode(ga: Geoaddr, url: str, capsys: pytest.CaptureFixture[str], text: str) -> None:
    code, out = lines(capsys, "geocode", text, "--json", "--store", url, "--limit", "7")
    found = [match.to_dict() for match in ga.geocode(text, 7)]
    assert [json.loads(line) for line in out] == found
    assert code == (0 if found else 1)


@pytest.mark.parametrize("radius_m", ["100", "3000"])
def test_reverse(ga: Geoaddr, url: str, capsys: pytest.CaptureFixture[str], radius_m: str) -> None:
    point = (str(BA_DINH.lat), str(BA_DINH.lon))
    code, out = lines(capsys, "reverse", *point, "--radius-m", radius_m, "--json", "--store", url)
    found = ga.reverse(lat=BA_DINH.lat, lon=BA_DINH.lon, radius_m=float(radius_m))
    assert [json.loads(line) for line in out] == [match.to_dict() for match in found]
    assert code == 0


def test_suggest(ga: Geoaddr, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = lines(capsys, "suggest", "lê lợ", "--province", "48", "--json", "--store", url)
    assert [json.loads(line) for line in out] == [c.to_dict() for c in ga.suggest("lê lợ", province="48")]
    assert code == 0


@pytest.mark.parametrize(("lang", "part"), [("en", "formerly 0.90"), ("vi", "địa chỉ cũ 0,90")])
def test_a_household_is_shown_by_what_it_was_called_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, part: str
) -> None:
    store = f"sqlite:///{tmp_path / 'registry.db'}"
    with open_platform(store=store) as ga:
        (code,) = [code for code, d in fill(ga.registry).items() if _line(d) == "7 Quán Thánh"]
        ga.registry.amend(code, {"street": "Nguyễn Văn Mới"}, cause="renamed")
    ended, out = lines(capsys, "geocode", TEXTS[0], "--store", store, "--lang", lang)
    assert (ended, out[0].endswith("7 Nguyễn Văn Mới, Phường Ba Đình, Thành phố Hà Nội")) == (0, True)
    assert any(part in shown for shown in out)


def _line(draft: Draft) -> str:
    return f"{draft.components.house_number} {draft.components.street}"


@pytest.mark.parametrize("verb", ["geocode", "suggest"])
def test_nothing_found_is_the_answer_of_some_data_too(
    url: str, capsys: pytest.CaptureFixture[str], ga: Geoaddr, verb: str
) -> None:
    data = ga.pack.info.said()
    assert lines(capsys, verb, "zzzz", "--store", url, "--lang", "en") == (1, ["nothing found", f"data: {data}"])
    assert cli.run([verb, "zzzz", "--store", url, "--json", "--lang", "vi"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"geoaddr: không tìm được gì; dữ liệu: {data}\n")


SHOWN = """
lang | words                                         | shown
en   | geocode 7 Quán Thánh, Phường Ba Đình, Hà Nội  | Found: house
vi   | geocode 7 Quán Thánh, Phường Ba Đình, Hà Nội  | Tìm được: số nhà
vi   | geocode 11 Quán Thánh, Phường Ba Đình, Hà Nội | Điểm số: đường 1,00, số nhà 0,80)
en   | geocode Phường Ba Đình, Hà Nội                | Found: commune
en   | suggest bến nghé                              | (commune)
vi   | suggest bến nghé                              | (xã, phường)
"""


@pytest.mark.parametrize("row", SHOWN.strip().splitlines()[1:])
def test_tables(url: str, capsys: pytest.CaptureFixture[str], row: str) -> None:
    lang, words, shown = (cell.strip() for cell in row.split("|"))
    verb, _, text = words.partition(" ")
    code, out = lines(capsys, verb, text, "--lang", lang, "--store", url)
    name, _, value = shown.rpartition(": ")
    assert code == 0
    assert any(line.startswith(name) and line.endswith(value) for line in out)


def test_the_units_of_a_point_are_shown_where_nobody_lives(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = lines(capsys, "reverse", "10.7", "106.7", "--radius-m", "1", "--store", url)
    assert code == 1
    assert out[0].startswith("The point lies in")


REFUSED = """
geocode x --limit 0
geocode x --limit 1.5
geocode x --limit inf
geocode x --as-of 2026
reverse 21 105 --radius-m 5001
reverse 21 105 --radius-m nan
reverse 105 21
reverse 21 x
suggest le --lat 16
suggest le --province 99
suggest le --limit 21
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_bad_input_is_refused(url: str, capsys: pytest.CaptureFixture[str], line: str) -> None:
    code = cli.run([*line.split(), "--json", "--store", url])
    said = capsys.readouterr()
    assert (code in (1, 2), said.out) == (True, "")
    assert len(said.err.splitlines()) == 1


def test_looking_makes_no_registry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.db"
    for words in (("geocode", "7 Quán Thánh, Ba Đình"), ("reverse", "21.03", "105.83"), ("suggest", "quan")):
        cli.run([*words, "--store", f"sqlite:///{path}"])
    assert not path.exists()

"""The corpus of searches passes; its runner tells what fails, what failed before, and asks any service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from geoaddr.platform import Geoaddr
from geoaddr.platform import open as open_platform
from service.app import create_app
from service.settings import Settings
from tests.finding.corpus import __main__ as runner
from tests.finding.corpus.cases import read
from tests.finding.corpus.comparing import missing
from tests.finding.corpus.registry import fill
from tests.finding.corpus.running import run
from tests.finding.corpus.services import at_url, in_process

HARD = """query,expected_city
"Phường Bến Nghé, Quận 1, TP HCM",Phường Sài Gòn
"Phường Bến Nghé, Quận 1, TP HCM",Phường Tân Định
"""


@pytest.fixture(scope="module")
def ga() -> Iterator[Geoaddr]:
    with open_platform(store="memory:") as platform:
        fill(platform)
        yield platform


def test_the_corpus_passes_but_for_what_is_known(ga: Geoaddr) -> None:
    found = run(read(runner.HERE), in_process(ga))
    known = (runner.HERE / "known_failures.txt").read_text(encoding="utf-8").splitlines()
    assert list(found.failed) == known, "mend what is new; take off the list what passes now"
    assert found.passed > 300


def test_a_service_at_a_url_answers_the_same(ga: Geoaddr) -> None:
    cases = read(runner.HERE)[::12]
    server = make_server("127.0.0.1", 0, create_app(ga, Settings(open=True)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        there = run(cases, at_url(f"http://127.0.0.1:{server.port}/v1/search"))
    finally:
        server.shutdown()
        thread.join()
    assert (there.passed, there.failed) == (len(cases), {})
    nobody = run(cases[:1], at_url(f"http://127.0.0.1:{server.port}/v1/search"))
    assert list(nobody.failed) == [cases[0].name]


def test_only_new_failures_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases, report = tmp_path / "test_hard.csv", tmp_path / "report.txt"
    cases.write_text(HARD, encoding="utf-8")
    assert runner.main([str(cases), "--save-report", str(report)]) == 1
    (failed,) = report.read_text(encoding="utf-8").splitlines()
    assert failed == "test_hard.csv::2 Phường Bến Nghé, Quận 1, TP HCM"
    capsys.readouterr()
    assert runner.main([str(cases), "--compare-report", str(report)]) == 0
    assert "0 new failures, 0 that failed before" in capsys.readouterr().out
    report.write_text("test_hard.csv::1 Phường Bến Nghé, Quận 1, TP HCM\n", encoding="utf-8")
    assert runner.main([str(cases), "--compare-report", str(report)]) == 1
    assert "1 new failures, 1 that failed before" in capsys.readouterr().out


EXPECTED = """
expected                            | loose | met
city=Phường Sài Gòn                 | no    | yes
city=phuong sai gon                 | no    | no
city=phuong sai gon                 | yes   | yes
city=Phường Sài Gòn; state=Huế      | no    | no
coordinate=10.78,106.70,10          | no    | yes
coordinate=10.78,106.7001,10        | no    | no
coordinate=10.78,106.7001,11        | no    | yes
housenumber=12                      | no    | no
"""
"""0.0001 degree of longitude is 10.9 m there."""


@pytest.mark.parametrize("row", EXPECTED.strip().splitlines()[1:], ids=str.strip)
@pytest.mark.parametrize("nested", [True, False])
def test_what_is_expected(row: str, nested: bool) -> None:
    wanted, loose, met = (cell.strip() for cell in row.split("|"))
    expected = dict(part.strip().split("=") for part in wanted.split(";"))
    told = {"city": "Phường Sài Gòn", "state": "Thành phố Hồ Chí Minh", "housenumber": None}
    feature = {
        "geometry": {"type": "Point", "coordinates": [106.70, 10.78]},
        "properties": {"geocoding": told} if nested else told,
    }
    other = {"geometry": None, "properties": {"city": "Phường Tân Định"}}
    assert (missing([other, feature], [expected], loose=loose == "yes") == []) == (met == "yes")
    assert missing([], [expected]) != []


def test_yaml_names_its_queries(tmp_path: Path) -> None:
    file = tmp_path / "north" / "test_it.yml"
    file.parent.mkdir()
    file.write_text(
        "A place:\n    query: Sa Pa\n    limit: 3\n    mark: [towns]\n    expected: {postcode: 31706}\n"
    )
    (case,) = read(tmp_path)
    assert (case.query, case.limit, case.expected) == ("Sa Pa", 3, ({"postcode": "31706"},))
    assert case.marks == {"north", "towns"}
    file.write_text("A place:\n    limit: 3\n")
    with pytest.raises(ValueError, match="what is expected"):
        read(tmp_path)

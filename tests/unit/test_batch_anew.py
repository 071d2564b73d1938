"""A run over an output beside which a stopped run left its pieces, started without ``resume``: it starts anew, and
nothing of what was kept is lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoaddr.bulk import parts
from geoaddr.bulk.job import BatchJob
from geoaddr.bulk.parts import kept_rows
from geoaddr.errors import Said
from geoaddr.platform import batch
from tests.command_lines import Lines

SIZE = 50


class Stop(Exception):
    """What stops a run."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "TEXT_ROWS", SIZE)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("address\n" + "".join(f"{n} Lê Lợi\n" for n in range(5 * SIZE)), encoding="utf-8")
    return path


def job(source: Path, *, resume: bool = False, to: str = "new") -> BatchJob:
    out = source.with_name("out.csv")
    return BatchJob(
        verb="convert", source=source, out=out, to=to, store="memory:", workers=1, resume=resume, lang="vi"
    )


def stopped(asked: BatchJob, pieces: int) -> list[Said]:
    """What a run is told that is stopped after some pieces."""
    told: list[Said] = []

    def stop(done: int, total: int | None) -> None:
        if done >= pieces * SIZE:
            raise Stop

    with pytest.raises(Stop):
        batch(asked, stop, tell=told.append)
    return told


def test_a_run_anew_says_what_is_kept_and_a_stop_loses_none_of_it(source: Path) -> None:
    assert stopped(job(source), 4) == []
    told = stopped(job(source), 1)
    assert [(said.en.partition(";")[0], said.vi.partition(";")[0]) for said in told] == [
        (
            "starting anew, though a stopped run keeps 200 rows",
            "chạy lại từ đầu, dù lần chạy bị dừng trước còn giữ 200 dòng",
        )
    ]
    assert all("--resume" in text for said in told for text in (said.en, said.vi))
    assert kept_rows(source.with_name("out.csv")) == 200
    report = batch(job(source, resume=True))
    assert (report.rows, report.resumed_rows) == (250, 200)


def test_the_run_that_came_further_is_gone_on_with(source: Path) -> None:
    stopped(job(source), 1)
    stopped(job(source), 3)
    assert batch(job(source, resume=True)).resumed_rows == 150


def test_a_run_anew_that_is_not_stopped_answers_every_row_itself(source: Path) -> None:
    stopped(job(source), 2)
    assert batch(job(source), tell=lambda said: None).resumed_rows == 0
    assert sorted(path.name for path in source.parent.iterdir()) == ["in.csv", "out.csv"]


def test_rows_of_another_job_are_dropped_and_that_is_said(source: Path) -> None:
    stopped(job(source), 2)
    told = stopped(job(source, to="old"), 1)
    assert ["100 rows" in said.en and "are dropped" in said.en for said in told] == [True]
    assert ["bỏ 100 dòng" in said.vi for said in told] == [True]
    assert kept_rows(source.with_name("out.csv")) == 50


def test_without_anybody_to_tell_it_is_logged(source: Path, caplog: pytest.LogCaptureFixture) -> None:
    stopped(job(source), 1)
    batch(job(source))
    assert [(r.name, "50 rows" in r.message) for r in caplog.records] == [("geoaddr.batch", True)]


@pytest.mark.parametrize(("lang", "says"), [("en", "starting anew"), ("vi", "chạy lại từ đầu")])
def test_the_command_line_says_it_and_goes_on(source: Path, tmp_path: Path, lang: str, says: str) -> None:
    stopped(job(source), 1)
    done = Lines(tmp_path)("batch", "parse", source, "-o", tmp_path / "out.csv", "--lang", lang, "--json")
    assert done.code == 0
    assert done.complaint.startswith(says)
    assert done.answer["rows"] == 250

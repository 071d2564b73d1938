"""``geoaddr parse --explain``: every stage on the terminal, in the person's language, and in the document."""

from __future__ import annotations

import pytest

from geoaddr.cli.explanations import HEADINGS
from tests.command_lines import Lines

TEXT = "Số 12 phố Huế, Xa Tan An, Vinh Cuu, Dong Nai 11024CX4R8QV"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_stage_has_its_heading(line: Lines, lang: str) -> None:
    ran = line("parse", TEXT, "--explain", "--lang", lang)
    assert ran.code == 0
    headings = [row.removesuffix(":") for row in ran.out.splitlines() if row.endswith(":")]
    assert headings == [said.in_language(lang) for said in HEADINGS.values()]


def test_what_each_name_costs_is_said(line: Lines) -> None:
    rows = [" ".join(row.split()) for row in line("parse", TEXT, "--explain", "--lang", "vi").out.splitlines()]
    assert "26-34 Vinh Cuu Vĩnh Cửu Huyện Vĩnh Cửu (735) 0.05 thiếu dấu hoặc khác dấu; cách viết 0.05" in {
        row.partition("; thuộc")[0] for row in rows
    }
    assert "0-5 Số 12 Số nhà mở đầu bằng “Số”" in rows
    assert "45-57 vpostcode 11024CX4R8QV" in rows


def test_the_document_has_the_stages_when_asked_for(line: Lines) -> None:
    explained = line("parse", TEXT, "--explain", "--json").answer
    stages = explained.pop("explanation")
    assert line("parse", TEXT, "--json").answer == explained
    assert [token["text"] for token in stages["tokens"][:4]] == ["Số", "12", "phố", "Huế"]
    assert stages["readings"][0]["weight"] == explained["interpretations"][0]["weight"]


def test_a_long_text_is_explained_in_few_lines(line: Lines) -> None:
    ran = line("parse", "Phường 5, Tân An, " * 200, "--explain")
    assert len(ran.out.splitlines()) < 1300
    assert "and" in ran.out

"""Sheets of labels: what is printed is read back from the PDF by another library, and told to nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient

from geoaddr.codes import check_letter
from geoaddr.platform import Geoaddr
from service.limits.rules import Limits
from tests.service.access import Served
from tests.service.households import household


@pytest.fixture
def issued(opened: FlaskClient) -> str:
    return str(opened.post("/v1/addresses", json=household(21)).json["ndas"])


def texts(body: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(body)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_label_has_the_code_its_letter_and_its_area(closed: FlaskClient, issued: str) -> None:
    response = closed.get(f"/labels.pdf?codes={issued}&lang=vi")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.headers["Cache-Control"] == "no-store"
    (page,) = texts(response.data)
    printed = " ".join(page.split())
    assert f"{issued[:5]} {issued[5:]} {check_letter.letter(issued)}" in printed
    assert "Phường Hải Châu" in printed
    assert "Thành phố Đà Nẵng" in printed
    assert "Mã địa chỉ số" in printed
    assert "Bạch Đằng" not in printed, "the street is not everybody's to know"


def test_ten_labels_fill_a_page(closed: FlaskClient, issued: str) -> None:
    pages = texts(closed.get(f"/labels.pdf?codes={issued},7P8C369C%2B48F&copies=6").data)
    assert [page.count("Phường Hải Châu") for page in pages] == [10, 2]
    assert sum(page.count("7P8C369C+48F") for page in pages) == 6


def test_the_qr_code_leads_to_the_code_on_the_map(closed: FlaskClient, issued: str) -> None:
    (page,) = pypdfium2.PdfDocument(closed.get(f"/labels.pdf?codes={issued}").data)
    dark = [tuple(round(side, 2) for side in each.get_bounds()) for each in page.get_objects() if is_box(each)]
    expected = runs_of(f"http://localhost/#code={issued}")
    assert len(dark) == expected


def is_box(each: Any) -> bool:
    left, bottom, right, top = each.get_bounds()
    return each.type == 2 and right - left < 60 and top - bottom < 4


def runs_of(link: str) -> int:
    """How many runs of dark modules a QR code of the link has."""
    import segno

    rows = segno.make(link, error="m", micro=False).matrix
    return sum(bytes(row).replace(b"\0", b" ").split().__len__() for row in rows)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 400, "codes"),
        ("codes=", 400, "codes"),
        ("codes=,,", 400, "codes"),
        ("codes=hello", 400, "code"),
        ("codes=5020699999", 404, "codes"),
        ("codes=7P8C369C%2B48F&copies=11", 400, "copies"),
        ("codes=7P8C369C%2B48F&copies=0", 400, "copies"),
        ("codes=7P8C369C%2B48F&lang=fr", 400, "lang"),
        ("codes=" + ",".join(["7P8C369C%2B48F"] * 101), 400, "codes"),
    ],
)
def test_what_cannot_be_printed_is_refused(closed: FlaskClient, query: str, status: int, field: str) -> None:
    response = closed.get(f"/labels.pdf?{query}")
    assert (response.status_code, response.json["field"]) == (status, field)


def test_a_refusal_is_in_the_caller_s_language(closed: FlaskClient) -> None:
    response = closed.get("/labels.pdf?codes=5020699999", headers={"Accept-Language": "vi"})
    assert "không chỉ nơi nào để in" in response.json["detail"]


def test_sheets_are_no_way_to_try_codes(ga: Geoaddr, tmp_path: Path) -> None:
    """Ten misses are let pass, whichever path they come by; then looking up is refused on both."""
    client = Served(ga, tmp_path, Limits(rate=0, burst=0, day=0, misses=10)).client()
    answers = [client.get(f"/labels.pdf?codes=50206{n * 100:05}").status_code for n in range(12)]
    assert answers == [404] * 11 + [429]
    assert client.get("/v1/codes/5020699999").status_code == 429


def test_a_sheet_counts_a_request_for_each_code(ga: Geoaddr, tmp_path: Path) -> None:
    client = Served(ga, tmp_path, Limits(rate=0, burst=0, day=5, misses=0)).client()
    codes = ",".join(["7P8C369C%2B48F"] * 3)
    assert [client.get(f"/labels.pdf?codes={codes}").status_code for _ in range(2)] == [200, 429]


def test_a_key_for_validity_alone_prints_no_area(ga: Geoaddr, tmp_path: Path) -> None:
    client = Served(ga, tmp_path).holder("validity")
    assert client.get("/labels.pdf?codes=7P8C369C%2B48F").status_code == 403


# codes, copies | status
SHEETS = """
100 1  | 200
100 2  | 200
20  10 | 200
100 3  | 400
21  10 | 400
101 1  | 400
"""


@pytest.mark.parametrize("line", SHEETS.strip().splitlines())
def test_a_sheet_has_so_many_labels_and_no_more(closed: FlaskClient, line: str) -> None:
    asked, status = line.split("|")
    codes, copies = asked.split()
    response = closed.get(f"/labels.pdf?codes={','.join(['7P8C369C%2B48F'] * int(codes))}&copies={copies}")
    assert response.status_code == int(status)
    if int(status) == 400:
        assert response.json["field"] == ("copies" if int(codes) <= 100 else "codes")
        assert int(codes) > 100 or "200" in response.json["detail"]
    else:
        assert len(texts(response.data)) == int(codes) * int(copies) // 10

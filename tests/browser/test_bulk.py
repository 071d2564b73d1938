"""The page for whole files: drop, choose, watch, download."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.running import running_service

FILE = """mã;Địa chỉ;khách
1;"5 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM";An
2;"12 Nguyễn Trãi, P. Đa Kao, Q.1, TP.HCM";Bình
3;;Chi
"""
GIVEN: Any = {"name": "khách hàng.csv", "mimeType": "text/csv", "buffer": FILE.encode()}


@pytest.fixture(scope="module")
def opened_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that gives every right, with a folder of jobs of its own."""
    folder = tmp_path_factory.mktemp("opened")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEOADDR_JOBS", str(folder / "jobs"))
        with running_service("--open", "--store", f"sqlite:///{folder / 'registry.db'}") as address:
            yield address


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_file_goes_in_and_its_result_comes_out(
    visit: Visit, axe: None, opened_address: str, tmp_path: Path, device: str
) -> None:
    visitor = visit("/bulk", address=opened_address, device=device)
    page = visitor.page
    page.set_input_files("#file", [GIVEN])
    page.wait_for_selector("form.job")
    assert page.input_value("form.job .columns select") == "Địa chỉ"
    visitor.shot("bulk-form")
    assert visitor.violations() == []
    page.click("form.job button[type=submit]")
    page.wait_for_selector(".watch .counts")
    visitor.shot("bulk-done")
    assert visitor.violations() == []
    with page.expect_download() as download:
        page.click("text=Tải kết quả")
    assert download.value.suggested_filename == "khách hàng-convert.csv"
    download.value.save_as(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as result:
        rows = list(csv.DictReader(result))
    assert [row["khách"] for row in rows] == ["An", "Bình", "Chi"]
    assert [row["status"] for row in rows][:2] == ["ok", "ambiguous"]
    assert rows[0]["new_address"] == "5 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh"
    with page.expect_download() as report:
        page.click("text=Tải báo cáo")
    report.value.save_as(tmp_path / "report.html")
    assert "<html" in (tmp_path / "report.html").read_text(encoding="utf-8")
    page.reload()
    page.wait_for_selector(".watch .counts")  # the job's id is in the address


def test_a_service_without_a_key_says_what_it_needs(visit: Visit, closed_address: str) -> None:
    visitor = visit("/bulk", locale="en-GB", address=closed_address)
    page = visitor.page
    page.set_input_files("#file", [GIVEN])
    page.click("form.job button[type=submit]")
    page.wait_for_selector(".watch.bad")
    assert "key" in page.inner_text(".watch")
    visitor.troubles.clear()  # the 401, as the console shows it


def test_another_kind_of_file_is_refused_in_the_page(visit: Visit) -> None:
    page = visit("/bulk").page
    other: Any = {"name": "ảnh.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    page.set_input_files("#file", [other])
    page.wait_for_selector(".notice")
    assert ".parquet" in page.inner_text(".notice")

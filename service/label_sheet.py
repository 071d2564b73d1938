"""Sheets of labels as PDF: a code printed large, its check letter, its area and a QR code of its link.

Importing this loads the PDF library, which takes a while; it is done when somebody first asks for a sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import segno
from fpdf import FPDF

from geoaddr.codes import check_letter, ndas
from geoaddr.errors import Said
from geoaddr.model import System
from service.pages import DIST

SYSTEM_NAMES: dict[System, Said] = {
    "ndas": Said("Digital address code", "Mã địa chỉ số"),
    "vpostcode": Said("Vpostcode", "Vpostcode"),
    "plus_code": Said("Plus Code", "Plus Code"),
    "parcel": Said("Parcel code", "Mã thửa đất"),
    "location_id": Said("Location ID", "Mã định danh địa điểm"),
}

_TITLE = Said("Labels", "Tờ nhãn")

COLUMNS, ROWS = 2, 5
"""Labels on a page of A4."""

_WIDTH_MM, _HEIGHT_MM = 95.0, 54.0
_LEFT_MM, _TOP_MM = 10.0, 13.5
_PAD_MM = 5.0
_QR_MM = 33.0
_QUIET_MODULES = 4
_TEXT_MM = _WIDTH_MM - _QR_MM - 2 * _PAD_MM
_LARGEST_PT, _SMALLEST_PT = 24, 12
_INK, _SOFT, _LINE = (22, 32, 42), (74, 87, 99), (190, 200, 208)


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says: a code of a system, where it is (commune, province), and the link of its QR code."""

    system: System
    code: str
    area: Sequence[str]
    link: str


class _Place(NamedTuple):
    page: int
    x: float
    y: float


def sheet(labels: Sequence[Label], language: str) -> bytes:
    """A4 pages with these labels, ten on each, a thin line around each to cut along.

    :param language: ``en`` or ``vi``.
    """
    pdf = FPDF(format="A4", unit="mm")
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.set_title(_TITLE.in_language(language))
    pdf.set_lang("vi-VN" if language == "vi" else "en-GB")
    pdf.add_font("Body", fname=DIST / "fonts" / "regular.ttf")
    pdf.add_font("Code", fname=DIST / "fonts" / "semibold.ttf")
    for number, label in zip(count(), labels, strict=False):
        place = _place(number)
        if place.page >= pdf.pages_count:
            pdf.add_page()
        _draw(pdf, label, place, language)
    return bytes(pdf.output())


def printed(label: Label) -> str:
    """The code as people read it, in groups; an NDAS code with its check letter behind it."""
    if label.system == "ndas":
        return ndas.format(label.code, with_letter=True)
    if label.system == "vpostcode":
        return f"{label.code[:5]} {label.code[5:8]} {label.code[8:]}"
    return label.code


def _place(number: int) -> _Place:
    page, rest = divmod(number, COLUMNS * ROWS)
    row, column = divmod(rest, COLUMNS)
    return _Place(page, _LEFT_MM + column * _WIDTH_MM, _TOP_MM + row * _HEIGHT_MM)


def _draw(pdf: FPDF, label: Label, place: _Place, language: str) -> None:
    pdf.set_draw_color(*_LINE)
    pdf.set_line_width(0.1)
    pdf.rect(place.x, place.y, _WIDTH_MM, _HEIGHT_MM)
    left = place.x + _PAD_MM
    _write(pdf, left, place.y + 7, SYSTEM_NAMES[label.system].in_language(language), 9, _SOFT)
    text = printed(label)
    size = _fitting(pdf, text)
    pdf.set_font("Code", size=size)
    pdf.set_text_color(*_INK)
    pdf.set_xy(left, place.y + 12)
    pdf.multi_cell(_TEXT_MM, size * 0.44, text, align="L")
    for line, words in enumerate(label.area):
        _write(pdf, left, place.y + _HEIGHT_MM - 15 + 5 * line, words, 10, _INK)
    if label.system == "ndas":
        letter = check_letter.letter(label.code)
        said = Said(f"Check letter: {letter}", f"Chữ kiểm tra: {letter}")
        _write(pdf, left, place.y + _HEIGHT_MM - 4.5, said.in_language(language), 8, _SOFT)
    _draw_qr(pdf, label.link, place.x + _WIDTH_MM - _PAD_MM - _QR_MM, place.y + (_HEIGHT_MM - _QR_MM) / 2)


def _fitting(pdf: FPDF, text: str) -> int:
    """The largest size at which each group of the code fits in its line."""
    for size in range(_LARGEST_PT, _SMALLEST_PT, -1):
        pdf.set_font("Code", size=size)
        if max(pdf.get_string_width(group) for group in text.split(" ")) <= _TEXT_MM - 2:
            return size
    return _SMALLEST_PT


def _write(pdf: FPDF, x: float, baseline: float, text: str, size: int, colour: tuple[int, int, int]) -> None:
    pdf.set_text_color(*colour)
    pdf.set_font("Body", size=size)
    while text and pdf.get_string_width(text) > _TEXT_MM:
        size -= 1
        pdf.set_font("Body", size=size)
    pdf.text(x, baseline, text)


def _draw_qr(pdf: FPDF, link: str, x: float, y: float) -> None:
    """Dark modules as rectangles, a run of a row at a time, so that it is sharp at any size."""
    matrix = segno.make(link, error="m", micro=False).matrix
    module = _QR_MM / (len(matrix) + 2 * _QUIET_MODULES)
    pdf.set_fill_color(0, 0, 0)
    for row, cells in enumerate(matrix):
        start = None
        for column, dark in enumerate([*cells, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                across, down = x + (start + _QUIET_MODULES) * module, y + (row + _QUIET_MODULES) * module
                pdf.rect(across, down, (column - start) * module, module, style="F")
                start = None

"""Columns of Arrow tables: finding them by name, reading numbers from them, naming new ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.bulk.buffers import flags, floats, valid
from geoaddr.bulk.degree_texts import read_degrees
from geoaddr.errors import DataError, Said

USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "lat": ("lat", "latitude", "y", "vi_do", "vĩ độ", "vido"),
    "lon": ("lon", "lng", "long", "longitude", "x", "kinh_do", "kinh độ", "kinhdo"),
    "code": ("code", "ndas", "ma", "mã", "digital_address", "ma_dia_chi_so", "mã địa chỉ số"),
    "text": (
        "text", "address", "dia_chi", "địa chỉ", "địa_chỉ", "diachi", "full_address", "address_text",
        "old_address", "dia_chi_day_du", "địa chỉ đầy đủ", "dia_chi_cu", "địa chỉ cũ",
    ),
}  # fmt: skip
"""Names under which files usually carry a column, tried where the caller names none."""

NUMBER = r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$"
"""A number as people write it; the decimal sign may be a comma, which no degree needs for thousands."""

HELD_BY = {
    "lat": Said("the latitude", "vĩ độ"),
    "lon": Said("the longitude", "kinh độ"),
    "code": Said("the codes", "mã"),
    "text": Said("the address", "địa chỉ"),
}


FRAME = "frame"
"""What errors call an input that is no file but a frame in memory: its caller writes Python, not options."""


def find_column(names: Sequence[str], role: str, given: str | None, file: object, *, parts: bool = False) -> str:
    """The column that plays ``role``: the one given, else the first of its usual names.

    :param parts: whether columns of the address's parts may be given in its place.
    :raises DataError: when it is absent, or stands twice.
    """
    if given is not None:
        found = [n for n in names if nfc(n) == nfc(given)]
    else:
        lowered = {nfc(n).strip().lower(): n for n in reversed(names)}
        found = [lowered[n] for n in USUAL_NAMES.get(role, ()) if n in lowered][:1]
    listed = ", ".join(names[:20])
    if not found and given is None:
        en, vi = HELD_BY[role]
        option = (
            Said(f"{role}=COLUMN", f"{role}=CỘT") if file == FRAME else Said(f"--{role} COLUMN", f"--{role} CỘT")
        )
        if parts and file != FRAME:
            option = Said(
                f"{option.en}, or --field street=COLUMN and so on for its parts",
                f"{option.vi}, hoặc --field street=CỘT v.v. cho từng phần",
            )
        raise DataError(
            file,
            Said(
                f"no column is known to hold {en}; add {option.en}, one of: {listed}",
                f"không biết cột nào chứa {vi}; thêm {option.vi}, một trong: {listed}",
            ),
        )
    if not found:
        what = Said("frame", "khung dữ liệu") if file == FRAME else Said("file", "tệp")
        raise DataError(
            file,
            Said(f"no such column; the {what.en} has: {listed}", f"không có cột này; {what.vi} có: {listed}"),
            column=given,
        )
    if names.count(found[0]) > 1:
        raise DataError(file, Said("two columns have this name", "hai cột cùng tên này"), column=found[0])
    return found[0]


def has_column(names: Sequence[str], role: str, given: str | None) -> bool:
    """Whether a column is given for ``role``, or there is one of its usual names."""
    return given is not None or any(nfc(n).strip().lower() in USUAL_NAMES[role] for n in names)


def has_point(names: Sequence[str]) -> bool:
    """Whether columns say by their names that they are latitude and longitude; ``x`` and ``y`` may be anything."""
    said = {nfc(n).strip().lower() for n in names} - {"x", "y"}
    return all(said.intersection(USUAL_NAMES[axis]) for axis in ("lat", "lon"))


def nfc(name: str) -> str:
    """A column's name in one form, however its accents are encoded."""
    return unicodedata.normalize("NFC", name)


def new_names(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Names for answer columns that the input does not have: ``x``, else ``geoaddr_x``, ``geoaddr_2_x``."""
    used, names = set(taken), []
    for name in wanted:
        free, number = name, 0
        while free in used:
            number += 1
            free = f"geoaddr_{name}" if number == 1 else f"geoaddr_{number}_{name}"
        used.add(free)
        names.append(free)
    return names


@dataclass(frozen=True, slots=True)
class Degrees:
    """A column of coordinates: values (NaN where bad), for each row what is wrong with it or null, and whether
    nothing stands there at all."""

    values: NDArray[np.float64]
    errors: Any
    blank: NDArray[np.bool_]

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which rows hold a usable number."""
        return np.isfinite(self.values)


def degrees(column: Any, name: str, limit: float, lang: str = "en") -> Degrees:
    """Numbers from a numeric or text column; rows that are empty, no number or beyond ``limit`` are bad.

    Texts may be decimal, with a point or a comma, or have degree signs, minutes, seconds and letters.

    :param name: ``lat`` or ``lon``: what errors call it, and which letters may stand beside its numbers.
    :param limit: the most that there is, in degrees; infinite for metres of a projected system.
    """
    column = combine(column)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = _plain(column)
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        blank = ~valid(column)
        other = np.zeros(len(column), dtype=bool)
        values = floats(pc.cast(column, pa.float64(), safe=False))
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        blank = flags(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True))
        values, other = _from_texts(column, name, blank)
    else:
        blank = ~valid(column)
        other = np.zeros(len(column), dtype=bool)
        values = np.full(len(column), np.nan)
    absent, outside = ~np.isfinite(values), np.abs(values) > limit
    if not (absent.any() or outside.any()):
        return Degrees(values, pa.nulls(len(values), pa.string()), blank)
    wrong_letter, missing, beyond = (said.in_language(lang) for said in _degree_errors(name, limit))
    masks = pc.make_struct(pa.array(other), pa.array(absent), pa.array(outside & ~absent))
    errors = pc.case_when(masks, wrong_letter, missing, beyond)
    values[outside] = np.nan
    return Degrees(values, pc.cast(errors, pa.string()), blank)


def _plain(texts: Any) -> Any:
    """A column of texts as numbers where all of them are plain ones; else as it is."""
    try:
        return pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        return texts


def _from_texts(column: Any, axis: str, blank: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The numbers of a column of texts, and which rows have a letter of the other axis."""
    looks = pc.fill_null(pc.match_substring_regex(column, NUMBER), False)
    trimmed = pc.utf8_trim_whitespace(pc.if_else(looks, column, None))
    plain = pc.cast(pc.replace_substring(trimmed, ",", "."), pa.float64())
    values = floats(plain)
    other = np.zeros(len(values), dtype=bool)
    rest = ~flags(looks) & ~blank
    if rest.any():
        read = read_degrees(pc.filter(column, pa.array(rest)), axis)
        values[rest], other[rest] = read
    return values, other


def _degree_errors(name: str, limit: float) -> tuple[Said, Said, Said]:
    swapped = name == "lat"
    hint_en = "; did you swap latitude and longitude?" if swapped else ""
    hint_vi = "; có phải vĩ độ và kinh độ bị đổi chỗ?" if swapped else ""
    axis = Said("longitude", "kinh độ") if swapped else Said("latitude", "vĩ độ")
    return (
        Said(
            f"{name}: has the letter of a {axis.en}; did you swap latitude and longitude?",
            f"{name}: có chữ của {axis.vi}; có phải vĩ độ và kinh độ bị đổi chỗ?",
        ),
        Said(f"{name}: empty or not a finite number", f"{name}: trống hoặc không phải số hữu hạn"),
        Said(
            f"{name}: outside -{limit:.0f} to {limit:.0f}{hint_en}",
            f"{name}: nằm ngoài khoảng -{limit:.0f} đến {limit:.0f}{hint_vi}",
        ),
    )


def combine(column: Any) -> Any:
    """A column as one array, whatever its chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def texts(column: Any) -> list[str]:
    """A column as trimmed texts; empty for null. Whole numbers keep their digits."""
    return ["" if v is None else v for v in pc.utf8_trim_whitespace(text_column(column)).to_pylist()]


def text_column(column: Any) -> Any:
    """A column as an array of texts, as written; null stays null. Whole numbers keep their digits."""
    column = combine(column)
    if pa.types.is_large_string(column.type) and column.offset:  # a piece of what may begin beyond 2 GB
        column = column.take(pa.array(np.arange(len(column))))
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.less(pc.abs(column), 1e15), column, None)  # beyond, a float has lost digits
        column = pc.cast(column, pa.decimal128(38, 6), safe=False)
        return pc.utf8_rtrim(pc.utf8_rtrim(pc.cast(column, pa.string()), "0"), ".")
    return pc.cast(column, pa.string())

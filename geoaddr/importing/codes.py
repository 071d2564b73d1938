"""Codes of units as layers have them, made into the strings that they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from geoaddr.errors import DataError, Said
from geoaddr.importing.layer import Layer
from geoaddr.model import Level
from geoaddr.profiles.vn import CODE_WIDTH

_LEVELS: dict[int, Level] = {width: level for level, width in CODE_WIDTH.items()}
_WIDEST = max(CODE_WIDTH.values())


class CodedRow(NamedTuple):
    """A row's code as text (``None`` where there is none to read) and the level that its width tells."""

    code: str | None
    level: Level | None


def read_codes(layer: Layer, column: str | None, level: Level | None) -> tuple[list[CodedRow], list[Said]]:
    """The code of every row, and what was done to get it.

    Numbers get their leading zeros back, to the width of ``level`` or, where the caller names none, of the
    widest code in the column. Where the column has no code, the name of the row's file may tell it.

    :raises DataError: when not one row has a code of digits.
    """
    notes: list[Said] = []
    texts = [as_text(value) for value in layer.columns[column]] if column else [None] * len(layer)
    width = _width_of_numbers(layer.columns[column], texts, level) if column else None
    if width is not None:
        padded = sum(1 for text in texts if text and text.isdecimal() and len(text) < width)
        texts = [text.zfill(width) if text and text.isdecimal() else text for text in texts]
        notes.append(
            Said(
                f"column {column} lost the leading zeros of its codes: {padded} got them back, to {width} digits",
                f"cột {column} ghi mã thiếu số 0 ở đầu: đã bổ sung cho {padded} mã, đủ {width} chữ số",
            )
        )
    if layer.path_codes:
        from_path = sum(1 for text, path in zip(texts, layer.path_codes, strict=True) if not text and path)
        texts = [text or path for text, path in zip(texts, layer.path_codes, strict=True)]
        if from_path:
            notes.append(
                Said(
                    f"{from_path} codes were taken from the names of files",
                    f"{from_path} mã được lấy từ tên tệp",
                )
            )
    rows = [CodedRow(text, _level(text, level)) for text in texts]
    if not any(row.level for row in rows):
        sample = next((text for text in texts if text), "-")
        raise DataError(
            layer.source.named,
            Said(
                f"no value is the code of a unit (2, 3 or 5 digits); the first is '{sample[:40]}'",
                f"không giá trị nào là mã đơn vị (2, 3 hoặc 5 chữ số); giá trị đầu là '{sample[:40]}'",
            ),
            column=column or "code",
        )
    return rows, notes


def as_text(value: Any) -> str | None:
    """A cell of a column of codes as text: numbers without a fraction, nothing for an empty one."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return str(value).strip() or None


def _width_of_numbers(values: Sequence[Any], texts: Sequence[str | None], level: Level | None) -> int | None:
    """To how many digits a column of numbers must be filled; ``None`` for one that has its zeros.

    A column of texts counts as numbers when no code begins with a zero and some are as wide as no code is.
    """
    codes = [text for text in texts if text and text.isascii() and text.isdecimal()]
    numbers = any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if not codes:
        return None
    if not numbers:
        stripped = not any(text.startswith("0") for text in codes)
        odd = any(len(text) not in _LEVELS for text in codes)
        named = level is not None and any(len(text) < CODE_WIDTH[level] for text in codes)
        if not stripped or not (odd or named):
            return None
    if level is not None:
        return CODE_WIDTH[level]
    longest = max(len(text) for text in codes)
    return min((width for width in _LEVELS if width >= longest), default=_WIDEST)


def _level(text: str | None, level: Level | None) -> Level | None:
    if not text or not (text.isascii() and text.isdecimal()):
        return None
    by_width = _LEVELS.get(len(text))
    return by_width if level in (None, by_width) else None

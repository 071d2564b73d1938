"""Vpostcodes over whole columns: the same characters as :func:`geoaddr.codes.vpostcode.encode`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.codes import clean, plus_code_columns
from geoaddr.errors import InvalidFormat, InvalidLength, Said

_POSTCODE = Said("a postcode", "mã bưu chính")


def encode_many(lat: Any, lon: Any, postcodes: Any) -> NDArray[np.bytes_]:
    """The Vpostcodes of two columns of WGS 84 degrees and one of postcodes, as ``S12``.

    ``postcodes``: five digits each, as bytes or strings; a row with an empty one has an empty code.
    """
    digits = plus_code_columns.encode_many(lat, lon, 11)
    heads = _characters(postcodes)
    if len(heads) != len(digits):
        raise InvalidLength(
            "postcodes",
            len(heads),
            Said(
                f"{len(heads)} postcodes for {len(digits)} points",
                f"{len(heads)} mã bưu chính cho {len(digits)} điểm",
            ),
        )
    blank = _require_postcodes(heads)
    out = joined_many(heads.view("S5").reshape(-1), digits)
    if blank is not None:
        out[blank] = b""
    return out


def joined_many(postcodes: NDArray[np.bytes_], codes: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    """The Vpostcodes of postcodes of five digits and full Plus Codes of eleven (``S12``), both taken as they are;
    the twin of :func:`geoaddr.codes.vpostcode.joined`. What stands in a row without a postcode is no code.

    The twelve characters are put together as three words, whose lowest byte comes first.
    """
    heads = np.ascontiguousarray(postcodes, dtype="S8").view("<u4").reshape(-1, 2)
    words = np.ascontiguousarray(codes).view("<u4").reshape(-1, 3)
    middle, last = words[:, 1], words[:, 2]
    out = np.empty((len(words), 3), dtype="<u4")
    out[:, 0] = heads[:, 0]
    out[:, 1] = heads[:, 1] | middle << np.uint32(8)
    out[:, 2] = middle >> np.uint32(24) | last & np.uint32(0xFFFFFF00)
    return out.view("S12").reshape(len(words))


def _characters(postcodes: Any) -> NDArray[np.uint8]:
    """Postcodes as a table of five characters a row; those that are not plain are looked at one by one."""
    column = np.asarray(postcodes)
    if column.dtype.kind not in "SU":
        texts = [text if isinstance(text, str | bytes) else _refuse(text) for text in column.reshape(-1).tolist()]
        column = np.array([t.decode("latin-1") if isinstance(t, bytes) else t for t in texts], dtype=str)
    if column.dtype.kind == "U":
        width = column.dtype.itemsize // 4
        points = np.ascontiguousarray(column).view(np.uint32).reshape(len(column), width)
        if width == 5 and not (points > 127).any():
            return points.astype(np.uint8)
        column = np.array([_one(text) for text in column.tolist()], dtype="S5")
    elif column.dtype.itemsize != 5:
        column = np.array([_one(text.decode("latin-1")) for text in column.tolist()], dtype="S5")
    return np.ascontiguousarray(column).view(np.uint8).reshape(-1, 5)


def _one(text: str) -> str:
    return clean.require_digits(clean.compact(text), 5, value=text, what=_POSTCODE) if text else ""


def _refuse(value: object) -> str:
    raise InvalidFormat("postcodes", value, Said("not a text; codes are strings", "không phải chuỗi ký tự"))


def _require_postcodes(heads: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Which rows are empty, ``None`` when none is; every other row must be five digits."""
    bad = _any(heads - ord("0") > 9)
    if not bad.any():
        return None
    blank = ~_any(heads != 0)
    if (bad & ~blank).any():
        at = int(np.argmax(bad & ~blank))
        _one(heads[at].tobytes().rstrip(b"\0").decode("latin-1"))
    return blank


def _any(table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows of a table have a true entry."""
    found: NDArray[np.bool_] = np.logical_or.reduce(table, axis=1)
    return found

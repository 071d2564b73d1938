"""Texts of 4,096 characters made to hurt."""

from __future__ import annotations

LENGTH = 4096

_REPEATED = {
    "brackets": "(",
    "slashes": "1/",
    "one word": "phường ",
    "numbered wards": "phường 1 ",
    "one name": "Tân An, ",
    "glued letters": "tanan",
    "blanks": " ",
    "abbreviations": "p.q.t.x.h.",
    "provinces": "Hà Nội Huế Đà Nẵng ",
    "typos": "Quận Hoàng Kím, Phườn Tân Đinh, ",
    "alleys": "ngõ 1/2/3 ",
    "telex": "phuowngf taan bifnh ",
    "combining marks": "e\u0302\u0301",
    "right to left": "\u202eHuế \u202c",
}

LONG = {name: (piece * LENGTH)[:LENGTH] for name, piece in _REPEATED.items()}
"""Each a piece repeated up to the longest text that is read."""

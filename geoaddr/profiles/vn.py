"""Viet Nam: levels, code widths, the words for types of units, the box that holds the country.

Sources: decision 19/2025/QĐ-TTg (codes of units), resolution 202/2025/QH15 (provinces from 1 July 2025),
decision 2334/QĐ-BKHCN (postcodes from 24 August 2025).
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from geoaddr.errors import Said
from geoaddr.model import Cell, Level, Point

COUNTRY = "VN"
COUNTRY_NAMES = ("Việt Nam", "Viet Nam", "Vietnam", "VN")

CODE_WIDTH: dict[Level, int] = {"province": 2, "district": 3, "commune": 5}
"""Digits in a unit's code; three separate lists, so that the width tells the level."""

POSTCODE_WIDTH = 5
POSTCODE_PREFIX_WIDTH = 2
FORMER_POSTCODE_WIDTH = 6
POSTCODE_WIDTHS = (POSTCODE_WIDTH, FORMER_POSTCODE_WIDTH)
"""Digits in a postcode: of those in force, and of those before 2018, which letters still have. The first two
say the province."""

REFORM = dt.date(2025, 7, 1)
"""The day on which 63 provinces became 34, districts ended and 10,035 communes became 3,321."""

TIME_ZONE = dt.timezone(dt.timedelta(hours=7))
"""In which days are counted: UTC+7 the whole year (decision 134/2002/QĐ-TTg)."""

POSTCODES_FROM = dt.date(2025, 8, 24)
"""The day from which the postcodes of decision 2334/QĐ-BKHCN are in force."""

UNIT_TYPES: dict[Level, tuple[str, ...]] = {
    "province": ("Thành phố", "Tỉnh"),
    "district": ("Thành phố", "Thị xã", "Quận", "Huyện"),
    "commune": ("Thị trấn", "Đặc khu", "Phường", "Xã"),
}
"""The words that stand before a unit's name, by level."""

TYPE_ABBREVIATIONS: dict[str, str] = {
    "TP": "Thành phố",
    "TX": "Thị xã",
    "TT": "Thị trấn",
    "ĐK": "Đặc khu",
    "T": "Tỉnh",
    "Q": "Quận",
    "H": "Huyện",
    "P": "Phường",
    "X": "Xã",
}
"""How the words for types are shortened before a name, with or without a dot."""

TYPES_IN_ENGLISH: dict[str, str] = {
    "Tỉnh": "Province",
    "Thành phố": "City",
    "Quận": "District",
    "Huyện": "District",
    "Thị xã": "Town",
    "Phường": "Ward",
    "Xã": "Commune",
    "Thị trấn": "Township",
    "Đặc khu": "Special Zone",
}
"""The words for types as English texts have them, behind a name."""

LAND = Cell(south=6.0, west=102.0, north=24.0, east=118.0)
"""A box that holds all the land, Hoàng Sa and Trường Sa included; a quick test, not a border."""


class Archipelago(NamedTuple):
    """Islands that every map shows: the name of their unit, their own name, and where a map writes it."""

    unit: str
    name: Said
    point: Point


ARCHIPELAGOS = (
    Archipelago("Hoàng Sa", Said("Hoang Sa (Paracel Islands)", "Quần đảo Hoàng Sa"), Point(lat=16.5, lon=112.0)),
    Archipelago("Trường Sa", Said("Truong Sa (Spratly Islands)", "Quần đảo Trường Sa"), Point(lat=9.4, lon=113.6)),
)
"""Special zones of Đà Nẵng and of Khánh Hòa (until 30 June 2025 districts); the points are the middles of the
boxes that hold their islands."""

"""What every process would make at the first request, made before anybody asks."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from geoaddr.disclosure import EVERYTHING
from geoaddr.errors import UnknownUnit
from geoaddr.gazetteer.layout import LEVELS
from geoaddr.sight import Sight, Whereabouts
from service.flattening import keep_written

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

TEXTS = (
    "1 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh",
    "1 Le Loi, P. Ben Nhge, Qaun 1, TP. Ho Chi Mihn",
    "Hẻm 5 đường Trần Phú, thôn 2, xã Ia Mơ, Gia Lai",
)
"""Written as it should be, misspelt, and of the country: each goes another way."""

ROWS: dict[str, dict[str, Any]] = {
    "locate": {"lat": 10.7769, "lon": 106.7009},
    "resolve": {"code": "7P28QPG2+QC"},
    "reverse": {"lat": 10.7769, "lon": 106.7009},
    "unit": {"code": "79"},
    **{verb: {"text": TEXTS[0]} for verb in ("parse", "convert", "validate", "geocode")},
}
"""For each verb of batches a row."""

PREFIXES = ("ha", "phuong hai ch", "12 tran p")


def warm(ga: Geoaddr) -> Geoaddr:
    """Build the dictionaries of names and load the code of all verbs that read, of one and of many."""
    from geoaddr.bulk.rows import answered

    for text in TEXTS:
        for area_only in (True, False):
            ga.validate(text, area_only=area_only)
            ga.convert(text, area_only=area_only)
            ga.geocode(text, area_only=area_only)
        ga.parse(text, explain=True)
        ga.convert(text, to="old")
    for prefix in PREFIXES:
        ga.suggest(prefix, area_only=True)
        ga.suggest(prefix)
    ga.locate(lat=10.7769, lon=106.7009, uncertainty_m=200)
    ga.reverse(lat=10.7769, lon=106.7009)
    with suppress(UnknownUnit):  # a pack may hold a few provinces alone
        ga.boundary("79", tolerance_m=500)
    everyone = Sight(EVERYTHING, lambda: Whereabouts(ga.locator, lambda: ga.registry))
    for verb, row in ROWS.items():
        answered(ga, verb, [row], sight=everyone)
    _units_of_today(ga)
    return ga


def _units_of_today(ga: Geoaddr) -> None:
    """Have all units, with their JSON and as columns: else each process would make its own, some 10 MB of them."""
    for row in range(len(ga.locator.codes)):
        ga.locator.view(row, ga.date)
    for level in LEVELS:
        keep_written(ga.gazetteer.units(level, as_of=ga.date))
    ga.issued_codes(ga.date).know_communes()

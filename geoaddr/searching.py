"""The verbs that find places: geocode, reverse and suggest, each a thin call."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geoaddr.model import as_date
from geoaddr.wiring import Wiring

if TYPE_CHECKING:
    from geoaddr.finding.nearest import Nearby
    from geoaddr.finding.records import Completion, Match


class Searching(Wiring):
    """The verbs that find places, over the parts of one platform."""

    def geocode(
        self, text: str, limit: int = 5, *, as_of: dt.date | str | None = None, area_only: bool = False
    ) -> list[Match]:
        """The places that an address text may mean, the likeliest first; none where nothing was understood.

        First the commune is understood, then the street or hamlet is looked for in it, then the house number.
        Where one of them is not known, the match is what is: see ``match_level`` and ``coordinate_level``. A code
        in the text is a place by itself.

        :param limit: at most so many, 1 to 50.
        :param as_of: read with the units of that day; by default old and new units compete. Answers are in
            today's communes.
        :param area_only: streets and communes alone, without points: see :mod:`geoaddr.disclosure`.
        :raises InvalidQuery: for what is no text, and one longer than 4,096 characters.
        :raises InvalidInput: for a limit out of range.
        """
        day = None if as_of is None else as_date(as_of)
        return self.geocoder.geocode(text, limit=limit, as_of=day, area_only=area_only)

    def reverse(
        self,
        *,
        lat: float,
        lon: float,
        radius_m: float = 100.0,
        limit: int = 5,
        same_commune: bool = False,
        as_of: dt.date | str | None = None,
        area_only: bool = False,
    ) -> Nearby:
        """The standing addresses within ``radius_m`` metres of a point, the nearest first with ``distance_m``.

        The answer is a list of matches whose ``located`` holds the point's own units; nothing lies beyond the
        radius.

        :param radius_m: above 0 and at most 5,000.
        :param limit: at most so many, 1 to 50.
        :param same_commune: those in the point's own commune come first.
        :param as_of: the day whose units are answered; by default the data's.
        :param area_only: streets about there and the commune alone: see :mod:`geoaddr.finding.nearest`.
        :raises InvalidPoint: for anything but finite degrees in range.
        :raises InvalidInput: for a radius or limit out of range.
        """
        return self.nearest.reverse(
            lat=lat, lon=lon, radius_m=radius_m, limit=limit, same_commune=same_commune, as_of=None if as_of is
            None else as_date(as_of), area_only=area_only,
        )  # fmt: skip

    def suggest(
        self,
        text: str,
        limit: int = 8,
        *,
        lat: float | None = None,
        lon: float | None = None,
        province: str | None = None,
        as_of: dt.date | str | None = None,
        area_only: bool = False,
    ) -> list[Completion]:
        """What a text that is being typed may become, the likeliest first: units, streets, houses.

        From two letters on; accents may be missing. Old units are told with what they are now.

        :param limit: at most so many, 1 to 20.
        :param lat, lon: a point about which completions come first.
        :param province: the code of a province whose completions come first.
        :param as_of: complete the units of that day alone; by default those of today, and old ones after them.
        :param area_only: units and streets alone, without points: see :mod:`geoaddr.disclosure`.
        :raises InvalidQuery: for what is no text, and one longer than 4,096 characters.
        :raises InvalidInput, InvalidPoint: for a limit, half a point, or a point out of range.
        :raises UnknownUnit: for a province that is none.
        """
        day = None if as_of is None else as_date(as_of)
        return self.suggester.suggest(
            text, limit=limit, lat=lat, lon=lon, province=province, as_of=day, area_only=area_only
        )

"""Two households in two provinces, whose texts, points and codes nothing else has, and what tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geoaddr
from geoaddr.bulk.ports import Origin
from geoaddr.codes import geohash, plus_code
from geoaddr.disclosure import Scope
from geoaddr.model import Alias
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from tests.service.access import Served

NEAR_DEGREES = 0.0004
"""Coordinates of an answer closer than this to a household's (44 m) tell where it is."""

AWAY_DEGREES = 0.0009
"""Questions about points ask from this far away (100 m), so that what they repeat is no disclosure."""


@dataclass(frozen=True)
class Home:
    """A household and all that only who may see it may learn."""

    ndas: str
    province: str
    street: str
    number: str
    lat: float
    lon: float
    location_id: str
    actor: str

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.street, self.number, self.location_id, self.actor, f"{self.actor} hiệu đính")

    @property
    def codes_of_point(self) -> tuple[str, ...]:
        """The Plus Code and its tail in a Vpostcode, the geohash: of its cell and wider ones."""
        code = plus_code.encode(self.lat, self.lon, 11)
        return (code[:11], code[4:].replace("+", "")[:6], geohash.encode(self.lat, self.lon)[:8])


PLACES = (
    ("48", "Bí Mật Thứ Nhất", "271/31B", 16.06784, 108.22083, "048271310001", "Bưu cục số Một"),
    ("15", "Kín Đáo Thứ Nhì", "613/77C", 22.33644, 104.15007, "015613770002", "Bưu cục số Hai"),
)


def settle(ga: Geoaddr, place: tuple[Any, ...]) -> Home:
    """A household with a history: assigned, given another code, confirmed, corrected."""
    province, street, number, lat, lon, location_id, actor = place
    parts = {"house_number": number, "street": street}
    ndas = ga.assign(parts, lat=lat, lon=lon, actor=actor, reason=f"{actor} thu thập").ndas
    ga.registry.add_alias(ndas, Alias("location_id", location_id))
    ga.registry.add_alias(ndas, Alias("parcel", geohash.encode(lat, lon)))
    ga.confirm(ndas, actor=actor)
    ga.amend(ndas, {"floor": "3"}, lat=lat + 2e-6, lon=lon, actor=actor, reason=f"{actor} hiệu đính")
    return Home(ndas, province, street, number, lat, lon, location_id, actor)


class Town:
    """A service over both households."""

    def __init__(self, pack: Pack, folder: Path) -> None:
        url = f"sqlite:///{folder / 'town.db'}"
        origin = Origin(geoaddr.open, str(pack.path), url)
        self.ga = Geoaddr(pack, Registry(open_store(url, key=bytes(32))), origin=origin)
        self.homes = tuple(settle(self.ga, place) for place in PLACES)
        self.served = Served(self.ga, folder)
        self._passing = 0

    def passing(self, home: Home) -> str:
        """A household of another street nearby, whose address may end."""
        self._passing += 1
        parts = {"house_number": str(self._passing), "street": "Đường Qua"}
        return self.ga.assign(parts, lat=home.lat + 2 * AWAY_DEGREES, lon=home.lon).ndas


REPEATED = frozenset({"query", "input", "value", "given", "detail", "field"})
"""What an answer repeats of the question."""


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All that an answer says, with where it says it, but for what it repeats."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in REPEATED and (*path, name) != ("readings", "code"):
                yield from leaves(part, (*path, name))
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, path)
    else:
        yield path, value


def disclosed(answer: Any, home: Home) -> dict[Scope, list[str]]:
    """What an answer tells of a household, by the scope that it takes to be told it."""
    found: dict[Scope, list[str]] = {"validity": [], "area": [], "address": [], "point": []}
    for path, value in leaves(answer):
        where = ".".join(path)
        if isinstance(value, str):
            if any(text.casefold() in value.casefold() for text in home.texts):
                found["address"].append(f"{where}: {value}")
            if any(code in value for code in home.codes_of_point):
                found["point"].append(f"{where}: {value}")
        elif isinstance(value, float) and path[-1] != "weight":
            if min(abs(value - home.lat), abs(value - home.lon)) < NEAR_DEGREES:
                found["point"].append(f"{where}: {value}")
            if path[-1] == "distance_m":
                found["point"].append(f"{where}: {value}")
    for reading in answer.get("readings", ()) if isinstance(answer, dict) else ():
        if reading["code"] in (home.ndas, home.location_id) and reading["system"] in ("ndas", "location_id"):
            found["validity"] += [f"status: {reading['status']}"] if reading["status"] else []
            area = [name for name in ("province", "commune", "postcode", "superseded_by") if reading[name]]
            found["area"] += area
    return found


def told_by(response: Any) -> Any:
    """What an answer says, be it JSON or another text."""
    return response.json if response.is_json and response.data else {"text": response.text}

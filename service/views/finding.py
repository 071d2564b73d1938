"""Places by text, by point and by beginning. Search and reverse answer in GeocodeJSON 0.1.0.

A caller without the scope ``address`` sees streets and communes, never a house, a code or a point
(:mod:`geoaddr.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from geoaddr.finding.records import Completion, Match
from geoaddr.model import Point, Record, Unit
from service.looking import note_codes
from service.operations import GEOJSON, Answer, Asked, Operation
from service.schemas import ReverseQuery, SearchQuery, SuggestQuery

VERSION = "0.1.0"
"""Of GeocodeJSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geocoding(Record):
    """What was asked. ``query`` the text or the point, ``version`` that of GeocodeJSON; of a point its own
    ``province``, ``district`` and ``commune``."""

    version: str
    query: str | Point
    limit: int
    province: Unit | None = None
    district: Unit | None = None
    commune: Unit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocodingFields(Record):
    """A match in the words of GeocodeJSON: ``type`` (house, street, locality, city, state), ``accuracy`` in
    metres, ``city`` the commune, ``state`` the province."""

    type: Literal["house", "street", "locality", "city", "state"]
    accuracy: int | None
    label: str
    name: str | None
    housenumber: str | None
    street: str | None
    locality: str | None
    postcode: str | None
    city: str | None
    state: str | None
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchProperties(Match):
    """A match, and the same in the words of GeocodeJSON."""

    geocoding: GeocodingFields


@dataclass(frozen=True, slots=True, kw_only=True)
class PointGeometry(Record):
    """A point, longitude first."""

    type: Literal["Point"]
    coordinates: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFeature(Record):
    """A match as a GeoJSON feature; ``geometry`` is null where its point is not known, or not told."""

    type: Literal["Feature"]
    geometry: PointGeometry | None
    properties: MatchProperties


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches(Record):
    """Matches as a GeocodeJSON feature collection, the likeliest or nearest first."""

    type: Literal["FeatureCollection"]
    geocoding: Geocoding
    features: tuple[MatchFeature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completions(Record):
    """What a text that is being typed may become, the likeliest first."""

    query: str
    completions: tuple[Completion, ...]


def search(asked: Asked[SearchQuery, None]) -> Answer:
    query = asked.query
    found = asked.sight.found(
        lambda area_only: asked.ga.geocode(query.q, query.limit, as_of=query.as_of, area_only=area_only),
        query.limit,
    )
    note_codes(asked, query.q)
    return Answer(_collection(Geocoding(version=VERSION, query=query.q, limit=query.limit), found))


def reverse(asked: Asked[ReverseQuery, None]) -> Answer:
    query = asked.query
    found = asked.sight.nearby(
        lambda area_only: asked.ga.reverse(
            lat=query.lat,
            lon=query.lon,
            radius_m=query.radius_m,
            limit=query.limit,
            same_commune=query.same_commune,
            as_of=query.as_of,
            area_only=area_only,
        ),
        query.limit,
    )
    here = found.located
    geocoding = Geocoding(
        version=VERSION,
        query=here.point,
        limit=query.limit,
        province=here.province,
        district=here.district,
        commune=here.commune,
    )
    return Answer(_collection(geocoding, found))


def suggest(asked: Asked[SuggestQuery, None]) -> Answer:
    query = asked.query
    found = asked.sight.found(
        lambda area_only: asked.ga.suggest(
            query.q,
            query.limit,
            lat=query.lat,
            lon=query.lon,
            province=query.province,
            as_of=query.as_of,
            area_only=area_only,
        ),
        query.limit,
    )
    return Answer(Completions(query=query.q, completions=tuple(found)))


def _collection(geocoding: Geocoding, found: Iterable[Match]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "geocoding": geocoding,
        "features": [
            {
                "type": "Feature",
                "geometry": _geometry(match.point),
                "properties": {**match, "geocoding": _fields(match)},
            }
            for match in found
        ],
    }


def _geometry(point: Point | None) -> PointGeometry | None:
    return None if point is None else PointGeometry(type="Point", coordinates=[point.lon, point.lat])


def _fields(match: Match) -> GeocodingFields:
    parts = match.components
    kinds: dict[str, Literal["house", "street", "locality", "city", "state"]] = {
        "house": "house",
        "interpolated": "house",
        "street": "street",
        "commune": "city",
        "province": "state",
    }
    return GeocodingFields(
        type=kinds.get(match.match_level, "locality"),
        accuracy=None if match.uncertainty_m is None else round(match.uncertainty_m),
        label=match.label,
        name=parts.poi or parts.building,
        housenumber="/".join([*parts.alley, parts.house_number]) if parts.house_number else None,
        street=parts.street,
        locality=parts.hamlet,
        postcode=match.postcode,
        city=match.commune.full_name if match.commune else None,
        state=match.province.full_name if match.province else None,
        country="Việt Nam",
    )


_FOR_ALL = (
    "Without the scope `address` there are streets that ten known households or more share, and communes: no "
    "house, code or point."
)

OPERATIONS = (
    Operation(
        name="search",
        tag="finding",
        path="/v1/search",
        view=search,
        summary="The places that an address text may mean",
        description="GeocodeJSON. The commune is understood first, of today or of before the reform; then the "
        "street or hamlet is looked for in it, then the house number. `match_level` says how far the text was "
        "followed, `coordinate_level` what the point is of, `uncertainty_m` the radius that holds the true place "
        "with a probability of 68 %, and `score` is the product of `score_parts`. What several places may be "
        "meant by is answered with all of them, each with its `weight`. Nothing understood is an answer (200) "
        "without features. " + _FOR_ALL,
        query=SearchQuery,
        answer=Matches,
        cached="content",
        media=GEOJSON,
        looks_up=True,
    ),
    Operation(
        name="reverse",
        tag="finding",
        path="/v1/reverse",
        view=reverse,
        summary="The addresses nearest to a point",
        description="GeocodeJSON. Standing addresses within `radius_m`, the nearest first with their "
        "`distance_m`; the point's own units are in `geocoding`. " + _FOR_ALL + " They are then those about the "
        "square of 1/512 degree that holds the point, whatever the radius.",
        query=ReverseQuery,
        answer=Matches,
        cached="content",
        media=GEOJSON,
    ),
    Operation(
        name="suggest",
        tag="finding",
        path="/v1/suggest",
        view=suggest,
        summary="What a text that is being typed may become",
        description="From two letters on, accents or none: units of today, old ones with what they are now "
        "(`replaces`), streets and places, and houses once a number is typed. A point or a province brings its "
        "own completions first. " + _FOR_ALL,
        query=SuggestQuery,
        answer=Completions,
        cached="content",
        problems=(404,),
    ),
)

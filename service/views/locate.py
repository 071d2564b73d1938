"""A point to its units, postcode and codes."""

from __future__ import annotations

from geoaddr.model import Located
from service.operations import Answer, Asked, Operation
from service.schemas import LocateQuery


def locate(asked: Asked[LocateQuery, None]) -> Answer:
    query = asked.query
    return Answer(
        asked.ga.locate(lat=query.lat, lon=query.lon, as_of=query.as_of, uncertainty_m=query.uncertainty_m)
    )


OPERATIONS = (
    Operation(
        name="locate",
        tag="lookup",
        path="/v1/locate",
        view=locate,
        summary="The units, postcode and codes at a point",
        description="Outside the country there are no units and `inside` is false: that is an answer, not an "
        "error. `boundary_accuracy` says whether the units come from exact boundaries or approximate cells. "
        "`edge_distance_m` is the way to the nearest border of the commune, up to 1,000 m, and `neighbour` the "
        "commune beyond it. For a rough point, `candidates` are the communes that it may lie in; their weights "
        "and `outside_weight` sum to 1.",
        query=LocateQuery,
        answer=Located,
        hot=True,
        cached="pack",
    ),
)

"""Any code to what it names, as far as the caller may know."""

from __future__ import annotations

from geoaddr.codes import recognise
from geoaddr.model import Resolved
from service import tally
from service.operations import Answer, Asked, Operation
from service.schemas import AsOfQuery


def resolve(asked: Asked[AsOfQuery, None]) -> Answer:
    code = asked.path["code"]
    resolved = asked.ga.resolve(code, as_of=asked.query.as_of)
    for looked_for, found in tally.looked_for(resolved):
        asked.tally.looked_up(looked_for, found=found)
    if "address" not in asked.grants and not resolved.readings and not recognise.forms(code):
        # What a slip may have been meant as depends on which codes exist: a stranger gets the refusal alone.
        raise recognise.refusal(code)
    return Answer(resolved)


OPERATIONS = (
    Operation(
        name="resolve",
        tag="lookup",
        path="/v1/codes/{code}",
        view=resolve,
        summary="Every reading of a code of any system",
        description="NDAS code, Vpostcode, Plus Code, Location ID or parcel geohash, in any spacing and case. "
        "A well-formed code that was never issued is an answer (200) whose reading has the status "
        "`not_issued`; a text that is a code of no system is an error (400). Of a code that only the registry can "
        "read, the scope `validity` shows the status, `area` the commune, postcode and successors, `address` the "
        "address, aliases, history, suggestions and the NDAS code behind a Location ID, `point` the point, cell, "
        "Vpostcode and Plus Code; what is not shown is null. Codes that are computed from a point are decoded for "
        "everyone.",
        parameters={"code": "The code. The plus sign of a Plus Code may stand as it is or as %2B."},
        query=AsOfQuery,
        answer=Resolved,
        needs="validity",
        hot=True,
        looks_up=True,
        cached="content",
    ),
)

"""Any code to what it names, as far as the caller may know."""

from __future__ import annotations

from geoaddr.codes import recognise
from geoaddr.disclosure import at_area_level
from geoaddr.model import Resolved
from service.operations import Answer, Asked, Operation
from service.schemas import AsOfQuery


def resolve(asked: Asked[AsOfQuery, None]) -> Answer:
    code = asked.path["code"]
    resolved = asked.ga.resolve(code, as_of=asked.query.as_of)
    if "address" in asked.grants:
        return Answer(resolved)
    if not resolved.readings and not recognise.forms(code):
        # What a slip may have been meant as depends on which codes exist: a stranger gets the refusal alone.
        raise recognise.refusal(code)
    return Answer(at_area_level(resolved))


OPERATIONS = (
    Operation(
        name="resolve",
        tag="lookup",
        path="/v1/codes/{code}",
        view=resolve,
        summary="Every reading of a code of any system",
        description="NDAS code, Vpostcode, Plus Code, Location ID or parcel geohash, in any spacing and case. "
        "A well-formed code that was never issued is an answer (200) whose reading has the status "
        "`not_issued`; a text that is a code of no system is an error (400). Without the scope `address`, a "
        "code that only the registry can read shows its status, commune, postcode and successors, and its point, "
        "cell, address, Vpostcode, Plus Code, aliases, history and suggestions are null, as is the NDAS code "
        "behind a Location ID; codes that are computed from a point are decoded for everyone.",
        parameters={"code": "The code. The plus sign of a Plus Code may stand as it is or as %2B."},
        query=AsOfQuery,
        answer=Resolved,
    ),
)

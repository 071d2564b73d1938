"""A whole street that has another name now."""

from __future__ import annotations

from dataclasses import replace

from geoaddr.registry.renaming import Renamed
from geoaddr.restating import commune_of_today
from service.life_schemas import MOST_RENAMED, RenameStreetBody
from service.operations import Answer, Asked, Operation
from service.schemas import NoQuery


def rename_street(asked: Asked[NoQuery, RenameStreetBody]) -> Answer:
    province = commune_of_today(asked.ga.locator, asked.body.commune).parent
    asked.rights.may_write_in(province)
    told = asked.ga.rename_street(
        **asked.body.how(),
        allowed=asked.rights.covers,
        done=lambda codes: asked.tally.write_each("rename_street", codes, "write"),
    )
    if "address" not in asked.grants.at(province):  # that a code stands on this street is its text
        told = replace(told, after=None, written=None)
    return Answer(told)


OPERATIONS = (
    Operation(
        name="rename_street",
        tag="addresses",
        method="POST",
        path="/v1/addresses/rename-street",
        view=rename_street,
        summary="Give a street of a commune another name",
        description="Every standing household on the street is amended, as `amend` does it with the cause "
        "`renamed`: each has an entry of its own, keeps its code, and stays findable by its former address. "
        "Case and words for a street do not matter; a household that is written with other accents or none, or "
        "whose `street` holds more than the name, is left to a person and told in `refusals`, with its code "
        f"for those who see addresses. One request looks at {MOST_RENAMED:,} households at most; while some are "
        "`remaining`, send it again, with the `after` of the answer where there is one: each household has one "
        "name or the other, and none is renamed twice. `already` counts those that were renamed before this "
        "request, once none remain.",
        body=RenameStreetBody,
        answer=Renamed,
        needs="write",
    ),
)

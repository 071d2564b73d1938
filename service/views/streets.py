"""A whole street that has another name now."""

from __future__ import annotations

from geoaddr.disclosure import Scope
from geoaddr.registry.renaming import Renamed
from geoaddr.restating import commune_of_today
from service.life_schemas import MOST_RENAMED, RenameStreetBody
from service.operations import Answer, Asked, Operation
from service.schemas import NoQuery

_SCOPES: tuple[Scope, ...] = ("write", "address")
"""What of a street is renamed, by which numbers, tells who lives on it: its households' text."""


def rename_street(asked: Asked[NoQuery, RenameStreetBody]) -> Answer:
    province = commune_of_today(asked.ga.locator, asked.body.commune).parent
    asked.rights.may_write_in(province, *_SCOPES)
    told = asked.ga.rename_street(
        **asked.body.how(),
        allowed=lambda record: asked.rights.covers(record, *_SCOPES),
        done=lambda codes: asked.tally.write_each("rename_street", codes, "write"),
    )
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
        "whose `street` holds more than the name, is left to a person and told in `refusals`. One request "
        f"looks at {MOST_RENAMED:,} households at most; while some are `remaining`, send it again, with the "
        "`after` of the answer: each household has one name or the other, and none is renamed twice. `already` "
        "counts those that were renamed before this request, once none remain. The key needs the scopes `write` "
        "and `address` in the commune's province: how many households are counted tells who lives on the street.",
        body=RenameStreetBody,
        answer=Renamed,
        needs="write",
        needs_too=("address",),
    ),
)

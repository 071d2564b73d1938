"""The steps in the life of an address: each is a verb of the platform, told of one record or of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geoaddr.disclosure import Scope
from geoaddr.lives import Lives
from geoaddr.model import AddressRecord, Amended
from service.life_schemas import (
    AmendBody,
    ConfirmBody,
    DemolishBody,
    EraseBody,
    LifecycleBody,
    MergeBody,
    SplitBody,
    SupersedeBody,
    VisitBody,
    WhyBody,
)
from service.operations import Answer, Asked, Operation
from service.schemas import NoQuery
from service.views.addresses import NDAS, Addresses


@dataclass(frozen=True, slots=True)
class Step:
    """A change: the verb that makes it, what a request says of it, and what is said about it."""

    verb: Callable[..., Any]
    body: type[WhyBody]
    summary: str
    description: str
    needs: Scope = "write"
    answer: type[AddressRecord] = AddressRecord

    @property
    def name(self) -> str:
        return self.verb.__name__


OF_ONE = (
    Step(
        Lives.confirm, ConfirmBody, "Take an address one step up: proposed, verified, live",
        "A retired or superseded address cannot be confirmed (409).",
    ),
    Step(
        Lives.visit, VisitBody, "Write down a round of verification on the spot",
        "Three at most. The first that agrees makes a proposed address verified; the third, where it agrees, "
        "live. A fourth, and one of an address that is live or at an end, is refused (409).",
    ),
    Step(
        Lives.amend, AmendBody, "Change an address that keeps its code",
        "Another entrance, a renamed street, a new number, a correction. What is named changes; a part that is "
        "null or empty is taken out; a commune or province is one of today's. What it was stays readable with "
        "`as_of`, and the former address is kept as an alias. An address at its end cannot be amended (409). A "
        "point in another commune than the code's, or more than 1 km from the one before, is taken, and "
        "`warnings` says so.",
        answer=Amended,
    ),
    Step(
        Lives.retire, LifecycleBody, "End an address that has no successor",
        "The code is never used again, and still answers.",
    ),
    Step(
        Lives.supersede, SupersedeBody, "End an address in favour of others",
        "The code still answers, and says which codes replaced it.",
    ),
    Step(
        Lives.split, SplitBody, "End a building's address in favour of its flats'",
        "The flats' codes must exist (404) and stand (409).",
    ),
    Step(
        Lives.erase, EraseBody, "Erase an address on the ground of privacy, for good",
        "Components, point, aliases and all that its history tells of them are written over. The code stays "
        "taken, and answers as `withdrawn`. Copies that others made with `/v1/changes` are not reached.",
        needs="admin",
    ),
)  # fmt: skip
"""Steps of the address whose code is in the path."""

OF_SEVERAL = (
    Step(
        Lives.demolish, DemolishBody, "End the addresses of what was pulled down",
        "All or none. The codes still answer.",
    ),
    Step(
        Lives.merge, MergeBody, "End the addresses of flats that became one",
        "All or none, in favour of the one that must exist (404) and stand (409).",
    ),
)  # fmt: skip
"""Steps of all addresses that the body names."""


def _of_one(step: Step) -> Operation:
    def view(asked: Asked[NoQuery, WhyBody]) -> Answer:
        asked.body.check(asked.rights, asked.path["ndas"])
        record = step.verb(asked.ga, asked.path["ndas"], **asked.body.how())
        asked.tally.write_each(step.name, [record.ndas], step.needs)
        return Answer(record)

    return _operation(step, f"/v1/addresses/{{ndas}}/{step.name}", view, step.answer, NDAS)


def _of_several(step: Step) -> Operation:
    def view(asked: Asked[NoQuery, WhyBody]) -> Answer:
        asked.body.check(asked.rights)
        records = tuple(step.verb(asked.ga, **asked.body.how()))
        asked.tally.write_each(step.name, [record.ndas for record in records], step.needs)
        return Answer(Addresses(addresses=records))

    return _operation(step, f"/v1/addresses/{step.name}", view, Addresses, {})


def _operation(step: Step, path: str, view: Any, answer: Any, parameters: dict[str, str]) -> Operation:
    return Operation(
        name=step.name,
        tag="addresses",
        method="POST",
        path=path,
        view=view,
        summary=step.summary,
        description=step.description,
        parameters=parameters,
        body=step.body,
        answer=answer,
        needs=step.needs,
        problems=(404, 409),
    )


OPERATIONS = (*map(_of_one, OF_ONE), *map(_of_several, OF_SEVERAL))

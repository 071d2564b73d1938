"""What an endpoint is: one declaration that is routed, enforced and documented from the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from service.access import Grants, Scope
from service.schemas import Body, NoQuery, Query

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

JSON = "application/json"
GEOJSON = "application/geo+json"

Q = TypeVar("Q", bound=Query)
B = TypeVar("B", bound=Body | None)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Q, B]):
    """One request, read and checked: what a view works from, with no framework in sight."""

    ga: Geoaddr
    path: Mapping[str, str]
    query: Q
    body: B
    grants: Grants
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view says: values of :mod:`geoaddr.model` or JSON-ready data, a status, headers."""

    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An endpoint.

    ``path`` and ``parameters`` (what each part of the path is) as OpenAPI writes them; ``answer`` the type
    of the content, and ``statuses`` what a success means; ``needs`` the scope without which nothing is
    answered; ``problems`` the statuses of errors beside those that any request can meet.
    """

    name: str
    tag: str
    method: Literal["GET", "POST"] = "GET"
    path: str
    view: Callable[[Asked[Any, Any]], Answer]
    summary: str
    description: str
    answer: Any
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "The answer."})
    media: str = JSON
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: type[Query] = NoQuery
    body: type[Body] | None = None
    idempotent: bool = False
    needs: Scope = "area"
    problems: tuple[int, ...] = ()

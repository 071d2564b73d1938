"""What an endpoint is: one declaration that is routed, enforced and documented from the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from flask import Request

from geoaddr.disclosure import Grants, Scope
from service.access import Caller, Rights
from service.caching import Cached
from service.schemas import Body, NoQuery, Query

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr
    from geoaddr.sight import Sight
    from service.jobs.offered import Offered
    from service.keys.shares import Shares
    from service.tally import Tally

JSON = "application/json"
GEOJSON = "application/geo+json"

Q = TypeVar("Q", bound=Query)
B = TypeVar("B")


@dataclass(slots=True)  # not frozen: one is made for each request, and that takes four times as long
class Asked(Generic[Q, B]):
    """One request, read and checked: what a view works from, with no framework in sight.

    ``sight`` is what the caller sees: a view asks it for answers that are made of many households, and what a
    view answers is shown by it in any case. ``rights`` is what the caller may write. ``tally`` counts what was
    looked for.
    """

    ga: Geoaddr
    path: Mapping[str, str]
    query: Q
    body: B
    caller: Caller
    sight: Sight
    rights: Rights
    tally: Tally
    shares: Shares
    jobs: Callable[[], Offered]
    idempotency_key: str | None = None
    lang: str = "en"
    stopping: bool = False

    @property
    def grants(self) -> Grants:
        """The scopes that the caller holds, and where."""
        return self.caller.grants

    @property
    def owner(self) -> str:
        """Whose the caller's jobs are: the key's, or nobody's in an open service."""
        return self.caller.key or ""


@dataclass(slots=True)
class Answer:
    """What a view says: values of :mod:`geoaddr.model`, JSON-ready data or bytes, a status,
    headers; ``sight`` where it is not the caller's that shows it. What a view answers as bytes it has shown and
    written down itself; so it has the file whose path it answers. ``download``: the name under which a browser
    keeps it."""

    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    sight: Sight | None = None
    download: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A body that is no JSON object.

    ``read`` takes it from a request; ``content`` are the JSON schemas of what it may be, by media type; ``part``
    names one schema that these refer to.
    """

    read: Callable[[Request], Any]
    content: Mapping[str, Mapping[str, Any]]
    part: type[Body] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An endpoint.

    ``path`` and ``parameters`` (what each part of the path is) as OpenAPI writes them; ``answer`` the type of
    the content, and ``statuses`` what a success means; ``needs`` the scope without which nothing is answered,
    ``None`` for what machines ask that hold no key,
    ``needs_too`` the others; ``looks_up`` whether it tells which codes exist; ``hot``
    whether it is asked so often that plain requests are answered before Flask is entered (see
    :mod:`service.direct`); ``large`` whether its body may be as large as a batch, ``upload`` as a file;
    ``problems`` the statuses of errors beside those that any request can meet; ``also`` the other media types that
    an answer may have, and what they are; ``cached`` what callers may keep of it, as :mod:`service.caching` says.
    """

    name: str
    tag: str
    method: Literal["GET", "POST", "DELETE"] = "GET"
    path: str
    view: Callable[[Asked[Any, Any]], Answer]
    summary: str
    description: str
    answer: Any
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "The answer."})
    media: str = JSON
    also: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: type[Query] = NoQuery
    body: type[Body] | Sent | None = None
    large: bool = False
    upload: bool = False
    cached: Cached = "no"
    idempotent: bool = False
    looks_up: bool = False
    hot: bool = False
    needs: Scope | None = "area"
    needs_too: tuple[Scope, ...] = ()
    problems: tuple[int, ...] = ()

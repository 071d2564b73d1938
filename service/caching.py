"""What callers may keep of an answer, and how they ask whether it still stands (ETag, RFC 9110).

An answer from the pack alone is known by the pack's version, the software's and the request, so that 304 is
said before anything is looked for. What a registry decides is known by its content: a version of the registry
would be a question to it at each request, would change with every address that is issued anywhere, and says
nothing of what the caller may see. Such an answer costs its verb, and is not sent twice. Both tags are weak:
compression changes the bytes.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple

from flask import Response, request

Cached = Literal["pack", "content", "no"]
"""What an answer depends on: the pack alone, the registry and the caller's rights too, or nothing to be kept."""

PACK_S = 300
"""How long an answer of the pack is kept without asking: so long a new pack may go unnoticed."""

_CONTROL: dict[Cached, str] = {
    "pack": f"max-age={PACK_S}",
    "content": "private, no-cache",
    "no": "no-store",
}


class Keeping(NamedTuple):
    """What decides what may be kept of an answer: what it depends on, the version of the software and the pack,
    and whether a key was used: nobody between keeps what it opened."""

    cached: Cached
    version: str
    keyed: bool

    def tag(self, path: str, query: bytes, content: bytes) -> str:
        """The tag of an answer."""
        if self.cached == "pack":
            return _digest(f"{self.version}\n{path}\n".encode() + query)
        return _digest(content)

    def headers(self, tag: str) -> list[tuple[str, str]]:
        """What an answer with a tag says of itself."""
        shared = ("private, " if self.keyed else "public, ") if self.cached == "pack" else ""
        said = [("Cache-Control", shared + _CONTROL[self.cached]), ("ETag", f'W/"{tag}"')]
        return [*said, ("Vary", "Authorization")] if self.cached == "content" or self.keyed else said


NOT_KEPT = ("Cache-Control", _CONTROL["no"])
"""What every other answer says."""


def unchanged(keep: Keeping) -> Response | None:
    """304, where the request alone tells that the caller has the answer."""
    if keep.cached != "pack":
        return None
    tag = keep.tag(request.path, request.query_string, b"")
    return _marked(Response(status=304), keep, tag) if _is_known(tag) else None


def tagged(response: Response, keep: Keeping) -> Response:
    """The same with its tag, or 304 where the caller has it."""
    if keep.cached == "no" or response.status_code != 200:
        response.headers.setdefault(*NOT_KEPT)
        return response
    tag = keep.tag(request.path, request.query_string, response.data)
    return _marked(Response(status=304) if _is_known(tag) else response, keep, tag)


def _marked(response: Response, keep: Keeping, tag: str) -> Response:
    for name, value in keep.headers(tag):
        if name == "Vary":
            response.vary.add(value)
        else:
            response.headers[name] = value
    return response


def _is_known(tag: str) -> bool:
    return not request.if_none_match.star_tag and request.if_none_match.contains_weak(tag)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()

"""The codes that a verdict was reached by: what it may tell of their households depends on where these lie."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from geoaddr.disclosure import is_computed
from geoaddr.errors import InvalidCode
from geoaddr.model import Reading, Resolved

if TYPE_CHECKING:
    from geoaddr.validation.records import Validated


def looked_at(judged: Validated, resolve: Callable[[str], Resolved]) -> list[Reading]:
    """What the registry says of the codes in the question of a verdict, and of the household that its text names;
    of codes that it cannot know, nothing.

    :param resolve: answers every reading of a code. :raises InvalidCode: for a text that is none.
    """
    found: list[Reading] = []
    for part in judged.components:
        written = part.given if part.given is not None else part.value
        if part.name == "code" and written is not None:
            with suppress(InvalidCode):
                found.extend(each for each in resolve(written).readings if not is_computed(each))
    return found

"""Places with a name that an address may stand in: a hamlet, a building, or what the place itself is called.

:func:`place_key` is the form in which such names are compared. Registries keep it with each record, so a change of
it goes with a step that computes the keys anew.
"""

from __future__ import annotations

import re
from functools import lru_cache

from geoaddr.model import Components
from geoaddr.text.fold import fold

_SHORT = tuple(
    (re.compile(pattern), full)
    for pattern, full in (
        (r"^(?:tdp|to dp) ?(?:so )?", "to dan pho "),
        (r"^(?:kp|k pho) ?(?:so )?(?=\d)", "khu pho "),
        (r"^t ?(?=\d)", "to "),
        (r"^(?:cc|c cu) ", "chung cu "),
        (r"^(?:thpt) ", "trung hoc pho thong "),
        (r"^(to dan pho|khu pho|to|thon|ap|xom|ban|khom|lang|buon|khoi) so (?=\d)", r"\1 "),
        (r"(?<!\d)0+(?=\d)", ""),
        (r"(?<=[bcdghklmnprstvq])y\b", "i"),
    )
)


@lru_cache(maxsize=16_384)
def place_key(written: str) -> str:
    """The form in which names of places are compared; empty for what names none.

    Left out: accents, case, signs, zeros before a number, ``số`` before it, the difference of i and y; usual short
    forms are written out. Of a list parted by commas the first counts.

    >>> place_key("TDP số 05"), place_key("Tổ dân phố 5"), place_key("KP.3, TDP 5")
    ('to dan pho 5', 'to dan pho 5', 'khu pho 3')
    """
    name = fold(written.split(",", 1)[0])
    for pattern, full in _SHORT:
        name = pattern.sub(full, name)
    return name.strip()


def place_of(components: Components) -> str | None:
    """The key of the place that an address stands in: what it is called, before
    the building before the hamlet."""
    for written in (components.poi, components.building, components.hamlet):
        if written and (key := place_key(written)):
            return key
    return None

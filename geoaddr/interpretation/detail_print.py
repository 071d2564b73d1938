"""A detail as one line in the official order, and its house number as levels that can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.interpretation.detail import Detail
from geoaddr.text.fold import fold

_ALLEY_WORDS = frozenset({"ngo", "ng", "ngach", "ngh", "ngoc", "hem", "h", "kiet", "alley", "lane", "so"})


def reprint(detail: Detail, *, with_rest: bool = False) -> str:
    """The detail in the order of Vietnamese addresses, from small to large, ready for the commune to follow:
    code, place, flat, floor, building, house number, alleys, street, hamlet.

    ``số`` is put before a house number that an alley or no street follows, ``đường`` before a street that
    would read as a number. The postcode is not printed: it belongs after the province. What was not
    understood is left out, for it may name units that are not true any more, unless ``with_rest`` asks for it.
    """
    door = door_line(detail.house_number, detail.alley, detail.street)
    printed = [detail.plus_code, detail.poi, detail.unit, detail.floor, detail.building]
    printed += [door, detail.hamlet, detail.rest if with_rest else None]
    return ", ".join(piece for piece in printed if piece)


def door_line(house_number: str | None, alley: Sequence[str], street: str | None) -> str:
    """A house number, its alleys from the street inwards, and the street, as :func:`reprint` writes them."""
    number, name = house_number or "", street or ""
    if number[:1].isdigit() and (alley or not name):
        number = f"số {number}"
    if name[:1].isdigit():
        name = f"đường {name}"
    if not alley:
        return f"{number} {name}" if number and name else number or name
    return " ".join(piece for piece in (number, *reversed(alley), name) if piece)


def levels(detail: Detail) -> tuple[str, ...]:
    """The numbers from the street inwards, the house last: the same for ``số 5 ngách 12/34 ngõ 12`` and for
    ``12/34/5``, and for ``kiệt 12`` and ``K12``. Alleys without a number stand by name, folded.

    >>> levels(Detail(house_number="5", alley=("ngõ 12", "ngách 12/34")))
    ('12', '34', '5')
    """
    chain: list[str] = []
    for alley in detail.alley:
        _extend(chain, _alley_number(alley))
    if detail.house_number:
        _extend(chain, detail.house_number)
    return tuple(chain)


def _alley_number(alley: str) -> str:
    words = alley.replace(".", " ").split()
    while len(words) > 1 and fold(words[0]) in _ALLEY_WORDS:
        words = words[1:]
    return " ".join(words)


def _extend(chain: list[str], written: str) -> None:
    """Adds the levels of one number, but for those that it repeats of the chain before it."""
    pieces = written.split("/")
    numbers = [_level(piece, inner=at + 1 < len(pieces)) for at, piece in enumerate(pieces)]
    repeated = _shared(chain, numbers)
    chain.extend(numbers[repeated:])


def _shared(chain: Sequence[str], numbers: Sequence[str]) -> int:
    return len(chain) if len(numbers) > len(chain) and list(numbers[: len(chain)]) == list(chain) else 0


def _level(piece: str, *, inner: bool) -> str:
    """One level in capitals; before a slash ``K12`` (kiệt) and ``H5`` (hẻm) are 12 and 5."""
    level = "".join(piece.split()).upper() if any(c.isdigit() for c in piece) else fold(piece)
    return level[1:] if inner and level[:1] in ("K", "H") and level[1:2].isdigit() else level

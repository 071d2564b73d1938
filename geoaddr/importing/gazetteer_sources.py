"""From a pack's gazetteer back to its sources, so that it can be changed and written again."""

from __future__ import annotations

from collections.abc import Iterator

from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import GRADES, code_of, day_of
from geoaddr.importing.gazetteer_sections import NO_TYPE
from geoaddr.importing.sources import Link, OtherName, Postcode, Sources, Stretch
from geoaddr.pack import Pack
from geoaddr.profiles.vn import POSTCODE_WIDTH


def sources_of(pack: Pack) -> Sources:
    """What :func:`~geoaddr.importing.gazetteer_sections.to_sections` made the gazetteer of ``pack`` from.

    Made again of it, the sections are the same to the byte.
    """
    stretches = _stretches(pack)
    return Sources(pack.info.date, stretches, _links(pack), [*_names(pack, stretches)], _postcodes(pack))


def _stretches(pack: Pack) -> list[Stretch]:
    table = Gazetteer.from_pack(pack).tables[0]
    found = []
    for row in range(len(table.keys)):
        unit = table.unit(row)
        found.append(
            Stretch(
                unit.level, unit.code, unit.type, unit.name, unit.parent, unit.valid_from, unit.valid_to,
                unit.legal_basis, bool(table.continues[row]),
            )
        )  # fmt: skip
    return found


def _links(pack: Pack) -> list[Link]:
    bases = [*pack.strings("units.bases")]
    columns = (pack.view(f"links.{name}") for name in ("old", "new", "grade", "on", "basis", "main"))
    found = []
    for old, new, grade, on, basis, main in zip(*columns, strict=True):
        day = day_of(on)
        if day is not None:  # a link always has one
            ends = (*code_of(old), *code_of(new))
            found.append(Link(*ends, GRADES[grade], day, bases[basis] or None, main=bool(main)))
    return found


def _names(pack: Pack, stretches: list[Stretch]) -> Iterator[OtherName]:
    """Names beyond those that a unit has or had itself, each once for every stretch of its unit."""
    types = [*pack.strings("units.types")]
    own: dict[int, set[tuple[str, str]]] = {}
    names: set[tuple[str, str]] = set()
    for row, stretch in enumerate(stretches):
        names = names if stretch.continues else set()
        names.add((stretch.name, stretch.type))
        own[row] = names
    entries = zip(pack.view("names.row"), pack.view("names.type"), pack.strings("names.text"), strict=True)
    for row, kind, text in entries:
        typed, stretch = (None if kind == NO_TYPE else types[kind]), stretches[row]
        # what a unit was or will be called names it without being listed; its present name does only if it is
        if text and ((text, typed) not in own[row] or (text, typed) == (stretch.name, stretch.type)):
            yield OtherName(stretch.level, stretch.code, stretch.valid_from, text, typed, "former")


def _postcodes(pack: Pack) -> list[Postcode]:
    columns = (pack.view(f"postcodes.{name}") for name in ("unit", "code", "from", "to"))
    found = []
    for unit, code, begin, end in zip(*columns, strict=True):
        first = day_of(begin)
        if first is not None:
            found.append(Postcode(code_of(unit)[1], f"{code:0{POSTCODE_WIDTH}d}", first, day_of(end)))
    return found

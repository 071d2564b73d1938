"""From the gazetteer's sources to the sections of a pack, and from one pack into another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from geoaddr.errors import DataError, Said
from geoaddr.gazetteer.layout import GRADES, NO_KEY, PREFIXES, key_of, level_of, ordinal
from geoaddr.importing.sources import Link, OtherName, Postcode, Sources, Stretch
from geoaddr.text.fold import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sections = dict[str, "NDArray[Any] | list[str] | bytes"]


class AnyPack(Protocol):
    """What copying needs of an open pack."""

    @property
    def sections(self) -> Mapping[str, object]:
        """The pack's sections by name."""

    def array(self, name: str) -> NDArray[Any]:
        """A section's numbers or bytes."""


def to_sections(sources: Sources) -> Sections:
    """The sections ``units.*``, ``names.*``, ``links.*`` and ``postcodes.*`` of ``sources``.

    The same sources give the same bytes.
    """
    stretches = sorted(sources.stretches, key=lambda s: (key_of(s.level, s.code), s.valid_from))
    links = sorted(sources.links, key=lambda x: (key_of(x.old_level, x.old), key_of(x.new_level, x.new), x.on))
    bases = ["", *sorted({b for b in [s.legal_basis for s in stretches] + [x.legal_basis for x in links] if b})]
    types = sorted({s.type for s in stretches} | {n.type for n in sources.names if n.type})
    return {
        **_units(stretches, types, bases),
        **_names(stretches, sources.names, types),
        **_links(links, bases),
        **_postcodes(sources.postcodes),
    }


def copy_sections(pack: AnyPack) -> Sections:
    """The gazetteer's sections of an existing pack, to be written unchanged into another."""
    return {name: pack.array(name) for name in sorted(pack.sections) if name.startswith(PREFIXES)}


def _units(stretches: list[Stretch], types: list[str], bases: list[str]) -> Sections:
    import numpy as np

    return {
        "units.key": np.array([key_of(s.level, s.code) for s in stretches], "<u4"),
        "units.from": np.array([ordinal(s.valid_from) for s in stretches], "<i4"),
        "units.to": np.array([ordinal(s.valid_to) for s in stretches], "<i4"),
        "units.parent": np.array([_parent_key(s) for s in stretches], "<u4"),
        "units.continues": np.array([s.continues for s in stretches], "|u1"),
        "units.type": np.array([types.index(s.type) for s in stretches], "|u1"),
        "units.basis": np.array([bases.index(s.legal_basis or "") for s in stretches], "<u2"),
        "units.name": [s.name for s in stretches],
        "units.types": types,
        "units.bases": bases,
    }


def _parent_key(stretch: Stretch) -> int:
    if stretch.parent is None:
        return NO_KEY
    return key_of(level_of(stretch.parent) or stretch.level, stretch.parent)


def _names(stretches: list[Stretch], names: list[OtherName], types: list[str]) -> Sections:
    """Entries (folded name, row, type, text); the text is empty where it is the row's own name."""
    import numpy as np

    entries = {(_name_key(s.name), row, types.index(s.type), "") for row, s in enumerate(stretches)}
    chains = _chains(stretches)
    for rows in set(chains.values()):
        for row in rows:
            for other in rows:  # a name or type that the unit had before or got later names it all the same
                if (stretches[other].name, stretches[other].type) != (stretches[row].name, stretches[row].type):
                    name = stretches[other].name
                    entries.add((_name_key(name), row, types.index(stretches[other].type), name))
    rows_of: dict[tuple[str, str], list[int]] = {}
    for row, stretch in enumerate(stretches):
        rows_of.setdefault((stretch.level, stretch.code), []).append(row)
    for alias in names:
        for row in _rows_named(alias, stretches, rows_of, chains):
            kind = types.index(alias.type) if alias.type else NO_TYPE
            entries.add((_name_key(alias.name), row, kind, alias.name))
    ordered = sorted(entries)
    keys = sorted({entry[0] for entry in ordered})
    place = {key: i for i, key in enumerate(keys)}
    counts = np.bincount([place[entry[0]] for entry in ordered], minlength=len(keys))
    return {
        "names.key": keys,
        "names.start": np.concatenate([[0], np.cumsum(counts)]).astype("<u4"),
        "names.row": np.array([entry[1] for entry in ordered], "<u4"),
        "names.type": np.array([entry[2] for entry in ordered], "|u1"),
        "names.text": [entry[3] for entry in ordered],
    }


NO_TYPE = 255
"""In ``names.type``: an alias that stands without a type."""


def _name_key(name: str) -> str:
    folded = fold(name)
    return (folded.lstrip("0") or "0") if folded.isdigit() else folded


def _chains(stretches: list[Stretch]) -> dict[int, tuple[int, ...]]:
    """For each row the rows of the same unit: the stretches that continue one another."""
    chains: dict[int, tuple[int, ...]] = {}
    current: list[int] = []
    for row, stretch in enumerate([*stretches, None]):
        if stretch is None or not stretch.continues:
            chains.update(dict.fromkeys(current, tuple(current)))
            current = []
        current.append(row)
    return chains


def _rows_named(
    alias: OtherName,
    stretches: list[Stretch],
    rows_of: dict[tuple[str, str], list[int]],
    chains: dict[int, tuple[int, ...]],
) -> tuple[int, ...]:
    for row in rows_of.get((alias.level, alias.code), ()):
        stretch = stretches[row]
        if stretch.valid_from <= alias.on and (stretch.valid_to is None or alias.on < stretch.valid_to):
            return chains[row]
    raise DataError(
        "aliases",
        Said(
            f"{alias.name}: no {alias.level} {alias.code} on {alias.on.isoformat()}",
            f"{alias.name}: không có đơn vị {alias.code} vào ngày {alias.on.isoformat()}",
        ),
    )


def _links(links: list[Link], bases: list[str]) -> Sections:
    import numpy as np

    new = np.array([key_of(x.new_level, x.new) for x in links], "<u4")
    return {
        "links.old": np.array([key_of(x.old_level, x.old) for x in links], "<u4"),
        "links.new": new,
        "links.grade": np.array([GRADES.index(x.grade) for x in links], "|u1"),
        "links.on": np.array([ordinal(x.on) for x in links], "<i4"),
        "links.basis": np.array([bases.index(x.legal_basis or "") for x in links], "<u2"),
        "links.main": np.array([x.main for x in links], "|u1"),
        "links.by_new": np.argsort(new, kind="stable").astype("<u4"),
    }


def _postcodes(postcodes: list[Postcode]) -> Sections:
    import numpy as np

    rows = sorted(postcodes, key=lambda p: (p.commune, p.valid_from))
    code = np.array([int(p.postcode) for p in rows], "<u4")
    return {
        "postcodes.unit": np.array([key_of("commune", p.commune) for p in rows], "<u4"),
        "postcodes.code": code,
        "postcodes.from": np.array([ordinal(p.valid_from) for p in rows], "<i4"),
        "postcodes.to": np.array([ordinal(p.valid_to) for p in rows], "<i4"),
        "postcodes.by_code": np.argsort(code, kind="stable").astype("<u4"),
    }

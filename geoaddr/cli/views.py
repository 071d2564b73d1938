"""Answers as labelled lines for people. Programs read ``--json``, which is the answer itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from geoaddr.cli.labels import label, word
from geoaddr.model import (
    AddressRecord,
    Assigned,
    Cell,
    Components,
    Level,
    LevelBasis,
    Located,
    Point,
    Reading,
    Suggestion,
    Unit,
)
from geoaddr.text.figures import figure, length
from geoaddr.text.fold import fold_keep_accents

Rows = Iterator[tuple[str, str | Sequence[str] | None]]

METRES_A_DEGREE = 111_320
"""Of latitude, on the sphere; only for the size of a cell as a person reads it."""


def located_rows(answer: Located, lang: str) -> Rows:
    """What there is to say of a point."""
    yield "point", point_text(answer.point)
    yield "as_of", answer.as_of.isoformat()
    yield "province", unit_text(answer.province)
    yield "district", unit_text(answer.district)
    yield "commune", unit_text(answer.commune) if answer.inside else word("outside", lang)
    yield from candidate_rows(answer, lang)
    yield "postcode", answer.postcode
    yield "vpostcode", answer.vpostcode
    yield "plus_code", answer.plus_code
    yield "parcel_geohash", answer.parcel_geohash
    if any(how.basis != "boundary" for how in answer.basis_by_level.values()):
        yield "basis", list(dict.fromkeys(_basis_text(answer.basis_by_level, lang)))
    yield "disagreements", [each.why[lang] for each in answer.disagreements]
    yield "boundary_accuracy", word(answer.boundary_accuracy, lang)
    yield "pack", answer.pack.said()
    if answer.as_of > answer.pack.date:
        yield "note", word("data_ends", lang).format(day=answer.pack.date)


def candidate_rows(answer: Located, lang: str) -> Rows:
    """The other communes that a point lies in, or may lie in, and how near the border is."""
    if answer.uncertainty_m is not None:
        shares = [(unit_text(unit) or "", unit.weight) for unit in answer.candidates]
        if answer.outside_weight:
            shares.append((word("outside_share", lang), answer.outside_weight))
        yield "uncertainty", f"± {figure(answer.uncertainty_m, lang, 'g')} m"
        yield "candidates", [f"{name}: {figure(100 * weight, lang, '.0f')} %" for name, weight in shares]
    else:
        own = answer.commune.code if answer.commune else None
        others = [unit_text(unit) or "" for unit in answer.candidates if unit.code != own]
        yield ("also_in" if own else "candidates"), others
    if answer.edge_distance_m is not None:
        beyond = unit_text(answer.neighbour) or word("open_border", lang)
        yield "border", f"{length(answer.edge_distance_m, lang)}: {beyond}"


def _basis_text(bases: Mapping[Level, LevelBasis], lang: str) -> Iterator[str]:
    """How each level was found; one line where all were found alike."""
    if len(set(bases.values())) == 1:
        yield word(next(iter(bases.values())).basis, lang)
        return
    for level, how in bases.items():
        since = word("layer_of", lang).format(day=how.valid_from)
        yield f"{label(level, lang)}: {word(how.basis, lang)} ({since})"


def reading_rows(reading: Reading, lang: str) -> Rows:
    """One way to understand a code."""
    yield "system", word(reading.system, lang)
    yield "status", word(reading.status, lang)
    if reading.ndas and reading.ndas != reading.code:
        yield "ndas", ndas_text(reading.ndas)
    if reading.address:
        yield "address", address_text(reading.address.components, (reading.commune, reading.province))
    yield "commune", unit_text(reading.commune)
    yield "province", unit_text(reading.province)
    yield "postcode", reading.postcode
    yield "point", point_text(reading.point) if reading.point else None
    yield "cell", cell_text(reading.cell, lang) if reading.cell else None
    yield "vpostcode", reading.vpostcode
    yield "plus_code", reading.plus_code
    yield "aliases", [f"{word(alias.system, lang)} {alias.code}" for alias in reading.aliases or ()]
    yield "superseded_by", [ndas_text(code) for code in reading.superseded_by or ()]
    yield "history", [f"{event.at}  {word(event.kind, lang)}" for event in reading.history or ()]


def suggestion_text(suggestion: Suggestion, lang: str) -> str:
    """A code that may have been meant, and why."""
    return f"{code_text(suggestion.code)}  {suggestion.reason[lang]}"


def assigned_rows(answer: Assigned, lang: str) -> Rows:
    """What there is to say of a household that was given its code."""
    yield "outcome", word(answer.outcome, lang)
    draft = f", {word('to_confirm', lang)}" if answer.status == "proposed" else ""
    yield "status", word(answer.status, lang) + draft
    yield from record_rows(answer.address, lang, (answer.commune, answer.province))
    yield "commune", unit_text(answer.commune)
    yield "province", unit_text(answer.province)
    yield "postcode", answer.postcode
    yield "vpostcode", answer.vpostcode
    yield "plus_code", answer.plus_code
    yield "boundary_accuracy", word(answer.boundary_accuracy, lang)


def record_rows(record: AddressRecord, lang: str, units: Sequence[Unit | None] = ()) -> Rows:
    """The part of a record that people ask for: the address and its point."""
    yield "address", address_text(record.components, units)
    source = f" ({word(record.point_source, lang)})"
    good_to = f", ± {figure(record.uncertainty_m, lang, 'g')} m" if record.uncertainty_m is not None else ""
    yield "point", point_text(record.point) + good_to + source


def unit_rows(unit: Unit, parents: Sequence[Unit], successors: Sequence[str], lang: str) -> Rows:
    """An administrative unit with the units above it and, when it ended, those that continue it."""
    yield "full_name", unit.full_name
    yield "code", unit.code
    yield "level", word(unit.level, lang)
    yield "type", unit.type
    yield "parent", [unit_text(parent) or "" for parent in parents]
    yield "valid_from", unit.valid_from.isoformat()
    yield "valid_to", unit.valid_to.isoformat() if unit.valid_to else None
    yield "legal_basis", unit.legal_basis
    yield "successors", successors


def unit_text(unit: Unit | None) -> str | None:
    """A unit on one line: full name and code."""
    return f"{unit.full_name} ({unit.code})" if unit else None


def point_text(point: Point) -> str:
    """A point as latitude, longitude with at most seven decimals (a centimetre)."""
    return ", ".join(f"{value:.7f}".rstrip("0").rstrip(".") for value in (point.lat, point.lon))


def cell_text(cell: Cell, lang: str) -> str:
    """A cell by its corners and its size."""
    low, high = Point(lat=cell.south, lon=cell.west), Point(lat=cell.north, lon=cell.east)
    height_m = (cell.north - cell.south) * METRES_A_DEGREE
    width_m = (cell.east - cell.west) * METRES_A_DEGREE * math.cos(math.radians(cell.centre.lat))
    return f"{point_text(low)} – {point_text(high)} ({length(width_m, lang)} × {length(height_m, lang)})"


def code_text(code: str) -> str:
    """An NDAS code in its two groups; any other code as it is."""
    return ndas_text(code) if is_ndas(code) else code


def is_ndas(code: str) -> bool:
    """Whether a compact code has the form of an NDAS code."""
    return len(code) == 10 and code.isdigit()


def ndas_text(code: str) -> str:
    """Ten digits as a person reads them: area, extension."""
    return f"{code[:5]} {code[5:]}"


def address_text(parts: Components, units: Sequence[Unit | None] = ()) -> str | None:
    """The stated components on one line, small to large.

    A line comes first as it was stated, then what it does not say itself. A commune or province that was stated
    by its code is shown by its name where it is one of ``units``.
    """
    small = " ".join(part for part in (parts.house_number, *parts.alley, parts.street) if part)
    places = [_named(code_or_name, units) for code_or_name in (parts.commune, parts.province)]
    below = [parts.poi, parts.unit, parts.floor, parts.building, small, parts.hamlet]
    if parts.text:
        said = {fold_keep_accents(part) for part in parts.text.split(",")}
        places = [part for part in places if part and fold_keep_accents(part) not in said]
        words = set(fold_keep_accents(parts.text).split())
        below = [parts.text, *(p for p in below if p and not words.issuperset(fold_keep_accents(p).split()))]
    return ", ".join(part for part in (*below, *places) if part) or None


def _named(code_or_name: str | None, units: Sequence[Unit | None]) -> str | None:
    return next((unit.full_name for unit in units if unit and unit.code == code_or_name), code_or_name)

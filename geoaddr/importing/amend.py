"""A resolution applied to a pack: its gazetteer changed, its layers redrawn, written as a new pack."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geoaddr.boundaries.vintages import LayerInfo, Vintages, present_of
from geoaddr.errors import Said
from geoaddr.importing import dated_layers
from geoaddr.importing.amended_layers import Redrawn, provinces_ended, redraw, relayered
from geoaddr.importing.amending import Made, amended
from geoaddr.importing.dated_layers import Sections
from geoaddr.importing.gazetteer_sections import to_sections
from geoaddr.importing.gazetteer_sources import sources_of
from geoaddr.importing.layer_import import Progress, free_target
from geoaddr.importing.resolution import Resolution, read_resolution
from geoaddr.importing.sources import Sources, Stretch
from geoaddr.model import Level, PackInfo, Record
from geoaddr.pack import Pack, write_pack

ONE_DAY = dt.timedelta(days=1)

Layers = dict[LayerInfo, Callable[[], Sections]]


@dataclass(frozen=True, slots=True)
class Touched(Record):
    """One line of a resolution, with the names of what it touches. ``after``: what the unit is or goes into."""

    action: str
    on: dt.date
    legal_basis: str
    level: Level
    code: str
    before: str
    into: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(Record):
    """What a resolution does to a pack. ``layers`` are all layers of the new pack; ``redrawn`` the days from which
    communes have new polygons; ``pack`` is ``None`` where nothing was written."""

    file: str
    sha256: str
    touched: tuple[Touched, ...]
    layers: tuple[LayerInfo, ...]
    redrawn: tuple[dt.date, ...]
    notes: tuple[Mapping[str, str], ...]
    date: dt.date
    pack: PackInfo | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A resolution worked out on a pack, nothing written: ``told`` says it, the rest is what to write."""

    base: Pack
    resolution: Resolution
    sources: Sources
    redrawn: list[Redrawn]
    layers: Layers
    told: Amended


def plan(file: str | os.PathLike[str], base: Pack) -> Plan:
    """Work a resolution out on a pack.

    :raises DataError: naming the line and column of what does not fit the pack.
    """
    resolution = read_resolution(Path(file))
    before = sources_of(base)
    after, made = amended(before, resolution)
    held = dated_layers.layers_of(base)
    redrawn: list[Redrawn] = []
    layers: Layers = {}
    moved = _province_ground_moves(resolution, before, made)
    if held:
        vintages = Vintages(base, base.info.date, base.info.boundary_accuracy)
        redrawn = redraw(vintages, made)
        present = present_of([*held], base.info.date)
        layers = provinces_ended(relayered(held, present, redrawn, resolution.file.name), moved)
    told = Amended(
        file=resolution.file.name, sha256=resolution.sha256,
        touched=tuple(_touched(resolution, before, after)), layers=tuple(layers),
        redrawn=tuple(each.day for each in redrawn),
        notes=tuple({"en": n.en, "vi": n.vi} for n in _notes([*held], made, redrawn, [*layers])),
        date=after.date, pack=None,
    )  # fmt: skip
    return Plan(base, resolution, after, redrawn, layers, told)


def amend(
    file: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    base: Pack,
    overwrite: bool = False,
    report: Progress | None = None,
) -> Amended:
    """Write the pack that ``base`` becomes by a resolution. No code of any address changes by it.

    :param file: the table, see :mod:`geoaddr.importing.resolution`.
    :param report: told of each step before it begins.
    :raises DataError: naming the line and column of what does not fit; nothing was written.
    """
    tell = report or (lambda _: None)
    target = Path(out)
    free_target(base.path, target, overwrite)
    tell(Said("working out the changes", "đang tính các thay đổi"))
    worked = plan(file, base)
    accuracy, sections = base.info.boundary_accuracy, dict(to_sections(worked.sources))
    if worked.layers:
        tell(Said("building the index", "đang lập chỉ mục"))
        built = {info: make() for info, make in worked.layers.items()}
        boundaries, present = dated_layers.arranged(built, worked.told.date, base.path)
        sections |= boundaries
        accuracy = present.accuracy
    info = PackInfo(base.info.name, base.info.version.partition("+")[0], worked.told.date, accuracy)
    tell(Said("writing the pack", "đang ghi gói dữ liệu"))
    return replace(worked.told, pack=write_pack(target, info, sections, meta=_meta(worked)))


def _meta(worked: Plan) -> dict[str, Any]:
    """What the new pack says of itself: all that the base did, and the resolution."""
    told, base = worked.told, worked.base
    act = {
        "file": told.file,
        "sha256": told.sha256,
        "on": [day.isoformat() for day in worked.resolution.days],
        "legal_basis": list(dict.fromkeys(act.legal_basis for act in worked.resolution.acts)),
        "lines": len(worked.resolution.acts),
        "pack": base.info.to_dict(),
    }
    found = {**base.meta, "amendments": [*base.meta.get("amendments", ()), act]}
    if worked.redrawn and "communes" in found:
        found["communes"] = len(worked.redrawn[-1].polygons)
        stand = (s.code for s in worked.sources.stretches if s.level == "commune" and s.valid_to is None)
        found["missing"] = sorted(set(stand) - worked.redrawn[-1].polygons.keys())
    if len(told.layers) > 1:
        facts = {(f["level"], f["valid_from"]): f for f in base.meta.get("layers", ())}
        infos = [info.to_dict() for info in told.layers]
        found["layers"] = [{**facts.get((i["level"], i["valid_from"]), {}), **i} for i in infos]
    return found


def _touched(resolution: Resolution, before: Sources, after: Sources) -> Iterator[Touched]:
    for act in resolution.acts:
        # what stood at the beginning of the day; or what an earlier line of the same table began
        old = _on(before, act.level, act.unit, act.on - ONE_DAY) or _on(
            after, act.level, act.unit, act.on - ONE_DAY
        )
        new = _on(after, act.level, act.into or act.unit, act.on)
        parent = _on(after, "province", act.parent, act.on) if act.action == "transfer" and act.parent else None
        told = _named(new) + (f", {_named(parent)}" if parent else "")
        yield Touched(
            act.action, act.on, act.legal_basis, act.level, act.unit, _named(old), act.into or act.unit, told
        )  # fmt: skip


def _on(sources: Sources, level: Level, code: str, day: dt.date) -> Stretch | None:
    held = (s for s in sources.stretches if (s.level, s.code) == (level, code) and s.valid_from <= day)
    return next((s for s in held if s.valid_to is None or day < s.valid_to), None)


def _named(stretch: Stretch | None) -> str:
    return f"{stretch.type} {stretch.name}" if stretch else "-"


def _province_ground_moves(resolution: Resolution, before: Sources, made: Sequence[Made]) -> dt.date | None:
    """The first day on which a commune, or part of one, passes from one province to another."""
    moved = [act.on for act in resolution.acts if act.action == "transfer"]
    for each in made:
        for act in each.parts:
            old = _on(before, "commune", act.unit, act.on - ONE_DAY)
            if old and old.parent != each.stretch.parent:
                moved.append(act.on)
    return min(moved, default=None)


def _notes(
    held: Sequence[LayerInfo], made: Sequence[Made], redrawn: Sequence[Redrawn], layers: Sequence[LayerInfo]
) -> Iterator[Said]:
    if made and held and not redrawn:
        yield Said(
            "the pack has no polygon of the communes that change: boundaries stay as they are",
            "gói không có ranh giới của các xã thay đổi: ranh giới giữ nguyên",
        )
    for info in layers:
        if info.level == "province" and info not in held:
            yield Said(
                f"the provinces of {info.valid_from} hold until {info.valid_to} only: ground moves between them",
                f"lớp tỉnh từ {info.valid_from} chỉ còn giá trị đến {info.valid_to}: đất chuyển giữa các tỉnh",
            )

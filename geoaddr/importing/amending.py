"""The changes of a resolution in a gazetteer: stretches cut, ended and begun, links, names and postcodes.

A unit that is renamed, changes type or is transferred goes on: its stretch is cut, and its earlier name stays a
name of it. One that is merged or split ends, and each commune that gets it begins, even under a code and name
that one of them had: its ground is another. Links say how much of which went where; the names of what ended
become names of what got it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from geoaddr.importing.resolution import Act, Action, Resolution
from geoaddr.importing.sources import Link, OtherName, Postcode, Sources, Stretch
from geoaddr.model import Grade, Level

_FIELDS: dict[Action, str] = {"rename": "name", "retype": "type", "transfer": "parent"}


@dataclass(frozen=True, slots=True)
class Made:
    """A commune that begins: what it is, and its parts as acts."""

    stretch: Stretch
    postcode: str
    parts: tuple[Act, ...]


def amended(sources: Sources, resolution: Resolution) -> tuple[Sources, list[Made]]:
    """The sources with all changes of a resolution, and the communes that begin, in the order of their days.

    :raises DataError: naming the line whose change does not fit what stands on its day.
    """
    state = _State(sources)
    made = []
    for day in resolution.days:
        today = [act for act in resolution.acts if act.on == day]
        edits, moves = [a for a in today if a.into is None], [a for a in today if a.into is not None]
        _judge_pairs(edits, moves)
        for act in edits:
            state.edit(act)
        made += state.move(moves, day)
        state.judge_names(today, day)
    return state.sources(max([sources.date, *resolution.days])), made


class _State:
    """Stretches by unit, the last one last; and the rest of the sources as it grows."""

    def __init__(self, sources: Sources) -> None:
        self._units: dict[tuple[Level, str], list[Stretch]] = {}
        for stretch in sources.stretches:
            self._units.setdefault((stretch.level, stretch.code), []).append(stretch)
        self._links, self._names = list(sources.links), list(sources.names)
        self._postcodes = list(sources.postcodes)

    def sources(self, date: dt.date) -> Sources:
        """All of it, known until ``date``."""
        stretches = [stretch for own in self._units.values() for stretch in own]
        return Sources(date, stretches, self._links, self._names, self._postcodes)

    def edit(self, act: Act) -> None:
        """Cut a unit's last stretch, and change one field of what follows."""
        field = _FIELDS[act.action]
        value = str(getattr(act, field))
        now = self._standing(act, act.level, act.unit, "unit", same_day=True)
        if getattr(now, field) == value:
            raise act.line.error(f"{_named(now)} has it already", f"{_named(now)} đã như vậy", field)
        if act.action == "transfer":
            self._province(act, value)
        own = self._units[act.level, act.unit]
        if now.valid_from == act.on:
            basis = "; ".join(dict.fromkeys([*(now.legal_basis or "").split("; "), act.legal_basis]))
            own[-1] = _with(replace(now, legal_basis=basis), field, value)
        else:
            own[-1] = replace(now, valid_to=act.on)
            begun = replace(now, valid_from=act.on, legal_basis=act.legal_basis, continues=True)
            own.append(_with(begun, field, value))

    def move(self, moves: list[Act], day: dt.date) -> list[Made]:
        """End what is merged or split, and begin what gets it."""
        ended = {act.unit: self._standing(act, "commune", act.unit, "unit") for act in moves}
        codes = {unit: self._postcode(unit) for unit in ended}
        targets: dict[str, list[Act]] = {}
        for act in moves:
            targets.setdefault(str(act.into), []).append(act)
        made = [self._made(acts, ended, codes) for acts in targets.values()]
        for unit, stretch in ended.items():
            self._units["commune", unit][-1] = replace(stretch, valid_to=day)
        self._postcodes = [
            replace(p, valid_to=day) if p.commune in ended and p.valid_to is None else p for p in self._postcodes
        ]
        for each in made:
            self._begin(each, ended, {unit for unit in ended if sum(a.unit == unit for a in moves) > 1})
        return made

    def _begin(self, made: Made, ended: dict[str, Stretch], divided: set[str]) -> None:
        new, day = made.stretch, made.stretch.valid_from
        self._units.setdefault(("commune", new.code), []).append(new)
        self._take_postcode(made, day)
        for act in made.parts:
            grade: Grade = "part" if act.unit in divided else "whole"
            self._links.append(
                Link("commune", act.unit, "commune", new.code, grade, day, act.legal_basis, main=False)
            )  # fmt: skip
            old = ended[act.unit]
            if (old.name, old.type) != (new.name, new.type):
                self._names.append(OtherName("commune", new.code, day, old.name, old.type, "former"))

    def _made(self, acts: list[Act], ended: dict[str, Stretch], codes: dict[str, str | None]) -> Made:
        """The commune that several lines describe together; where one of its parts has its code, what they
        leave out is that one's."""
        code, first = str(acts[0].into), acts[0]
        kept = ended.get(code)
        standing = self._last(("commune", code))
        if standing is not None and standing.valid_to is None and kept is None:
            raise first.line.error(
                f"{_named(standing)} has this code and goes on; a line that puts it into itself ends it",
                f"{_named(standing)} đang mang mã này; cần một dòng đưa chính nó vào mã này", "into",
            )  # fmt: skip
        said = {field: self._said(acts, field) for field in ("name", "type", "parent", "postcode")}
        above = {ended[act.unit].parent for act in acts}
        fallback = {
            "name": kept and kept.name,
            "type": kept and kept.type,
            "parent": kept.parent if kept else above.pop() if len(above) == 1 else None,
            "postcode": codes.get(code),
        }
        found = {field: said[field] or fallback[field] for field in said}
        for field, value in found.items():
            if value is None:
                raise first.line.error(
                    f"missing: {code} is a new code, and no line says its {field}",
                    f"còn thiếu: {code} là mã mới, chưa dòng nào ghi {field}", field,
                )  # fmt: skip
        if said["parent"]:
            self._province(first, str(said["parent"]))
        stretch = Stretch(
            "commune", code, str(found["type"]), str(found["name"]), str(found["parent"]), first.on, None,
            "; ".join(dict.fromkeys(act.legal_basis for act in acts)),
        )  # fmt: skip
        return Made(stretch, str(found["postcode"]), tuple(acts))

    @staticmethod
    def _said(acts: Iterable[Act], field: str) -> str | None:
        value: str | None = None
        for act in acts:
            given = getattr(act, field)
            if value and given and given != value:
                raise act.line.error(
                    f"another line says {value} of {act.into}", f"dòng khác ghi {value} cho {act.into}", field
                )
            value = value or given
        return value

    def _standing(self, act: Act, level: Level, code: str, column: str, *, same_day: bool = False) -> Stretch:
        """The unit that stands with a code when an act takes effect, and of which no later change is known."""
        stretch = self._last((level, code))
        if stretch is None or stretch.valid_to is not None:
            raise act.line.error(
                f"no {level} {code} stands on {act.on}", f"không có {level} {code} vào {act.on}", column
            )
        if stretch.valid_from > act.on or (stretch.valid_from == act.on and not same_day):
            raise act.line.error(
                f"{_named(stretch)} changed on {stretch.valid_from}: add changes in the order of their days",
                f"{_named(stretch)} đã thay đổi ngày {stretch.valid_from}: hãy thêm theo thứ tự thời gian", column,
            )  # fmt: skip
        return stretch

    def _province(self, act: Act, code: str) -> None:
        stretch = self._last(("province", code))
        if stretch is None or stretch.valid_to is not None:
            raise act.line.error(f"no province {code} stands on {act.on}", f"không có tỉnh {code}", "parent")

    def _last(self, unit: tuple[Level, str]) -> Stretch | None:
        return self._units.get(unit, [None])[-1]

    def _postcode(self, commune: str) -> str | None:
        return next((p.postcode for p in self._postcodes if p.commune == commune and p.valid_to is None), None)

    def _take_postcode(self, made: Made, day: dt.date) -> None:
        new, act = made.stretch, made.parts[0]
        holder = next((p for p in self._postcodes if p.postcode == made.postcode and p.valid_to is None), None)
        if holder is not None:
            raise act.line.error(
                f"{made.postcode} is the postcode of {holder.commune}",
                f"{made.postcode} là mã bưu chính của {holder.commune}", "postcode",
            )  # fmt: skip
        same = Postcode(new.code, made.postcode, day, day)
        for at, p in enumerate(self._postcodes):
            if (p.commune, p.postcode, p.valid_to) == (same.commune, same.postcode, day):
                self._postcodes[at] = replace(p, valid_to=None)  # the code and its postcode go on together
                return
        self._postcodes.append(replace(same, valid_to=None))

    def judge_names(self, acts: list[Act], day: dt.date) -> None:
        """No two units of one parent have one full name when the day is done."""
        held: dict[tuple[str | None, str], str] = {}
        for own in self._units.values():
            stretch = own[-1]
            if stretch.valid_to is None and stretch.level == "commune":
                other = held.setdefault((stretch.parent, _named(stretch)), stretch.code)
                if other != stretch.code:
                    touched = [a for a in acts if {a.unit, a.into} & {other, stretch.code}]
                    raise (touched or acts)[0].line.error(
                        f"{other} and {stretch.code} would both be {_named(stretch)} in {stretch.parent}",
                        f"{other} và {stretch.code} sẽ cùng là {_named(stretch)} thuộc {stretch.parent}", "name",
                    )  # fmt: skip


def _judge_pairs(edits: list[Act], moves: list[Act]) -> None:
    """See that the lines of one day go together."""
    seen: dict[tuple[str, str | None], Act] = {}
    for act in [*edits, *moves]:
        key = (act.unit, act.into or act.action)
        if key in seen:
            raise act.line.error(
                f"line {seen[key].line.number} says it of {act.unit} already",
                f"dòng {seen[key].line.number} đã ghi cho {act.unit}", "unit",
            )  # fmt: skip
        seen[key] = act
    ending = {act.unit for act in moves}
    for act in edits:
        if act.unit in ending:
            raise act.line.error(
                f"{act.unit} is merged or split on that day: say it there",
                f"{act.unit} được nhập hoặc chia trong ngày đó: hãy ghi tại dòng ấy", "unit",
            )  # fmt: skip
    for act in moves:
        shares, together = ([a for a in moves if a.unit == act.unit], [a for a in moves if a.into == act.into])
        if act.action == "split" and len(shares) < 2:
            raise act.line.error("a split has at least two lines of the unit", "chia cần ít nhất hai dòng", "into")
        if act.action == "merge" and len(shares) > 1:
            raise act.line.error(
                "the unit goes into several: that is a split", "đơn vị vào nhiều nơi: đó là chia", "action"
            )
        if act.action == "merge" and len(together) < 2:
            raise act.line.error(
                "a merge brings at least two units together", "nhập cần ít nhất hai đơn vị", "into"
            )


def _with(stretch: Stretch, field: str, value: str) -> Stretch:
    changed: dict[str, str] = {field: value}
    return replace(stretch, **changed)  # type: ignore[arg-type]


def _named(stretch: Stretch) -> str:
    return f"{stretch.type} {stretch.name}"

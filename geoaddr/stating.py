"""The commune and province that a household states, by code or name, of today or of before the reform.

A name of before the reform is taken where all of that unit went into one of today's, with a note; where it
was split, the household has to say which.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geoaddr.errors import InvalidInput, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Components, Level, Unit
from geoaddr.profiles.vn import CODE_WIDTH, REFORM, TYPE_ABBREVIATIONS
from geoaddr.text.fold import fold, fold_keep_accents

Caution = Mapping[str, str]

BEFORE = REFORM - dt.timedelta(days=1)
LISTED = 5
"""How many units an error lists."""

_SHORTENED = re.compile(rf"({'|'.join(TYPE_ABBREVIATIONS)})(?:\.\s*|\s+)(\S.*)", re.IGNORECASE | re.DOTALL)

_INITIALS = re.compile(r"(?:tp|tinh|thanh pho)?\.? ?([a-z]{2,4})")
"""Of a province's name, folded."""

WORDS: dict[Level, Said] = {
    "province": Said("province", "tỉnh, thành phố"),
    "district": Said("district", "quận, huyện"),
    "commune": Said("commune", "xã, phường"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """What was stated: today's units, and what to tell about how they were found."""

    commune: Unit | None
    province: Unit | None
    cautions: tuple[Caution, ...]


class Statements:
    """Finds the units that components state."""

    def __init__(self, gazetteer: Gazetteer, as_of: dt.date) -> None:
        self._gazetteer, self._as_of = gazetteer, as_of

    def read(self, components: Components, *, prefer: tuple[str, ...] = ()) -> Stated:
        """The units that ``components`` state.

        :param prefer: codes of communes that win among several of one name.
        :raises InvalidInput: for a name or code that no unit has or had, that several have, or whose unit
            was split.
        """
        cautions: list[Caution] = []
        province = self._one("province", components.province, None, (), cautions)
        commune = self._one("commune", components.commune, province, prefer, cautions)
        return Stated(commune, province, tuple(cautions))

    def _one(
        self,
        level: Level,
        name: str | None,
        parent: Unit | None,
        prefer: tuple[str, ...],
        cautions: list[Caution],
    ) -> Unit | None:
        if name is None:
            return None
        written, name = name, spelled_out(name)
        found = self._find(level, name, self._as_of, parent)
        found = [unit for unit in found if unit.code in prefer] or found
        if not found or self._is_rather_of_before(level, name, found):
            found = self._of_before(level, name, parent, prefer)
            cautions += [_became(name, unit) for unit in found[:1]]
        if not found and level == "province":
            found = self._by_initials(written)
        if not found:
            raise InvalidInput(level, written, self._unknown(level, name, parent))
        if len(found) > 1:
            listed = ", ".join(f"{u.full_name} ({u.code})" for u in found[:LISTED])
            en, vi = WORDS[level]
            raise InvalidInput(
                level,
                written,
                Said(
                    f"{len(found)} {en}s have this name: {listed}; state the code or the province",
                    f"{len(found)} {vi} cùng tên: {listed}; hãy ghi mã hoặc tỉnh",
                ),
            )
        return found[0]

    def _find(self, level: Level, name: str, day: dt.date, parent: Unit | None = None) -> list[Unit]:
        """The units of a name or code on a day; all digits of a code are one: 00001 is no ward called 1."""
        found = self._gazetteer.find(name, level=level, parent=parent.code if parent else None, as_of=day)
        if name.isascii() and name.isdigit() and len(name) == CODE_WIDTH[level]:
            return [unit for unit in found if unit.code == name]
        return list(found)

    def _is_rather_of_before(self, level: Level, name: str, found: list[Unit]) -> bool:
        """Whether a name has the accents of a unit of before the reform, and of none of those found: Quán Thánh of
        Hà Nội is not Quan Thành of Nghệ An."""
        if any(_has_accents_of(name, unit) for unit in found):
            return False
        return any(_has_accents_of(name, old) for old in self._find(level, name, BEFORE))

    def _by_initials(self, name: str) -> list[Unit]:
        """Today's provinces that initials may mean, those of before the reform by what they are part of: ``HCM``,
        ``TP HCM``."""
        short = _INITIALS.fullmatch(fold(name))
        found: dict[str, Unit] = {}
        for day in (self._as_of, BEFORE) if short else ():
            for old in self._gazetteer.units("province", as_of=day):
                if short and "".join(word[0] for word in fold(old.name).split()) == short[1]:
                    now = self._gazetteer.translate(old.code, "province", known_on=day, as_of=self._as_of)
                    found.update({unit.code: unit for unit, _ in now})
        return list(found.values())

    def _of_before(self, level: Level, name: str, parent: Unit | None, prefer: tuple[str, ...]) -> list[Unit]:
        """Today's units that all of a unit of before the reform went to.

        :raises InvalidInput: when every unit of that name was split.
        """
        whole: dict[str, Unit] = {}
        parts: dict[str, Unit] = {}
        olds = self._find(level, name, BEFORE)
        for old in [old for old in olds if _has_accents_of(name, old)] or olds:
            now = self._gazetteer.translate(old.code, level, known_on=BEFORE, as_of=self._as_of)
            now = [(unit, grade) for unit, grade in now if parent is None or unit.parent == parent.code]
            into = whole if len(now) == 1 and now[0][1] == "whole" else parts
            into.update({unit.code: unit for unit, _ in now})
        settled = [unit for code, unit in {**whole, **parts}.items() if code in prefer]
        if settled or not parts:
            return settled or list(whole.values())
        listed = ", ".join(f"{u.full_name} ({u.code})" for u in [*whole.values(), *parts.values()][:LISTED])
        raise InvalidInput(
            level,
            name,
            Said(
                f"was split on {REFORM}, between {listed}; state which",
                f"đã được chia từ ngày {REFORM}, giữa {listed}; hãy ghi rõ đơn vị nào",
            ),
        )

    def _unknown(self, level: Level, name: str, parent: Unit | None) -> Said:
        en, vi = WORDS[level]
        elsewhere = self._find(level, name, self._as_of) if parent else []
        if parent and elsewhere:
            listed = ", ".join(f"{u.full_name} ({u.code})" for u in elsewhere[:LISTED])
            return Said(
                f"{parent.full_name} has no such {en}; elsewhere there is {listed}",
                f"{parent.full_name} không có {vi} này; nơi khác có {listed}",
            )
        said = Said(f"no such {en} on {self._as_of}", f"không có {vi} này vào ngày {self._as_of}")
        width = CODE_WIDTH[level]
        if not (name.isascii() and name.isdigit() and len(name) < width):
            return said
        meant = self._gazetteer.find(name.zfill(width), level=level, as_of=self._as_of)
        if not meant:
            return said
        code, title = meant[0].code, meant[0].full_name
        return Said(f"codes have {width} digits; {code} is {title}", f"mã có {width} chữ số; {code} là {title}")


def spelled_out(name: str) -> str:
    """A unit's name with a shortened type in full: ``P. Láng`` is ``Phường Láng``."""
    short = _SHORTENED.match(name.strip())
    return f"{TYPE_ABBREVIATIONS[short[1].upper()]} {short[2]}" if short else name


def _has_accents_of(name: str, unit: Unit) -> bool:
    """Whether a name is written with the accents of a unit's, or with none."""
    written = fold_keep_accents(name)
    return written.isascii() or written in (fold_keep_accents(unit.name), fold_keep_accents(unit.full_name))


def _became(name: str, unit: Unit) -> Caution:
    return {
        "en": f"{name} is a name of before {REFORM}; it is now part of {unit.full_name} ({unit.code})",
        "vi": f"{name} là tên trước ngày {REFORM}; nay thuộc {unit.full_name} ({unit.code})",
    }

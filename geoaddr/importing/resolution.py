"""A resolution as a small table that people review: one line for each thing that it does to a unit.

========================  =====================================================================================
column                    meaning
========================  =====================================================================================
``action``                ``rename``, ``retype``, ``transfer``, ``merge`` or ``split``
``on``                    the day on which it takes effect, ``YYYY-MM-DD``
``legal_basis``           the resolution, as ``123/NQ-UBTVQH16``
``unit``                  the code of the unit as it is on the day before
``into``                  merge, split: the code of the commune that gets the unit, or this part of it
``name``                  rename: the new name; merge, split: that of ``into``. Without the type
``type``                  retype: the new type; merge, split: that of ``into``
``parent``                transfer: the new province's code; merge, split: that of ``into``
``postcode``              merge, split: the postcode of ``into``
``geometry``              split: a GeoJSON file beside the table with a polygon for each part
========================  =====================================================================================

The first four must be there; others may be left out. A line has only the fields of its action.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from geoaddr.errors import DataError, Said, os_reason
from geoaddr.gazetteer.layout import level_of
from geoaddr.importing.tables import Line, rows
from geoaddr.model import Level
from geoaddr.profiles.vn import POSTCODE_WIDTH, POSTCODES_FROM, UNIT_TYPES

Action = Literal["rename", "retype", "transfer", "merge", "split"]
ACTIONS: tuple[Action, ...] = get_args(Action)

REQUIRED = ("action", "on", "legal_basis", "unit")
OPTIONAL = ("into", "name", "type", "parent", "postcode", "geometry")

_NEEDS: Mapping[Action, tuple[str, ...]] = {
    "rename": ("name",),
    "retype": ("type",),
    "transfer": ("parent",),
    "merge": ("into",),
    "split": ("into",),
}
_MAY: Mapping[Action, tuple[str, ...]] = {
    "rename": (),
    "retype": (),
    "transfer": (),
    "merge": ("name", "type", "parent", "postcode"),
    "split": ("name", "type", "parent", "postcode", "geometry"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One line. ``level`` is that of ``unit``; fields that the line leaves out are ``None``."""

    action: Action
    on: dt.date
    legal_basis: str
    level: Level
    unit: str
    into: str | None
    name: str | None
    type: str | None
    parent: str | None
    postcode: str | None
    geometry: Path | None
    line: Line


@dataclass(frozen=True, slots=True)
class Resolution:
    """The lines of a file in their order, and its SHA-256."""

    file: Path
    sha256: str
    acts: tuple[Act, ...]

    @property
    def days(self) -> list[dt.date]:
        """The days on which something takes effect."""
        return sorted({act.on for act in self.acts})


def read_resolution(file: Path) -> Resolution:
    """The acts of a table.

    :raises DataError: naming the line and the column that is not as it should be. Whether units exist is not
        looked at here.
    """
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(file, Said("not UTF-8 text", "không phải văn bản UTF-8")) from None
    except OSError as error:
        said = os_reason(error)
        raise DataError(file, Said(f"cannot be read: {said.en}", f"không đọc được: {said.vi}")) from None
    if not unicodedata.is_normalized("NFC", text):
        raise DataError(file, Said("the text is not in NFC", "văn bản không ở dạng NFC"))
    lines = list(rows(file, text, REQUIRED))
    if not lines:
        raise DataError(file, Said("holds no line", "không có dòng nào"))
    _known_columns(lines[0])
    return Resolution(file, hashlib.sha256(content).hexdigest(), tuple(_act(line) for line in lines))


def _known_columns(line: Line) -> None:
    for column in line.fields:
        if column not in (*REQUIRED, *OPTIONAL):
            listed = ", ".join((*REQUIRED, *OPTIONAL))
            said = Said(f"no such column; known: {listed}", f"không có cột này; các cột: {listed}")
            raise DataError(line.file, said, line=1, column=column)


def _act(line: Line) -> Act:
    fields = {name: line.fields.get(name, "").strip() for name in (*REQUIRED, *OPTIONAL)}
    action = cast(Action, fields["action"])
    if action not in ACTIONS:
        raise line.error(f"not one of {', '.join(ACTIONS)}", f"không thuộc {', '.join(ACTIONS)}", "action")
    for name in ("legal_basis", "unit", *_NEEDS[action]):
        if not fields[name]:
            raise line.error(f"missing; a {action} needs it", f"còn thiếu; {action} cần có", name)
    for name in OPTIONAL:
        if fields[name] and name not in (*_NEEDS[action], *_MAY[action]):
            raise line.error(f"a {action} has no {name}", f"{action} không có {name}", name)
    level = level_of(fields["unit"])
    if level is None or (level != "commune" and action not in ("rename", "retype")):
        widths = "5 digits" if action not in ("rename", "retype") else "2 or 5 digits"
        raise line.error(f"not the code of a unit: {widths}", "không phải mã đơn vị hợp lệ", "unit")
    _judge_values(line, fields, level)
    given = {name: fields[name] or None for name in OPTIONAL if name != "geometry"}
    geometry = line.file.parent / fields["geometry"] if fields["geometry"] else None
    basis = fields["legal_basis"]
    return Act(action, _day(line), basis, level, fields["unit"], **given, geometry=geometry, line=line)


def _day(line: Line) -> dt.date:
    try:
        day = dt.date.fromisoformat(line["on"]) if len(line["on"]) == len("YYYY-MM-DD") else None
    except ValueError:
        day = None
    if day is None:
        raise line.error("not a date; write YYYY-MM-DD", "không phải ngày; hãy viết YYYY-MM-DD", "on")
    if day <= POSTCODES_FROM:
        raise line.error(
            f"only changes after {POSTCODES_FROM} can be added",
            f"chỉ thêm được thay đổi sau {POSTCODES_FROM}",
            "on",
        )
    return day


def _judge_values(line: Line, fields: Mapping[str, str], level: Level) -> None:
    name, kind = fields["name"], fields["type"]
    if kind and kind not in UNIT_TYPES[level]:
        listed = ", ".join(UNIT_TYPES[level])
        raise line.error(f"not a type of this level: {listed}", f"không phải loại của cấp này: {listed}", "type")
    if name != " ".join(name.split()) or any(name.startswith(f"{word} ") for word in UNIT_TYPES[level]):
        raise line.error(
            "write the name without its type and with single blanks",
            "hãy viết tên không kèm loại và không thừa dấu cách", "name",
        )  # fmt: skip
    widths: Sequence[tuple[str, Level]] = (("into", "commune"), ("parent", "province"))
    for column, wanted in widths:
        if fields[column] and level_of(fields[column]) != wanted:
            raise line.error(f"not the code of a {wanted}", f"không phải mã {wanted}", column)
    postcode = fields["postcode"]
    if postcode and not (postcode.isascii() and postcode.isdigit() and len(postcode) == POSTCODE_WIDTH):
        raise line.error(f"not {POSTCODE_WIDTH} digits", f"không phải {POSTCODE_WIDTH} chữ số", "postcode")

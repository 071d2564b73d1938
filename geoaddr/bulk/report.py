"""What a batch run did, for the person who ran it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geoaddr._version import __version__
from geoaddr.bulk.columns import text_column
from geoaddr.bulk.systems import System
from geoaddr.bulk.tally import Tally
from geoaddr.model import PackInfo
from geoaddr.text.figures import figure

COUNTED = ("status", "verdict", "next_action", "outcome", "code_status", "system")
"""Answer columns whose values are counted."""

MISREAD = "á[º»]|Ã[¡-¿]|Æ[°¡]|Ä[‘\u0090\u0091ƒ]"
"""Pairs of letters of Vietnamese in UTF-8 that was read as Latin-1 or Windows-1252; hardly any text has them."""

SHOWN_ERROR = 200
"""Characters of an error in a report; the output has it in full."""

ROWS_LISTED = 10
"""How many rows with errors, and how many of the least certain, a report lists where nobody says."""

LABELS = {
    "rows": ("rows", "số dòng"), "seconds": ("seconds", "số giây"),
    "status": ("status", "trạng thái"), "outcome": ("outcome", "kết quả"), "code_status": ("code", "mã"),
    "verdict": ("verdict", "kết luận"), "next_action": ("next action", "việc cần làm"),
    "system": ("system", "hệ mã"), "pack": ("data", "dữ liệu"), "out": ("written to", "đã ghi vào"),
    "points": ("points", "các điểm"),
    "misread": (
        "texts that look like UTF-8 read as Latin-1; mend the file and run again",
        "văn bản có vẻ là UTF-8 bị đọc thành Latin-1; hãy sửa tệp rồi chạy lại",
    ),
    "approximate": ("boundaries are approximate", "ranh giới chỉ gần đúng"),
}  # fmt: skip


@dataclass(slots=True)
class BatchReport:
    """Counts of a run: rows, answers by status, first errors, the data that answered, how long it took.

    ``tally``: more of them, where a report is written. ``misread``: how many address texts look like UTF-8 that
    was read as Latin-1.
    """

    verb: str
    out: str
    pack: PackInfo
    rows: int = 0
    resumed_rows: int = 0
    seconds: float = 0.0
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    system: System | None = None
    tally: Tally | None = None
    rows_listed: int = ROWS_LISTED
    misread: int = 0

    def add(self, batch: pa.RecordBatch, names: dict[str, str], text: str | None = None) -> None:
        """Count one piece of the output; ``names`` maps answer columns to their names in the file, ``text`` is the
        column of the addresses."""
        if text is not None:
            looks = pc.match_substring_regex(text_column(batch[text]), MISREAD)
            self.misread += pc.sum(looks).as_py() or 0
        for column in COUNTED:
            if column in names:
                counted = pc.value_counts(batch[names[column]]).to_pylist()
                into = self.counts.setdefault(column, Counter())
                into.update({str(c["values"]): c["counts"] for c in counted if c["values"] is not None})
        self._first_errors(batch, names)
        if self.tally is not None:
            self.tally.add(batch, self.rows + 1)
        self.rows += batch.num_rows

    def _first_errors(self, batch: pa.RecordBatch, names: dict[str, str]) -> None:
        room = self.rows_listed - len(self.errors)
        if room <= 0:
            return
        column = batch[names["error"]]
        wrong = pc.indices_nonzero(pc.is_valid(column)).to_pylist()[:room]
        self.errors += [{"row": self.rows + i + 1, "error": _one_line(column[i].as_py())} for i in wrong]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "verb": self.verb,
            "out": self.out,
            "rows": self.rows,
            "resumed_rows": self.resumed_rows,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows / self.seconds) if self.seconds else None,
            "counts": {name: dict(sorted(c.items())) for name, c in self.counts.items()},
            "first_errors": self.errors,
            "points": None if self.system is None else self.system.to_dict(),
            "pack": self.pack.to_dict(),
            "version": __version__,
            **({"misread_texts": self.misread} if self.misread else {}),
            **({} if self.tally is None else self.tally.to_dict()),
        }

    def lines(self, lang: str = "en") -> list[str]:
        """The report for a person, a line each."""
        say = {key: pair[lang == "vi"] for key, pair in LABELS.items()}
        lines = [
            f"{say['rows']}: {figure(self.rows, lang)}",
            f"{say['seconds']}: {figure(self.seconds, lang, '.1f')}",
        ]
        for name, counts in self.counts.items():
            lines.append(f"{say[name]}: " + ", ".join(f"{k} {figure(n, lang)}" for k, n in sorted(counts.items())))
        if self.system is not None:
            lines.append(f"{say['points']}: {self.system.said.in_language(lang)}")
        if self.misread:
            lines.append(f"{say['misread']}: {figure(self.misread, lang)}")
        lines += [f"  {e['row']}: {e['error']}" for e in self.errors]
        lines.append(f"{say['pack']}: {self.pack.said()}")
        if self.pack.boundary_accuracy != "exact":
            lines.append(say["approximate"])
        lines.append(f"{say['out']}: {self.out}")
        return lines

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _one_line(error: str) -> str:
    """An error for a list of them; one that repeats what a row held may be long, and have lines of its own."""
    line = " ".join(error.split())
    return line if len(line) <= SHOWN_ERROR else line[:SHOWN_ERROR] + "…"

"""The table: what was measured, ours, the target, the peer, pass or miss."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. ``target`` is a least value, or a greatest one where ``at_most``; ``peer`` stands on the same
    rows, or ``peer_rows`` of them; ``kind`` says how figures are printed."""

    on: str
    measure: str
    ours: float | None
    target: float | None = None
    at_most: bool = False
    peer: float | None = None
    kind: str = "share"
    rows: int | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """``pass``, ``miss``, or nothing where there is no target."""
        if self.target is None:
            return ""
        if self.ours is None:
            return "not run"
        return "pass" if (self.ours <= self.target if self.at_most else self.ours >= self.target) else "miss"

    def to_dict(self) -> dict[str, Any]:
        """Plain data, the verdict with it."""
        return {**asdict(self), "verdict": self.verdict}


def shown(value: float | None, kind: str) -> str:
    """A figure as it is printed."""
    if value is None:
        return "-"
    if kind == "share":
        return f"{value:.4f}"
    return f"{value:,.0f} {kind}" if value >= 10 else f"{value:.2f} {kind}"


def printed(lines: Iterable[Line]) -> str:
    """The lines as a table in Markdown, so that it can be kept as it is."""
    head = ["on", "measure", "rows", "ours", "target", "", "peer", "note"]
    cells = [head]
    for line in lines:
        target = shown(line.target, line.kind)
        if line.target is not None:
            target = ("at most " if line.at_most else "at least ") + target
        rows = "" if line.rows is None else f"{line.rows:,}"
        ours, peer = shown(line.ours, line.kind), shown(line.peer, line.kind)
        cells.append([line.on, line.measure, rows, ours, target, line.verdict, peer, line.note])
    widths = [max(3, *(len(row[i]) for row in cells)) for i in range(len(head))]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    )


def machine() -> str:
    """What it ran on, and how busy that was."""
    cpu = Path("/proc/cpuinfo")
    names = [line for line in cpu.read_text().splitlines() if "model name" in line] if cpu.exists() else []
    model = names[0].partition(":")[2].strip() if names else platform.processor()
    load = " ".join(f"{x:.1f}" for x in os.getloadavg())
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}, load {load}"

"""Which job made an output, remembered in the user's cache folder, so that ``resume`` on it can be believed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from geoaddr.errors import InvalidInput, Said


class Finished:
    """What is remembered of one output: its job's fingerprint, its state when it was written, its rows."""

    def __init__(self, out: Path) -> None:
        import platformdirs

        self._out = out
        name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()
        self._note = platformdirs.user_cache_path("geoaddr") / "finished" / f"{name}.json"

    def rows_of(self, fingerprint: str) -> int:
        """How many rows the output holds, when the job of ``fingerprint`` made it and it is as it was left.

        :raises InvalidInput: when another job made it, or it was changed, or nobody knows.
        """
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            note = {}
        if note.get("fingerprint") == fingerprint and note.get("state") == self._state():
            return int(note["rows"])
        raise InvalidInput(
            "out",
            str(self._out),
            Said(
                "exists, and is not known as the finished output of this job; add --overwrite to replace it",
                "đã có, và không phải kết quả đã xong của lần chạy này; thêm --overwrite để ghi đè",
            ),
        )

    def remember(self, fingerprint: str, rows: int) -> None:
        """Note what was written; without a cache folder a later ``resume`` asks instead of believing."""
        note = {"fingerprint": fingerprint, "state": self._state(), "rows": rows}
        try:
            self._note.parent.mkdir(parents=True, exist_ok=True)
            self._note.write_text(json.dumps(note), encoding="utf-8")
        except OSError:
            return

    def _state(self) -> list[Any]:
        stat = self._out.stat()
        return [stat.st_size, stat.st_mtime_ns]

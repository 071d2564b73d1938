"""What was answered before, kept in bounded room."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A mapping that holds at most ``most`` answers, to texts of at most ``most_characters`` in all, and forgets
    those that were not asked for lately.

    It has two halves. New answers, and old ones that are asked for again, go into the young half; when that is
    full it becomes the old one, and what nobody asked for since is let go.
    """

    def __init__(self, most: int, most_characters: int) -> None:
        self._half, self._half_characters = max(1, most // 2), most_characters // 2
        self._young: dict[Hashable, tuple[Value, int]] = {}
        self._old: dict[Hashable, tuple[Value, int]] = {}
        self._characters = 0

    def get(self, key: Hashable) -> Value | None:
        """The answer, or ``None`` where there is none (any more)."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, *found)
        return None if found is None else found[0]

    def put(self, key: Hashable, value: Value, characters: int) -> None:
        """Keep an answer to a text of so many characters."""
        if len(self._young) >= self._half or self._characters + characters > self._half_characters:
            self._old, self._young, self._characters = self._young, {}, 0
        self._young[key] = value, characters
        self._characters += characters

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

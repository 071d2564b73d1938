"""Answers about places, worked out once each, and the columns that many points take from them at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

TEXT_NAMES = (
    "province_code", "province", "district_code", "district", "commune_code", "commune", "postcode",
    "candidates", "status", "basis_by_level", "disagreements",
)  # fmt: skip
"""The columns of texts that an answer has a value for."""

Texts = tuple[str | None, ...]


class PlaceAnswer(NamedTuple):
    """What is said of every point of a place: the values of :data:`TEXT_NAMES`, and how often the commune
    answered is right (NaN where none is)."""

    texts: Texts
    confidence: float


class PlaceColumns(NamedTuple):
    """The answers of points: the columns of :data:`TEXT_NAMES`, the confidence (NaN for none), and the postcodes
    as bytes (type ``S8``, empty where there is none)."""

    texts: dict[str, Any]
    confidence: NDArray[np.float64]
    postcodes: NDArray[np.bytes_]


class PlaceTable:
    """A table of answers that grows; what is taken from it is named by numbers. Threads may share it."""

    def __init__(self) -> None:
        self._answers: list[PlaceAnswer] = []
        self._made = _columns([])
        self._growing = threading.Lock()

    def add(self, answer: PlaceAnswer) -> int:
        """The number of a new answer."""
        with self._growing:
            self._answers.append(answer)
            return len(self._answers) - 1

    def take(self, places: NDArray[np.int32], others: Sequence[PlaceAnswer] = ()) -> PlaceColumns:
        """The columns of points with these numbers.

        :param others: answers that are not kept, with the numbers -1, -2 and so on.
        """
        table = self._columns()
        if others:
            places = np.where(places < 0, len(table.confidence) + ~places, places)
            more = _columns(others)
            table = _joined(table, more)
        indices = pa.array(places)
        words = table.postcodes.view(np.uint64)  # whole words are taken four times as fast as bytes
        return PlaceColumns(
            {name: _taken(column, indices) for name, column in table.texts.items()},
            np.take(table.confidence, places),
            np.take(words, places).view("S8"),
        )

    def _columns(self) -> PlaceColumns:
        """The table as columns, with every answer whose number is out."""
        with self._growing:
            done = len(self._made.confidence)
            if done < len(self._answers):
                self._made = _joined(self._made, _columns(self._answers[done:]))
            return self._made


def _joined(first: PlaceColumns, more: PlaceColumns) -> PlaceColumns:
    return PlaceColumns(
        {name: pa.concat_arrays([first.texts[name], more.texts[name]]) for name in TEXT_NAMES},
        np.concatenate([first.confidence, more.confidence]),
        np.concatenate([first.postcodes, more.postcodes]),
    )


def _taken(column: Any, indices: Any) -> Any:
    if column.null_count == len(column):
        return pa.nulls(len(indices), pa.string())
    return pc.take(column, indices, boundscheck=False)


def _columns(answers: Sequence[PlaceAnswer]) -> PlaceColumns:
    texts = {
        name: pa.array([answer.texts[at] for answer in answers], pa.string()) for at, name in enumerate(TEXT_NAMES)
    }
    at = TEXT_NAMES.index("postcode")
    return PlaceColumns(
        texts,
        np.array([answer.confidence for answer in answers], dtype=np.float64),
        np.array([answer.texts[at] or "" for answer in answers], dtype="S8"),
    )

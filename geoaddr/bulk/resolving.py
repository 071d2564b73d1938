"""Columns of codes to columns of units and points; the columnar twin of ``resolve``.

Each distinct text is resolved once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.arrivals import Outlines
from geoaddr.bulk.answer_columns import RESOLVE_COLUMNS
from geoaddr.bulk.columns import text_column
from geoaddr.bulk.issued import PLAIN
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.views import weights
from geoaddr.disclosure import told_to_everyone
from geoaddr.errors import InvalidInput
from geoaddr.model import Reading, Resolved
from geoaddr.registry.columns import NONE
from geoaddr.registry.columns import codes as ndas_numbers

_FLOATS = frozenset({"confidence", "lat", "lon"})


class CodeColumns:
    """Answers about columns of codes on one date.

    :param area_only: let nothing be learnt of a house: see :mod:`geoaddr.disclosure`.
    """

    def __init__(self, ga: Platform, as_of: dt.date, lang: str = "en", *, area_only: bool = False) -> None:
        self.ga, self.as_of, self.lang, self._area_only = ga, as_of, lang, area_only
        self._issued = ga.issued_codes(as_of)

    def resolve(self, codes: Any) -> dict[str, Any]:
        """The columns of :data:`RESOLVE_COLUMNS` for an array of texts; an empty text is an error row.

        Codes of the registry, written as ten digits, are looked up together; all else goes one by one.
        """
        encoded = pc.fill_null(pc.utf8_trim_whitespace(text_column(codes)), "").dictionary_encode()
        texts = encoded.dictionary
        numbers = ndas_numbers(texts)
        found, places = self._plain(numbers)
        columns = self._issued.columns(found) | {"ndas": texts.take(pa.array(places))}
        if self._area_only:
            del columns["lat"], columns["lon"]
        others = np.ones(len(texts), dtype=bool)
        others[places] = False
        rest = np.flatnonzero(others)
        singles = [self._one(code) for code in texts.take(pa.array(rest)).to_pylist()]
        order = np.empty(len(texts), dtype=np.int64)
        order[places], order[rest] = np.arange(len(places)), len(places) + np.arange(len(rest))
        row_of = pa.array(order[np.asarray(encoded.indices, dtype=np.int64)])
        answers = {}
        for name in RESOLVE_COLUMNS:
            kind = pa.float64() if name in _FLOATS else pa.string()
            single = pa.array([answer.get(name) for answer in singles], kind)
            if name not in columns and single.null_count == len(single):
                answers[name] = pa.nulls(len(row_of), kind)
                continue
            together = columns[name] if name in columns else pa.nulls(len(places), kind)
            answers[name] = pa.concat_arrays([together, single] if len(single) else [together]).take(row_of)
        return answers

    def _plain(self, numbers: NDArray[np.int64]) -> tuple[Outlines, NDArray[np.int64]]:
        """What the registry has of codes whose addresses have a point and no successors, and their places."""
        asked = np.flatnonzero(numbers != NONE)
        found = self.ga.registry.store.outlines(numbers[asked])
        plain = np.isin(found.status, PLAIN)
        order = asked[np.argsort(numbers[asked])]
        return found.chosen(plain), order[np.searchsorted(numbers[order], found.ndas[plain])]

    def _one(self, code: str) -> dict[str, Any]:
        try:
            resolved = self.ga.resolve(code, as_of=self.as_of)
            if self._area_only:
                resolved = told_to_everyone(code, resolved)
        except InvalidInput as error:
            return {"status": "error", "error": error.message(self.lang)}
        return row_of(resolved)


def row_of(resolved: Resolved) -> dict[str, Any]:
    """What :data:`RESOLVE_COLUMNS` say of the readings of a code, so far as they are known; the first of them
    counts."""
    readings = resolved.readings
    answer = _row(readings) if readings else {"status": "not_found"}
    meant = "; ".join(s.code for s in resolved.suggestions or ())
    return answer | {"suggestions": meant or None}


def _row(readings: tuple[Reading, ...]) -> dict[str, Any]:
    first = readings[0]
    answered = first.status != "not_issued"
    return {
        "status": "ambiguous" if len(readings) > 1 else "ok" if answered else "not_found",
        "province_code": first.province.code if first.province else None,
        "province": first.province.name if first.province else None,
        "commune_code": first.commune.code if first.commune else None,
        "commune": first.commune.name if first.commune else None,
        "confidence": round(1 / len(readings), 4) if answered else None,
        "system": first.system,
        "ndas": first.ndas,
        "code_status": first.status,
        "lat": first.point.lat if first.point else None,
        "lon": first.point.lon if first.point else None,
        "postcode": first.postcode,
        "superseded_by": "; ".join(first.superseded_by or ()) or None,
        "candidates": _communes(readings) if len(readings) > 1 else None,
    }


def _communes(readings: tuple[Reading, ...]) -> str | None:
    """The communes of several readings, each with its share of them."""
    counts = Counter(r.commune.code for r in readings if r.commune)
    return weights(dict(counts.most_common())) or None

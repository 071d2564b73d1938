"""Columns of codes to columns of units and points; the columnar twin of ``resolve``.

Each distinct text is resolved once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from geoaddr.bulk.answer_columns import RESOLVE_COLUMNS
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.views import weights
from geoaddr.errors import InvalidInput
from geoaddr.model import Reading

_FLOATS = frozenset({"confidence", "lat", "lon"})


@dataclass(slots=True)
class CodeColumns:
    """Answers about columns of codes on one date."""

    ga: Platform
    as_of: dt.date
    lang: str = "en"

    def resolve(self, codes: list[str]) -> dict[str, Any]:
        """The columns of :data:`RESOLVE_COLUMNS` for texts; an empty text is an error row."""
        answers = {code: self._one(code) for code in dict.fromkeys(codes)}
        rows = [answers[code] for code in codes]
        return {
            name: pa.array([r.get(name) for r in rows], pa.float64() if name in _FLOATS else pa.string())
            for name in RESOLVE_COLUMNS
        }

    def _one(self, code: str) -> dict[str, Any]:
        try:
            resolved = self.ga.resolve(code, as_of=self.as_of)
        except InvalidInput as error:
            return {"status": "error", "error": error.message(self.lang)}
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

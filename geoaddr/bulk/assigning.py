"""Columns of households to columns of codes; the columnar twin of ``assign``.

The codes of a piece are issued in one transaction, each with the identity of its row (the run and the row's
number), so that a run that was killed and goes on gives the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from geoaddr.assigning import Filing
from geoaddr.bulk.answer_columns import ASSIGN_COLUMNS
from geoaddr.bulk.columns import Degrees
from geoaddr.bulk.ports import Platform
from geoaddr.codes import vpostcode
from geoaddr.components import components_from
from geoaddr.errors import GeoaddrError, Said
from geoaddr.model import COMPONENT_NAMES, Point
from geoaddr.registry import Draft, Issued
from geoaddr.registry.rows import listed
from geoaddr.validation.fields import own_name

POINT_SOURCE = "imported"
ACTOR = "batch"


PARTS = tuple(name for name in COMPONENT_NAMES if name != "text")
"""What a column of its own may hold; the line has an option of its own."""


def part_of_column(name: str) -> str:
    """The component's own name.

    :raises InvalidInput: for one that is none of ``PARTS``, nor another name for one.
    """
    return own_name(name, PARTS, Said("no part of a household's address", "không phải phần của địa chỉ"))


@dataclass(slots=True)
class HouseholdColumns:
    """Issues codes for columns of households."""

    ga: Platform
    run: str
    lang: str

    def assign(self, first_row: int, parts: Mapping[str, list[str]], lat: Degrees, lon: Degrees) -> dict[str, Any]:
        """The columns of :data:`ASSIGN_COLUMNS`.

        :param first_row: the number of the first row in its file.
        :param parts: columns of the components of addresses, as :data:`geoaddr.model.COMPONENT_NAMES` call them;
            an empty text states nothing, and the levels of an alley are parted by semicolons.
        """
        rows = [*zip(*parts.values(), strict=True)]
        answers: list[dict[str, Any]] = [{} for _ in rows]
        errors = [a or b for a, b in zip(lat.errors.to_pylist(), lon.errors.to_pylist(), strict=True)]
        drafts: list[tuple[int, Draft, Filing]] = []
        for i, row in enumerate(rows):
            if errors[i] is None:
                stated = dict(zip(parts, row, strict=True))
                try:
                    drafts.append((i, *self._draft(stated, lat.values[i], lon.values[i])))
                except GeoaddrError as error:
                    errors[i] = error.message(self.lang)
            if errors[i] is not None:
                answers[i] = {"status": "error", "error": errors[i]}
        issued = self.ga.registry.issue_many(
            [(str(first_row + i), draft) for i, draft, _ in drafts],
            batch_id=self.run,
            actor=ACTOR,
            reason="batch assign",
        )
        for (i, draft, filing), one in zip(drafts, issued, strict=True):
            if isinstance(one, GeoaddrError):
                answers[i] = {"status": "error", "error": one.message(self.lang)}
            elif one.outcome == "existing":
                answers[i] = self._row(one, self.ga.assigner.filed(one.record, draft.components, draft.point))
            else:
                answers[i] = self._row(one, filing)
        return {
            name: pa.array([a.get(name) for a in answers], pa.float64() if name == "confidence" else pa.string())
            for name in ASSIGN_COLUMNS
        }

    def _draft(self, stated: Mapping[str, str], lat: float, lon: float) -> tuple[Draft, Filing]:
        parts = components_from(
            {name: listed(said) if name == "alley" else said for name, said in stated.items() if said}
        )
        return self.ga.assigner.draft(
            parts, Point(lat=float(lat), lon=float(lon)), point_source=POINT_SOURCE, uncertainty_m=None
        )

    def _row(self, issued: Issued, filing: Filing) -> dict[str, Any]:
        record = issued.record
        return {
            "status": "ok",
            "province_code": filing.province.code,
            "province": filing.province.name,
            "commune_code": filing.commune.code,
            "commune": filing.commune.name,
            "confidence": 1.0,
            "ndas": record.ndas,
            "vpostcode": vpostcode.encode(record.point.lat, record.point.lon, record.ndas[:5]),
            "outcome": issued.outcome,
            "code_status": record.status,
            "boundary_accuracy": self.ga.pack.info.boundary_accuracy,
            "warnings": "; ".join(w[self.lang] for w in filing.warnings) or None,
        }

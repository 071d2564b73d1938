"""What in a registry people should look at, with what each suspicion goes by.

Records are read in one pass, those of an area together, with whoever stands near them: memory does not grow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache, partial
from itertools import groupby, repeat
from typing import get_args

from geoaddr.errors import InvalidInput, Said
from geoaddr.locating import Locator
from geoaddr.model import AddressRecord, Components, Unit
from geoaddr.registry import Registry
from geoaddr.registry.drafts import AREA_DIGITS, require_digits
from geoaddr.registry.reviewing import Oddity, Suspicion, odd_among_neighbours
from geoaddr.stating import Statements
from geoaddr.store import ENDS
from geoaddr.straying import filed_under, lies_outside, names_of

KINDS: tuple[Oddity, ...] = get_args(Oddity)

_AMONG_NEIGHBOURS = frozenset({"duplicate", "number_out_of_order"})

ReadCommune = Callable[[str], Unit | None]
"""The commune of today that a line of text of any day names, where one is stood behind."""


class Reviewer:
    """Looks for what is odd."""

    def __init__(self, registry: Registry, locator: Locator, read_commune: ReadCommune) -> None:
        self._registry = registry
        self._locator = locator
        self._gazetteer = locator.gazetteer
        self._read_commune = read_commune
        self._day = locator.info.date
        self._statements = Statements(self._gazetteer, self._day)
        self._filed = lru_cache(maxsize=4096)(partial(filed_under, locator))
        self._units_stated = lru_cache(maxsize=4096)(self._read_units)

    def review(self, area: str | None = None, kinds: Collection[str] = ()) -> Iterator[Suspicion]:
        """Every suspicion, by code.

        :param area: look only at codes that begin with these five digits; neighbours may have others.
        :param kinds: look only for these; all by default.
        :raises InvalidInput: for no area, or an unknown kind.
        """
        if area is not None:
            require_digits("area", area, AREA_DIGITS)
        for kind in kinds:
            if kind not in KINDS:
                allowed = ", ".join(KINDS)
                raise InvalidInput("kind", kind, Said(f"not one of {allowed}", f"không thuộc {allowed}"))
        return self._review(area, frozenset(kinds) or frozenset(KINDS))

    def _review(self, area: str | None, kinds: frozenset[str]) -> Iterator[Suspicion]:
        standing = (
            record
            for record in self._registry.export()
            if record.status not in ENDS and (area is None or record.ndas.startswith(area))
        )
        for _, records in groupby(standing, key=lambda record: record.ndas[:AREA_DIGITS]):
            for found in self._of_area(list(records), kinds):
                yield from (each for each in found if each.kind in kinds)

    def _of_area(self, records: list[AddressRecord], kinds: frozenset[str]) -> Iterator[list[Suspicion]]:
        """What is odd about each of the standing records of one area."""
        beside: Iterable[list[Suspicion]] = repeat([])
        if kinds & _AMONG_NEIGHBOURS:
            beside = odd_among_neighbours(self._registry.store, records)
        for record, among in zip(records, beside, strict=False):
            found = list(among)
            if kinds - _AMONG_NEIGHBOURS:
                held_by = self._locator.commune_codes_at(record.point)
                if "outside_commune" in kinds:
                    found += self._outside(record, held_by)
                if "text_and_point" in kinds:
                    found += self._disagreeing(record, held_by)
            yield found

    def _outside(self, record: AddressRecord, held_by: tuple[str, ...]) -> Iterator[Suspicion]:
        """Whether the point lies in the commune that the code was issued under, as it is today."""
        filed = self._filed(record.commune_code, record.issued_on)
        if filed and all(self._is_elsewhere(record, code, held_by) for code in filed):
            names = names_of(self._locator, filed)
            yield self._suspicion("outside_commune", record, names, held_by, "was issued under", "được cấp tại")

    def _disagreeing(self, record: AddressRecord, held_by: tuple[str, ...]) -> Iterator[Suspicion]:
        """Whether the units that the address states, in its parts or its line of text, hold the point."""
        stated = self._stated(record, held_by)
        if stated is not None and self._is_elsewhere(record, stated.code, held_by):
            yield self._suspicion(
                "text_and_point", record, [f"{stated.full_name} ({stated.code})"], held_by, "states", "ghi là"
            )

    def _stated(self, record: AddressRecord, held_by: tuple[str, ...]) -> Unit | None:
        """The commune that is stated; ``None`` where none is, or which one it is cannot be told."""
        parts = record.components
        if parts.commune is not None:
            return self._units_stated(parts.commune, parts.province, held_by)
        return None if parts.text is None else self._read_commune(parts.text)

    def _read_units(self, commune: str, province: str | None, held_by: tuple[str, ...]) -> Unit | None:
        """The commune that these names mean, of those that hold a point before others."""
        try:
            return self._statements.read(Components(commune=commune, province=province), prefer=held_by).commune
        except InvalidInput:
            return None

    def _is_elsewhere(self, record: AddressRecord, code: str, held_by: tuple[str, ...]) -> bool:
        return lies_outside(self._locator, code, record.point, held_by)

    def _suspicion(
        self, kind: Oddity, record: AddressRecord, names: list[str], held_by: tuple[str, ...], en: str, vi: str
    ) -> Suspicion:
        there = names_of(self._locator, held_by)
        evidence = {
            "commune": names,
            "commune_at_point": there,
            "point": record.point.to_dict(),
            "boundary_accuracy": self._locator.info.boundary_accuracy,
        }
        listed, found = ", ".join(names), ", ".join(there)
        said = Said(
            f"{record.ndas} {en} {listed}; its point lies in {found or 'no commune'}",
            f"{record.ndas} {vi} {listed}; điểm nằm ở {found or 'ngoài mọi xã, phường'}",
        )
        return Suspicion(kind=kind, ndas=record.ndas, others=(), evidence=evidence, said=said)

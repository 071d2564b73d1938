"""The verbs: :func:`open` gives a :class:`Geoaddr` on a pack and a registry; each verb is a thin call."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from geoaddr.bulk.ports import Origin
from geoaddr.errors import InvalidInput, Said, StoreError
from geoaddr.frames import FrameVerbs
from geoaddr.lives import Lives
from geoaddr.model import Assigned, Components, Level, Located, Point, Resolved, Unit, as_date
from geoaddr.pack import Pack
from geoaddr.searching import Searching
from geoaddr.stores import absolute, check_url, is_absent
from geoaddr.wiring import EMBEDDED_PACK, open_registry, pack_path, store_url

if TYPE_CHECKING:
    import pyarrow as pa

    from geoaddr.bulk.job import BatchJob, Progress, Tell, Watch
    from geoaddr.bulk.report import BatchReport
    from geoaddr.bulk.texts import TextColumns
    from geoaddr.conversion import Converted
    from geoaddr.parsing import Parsed
    from geoaddr.registry import Issued
    from geoaddr.synthetic.report import SynthReport
    from geoaddr.validation.records import Validated


MOST_SAME = 5
"""Other households of one address that an answer names."""


def open(  # noqa: A001  # the verb users type: geoaddr.open()
    pack: str | os.PathLike[str] | None = None, store: str | None = None
) -> Geoaddr:
    """Open the platform on a pack and a registry.

    :param pack: path of a pack; by default ``GEOADDR_PACK`` or the embedded, approximate one.
    :param store: URL of a registry (``sqlite:///relative.db``, ``sqlite:////absolute.db``,
        ``postgresql://user@host/database``, ``memory:``);
        by default ``GEOADDR_STORE`` or a file in the user's data folder, made when first written.
    :raises InvalidInput: for a store that is no registry's URL.
    :raises DataError: for a pack that is missing, truncated, altered or of another format.
    """
    url, path = store_url(store), pack_path(pack)
    check_url(url)
    origin = Origin(open, None if path == EMBEDDED_PACK else str(path.absolute()), absolute(url))
    return Geoaddr(Pack.open(path), partial(open_registry, url), partial(is_absent, url), origin)


class Geoaddr(FrameVerbs, Searching, Lives):
    """Every verb of the platform. Safe to share between threads; open one for each process."""

    @property
    def date(self) -> dt.date:
        """The date of the data, and the default ``as_of`` of every verb."""
        return self.pack.info.date

    def as_of(self, given: dt.date | str | None) -> dt.date:
        """``given`` as a date; the pack's date for ``None``."""
        return self.date if given is None else as_date(given)

    def locate(
        self,
        *,
        lat: float,
        lon: float,
        as_of: dt.date | str | None = None,
        uncertainty_m: float | None = None,
    ) -> Located:
        """The province, commune, postcode and codes at a point (WGS 84 degrees), how far the nearest border of the
        commune is, and which commune lies beyond it.

        A point outside the country has no units and ``inside`` false.

        :param uncertainty_m: the radius around the point that holds the true place with a probability of 68 %, as
            phones report it, 0 to 10,000 metres. Every commune that the place may lie in is then a candidate
            with its weight: see :mod:`geoaddr.boundaries.spread`.
        :raises InvalidPoint: for anything but finite degrees in range.
        :raises InvalidInput: for an uncertainty out of range.
        """
        return self.locator.locate(lat=lat, lon=lon, as_of=self.as_of(as_of), uncertainty_m=uncertainty_m)

    def resolve(self, code: str, *, as_of: dt.date | str | None = None) -> Resolved:
        """Every reading of a code of any system: NDAS, Vpostcode, Plus Code, Location ID, parcel geohash.

        :raises InvalidCode: for a text with the form of none.
        """
        return self.resolver.resolve(code, as_of=self.as_of(as_of))

    def assign(
        self,
        components: Components | Mapping[str, Any],
        *,
        lat: float,
        lon: float,
        actor: str = "",
        reason: str = "",
        idempotency_key: str | None = None,
        point_source: str = "declared",
        uncertainty_m: float | None = None,
    ) -> Assigned:
        """Give a household its NDAS code for life, or find the one that it has.

        The same components within a few metres are the same household: its record is answered with
        ``outcome`` ``existing``, and the units are those that it was filed under. With an ``idempotency_key`` a
        repeated call answers as the first did, whatever the data say by now. A code that was issued although other
        households have the very same address names some of them (``same_address``): two homes may share one
        address, but it may be one home that was entered twice.

        :raises InvalidInput: for components that cannot be stored, or a commune that cannot be decided.
        :raises InvalidPoint: when no commune holds the point.
        :raises AlreadyIssued: when the idempotency key stands for another household.
        :raises AreaExhausted: when the area's 100,000 codes are taken.
        """
        from geoaddr.assigning import assigned, request_digest
        from geoaddr.components import components_from

        parts = components if isinstance(components, Components) else components_from(components)
        point = Point(lat=lat, lon=lon)
        digest = request_digest(parts, point, point_source, uncertainty_m)
        accuracy = self.pack.info.boundary_accuracy
        issued = None if idempotency_key is None else self.registry.answered(idempotency_key, digest)
        if issued is None:
            draft, filing = self.assigner.draft(
                parts, point, point_source=point_source, uncertainty_m=uncertainty_m
            )
            issued = self.registry.issue(
                draft, actor=actor, reason=reason, idempotency_key=idempotency_key, request_digest=digest
            )
            if issued.outcome == "created":
                return assigned(issued, filing, accuracy, self._of_same_address(issued))
        filing = self.assigner.filed(issued.record, parts, point)
        return assigned(issued, filing, accuracy, self._of_same_address(issued))

    def parse(self, text: str, *, as_of: dt.date | str | None = None, explain: bool = False) -> Parsed:
        """An address text taken apart: units, house number, alleys, street and the rest, with every reading.

        :param as_of: read with the units of that day; by default old and new units compete.
        :param explain: add every stage of how it was understood.
        :raises InvalidQuery: for what is no text, and one longer than 4,096 characters.
        """
        from geoaddr.parsing import parse

        day = None if as_of is None else as_date(as_of)
        return parse(self.interpreter, text, as_of=day, explain=explain, pack=self.pack.info)

    def convert(
        self,
        text: str,
        *,
        to: str = "new",
        lat: float | None = None,
        lon: float | None = None,
        as_of: dt.date | str | None = None,
        area_only: bool = False,
    ) -> Converted:
        """An address in today's units (``to="new"``) or in those of 30 June 2025 (``to="old"``).

        A split commune is never guessed: every part it may be is a candidate with its weight, unless a point
        and exact boundaries decide.

        :param as_of: the day whose units are answered: from 1 July 2025 on for ``to="new"``, by default the
            data's; before it for ``to="old"``, by default 30 June 2025.
        :param area_only: let nothing be learnt of a house, whatever is asked: see :mod:`geoaddr.disclosure`.
        :raises InvalidInput: for another ``to``, a day on the other side of the reform, a point that is none, or
            half a point.
        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        point = None if lat is None and lon is None else Point(lat=lat, lon=lon)  # type: ignore[arg-type]
        converter = self.converter_for_all if area_only else self.converter
        day = None if as_of is None else as_date(as_of)
        return converter.convert(text, to=to, point=point, as_of=day)

    def parse_table(
        self, texts: Any, column: str | None = None, *, as_of: dt.date | str | None = None
    ) -> pa.Table:
        """:meth:`parse` for an Arrow array, or for a table's ``column``, whose columns are kept.

        The answers' columns are those of ``geoaddr batch parse``; a row that cannot be read says so in ``error``.
        """
        from geoaddr.bulk.tables import answered

        return answered(texts, column, self._columns(as_of).parse)

    def geocode_table(
        self, texts: Any, column: str | None = None, *, as_of: dt.date | str | None = None
    ) -> pa.Table:
        """:meth:`geocode`'s best match for an Arrow array, or for a table's ``column``, whose columns are kept.

        The answers' columns are those of ``geoaddr batch geocode``.
        """
        from geoaddr.bulk.tables import answered

        return answered(texts, column, self._columns(as_of).geocode)

    def convert_table(
        self,
        texts: Any,
        column: str | None = None,
        *,
        to: str = "new",
        lat: Any = None,
        lon: Any = None,
        as_of: dt.date | str | None = None,
    ) -> pa.Table:
        """:meth:`convert` for an Arrow array, or for a table's ``column``, whose columns are kept.

        :param lat, lon: where the addresses lie: arrays, or names of the table's columns. Rows may lack both.
        """
        from geoaddr.bulk.tables import answered, coordinates

        points = coordinates(texts, lat, lon)
        columns = self._columns(as_of)
        return answered(texts, column, lambda found: columns.convert(found, to, *points))

    def validate_table(
        self,
        texts: Any,
        column: str | None = None,
        *,
        code: Any = None,
        lat: Any = None,
        lon: Any = None,
        fields: Mapping[str, Any] | None = None,
        as_of: dt.date | str | None = None,
    ) -> pa.Table:
        """:meth:`validate` for an Arrow array, or for a table's ``column``, whose columns are kept.

        :param code, lat, lon: what else is known of each address: arrays, or names of the table's columns.
        :param fields: the fields of a form by name, ``{"street": "Street 1", "ward": "Ward"}``, each an array
            or the name of a column; beside them a line of text is read only from a ``column`` that is named.
        """
        from geoaddr.bulk.tables import answered, beside, coordinates, form

        points, codes, columns = coordinates(texts, lat, lon), beside(texts, code), self._columns(as_of)
        stated = form(texts, fields) if fields else None
        return answered(
            texts, column, lambda found: columns.validate(found, codes, *points, stated), textless=bool(stated)
        )

    def validate(
        self,
        address: str | Mapping[str, Any] | None = None,
        *,
        code: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        as_of: dt.date | str | None = None,
        area_only: bool = False,
    ) -> Validated:
        """A verdict that a checkout can act on: accept, confirm, fix or reject, and the one thing to do next.

        :param address: a line of text (or a code), or a form's fields: ``text, house_number, alley, street,
            hamlet, building, floor, unit, poi, commune, district, province, postcode, code, lat, lon``.
        :param code: a code of any system; with an address, the two must agree.
        :param area_only: let nothing be learnt of a house, whatever is asked: see :mod:`geoaddr.disclosure`.
        :raises InvalidInput: for a field that is not known, not a text, or given twice.
        :raises InvalidQuery: for a text that is too long.
        :raises InvalidPoint: for half a point, or degrees out of range.
        """
        day = None if as_of is None else as_date(as_of)
        validator = self.validator_for_all if area_only else self.validator
        return validator.validate(
            address, code=code, lat=lat, lon=lon, as_of=day, area_only=area_only, look_up=True
        )

    def unit(self, code: str, *, as_of: dt.date | str | None = None, level: Level | None = None) -> Unit:
        """An administrative unit by its code (2 digits a province, 3 a district, 5 a commune).

        :raises InvalidInput: for a code that is no text: as a number it has lost its leading zeros.
        :raises UnknownUnit: when no unit has the code on the date.
        """
        _check_code(code)
        return self.gazetteer.unit(code, as_of=self.as_of(as_of), level=level)

    def units(self, level: Level, *, as_of: dt.date | str | None = None, parent: str | None = None) -> list[Unit]:
        """The units of a level on a date, by code; those of one ``parent`` where it is given.

        :raises UnknownUnit: when ``parent`` is not a unit on the date.
        """
        day = self.as_of(as_of)
        if parent is not None:
            self.gazetteer.unit(parent, as_of=day)
        return self.gazetteer.units(level, as_of=day, parent=parent)

    def crosswalk(
        self,
        *,
        known_on: dt.date | str | None = None,
        as_of: dt.date | str | None = None,
        level: Level | None = None,
    ) -> pa.Table:
        """What became of every unit, as an Arrow table: a row for each old unit and each part that it became.

        Columns: :class:`geoaddr.crosswalk.Pair`. Codes are texts with their leading zeros.

        :param known_on: the day of the old units; by default 30 June 2025, the last before the reform.
        :param level: only old units of this level; by default provinces, districts and communes.
        :raises InvalidDate: when ``as_of`` lies before ``known_on``.
        """
        from geoaddr.crosswalk import EVE, crosswalk

        first = EVE if known_on is None else as_date(known_on, "known_on")
        return crosswalk(self.gazetteer, known_on=first, as_of=self.as_of(as_of), level=level)

    def boundary(
        self,
        code: str,
        *,
        as_of: dt.date | str | None = None,
        tolerance_m: float | None = None,
        zoom: int | None = None,
    ) -> dict[str, Any]:
        """A unit's boundary as a GeoJSON feature, with its accuracy.

        Simplified ones of neighbours fit each other, vertex by vertex.

        :param tolerance_m: how far a border may be moved to have fewer vertices, metres, 0 to 5,000.
        :param zoom: instead of it, of a web map of 256-pixel tiles, 4 to 22: half a pixel.
        :raises InvalidInput: for a tolerance or zoom out of its range, or both.
        :raises UnknownUnit: when no unit has the code on the date, or it has no polygon.
        """
        from geoaddr.coverage.tolerance import chosen_tolerance
        from geoaddr.shapes import boundary_feature

        _check_code(code)
        day, allowed_m = self.as_of(as_of), chosen_tolerance(tolerance_m, zoom)
        return boundary_feature(self.locator, self.gazetteer.unit(code, as_of=day), day, allowed_m)

    def synth(
        self, out: str | os.PathLike[str], *, progress: Progress | None = None, **options: Any
    ) -> SynthReport:
        """Write made-up households, nobody's homes, to a file: the same ones for the same seed and pack.

        :param options: see :class:`geoaddr.synthetic.job.SynthJob`.
        :raises InvalidInput, DataError, UnknownUnit: for what cannot be made; nothing is left half-written.
        """
        from pathlib import Path

        from geoaddr.synthetic.job import SynthJob
        from geoaddr.synthetic.nation import run

        return run(SynthJob(out=Path(out), **options), self.locator, progress)

    def _of_same_address(self, issued: Issued) -> tuple[str, ...]:
        """Codes of other households of the address of one that was given a code: looked up once that is done, so
        that nobody waits for it, and a registry that does not answer takes nothing back."""
        from geoaddr.finding.exact import others_of_address

        if issued.outcome == "created":
            with suppress(StoreError):
                return tuple(islice(others_of_address(self.registry, self.homes, issued.record), MOST_SAME))
        return ()

    def __enter__(self) -> Geoaddr:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _columns(self, as_of: dt.date | str | None) -> TextColumns:
        from geoaddr.bulk.texts import TextColumns

        # anew for each call: what a registry knows may have changed
        return TextColumns(self, None if as_of is None else as_date(as_of))


def _check_code(code: object) -> None:
    if not isinstance(code, str):
        said = Said("a code is a text with its leading zeros", "mã là chuỗi ký tự, giữ các số 0 ở đầu")
        raise InvalidInput("code", code, said)


def batch(
    job: BatchJob, progress: Progress | None = None, watch: Watch | None = None, tell: Tell | None = None
) -> BatchReport:
    """A verb over a file: see :mod:`geoaddr.bulk.job`."""
    from geoaddr.bulk.job import run

    return run(job, open, progress, watch, tell)

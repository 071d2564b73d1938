"""Columns of address texts to columns of answers; the columnar twins of the verbs that read texts.

The answers are the scalar verbs'. What was answered is kept, in bounded room, for the pieces that follow; what a
registry learns meanwhile counts for those who begin anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.bulk.columns import Degrees, text_column
from geoaddr.bulk.columns import texts as texts_of
from geoaddr.bulk.converting import ConvertRows
from geoaddr.bulk.distinct import Answers
from geoaddr.bulk.geocode_columns import GeocodeColumns
from geoaddr.bulk.geocoding import GeocodeRows
from geoaddr.bulk.houses import Houses
from geoaddr.bulk.parsing import ParseRows
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.validating import Beside, ValidateRows
from geoaddr.conversion.converter import day_answered
from geoaddr.model import Point

if TYPE_CHECKING:
    from geoaddr.conversion import Converter

NO_POINT = -2
"""Among boundary rows: no point is given. Outside all of them is -1."""


class TextColumns:
    """Answers about columns of address texts.

    :param as_of: ``parse``, ``geocode`` and ``validate`` read with the units of that day, by default those of all
        days compete; ``convert`` answers with them, by default with those of the data's day or of 30 June 2025.
    :param lang: the language of error texts.
    :param area_only: let nothing be learnt of a house, whatever is asked: see :mod:`geoaddr.disclosure`.
    """

    def __init__(
        self, ga: Platform, as_of: dt.date | None = None, lang: str = "en", *, area_only: bool = False
    ) -> None:
        self._ga, self._as_of, self._lang, self._area_only = ga, as_of, lang, area_only
        self._converting: dict[str, Answers] = {}

    def parse(self, texts: Any) -> dict[str, Any]:
        """The columns of :data:`geoaddr.bulk.parsing.PARSE_COLUMNS` for an array of texts."""
        return _answered(self._parsing, self._column(texts))

    def geocode(self, texts: Any) -> dict[str, Any]:
        """The columns of :data:`geoaddr.bulk.answer_columns.GEOCODE_COLUMNS` for an array of texts."""
        return _answered(self._geocoding, self._column(texts))

    def convert(
        self, texts: Any, to: str = "new", lat: Degrees | None = None, lon: Degrees | None = None
    ) -> dict[str, Any]:
        """The columns of :data:`geoaddr.bulk.converting.CONVERT_COLUMNS` for an array of texts.

        :param lat, lon: where the addresses lie; a row with neither is converted by its text alone, one with
            only one of them, or with one that is no number or out of range, is an error.
        :raises InvalidInput: for another ``to``.
        :raises InvalidDate: where the day is not on the side of the reform that ``to`` names.
        """
        day = day_answered(to, self._as_of) or self._ga.pack.info.date
        answers = self._converting.get(to)
        if answers is None:
            rows = ConvertRows(self._converter, to, self._as_of, self._streets_known)
            answers = self._converting[to] = Answers(rows, self._houses, self._lang)
        column = self._column(texts)
        if lat is None or lon is None:
            return _answered(answers, column)
        found = _answered(answers, column, self._held(lat, lon, day), lambda row: _point(lat, lon, row))
        return _refused(found, lat, lon)

    def validate(
        self,
        texts: Any,
        codes: Any = None,
        lat: Degrees | None = None,
        lon: Degrees | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The columns of :data:`geoaddr.bulk.validating.VALIDATE_COLUMNS` for an array of texts.

        :param texts: addresses; ``None`` where there are only codes or forms.
        :param codes: an array of codes of the same addresses, empty or null where a row has none.
        :param lat, lon: where the addresses lie, as for :meth:`convert`.
        :param form: arrays of the fields of a form, named as in :data:`geoaddr.validation.fields.COLUMNS`;
            the levels of an alley are parted by semicolons. A row without any is judged as an empty form.
        """
        if texts is None:
            texts = pa.nulls(len(codes if codes is not None else next(iter((form or {}).values()))), pa.string())
        column = self._column(texts)
        if codes is None and lat is None and not form:
            return _answered(self._validating, column)
        beside = _beside(len(column), codes, lat, lon)
        if form:
            beside = _with_form(beside, form)
        words = [
            "" if text is None and (with_.code or with_.form is not None) else text
            for text, with_ in zip(column.to_pylist(), beside, strict=True)
        ]
        numbers: dict[tuple[str | None, Beside], int] = {}
        of = [numbers.setdefault(row, len(numbers)) for row in zip(words, beside, strict=True)]
        asked = [*numbers]
        given = [with_ for _, with_ in asked]
        found = self._validating.columns([text for text, _ in asked], [_key(with_) for with_ in given], given)
        indices = pa.array(of, pa.int64())
        answers = {name: pc.take(column, indices) for name, column in found.items()}
        return answers if lat is None or lon is None else _refused(answers, lat, lon)

    def _column(self, texts: Any) -> Any:
        """The texts as an Arrow array, announced to the interpreter."""
        column = text_column(texts)
        self._ga.interpreter.expect(len(column))
        return column

    @property
    def _converter(self) -> Converter:
        return self._ga.converter_for_all if self._area_only else self._ga.converter

    @cached_property
    def _validating(self) -> Answers:
        validator = self._ga.validator_for_all if self._area_only else self._ga.validator
        return Answers(
            ValidateRows(validator, self._as_of, self._lang, self._streets_known, self._area_only),
            self._houses,
            self._lang,
        )

    @cached_property
    def _parsing(self) -> Answers:
        return Answers(ParseRows(self._ga.interpreter, self._as_of), self._houses, self._lang)

    @cached_property
    def _geocoding(self) -> Answers | GeocodeColumns:
        rows = Answers(GeocodeRows(self._ga.geocoder, self._as_of, self._area_only), self._houses, self._lang)
        return rows if self._area_only else GeocodeColumns(self._ga, rows, self._as_of)

    @cached_property
    def _streets_known(self) -> bool:
        return self._ga.known is not None

    @cached_property
    def _houses(self) -> Houses:
        return Houses.beside(self._ga.interpreter)

    def _held(self, lat: Degrees, lon: Degrees, day: dt.date) -> NDArray[np.int64]:
        """For each row a number that is the same for points in the same communes of a day; ``NO_POINT`` without
        one."""
        locator = self._ga.locator.on(day)
        hits = locator.rows_at(lat.values, lon.values)
        held = np.array(hits.primary, dtype=np.int64)
        several: dict[int, list[int]] = {}
        for row, unit in zip(hits.multi_rows.tolist(), hits.multi_units.tolist(), strict=True):
            several.setdefault(row, []).append(unit)
        numbers: dict[tuple[int, ...], int] = {}
        for row, units in several.items():
            held[row] = len(locator.codes) + numbers.setdefault(tuple(units), len(numbers))
        held[~(lat.good & lon.good)] = NO_POINT
        return held


def _answered(
    answers: Answers | GeocodeColumns,
    texts: Any,
    keys: NDArray[np.int64] | None = None,
    given: Callable[[int], Any] = lambda row: None,
) -> dict[str, Any]:
    """The answers to ``texts``, each pair of text and key asked once.

    :param keys: what else decides an answer, as a number.
    :param given: what else is known of a row, the same in kind for rows with the same text and key.
    """
    encoded = texts.dictionary_encode(null_encoding="encode")
    distinct, of = encoded.dictionary.to_pylist(), np.asarray(encoded.indices, dtype=np.int64)
    if keys is None:
        alone = [None] * len(distinct)
        columns = answers.columns(distinct, alone, alone)
    else:
        both = of * (int(keys.max(initial=0)) - NO_POINT + 1) + (keys - NO_POINT)
        _, firsts, groups = np.unique(both, return_index=True, return_inverse=True)
        columns = answers.columns(
            [distinct[i] for i in of[firsts].tolist()],
            keys[firsts].tolist(),
            [given(row) for row in firsts.tolist()],
        )
        of = groups
    if keys is None and len(distinct) == len(of):
        return columns
    indices = pa.array(of)
    return {name: pc.take(column, indices) for name, column in columns.items()}


def _beside(count: int, codes: Any, lat: Degrees | None, lon: Degrees | None) -> list[Beside]:
    """What each row has beside its text. A point that cannot be used is left out; its row is refused later."""
    given = [None] * count if codes is None else [code or None for code in texts_of(codes)]
    if lat is None or lon is None:
        return [Beside(code) for code in given]
    rows = zip(given, lat.values.tolist(), lon.values.tolist(), (lat.good & lon.good).tolist(), strict=True)
    return [Beside(code, y, x) if good else Beside(code) for code, y, x, good in rows]


def _with_form(beside: list[Beside], form: Mapping[str, Any]) -> list[Beside]:
    """The same with the fields of each row; what is null is not there."""
    columns = [text_column(column).to_pylist() for column in form.values()]
    names = tuple(form)
    return [
        with_._replace(form=tuple((n, v) for n, v in zip(names, row, strict=True) if v is not None))
        for with_, row in zip(beside, zip(*columns, strict=True), strict=True)
    ]


def _key(beside: Beside) -> Hashable:
    """What is alike for rows that have the same beside their texts; short, for it is kept with their answers."""
    if beside.form is None:
        return beside
    return hashlib.blake2b(repr(beside).encode(errors="surrogatepass"), digest_size=16).digest()


def _point(lat: Degrees, lon: Degrees, row: int) -> Point | None:
    known = math.isfinite(lat.values[row]) and math.isfinite(lon.values[row])
    return Point(lat=float(lat.values[row]), lon=float(lon.values[row])) if known else None


def _refused(columns: dict[str, Any], lat: Degrees, lon: Degrees) -> dict[str, Any]:
    """The same where no point is given or a good one; else an error, and no answer from half of what was said."""
    bad = ~(lat.good & lon.good) & ~(lat.blank & lon.blank)
    if not bad.any():
        return columns
    refused = pa.array(bad)
    found = {name: pc.if_else(refused, None, column) for name, column in columns.items()}
    found["status"] = pc.if_else(refused, "error", columns["status"])
    found["error"] = pc.if_else(refused, pc.coalesce(lat.errors, lon.errors), columns["error"])
    return found

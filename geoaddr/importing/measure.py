"""How often a pack's boundaries name the right commune, measured against a layer of real ones.

Three samples, since each answers another question: points spread evenly over the land (what a map sees),
as many points in every commune (nearer to where people live), and real addresses where a file has them.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex, Hits
from geoaddr.errors import DataError, Said, os_reason
from geoaddr.gazetteer import Gazetteer
from geoaddr.importing import assemble
from geoaddr.importing.area import areas_m2
from geoaddr.importing.codes import read_codes
from geoaddr.importing.columns import choose
from geoaddr.importing.intake import opened
from geoaddr.importing.polygons import decode, make_valid
from geoaddr.importing.read import read
from geoaddr.importing.units import match
from geoaddr.model import PackInfo, Record
from geoaddr.pack import Pack

COMMUNES = "boundaries.communes"
ADDRESS_COLUMNS = ("lat", "lon", "commune_code")

_METRES_PER_DEGREE = 111_195.0
_POINTS = 30_000
_SEED = 1
_DRAWS = 10_000
"""Rounds of drawing in one commune before it is taken for one that no point can be drawn in."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Share(Record):
    """Of ``points`` of one kind: the shares with the right commune, another one, and none, 0 to 1.

    ``off_median_m`` and ``off_p95_m``: how far the points without the right commune lie from the ground that
    the pack gives to it; ``None`` where there are none. ``type`` is a type of commune or ``all``.
    """

    sample: str
    type: str
    points: int
    right: float
    wrong: float
    none: float
    off_median_m: float | None
    off_p95_m: float | None


@dataclass(frozen=True, slots=True)
class Measurement(Record):
    """A pack against a layer: by sample (``land``, ``communes``, ``addresses``) and type of commune.

    ``communes`` is how many the layer has, ``absent`` the codes of those that the pack has no ground for.
    """

    pack: PackInfo
    reference: str
    seed: int
    communes: int
    absent: tuple[str, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class _Sample:
    """Points, and for each the row of its true commune in the list of all codes."""

    name: str
    lat: Floats
    lon: Floats
    truth: Ints


def measure(
    pack: Pack,
    reference: str | Path,
    *,
    addresses: str | Path | None = None,
    points: int = _POINTS,
    seed: int = _SEED,
) -> Measurement:
    """Compare ``pack`` with the communes of ``reference``, any layer that can be imported.

    :param addresses: a CSV file with the columns ``lat``, ``lon`` and ``commune_code``.
    :param points: how many are drawn for each of the two drawn samples; the same seed draws the same.
    :raises DataError: a file cannot be read, or has no communes that the pack knows.
    """
    gazetteer = Gazetteer.from_pack(pack)
    as_of = pack.info.date
    with opened(Path(reference)) as source:
        layer = read(source)
    chosen = choose(layer, None)
    coded, _ = read_codes(layer, chosen.get("code"), None)
    roster = match(layer, chosen, coded, gazetteer, as_of, check_names=False)
    geometries, _, _ = decode(layer)
    valid, _ = make_valid(geometries[[row for _, row in roster.units]])
    real = assemble.gather(layer, roster.units, valid)

    index = BoundaryIndex.from_pack(pack, COMMUNES)
    codes = [*pack.strings(COMMUNES + ".codes")]
    everything = sorted({*codes, *(unit.code for unit in gazetteer.units("commune", as_of=as_of))})
    place = {code: row for row, code in enumerate(everything)}
    types = np.array([gazetteer.unit(code, as_of=as_of).type for code in everything])
    own = np.array([place[unit.code] for unit in real.units])
    ours = np.array([place[code] for code in codes])

    samples = [*_drawn(real.polygons, own, points, seed)]
    if addresses is not None:
        samples.append(_addresses(Path(addresses), place))
    shares = tuple(share for sample in samples for share in _shares(sample, index, ours, types))
    absent = tuple(unit.code for unit in real.units if unit.code not in set(codes))
    return Measurement(pack.info, Path(reference).name, seed, len(real.units), absent, shares)


def _drawn(polygons: NDArray[Any], own: Ints, points: int, seed: int) -> list[_Sample]:
    rng = np.random.default_rng(seed)
    area = areas_m2(polygons)
    by_area = rng.multinomial(points, area / area.sum())
    alike = np.full(len(polygons), math.ceil(points / len(polygons)))
    return [
        _Sample(name, *_inside(polygons, counts, rng), np.repeat(own, counts))
        for name, counts in (("land", by_area), ("communes", alike))
    ]


def _inside(polygons: NDArray[Any], counts: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Random points in each polygon, in the order of the polygons: latitudes and longitudes."""
    lat, lon = [], []
    for polygon, count in zip(polygons, counts.tolist(), strict=True):
        if not count:
            continue
        west, south, east, north = shapely.bounds(polygon)
        shapely.prepare(polygon)
        missing = count
        for _ in range(_DRAWS):
            x, y = rng.uniform(west, east, 4 * missing + 16), rng.uniform(south, north, 4 * missing + 16)
            held = np.flatnonzero(shapely.contains_xy(polygon, x, y))[:missing]
            lon.append(x[held])
            lat.append(y[held])
            missing -= len(held)
            if not missing:
                break
        else:
            raise DataError("reference", Said("a commune too thin to draw points in", "có xã quá hẹp để lấy điểm"))
        shapely.destroy_prepared(polygon)
    return np.concatenate(lat), np.concatenate(lon)


def _addresses(file: Path, place: dict[str, int]) -> _Sample:
    """The rows of the file; a code that is no commune of the pack's date is an error that names the line."""
    lat, lon, truth = [], [], []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [c for c in ADDRESS_COLUMNS if c not in (reader.fieldnames or ())]
            if missing:
                listed = ", ".join(missing)
                raise DataError(file, Said(f"columns are missing: {listed}", f"thiếu cột: {listed}"))
            for line in reader:
                lat.append(_number(file, reader.line_num, line, "lat"))
                lon.append(_number(file, reader.line_num, line, "lon"))
                code = line["commune_code"]
                if code not in place:
                    said = Said("no commune has this code", "không có xã, phường, đặc khu nào mang mã này")
                    raise DataError(file, said, line=reader.line_num, column="commune_code")
                truth.append(place[code])
    except OSError as error:
        raise DataError(
            file, Said(f"cannot be read: {os_reason(error).en}", f"không đọc được: {os_reason(error).vi}")
        ) from None
    except UnicodeDecodeError:
        raise DataError(file, Said("not UTF-8 text", "không phải văn bản UTF-8")) from None
    return _Sample("addresses", np.array(lat), np.array(lon), np.array(truth, np.int64))


def _number(file: Path, line: int, fields: dict[str, str | Any], column: str) -> float:
    try:
        value = float(fields[column])
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise DataError(file, Said("not a number", "không phải là số"), line=line, column=column)
    return value


def _shares(sample: _Sample, index: BoundaryIndex, ours: Ints, types: NDArray[np.str_]) -> list[Share]:
    hits = index.at_many(sample.lat, sample.lon)
    right = _right(hits, sample.truth, ours)
    none = hits.primary < 0
    off = _off(sample, np.flatnonzero(~right), index, ours)
    kind = types[sample.truth]
    found = []
    for name in ("all", *sorted(set(kind.tolist()))):
        rows = np.ones(len(kind), bool) if name == "all" else kind == name
        astray = off[rows & np.isfinite(off)]
        found.append(
            Share(
                sample.name, name, int(rows.sum()),
                _mean(right[rows]), _mean(~right[rows] & ~none[rows]), _mean(none[rows] & ~right[rows]),
                _metres(astray, 50), _metres(astray, 95),
            )
        )  # fmt: skip
    return found


def _right(hits: Hits, truth: Ints, ours: Ints) -> NDArray[np.bool_]:
    """A point on a border, or where communes overlap, is right when its commune is among the answers."""
    answered = hits.primary >= 0
    right = np.zeros(len(truth), bool)
    right[answered] = ours[hits.primary[answered]] == truth[answered]
    right[hits.multi_rows[ours[hits.multi_units] == truth[hits.multi_rows]]] = True
    return right


def _off(sample: _Sample, rows: Ints, index: BoundaryIndex, ours: Ints) -> Floats:
    """Metres from the points of ``rows`` to the pack's polygon of their true commune; not a number elsewhere."""
    off = np.full(len(sample.truth), np.nan)
    row_of = {commune: row for row, commune in enumerate(ours.tolist())}
    order = rows[np.argsort(sample.truth[rows], kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(sample.truth[order])) + 1):
        row = row_of.get(int(sample.truth[group[0]])) if len(group) else None
        if row is None:
            continue
        middle = math.radians(float(sample.lat[group].mean()))
        scale = np.array([math.cos(middle), 1.0]) * _METRES_PER_DEGREE
        shape = shapely.transform(index.polygon(row), lambda xy, scale=scale: xy * scale)
        places = shapely.points(np.column_stack([sample.lon[group], sample.lat[group]]) * scale)
        off[group] = shapely.distance(places, shape)
    return off


def _mean(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0


def _metres(values: Floats, percent: float) -> float | None:
    return round(float(np.percentile(values, percent)), 1) if len(values) else None

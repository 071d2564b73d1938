"""Which column holds what: by the names that publishers use, or as the caller says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geoaddr.errors import DataError, InvalidInput, Said
from geoaddr.importing.layer import Layer
from geoaddr.text.fold import fold

ROLES = ("code", "name", "province_code", "geometry")

KNOWN: Mapping[str, tuple[str, ...]] = {
    "code": (
        "ward_code", "commune_code", "ma_xa", "ma_phuong_xa", "ma_px", "ma_phuong", "maxa", "ma_dvhc_xa",
        "code", "unit_code", "ma_dvhc", "ma_don_vi", "gso_code", "gso_id", "ma", "province_code", "ma_tinh",
    ),
    "name": (
        "ward_full_name", "commune_full_name", "ten_xa_day_du", "full_name", "ten_day_du",
        "ward_name", "commune_name", "ten_xa", "ten_phuong_xa", "ten_px", "ten_phuong", "ward", "commune",
        "name", "unit_name", "ten_dvhc", "ten_don_vi", "ten", "phuong_xa", "xa_phuong",
        "province_name", "ten_tinh",
    ),
    "province_code": (
        "province_code", "ma_tinh", "ma_tinh_tp", "ma_tp", "tinh_code", "prov_code", "parent_code", "ma_cha",
    ),
}  # fmt: skip
"""Names of columns by role, the more telling first; case, accents and signs do not matter."""

_SHAPEFILE_WIDTH = 10
"""A shapefile cuts the names of its columns to this many bytes."""


def choose(layer: Layer, given: Mapping[str, str | None] | None) -> dict[str, str]:
    """The column of each role: the caller's choice, else a known name; roles without one are absent.

    :param given: role to column; a role given as ``""`` is left unused.
    :raises InvalidInput: for a role that does not exist.
    :raises DataError: for a column that does not exist, or no column of codes.
    """
    chosen: dict[str, str] = {}
    names = list(layer.columns)
    given = {role: column for role, column in (given or {}).items() if column is not None}
    for role, column in given.items():
        if role not in ROLES:
            listed = ", ".join(ROLES)
            raise InvalidInput(
                "columns", role, Said(f"no such role; known: {listed}", f"không có vai trò này; có: {listed}")
            )
        if role != "geometry" and column and column not in names:
            raise _no_column(layer, column, names)
        if role != "geometry" and column:
            chosen[role] = column
    for role in ("code", "name", "province_code"):
        if role not in given:
            found = _known(names, role, taken=chosen.get("code"))
            if found is not None:
                chosen[role] = found
    if "code" not in chosen and not any(layer.path_codes):
        listed = ", ".join(names) or "-"
        raise DataError(
            layer.source.named,
            Said(
                f"no column of codes is known by its name (columns: {listed}); name it with --code-column",
                f"không nhận ra cột mã đơn vị (các cột: {listed}); hãy chỉ rõ bằng --code-column",
            ),
            column="code",
        )
    return chosen


def _known(names: Iterable[str], role: str, taken: str | None) -> str | None:
    keys = {_key(name): name for name in names if name != taken}
    for known in KNOWN[role]:
        if _key(known) in keys:
            return keys[_key(known)]
        for key, name in keys.items():
            if len(name) == _SHAPEFILE_WIDTH and known.startswith(name.lower()) and key:
                return name
    return None


def _key(name: str) -> str:
    return fold(name).replace(" ", "")


def _no_column(layer: Layer, column: str, names: list[str]) -> DataError:
    listed = ", ".join(names)
    return DataError(
        layer.source.named,
        Said(f"no such column (columns: {listed})", f"không có cột này (các cột: {listed})"),
        column=column,
    )

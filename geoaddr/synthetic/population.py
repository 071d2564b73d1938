"""The population of communes, from a file with the columns ``code`` and ``population``."""

from __future__ import annotations

import math
from collections.abc import Container
from pathlib import Path
from typing import Any

from geoaddr.bulk.readers import open_source
from geoaddr.errors import DataError, Said

COLUMNS = ("code", "population")


def read_population(path: Path, communes: Container[str]) -> dict[str, float]:
    """People by commune code; a blank cell counts as absent, other columns are not looked at.

    :param communes: the codes that stand on the day of the data.
    :raises DataError: for a missing column, a code that is none or stands twice, and what is no number of people.
    """
    found: dict[str, float] = {}
    with open_source(path) as source:
        for column in COLUMNS:
            if column not in source.schema.names:
                raise DataError(path, Said("no such column", "không có cột này"), column=column)
        line = 1
        for batch in source.batches:
            columns = (batch[column].to_pylist() for column in COLUMNS)
            for code, people in zip(*columns, strict=True):
                line += 1
                if code not in communes:
                    raise _wrong(path, line, "code", code, _NO_COMMUNE)
                if code in found:
                    raise _wrong(path, line, "code", code, _TWICE)
                if people not in (None, ""):
                    found[code] = _people(path, line, people)
    return found


def _people(path: Path, line: int, value: Any) -> float:
    try:
        people = float(value)
    except (TypeError, ValueError):
        people = math.nan
    if not 0 <= people < math.inf:
        raise _wrong(path, line, "population", value, _NO_NUMBER)
    return people


def _wrong(path: Path, line: int, column: str, value: object, why: Said) -> DataError:
    return DataError(path, Said(f"{value!r}: {why.en}", f"{value!r}: {why.vi}"), line=line, column=column)


_NO_COMMUNE = Said(
    "no commune has this code on the date of the data", "không xã, phường nào mang mã này vào ngày của dữ liệu"
)
_TWICE = Said("stands twice", "xuất hiện hai lần")
_NO_NUMBER = Said("not a number of people", "không phải số dân")

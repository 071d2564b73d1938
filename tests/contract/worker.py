"""A process that writes to a registry and says what was acknowledged, so that tests can kill it.

python worker.py VERB URL NAME COUNT
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

from geoaddr.model import Components, Point
from geoaddr.registry import Draft, Issued, LoadRow, Registry
from geoaddr.stores import open_store

KEY = bytes(range(32))
CHUNK = 50


def household(number: int, street: str = "Quán Thánh") -> Draft:
    """One of many households along a street that runs north."""
    return Draft(
        components=Components(house_number=str(number), street=street),
        area_code="11120",
        commune_code="00004",
        point=Point(lat=21.0 + number * 1e-4, lon=105.8346),
        issued_on=dt.date(2026, 3, 1),
    )


def issue(registry: Registry, name: str, count: int) -> Iterator[str]:
    """Each household of a street of its own, one by one."""
    for number in range(count):
        yield registry.issue(household(number, name)).record.ndas


def race(registry: Registry, name: str, count: int) -> Iterator[str]:
    """The households of one street, which other processes issue too."""
    for number in range(count):
        answer = registry.issue(household(number), actor=name)
        yield f"{answer.record.ndas} {answer.outcome}"


def batch(registry: Registry, name: str, count: int) -> Iterator[str]:
    """A street in chunks, every household twice."""
    rows = [(str(row), household(row // 2)) for row in range(count)]
    for start in range(0, count, CHUNK):
        for answer in registry.issue_many(rows[start : start + CHUNK], batch_id=name):
            assert isinstance(answer, Issued)
            yield f"{answer.record.ndas} {answer.outcome}"


def load(registry: Registry, name: str, count: int) -> Iterator[str]:
    """Codes of one area, in chunks; acknowledged as a whole."""
    common = {"lat": "21.0", "lon": "105.8", "commune_code": "00004", "issued_on": "2025-09-01", "street": name}
    rows = (LoadRow(n, {"ndas": f"70000{n:05}", **common}) for n in range(1, count + 1))
    report = registry.load(rows, chunk=CHUNK)
    yield f"{report.loaded} {report.unchanged} {report.refused}"


def change(registry: Registry, name: str, count: int) -> Iterator[str]:
    """The whole life of each household of a street."""
    for number in range(count):
        code = registry.issue(household(number, name)).record.ndas
        other = registry.issue(household(number, name + " mới")).record.ndas
        registry.confirm(code)
        registry.supersede(code, [other])
        yield f"{code} superseded"
        registry.retire(other)
        yield f"{other} retired"


def rename(registry: Registry, name: str, count: int) -> Iterator[str]:
    """The street of the households gets another name, a chunk at a time; ``count`` is of no meaning."""
    after: str | None = ""
    while after is not None:
        told = registry.rename_street("00004", "Quán Thánh", name, most=CHUNK, after=after or None)
        after = told.after
        yield str(told.renamed)


VERBS = {verb.__name__: verb for verb in (issue, race, batch, load, change, rename)}

if __name__ == "__main__":
    verb, url, name, count = sys.argv[1:]
    with_key = Registry(open_store(url, key=KEY))
    for line in VERBS[verb](with_key, name, int(count)):
        print(line, flush=True)

"""A process that writes to a registry until something stops it, and says what was acknowledged.

python -m tests.faults.worker VERB URL NAME COUNT

It ends with 0 when all is done, with 3 and one line on standard error when the registry refuses.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections.abc import Callable, Iterator

from geoaddr.errors import GeoaddrError, StoreUnavailable
from geoaddr.model import Components, Point
from geoaddr.registry import Draft, LoadRow, Registry
from geoaddr.registry.syncing import Proposal
from geoaddr.stores import open_store
from tests.contract.worker import VERBS as PLAIN
from tests.contract.worker import household

REFUSED = 3
PATIENCE_S = 60.0

SPOTS = [(21.0 + n * 1e-4, 105.8346) for n in range(100_000)]


def sync(registry: Registry, name: str, count: int) -> Iterator[str]:
    """A postman's day of proposals, each acknowledged by itself."""

    def draft_of(parts: Components, point: Point, source: str, uncertainty_m: float | None) -> Proposal:
        filed = household(0)
        draft = Draft(
            components=parts, area_code=filed.area_code, commune_code=filed.commune_code, point=point,
            issued_on=filed.issued_on, point_source=source, uncertainty_m=uncertainty_m,
        )  # fmt: skip
        return draft, ()

    rows = (LoadRow(n + 1, day_row(name, n)) for n in range(count))
    for synced in registry.sync(rows, draft_of):
        assert synced.status in ("created", "repeated"), synced
        yield f"{synced.ndas} {synced.id}"


def day_row(name: str, number: int) -> dict[str, str]:
    lat, lon = SPOTS[number]
    return {
        "id": f"{name} {number}", "action": "propose", "street": name, "house_number": str(number),
        "lat": str(lat), "lon": str(lon),
    }  # fmt: skip


def keyed(registry: Registry, name: str, count: int) -> Iterator[str]:
    """Households with idempotency keys, each asked for again until it is answered."""
    for number in range(count):
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = registry.issue(household(number, name), idempotency_key=f"{name} {number}")
            except StoreUnavailable:
                if time.monotonic() > until:
                    raise
                print("refused", flush=True)
                time.sleep(0.02)
            else:
                break
        yield f"{answer.record.ndas} {name} {number}"


def clocked(registry: Registry, name: str, count: int) -> Iterator[str]:
    """Lives of addresses by a clock that is set back, and forward, as it likes."""
    rng = random.Random(name)
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    registry = Registry(registry.store, clock=lambda: now + dt.timedelta(seconds=rng.uniform(-1e5, 1e5)))
    for number in range(count):
        code = registry.issue(household(number, name)).record.ndas
        registry.amend(code, {"unit": "2"}, cause="corrected")
        registry.confirm(code)
        registry.visit(code)
        registry.retire(code)
        yield f"{code} retired"


VERBS: dict[str, Callable[[Registry, str, int], Iterator[str]]] = {
    **PLAIN, "sync": sync, "keyed": keyed, "clocked": clocked,
}  # fmt: skip


def main() -> int:
    verb, url, name, count = sys.argv[1:]
    try:
        for line in VERBS[verb](Registry(open_store(url)), name, int(count)):
            print(line, flush=True)
    except GeoaddrError as error:
        print(error, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A few letters become the names that most households bear, however many others begin so and come before them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from geoaddr.finding.beginnings import MANY, MOST_NAMES
from geoaddr.finding.popular import Popular, table_of
from geoaddr.known import read_street
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import LoadRow, Registry
from geoaddr.registry.present import PresentCommunes
from geoaddr.stores import open_store
from geoaddr.wiring import pack_path
from tests.finding.households import COMMUNES

STREETS = 300
LETTERS = "bcdghklmnpqrstvx"


def streets() -> Counter[tuple[str, str]]:
    """Streets with how many households each has in each commune; those of the most come last in the alphabet."""
    draw = random.Random(1)
    names = sorted({f"Lê {draw.choice(LETTERS)}a{draw.choice(LETTERS)} {n}" for n in range(STREETS)})
    counted = Counter({(name, draw.choice([*COMMUNES])): draw.randint(1, 3) for name in names})
    counted["Lê Văn Xuân", "00008"] = 17
    counted["Lê Văn Xuân", "20242"] = 5
    counted["Lê Xuân Yến", "26740"] = 11
    return counted


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def ga(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    path = tmp_path_factory.mktemp("popular") / "registry.db"
    url = "memory:" if request.param == "memory" else f"sqlite:///{path}"
    with Geoaddr(Pack.open(pack_path()), Registry(open_store(url, key=bytes(32)))) as platform:
        rows: list[LoadRow] = []
        for (street, commune), count in streets().items():
            area, lat, lon = COMMUNES[commune]
            for number in range(1, count + 1):
                stated = {
                    "ndas": f"{area}{len(rows):05}", "lat": str(lat), "lon": str(lon), "commune_code": commune,
                    "issued_on": "2026-03-01", "status": "live", "house_number": str(number), "street": street,
                }  # fmt: skip
                rows.append(LoadRow(len(rows), stated))
        assert platform.registry.load(rows).loaded == len(rows)
        yield platform


PREFIXES = """
typed       | province | the first of them, with their communes
lê          |          | Lê Văn Xuân 00008; Lê Xuân Yến 26740; Lê Văn Xuân 20242
le          |          | Lê Văn Xuân 00008; Lê Xuân Yến 26740; Lê Văn Xuân 20242
lê          | 48       | Lê Văn Xuân 20242
lê          | 79       | Lê Xuân Yến 26740
lê x        |          | Lê Xuân Yến 26740
lê, s       |          | Lê Xuân Yến 26740
lê, đà      |          | Lê Văn Xuân 20242
"""


@pytest.mark.parametrize("row", PREFIXES.strip().splitlines()[1:], ids=str.strip)
def test_the_names_of_most_households_come_first(ga: Geoaddr, row: str) -> None:
    typed, province, first = (cell.strip() for cell in row.split("|"))
    found = ga.suggest(typed, 20, province=province or None)
    told = [(c.label.split(",")[0], c.commune.code) for c in found if c.kind == "street" and c.commune]
    wanted = [tuple(each.strip().rsplit(" ", 1)) for each in first.split(";")]
    assert told[: len(wanted)] == wanted


@pytest.mark.parametrize("area_only", [False, True])
@pytest.mark.parametrize("place", [None, {"20242": 0, "00004": 1}])
def test_the_table_is_the_sum_of_the_names(ga: Geoaddr, area_only: bool, place: dict[str, int] | None) -> None:
    names = ga.registry.store.names("street", "")
    assert len(names) > MOST_NAMES
    table = table_of("street", names, PresentCommunes(ga.gazetteer))
    counted = {(read_street(street).street, commune): n for (street, commune), n in streets().items()}
    begin = "le"
    wanted = [
        (key, commune, n)
        for (key, commune), n in counted.items()
        if key.startswith(begin) and (place is None or commune in place) and n >= (10 if area_only else 1)
    ]
    wanted.sort(key=lambda w: (place[w[1]] if place else 0, -w[2], w[0], w[1]))
    found = table.beginning(begin, place, 50, area_only=area_only)
    assert [(way.key, way.commune, way.households) for way in found] == wanted[:50]


def test_the_tables_that_were_read_know_how_many_names_begin_so(ga: Geoaddr) -> None:
    store = ga.registry.store
    popular = Popular(PresentCommunes(ga.gazetteer))
    assert popular.knows("le") == 0
    assert popular.table(store, "street") is not None
    begun = [(key, commune) for street, commune in streets() if (key := read_street(street).street)]
    for begin in ("le", "le x", "le xu"):
        assert popular.knows(begin) == sum(key.startswith(begin) for key, _ in begun)
    assert popular.knows("le") >= MANY

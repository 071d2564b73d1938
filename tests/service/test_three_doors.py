"""One truth by three doors: the library, the command line and HTTP answer a text alike."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import geoaddr
from geoaddr.platform import Geoaddr
from service.app import create_app
from service.settings import Settings
from tests.command_lines import Lines

SEED = 20250701
LINES = 4
TYPED_EVERY = 4
"""Each line on the command line opens the platform anew, so that not all are typed."""

EVE = dt.date(2025, 6, 30)

ODD = (
    "-12 Trần Phú, Huế",
    "",
    "7P8C369C+48F",
    "Tokyo, Japan",
    "12\" <b>Huế</b> & \\ 'x' %20 + ?q=1#a",
    "📦 12 Lê Lợi,\tPhường Bến Nghé,\nQuận 1",
    "  12  Lê Lợi ,, ",
)
"""Lines that shells, URLs and JSON could spoil on the way."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="module")
def line(folder: Path) -> Lines:
    return Lines(folder)


@pytest.fixture(scope="module")
def ga(line: Lines) -> Iterator[Geoaddr]:
    """The embedded pack, over the registry that the command line has."""
    with geoaddr.open(store=line.store) as platform:
        yield platform


@pytest.fixture(scope="module")
def client(ga: Geoaddr) -> FlaskClient:
    """A caller who may see what the other doors show."""
    return create_app(ga, Settings(open=True)).test_client()


@pytest.fixture(scope="module")
def texts(ga: Geoaddr) -> list[str]:
    """Lines generated from units of both times in several ways of writing, and odd ones."""
    chance = random.Random(SEED)
    found = []
    for day in (EVE, ga.date):
        for unit in chance.sample(ga.units("commune", as_of=day), LINES // 2):
            names = [unit, *ga.gazetteer.ancestors(unit, as_of=day)]
            detail = chance.choice(["12 Lê Lợi", "Số 5 ngách 12/34 ngõ 12 phố Huế", "Thôn 3", "K12/5 Trần Phú"])
            style = chance.choice([str, str.upper, lambda line: line.replace(", ", ",")])
            found.append(style(", ".join([detail, *(u.full_name for u in names)])))
    return [*found, *ODD]


def test_parse(ga: Geoaddr, line: Lines, client: FlaskClient, texts: list[str]) -> None:
    for number, (text, how) in enumerate(zip(texts, cycle([{}, {"as_of": "2025-06-30"}]), strict=False)):
        by_library = plain(ga.parse(text, **how).to_dict())
        assert client.get("/v1/parse", query_string={"q": text, **how}).json == by_library
        if number % TYPED_EVERY == 0:
            assert line("parse", "--json", *options(how), "--", text).answer == by_library


def test_convert(ga: Geoaddr, line: Lines, client: FlaskClient, texts: list[str]) -> None:
    ways: list[dict[str, Any]] = [{"to": "new"}, {"to": "old"}, {"lat": 16.0678, "lon": 108.2208}]
    for number, (text, how) in enumerate(zip(texts, cycle(ways), strict=False)):
        by_library = plain(ga.convert(text, **how).to_dict())
        assert client.get("/v1/convert", query_string={"q": text, **how}).json == by_library
        if number % TYPED_EVERY == 0:
            assert line("convert", "--json", *options(how), "--", text).answer == by_library


def test_validate(ga: Geoaddr, line: Lines, client: FlaskClient, texts: list[str]) -> None:
    point: dict[str, Any] = {"lat": 16.0678, "lon": 108.2208}
    for number, (text, how) in enumerate(zip(texts, cycle([{}, point, {"code": "50206369C48F"}]), strict=False)):
        by_library = plain(ga.validate(text, **how).to_dict())
        assert client.post("/v1/validate", json={"text": text, **how}).json == by_library
        if number % TYPED_EVERY == 0:
            assert line("validate", "--json", *options(how), "--", text).answer == by_library


def options(how: dict[str, Any]) -> Iterator[object]:
    for name, value in how.items():
        yield from (f"--{name.replace('_', '-')}", value)


def plain(value: Any) -> Any:
    """Plain data as it comes back from JSON."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value

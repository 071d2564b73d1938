"""An operator's base map: its host is let in, and no other."""

from __future__ import annotations

import pytest

from geoaddr.errors import InvalidInput
from geoaddr.platform import Geoaddr
from service.app import create_app
from service.policies import DIRECTIVES, base_map, policy
from service.settings import Settings

TEMPLATE = "https://tiles.example.vn:8443/base/{z}/{x}/{y}.png?style=calm"


def directives(given: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (each.split() for each in given.split("; "))}


def test_its_origin_is_let_in_for_tiles_alone() -> None:
    found = directives(policy(Settings(base_map=TEMPLATE)))
    for name, sources in DIRECTIVES.items():
        extra = ["https://tiles.example.vn:8443"] if name in ("connect-src", "img-src") else []
        assert found[name] == [*sources, *extra]


def test_without_one_nothing_is() -> None:
    assert base_map(Settings()) is None
    assert directives(policy(Settings())) == {name: list(sources) for name, sources in DIRECTIVES.items()}


def test_it_is_told_to_the_map_with_its_attribution(ga: Geoaddr) -> None:
    settings = Settings(base_map=TEMPLATE, base_map_attribution="© Cục Đo đạc")
    client = create_app(ga, settings).test_client()
    assert client.get("/tiles.json").json["geoaddr"]["base_map"] == {
        "url": TEMPLATE, "attribution": "© Cục Đo đạc"
    }  # fmt: skip
    assert "https://tiles.example.vn:8443" in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example.vn/{z}/{x}/{y}.png",
        "ftp://tiles.example.vn/{z}/{x}/{y}.png",
        "https://tiles.example.vn/{z}/{x}.png",
        "https://{z}.example.vn/{z}/{x}/{y}.png",
        "https://tiles.example.vn; script-src */{z}/{x}/{y}",
        "https://*/{z}/{x}/{y}.png",
        "https://user:password@tiles.example.vn/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_template_is_refused_before_anybody_is_served(ga: Geoaddr, url: str) -> None:
    with pytest.raises(InvalidInput, match="GEOADDR_BASE_MAP"):
        create_app(ga, Settings(base_map=url))


def test_it_is_read_from_the_environment() -> None:
    environment = {"GEOADDR_BASE_MAP": TEMPLATE, "GEOADDR_BASE_MAP_ATTRIBUTION": "© Cục Đo đạc"}
    settings = Settings.from_environment(environment=environment)
    assert (settings.base_map, settings.base_map_attribution) == (TEMPLATE, "© Cục Đo đạc")

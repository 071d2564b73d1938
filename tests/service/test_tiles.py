"""Tiles over HTTP: kept, compressed, refused by name; points only for whoever may see them."""

from __future__ import annotations

import gzip
import time
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

import geoaddr
from geoaddr.model import Alias
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.tiling import drawing
from geoaddr.tiling.grid import to_world
from service import tiles as tiles_module
from service.app import create_app
from service.keys.database import Statement
from service.keys.searching import subjects_of
from service.keys.trail import KEEP, About, entry
from service.settings import Settings
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household

DA_NANG = "/tiles/8/204/116.mvt"


def layers(body: bytes) -> dict[str, Any]:
    return dict(mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}))


def tile_path(zoom: int, lat: float, lon: float) -> str:
    x, y = (to_world(np.array([[lon, lat]]))[0] * 2**zoom).astype(int).tolist()
    return f"/tiles/{zoom}/{x}/{y}.mvt"


def test_a_tile_shows_the_units_of_the_day(closed: FlaskClient) -> None:
    response = closed.get(DA_NANG)
    assert (response.status_code, response.mimetype) == (200, "application/vnd.mapbox-vector-tile")
    found = layers(response.data)
    assert "48" in {each["properties"]["code"] for each in found["provinces"]["features"]}
    hai_chau = next(f["properties"] for f in found["communes"]["features"] if f["properties"]["code"] == "20242")
    assert (hai_chau["full_name"], hai_chau["accuracy"]) == ("Phường Hải Châu", "exact")


def test_every_island_of_hoang_sa_is_seen_from_afar(closed: FlaskClient, opened_pack: Pack) -> None:
    found = layers(closed.get("/tiles/5/25/14.mvt").data)
    dots = [each["geometry"]["coordinates"] for each in found["islands"]["features"]]
    for x, y in (np.array([25, 14]) + np.array(dots) / 4096) / 32:
        lon, lat = x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
        # Hoàng Sa lies between 15.7 and 17.2 N, 111.1 and 112.8 E.
        assert 111 < lon < 113
        assert 15.5 < lat < 17.3
    da_nang = next(f["geometry"] for f in found["provinces"]["features"] if f["properties"]["code"] == "48")
    parts = shapely.get_parts(shapely.geometry.shape(da_nang))
    east_of_111 = (to_world(np.array([[111.0, 16.0]]))[0][0] * 32 - 25) * 4096
    drawn = [part for part in parts if part.bounds[0] > east_of_111]
    own = geoaddr.open(opened_pack.path).locator
    assert len(dots) + len(drawn) >= len(own.index.polygon(list(own.codes).index("20333")).geoms)


def test_it_is_compressed_for_those_who_take_it(closed: FlaskClient) -> None:
    plain = closed.get(DA_NANG)
    zipped = closed.get(DA_NANG, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < len(plain.data)
    assert "Accept-Encoding" in zipped.headers["Vary"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_what_a_browser_has_is_not_sent_again(closed: FlaskClient, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    tag = closed.get(DA_NANG, headers=headers).headers["ETag"]
    again = closed.get(DA_NANG, headers={**headers, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other_day = closed.get(DA_NANG + "?as_of=2025-06-30", headers={**headers, "If-None-Match": tag})
    assert other_day.status_code == 200


def test_a_tile_of_a_known_version_is_kept_by_the_browser(closed: FlaskClient) -> None:
    template = closed.get("/tiles.json").json["tiles"][0]
    url = template.removeprefix("http://localhost").format(z=8, x=204, y=116)
    assert "max-age" in closed.get(url).headers["Cache-Control"]
    assert closed.get(DA_NANG + "?v=other").headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/tiles/17/0/0.mvt", "z"),
        ("/tiles/8/256/0.mvt", "x"),
        ("/tiles/8/0/-1.mvt", "y"),
        ("/tiles/eight/0/0.mvt", "z"),
        ("/tiles/8/204/116.mvt?as_of=soon", "as_of"),
        ("/tiles/8/204/116.mvt?asof=2025-06-30", "asof"),
        ("/tiles.json?z=1", "z"),
    ],
)
def test_bad_requests_are_refused_by_name(closed: FlaskClient, path: str, field: str) -> None:
    response = closed.get(path, headers={"Accept-Language": "vi"})
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.json["field"] == field


@pytest.mark.parametrize("path", ["/tiles/8/204/116", "/tiles/8/204/116.png", "/tiles/8/205.mvt", "/tiles/"])
def test_other_paths_are_not_there(closed: FlaskClient, path: str) -> None:
    assert closed.get(path).status_code == 404


def test_points_are_for_those_who_may_see_them(closed: FlaskClient, opened: FlaskClient) -> None:
    issued = [opened.post("/v1/addresses", json=household(number)).json for number in (11, 12)]
    path = tile_path(15, HAI_CHAU["lat"], HAI_CHAU["lon"])
    seen = opened.get(path)
    points = layers(seen.data)["addresses"]["features"]
    here = {each["ndas"] for each in issued}
    assert {each["properties"]["ndas"] for each in points} == here
    assert "private" in seen.headers["Cache-Control"]
    assert "addresses" not in layers(closed.get(path).data)
    wider = tile_path(14, HAI_CHAU["lat"], HAI_CHAU["lon"])
    assert "addresses" not in layers(opened.get(wider).data)


# scopes, each in the whole country or in provinces        | sees the points
WHO_SEES = """
-                                                          | no
address point                                              | yes
point                                                      | no
address                                                    | no
write admin                                                | no
address=48 point=48                                        | no
address point=48                                           | no
"""


@pytest.mark.parametrize("line", WHO_SEES.strip().splitlines())
def test_points_go_by_the_caller_s_scopes(ga: Geoaddr, tmp_path: Path, line: str) -> None:
    """Codes at points take both scopes, everywhere; what one caller saw is shown to no other."""
    ga.assign(household()["components"], **HAI_CHAU)
    served = Served(ga, tmp_path)
    scopes, expected = (cell.strip() for cell in line.split("|"))
    held = {name: [where] if where else None for name, _, where in (s.partition("=") for s in scopes.split())}
    client = served.client() if scopes == "-" else served.client(served.key(held))  # type: ignore[arg-type]
    owner, path = served.holder("address", "point"), tile_path(15, HAI_CHAU["lat"], HAI_CHAU["lon"])
    assert "addresses" in layers(owner.get(path).data)
    seen = client.get(path)
    assert ("addresses" in layers(seen.data)) == (expected == "yes")
    assert client.get("/tiles.json").json["geoaddr"]["addresses"] == (expected == "yes")
    assert seen.headers["Cache-Control"].startswith("private")
    assert "Authorization" in seen.headers.getlist("Vary")


def test_who_saw_the_points_of_a_tile_is_written_down(ga: Geoaddr, tmp_path: Path) -> None:
    served, path = Served(ga, tmp_path), tile_path(15, HAI_CHAU["lat"], HAI_CHAU["lon"])
    for client in (served.client(), served.holder("address"), served.holder("address", "point")):
        client.get(path)
    subject = path.removeprefix("/tiles/").removesuffix(".mvt")
    assert [(e.act, e.subject, e.seen) for e in served.trail() if not e.act.startswith("key-")] == [
        ("tile", subject, "address point")
    ]


def test_tiles_are_found_by_the_codes_that_they_showed(ga: Geoaddr, tmp_path: Path) -> None:
    """Each while it stood there."""
    served, body = Served(ga, tmp_path), household(11)
    key = served.key(["address", "point"])
    client, around = served.client(key), (HAI_CHAU["lat"], HAI_CHAU["lon"])
    moved = (around[0] + 0.03, around[1])

    def seen_of(code: str) -> list[tuple[str, str]]:
        return [(e.act, e.subject) for e in served.trail(about=subjects_of(ga, code))]

    code = ga.assign(body["components"], lat=body["lat"], lon=body["lon"]).ndas
    ga.registry.add_alias(code, Alias("location_id", "048271310009"))
    paths = [tile_path(zoom, *place) for zoom in (14, 15, 16) for place in (around, moved)]
    for path in paths:
        client.get(path)
    subjects = [path.removeprefix("/tiles/").removesuffix(".mvt") for path in paths]
    assert seen_of(code) == [("tile", subjects[2]), ("tile", subjects[4])]
    assert seen_of(f"{code[:5]} {code[5:]}") == seen_of(code)
    served.holder("point").get("/v1/codes/048271310009")
    assert seen_of(code)[2:] == [("resolve", "048271310009")]
    assert seen_of("5020699999") == seen_of("no code") == []
    times = [About("15/1/2", 5, 9)]
    served.database.write([Statement(KEEP, [entry(at, "k", "tile", "15/1/2", "") for at in (4, 5, 8, 9)])])
    assert [e.at_ms for e in served.trail(about=times)] == [5, 8]
    ga.amend(code, lat=moved[0], lon=moved[1])
    after = {(each.subject, each.before_ms < About.before_ms) for each in subjects_of(ga, code)}
    assert {(subjects[2], True), (subjects[3], False), (code, False)} <= after
    assert (subjects[3], True) not in after


def test_a_point_lies_where_its_household_is(opened: FlaskClient) -> None:
    issued = opened.post("/v1/addresses", json=household(11)).json
    point = opened.get(f"/v1/addresses/{issued['ndas']}").json["point"]
    path = tile_path(16, point["lat"], point["lon"])
    (seen,) = layers(opened.get(path).data)["addresses"]["features"]
    _, _, zoom, x, y = path.removesuffix(".mvt").split("/")
    corner = np.array([int(x), int(y)])
    world = (corner + np.array(seen["geometry"]["coordinates"]) / 4096) / 2 ** int(zoom)
    # A unit of a tile at zoom 16 is 15 cm.
    assert world == pytest.approx(to_world(np.array([[point["lon"], point["lat"]]]))[0], abs=1 / 2**16 / 4096)


def test_a_map_is_told_what_it_shows(closed: FlaskClient, opened: FlaskClient) -> None:
    said = closed.get("/tiles.json?as_of=2025-06-30").json
    assert said["tilejson"] == "3.0.0"
    assert {"provinces", "districts", "communes", "labels", "addresses"} <= {
        v["id"] for v in said["vector_layers"]
    }
    about = said["geoaddr"]
    assert about["as_of"] == "2025-06-30"
    assert {"2025-07-01", "2026-04-30"} <= set(about["changes"])
    assert [(each["level"], each["basis"]) for each in about["levels"]] == [
        ("province", "succession"), ("district", "succession"), ("commune", None)
    ]  # fmt: skip
    assert (about["addresses"], opened.get("/tiles.json").json["geoaddr"]["addresses"]) == (False, True)
    now = closed.get("/tiles.json").json["geoaddr"]["levels"]
    assert [each["accuracy"] for each in now] == ["exact", None, "exact"]


def test_a_large_pack_is_drawn_aside(ga: Geoaddr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(drawing, "SMALL", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    client = create_app(ga, Settings()).test_client()
    waiting = client.get(DA_NANG)
    assert (waiting.status_code, waiting.json["type"]) == (503, "urn:geoaddr:problem:drawing")
    assert int(waiting.headers["Retry-After"]) > 0
    until = time.monotonic() + 120
    while not client.get("/tiles.json").json["geoaddr"]["ready"]:
        assert time.monotonic() < until
        time.sleep(0.2)  # a stranger who asks without pause is refused
    assert client.get(DA_NANG).status_code == 200


def test_kept_tiles_are_bounded(ga: Geoaddr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles_module, "KEPT_BYTES", 20_000)
    service = tiles_module.TileService(ga, Settings())
    app = create_app(ga, Settings())
    first = {}
    for x in range(200, 210):
        with app.test_request_context(f"/tiles/8/{x}/116.mvt"):
            first[x] = service.answer("8", str(x), "116").data
    assert sum(len(kept.body) for kept in service._kept.values()) <= 20_000
    with app.test_request_context("/tiles/8/200/116.mvt"):
        assert service.answer("8", "200", "116").data == first[200]

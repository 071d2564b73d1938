"""Requests and what they are answered with, as tables: the request, the status and, for a problem, its
type, the field it names and words of its sentence."""

from __future__ import annotations

import json
import math
from itertools import combinations, pairwise
from typing import Any
from urllib.parse import quote

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape

from geoaddr.platform import Geoaddr
from service.settings import MAX_URL_CHARACTERS
from tests.service.households import HAI_CHAU, household

OLD_LINE = "12 Trần Phú, P. Phước Ninh, Q. Hải Châu, Đà Nẵng"
NEW_LINE = "12 Trần Phú, Phường Hải Châu, Đà Nẵng"

GETS = """
/v1/locate?lat=16.0678&lon=108.2208                      | 200
/v1/locate?lat=16.0678&lon=108.2208&as_of=2025-06-30     | 200
/v1/locate?lat=13.7563&lon=100.5018                      | 200
/v1/locate?lat=0&lon=0                                   | 200
/v1/locate?lat=-90&lon=180                               | 200
/v1/locate                                               | 400 | invalid-input  | lat    | required
/v1/locate?lat=16.0678                                   | 400 | invalid-input  | lon    | required
/v1/locate?lat=&lon=108                                  | 400 | invalid-input  | lat    | not a number
/v1/locate?lat=16,0678&lon=108.2208                      | 400 | invalid-input  | lat    | not a number
/v1/locate?lat=1_6&lon=108.2208                          | 400 | invalid-input  | lat    | not a number
/v1/locate?lat=nan&lon=108.2208                          | 400 | invalid-point  | lat    | not a finite number
/v1/locate?lat=16&lon=-inf                               | 400 | invalid-point  | lon    | not a finite number
/v1/locate?lat=1e999&lon=108                             | 400 | invalid-point  | lat    | not a finite number
/v1/locate?lat=108.2208&lon=16.0678                      | 400 | invalid-point  | lat    | did you swap
/v1/locate?lat=16&lon=181                                | 400 | invalid-point  | lon    | outside -180 to 180
/v1/locate?lat=16&lon=108&uncertainty_m=50               | 200
/v1/locate?lat=16&lon=108&uncertainty_m=-1               | 400 | invalid-input  | uncertainty_m | 10,000 metres
/v1/locate?lat=16&lon=108&uncertainty_m=1e5              | 400 | invalid-input  | uncertainty_m | 10,000 metres
/v1/locate?lat=16&lon=108&uncertainty_m=inf              | 400 | invalid-input  | uncertainty_m | not a finite
/v1/locate?lat=16&lon=108&uncertainty_m=near             | 400 | invalid-input  | uncertainty_m | not a number
/v1/locate?lat=16&lon=108&lng=108                        | 400 | invalid-input  | lng    | known: as_of, lat, lon
/v1/locate?latitude=16&lon=108                           | 400 | invalid-input  | latitude | not a parameter
/v1/locate?lat=16&lat=17&lon=108                         | 400 | invalid-input  | lat    | more than once
/v1/locate?lat=16&lon=108&as_of=yesterday                | 400 | invalid-date   | as_of  | YYYY-MM-DD
/v1/locate?lat=16&lon=108&as_of=30/06/2025               | 400 | invalid-date   | as_of  | YYYY-MM-DD
/v1/locate?lat=16&lon=108&as_of=20250630                 | 400 | invalid-date   | as_of  | YYYY-MM-DD
/v1/locate?lat=16&lon=108&as_of=2025-02-30               | 400 | invalid-date   | as_of  | YYYY-MM-DD
/v1/locate?lat=16&lon=108&as_of=2017-12-31               | 400 | invalid-date   | as_of  | begins on 2018-01-01
/v1/codes/7P8C369C+48F                                   | 200
/v1/codes/7p8c369c%2B48f                                 | 200
/v1/codes/50206369C48F                                   | 200
/v1/codes/50206-369c48f                                  | 200
/v1/codes/w6ugqt5cxrj0                                   | 200
/v1/codes/50206%2012345                                  | 200
/v1/codes/001234567890                                   | 200
/v1/codes/8FVC9G8F+6X                                    | 200
/v1/codes/123                                            | 400 | invalid-length | code   | an NDAS code has 10
/v1/codes/５０２０６１２３４５                           | 400 | invalid-format | code   | full-width digit
/v1/codes/Hanoi                                          | 400 | invalid-format | code   | the form of no code
/v1/codes/%00                                            | 400 | invalid-format | code   |
/v1/codes/%FF%FE                                         | 400 | invalid-format | code   |
/v1/codes/<script>alert(1)                               | 400 | invalid-format | code   |
/v1/codes/5020612345?level=commune                       | 400 | invalid-input  | level  | known: as_of
/v1/codes/a/b                                            | 404 | about:blank    |        | nothing at this path
/v1/units?level=province                                 | 200
/v1/units?level=commune&parent=48                        | 200
/v1/units?level=district&parent=48&as_of=2025-06-30      | 200
/v1/units?level=district                                 | 200
/v1/units                                                | 400 | invalid-input  | level  | required
/v1/units?level=ward                                     | 400 | invalid-input  | level  | province, district
/v1/units?level=commune&parent=00                        | 404 | unknown-unit   | parent | no administrative unit
/v1/units?level=commune&parent=x                         | 404 | unknown-unit   | parent | not the code of a unit
/v1/units/20242                                          | 200
/v1/units/48                                             | 200
/v1/units/490?as_of=2025-06-30                           | 200
/v1/units/490                                            | 404 | unknown-unit   | code   | Quận Liên Chiểu
/v1/units/99999                                          | 404 | unknown-unit   | code   | no administrative unit
/v1/units/20242'%20OR%201=1                              | 404 | unknown-unit   | code   | not the code of a unit
/v1/units/20242?as_of=                                   | 400 | invalid-date   | as_of  | not a date
/v1/units/20242/boundary                                 | 200
/v1/units/20242/boundary?as_of=2025-06-30                | 404 | unknown-unit   | code   | no polygon
/v1/units/01/boundary                                    | 404 | unknown-unit   | code   | no polygon
/v1/units/20242/boundary?tolerance_m=12.5                | 200
/v1/units/20242/boundary?zoom=12                         | 200
/v1/units/20242/boundary?tolerance_m=-1                  | 400 | invalid-input  | tolerance_m | from 0 to 5000
/v1/units/20242/boundary?tolerance_m=inf                 | 400 | invalid-input  | tolerance_m | from 0 to 5000
/v1/units/20242/boundary?tolerance_m=far                 | 400 | invalid-input  | tolerance_m | not a number
/v1/units/20242/boundary?zoom=3                          | 400 | invalid-input  | zoom   | from 4 to 22
/v1/units/20242/boundary?zoom=9.5                        | 400 | invalid-input  | zoom   | not a whole number
/v1/units/20242/boundary?zoom=1_2                        | 400 | invalid-input  | zoom   | not a
/v1/units/20242/boundary?zoom=9&tolerance_m=9            | 400 | invalid-input  | zoom   | either
/v1/parse?q=12+Bạch+Đằng,+Phường+Hải+Châu,+Đà+Nẵng       | 200
/v1/parse?q=12+Bach+Dang,+Q.+Hai+Chau&as_of=2025-06-30   | 200
/v1/parse?q=                                             | 200
/v1/parse?q=%F0%9F%8F%A0%00%E2%80%AE                     | 200
/v1/parse?q=%FF%FE                                       | 400 | invalid-input  | query  | not UTF-8
/v1/parse?q=<script>alert(1)</script>'%20OR%201=1        | 200
/v1/parse                                                | 400 | invalid-input  | q      | required
/v1/parse?text=12+Bạch+Đằng                              | 400 | invalid-input  | text   | known: q, as_of
/v1/parse?q=Huế&q=Vinh                                   | 400 | invalid-input  | q      | more than once
/v1/parse?q=Huế&as_of=30/06/2025                         | 400 | invalid-date   | as_of  | YYYY-MM-DD
/v1/parse?q=Huế&as_of=2017-12-31                         | 400 | invalid-date   | as_of  | begins on 2018-01-01
/v1/parse?q=Huế&to=new                                   | 400 | invalid-input  | to     | known: q, as_of
/v1/convert?q=Phường+Bến+Nghé,+Quận+1,+TP.HCM            | 200
/v1/convert?q=Xã+Ia+Mơ,+Gia+Lai&to=old                   | 200
/v1/convert?q=Phường+Hải+Châu&lat=16.0678&lon=108.2208   | 200
/v1/convert?q=Paris                                      | 200
/v1/convert?to=new                                       | 400 | invalid-input  | q      | required
/v1/convert?q=Huế&to=newest                              | 400 | invalid-input  | to     | not one of: new, old
/v1/convert?q=Huế&to=                                    | 400 | invalid-input  | to     | not one of: new, old
/v1/convert?q=Huế&lat=16.0678                            | 400 | invalid-point  | lon    | missing
/v1/convert?q=Huế&lon=108.2208                           | 400 | invalid-point  | lat    | missing
/v1/convert?q=Huế&lat=108.2208&lon=16.0678               | 400 | invalid-point  | lat    | did you swap
/v1/convert?q=Huế&lat=x&lon=108.2208                     | 400 | invalid-input  | lat    | not a number
/v1/convert?q=Huế&as_of=2025-06-30                       | 400 | invalid-date   | as_of  | before 1 July 2025
/healthz                                                 | 200
/readyz                                                  | 200
/openapi.json                                            | 200
/healthz?verbose=1                                       | 400 | invalid-input  | verbose | not a parameter
/nowhere                                                 | 404 | about:blank    |        | nothing at this path
//v1/locate?lat=16&lon=108                               | 404 | about:blank    |        | nothing at this path
/v1/../v1/locate                                         | 404 | about:blank    |        | nothing at this path
/v1/addresses                                            | 405 | about:blank    |        | does not take
"""


def rows(table: str) -> list[list[str]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [cells + [""] * (5 - len(cells)) for cells in lines]


def check(response: Any, status: str, kind: str, field: str, words: str) -> None:
    assert response.status_code == int(status), response.text
    if response.status_code < 400:
        assert response.content_type in ("application/json", "application/geo+json")
        return
    assert response.content_type == "application/problem+json"
    problem = response.json
    assert list(problem) == ["type", "title", "status", "detail", "field", "value", "request_id"]
    assert problem["type"] == ("about:blank" if kind == "about:blank" else f"urn:geoaddr:problem:{kind}")
    assert problem["status"] == int(status)
    assert problem["field"] == (field or None)
    assert words in problem["detail"]
    assert "Traceback" not in response.text


@pytest.mark.parametrize("row", rows(GETS), ids=lambda row: row[0])
def test_get(closed: FlaskClient, row: list[str]) -> None:
    url, *expected = row
    check(closed.get(url), *expected)


POSTS = """
{"lat": "16.0678"}                                                   | 400 | invalid-input | lat           | not a number
{"lat": true}                                                        | 400 | invalid-input | lat           | not a number
{"lat": null}                                                        | 400 | invalid-input | lat           | not a number
{"lat": 108.2208, "lon": 16.0678}                                    | 400 | invalid-point | lat           | did you swap
{"lat": 15.0, "lon": 110.0}                                          | 400 | invalid-point | point         | at sea
{"lat": 13.7563, "lon": 100.5018}                                    | 400 | invalid-point | point         | abroad
{"longitude": 108.2208}                                              | 400 | invalid-input | longitude     | not a field
{"components": "12 Bạch Đằng"}                                       | 400 | invalid-input | components    | not a JSON object
{"components": {"district": "Hải Châu"}}                             | 400 | invalid-input | district      | not a field of an address
{"components": {"house_number": 12}}                                 | 400 | invalid-input | house_number  | not a text
{"components": {"text": "12 Bạch Đằng, 0905 123 456"}}               | 400 | invalid-input | text          | no personal data
{"components": {"commune": "Atlantis"}}                              | 400 | invalid-input | commune       | no such commune
{"components": {"commune": "Tân An"}}                                | 400 | invalid-input | commune       | have this name
{"components": {"street": [[[[[[[[]]]]]]]]}}                         | 400 | invalid-input | body          | nested deeper
{"point_source": "guess"}                                            | 400 | invalid-input | point_source  | not one of
{"uncertainty_m": -1}                                                | 400 | invalid-input | uncertainty_m | less than 0
{"actor": 7}                                                         | 400 | invalid-input | actor         | not a text
{"uncertainty_m": 3, "actor": "office", "reason": "survey"}          | 201
"""  # noqa: E501  # a table


def bodies() -> list[tuple[Any, list[str]]]:
    """A good request's body with the fields of each row laid over it, and what it is answered with."""
    return [(household(**json.loads(given)), expected) for given, *expected in rows(POSTS)]


@pytest.mark.parametrize(("body", "expected"), bodies(), ids=[row[0] for row in rows(POSTS)])
def test_post(opened: FlaskClient, body: Any, expected: list[str]) -> None:
    check(opened.post("/v1/addresses", json=body), *expected)


@pytest.mark.parametrize(
    ("field", "given"), [("street", {"components": {"street": "x" * 10_000}}), ("actor", {"actor": "x" * 65})]
)
def test_a_text_over_its_limit(opened: FlaskClient, field: str, given: dict[str, Any]) -> None:
    response = opened.post("/v1/addresses", json=household(**given))
    check(response, "400", "invalid-input", field, "longer than")


RAW = """
{"lat": NaN}                   | application/json                  | 400 | invalid-input | body | not JSON
{"lat": Infinity}              | application/json                  | 400 | invalid-input | body | not JSON
{"lat": 16,}                   | application/json                  | 400 | invalid-input | body | line 1, column 11
{'lat': 16}                    | application/json                  | 400 | invalid-input | body | not JSON
                               | application/json                  | 400 | invalid-input | body | not JSON
null                           | application/json                  | 400 | invalid-input | body | not a JSON object
[]                             | application/json                  | 400 | invalid-input | body | not a JSON object
{"components": {}}             | application/json                  | 400 | invalid-input | lat  | required
{"lat": 16, "lat": 17}         | application/json                  | 400 | invalid-input | lat  | more than once
{"components": {"a": 1, "a": 2}} | application/json                | 400 | invalid-input | a    | more than once
{}                             | application/json; charset=utf-8   | 400 | invalid-input | components | required
{}                             | application/vnd.shop+json         | 400 | invalid-input | components | required
{}                             | text/plain                        | 415 | about:blank   |      | application/json
lat=16&lon=108                 | application/x-www-form-urlencoded | 415 | about:blank   |      | application/json
"""


@pytest.mark.parametrize("line", RAW.strip("\n").splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_post_raw(opened: FlaskClient, line: str) -> None:
    body, media, *expected = (cell.strip() for cell in line.split("|"))
    check(opened.post("/v1/addresses", data=body.encode(), content_type=media), *expected)


def test_bytes_that_are_no_text(opened: FlaskClient) -> None:
    body = b'{"components": {"street": "\xff\xfe"}}'
    response = opened.post("/v1/addresses", data=body, content_type="application/json")
    check(response, "400", "invalid-input", "body", "not UTF-8: byte 28 is 0xff")


def test_json_as_deep_as_a_body_allows(opened: FlaskClient) -> None:
    response = opened.post("/v1/addresses", data=b"[" * 60_000, content_type="application/json")
    check(response, "400", "invalid-input", "body", "not JSON")


def test_a_body_over_the_limit(opened: FlaskClient) -> None:
    body = household(reason="x" * 70_000)
    check(opened.post("/v1/addresses", json=body), "413", "about:blank", "", "too large")


def test_a_url_over_the_limit(closed: FlaskClient) -> None:
    check(closed.get("/v1/codes/" + "9" * 1000), "400", "invalid-length", "code", "no code has more")
    check(closed.get("/v1/codes/" + "9" * 16_400), "414", "about:blank", "", "too long")
    check(closed.get("/v1/locate?lat=" + "9" * 16_400), "414", "about:blank", "", "too long")


@pytest.mark.parametrize("verb", ["parse", "convert"])
def test_a_text_at_its_limit_and_over(closed: FlaskClient, verb: str) -> None:
    line = "Số 12 ngõ 34/5 phố Trần Đại Nghĩa, Phường Đồng Tâm, Quận Hai Bà Trưng, Thành phố Hà Nội; "
    text = (line * 50)[:4096]
    assert len(quote(text)) < MAX_URL_CHARACTERS
    check(closed.get(f"/v1/{verb}?q={quote(text)}"), "200", "", "", "")
    check(closed.get(f"/v1/{verb}?q={quote(text + 'x')}"), "400", "invalid-input", "q", "longer than 4096")
    check(closed.get(f"/v1/{verb}?q={quote('ạ' * 4096)}"), "414", "about:blank", "", "too long")


@pytest.mark.parametrize("query", ["q=%ff", "q=Hu%E1%BA"])
def test_escapes_that_are_no_utf8(closed: FlaskClient, query: str) -> None:
    check(closed.get(f"/v1/parse?{query}"), "400", "invalid-input", "query", "not UTF-8")


def test_a_problem_repeats_little_of_an_enormous_name(closed: FlaskClient) -> None:
    name = "x" * 9_000
    assert len(closed.get(f"/v1/parse?q=a&{name}=1").data) < 1_000
    assert len(closed.post("/v1/validate", json={"components": {name: "1"}}).data) < 2_000


def test_a_problem_repeats_little_of_an_enormous_value(closed: FlaskClient) -> None:
    problem = closed.get("/v1/codes/" + "9" * 1000).json
    assert len(problem["value"]) == 201
    assert len(problem["detail"]) < 300


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("vi", "vĩ độ nằm ngoài khoảng"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vĩ độ nằm ngoài khoảng"),
        ("fr, vi;q=0.5, en;q=0.1", "vĩ độ nằm ngoài khoảng"),
        ("en-GB,en;q=0.9,vi;q=0.5", "latitude is outside"),
        ("fr", "latitude is outside"),
        ("vi;q=0.4, en-GB;q=0.9", "latitude is outside"),
        ("fr, vi-VN;q=0.2", "vĩ độ nằm ngoài khoảng"),
        ("vi;q=0, en;q=0.1", "latitude is outside"),
        ("*", "latitude is outside"),
        ("", "latitude is outside"),
    ],
)
def test_language_of_a_problem(closed: FlaskClient, header: str, words: str) -> None:
    response = closed.get("/v1/locate?lat=91&lon=0", headers={"Accept-Language": header})
    assert words in response.json["detail"]
    assert response.headers["Content-Language"] == ("vi" if words.startswith("vĩ") else "en")
    assert "Accept-Language" in response.headers["Vary"]


def test_wrong_method_names_the_right_ones(closed: FlaskClient) -> None:
    response = closed.delete("/v1/units/48")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("as_of", [None, "2025-06-30", "2026-01-01"])
def test_answers_are_those_of_the_library(opened: FlaskClient, ga: Geoaddr, as_of: str | None) -> None:
    """One truth: the service adds nothing and leaves nothing out."""
    day = f"as_of={as_of}" if as_of else ""
    code = opened.post("/v1/addresses", json=household()).json["ndas"]
    asked = {
        f"/v1/locate?lat={HAI_CHAU['lat']}&lon={HAI_CHAU['lon']}&{day}": ga.locate(**HAI_CHAU, as_of=as_of),
        f"/v1/codes/{code}?{day}": ga.resolve(code, as_of=as_of),
        f"/v1/codes/50206369C48F?{day}": ga.resolve("50206369C48F", as_of=as_of),
        f"/v1/units/48?{day}": ga.unit("48", as_of=as_of),
        f"/v1/addresses/{code}": ga.address(code),
        f"/v1/parse?q={OLD_LINE}&{day}": ga.parse(OLD_LINE, as_of=as_of),
        f"/v1/convert?q={OLD_LINE}": ga.convert(OLD_LINE),
        f"/v1/convert?q={OLD_LINE}&lat=16.0678&lon=108.2208": ga.convert(OLD_LINE, **HAI_CHAU),
        f"/v1/convert?q={NEW_LINE}&to=old": ga.convert(NEW_LINE, to="old"),
    }
    for url, expected in asked.items():
        assert opened.get(url).json == expected.to_dict()


def test_boundary_is_geojson(closed: FlaskClient) -> None:
    response = closed.get("/v1/units/20242/boundary")
    assert response.content_type == "application/geo+json"
    feature = response.json
    west, south, east, north = feature["bbox"]
    assert west < HAI_CHAU["lon"] < east
    assert south < HAI_CHAU["lat"] < north
    assert feature["properties"]["boundary_accuracy"] == "exact"
    assert math.isclose(feature["bbox"][0], _westmost(feature["geometry"]))


def test_neighbours_fetched_one_by_one_fit(closed: FlaskClient) -> None:
    """Every stretch of border that two communes share has the same vertices from both sides."""
    for url in ("?zoom=11", "?tolerance_m=100"):
        codes = [unit["code"] for unit in closed.get("/v1/units?level=commune&parent=48").json["units"][:24]]
        found = {code: shape(closed.get(f"/v1/units/{code}/boundary{url}").json["geometry"]) for code in codes}
        full = {code: shape(closed.get(f"/v1/units/{code}/boundary").json["geometry"]) for code in codes}
        assert shapely.coverage_is_valid(list(full.values()))
        assert shapely.coverage_is_valid(
            list(found.values())
        )  # no overlap, and shared edges match vertex by vertex
        assert sum(map(vertices, found.values())) < sum(map(vertices, full.values())) / 5
        for a, b in combinations(codes, 2):
            together = full[a].boundary.intersection(full[b].boundary).length
            shared = edges(found[a]) & edges(found[b])
            assert bool(shared) == (together > 0)


def vertices(polygon: Any) -> int:
    return int(shapely.get_num_coordinates(polygon))


def edges(polygon: Any) -> set[frozenset[tuple[float, float]]]:
    rings = shapely.get_rings(shapely.get_parts(polygon))
    return {frozenset(edge) for ring in rings for edge in pairwise(map(tuple, ring.coords))}


def _westmost(geometry: dict[str, Any]) -> float:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return min(lon for polygon in polygons for ring in polygon for lon, _ in ring)


def test_units_of_a_shops_menu(closed: FlaskClient) -> None:
    provinces = closed.get("/v1/units?level=province").json["units"]
    communes = closed.get("/v1/units?level=commune&parent=48").json
    assert len(provinces) == 34
    assert [unit["code"] for unit in provinces] == sorted(unit["code"] for unit in provinces)
    assert {unit["parent"] for unit in communes["units"]} == {"48"}
    assert "Hoàng Sa" in {unit["name"] for unit in communes["units"]}
    assert len(closed.get("/v1/units?level=province&as_of=2025-06-30").json["units"]) == 63
    assert closed.get("/v1/units?level=district").json["units"] == []

"""Search, reverse and suggest over HTTP: GeocodeJSON, limits, and what a caller without a key sees."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.service.households import HAI_CHAU, household

STEP = 0.0004
"""Degrees between two houses: 44 m."""

SECRETS = ("ndas", "status", "vpostcode", "point", "coordinate_level", "uncertainty_m", "distance_m")


@pytest.fixture
def codes(opened: FlaskClient) -> list[str]:
    """Twelve households on Bạch Đằng, and one on a street of its own."""
    lat, lon = HAI_CHAU["lat"], HAI_CHAU["lon"]
    made = [household(2 * n, lat=lat + n * STEP, lon=lon) for n in range(1, 13)]
    lonely = {"components": {"house_number": "3", "street": "Yên Bái"}, "lat": lat, "lon": lon + STEP}
    return [opened.post("/v1/addresses", json=body).json["ndas"] for body in (*made, lonely)]


def search(client: FlaskClient, text: str, **others: Any) -> dict[str, Any]:
    response = client.get("/v1/search", query_string={"q": text, **others})
    assert (response.status_code, response.content_type) == (200, "application/geo+json")
    return dict(response.json)


def test_search_answers_in_geocodejson(opened: FlaskClient, codes: list[str]) -> None:
    found = search(opened, "8 Bạch Đằng, Phường Hải Châu, Đà Nẵng")
    assert (found["type"], found["geocoding"]["version"]) == ("FeatureCollection", "0.1.0")
    assert found["geocoding"]["query"] == "8 Bạch Đằng, Phường Hải Châu, Đà Nẵng"
    best = found["features"][0]
    assert best["geometry"]["type"] == "Point"
    assert best["geometry"]["coordinates"] == [HAI_CHAU["lon"], HAI_CHAU["lat"] + 4 * STEP]
    told = best["properties"]
    assert (told["ndas"], told["match_level"], told["commune"]["code"]) == (codes[3], "house", "20242")
    words = told["geocoding"]
    assert (words["type"], words["housenumber"], words["street"]) == ("house", "8", "Bạch Đằng")
    assert (words["city"], words["state"], words["postcode"]) == ("Phường Hải Châu", "Thành phố Đà Nẵng", "50206")
    assert words["label"] == told["label"]


def test_search_without_a_key_has_streets_and_communes(closed: FlaskClient, codes: list[str]) -> None:
    answers = [search(closed, f"{n} Bạch Đằng, Phường Hải Châu, Đà Nẵng")["features"] for n in (8, 9, 777)]
    assert answers[0] == answers[1] == answers[2]
    best = answers[0][0]
    assert (best["geometry"], best["properties"]["match_level"]) == (None, "street")
    assert best["properties"]["label"] == "Bạch Đằng, Phường Hải Châu, Thành phố Đà Nẵng"
    assert {best["properties"][name] for name in SECRETS} == {None}


LONELY = ["3 Yên Bái, Phường Hải Châu, Đà Nẵng", "Yên Bái, P. Hải Châu, Đà Nẵng", "3 Yen Bai, Da Nang"]


@pytest.mark.parametrize("text", LONELY)
@pytest.mark.parametrize("verb", ["search", "suggest"])
def test_a_single_household_is_not_told(
    closed: FlaskClient, opened: FlaskClient, codes: list[str], text: str, verb: str
) -> None:
    """Only what was asked is repeated."""
    said = {}
    for name, client in (("opened", opened), ("closed", closed)):
        answer = client.get(f"/v1/{verb}", query_string={"q": text}).json
        said[name] = str(answer["features" if verb == "search" else "completions"])
    assert "Yên Bái" in said["opened"]
    assert "Yên Bái" not in said["closed"]
    assert codes[-1] not in said["closed"]


def test_a_code_that_is_looked_for_is_an_area(closed: FlaskClient, opened: FlaskClient, codes: list[str]) -> None:
    (whole,) = search(opened, codes[0])["features"]
    assert whole["properties"]["ndas"] == codes[0]
    (area,) = search(closed, codes[0])["features"]
    assert (area["geometry"], area["properties"]["match_level"]) == (None, "commune")
    assert {area["properties"][name] for name in SECRETS} == {None}
    (cell,) = search(closed, "7P8C369C+48F")["features"]
    assert (cell["geometry"], cell["properties"]["match_level"]) == (None, "commune")


def test_reverse_has_the_nearest_and_the_units(opened: FlaskClient, codes: list[str]) -> None:
    where = {"lat": HAI_CHAU["lat"] + 4 * STEP, "lon": HAI_CHAU["lon"], "radius_m": 100}
    found = opened.get("/v1/reverse", query_string=where).json
    told = [feature["properties"] for feature in found["features"]]
    assert [match["ndas"] for match in told][:1] == [codes[3]]
    assert {match["ndas"] for match in told} == set(codes[1:6]), "44 and 89 m away on either side"
    assert [match["distance_m"] for match in told] == sorted(match["distance_m"] for match in told)
    assert found["geocoding"]["commune"]["code"] == "20242"
    then = opened.get("/v1/reverse", query_string={**where, "as_of": "2025-06-30"}).json
    assert then["geocoding"]["province"]["code"] == "48"
    assert then["features"][0]["properties"]["ndas"] == codes[3]


def test_reverse_without_a_key_has_no_house(closed: FlaskClient, codes: list[str]) -> None:
    where = {"lat": HAI_CHAU["lat"] + 6 * STEP, "lon": HAI_CHAU["lon"]}
    features = closed.get("/v1/reverse", query_string=where).json["features"]
    assert features[-1]["properties"]["match_level"] == "commune"
    assert {feature["geometry"] for feature in features} == {None}
    for feature in features:
        assert {feature["properties"][name] for name in SECRETS} == {None}
    assert not [code for code in codes if code in str(features)]


def test_suggest(closed: FlaskClient, opened: FlaskClient, codes: list[str]) -> None:
    whole = opened.get("/v1/suggest", query_string={"q": "8 bach d"}).json["completions"]
    assert (whole[0]["kind"], whole[0]["ndas"]) == ("house", codes[3])
    area = closed.get("/v1/suggest", query_string={"q": "8 bach d"}).json["completions"]
    assert {(c["kind"], c["ndas"], c["point"]) for c in area} == {("street", None, None)}
    assert area[0]["label"] == "Bạch Đằng, Phường Hải Châu, Thành phố Đà Nẵng"


REFUSED = """
request                                   | status | field
/v1/search                                | 400    | q
/v1/search?q=x&radius=5                   | 400    | radius
/v1/search?q=x&limit=0                    | 400    | limit
/v1/search?q=x&limit=51                   | 400    | limit
/v1/search?q=x&limit=five                 | 400    | limit
/v1/search?q=x&q=y                        | 400    | q
/v1/search?q=x&as_of=2026                 | 400    | as_of
/v1/reverse?lat=16                        | 400    | lon
/v1/reverse?lat=160&lon=16                | 400    | lat
/v1/reverse?lat=16&lon=108&radius_m=0     | 400    | radius_m
/v1/reverse?lat=16&lon=108&radius_m=5001  | 400    | radius_m
/v1/reverse?lat=16&lon=108&radius_m=nan   | 400    | radius_m
/v1/reverse?lat=16&lon=108&limit=51       | 400    | limit
/v1/reverse?lat=16&lon=108&same_commune=1 | 400    | same_commune
/v1/suggest?q=le&limit=21                 | 400    | limit
/v1/suggest?q=le&lat=16                   | 400    | lon
/v1/suggest?q=le&province=99              | 404    | province
/v1/suggest?q=le&as_of=soon               | 400    | as_of
"""


@pytest.mark.parametrize("row", REFUSED.strip().splitlines()[1:])
@pytest.mark.parametrize("door", ["closed", "opened"])
def test_what_cannot_be_used_is_refused_by_name(row: str, door: str, request: pytest.FixtureRequest) -> None:
    url, status, field = (cell.strip() for cell in row.split("|"))
    response = request.getfixturevalue(door).get(url)
    assert (response.status_code, response.json["field"]) == (int(status), field)


def test_nothing_found_is_an_answer(closed: FlaskClient, opened: FlaskClient) -> None:
    for client in (closed, opened):
        assert search(client, "qwxz")["features"] == []
        assert client.get("/v1/suggest?q=qwxz").json["completions"] == []
    assert opened.get("/v1/reverse?lat=16.06&lon=108.22").json["features"] == []

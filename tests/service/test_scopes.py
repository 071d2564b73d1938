"""For every operation and every combination of scopes, here and elsewhere: no field above the scopes appears.

Two households in two provinces have texts, points and codes that nothing else has. Whatever is asked, the
answer is walked through, and what leads to a household is looked for in it: by what was put into the registry,
not by the table of fields that takes it out.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from itertools import chain, combinations
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoaddr.disclosure import SCOPES, Grants, Scope
from geoaddr.pack import Pack
from service.limits.rules import UNLIMITED
from service.views import OPERATIONS
from tests.service.towns import AWAY_DEGREES, Home, Town, disclosed, told_by


@pytest.fixture(scope="module")
def town(opened_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(opened_pack, tmp_path_factory.mktemp("town"))


Ask = Callable[[FlaskClient], Any]


def asks(home: Home, town: Town) -> dict[str, list[Ask]]:
    """For each operation what to ask about a household, so that the question does not hold the answer."""
    code, passing, heir = home.ndas, town.passing(home), town.passing(home)
    away = f"lat={home.lat + AWAY_DEGREES}&lon={home.lon + AWAY_DEGREES}"
    here = {"lat": home.lat, "lon": home.lon}
    near = {"lat": home.lat + AWAY_DEGREES, "lon": home.lon + AWAY_DEGREES}
    commune = town.ga.locate(**here).commune
    assert commune is not None
    line = quote(f"{home.number} {home.street}, {commune.full_name}")
    # without the house number, and of the street enough to complete it
    start = quote(home.street[:9])
    made: dict[str, str] = {}

    def get(path: str) -> Ask:
        return lambda client: client.get(path)

    def post(path: str, body: Any) -> Ask:
        return lambda client: client.post(path, json=body)

    def share(client: FlaskClient) -> Any:
        for scope in ("area", "address", "point"):
            response = client.post(
                "/v1/shares", json={"ndas": code, "scope": scope, "purpose": "p", "consent": "c"}
            )
            if response.status_code == 201:
                made.update(response.json)
        return response

    def job(client: FlaskClient) -> Any:
        """A file of codes, worked on to its end."""
        response = client.post("/v1/jobs?verb=resolve", data=f"code\n{code}\n", content_type="text/csv")
        if response.status_code == 202:
            made["job"] = response.json["id"]
            while client.get(f"/v1/jobs/{made['job']}").json["status"] in ("queued", "running"):
                time.sleep(0.05)
        return response

    return {
        "locate": [get(f"/v1/locate?{away}")],
        "resolve": [get(f"/v1/codes/{code}"), get(f"/v1/codes/{home.location_id}"),
                    get(f"/v1/codes/{code}?as_of=2025-06-30"), get(f"/v1/codes/{code[:-1]}"),
                    get(f"/v1/codes/{code[:-1]}{(int(code[-1]) + 1) % 10}")],
        "search": [get(f"/v1/search?q={line}"), get(f"/v1/search?q={code}"),
                   get(f"/v1/search?q={line}&limit=50")],
        "reverse": [get(f"/v1/reverse?{away}&radius_m=500"), get(f"/v1/reverse?{away}&radius_m=5000&limit=50"),
                    get(f"/v1/reverse?{away}&radius_m=500&as_of=2025-06-30&same_commune=true")],
        "suggest": [get(f"/v1/suggest?q={start}"), get(f"/v1/suggest?q={line}&{away}")],
        "parse": [get(f"/v1/parse?q={quote(commune.full_name)}")],
        "convert": [get(f"/v1/convert?q={quote(commune.full_name)}&to=old")],
        "validate": [post("/v1/validate", {"code": code}), post("/v1/validate", {"code": home.location_id}),
                     post("/v1/validate", {"text": commune.full_name, "code": code})],
        "assign": [post("/v1/addresses", {"components": {"house_number": home.number, "street": home.street,
                                                         "floor": "3"}, **here})],
        "address": [get(f"/v1/addresses/{code}"), get(f"/v1/addresses/{code}?as_of=2100-01-01")],
        "history": [get(f"/v1/addresses/{code}/history")],
        "changes": [get("/v1/changes?since=0&limit=1000")],
        "visit": [post(f"/v1/addresses/{heir}/visit", {"outcome": "differs"})],
        "confirm": [post(f"/v1/addresses/{passing}/confirm", {})],
        "amend": [post(f"/v1/addresses/{passing}/amend", {"components": {"floor": "4"}})],
        "rename_street": [post("/v1/addresses/rename-street",
                               {"commune": commune.code, "from": "Đường Qua", "to": "Đường Đã Qua"}),
                          post("/v1/addresses/rename-street", {"commune": commune.code, "from": home.street,
                                                               "to": "Đường Qua", "dry_run": True, "limit": 1})],
        "supersede": [post(f"/v1/addresses/{passing}/supersede", {"by": [heir]})],
        "retire": [post(f"/v1/addresses/{heir}/retire", {})],
        "split": [post(f"/v1/addresses/{town.passing(home)}/split",
                       {"into": [town.passing(home), town.passing(home)]})],
        "merge": [post("/v1/addresses/merge", {"codes": [town.passing(home)], "into": town.passing(home)})],
        "demolish": [post("/v1/addresses/demolish", {"codes": [town.passing(home)]})],
        "erase": [post(f"/v1/addresses/{town.passing(home)}/erase", {"reason": "asked", "yes": True})],
        "formerly": [post("/v1/addresses/formerly", {"components": {"house_number": home.number,
                                                                    "street": home.street}})],
        "review": [get(f"/v1/review?area={code[:5]}")],
        "reserve": [post("/v1/reserve", {"area": code[:5], "count": 1})],
        "sync": [post("/v1/sync", {"rows": [{"id": f"visit {passing}", "action": "visit", "ndas": passing}]})],
        "share": [share],
        "shares": [get(f"/v1/shares?ndas={code}")],
        "unshare": [lambda client: client.post(f"/v1/shares/{made.get('id', 'abcdefghij')}/revoke")],
        "shared": [get("/v1/shared/gas_abcdefghij_" + "A" * 43)],
        "batch_locate": [post("/v1/batch/locate", [near])],
        "batch_resolve": [post("/v1/batch/resolve", [{"code": code}, {"code": home.location_id}]),
                          post("/v1/batch/resolve?as_of=2025-06-30", [{"code": code}, {"code": code[:-1]}])],
        "batch_geocode": [post("/v1/batch/geocode", [{"text": unquote(line)}, {"text": code}])],
        "batch_reverse": [post("/v1/batch/reverse", [{**near, "radius_m": 500}])],
        "batch_parse": [post("/v1/batch/parse", [{"text": commune.full_name}])],
        "batch_convert": [post("/v1/batch/convert?to=old", [{"text": commune.full_name}])],
        "batch_validate": [post("/v1/batch/validate", [{"code": code}, {"code": home.location_id},
                                                       {"text": commune.full_name, "code": code}])],
        "batch_unit": [post("/v1/batch/unit", [{"code": commune.code}])],
        "batch_assign": [post("/v1/batch/assign", [{"text": f"{home.number} {home.street}", **here}])],
        "create_job": [job],
        "list_jobs": [get("/v1/jobs")],
        "job": [lambda client: client.get(f"/v1/jobs/{made.get('job', 'x')}")],
        "job_result": [lambda client: client.get(f"/v1/jobs/{made.get('job', 'x')}/result")],
        "job_report": [lambda client: client.get(f"/v1/jobs/{made.get('job', 'x')}/report")],
        "cancel_job": [lambda client: client.delete(f"/v1/jobs/{made.get('job', 'x')}")],
        "list_units": [get(f"/v1/units?level=commune&parent={home.province}")],
        "unit": [get(f"/v1/units/{commune.code}")],
        "boundary": [get(f"/v1/units/{commune.code}/boundary?zoom=6")],
        "healthz": [get("/healthz")],
        "readyz": [get("/readyz")],
    }  # fmt: skip


def check(town: Town, grants: Grants, client: FlaskClient) -> set[str]:
    """Ask everything; the operations that answered."""
    answered = set()
    for home in town.homes:
        held = grants.at(home.province)
        for name, questions in asks(home, town).items():
            for ask in questions:
                response = ask(client)
                assert response.status_code < 500, (name, response.text)
                if response.status_code < 300:
                    answered.add(name)
                for other in town.homes:
                    told = disclosed(told_by(response), other)
                    if other is not home:  # a distance tells of those who are near the point that was asked about
                        told["point"] = [said for said in told["point"] if "distance_m: " not in said]
                    for scope, what in told.items():
                        assert not what or scope in grants.at(other.province), (name, scope, what, sorted(held))
    return answered


COMBINATIONS = list(chain.from_iterable(combinations(SCOPES, n) for n in range(1, len(SCOPES) + 1)))
DIFFERENT = {tuple(Grants.of(scopes).places): scopes for scopes in COMBINATIONS}
"""One of each combination that come to the same: most scopes bring others with them."""


def test_combinations_that_come_to_the_same() -> None:
    """``validity``, and every choice of four beside ``area``."""
    assert len(COMBINATIONS) == 63
    assert set(DIFFERENT) == {("validity",)} | {
        ("validity", "area", *chosen) for n in range(5) for chosen in combinations(SCOPES[2:], n)
    }


def test_every_operation_is_asked(town: Town) -> None:
    assert set(asks(town.homes[0], town)) == {operation.name for operation in OPERATIONS}


def test_what_is_looked_for_is_there(town: Town) -> None:
    """The test finds what it looks for where everything is shown; else it would prove nothing."""
    client = town.served.holder(*SCOPES)
    for home in town.homes:
        for name in ("resolve", "search", "reverse", "address", "assign", "changes"):
            found = disclosed(asks(home, town)[name][0](client).json, home)
            assert found["address"], name
            assert found["point"], name
        for name in ("batch_resolve", "batch_geocode", "batch_reverse"):
            assert disclosed(asks(home, town)[name][0](client).json, home)["point"], name
        asked = asks(home, town)
        asked["create_job"][0](client)
        assert f"{home.lat:.5f}" in asked["job_result"][0](client).text
        assert disclosed(asks(home, town)["batch_assign"][0](client).json, home)["point"]
        for name in ("suggest", "history", "batch_geocode", "batch_reverse"):
            assert disclosed(asks(home, town)[name][0](client).json, home)["address"], name
        assert all(disclosed(asks(home, town)["resolve"][0](client).json, home).values())
    assert check(town, Grants.of(SCOPES), client) == {o.name for o in OPERATIONS} - {"shared"}


@pytest.mark.parametrize("scopes", DIFFERENT.values(), ids=" ".join)
def test_no_field_above_the_scopes(town: Town, scopes: tuple[Scope, ...]) -> None:
    check(town, Grants.of(scopes), town.served.holder(*scopes))


def test_no_field_above_those_of_everyone(town: Town) -> None:
    check(town, Grants.of(["area"]), town.served.client())


WHERE = st.dictionaries(
    st.sampled_from(SCOPES), st.sampled_from([None, ("48",), ("15",), ("48", "15"), ("01",)]), min_size=1
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(WHERE)
def test_no_field_above_the_scopes_of_a_province(town: Town, places: dict[Scope, tuple[str, ...] | None]) -> None:
    check(town, Grants.of(places), town.served.client(town.served.key(places, UNLIMITED)))


def test_a_reader_of_one_province_finds_houses_there(town: Town) -> None:
    client = town.served.holder(address=["48"], point=["48"])
    mine, other = town.homes
    for name in ("resolve", "search", "reverse", "suggest"):
        assert disclosed(asks(mine, town)[name][0](client).json, mine)["address"], name
        assert not disclosed(asks(other, town)[name][0](client).json, other)["address"], name


GRADES: dict[str, dict[Scope, list[str] | None]] = {
    "texts": {"address": None},
    "points": {"point": None},
    "one province": {"address": ["48"], "point": ["48"]},
    "texts there, points here": {"address": ["15"], "point": ["48"]},
    "area of one": {"area": ["48"]},
}


@pytest.mark.parametrize("places", GRADES.values(), ids=[*GRADES])
def test_a_row_tells_as_much_as_the_verb_alone(town: Town, places: dict[Scope, list[str] | None]) -> None:
    client = town.served.client(town.served.key(places, UNLIMITED))
    codes = [code for home in town.homes for code in (home.ndas, home.location_id)]
    rows = client.post("/v1/batch/resolve", json=[{"code": code} for code in codes]).json
    for code, row in zip(codes, rows, strict=True):
        reading = client.get(f"/v1/codes/{code}").json["readings"][0]
        point = reading["point"] or {"lat": None, "lon": None}
        assert (row["ndas"], row["lat"], row["lon"]) == (reading["ndas"], point["lat"], point["lon"])
        assert row["commune_code"] == (reading["commune"] or {}).get("code")
    for home in town.homes:
        text = f"{home.number} {home.street}"
        (row,) = client.post("/v1/batch/geocode", json=[{"text": text}]).json
        alone = client.get(f"/v1/search?q={quote(text)}").json["features"]
        best = alone[0]["properties"] if alone else dict.fromkeys(("ndas", "label", "match_level"))
        assert (row["ndas"], row["label"], row["match_level"]) == (
            best["ndas"], best["label"], best["match_level"]
        )  # fmt: skip


# a key's scopes in two provinces | what it asks about a household of the second, beside a text of the first
BESIDE = """
{"address": ["48"], "point": ["48"]}       | {"code": "THERE"}
{"address": ["48"], "point": ["48"]}       | {"code": "THERE_ID"}
{"address": ["48"], "point": ["48"]}       | {"code": "HERE", "text": "TEXT, THERE"}
{"address": ["48"], "point": ["48"]}       | {"components": {"ndas": "THERE"}}
{"address": ["48"], "point": ["48"]}       | {"components": {"location_id": "THERE_ID"}}
{"address": ["48", "15"], "point": ["48"]} | {"code": "THERE"}
{"address": null, "point": ["48"]}         | {"code": "THERE_ID"}
"""


@pytest.mark.parametrize("line", BESIDE.strip().splitlines())
def test_a_code_from_elsewhere_tells_nothing_beside_a_text_from_here(town: Town, line: str) -> None:
    """A text of a province where the key sees all does not open a code of another."""
    mine, other = town.homes
    given, body = (cell.strip() for cell in line.split("|"))
    for word, meant in {"THERE_ID": other.location_id, "THERE": other.ndas, "HERE": mine.ndas}.items():
        body = body.replace(word, meant)
    text = "12 Trần Phú, Phường Hải Châu, Đà Nẵng"
    question = {"text": text} | json.loads(body.replace("TEXT", text))
    client = town.served.client(town.served.key(json.loads(given), UNLIMITED))
    told = client.post("/v1/validate", json=question).json
    assert not disclosed(told, other)["point"]
    if "15" not in given and "null" not in given:
        assert told["codes"]["ndas"] in (None, *(code for code in (mine.ndas, other.ndas) if code in body))
        assert "record of the code" not in json.dumps(told)
        row = {**question.pop("components", {}), **question}
        (answer,) = client.post("/v1/batch/validate", json=[row]).json
        assert "record of the code" not in json.dumps(answer)
    own = client.post("/v1/validate", json={"text": text, "code": mine.ndas}).json
    assert "record of the code" in json.dumps(own)
    assert disclosed(own, mine)["point"]


JOB_KEYS: dict[str, dict[Scope, list[str] | None]] = {
    "address": {"address": None},
    "point of one province": {"address": None, "point": ["48"]},
}


@pytest.mark.parametrize("places", JOB_KEYS.values(), ids=[*JOB_KEYS])
def test_files_are_for_keys_that_see_all(town: Town, places: dict[Scope, list[str] | None]) -> None:
    client = town.served.client(town.served.key(places, UNLIMITED))
    response = client.post("/v1/jobs?verb=resolve", data="code\n1\n", content_type="text/csv")
    assert (response.status_code, response.json["type"]) == (403, "urn:geoaddr:problem:scope-missing")
    assert "point" in response.json["detail"]


def test_issuing_for_a_file_takes_the_right_to_write(town: Town) -> None:
    houses = "text,lat,lon\n"
    response = town.served.holder("address", "point").post(
        "/v1/jobs?verb=assign", data=houses, content_type="text/csv"
    )
    assert (response.status_code, "write" in response.json["detail"]) == (403, True)


def test_a_job_is_found_by_its_key_alone(town: Town) -> None:
    mine, other = town.served.holder("address", "point"), town.served.holder("address", "point")
    job = mine.post("/v1/jobs?verb=resolve", data="code\n1\n", content_type="text/csv").json
    assert other.get(f"/v1/jobs/{job['id']}").status_code == 404
    assert job["id"] not in other.get("/v1/jobs").text
    assert job["id"] in mine.get("/v1/jobs").text
    assert mine.delete(f"/v1/jobs/{job['id']}").status_code == 204


def test_rows_are_written_where_the_key_may_write(town: Town) -> None:
    client = town.served.client(town.served.key({"write": ["48"]}, UNLIMITED))
    rows = [{"text": f"9 {home.street}", "lat": home.lat, "lon": home.lon} for home in town.homes]
    here, there = client.post("/v1/batch/assign", json=rows).json
    assert (here["status"], here["vpostcode"]) == ("ok", None)
    assert (there["status"], there["ndas"], there["problem"]["status"]) == ("error", None, 403)


def test_texts_without_points_and_points_without_texts(town: Town) -> None:
    home = town.homes[0]
    texts = town.served.holder("address").get(f"/v1/addresses/{home.ndas}").json
    assert (texts["components"]["street"], texts["point"], texts["uncertainty_m"]) == (home.street, None, None)
    assert {alias["system"] for alias in texts["aliases"]} == {"location_id", "former_address"}
    points = town.served.holder("point").get(f"/v1/codes/{home.ndas}").json["readings"][0]
    assert (points["address"], points["history"]) == (None, None)
    assert round(points["point"]["lat"], 5) == 16.06784
    assert town.served.holder("validity").get(f"/v1/codes/{home.ndas}").json["readings"][0]["status"] == "live"
    assert json.dumps(points).count(home.street) == 0


def test_days_do_not_widen_a_key(town: Town) -> None:
    """On a day before the reform units have other codes; a key's provinces are those of today."""
    home = town.homes[1]
    client = town.served.holder(address=["10"], point=["10"])  # Lào Cai had the code 10 then
    reading = client.get(f"/v1/codes/{home.ndas}?as_of=2025-06-30").json["readings"][0]
    assert reading["province"]["code"] == "10"
    assert (reading["address"], reading["point"]) == (None, None)
    assert dt.date.fromisoformat(reading["province"]["valid_to"]) == dt.date(2025, 7, 1)

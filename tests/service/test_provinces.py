"""Keys whose scopes count in some provinces: elsewhere they see what everyone sees, and write nothing."""

from __future__ import annotations

import pytest

from geoaddr.platform import Geoaddr
from geoaddr.sight import feed
from tests.service.access import Served
from tests.service.households import HAI_CHAU, household

LAO_CAI = {"lat": 22.3364, "lon": 104.1500}
"""In the ward Cam Đường of the province 15, which the pack of the tests has beside Đà Nẵng, 48."""


def test_a_key_limited_to_a_province_sees_others_as_everyone_does(served: Served, ga: Geoaddr, code: str) -> None:
    other = ga.assign({"house_number": "5", "street": "Hoàng Liên"}, **LAO_CAI).ndas
    assert ga.address(other).commune_code != ga.address(code).commune_code
    client = served.holder(address=["48"], point=["48"], write=["48"])
    here, there = (client.get(f"/v1/codes/{each}").json["readings"][0] for each in (code, other))
    assert here["address"]["components"]["street"] == "Bạch Đằng"
    assert here["point"] == {"lat": 16.0678, "lon": 108.2208}
    assert there == served.client().get(f"/v1/codes/{other}").json["readings"][0]
    assert there["province"]["code"] == "15"
    record = client.get(f"/v1/addresses/{other}").json
    assert (record["components"], record["point"]) == (None, None)


# provinces where `address` is held | limit | whose events (h: here, t: there) each answer has, to the end;
# written down are h, then four of t, then h
FEEDS = """
48    | 100 | hh,
48    | 1   | h h,
48    | 2   | hh,
15    | 3   | ttt t,
15    | 4   | tttt,
01    | 2   | ,
15 48 | 4   | httt th,
*     | 4   | httt th,
"""


@pytest.mark.parametrize("line", FEEDS.strip().splitlines())
def test_the_feed_of_a_key_has_its_provinces_alone(
    served: Served, ga: Geoaddr, code: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PAGE", 2)
    provinces, limit, wanted = (cell.strip() for cell in line.split("|"))
    there = ga.assign({"house_number": "5", "street": "Hoàng Liên"}, **LAO_CAI).ndas
    ga.confirm(there)
    ga.amend(there, {"floor": "2"})
    ga.retire(there)
    ga.confirm(code)
    client = served.holder("address") if provinces == "*" else served.holder(address=provinces.split())
    cursor, pages = "0", []
    while (answer := client.get(f"/v1/changes?since={cursor}&limit={limit}").json)["cursor"] != cursor:
        pages.append("".join({code: "h", there: "t"}[change["ndas"]] for change in answer["changes"]))
        cursor = answer["cursor"]
    assert cursor == str(ga.registry.stats()["events"])
    assert " ".join(filter(None, pages)) == wanted.rstrip(",").strip()


def test_a_feed_goes_over_what_lies_elsewhere_in_steps(
    served: Served, ga: Geoaddr, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer looks at so many events and no more; the cursor goes on all the same."""
    monkeypatch.setattr(feed, "MOST_LOOKED_AT", 2)
    monkeypatch.setattr(feed, "PAGE", 1)
    ga.confirm(code)
    there = ga.assign({"house_number": "5", "street": "Hoàng Liên"}, **LAO_CAI).ndas
    client = served.holder(address=["15"])
    first = client.get("/v1/changes?limit=1").json
    assert first == {"changes": [], "cursor": "2"}
    assert [c["ndas"] for c in client.get("/v1/changes?since=2&limit=1").json["changes"]] == [there]


def test_a_key_limited_to_a_province_writes_nowhere_else(served: Served, ga: Geoaddr, code: str) -> None:
    other = ga.assign({"house_number": "5", "street": "Hoàng Liên"}, **LAO_CAI).ndas
    client = served.holder(write=["48"])
    assert client.post("/v1/addresses", json=household(9)).status_code == 201
    before = ga.registry.stats()["events"]
    sent = [
        client.post("/v1/addresses", json=household(7, **LAO_CAI)),
        client.post(f"/v1/addresses/{other}/confirm", json={}),
        client.post(f"/v1/addresses/{other}/visit", json={}),
        client.post(f"/v1/addresses/{other}/amend", json={"components": {"street": "X"}}),
        client.post(f"/v1/addresses/{other}/retire", json={}),
        client.post(f"/v1/addresses/{other}/supersede", json={"by": [code]}),
        client.post(f"/v1/addresses/{code}/amend", json=LAO_CAI),
    ]
    assert [(r.status_code, r.json["type"].rpartition(":")[2]) for r in sent] == [(403, "scope-missing")] * len(
        sent
    )
    assert ga.registry.stats()["events"] == before


# what is asked of a household, an area or a point of another province | scope in 48 alone | then
ELSEWHERE = """
POST /v1/sync     {"rows": [{"id": "a", "action": "visit", "ndas": "CODE"}]}                | write | 403
POST /v1/sync     {"rows": [{"id": "a", "action": "visit", "ndas": "SPACED"}]}              | write | 403
POST /v1/sync     {"rows": [{"id": "a", "action": "amend", "ndas": "CODE", "expected_version": 1}]}| write | 403
POST /v1/sync     {"rows": [{"id": "a", "action": "propose", "lat": "LAT", "lon": LON}]}    | write | 403
POST /v1/sync     {"rows": [{"id": "a", "action": "propose", "alley": 7, "lat": LAT, "lon": LON}]}| write | 403
POST /v1/sync     {"rows": [{"id": "a", "action": "visit", "ndas": "123"}]}                 | write | 200
POST /v1/sync     {"rows": [{"id": "a", "action": "propose", "lat": "north", "lon": LON}]}  | write | 200
POST /v1/reserve  {"area": "AREA", "count": 1}                                              | write | 403
POST /v1/reserve  {"area": "99999", "count": 1}                                             | write | 403
POST /v1/reserve  {"area": "50206", "count": 1}                                             | write | 201
GET  /v1/review?area=AREA                                                                   | admin | 403
GET  /v1/review?area=50206                                                                  | admin | 200
POST /v1/addresses/CODE/erase    {"reason": "asked", "yes": true}                           | admin | 403
POST /v1/addresses/CODE/retire   {}                                                         | write | 403
POST /v1/addresses/demolish      {"codes": ["CODE"]}                                        | write | 403
POST /v1/addresses/merge         {"codes": ["CODE"], "into": "CODE"}                        | write | 403
"""


@pytest.mark.parametrize("line", ELSEWHERE.strip().splitlines())
def test_a_key_of_a_province_works_in_no_other(served: Served, ga: Geoaddr, line: str) -> None:
    there = ga.assign({"house_number": "4", "street": "Hoàng Liên"}, **LAO_CAI).ndas
    asked, scope, status = (cell.strip() for cell in line.split("|"))
    words = {"SPACED": f"{there[:5]} {there[5:]}", "CODE": there, "AREA": there[:5],
             "LAT": str(LAO_CAI["lat"]), "LON": str(LAO_CAI["lon"])}  # fmt: skip
    for word, meant in words.items():
        asked = asked.replace(word, meant)
    method, path, *body = asked.split(maxsplit=2)
    client = served.client(served.key({scope: ["48"], **dict.fromkeys({"write", "admin"} - {scope})}))  # type: ignore[misc,dict-item]
    before = ga.address(there)
    answer = client.open(path, method=method, data="".join(body) or None, content_type="application/json")
    assert answer.status_code == int(status), answer.text
    assert ga.address(there) == before


# what a key for 48 alone may not name beside codes of 48 (H, I, J), where C is of province 15
NAMED = """
/v1/addresses/H/supersede | {"by": ["C"]}                     | 403
/v1/addresses/H/supersede | {"by": ["I", "C"]}                | 403
/v1/addresses/H/split     | {"into": ["C"]}                   | 403
/v1/addresses/H/split     | {"into": ["I", "C"]}              | 403
/v1/addresses/merge       | {"codes": ["H"], "into": "C"}     | 403
/v1/addresses/merge       | {"codes": ["H", "C"], "into": "I"}| 403
/v1/addresses/merge       | {"codes": ["C"], "into": "I"}     | 403
/v1/addresses/H/supersede | {"by": ["I"]}                     | 200
/v1/addresses/H/split     | {"into": ["I", "J"]}              | 200
/v1/addresses/merge       | {"codes": ["H"], "into": "I"}     | 200
/v1/addresses/H/supersede | {"by": ["5020699999"]}            | 404
/v1/addresses/H/split     | {"into": ["12"]}                  | 400
"""


@pytest.mark.parametrize("line", NAMED.strip().splitlines())
def test_no_address_ends_in_favour_of_one_elsewhere(served: Served, ga: Geoaddr, code: str, line: str) -> None:
    path, body, status = (cell.strip() for cell in line.split("|"))
    heir, other = (ga.assign({"house_number": n, "street": "Bạch Đằng"}, **HAI_CHAU).ndas for n in ("90", "92"))
    there = ga.assign({"house_number": "4", "street": "Hoàng Liên"}, **LAO_CAI).ndas
    for letter, meant in zip("HIJC", (code, heir, other, there), strict=True):
        path, body = path.replace(f"/{letter}/", f"/{meant}/"), body.replace(f'"{letter}"', f'"{meant}"')
    before = ga.registry.stats()["events"]
    client = served.holder(write=["48"])
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code == int(status), answer.text
    assert (ga.registry.stats()["events"] == before) == (status != "200")


def test_what_was_called_so_before_is_told_where_addresses_are(served: Served, ga: Geoaddr, code: str) -> None:
    parts = {"house_number": "4", "street": "Hoàng Liên"}
    there = ga.assign(parts, **LAO_CAI).ndas
    ga.amend(there, {"street": "Hoàng Liên Sơn"})
    found = {
        province: served.holder(address=[province]).post("/v1/addresses/formerly", json={"components": parts}).json
        for province in ("15", "48")
    }
    assert {province: [a["ndas"] for a in said["addresses"]] for province, said in found.items()} == {
        "15": [there], "48": []
    }  # fmt: skip

"""Many rows in one request: each is answered as the verb answers it alone, and a bad one spoils no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from service.batching import MOST_ROWS
from tests.service.households import HAI_CHAU, household

LINES = "application/jsonl"


def ask(client: FlaskClient, verb: str, rows: Any, query: str = "", **headers: str) -> Any:
    response = client.post(f"/v1/batch/{verb}{query}", json=rows, headers=headers)
    assert response.status_code == 200, response.text
    return response.json


POINTS = [HAI_CHAU, {"lat": 22.4856, "lon": 103.9707}, {"lat": 13.7563, "lon": 100.5018}]


@pytest.mark.parametrize("query", ["", "?as_of=2025-06-30"])
def test_points(closed: FlaskClient, query: str) -> None:
    rows = ask(closed, "locate", POINTS, query)
    for row, point in zip(rows, POINTS, strict=True):
        alone = closed.get(f"/v1/locate{query or '?'}&lat={point['lat']}&lon={point['lon']}").json
        heaviest = alone["commune"] or next(iter(alone["candidates"]), {})
        assert row["commune_code"] == heaviest.get("code")
        assert (row["postcode"], row["plus_code"]) == (alone["postcode"], alone["plus_code"])
    assert [row["status"] for row in rows][-1] == "not_found"


@pytest.fixture
def codes(opened: FlaskClient) -> list[str]:
    issued = opened.post("/v1/addresses", json=household()).json["ndas"]
    return [issued, "5020600000", "7P8C369C+48F", "50206369C48F", "w6ugqt5cxrj0", "7P8C3600+", "048000000012"]


@pytest.mark.parametrize("who", ["open", "closed"])
def test_codes(opened: FlaskClient, closed: FlaskClient, codes: list[str], who: str) -> None:
    client = opened if who == "open" else closed
    rows = ask(client, "resolve", [{"code": code} for code in codes])
    for row, code in zip(rows, codes, strict=True):
        alone = client.get(f"/v1/codes/{code}").json
        first = alone["readings"][0]
        assert (row["system"], row["code_status"]) == (first["system"], first["status"])
        assert (row["ndas"], row["postcode"]) == (first["ndas"], first["postcode"])
        point = first.get("point") or {"lat": None, "lon": None}
        assert (row["lat"], row["lon"]) == (point["lat"], point["lon"])
        assert row["suggestions"] == ("; ".join(s["code"] for s in alone["suggestions"] or ()) or None)


def test_a_stranger_learns_of_a_code_as_much_as_one_by_one(closed: FlaskClient, codes: list[str]) -> None:
    (row,) = ask(closed, "resolve", [{"code": codes[0]}])
    assert (row["commune_code"], row["code_status"], row["lat"], row["lon"]) == ("20242", "verified", None, None)
    (slip,) = ask(closed, "resolve", [{"code": codes[0][:-1]}])
    assert (slip["status"], slip["suggestions"], slip["problem"]["field"]) == ("error", None, "code")


TEXTS = [
    "12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng",
    "K12/5 Le Duan, P.Thach Thang, Q.Hai Chau, Da Nang",
    "Tokyo, Japan",
]


@pytest.mark.parametrize("verb", ["parse", "convert"])
def test_texts(closed: FlaskClient, verb: str) -> None:
    rows = ask(closed, verb, [{"text": text} for text in TEXTS])
    for row, text in zip(rows, TEXTS, strict=True):
        alone = closed.get(f"/v1/{verb}", query_string={"q": text}).json
        assert row["commune_code"] == (alone["commune"] or {}).get("code")
        if verb == "convert":
            assert (row["status"], row["new_address"]) == (alone["status"], alone["address"])
        else:
            assert (row["house_number"], row["street"]) == tuple(
                alone["components"][name] for name in ("house_number", "street")
            )


def test_convert_takes_a_direction_and_points(closed: FlaskClient) -> None:
    (back,) = ask(closed, "convert", [{"text": "Xã Ia Mơ, Gia Lai"}], "?to=old")
    assert (back["status"], back["district"]) == ("ok", "Chư Prông")
    rows = ask(
        closed, "convert", [{"text": TEXTS[0]}, {"text": TEXTS[0], **HAI_CHAU}, {"text": TEXTS[0], "lat": 16.0}]
    )
    assert [row["status"] for row in rows] == ["ok", "ok", "error"]
    assert rows[2]["problem"]["field"] == "lon"


def test_validate_takes_texts_forms_and_codes_side_by_side(closed: FlaskClient) -> None:
    form = {"house_number": "12", "street": "Trần Phú", "commune": "20242", "province": "48"}
    asked: list[dict[str, Any]] = [
        {"text": TEXTS[0]},
        form,
        {"code": "50206369C48F"},
        {"text": TEXTS[0], "postcode": "11024"},
        {"text": TEXTS[0], **HAI_CHAU},
    ]
    rows = ask(closed, "validate", asked)
    for row, given in zip(rows, asked, strict=True):
        own = {name: value for name, value in given.items() if name in ("text", "code", "lat", "lon")}
        fields = {name: value for name, value in given.items() if name not in own}
        alone = closed.post("/v1/validate", json={**own, **({"components": fields} if fields else {})}).json
        assert (row["verdict"], row["next_action"]) == (alone["verdict"], alone["possible_next_action"]), given
        assert row["normalised_new"] == alone["normalised"]["new"]


def test_places(opened: FlaskClient, closed: FlaskClient, codes: list[str]) -> None:
    texts = [{"text": "12 Bach Dang, P. Hai Chau, Da Nang"}, {"text": "Hải Châu, Đà Nẵng"}]
    house, commune = ask(opened, "geocode", texts)
    assert (house["ndas"], house["match_level"]) == (codes[0], "house")
    assert commune["match_level"] == "commune"
    for row in ask(closed, "geocode", texts):
        assert (row["ndas"], row["lat"], row["match_level"]) == (None, None, "commune")
    near, far = ask(opened, "reverse", [{**HAI_CHAU, "radius_m": 50}, POINTS[1]])
    assert (near["ndas"], near["distance_m"], far["status"]) == (codes[0], 0.0, "not_found")
    assert far["commune_code"] is not None
    assert [row["ndas"] for row in ask(closed, "reverse", [HAI_CHAU])] == [None]


def test_units(closed: FlaskClient) -> None:
    rows = ask(closed, "unit", [{"code": "20242"}, {"code": "99999"}, {"code": "48"}], "?as_of=2025-06-30")
    assert [row["status"] for row in rows] == ["ok", "error", "ok"]
    assert (rows[0]["full_name"], rows[2]["level"]) == ("Phường Phước Ninh", "province")
    assert rows[1]["problem"]["type"] == "urn:geoaddr:problem:unknown-unit"


def test_assign_issues_each_household_one_code(opened: FlaskClient, closed: FlaskClient, ga: Geoaddr) -> None:
    rows = [{"text": f"{n} Bạch Đằng", **HAI_CHAU} for n in (12, 14)] + [{"text": "16 Bạch Đằng", **POINTS[2]}]
    first = ask(opened, "assign", rows, Idempotency_Key="day 7")
    assert [row["outcome"] for row in first] == ["created", "created", None]
    assert first[2]["problem"]["detail"]
    again = ask(opened, "assign", rows, Idempotency_Key="day 7")
    assert [row["ndas"] for row in again] == [row["ndas"] for row in first]
    assert [row["outcome"] for row in ask(opened, "assign", rows[:2])] == ["existing", "existing"]
    assert ga.registry.stats()["addresses"] == 2
    assert closed.post("/v1/batch/assign", json=rows).status_code == 401


BAD_ROWS = """
{"code": 5020600000}                | code    | not a text
{"code": null}                      | code    | not a text
{}                                  | code    | required
{"kode": "5020600000"}              | kode    | not a field of a row; known: code
{"code": "50206", "code": "50207"}  | code    | given more than once
7                                   | row     | not a JSON object
null                                | row     | not a JSON object
[[[["deep"]]]]                      | row     | not a JSON object
{"code": "tên"}                     | code    | character
{"code": ""}                        | code    | empty
"""


@pytest.mark.parametrize("as_lines", [False, True])
def test_a_bad_row_has_its_problem_and_spoils_no_other(closed: FlaskClient, as_lines: bool) -> None:
    table = [[cell.strip() for cell in line.split("|")] for line in BAD_ROWS.strip().splitlines()]
    good = '{"code": "7P8C369C+48F"}'
    sent = [good, *(row for row, _, _ in table), good]
    body = "\n".join(sent) if as_lines else f"[{','.join(sent)}]"
    media = LINES if as_lines else "application/json"
    response = closed.post("/v1/batch/resolve", data=body.encode(), content_type=media)
    assert (response.status_code, response.mimetype) == (200, media)
    rows = [json.loads(line) for line in response.text.splitlines()] if as_lines else response.json
    assert [row["status"] for row in rows] == ["ok", *["error"] * len(table), "ok"]
    assert rows[0] == rows[-1]
    assert rows[0]["problem"] is None
    for row, (given, field, words) in zip(rows[1:-1], table, strict=True):
        assert (row["problem"]["field"], row["problem"]["status"]) == (field, 400), given
        assert words in row["problem"]["detail"], given
        assert {value for name, value in row.items() if name not in ("status", "problem")} == {None}


NAMED_TWICE = r"""
{"code": "50206", "code": "50207"}       | yes
{"code": "5020600000", "code": ""}       | yes
{"code": "502\"06", "code": "50206"}     | yes
{"code": 1, "code": 2}                   | yes
{"code": "50206", "co\u0064e": "50206"}  | yes
{"code": "\"code\": 1"}                  | no
{"code": "code"}                         | no
{"code": "mã"}                           | no
"""


def test_a_name_twice_is_found_among_plain_rows(closed: FlaskClient) -> None:
    for line in NAMED_TWICE.strip().splitlines():
        row, twice = (cell.strip() for cell in line.split("|"))
        body = f'[{{"code": "7P8C369C+48F"}}, {row}]'.encode()
        answers = closed.post("/v1/batch/resolve", data=body, content_type="application/json").json
        assert answers[0]["status"] == "ok"
        assert ("more than once" in answers[1]["problem"]["detail"]) == (twice == "yes"), row


def test_lines_that_are_no_json(closed: FlaskClient) -> None:
    body = b'\xef\xbb\xbf{"code": "7P8C369C+48F"}\r\n\r\n{"code": \n{"code": "50206369C48F"}, {"code": "x"}\n'
    response = closed.post("/v1/batch/resolve", data=body, content_type="application/x-ndjson")
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert [row["status"] for row in rows] == ["ok", "error", "error"]
    assert all("not JSON" in row["problem"]["detail"] for row in rows[1:])


@pytest.mark.parametrize(
    ("header", "language", "words"),
    [
        ("vi", "vi", "không phải văn bản"),
        ("en", "en", "not a text"),
        ("vi;q=0.4, en-GB;q=0.9", "en", "not a text"),
    ],
)
def test_sentences_are_in_the_callers_language(
    closed: FlaskClient, header: str, language: str, words: str
) -> None:
    sent = [{"code": 7}, {"code": "!"}]
    response = closed.post("/v1/batch/resolve", json=sent, headers={"Accept-Language": header})
    assert words in response.json[0]["problem"]["detail"]
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


def test_limits(closed: FlaskClient) -> None:
    rows = [{"code": "7P8C369C+48F"}] * MOST_ROWS
    assert len(ask(closed, "resolve", rows)) == MOST_ROWS
    refused = closed.post("/v1/batch/resolve", json=[*rows, rows[0]])
    assert (refused.status_code, refused.json["field"]) == (400, "body")
    assert ask(closed, "resolve", []) == []
    enormous = closed.post("/v1/batch/resolve", data=b" " * (8 * 1024 * 1024 + 1), content_type="application/json")
    assert enormous.status_code == 413


WHOLE = """
resolve           | {"code": "50206"}  | application/json | 400 | body
resolve           | [                  | application/json | 400 | body
resolve           | []                 | text/csv         | 415 |
resolve?as_of=now | []                 | application/json | 400 | as_of
resolve?limit=1   | []                 | application/json | 400 | limit
convert?to=both   | []                 | application/json | 400 | to
suggest           | []                 | application/json | 404 |
"""


@pytest.mark.parametrize("line", WHOLE.strip().splitlines(), ids=str.strip)
def test_what_is_no_batch(closed: FlaskClient, line: str) -> None:
    verb, body, media, status, field = (cell.strip() for cell in line.split("|"))
    refused = closed.post(f"/v1/batch/{verb}", data=body, content_type=media)
    assert refused.status_code == int(status), refused.text
    assert refused.json["field"] == (field or None)


def test_json_nested_without_end(closed: FlaskClient) -> None:
    for depth in (900, 1_010, 60_000):
        sent = b"[" * depth + b"]" * depth
        response = closed.post("/v1/batch/resolve", data=sent, content_type="application/json")
        assert response.status_code in (200, 400)
        assert "Traceback" not in response.text

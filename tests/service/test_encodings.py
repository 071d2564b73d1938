"""Bodies that are written in another encoding than UTF-8: refused with the byte, and what it may be."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.service.test_requests import check

OTHER_ENCODINGS = {
    "latin-1": "byte 15 is 0xe0, as in Latin-1",
    "cp1258": "byte 15 is 0xe0, as in Latin-1",  # letters that it has in common with Latin-1
    "utf-16": "byte 1 is 0xff, as in UTF-16",
    "utf-16-le": "byte 2 is 0x00, as in UTF-16",
}


@pytest.mark.parametrize("path", ["/v1/validate", "/v1/batch/parse", "/v1/batch/validate"])
@pytest.mark.parametrize("encoding", OTHER_ENCODINGS)
def test_a_body_of_another_encoding(closed: FlaskClient, path: str, encoding: str) -> None:
    """It is no broken JSON: the byte is named, and what the encoding may be."""
    rows = "batch" in path
    text = '{"text": "12 Hàng Bông"}' if not rows else '[{"text":"12 Hàng Bông"}]'
    assert text.encode("latin-1").index(0xE0) == 14
    response = closed.post(path, data=text.encode(encoding), content_type="application/json")
    check(response, "400", "invalid-input", "body", f"not UTF-8: {OTHER_ENCODINGS[encoding]}")
    said = closed.post(
        path, data=text.encode(encoding), content_type="application/json", headers={"Accept-Language": "vi"}
    )
    assert "không phải UTF-8: byte thứ" in said.json["detail"]


def test_lines_of_another_encoding(closed: FlaskClient) -> None:
    """A letter in one line spoils no other; lines of UTF-16 are none, and are refused together."""
    lines = '{"text": "Ba Đình"}\n'.encode() + '{"text": "Hàng Bông"}\n'.encode("latin-1")
    rows = closed.post("/v1/batch/parse", data=lines, content_type="application/jsonl").text.splitlines()
    told = [json.loads(row) for row in rows]
    assert [row["status"] == "error" for row in told] == [False, True]
    assert "not UTF-8: byte 12 is 0xe0, as in Latin-1" in told[1]["problem"]["detail"]
    whole = closed.post(
        "/v1/batch/parse", data=lines.decode("latin-1").encode("utf-16"), content_type="application/jsonl"
    )
    check(whole, "400", "invalid-input", "body", "not UTF-8: byte 1 is 0xff, as in UTF-16")

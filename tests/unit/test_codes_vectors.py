"""The vectors that other languages may follow: geoaddr gives every row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from geoaddr.codes import check_letter, geohash, issuing, ndas, plus_code, recognise, vpostcode
from geoaddr.errors import InvalidInput

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_plus_codes() -> None:
    for row in rows("plus_code.csv"):
        point = float(row["lat_deg"]), float(row["lon_deg"])
        assert plus_code.encode(*point, int(row["digits"])) == row["code"], row
        cell = plus_code.decode(row["code"])
        for side in ("south", "west", "north", "east"):
            assert abs(cell[side] - float(row[f"{side}_deg"])) < 1e-11, row


def test_vpostcodes() -> None:
    for row in rows("vpostcode.csv"):
        code = vpostcode.encode(float(row["lat_deg"]), float(row["lon_deg"]), row["postcode"])
        assert code == row["vpostcode"], row


def test_vpostcodes_in_columns() -> None:
    given = rows("vpostcode.csv")
    lat, lon = ([float(row[name]) for row in given] for name in ("lat_deg", "lon_deg"))
    for postcodes in ([row["postcode"] for row in given], [row["postcode"].encode() for row in given]):
        found = vpostcode.encode_many(lat, lon, postcodes)
        assert found.astype(str).tolist() == [row["vpostcode"] for row in given]


def test_geohashes() -> None:
    for row in rows("geohash.csv"):
        lat, lon, length = float(row["lat_deg"]), float(row["lon_deg"]), int(row["characters"])
        assert geohash.encode(lat, lon, length) == row["geohash"], row
        assert geohash.encode_many([lat], [lon], length).tolist() == [row["geohash"].encode()], row


def test_check_letters() -> None:
    for row in rows("check_letter.csv"):
        assert check_letter.letter(row["ndas"]) == row["letter"], row
        assert ndas.validate(row["ndas"] + row["letter"].lower()) == row["ndas"]


def test_issuing_order() -> None:
    for row in rows("ndas_issuing.csv"):
        order = issuing.Sequence(bytes.fromhex(row["key_hex"]))
        position = int(row["position"])
        assert order.extension(row["area"], position) == row["extension"], row
        assert order.extensions(row["area"], position, 1) == [row["extension"]], row
        assert issuing.layer(row["area"] + row["extension"]) == int(row["layer"]), row


@pytest.mark.parametrize("row", rows("recognise.csv"), ids=lambda row: repr(row["text"]))
def test_recognition(row: dict[str, str]) -> None:
    if row["systems"] == "error":
        with pytest.raises(InvalidInput):
            recognise.forms(row["text"])
        return
    found = recognise.forms(row["text"])
    assert " ".join(form.system for form in found) == row["systems"]
    if found:
        assert found[0].code == row["code"]
    else:
        assert isinstance(recognise.refusal(row["text"]), InvalidInput)

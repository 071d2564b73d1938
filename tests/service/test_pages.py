"""The files of the pages: at their paths, in the forms that a browser takes, and nothing else."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geoaddr.platform import Geoaddr
from service import pages
from service.app import create_app
from service.settings import Settings

FILES = {asset.url: asset.path for asset in pages.assets(pages.DIST)}
HASHED = {url: path for url, path in FILES.items() if url.startswith("/assets/")}
TEXTS = {url: path for url, path in FILES.items() if path.suffix in {".html", ".js", ".mjs", ".css", ".svg"}}


def test_the_map_is_at_the_root_and_brings_its_scripts() -> None:
    assert FILES["/"] == pages.DIST / "index.html"
    assert {path.suffix for path in HASHED.values()} >= {".js", ".mjs", ".css", ".woff2"}


@pytest.mark.parametrize("url", FILES)
def test_every_file_is_served_as_it_is(closed: FlaskClient, url: str) -> None:
    response = closed.get(url)
    assert response.status_code == 200
    assert response.data == FILES[url].read_bytes()
    assert "Content-Encoding" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("url", TEXTS)
def test_texts_have_compressed_forms(closed: FlaskClient, url: str) -> None:
    plain = FILES[url].read_bytes()
    gzipped = closed.get(url, headers={"Accept-Encoding": "gzip"})
    assert gzipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(gzipped.data) == plain
    best = closed.get(url, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert best.headers["Content-Encoding"] == "br"
    assert best.headers["Vary"] == "Accept-Encoding"
    assert len(best.data) <= len(gzipped.data)
    refused = closed.get(url, headers={"Accept-Encoding": "br;q=0, gzip;q=0"})
    assert refused.data == plain


def test_hashed_files_are_kept_for_ever_and_pages_are_asked_for_again(closed: FlaskClient) -> None:
    for url in FILES:
        said = closed.get(url).headers["Cache-Control"]
        assert ("immutable" in said) == (url in HASHED), url
        assert ("no-cache" in said) == (url not in HASHED), url


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_what_a_browser_has_is_not_sent_again(closed: FlaskClient, accepted: str) -> None:
    first = closed.get("/", headers={"Accept-Encoding": accepted})
    again = closed.get("/", headers={"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = closed.get("/", headers={"Accept-Encoding": accepted, "If-None-Match": '"another"'})
    assert other.status_code == 200


def test_the_forms_of_a_file_do_not_share_a_tag(closed: FlaskClient) -> None:
    tags = {
        closed.get("/", headers={"Accept-Encoding": each}).headers["ETag"] for each in ("identity", "gzip", "br")
    }
    assert len(tags) == 3
    identity = closed.get("/", headers={"Accept-Encoding": "identity"})
    assert identity.headers["ETag"].strip('"') == hashlib.sha256(identity.data).hexdigest()[:32]


def test_the_policy_allows_nothing_inline_evaluated_or_foreign(closed: FlaskClient) -> None:
    policy = dict(each.split(" ", 1) for each in closed.get("/").headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    for sources in policy.values():
        assert set(sources.split()) <= {"'none'", "'self'", "data:", "blob:"}


@pytest.mark.parametrize(
    "path",
    [
        "/assets/", "/assets", "/index.html", "/assets/../index.html", "/assets/..%2findex.html", "/..%2fapp.py",
        "/%2e%2e/app.py", "//etc/passwd", "/assets//etc/passwd", "/web/dist/index.html", "/index.html.gz",
        "/package.json", "/src/index.html", "/assets/none.js", "/assets/%00.js",
    ],
)  # fmt: skip
def test_nothing_else_has_a_path(closed: FlaskClient, path: str) -> None:
    assert closed.get(path).status_code == 404


def test_pages_are_only_read(closed: FlaskClient) -> None:
    assert closed.head("/").status_code == 200
    for method in (closed.post, closed.put, closed.delete, closed.patch):
        assert method("/").status_code == 405


def test_a_file_that_comes_later_has_no_path(ga: Geoaddr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    monkeypatch.setattr(pages, "DIST", tmp_path)
    client = create_app(ga, Settings()).test_client()
    (tmp_path / "later.html").write_text("<!doctype html>")
    (tmp_path / "secret.txt").write_text("no")
    assert client.get("/").status_code == 200
    assert client.get("/later").status_code == client.get("/secret.txt").status_code == 404

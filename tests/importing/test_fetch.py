"""Fetching from a real server on loopback."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geoaddr.errors import DataError, InvalidInput
from geoaddr.importing.fetch import fetch
from geoaddr.pack import Pack
from tests.importing.layers import CODES, NAMES, SQUARES, write_parquet

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 95390643\n"


class Server(ThreadingHTTPServer):
    """Answers what the test put under a path."""

    bodies: dict[str, bytes]

    def handle_error(self, *about: object) -> None:
        """A client that hangs up in the middle is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.split("?", 1)[1])
            self.end_headers()
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(50):
                self.wfile.write(b"P")
                time.sleep(0.1)
        elif path in self.server.bodies:
            body = self.server.bodies[path]
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if path.endswith(".html") else "application/octet-stream")
            if path != "/unsized.parquet":
                self.send_header("Content-Length", str(len(body) + (100 if path == "/short.parquet" else 0)))
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(404)

    def log_message(self, *args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def layer(tmp_path: Path) -> bytes:
    return write_parquet(tmp_path / "l.parquet", {"code": CODES, "name": NAMES}, SQUARES).read_bytes()


@pytest.fixture
def site(layer: bytes) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    server.bodies = {
        "/x%C3%A3.parquet": layer, "/xa.parquet": layer, "/unsized.parquet": layer, "/short.parquet": layer,
        "/lfs.parquet": LFS, "/page.html": b"<p>log in</p>", "/page": b"\n<!DOCTYPE HTML><p>log in", "/empty": b"",
        "/text": b"hello",
    }  # fmt: skip
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_layer_becomes_a_pack(site: str, layer: bytes, base: Pack, out: Path) -> None:
    right = hashlib.sha256(layer).hexdigest()
    report = fetch(f"{site}/xa.parquet", out, base=base, sha256=right.upper())
    assert (report.communes, report.sha256, report.source) == (4, right, "xa.parquet")
    pack = Pack.open(out)
    assert pack.meta["boundaries"]["url"] == f"{site}/xa.parquet"


@pytest.mark.parametrize("path", ["/xã.parquet", "/unsized.parquet", "/to/?/xa.parquet", "/to/?/to/?/xa.parquet"])
def test_redirects_and_answers_without_a_length(site: str, base: Pack, out: Path, path: str) -> None:
    assert fetch(site + path, out, base=base).communes == 4


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/lfs.parquet", "a Git LFS pointer, not the data"),
        ("/page.html", "a web page, not data"),
        ("/page", "a web page, not data"),
        ("/empty", "the file is empty"),
        ("/nowhere", "the server answers 404"),
        ("/short.parquet", r"cut short: [\d,]+ of [\d,]+ bytes came"),
        ("/text", "not a format read here"),
        ("/to/?file:///etc/passwd", "not allowed|redirects to a file address"),
        ("/to/?ftp://127.0.0.1/x", "redirects to a ftp address"),
    ],
)
def test_refusals_name_the_address_and_leave_nothing(
    site: str, base: Pack, out: Path, path: str, reason: str
) -> None:
    with pytest.raises(DataError, match=reason) as refused:
        fetch(site + path, out, base=base)
    assert str(refused.value).startswith(site + path + ": ")
    assert "\n" not in str(refused.value)
    assert not out.parent.exists()


def test_a_wrong_sum(site: str, layer: bytes, base: Pack, out: Path) -> None:
    with pytest.raises(DataError, match=hashlib.sha256(layer).hexdigest()):
        fetch(f"{site}/xa.parquet", out, base=base, sha256="0" * 64)
    assert not out.exists()


def test_too_large(site: str, layer: bytes, base: Pack, out: Path) -> None:
    for path in ("/xa.parquet", "/unsized.parquet"):
        with pytest.raises(DataError, match="larger than"):
            fetch(site + path, out, base=base, max_bytes=len(layer) - 1)


def test_too_slow(site: str, base: Pack, out: Path) -> None:
    began = time.monotonic()
    with pytest.raises(DataError, match="took too long"):
        fetch(f"{site}/slow", out, base=base, timeout_s=0.4)
    assert time.monotonic() - began < 3


def test_nobody_there(base: Pack, out: Path) -> None:
    with pytest.raises(DataError, match="cannot be reached"):
        fetch("http://127.0.0.1:1/x.parquet", out, base=base)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "/etc/passwd", "http://", "http://a b/", "data:,x", "http://[x"],
)
def test_other_kinds_of_address(base: Pack, out: Path, url: str) -> None:
    with pytest.raises(InvalidInput, match="not an http or https address"):
        fetch(url, out, base=base)


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "0" * 63])
def test_a_sum_that_is_none(base: Pack, out: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="64 hexadecimal digits"):
        fetch("http://127.0.0.1:1/", out, base=base, sha256=text)


def test_a_pack_that_exists_is_not_downloaded_for(site: str, base: Pack, out: Path) -> None:
    out.parent.mkdir()
    out.write_bytes(b"mine")
    with pytest.raises(DataError, match="exists already"):
        fetch(f"{site}/nowhere", out, base=base)
    assert out.read_bytes() == b"mine"

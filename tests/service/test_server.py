"""The real server: a process of its own, asked over real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from geoaddr.errors import GeoaddrError
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.server import serve
from tests.service.households import household

SERVE = [
    sys.executable,
    "-c",
    "import sys; from geoaddr.cli.main import main; sys.argv[0] = 'geoaddr'; main()",
    "serve",
]
STOPS_WITHIN_S = 15


class Service:
    """A running service and its address."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*SERVE, "--port", "0", *arguments],
            cwd=folder, env={**os.environ, "LC_ALL": "C"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        assert self.line, self.process.communicate()[1]
        self.host, port = self.line.split()[3].removeprefix("http://").rsplit(":", 1)
        self.port = int(port)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        connection = HTTPConnection(self.host, self.port, timeout=20)
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, data, {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        answer = json.loads(response.read() or b"null")
        connection.close()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, answer

    def raw(self, request: bytes) -> bytes:
        """What the server sends back to these bytes, until it closes the connection."""
        answer = b""
        with socket.create_connection((self.host, self.port), timeout=20) as connection:
            try:
                connection.sendall(request)
                while part := connection.recv(65536):
                    answer += part
            except ConnectionError:  # it had seen enough, and did not read the rest
                pass
        return answer

    def stop(self, how: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code and standard error."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        errors = self.process.communicate(timeout=STOPS_WITHIN_S)[1]
        return self.process.returncode, errors


def logged(errors: str) -> list[dict[str, Any]]:
    """The lines that a service wrote to standard error: JSON, all of them."""
    return [json.loads(line) for line in errors.splitlines()]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('registry')}/registry.db"


@pytest.fixture(scope="module")
def opened(pack: Path, registry: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An open service of two workers, started in an empty folder."""
    empty = tmp_path_factory.mktemp("empty")
    service = Service(empty, "--workers", "2", "--open", "--pack", str(pack), "--store", registry)
    yield service
    code, errors = service.stop()
    assert code == 0
    assert [line for line in logged(errors) if line["level"] in ("warning", "error")] == []
    assert list(empty.iterdir()) == []


def test_it_says_where_it_listens(opened: Service) -> None:
    assert opened.line == (
        f"geoaddr listens on http://127.0.0.1:{opened.port} (workers: 2; open: every right without a key)\n"
    )


def test_it_answers(opened: Service) -> None:
    status, headers, answer = opened.ask("GET", "/v1/locate?lat=16.0678&lon=108.2208")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert (answer["commune"]["code"], answer["boundary_accuracy"]) == ("20242", "exact")
    assert opened.ask("GET", "/readyz")[2]["status"] == "ready"


def test_the_first_text_waits_for_no_dictionary(pack: Path, tmp_path: Path) -> None:
    """What all texts need is made before the service says that it listens, and is ready."""
    service = Service(tmp_path, "--pack", str(pack))
    try:
        assert service.ask("GET", "/readyz")[2]["status"] == "ready"
        waited = []
        for house in range(3):
            began = time.perf_counter()
            status, _, answer = service.ask(
                "GET", f"/v1/parse?q={quote(f'{house} Tran Phu, P.Phuoc Ninh, Da Nang')}"
            )
            waited.append(time.perf_counter() - began)
            assert (status, answer["commune"]["name"]) == (200, "Phước Ninh")
        assert waited[0] < 0.3 + 2 * min(waited)  # a dictionary takes longer to make, on any machine
        assert service.ask("GET", "/v1/parse?q=Da%20Nang&explain=true")[2]["explanation"]["folded"] == "da nang"
    finally:
        service.stop()


def test_a_plus_stays_a_plus(opened: Service) -> None:
    """In a path ``+`` is a plus sign, and so is ``%2B``."""
    for spelling in ("7P8C369C+48F", "7P8C369C%2B48F"):
        assert opened.ask("GET", f"/v1/codes/{spelling}")[2]["input"] == "7P8C369C+48F"


def test_vietnamese_letters_survive(opened: Service) -> None:
    body = household(components={"house_number": "1", "street": "Nguyễn Thị Định", "commune": "Phường Hải Châu"})
    status, headers, answer = opened.ask("POST", "/v1/addresses", body)
    assert status == 201
    assert answer["address"]["components"]["street"] == "Nguyễn Thị Định"
    assert opened.ask("GET", headers["location"])[2] == answer["address"]


def test_concurrent_requests_over_two_processes(opened: Service, registry: str) -> None:
    """Every household gets a code of its own, a repeated one the same, and the registry holds them all."""

    def one(number: int) -> tuple[int, str]:
        status = 503
        while status == 503:  # busy with the bodies of others: asked again under the same key
            status, _, answer = opened.ask(
                "POST", "/v1/addresses", household(100 + number), Idempotency_Key=f"{number}"
            )
        return status, answer["ndas"]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, [*range(60), *range(60)]))
    codes = [code for _, code in answers]
    assert {status for status, _ in answers} == {201}
    assert codes[:60] == codes[60:]
    assert len(set(codes)) == 60
    store = Registry(open_store(registry))
    assert store.issued(codes) == set(codes)
    assert store.verify() == []


def test_bodies_of_no_stated_length(opened: Service) -> None:
    """A chunked body is read whole, and one over the limit is refused, not cut."""

    def send(body: bytes) -> bytes:
        head = b"POST /v1/addresses HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        return opened.raw(
            head
            + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        )

    whole = json.dumps(household(7)).encode()
    assert send(whole).startswith(b"HTTP/1.1 201")
    assert b"413" in send(whole[:-1] + b" " * 70_000 + b"}").split(b"\r\n", 1)[0]


def test_texts_as_clients_send_them(opened: Service) -> None:
    line = "12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng"
    status, headers, parsed = opened.ask("GET", f"/v1/parse?q={quote(line)}")
    assert (status, headers["content-type"], parsed["input"]) == (200, "application/json", line)
    assert parsed["commune"]["code"] == "20242"
    assert opened.ask("GET", f"/v1/parse?{urlencode({'q': line})}")[2] == parsed
    assert opened.ask("GET", f"/v1/convert?q={quote(line)}&to=new")[2]["address"] == line
    status, _, judged = opened.ask("POST", "/v1/validate", {"text": line})
    assert (status, judged["normalised"]["new"]) == (200, line)


def test_a_text_at_its_limit(opened: Service) -> None:
    text = quote(("12 Trần Phú, Phường Hải Châu, Đà Nẵng; " * 120)[:4096])
    began = time.monotonic()
    assert opened.ask("GET", f"/v1/convert?q={text}")[0] == 200
    assert time.monotonic() - began < 5
    status, _, problem = opened.ask("GET", f"/v1/convert?q={text}x", Accept_Language="vi")
    assert (status, problem["field"]) == (400, "q")
    assert "dài hơn 4096 ký tự" in problem["detail"]


def test_enormous_requests(opened: Service) -> None:
    assert opened.ask("GET", "/v1/codes/" + "9" * 17_000)[0] == 414
    assert not opened.raw(b"GET /" + b"9" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 2")
    assert opened.ask("POST", "/v1/addresses", household(reason="x" * 70_000))[0] == 413
    assert opened.ask("GET", "/healthz")[0] == 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1/locate?lat=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01",
    ],
)
def test_what_is_no_http(opened: Service, request_line: bytes) -> None:
    assert not opened.raw(request_line).startswith(b"HTTP/1.1 2")
    assert opened.ask("GET", "/healthz")[0] == 200


def test_closed_by_default_and_what_was_begun_is_finished(pack: Path, tmp_path: Path) -> None:
    """A stop waits for the answers that are on their way, then ends within seconds."""
    service = Service(tmp_path, "--pack", str(pack), "--store", "memory:")
    assert "open" not in service.line
    assert service.ask("POST", "/v1/addresses", household())[0] == 401
    assert service.ask("GET", "/v1/codes/50206369C48F")[0] == 200
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(service.ask, "GET", "/v1/units/48/boundary")
        time.sleep(0.3)
        assert service.stop(signal.SIGINT)[0] == 0
        assert slow.result()[0] == 200


def test_no_worker_outlives_a_killed_parent(pack: Path, tmp_path: Path) -> None:
    service = Service(tmp_path, "--workers", "2", "--pack", str(pack), "--store", "memory:")
    service.stop(signal.SIGKILL)
    until = time.monotonic() + STOPS_WITHIN_S
    while not _refused(service) and time.monotonic() < until:
        time.sleep(0.05)
    assert _refused(service)


def _refused(service: Service) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((service.host, service.port)) != 0


REFUSALS = """
{"port": TAKEN}                           | 127.0.0.1:TAKEN is in use by another program
{"port": 70000}                           | port '70000': not 0 to 65535
{"workers": 0}                            | workers '0': not 1 to 256
{"host": "nowhere.invalid"}               | host 'nowhere.invalid': no such host
{"host": "203.0.113.1"}                   | cannot listen on 203.0.113.1
{"host": "0.0.0.0", "open_": true}        | host '0.0.0.0': --open gives everybody every right
{"host": "::", "open_": true}             | host '::': --open gives everybody every right
{"pack": "FOLDER/none.gapack"}            | none.gapack: no such pack
{"pack": "FOLDER/text.gapack"}            | text.gapack: not a geoaddr pack
{"store": "mysql://x"}                    | store 'mysql://x': not a registry's URL
{"store": "sqlite:///FOLDER/text.gapack"} | text.gapack
"""


@pytest.mark.parametrize("line", REFUSALS.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_refused_before_any_worker_starts(opened: Service, pack: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "text.gapack").write_text("not a pack, and not a registry " * 40)
    given, words = line.replace("TAKEN", str(opened.port)).replace("FOLDER", str(tmp_path)).split("|")
    with pytest.raises(GeoaddrError) as refused:
        serve(**{"port": 0, "pack": str(pack), "store": "memory:", **json.loads(given)})
    assert words.strip() in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refusal_is_one_line_and_exit_code_2(opened: Service, tmp_path: Path) -> None:
    command = [*SERVE, "--port", str(opened.port), "--lang", "vi"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"geoaddr: 127.0.0.1:{opened.port} đang được chương trình khác dùng; hãy chọn --port khác\n"
    )


def test_a_registry_that_breaks_while_it_is_served(pack: Path, tmp_path: Path) -> None:
    """The caller learns that it failed, the operator why."""
    broken = tmp_path / "later.db"
    service = Service(tmp_path, "--open", "--pack", str(pack), "--store", f"sqlite:///{broken}")
    try:
        broken.write_text("this is no registry " * 100)
        status, _, problem = service.ask("POST", "/v1/addresses", household())
        assert status in (500, 503)
        assert problem["type"] == "about:blank"
        assert "later.db" not in json.dumps(problem)
        assert service.ask("GET", "/readyz")[0] in (500, 503)
        assert service.ask("GET", "/healthz")[0] == 200
    finally:
        code, errors = service.stop()
    assert code == 0
    assert "later.db" in errors


def test_the_request_library_of_python_reads_a_problem(opened: Service) -> None:
    url = f"http://{opened.host}:{opened.port}/v1/locate?lat=108.2&lon=16"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Language": "vi"}))
    assert refused.value.headers["Content-Type"] == "application/problem+json"
    assert "bị đổi chỗ" in json.load(refused.value)["detail"]


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout.strip()


@pytest.mark.parametrize("library", ["flask", "granian", "orjson", "pydantic"])
def test_without_its_extra_it_says_which(library: str) -> None:
    """``None`` among the modules is how Python marks one that cannot be imported."""
    said = _python(
        f"import sys; sys.modules[{library!r}] = None\n"
        "from geoaddr.errors import MissingExtra\n"
        "from service.server import serve\n"
        "try: serve()\n"
        "except MissingExtra as error: print(error)"
    )
    assert said == "geoaddr serve needs an optional part: pip install 'geoaddr[service]'"


def test_importing_the_server_loads_none_of_its_libraries() -> None:
    libraries = "{'flask', 'granian', 'orjson', 'pydantic', 'numpy', 'shapely', 'pyarrow'}"
    assert _python(f"import sys, service.server; print({libraries} & set(sys.modules))") == "set()"

"""Bodies that come slowly, and who has to wait for them. Other hostile requests are in ``test_hostile.py``."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from service.bodies import PRESSED_S, SMALL_BYTES, Bodies, Body
from service.connections import CERTAIN_AFTER_S, cut
from service.standing import MOST_CLIENTS, MOST_S, SLOW_S, Standing
from service.tally import BodiesWaited
from tests.service.households import household
from tests.service.running_services import RunningService
from tests.service.test_server import Service

ALLOWED_S = 1.0
"""What a body has in these tests, beyond its length."""

SOON_S = 3.0
"""Within this others are answered, and what is late is cut off, on a busy machine."""

WRITTEN = (201, 200)
"""A code, and the same once more."""

ONE, OTHER, THIRD = "127.0.0.1", "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def service(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("bodies")
    config = folder / "geoaddr.toml"
    config.write_text(f"body_s = {ALLOWED_S}\njobs = '{folder}'\n")
    running = Service(folder, "--open", "--config", str(config), "--pack", str(pack), "--store", "sqlite:///a.db")
    yield running
    code, errors = running.stop()
    assert (code, "Traceback" in errors) == (0, False)


def head(path: str, *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def opened(service: Service | RunningService, source: str, sending: bytes) -> socket.socket:
    connection = socket.create_connection((service.host, service.port), 20, (source, 0))
    connection.sendall(sending)
    return connection


def answer(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    """The status and the problem that come back, and that the connection is closed behind them."""
    got = b""
    while part := connection.recv(65536):
        got += part
    return int(got.split()[1]), json.loads(got.partition(b"\r\n\r\n")[2])


def write(service: Service, source: str, number: int) -> int:
    connection = HTTPConnection(service.host, service.port, timeout=20, source_address=(source, 0))
    with contextlib.closing(connection):
        connection.request(
            "POST", "/v1/addresses", json.dumps(household(number)), {"Content-Type": "application/json"}
        )
        return connection.getresponse().status


SLOW = {
    "short": head("/v1/validate", "Content-Length: 400") + b'{"text": "',
    "nothing yet": head("/v1/validate", "Content-Length: 400"),
    "a batch": head("/v1/batch/parse", "Content-Length: 8000000") + b'[{"text": "',
    "chunked": head("/v1/validate", "Transfer-Encoding: chunked") + b'ff\r\n{"text": "',
}


@pytest.mark.parametrize("sending", SLOW.values(), ids=list(SLOW))
def test_slow_bodies_of_one_client_leave_places_for_others(service: Service, sending: bytes) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(opened(service, ONE, sending))
        for number in range(5):
            began = time.monotonic()
            assert write(service, OTHER, number) in WRITTEN
            assert time.monotonic() - began < SOON_S
    began = time.monotonic()  # they went away: their places are there for whoever comes
    while write(service, ONE, 6) not in WRITTEN:
        assert time.monotonic() - began < SOON_S
        time.sleep(0.05)


@pytest.mark.parametrize("sending", [SLOW["short"], SLOW["chunked"]], ids=["short", "chunked"])
@pytest.mark.parametrize("drips", [False, True])
def test_what_comes_too_slowly_is_cut_off(service: Service, sending: bytes, drips: bool) -> None:
    """Whether it drips or stands still; its place is given back though the client stays."""
    began = time.monotonic()
    ended = threading.Event()
    with opened(service, ONE, sending) as connection:

        def drip() -> None:
            while not ended.wait(0.1):
                with contextlib.suppress(OSError):
                    connection.sendall(b"x")

        dripping = threading.Thread(target=drip)
        if drips:
            dripping.start()
        status, problem = answer(connection)
        took_s = time.monotonic() - began
        ended.set()
        if drips:
            dripping.join()
    assert (status, problem["type"]) == (408, "urn:geoaddr:problem:too-slow")
    longest_s = SMALL_BYTES / (16 * 1024) if sending == SLOW["chunked"] else 0.1
    assert ALLOWED_S < took_s < ALLOWED_S + longest_s + SOON_S


def test_who_is_idle_or_comes_from_elsewhere_is_not_cut_off(service: Service) -> None:
    """Kept connections stay, of the same client too."""
    question = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with contextlib.ExitStack() as stack:
        kept = [stack.enter_context(opened(service, source, question)) for source in (ONE, ONE, OTHER)]
        for connection in kept:
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        slow = stack.enter_context(opened(service, ONE, SLOW["short"]))
        assert answer(slow)[0] == 408
        for connection in kept:
            connection.sendall(question)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_body_that_comes_fast_enough_is_waited_for(service: Service) -> None:
    """For longer than its seconds, since it is long."""
    rows = json.dumps([{"text": "Đà Nẵng"}] * 3000).encode()
    with opened(
        service, ONE, head("/v1/batch/parse", f"Content-Length: {len(rows)}", "Connection: close")
    ) as sent:
        began = time.monotonic()
        for at in range(0, len(rows), 16 * 1024):
            sent.sendall(rows[at : at + 16 * 1024])
            time.sleep(0.3)
        assert time.monotonic() - began > 2 * ALLOWED_S
        assert sent.recv(100).startswith(b"HTTP/1.1 200")


CHUNKS = [
    # to what path, as what, what comes behind a whole chunk
    ("/v1/batch/assign", "application/json", b'ff\r\n{"te'),
    ("/v1/batch/assign", "application/jsonl", b""),
    ("/v1/batch/assign", "application/jsonl", b'ff\r\n{"te'),
    ("/v1/batch/assign", "application/jsonl", b"zz\r\n"),
    ("/v1/jobs?verb=parse", "text/csv", b""),
    ("/v1/jobs?verb=parse", "multipart/form-data; boundary=B", b""),
    ("/v1/addresses", "application/json", b'ff\r\n{"te'),
]


@pytest.mark.parametrize("breaks_by", ["end", "abort"])
@pytest.mark.parametrize(("path", "media", "behind"), CHUNKS)
def test_chunks_that_break_off(service: Service, path: str, media: str, behind: bytes, breaks_by: str) -> None:
    """None of what came is worked on, where nothing in it tells that the rest is missing either."""
    row = json.dumps({"text": "91 Bạch Đằng", "lat": 16.07, "lon": 108.22}).encode()
    first = {
        "application/json": json.dumps(household(91)).encode()[:-1]
        if path == "/v1/addresses"
        else b"[" + row + b",",
        "application/jsonl": row + b"\n",
        "text/csv": b"text\n1 Le Loi\n",
    }.get(media, b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntext\n1 Le Loi\n')
    sending = head(path, "Transfer-Encoding: chunked", "Connection: close")
    sending = sending.replace(b"Content-Type: application/json", b"Content-Type: " + media.encode())
    sending += b"%x\r\n%s\r\n" % (len(first), first) + behind
    before = _issued(service)
    with opened(service, ONE, sending) as connection:
        if breaks_by == "abort":
            time.sleep(0.2)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_WR)
            assert answer(connection)[0] == 400
    time.sleep(0.5)
    assert _issued(service) == before
    assert not service.ask("GET", "/v1/jobs")[2].get("jobs")


def _issued(service: Service) -> int:
    return len(service.ask("GET", "/v1/changes")[2]["changes"])


@pytest.mark.parametrize("path", ["/v1/validate", "/v1/batch/parse", "/v1/jobs"])
def test_a_body_that_breaks_off_is_refused(service: Service, path: str) -> None:
    """Half of a file is no file, and half of the rows are not what was meant."""
    media = {"/v1/batch/parse": "application/jsonl", "/v1/jobs": "text/csv"}.get(path, "application/json")
    body = b'{"text": "\xc4\x90\xc3\xa0 N\xe1\xba\xb5ng"}\n'
    sending = head(
        f"{path}{'?verb=parse' if path == '/v1/jobs' else ''}", "Content-Length: 900", "Connection: close"
    )
    with opened(service, ONE, sending.replace(b"application/json", media.encode()) + body) as connection:
        connection.shutdown(socket.SHUT_WR)
        status, problem = answer(connection)
    assert (status, problem["field"]) == (400, "body")
    assert "Content-Length" in problem["detail"]


def test_clients_cannot_keep_all_places_again_and_again(pack: Path, tmp_path: Path) -> None:
    """Two who begin a slow body as soon as another is cut off, against who sends whole ones, all without a key.
    Once they have kept places for some seconds, none of those is refused any more."""
    config = tmp_path / "geoaddr.toml"
    config.write_text(f"body_s = {ALLOWED_S}\nlimits = 'none'\n")
    ended, told = threading.Event(), []
    with RunningService(
        tmp_path, "--config", str(config), "--pack", str(pack), "--store", "sqlite:///a.db"
    ) as service:

        def keep(source: str) -> None:
            while not ended.is_set():
                with contextlib.suppress(OSError), opened(service, source, SLOW["short"]) as connection:
                    answer(connection)

        keepers = [threading.Thread(target=keep, args=(source,)) for source in 3 * (ONE, OTHER)]
        for keeper in keepers:
            keeper.start()
        time.sleep(2 * (PRESSED_S + SOON_S))
        for _ in range(40):
            told.append(validate(service, THIRD))
            time.sleep(0.1)
        ended.set()
        for keeper in keepers:
            keeper.join()
    assert told == [200] * 40


def validate(service: RunningService, source: str) -> int:
    connection = HTTPConnection(service.host, service.port, timeout=20, source_address=(source, 0))
    with contextlib.closing(connection):
        connection.request("POST", "/v1/validate", b'{"text": "Hue"}', {"Content-Type": "application/json"})
        return connection.getresponse().status


def test_who_kept_places_for_long_leaves_the_last_one() -> None:
    """Until it is forgiven, and but for where there is only one."""
    bodies = Bodies(4, 30.0, lambda remote, _: remote.encode())
    bodies._standing.charge(ONE.encode(), SLOW_S + 1, time.monotonic())
    with place(bodies, OTHER, SHORT), place(bodies, ONE, SHORT):
        with pytest.raises(BodiesWaited), place(bodies, ONE, SHORT):
            pass
        with place(bodies, THIRD, SHORT):
            pass
    with contextlib.ExitStack() as stack:
        stack.enter_context(place(bodies, OTHER, LONG))
        stack.enter_context(pytest.raises(BodiesWaited))
        stack.enter_context(place(bodies, ONE, LONG))
    only = Bodies(1, 30.0, lambda remote, _: remote.encode())
    only._standing.charge(ONE.encode(), SLOW_S + 1, time.monotonic())
    with place(only, ONE, SHORT):
        pass


def test_what_was_kept_is_forgiven_and_little_is_remembered() -> None:
    standing = Standing()
    standing.charge(b"slow", 100, 0)
    standing.charge(b"quick", -1, 0)
    assert [standing.of(b"slow", at) for at in (0, 20, 600)] == [MOST_S, MOST_S - 1, 0]
    assert standing.of(b"quick", 0) == 0
    for number in range(2 * MOST_CLIENTS):
        standing.charge(b"%d" % number, 1, 1)
    assert standing.of(b"slow", 1) > 1
    assert len(standing._kept) <= MOST_CLIENTS


def place(bodies: Bodies, source: str, length: int | None) -> contextlib.AbstractContextManager[Body]:
    return bodies.place({"REMOTE_ADDR": source}, length)


SHORT, LONG = 100, SMALL_BYTES + 1

PLACES = [
    # threads, who waits already, who comes, whether there is a place
    (4, [], (ONE, SHORT), True),
    (4, [(ONE, SHORT)], (ONE, SHORT), True),
    (4, [(ONE, SHORT)] * 2, (ONE, SHORT), False),  # never all of one client
    (4, [(ONE, SHORT)] * 2, (OTHER, SHORT), True),
    (4, [(ONE, LONG), (OTHER, LONG)], (THIRD, LONG), False),  # never all of them long
    (4, [(ONE, LONG), (OTHER, LONG)], (THIRD, None), False),  # what does not say how long it is may be long
    (4, [(ONE, LONG), (OTHER, LONG)], (THIRD, SHORT), True),
    (4, [(ONE, SHORT)] * 2 + [(OTHER, SHORT)], (THIRD, SHORT), False),  # a thread is left for questions
    (16, [(ONE, LONG)] * 7, (OTHER, LONG), True),
    (2, [], (ONE, LONG), True),
    (1, [], (ONE, LONG), True),
    (1, [(ONE, SHORT)], (OTHER, SHORT), False),
]


@pytest.mark.parametrize(("threads", "waiting", "comes", "found"), PLACES)
def test_places(threads: int, waiting: list[Any], comes: Any, found: bool) -> None:
    bodies = Bodies(threads, 10, lambda remote, _: remote.encode())
    with contextlib.ExitStack() as stack:
        for source, length in waiting:
            stack.enter_context(place(bodies, source, length))
        with contextlib.nullcontext() if found else pytest.raises(BodiesWaited), place(bodies, *comes):
            pass
    with place(bodies, *comes):  # all are given back
        pass


def test_a_body_has_less_time_while_others_wait() -> None:
    """But not while others wait who have places themselves."""
    bodies = Bodies(4, 30.0, lambda remote, _: remote.encode())
    with place(bodies, ONE, SHORT), place(bodies, ONE, SHORT), contextlib.ExitStack() as stack:
        time.sleep(PRESSED_S + 0.1)
        with pytest.raises(BodiesWaited), place(bodies, ONE, SHORT):
            pass
        assert bodies.late() == []
        stack.enter_context(place(bodies, OTHER, SHORT))
        with pytest.raises(BodiesWaited), place(bodies, THIRD, SHORT):
            pass
        assert [body.remote for body, _ in bodies.late()] == [ONE, ONE]


def test_who_hides_a_body_behind_another_answer_is_cut_off_later() -> None:
    """On a connection whose last word was ours, nothing tells a body that stands still from silence."""
    with socket.create_server((ONE, 0)) as server, socket.create_connection(server.getsockname()) as client:
        ours, _ = server.accept()
        port = server.getsockname()[1]
        with ours:
            client.sendall(b"a question, and half a body")
            ours.recv(100)
            time.sleep(0.05)
            ours.sendall(b"an answer")
            client.recv(100)
            body = Body(ONE)
            time.sleep(0.3)
            cut([(body, CERTAIN_AFTER_S - 1)], time.monotonic(), port)
            assert not body.cut
            ours.setblocking(False)
            with pytest.raises(BlockingIOError):
                ours.recv(1)
            cut([(body, CERTAIN_AFTER_S + 1)], time.monotonic(), port)
            assert body.cut
            assert ours.recv(1) == b""


def test_looking_for_connections_takes_and_closes_no_descriptor(tmp_path: Path) -> None:
    """Files, pipes and sockets of all kinds among which they are looked for, as often as one likes."""
    with contextlib.ExitStack() as held:
        held.enter_context((tmp_path / "file").open("w"))
        pair = socket.socketpair()
        listener = held.enter_context(socket.create_server((ONE, 0)))
        ends = [*pair, *(os.fdopen(end) for end in os.pipe())]
        for each in ends:
            held.enter_context(each)
        before = _descriptors()
        for _ in range(10):
            cut([(Body(ONE), 1.0)], time.monotonic(), listener.getsockname()[1])
        assert _descriptors() == before
        pair[0].sendall(b"still open")
        assert pair[1].recv(100) == b"still open"


def _descriptors() -> list[str]:
    return sorted(entry.name for entry in Path("/proc/self/fd").iterdir())

"""``/metrics``: the figures of all workers in Prometheus' text format, from whichever worker is asked.

Who may read them: whoever brings the setting ``metrics_token`` as a bearer token; on an open service everybody.
Without a token set there is nothing at this path.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, Response

from geoaddr import __version__
from service.board import BOUNDS_S, Board, Gauge, Word
from service.settings import Settings
from service.watching import OPERATION, WATCH, Watch

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

TEXT = "text/plain; version=0.0.4; charset=utf-8"

Labels = dict[str, str]
Sample = tuple[str, Labels, float]

_STORE = {"most": Gauge.STORE_MOST, "in_use": Gauge.STORE_IN_USE, "idle": Gauge.STORE_IDLE}


def install(app: Flask, ga: Geoaddr, settings: Settings) -> None:
    """Answer ``/metrics`` to who may read them; for all others there is nothing at this path.

    It stands before keys and their limits: whoever collects figures needs no key, and no key reads figures.
    """
    inner = app.wsgi_app
    token = (settings.metrics_token or "").encode()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics" or not (settings.open or _brings(environ, token)):
            return inner(environ, start_response)
        environ[OPERATION] = "metrics"
        body = "\n".join([*_lines(app.extensions[WATCH], ga), ""])
        return Response(body, content_type=TEXT)(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _brings(environ: dict[str, Any], token: bytes) -> bool:
    kind, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token != b"" and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token)


def _lines(watch: Watch, ga: Geoaddr) -> Iterator[str]:
    yield from _family("geoaddr_requests_total", "counter", "Answers, by operation and status.", _requests(watch))
    yield from _family(
        "geoaddr_request_duration_seconds", "histogram", "From the request's arrival in Python to its answer.",
        _durations(watch),
    )  # fmt: skip
    yield from _family("geoaddr_refusals_total", "counter", "Problem documents, by the end of their type.",
                       _refusals(watch))  # fmt: skip
    yield from _service(watch.board)
    yield from _versions(ga)


def _requests(watch: Watch) -> Iterator[Sample]:
    rows = watch.board.rows()
    for number, operation in enumerate(watch.operations.names):
        for place, status in enumerate(watch.statuses.names):
            if count := sum(row.answers(number, place) for row in rows):
                yield "", {"operation": operation, "status": status}, count


def _durations(watch: Watch) -> Iterator[Sample]:
    rows = watch.board.rows()
    bounds = [f"{bound:g}" for bound in BOUNDS_S] + ["+Inf"]
    for number, operation in enumerate(watch.operations.names):
        *buckets, sum_ns = map(sum, zip(*(row.durations(number) for row in rows), strict=True))
        if not any(buckets):
            continue
        so_far = 0
        for bound, count in zip(bounds, buckets, strict=True):
            so_far += count
            yield "_bucket", {"operation": operation, "le": bound}, so_far
        yield "_sum", {"operation": operation}, sum_ns / 1e9
        yield "_count", {"operation": operation}, so_far


def _refusals(watch: Watch) -> Iterator[Sample]:
    rows = watch.board.rows()
    for number, reason in enumerate(watch.reasons.names):
        if count := sum(row.refusals(number) for row in rows):
            yield "", {"reason": reason}, count


def _service(board: Board) -> Iterator[str]:
    rows = board.rows()

    def total(gauge: Gauge) -> int:
        return sum(row.get(gauge) for row in rows if row.get(Gauge.READY))

    words = board.words
    reloads = {"done": words[Word.RELOADS], "refused": words[Word.RELOADS_REFUSED]}
    yield from _family("geoaddr_workers", "gauge", "Processes that answer.", [("", {}, total(Gauge.READY))])
    yield from _family("geoaddr_worker_starts_total", "counter", "Processes that were started.",
                       [("", {}, words[Word.WORKER_STARTS])])  # fmt: skip
    yield from _family(
        "geoaddr_reloads_total", "counter", "Reloads, by whether the new pack was taken.",
        [("", {"outcome": outcome}, count) for outcome, count in reloads.items()],
    )  # fmt: skip
    yield from _family("geoaddr_store_connections", "gauge", "Connections to the registry, of all workers.",
                       [("", {"state": state}, total(gauge)) for state, gauge in _STORE.items()])  # fmt: skip
    yield from _family("geoaddr_log_lines_dropped_total", "counter", "Lines that nobody read in time.",
                       [("", {}, sum(row.get(Gauge.LOG_LINES_DROPPED) for row in rows))])  # fmt: skip


def _versions(ga: Geoaddr) -> Iterator[str]:
    pack = ga.pack.info
    about = {
        "name": pack.name,
        "version": pack.version,
        "date": f"{pack.date}",
        "accuracy": pack.boundary_accuracy,
    }
    store = ga.registry.store
    yield from _family("geoaddr_build_info", "gauge", "The program.", [("", {"version": __version__}, 1)])
    yield from _family("geoaddr_pack_info", "gauge", "The pack of this worker.", [("", about, 1)])
    yield from _family("geoaddr_registry_info", "gauge", "The registry.", [("", {"engine": store.engine}, 1)])


def _family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
    for suffix, labels, value in samples:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{suffix}{{{shown}}} {value}" if shown else f"{name}{suffix} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

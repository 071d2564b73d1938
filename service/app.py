"""The application factory: one line for each concern. Importing this opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask

from service import (
    compression,
    cors,
    direct,
    docs_page,
    errors,
    guard,
    handling,
    labels,
    metrics,
    pages,
    reading,
    tiles,
    warming,
    watching,
)
from service.answering import Answering
from service.board import Board
from service.jobs.offered import JOBS, offered, take_up
from service.keys.shares import Shares
from service.lean import LeanFlask
from service.logs import Log
from service.settings import Settings
from service.views import OPERATIONS

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr


PLATFORM = "geoaddr.platform"
"""Where the platform that an application serves stands among its extensions."""


def create_app(
    ga: Geoaddr | None = None,
    settings: Settings | None = None,
    *,
    board: Board | None = None,
    log: Log | None = None,
    absent: Callable[[], bool] = lambda: False,
) -> Flask:
    """The service as a WSGI application.

    :param ga: the platform to serve; by default it is opened as ``settings`` say, once for this process, and its
        dictionary of names is made before anybody asks.
    :param settings: by default those of the environment.
    :param board: where figures are counted; by default of this process alone.
    :param log: by default requests are counted and not logged.
    :param absent: tells that the registry of ``settings`` is not to be looked at now: before a fork.
    :raises DataError: for a pack that cannot be used.
    :raises StoreError: for a registry that cannot be opened.
    """
    settings = settings or Settings.from_environment()
    own_registry = ga is None
    ga = ga or warming.warm(settings.open_platform(absent))
    app = LeanFlask("service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.extensions[PLATFORM] = ga
    board = board or Board()
    app.url_map.merge_slashes = False
    errors.install(app)
    compression.install(app)
    reading.install(app, settings)
    directly = direct.install(app, settings)
    guarded = guard.install(app, settings, own_registry=own_registry)
    jobs = app.extensions[JOBS] = cache(
        lambda: offered(ga, settings, settings.access_url(own_registry=own_registry))
    )
    handling.install(app, directly, OPERATIONS, Answering(ga, settings, board, Shares(guarded.database), jobs))
    handling.install_document(app, OPERATIONS, open_=settings.open)
    docs_page.install(app, settings)
    tiles.install(app, ga, settings)
    labels.install(app, ga)
    pages.install(app, settings)
    metrics.install(app, ga, settings)
    cors.install(app, settings)
    said = watching.said_of(ga.pack.info)
    watching.install(app, board, log or Log("error"), errors.reasons(), said, access_log=settings.access_log)
    if not absent():
        take_up(jobs)
    return app

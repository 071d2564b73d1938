"""The examples of the API's description, sent one after another to a real service.

``python -m tests.service.examples PACK`` (with the pack that ``tests/service/packs.py`` writes) asks them all
again and writes the answers into ``service/examples.json``; read the difference before committing it.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geoaddr
from geoaddr.bulk.ports import Origin
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
from service.jobs.folder import Folder, Limits
from service.settings import Settings

FILE = Path(__file__).resolve().parents[2] / "service" / "examples.json"
KEY = bytes(32)
REQUEST_ID = "2f1c9d0b7e-1a"
NOW = dt.datetime(2026, 10, 1, 2, 0, tzinfo=dt.UTC)

Examples = dict[str, list[dict[str, Any]]]


def read() -> Examples:
    found: Examples = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def replay(examples: Examples, pack: Pack) -> Examples:
    """The examples with the statuses and answers that they get on an empty registry with a known key."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/registry.db"
        origin = Origin(geoaddr.open, str(pack.path), url)
        registry = Registry(open_store(url, key=KEY), clock=lambda: NOW)
        with Geoaddr(pack, registry, origin=origin) as ga:
            settings = Settings(jobs=f"{folder}/jobs")
            apps = {open_: create_app(ga, replace(settings, open=open_)) for open_ in (True, False)}
            clients = {open_: app.test_client() for open_, app in apps.items()}
            found = {name: [_ask(clients, example) for example in listed] for name, listed in examples.items()}
            _end_jobs(clients[True], Path(folder) / "jobs")
        return found


def _end_jobs(client: Any, folder: Path) -> None:
    """Leave no process behind."""
    for job in client.get("/v1/jobs").json["jobs"]:
        client.delete(f"/v1/jobs/{job['id']}")
    while Folder(folder, Limits(jobs=1, bytes=1, keep_s=1)).is_running():
        time.sleep(0.05)


def _ask(clients: dict[bool, Any], example: dict[str, Any]) -> dict[str, Any]:
    response = clients[example.get("open", False)].open(
        example["path"],
        method=example.get("method", "GET"),
        headers={"X-Request-ID": REQUEST_ID, **example.get("headers", {})},
        **({"data": example["data"]} if "data" in example else {"json": example.get("body")}),
    )
    return {**example, "status": response.status_code, "answer": response.json if response.data else None}


def main(pack: str) -> None:
    replayed = replay(read(), Pack.open(pack))
    FILE.write_text(json.dumps(replayed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

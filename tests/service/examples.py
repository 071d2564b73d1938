"""The examples of the API's description, sent one after another to a real service.

``python -m tests.service.examples PACK`` (with the pack that ``tests/service/packs.py`` writes) asks them all
again and writes the answers into ``service/examples.json``; read the difference before committing it.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
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
    with Geoaddr(pack, Registry(open_store("memory:", key=KEY), clock=lambda: NOW)) as ga:
        clients = {open_: create_app(ga, Settings(open=open_)).test_client() for open_ in (True, False)}
        return {name: [_ask(clients, example) for example in listed] for name, listed in examples.items()}


def _ask(clients: dict[bool, Any], example: dict[str, Any]) -> dict[str, Any]:
    response = clients[example.get("open", False)].open(
        example["path"],
        method=example.get("method", "GET"),
        headers={"X-Request-ID": REQUEST_ID, **example.get("headers", {})},
        json=example.get("body"),
    )
    return {**example, "status": response.status_code, "answer": response.json}


def main(pack: str) -> None:
    replayed = replay(read(), Pack.open(pack))
    FILE.write_text(json.dumps(replayed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

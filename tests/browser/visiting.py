"""One visit of the pages: what was loaded, what went wrong, what it looked like."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.chromium import DEVICES

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "shots"
AXE = ROOT / "service/web/node_modules/axe-core/axe.min.js"

PATIENCE_MS = 40_000


class Visitor:
    """A fresh visitor: no cookies, nothing stored, a language and a device; ``also``: hosts that may be asked too.

    ``troubles`` collects what may never happen: errors of scripts, refusals by the content security policy (which
    the console shows as errors), and requests to other hosts.
    """

    def __init__(
        self,
        browser: Browser,
        address: str,
        device: str = "desktop",
        locale: str = "vi-VN",
        also: Iterable[str] = (),
        **context: Any,
    ) -> None:
        self.address, self.device = address, device
        self.context = browser.new_context(locale=locale, **DEVICES[device], **context)
        self.context.set_default_timeout(PATIENCE_MS)
        self.troubles: list[str] = []
        self.requests: list[Request] = []
        self.hosts = {urlsplit(address).netloc, *also}
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def open(self, path: str = "/") -> Page:
        """The page at ``path``, once it calls itself ready (``data-ready`` on its root element)."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page

    def wait_until(self, expression: str) -> None:
        """Wait until an expression of the page holds; asked from outside, since the page evaluates no text."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while not self.page.evaluate(expression):
            assert time.monotonic() < until, expression
            self.page.wait_for_timeout(50)

    def json(self, expression: str) -> Any:
        """The value of an expression of the page that is a text of JSON."""
        return json.loads(self.page.evaluate(expression))

    def loaded_bytes(self) -> int:
        """What all answers so far weighed, as they were sent."""
        sizes = [request.sizes() for request in self.requests if request.response()]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    def shot(self, name: str) -> Path:
        """Keep a picture of what is seen, for people to look at."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}-{self.device}.png"
        self.page.screenshot(path=path)
        return path

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA and its own best practices."""
        # Evaluated by the debugger, beside the page's policy and not against it.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = json.loads(self.page.evaluate("async () => JSON.stringify((await axe.run()).violations)"))
        return [f"{each['id']}: {each['help']}: {node['html']}" for each in found for node in each["nodes"]]

    def close(self) -> None:
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.netloc not in self.hosts:
            self.troubles.append(f"foreign host: {request.url}")

"""The page ``docs/reference/http.md`` is true: its requests are sent, in order, and answered as it shows."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from service.errors import KINDS, TYPE_PREFIX

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "http.md"
SERVER = "http://127.0.0.1:8080"
ELIDED = "..."


class Shown(NamedTuple):
    """A request of the page, taken from its curl command, and the part of the answer that is shown."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    answer: Any


def shown(page: str) -> Iterator[Shown]:
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for example in block.split("$ curl ")[1:]:
            command, opening, answer = re.split(r"\n(?=([{\[]\n?))", example, maxsplit=1)
            assert opening in "{["
            yield _request(shlex.split(command.replace("\\\n", " ")), json.loads(answer))


def _request(words: list[str], answer: Any) -> Shown:
    method, url, headers, body = "GET", "", {}, None
    given = iter(words)
    for word in given:
        if word == "-X":
            method = next(given)
        elif word == "-H":
            name, _, value = next(given).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(given)
        elif word != "-s":
            url = word
    assert url.startswith(SERVER)
    return Shown(method, url.removeprefix(SERVER), headers, body, answer)


def holds(answer: Any, part: Any) -> bool:
    """Whether ``answer`` has everything that ``part`` shows; a list may end in what was left out."""
    if isinstance(part, dict):
        return isinstance(answer, dict) and all(k in answer and holds(answer[k], v) for k, v in part.items())
    if isinstance(part, list):
        whole = part[-1:] != [ELIDED]
        listed = part if whole else part[:-1]
        return (len(answer) == len(listed) or not whole) and all(map(holds, answer, listed))
    return bool(answer == part)


def test_requests_of_the_page(opened: FlaskClient) -> None:
    examples = list(shown(PAGE.read_text(encoding="utf-8")))
    assert len(examples) > 10
    for example in examples:
        response = opened.open(example.path, method=example.method, headers=example.headers, data=example.body)
        assert holds(response.json, example.answer), f"{example.path} is answered with {response.text}"


def test_every_problem_type_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert TYPE_PREFIX in page
    for kind in KINDS.values():
        assert re.search(rf"\| {kind.status} \|[^\n]*`{kind.name}`", page), kind.name

"""``/docs`` shows all of the description, and nothing in it runs or comes from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from service import docs_page
from service.views import OPERATIONS
from tests.service import examples


class Read(HTMLParser):
    """The elements of a page, where its links lead, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]


@pytest.fixture
def page(closed: FlaskClient) -> Read:
    response = closed.get("/docs")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    return Read(response.text)


def test_every_operation_schema_and_example_is_there(page: Read, closed: FlaskClient) -> None:
    document = closed.get("/openapi.json").json
    assert {o.name for o in OPERATIONS} <= set(page.ids())
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= set(page.ids())
    shown = sum(tag == "details" for tag, _ in page.elements)
    assert shown == sum(map(len, examples.read().values()))
    for path, methods in document["paths"].items():
        assert path in page.words
        for described in methods.values():
            assert all(parameter["name"] in page.words for parameter in described["parameters"])


def test_every_link_leads_somewhere_here(page: Read, closed: FlaskClient) -> None:
    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert page.open == []
    for _, attributes in page.elements:
        for name in ("href", "src"):
            link = attributes.get(name)
            if link is not None and link.startswith("#"):
                assert link[1:] in ids
            elif link is not None:
                assert link.startswith("/")
                assert closed.get(link).status_code == 200


def test_nothing_runs(page: Read, closed: FlaskClient) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "style", "iframe", "object", "form", "img"}
    assert not any(name == "style" or name.startswith("on") for _, has in page.elements for name in has)
    policy = closed.get("/docs").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in closed.get("/docs.css").text


def test_what_examples_hold_is_shown_and_not_obeyed(closed: FlaskClient, page: Read) -> None:
    document = closed.get("/openapi.json").json
    document["info"]["description"] = "<script>alert(1)</script> & `<b>`"
    read = Read(docs_page.page(document))
    assert "script" not in {tag for tag, _ in read.elements}
    assert "<script>alert(1)</script> & <b>" in read.words
    assert '{"text"' in page.words

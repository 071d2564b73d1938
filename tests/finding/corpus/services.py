"""Who is searched: this service in this process, or any other that answers GeocodeJSON at a URL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from geoaddr.platform import Geoaddr
from service.app import create_app
from service.settings import Settings
from tests.finding.corpus.cases import Case

Search = Callable[[Case], Mapping[str, Any]]
"""Answers a case with a GeocodeJSON feature collection. :raises OSError: when there is no answer."""

KINDS = {
    "generic": ("", "q", "lang"),
    "photon": ("/api", "q", "lang"),
    "nominatim": ("/search", "q", "accept-language"),
}
"""Kinds of services: what their search's path ends in, and what they call the text and the language."""

TIMEOUT_S = 30.0


def in_process(ga: Geoaddr) -> Search:
    """The service over an open platform, as a caller who may see addresses."""
    client = create_app(ga, Settings(open=True)).test_client()

    def search(case: Case) -> Mapping[str, Any]:
        response = client.get("/v1/search", query_string={"q": case.query, "limit": case.limit})
        if response.status_code != 200:
            raise OSError(f"{response.status_code}: {response.get_data(as_text=True)}")
        found: Mapping[str, Any] = response.json
        return found

    return search


def at_url(url: str, kind: str = "generic") -> Search:
    """A service at a URL: its search endpoint, or for Photon and Nominatim what stands before its path."""
    path, text, language = KINDS[kind]

    def search(case: Case) -> Mapping[str, Any]:
        given: dict[str, Any] = {text: case.query, "limit": case.limit}
        if kind == "nominatim":
            given |= {"format": "geocodejson", "addressdetails": 1}
        elif case.lat is not None and case.lon is not None:
            given |= {"lat": case.lat, "lon": case.lon}
        if case.lang:
            given[language] = case.lang
        asked = Request(f"{url.rstrip('/')}{path}?{urlencode(given)}", headers={"User-Agent": "geoaddr corpus"})
        with urlopen(asked, timeout=TIMEOUT_S) as response:
            found: Mapping[str, Any] = json.load(response)
        return found

    return search

"""What holds for every page: no foreign host, nothing against the policy, no barrier."""

from __future__ import annotations

import pytest

from service.pages import DIST, assets
from tests.browser.conftest import Visit

PAGES = sorted(asset.url for asset in assets(DIST) if asset.is_page)


@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_without_trouble_or_barrier(visit: Visit, axe: None, path: str, device: str) -> None:
    visitor = visit(path, device=device)
    visitor.shot(f"page{path.replace('/', '-')}")
    assert visitor.violations() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_the_language_of_the_browser(visit: Visit, path: str) -> None:
    for locale, language in [("vi-VN", "vi"), ("en-GB", "en"), ("fr-FR", "vi")]:
        assert visit(path, locale=locale).page.get_attribute("html", "lang") == language

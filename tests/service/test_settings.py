"""Settings come from the environment, and an environment cannot open a service."""

from __future__ import annotations

import pytest

from geoaddr.errors import InvalidInput
from service.settings import MAX_BODY_BYTES, Settings


def test_defaults() -> None:
    settings = Settings.from_environment(environment={})
    assert settings == Settings()
    assert (settings.open, settings.max_body_bytes) == (False, MAX_BODY_BYTES)


def test_environment_and_what_wins_over_it() -> None:
    environment = {
        "GEOADDR_PACK": "a.gapack", "GEOADDR_STORE": "memory:", "GEOADDR_MAX_BODY_BYTES": "1000",
        "GEOADDR_OPEN": "1",
    }  # fmt: skip
    settings = Settings.from_environment(environment=environment, pack="b.gapack")
    assert settings == Settings(pack="b.gapack", store="memory:", max_body_bytes=1000, open=False)


@pytest.mark.parametrize("value", ["0", "-1", "1e3", "lots", "１０", "1.5"])
def test_limits_are_whole_numbers(value: str) -> None:
    with pytest.raises(InvalidInput, match="GEOADDR_MAX_URL_CHARACTERS") as refused:
        Settings.from_environment(environment={"GEOADDR_MAX_URL_CHARACTERS": value})
    assert refused.value.field == "GEOADDR_MAX_URL_CHARACTERS"

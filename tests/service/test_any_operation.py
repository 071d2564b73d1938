"""Whatever the description allows, and whatever it does not, every operation answers as the description says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

import geoaddr
from geoaddr.bulk.ports import Origin
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
from service.operations import Operation
from service.settings import Settings
from service.views import OPERATIONS

BOUNDED = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
"""Some seconds in all; what is found once becomes a test of its own."""


JUDGED = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 401, 404, 409, 413, 414, 429]},
        "negative_data_rejection": {"expected-statuses": [400, 401, 404, 405, 413, 414, 415, 429]},
    }
}
"""What is a code, a day of the data or a whole point is the core's to say and no schema's: that is a 400. A URL or
a body may be too long however good it is, and a service that has jobs enough takes no more."""

MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(scope="module", params=[True, False], ids=["open", "closed"])
def api(
    request: pytest.FixtureRequest, opened_pack: Pack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The description of a service as that service gives it."""
    folder: Path = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder / 'registry.db'}"
    origin = Origin(geoaddr.open, str(opened_pack.path), url)
    with Geoaddr(opened_pack, Registry(open_store(url)), origin=origin) as ga:
        for number in (12, 14):
            parts = {"house_number": str(number), "street": "Bạch Đằng", "commune": "20242"}
            ga.assign(parts, lat=16.0678, lon=108.2208)
        app = create_app(ga, Settings(open=request.param, jobs=str(folder / "jobs"), max_jobs=2))
        yield schemathesis.openapi.from_wsgi("/openapi.json", app, config=SchemathesisConfig.from_dict(JUDGED))


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not_allowed"]
)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_answers_as_it_is_described(api: Any, operation: Operation, mode: GenerationMode) -> None:
    described = api[operation.path][operation.method]

    @BOUNDED
    @given(case=described.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # of an operation without parameters nothing is wrong

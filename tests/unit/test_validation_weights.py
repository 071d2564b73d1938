"""Validate weighs a name by all the units that bear it, as parse and convert do."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.platform import Geoaddr

BORNE_BY_MANY = ("Tân An", "xã Tân Lập", "12 đường 3, xã Tân Tiến", "Phường 1", "Thị trấn Tân Phú", "Hòa Bình")
"""Names of a dozen units and more, of today and of before, with nothing that says which."""


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.mark.parametrize("text", BORNE_BY_MANY)
@pytest.mark.parametrize("as_form", [False, True])
def test_a_name_that_many_bear_has_a_small_share_each(ga: Geoaddr, text: str, as_form: bool) -> None:
    """No candidate weighs more than where all are weighed; and as much, where nothing else was asked."""
    judged, converted = ga.validate({"text": text} if as_form else text), ga.convert(text)
    weights = {candidate.commune.code: candidate.weight for candidate in converted.candidates}
    assert len(weights) > 5
    assert judged.candidates
    for candidate in judged.candidates:
        assert candidate.weight == pytest.approx(weights[candidate.commune.code])
    assert judged.confidence == pytest.approx(converted.confidence)


def test_the_field_of_a_commune_that_many_bear(ga: Geoaddr) -> None:
    """A form of a commune alone: the communes of the name are as many as the gazetteer knows."""
    judged = ga.validate({"commune": "Tân Lập", "street": "Lê Lợi"})
    bearing = ga.gazetteer.find("Tân Lập", level="commune", as_of=ga.date)
    assert len(bearing) == 4
    assert judged.confidence is not None
    assert judged.confidence <= 1 / len(bearing)

"""Grants: what comes with a scope, and where it counts."""

from __future__ import annotations

import pytest

from geoaddr.disclosure import EVERYBODY, EVERYTHING, SCOPES, Grants, Scope

IMPLIED = """
given      | held everywhere
validity   | validity
area       | validity area
address    | validity area address
point      | validity area point
write      | validity area write
admin      | validity area admin
"""


@pytest.mark.parametrize("line", IMPLIED.strip().splitlines()[1:], ids=lambda line: line.split()[0])
def test_what_comes_with_a_scope(line: str) -> None:
    given, held = (cell.split() for cell in line.split("|"))
    grants = Grants.of(given)  # type: ignore[arg-type]  # words of a table
    assert [scope for scope in SCOPES if grants.everywhere(scope)] == held
    assert [scope for scope in SCOPES if scope in grants] == held


@pytest.mark.parametrize("scope", ["address", "point", "write", "admin"])
def test_beyond_its_provinces_a_scope_leaves_what_everyone_sees(scope: Scope) -> None:
    grants = Grants.of({scope: ["48", "15"]})
    assert grants.limited
    assert grants.at("48") == grants.at("15") == {"validity", "area", scope}
    assert grants.at("01") == grants.at(None) == set(EVERYBODY.places)
    assert scope in grants
    assert not grants.everywhere(scope)


def test_scopes_with_provinces_of_their_own() -> None:
    grants = Grants.of({"address": None, "write": ["48"], "point": ["15"]})
    assert grants.at("48") == {"validity", "area", "address", "write"}
    assert grants.at("15") == {"validity", "area", "address", "point"}
    assert grants.at("01") == {"validity", "area", "address"}
    assert not grants.sees_all


def test_a_scope_limited_to_provinces_is_not_widened_by_what_another_brings() -> None:
    """``area`` in one province, and ``validity``, which it brings, everywhere."""
    grants = Grants.of({"area": ["48"]})
    assert (grants.at("48"), grants.at("01")) == ({"validity", "area"}, {"validity"})


def test_who_sees_all() -> None:
    assert EVERYTHING.sees_all
    assert Grants.of(["address", "point"]).sees_all
    assert not Grants.of(["address"]).sees_all
    assert not Grants.of(["point"]).sees_all
    assert not Grants.of({"address": None, "point": ["48"]}).sees_all
    assert not EVERYBODY.sees_all

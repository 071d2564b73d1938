"""Frozen values with a quicker ``__init__`` are made and refused as all others are."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from geoaddr.model.quick import quick


@dataclass(frozen=True, slots=True)
class Plain:
    first: str
    second: int = 2
    third: list[int] = field(default_factory=list, kw_only=True)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    first: str
    second: int = 2
    third: list[int] = field(default_factory=list, kw_only=True)


@pytest.mark.parametrize("given", [("a",), ("a", 3)])
@pytest.mark.parametrize("named", [{}, {"third": [1]}])
def test_the_same_values(given: tuple[object, ...], named: dict[str, object]) -> None:
    plain, made = Plain(*given, **named), Quick(*given, **named)  # type: ignore[arg-type]
    for name in ("first", "second", "third"):
        assert getattr(made, name) == getattr(plain, name)
    assert repr(made) == repr(plain).replace("Plain", "Quick")


@pytest.mark.parametrize("given", [(), ("a", 2, [1]), ("a", 2, 3, 4)])
def test_refuses_what_dataclasses_refuse(given: tuple[object, ...]) -> None:
    for kind in (Plain, Quick):
        with pytest.raises(TypeError):
            kind(*given)  # type: ignore[arg-type, call-arg]


def test_a_default_that_is_made_is_made_anew() -> None:
    assert Quick("a").third is not Quick("a").third


def test_stays_frozen_and_can_be_copied() -> None:
    made = Quick("a", 3, third=[1])
    with pytest.raises(FrozenInstanceError):
        made.first = "b"  # type: ignore[misc]
    assert replace(made, second=4) == Quick("a", 4, third=[1])
    assert copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(quick_hash := replace(made, third=())) == hash(quick_hash)  # type: ignore[arg-type]

"""Frozen values that are made in great numbers, made in fewer steps than their dataclasses make them.

A frozen class must not set its own fields, so that its ``__init__`` asks ``object`` to look up each by name. Here
the slots themselves are set. As :mod:`dataclasses` does, the code is written out, so that nothing is looked up
while it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar, cast

Made = TypeVar("Made")

_NOT_GIVEN = object()


def quick(cls: type[Made]) -> type[Made]:
    """A frozen dataclass with slots, which checks nothing of its values, with a quicker ``__init__``. Nothing else
    differs: not the parameters, nor that values cannot be changed."""
    original = cls.__init__
    made = _written("__init__", cls, ["self"], [], "None")
    made.__annotations__, made.__qualname__ = original.__annotations__, original.__qualname__
    made.__module__, made.__doc__ = cls.__module__, original.__doc__
    cls.__init__ = made  # type: ignore[method-assign]
    return cls


def unchecked(kind: type[Made]) -> type[Made]:
    """What makes values of ``kind``, a frozen dataclass with slots, called like it, but without what it checks of
    them: for values that were checked before, such as those that a registry keeps."""
    return cast("type[Made]", _written("make", kind, [], ["self = new(cls)"], "self"))


def _written(
    name: str, cls: type[Any], positional: list[str], steps: list[str], answer: str
) -> Callable[..., Any]:
    """A function of the class's parameters behind others, which sets all slots after some steps."""
    known: dict[str, Any] = {"not_given": _NOT_GIVEN, "new": object.__new__, "cls": cls}
    named: list[str] = []
    for field in fields(cls):
        set_, default, make = (f"{word}_{field.name}" for word in ("set", "default", "make"))
        known[set_] = getattr(cls, field.name).__set__
        parameter = value = field.name
        if field.default is not MISSING:
            known[default], parameter = field.default, f"{field.name}={default}"
        elif field.default_factory is not MISSING:
            known[make], parameter = field.default_factory, f"{field.name}=not_given"
            value = f"{make}() if {field.name} is not_given else {field.name}"
        (named if field.kw_only else positional).append(parameter)
        steps.append(f"{set_}(self, {value})")
    parameters = ", ".join([*positional, *(["*", *named] if named else [])])
    lines = "\n ".join([*steps, f"return {answer}"])
    exec(f"def {name}({parameters}):\n {lines}", known)  # noqa: S102  # of the class's own names, as dataclasses do
    return cast("Callable[..., Any]", known[name])

"""Frozen values that are made in great numbers: a quicker ``__init__`` for them."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def quick(cls: type[Made]) -> type[Made]:
    """A frozen dataclass with slots, made in half the time.

    A frozen class must not set its own fields, so that its ``__init__`` asks ``object`` to look up each by name.
    The slots themselves are set here. Nothing else differs: not the parameters, nor that values cannot be changed.
    """
    known: dict[str, Any] = {"NOT_GIVEN": object()}
    positional: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for field in fields(cls):  # type: ignore[arg-type]
        name = field.name
        known[f"set_{name}"] = getattr(cls, name).__set__
        given = value = name
        if field.default is not MISSING:
            known[f"default_{name}"] = field.default
            given = f"{name}=default_{name}"
        elif field.default_factory is not MISSING:
            known[f"make_{name}"], given, value = (
                field.default_factory,
                f"{name}=NOT_GIVEN",
                f"make_{name}() if {name} is NOT_GIVEN else {name}",
            )
        (named if field.kw_only else positional).append(given)
        body.append(f"    set_{name}(self, {value})")
    parameters = ", ".join(["self", *positional, *(["*", *named] if named else [])])
    original = cls.__init__
    exec(f"def __init__({parameters}):\n" + "\n".join(body), known)  # noqa: S102 - of the class's own names, as dataclasses do
    made = known["__init__"]
    made.__annotations__, made.__qualname__ = original.__annotations__, original.__qualname__
    made.__module__, made.__doc__ = cls.__module__, original.__doc__
    cls.__init__ = made  # type: ignore[method-assign]
    return cls

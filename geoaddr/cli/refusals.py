"""From an error to one line for a person and an exit code for a script."""

from __future__ import annotations

import click

from geoaddr.cli.frame import NoRegistry
from geoaddr.cli.usage import usage
from geoaddr.errors import Conflict, GeoaddrError, InvalidCode, NotFound, os_reason
from geoaddr.stores import without_password

NEGATIVE = 1
BAD_INPUT = 2


def exit_code(error: Exception) -> int:
    """1 where the line was sound and the answer is no; 2 where the line, the data or the store is not."""
    return NEGATIVE if isinstance(error, NotFound | Conflict | InvalidCode | NoRegistry) else BAD_INPUT


def refusal(error: Exception, lang: str) -> str:
    """The error as one line, in ``"vi"`` or ``"en"``; a store's password is not repeated."""
    if isinstance(error, GeoaddrError):
        text = error.message(lang)
    elif isinstance(error, click.ClickException):
        text = usage(error).in_language(lang)
    elif isinstance(error, OSError):
        why = os_reason(error).in_language(lang)
        text = why if error.filename is None else f"{error.filename}: {why}"
    else:
        text = str(error) or type(error).__name__
    return without_password(" ".join(text.split()))

"""From an error to one line for a person and an exit code for a script."""

from __future__ import annotations

import click

from geoaddr.cli.frame import MissingVerb, NoSuchVerb, without_password
from geoaddr.errors import Conflict, GeoaddrError, NotFound, Said, shown

NEGATIVE = 1
BAD_INPUT = 2


def exit_code(error: Exception) -> int:
    """1 where the line was sound and the answer is no; 2 where the line, the data or the store is not."""
    return NEGATIVE if isinstance(error, NotFound | Conflict) else BAD_INPUT


def refusal(error: Exception, lang: str) -> str:
    """The error as one line, in ``"vi"`` or ``"en"``; a store's password is not repeated."""
    if isinstance(error, GeoaddrError):
        text = error.message(lang)
    elif isinstance(error, click.ClickException):
        text = _usage(error).in_language(lang)
    elif isinstance(error, OSError) and error.filename is not None:
        text = f"{error.filename}: {error.strerror}"
    else:
        text = str(error) or type(error).__name__
    return without_password(" ".join(text.split()))


def _usage(error: click.ClickException) -> Said:
    english = error.format_message()
    if isinstance(error, MissingVerb):
        return Said("a command is missing; the list stands above", "thiếu lệnh; danh sách lệnh ở trên")
    if isinstance(error, NoSuchVerb):
        word, hint_en, hint_vi = shown(error.word), "", ""
        if error.near:
            hint_en, hint_vi = f"; did you mean {error.near[0]}?", f"; có phải {error.near[0]}?"
        return Said(f"no such command: {word}{hint_en}", f"không có lệnh {word}{hint_vi}")
    if isinstance(error, click.NoSuchOption):
        return Said(english, f"không có tùy chọn {shown(error.option_name)}")
    if isinstance(error, click.MissingParameter):
        name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
        return Said(english, f"thiếu tham số {name}")
    return Said(english, f"dùng sai lệnh: {english}")

"""What is wrong with a command line, in both languages: the English is click's, which has no Vietnamese."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from geoaddr.cli.frame import MissingVerb, NoSuchVerb
from geoaddr.errors import Said, shown

_QUOTED = re.compile(r"'.*'")
_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)", re.DOTALL)


def usage(error: click.ClickException) -> Said:
    """Why the line was refused."""
    if isinstance(error, MissingVerb):
        return Said("a command is missing; the list stands above", "thiếu lệnh; danh sách lệnh ở trên")
    if isinstance(error, NoSuchVerb):
        name, near = shown(error.word), _did_you_mean(error.near)
        return Said(f"no such command: {name}{near.en}", f"không có lệnh {name}{near.vi}")
    if isinstance(error, click.NoSuchOption):
        name, near = (
            shown(error.option_name),
            _did_you_mean(get_close_matches(error.option_name, error.possibilities or (), n=1)),
        )
        return Said(f"no such option: {name}{near.en}", f"không có tùy chọn {name}{near.vi}")
    return Said(error.format_message(), _vietnamese(error))


def _vietnamese(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter):
        return f"thiếu tham số {_named(error)}"
    if isinstance(error, click.BadOptionUsage):
        takes = "cần một giá trị" if "requires" in error.message else "không nhận giá trị"
        return f"tùy chọn {shown(error.option_name)} {takes}"
    if isinstance(error, click.BadParameter):
        return f"giá trị không hợp lệ cho {_named(error)}: {_unfit(error)}"
    extra = _EXTRA.search(error.message)
    return f"thừa tham số: {extra[1]}" if extra else f"dùng sai lệnh: {error.format_message()}"


def _named(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""


def _unfit(error: click.BadParameter) -> str:
    """Why a value does not fit the type of its option."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        wrong = _QUOTED.match(error.message.partition(" is not one of ")[0])
        listed = ", ".join(map(str, kind.choices))
        return f"{wrong[0] if wrong else ''} không thuộc các giá trị: {listed}".lstrip()
    if isinstance(kind, click.IntRange) and "range" in error.message:
        return f"phải là số từ {kind.min} đến {kind.max}"
    if isinstance(kind, type(click.INT)):
        return "phải là số nguyên"
    return error.message


def _did_you_mean(near: list[str]) -> Said:
    if not near:
        return Said("", "")
    return Said(f"; did you mean {near[0]}?", f"; có phải {near[0]}?")

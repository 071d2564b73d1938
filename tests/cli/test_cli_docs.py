"""What the command line takes stands in its reference, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from geoaddr.cli.frame import Verbs
from geoaddr.cli.main import cli

REFERENCE = (Path(__file__).resolve().parents[2] / "docs/reference/cli.md").read_text(encoding="utf-8")


def commands(group: Verbs = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, Verbs):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands())


def options() -> set[str]:
    found = {
        flag
        for command in COMMANDS.values()
        for each in command.params
        for flag in each.opts + each.secondary_opts
    }
    return {flag for flag in found if flag.startswith("--")} | {"--help", "--version"}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_is_there(path: tuple[str, ...]) -> None:
    group = path[0] if len(path) > 1 and path[0] != "units" else None
    if group is None:
        assert f"`geoaddr {' '.join(path)}" in REFERENCE
    else:
        section = REFERENCE.partition(f"`geoaddr {group}`")[2].partition("\n## ")[0]
        assert f"| `{path[1]}" in section


def test_every_option_is_there_and_no_other() -> None:
    assert set(re.findall(r"--[a-z][a-z0-9-]+", REFERENCE)) == options()


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_is_short_and_every_option_says_what_it_is(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    assert all(each.help for each in command.params if isinstance(each, click.Option))

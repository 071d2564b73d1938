"""What all verbs share: the global flags, commands that load when they are called, and the session."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

from geoaddr.errors import GeoaddrError, Said
from geoaddr.stores import without_password

if TYPE_CHECKING:
    from geoaddr.pack import Pack
    from geoaddr.platform import Geoaddr
    from geoaddr.registry import Registry

MINUS = "\N{MINUS SIGN}"
"""What stands for the hyphen of a negative number while click looks for options."""

_NEGATIVE = re.compile(r"-(?=\.?[0-9]|inf|nan)", re.IGNORECASE)


@dataclass
class Session:
    """The choices made by the global flags, wherever on the line they stood."""

    pack: str | None = None
    store: str | None = None
    lang: str = "en"
    as_json: bool = False

    def open(self) -> Geoaddr:
        """The platform on the chosen pack and registry."""
        from geoaddr import platform

        return platform.open(self.pack, self.store)

    def open_pack(self, *, verify: Literal["once", "always"] = "once") -> Pack:
        """The chosen pack alone."""
        from geoaddr.pack import Pack
        from geoaddr.wiring import pack_path

        return Pack.open(pack_path(self.pack), verify=verify)

    @contextmanager
    def registry(self, *, made: bool = False) -> Iterator[tuple[str, Registry]]:
        """The chosen registry alone, with its URL fit to be shown; closed at the end.

        :param made: refuse one that was not made yet, instead of reading it as empty.
        """
        from geoaddr.registry import Registry
        from geoaddr.stores import open_store
        from geoaddr.wiring import store_url

        url = store_url(self.store)
        opened = Registry(open_store(url))
        try:
            if made and not opened.exists():
                raise NoRegistry(without_password(url).removeprefix("sqlite:///"))
            yield without_password(url), opened
        finally:
            opened.close()


class NoRegistry(GeoaddrError):
    """The registry that was named does not exist."""

    def __init__(self, where: str) -> None:
        super().__init__(Said(f"no registry yet: {where}", f"chưa có sổ đăng ký: {where}"))


class Stopped(Exception):
    """A person stopped a long command; ``said`` tells what that left behind."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.en)
        self.said = said


@contextmanager
def stopping(said: Said) -> Iterator[None]:
    """Ctrl-C ends the work inside with a sentence.

    :raises Stopped: for it.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(said) from None


def default_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the locale, by the order that POSIX gives: ``"vi"``, or ``"en"`` for any other."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "vi" if environ[name].lower().startswith("vi") else "en"
    return "en"


def language_of(argv: Sequence[str]) -> str:
    """The language for a line that may not even parse: the last ``--lang`` in it, else the locale's."""
    found = default_language()
    for word, following in pairwise([*argv, ""]):
        given = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and given in ("vi", "en"):
            found = given
    return found


def session_of(ctx: click.Context) -> Session:
    """The session of a line of commands, made at its first flag."""
    root = ctx.find_root()
    if root.obj is None:
        root.obj = Session(lang=default_language())
    ctx.obj = root.obj
    return root.obj  # type: ignore[no-any-return]


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    session = session_of(ctx)
    if value is not None and value is not False:
        setattr(session, str(param.name), value)


def global_flags() -> list[click.Parameter]:
    """Fresh options ``--pack --store --lang --json``, for any command."""
    return [
        click.Option(["--pack"], metavar="FILE", help="Pack to use. [env: GEOADDR_PACK]",
                     expose_value=False, callback=_remember),
        click.Option(["--store"], metavar="URL", help="Registry to use. [env: GEOADDR_STORE]",
                     expose_value=False, callback=_remember),
        click.Option(["--lang"], type=click.Choice(["vi", "en"]), help="Language of tables and messages.",
                     expose_value=False, callback=_remember),
        click.Option(["--json", "as_json"], is_flag=True, help="JSON on standard output.",
                     expose_value=False, callback=_remember),
    ]  # fmt: skip


class Verb(click.Command):
    """A command with the global flags."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += global_flags()


class PointVerb(Verb):
    """A command whose arguments may be negative numbers, which are not options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        hidden = {_NEGATIVE.sub(MINUS, a, count=1): a for a in args if a[:1] == "-"}
        shown = {written: shown for shown, written in hidden.items()}
        rest = super().parse_args(ctx, [shown.get(a, a) for a in args])
        ctx.params = {name: _as_written(value, hidden) for name, value in ctx.params.items()}
        return rest


def _as_written(value: Any, hidden: Mapping[str, str]) -> Any:
    """A value of the line with its hyphens back."""
    if isinstance(value, tuple):
        return tuple(_as_written(each, hidden) for each in value)
    return hidden.get(value, value) if isinstance(value, str) else value


class Lazy(NamedTuple):
    """Where a command stands (``module:attribute``), and its line in the list of commands."""

    where: str
    help: str


class Verbs(click.Group):
    """A group whose commands load when they are called, so that one answer does not pay for all verbs."""

    def __init__(self, *, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(invoke_without_command=True, callback=_refuse_nothing, **kwargs)
        self.lazy = lazy
        self.params += global_flags()

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lazy:
            return None
        module, _, attribute = self.lazy[cmd_name].where.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.lazy:
            raise NoSuchVerb(args[0], tuple(self.lazy), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self.lazy.items()])


class MissingVerb(click.UsageError):
    """A group that was called with no command of its own."""


class NoSuchVerb(click.UsageError):
    """A word that stands where a command should, and is none."""

    def __init__(self, word: str, known: tuple[str, ...], ctx: click.Context) -> None:
        super().__init__(f"no such command: {word}", ctx)
        self.word = word
        self.near = get_close_matches(word, known, n=1)


def _refuse_nothing() -> None:
    ctx = click.get_current_context()
    session_of(ctx)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        raise MissingVerb("a command is missing", ctx)

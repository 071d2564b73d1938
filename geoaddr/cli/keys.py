"""``geoaddr keys``: who may see what of a service, and the trail of who did."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Lazy, Session, Verb, Verbs
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_columns, print_fields, print_json
from geoaddr.errors import InvalidInput, Said

if TYPE_CHECKING:
    from service.keys.database import Database
    from service.keys.keyring import Key, Keyring

DAY_S = 86_400

keys = Verbs(
    name="keys",
    lazy={
        "create": Lazy("geoaddr.cli.keys:create", "Make a key; its token is shown once."),
        "list": Lazy("geoaddr.cli.keys:list_keys", "Every key, without its secret."),
        "rotate": Lazy("geoaddr.cli.keys:rotate", "Give a key another secret."),
        "revoke": Lazy("geoaddr.cli.keys:revoke", "End a key, within a second everywhere."),
        "audit": Lazy("geoaddr.cli.keys:audit", "Who saw or changed which address."),
        "prune": Lazy("geoaddr.cli.keys:prune", "Forget the older part of the trail."),
    },
    help="Keys of the HTTP service: who may see what, and the trail of who did.",
)

_LIMITS = "rate=50,burst=500,day=1000000,misses=1000"


@click.command(cls=Verb)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE[:PROVINCES]",
    help="What it opens: validity, area, address, point, write, admin; in provinces only: address:48,01.",
)
@click.option("--expires", metavar="DATE|DAYSd", help="Its last day in Viet Nam, or a number of days: 90d.")
@click.option("--limits", "limits_", metavar="LIMITS", help=f"How much it may ask, or none; by default {_LIMITS}.")
@click.pass_obj
def create(session: Session, name: str, scopes: tuple[str, ...], expires: str | None, limits_: str | None) -> int:
    """Make a key for NAME, an organisation or a program. Its token is shown now and never again."""
    from service.limits.rules import KEY_LIMITS, Limits

    limits = KEY_LIMITS if limits_ is None else Limits.read(limits_, "limits")
    given = _scopes(scopes)
    _check_provinces(session, given)
    with _keyring(session) as keyring:
        key, token = keyring.create(name, given, expires_ms=_end_ms(expires), limits=limits, actor=_actor())
    _show(session, key, token)
    return 0


@click.command("list", cls=Verb)
@click.pass_obj
def list_keys(session: Session) -> int:
    """Every key with its scopes, limits and status. With --json, one line a key."""
    with _keyring(session) as keyring:
        found = keyring.all()
    if session.as_json:
        for key in found:
            print_json(_told(key))
        return 0
    rows = (
        (
            key.id,
            key.name,
            word(_status(key), session.lang),
            " ".join(_scope_texts(key)),
            _day(key.created_ms),
            _day(key.expires_ms),
        )
        for key in found
    )
    print_columns(("key", "name", "status", "scopes", "created_on", "expires_on"), rows, session.lang)
    return 0


@click.command(cls=Verb)
@click.argument("key_id", metavar="KEY")
@click.option("--grace-hours", type=click.IntRange(0, 720), default=0, show_default=True, metavar="N",
              help="For how many hours the old secret is good beside the new one.")  # fmt: skip
@click.pass_obj
def rotate(session: Session, key_id: str, grace_hours: int) -> int:
    """Give a key another secret. The token is shown now and never again; the key keeps its id."""
    with _keyring(session) as keyring:
        key, token = keyring.rotate(key_id, grace_s=3600 * grace_hours, actor=_actor())
    _show(session, key, token)
    return 0


@click.command(cls=Verb)
@click.argument("key_id", metavar="KEY")
@click.pass_obj
def revoke(session: Session, key_id: str) -> int:
    """End a key, for good. Every worker refuses it within a second."""
    with _keyring(session) as keyring:
        key = keyring.revoke(key_id, actor=_actor())
    _show(session, key, None)
    return 0


@click.command(cls=Verb)
@click.option("--key", metavar="ID", help="Only what this key did, or share:ID, or cli:USER.")
@click.option("--code", metavar="CODE", help="Only what was seen or changed of this code, tiles too.")
@click.option("--since", metavar="DATE|DAYSd", help="Only from this day in Viet Nam on, or the last days: 30d.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, metavar="N",
              help="At most so many entries, the oldest first.")  # fmt: skip
@click.pass_obj
def audit(session: Session, key: str | None, code: str | None, since: str | None, limit: int) -> int:
    """Who saw or changed which address, and when. With --json, one line an entry."""
    from service.keys.searching import subjects_of
    from service.keys.trail import Trail

    about = []
    if code is not None:
        with session.open() as ga:
            about = subjects_of(ga, code)
    since_ms = 0 if since is None else _begin_ms("since", since)
    with _database(session) as database:
        for entry in Trail(database).read(who=key, about=about, since_ms=since_ms, limit=limit):
            told = {"at": _time(entry.at_ms), "who": entry.who, "act": entry.act, "subject": entry.subject,
                    "seen": entry.seen}  # fmt: skip
            if session.as_json:
                print_json(told)
            else:
                columns = f"{entry.who:<16}  {entry.act:<14}  {entry.subject:<12}  {entry.seen}"
                print(f"{told['at']}  {columns}".rstrip())
    return 0


@click.command(cls=Verb)
@click.option("--older-than", required=True, metavar="DAYSd", help="Forget entries older than so many days: 365d.")
@click.pass_obj
def prune(session: Session, older_than: str) -> int:
    """Forget the older part of the trail. That this was done stays in it."""
    from service.keys.trail import Trail

    now_ms = int(time.time() * 1000)
    before_ms = now_ms - 1000 * DAY_S * _days("older-than", older_than)
    with _database(session) as database:
        removed = Trail(database).prune(before_ms=before_ms, actor=_actor(), now_ms=now_ms)
    if session.as_json:
        print_json({"removed": removed})
    else:
        print_fields([("removed", f"{removed:,}")], session.lang)
    return 0


def keys_url(session: Session) -> str:
    """Where the keys of the registry are kept."""
    from geoaddr.wiring import store_url
    from service.keys.database import url_beside

    return os.environ.get("GEOADDR_ACCESS") or url_beside(store_url(session.store))


@contextmanager
def _database(session: Session) -> Iterator[Database]:
    from service.keys.database import open_database

    url = keys_url(session)
    if url == "memory:":
        raise InvalidInput(
            "store", url, Said("a registry in memory has no keys", "sổ đăng ký trong bộ nhớ không có khóa")
        )
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _keyring(session: Session) -> Iterator[Keyring]:
    from service.keys.keyring import Keyring

    with _database(session) as database:
        yield Keyring(database)


def _actor() -> str:
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name
        return f"cli:{os.getuid()}"


def _scopes(given: tuple[str, ...]) -> dict[Any, tuple[str, ...] | None]:
    found: dict[Any, tuple[str, ...] | None] = {}
    for text in given:
        scope, colon, provinces = text.partition(":")
        if scope in found:
            raise InvalidInput("scope", text, Said("given more than once", "có nhiều hơn một lần"))
        found[scope] = tuple(code.strip() for code in provinces.split(",")) if colon else None
    return found


def _check_provinces(session: Session, given: dict[Any, tuple[str, ...] | None]) -> None:
    """:raises InvalidInput: for the code of a province that there is not today."""
    named = {code for codes in given.values() for code in codes or () if re.fullmatch(r"\d{2}", code, re.ASCII)}
    if not named:
        return
    with session.open() as ga:
        for code in sorted(named - {unit.code for unit in ga.units("province")}):
            raise InvalidInput(
                "scope", code, Said("no province has this code", "không tỉnh, thành phố nào có mã này")
            )


def _end_ms(text: str | None) -> int | None:
    """The end of a last day, or of so many days from now."""
    if text is None:
        return None
    if re.fullmatch(r"\d{1,5}d", text, re.ASCII):
        return int((time.time() + DAY_S * _days("expires", text)) * 1000)
    return _begin_ms("expires", text) + 1000 * DAY_S


def _begin_ms(field: str, text: str) -> int:
    from geoaddr.model import day_from
    from geoaddr.profiles.vn import TIME_ZONE

    if re.fullmatch(r"\d{1,5}d", text, re.ASCII):
        return int((time.time() - DAY_S * _days(field, text)) * 1000)
    day = day_from(text, field)
    return int(dt.datetime.combine(day, dt.time(), TIME_ZONE).timestamp() * 1000)


def _days(field: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}d", text, re.ASCII):
        raise InvalidInput(field, text, Said("not a number of days, as 365d", "không phải số ngày, ví dụ 365d"))
    return int(text[:-1])


def _status(key: Key) -> str:
    return key.status(int(time.time() * 1000))


def _scope_texts(key: Key) -> list[str]:
    return [scope if where is None else f"{scope}:{','.join(where)}" for scope, where in key.places.items()]


def _told(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "status": _status(key),
        "scopes": {scope: None if where is None else list(where) for scope, where in key.places.items()},
        "limits": key.limits.to_dict(),
        "created": _time(key.created_ms),
        "expires": _time(key.expires_ms),
        "revoked": _time(key.revoked_ms),
    }


def _show(session: Session, key: Key, token: str | None) -> None:
    if session.as_json:
        print_json(_told(key) | ({} if token is None else {"token": token}))
        return
    limits = ", ".join(f"{name}={value}" for name, value in key.limits.to_dict().items())
    print_fields(
        [
            ("key", key.id), ("name", key.name), ("status", word(_status(key), session.lang)),
            ("scopes", " ".join(_scope_texts(key))), ("limits", limits), ("expires_on", _time(key.expires_ms)),
            ("token", token),
        ],
        session.lang,
    )  # fmt: skip


def _time(at_ms: int | None) -> str | None:
    if at_ms is None:
        return None
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(at_ms: int | None) -> str:
    return (_time(at_ms) or "")[:10]

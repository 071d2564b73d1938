"""The pack, the registry and the keys, each as plain data with what is wrong with it and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geoaddr.cli.frame import Session
from geoaddr.cli.refusals import refusal
from geoaddr.errors import DataError, GeoaddrError, Said
from geoaddr.model import Level
from geoaddr.stores import SQLITE, without_password
from geoaddr.stores.files import SCARCE_BYTES, free_bytes, obstacle

Examined = tuple[dict[str, Any], list[Said]]

_NO_PACK = Said(
    "give the path of one with --pack or GEOADDR_PACK, or leave it out for the one that comes with geoaddr",
    "hãy chỉ đường dẫn bằng --pack hoặc GEOADDR_PACK, hoặc bỏ trống để dùng gói dữ liệu kèm theo geoaddr",
)
_CANNOT_WRITE = Said("nothing can be written there", "không ghi được vào đó")
_MAKE_ROOM = Said("make room on its disk", "hãy giải phóng dung lượng đĩa")
_GIVE_RIGHT = Said(
    "give the user of the service the right to write there, or name another place",
    "hãy cấp quyền ghi cho người dùng chạy dịch vụ, hoặc chọn nơi khác",
)


def of_pack(given: str | None) -> Examined:
    """Every byte of the pack."""
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.pack import Pack
    from geoaddr.wiring import EMBEDDED_PACK, pack_path

    path = pack_path(given)
    found: dict[str, Any] = {"file": str(path), "embedded": path == EMBEDDED_PACK, "sound": False}
    try:
        opened = Pack.open(path, verify="always")
        gazetteer = Gazetteer.from_pack(opened)
    except GeoaddrError as error:
        absent = isinstance(error, DataError) and not path.exists()
        return found, [_and(_told(error), _NO_PACK) if absent else _told(error)]
    levels: tuple[Level, ...] = ("province", "commune")
    found |= opened.info.to_dict()
    found |= {"sound": True, "bytes": path.stat().st_size, "sections": len(opened.sections)}
    found["units"] = {level: len(gazetteer.units(level, as_of=opened.info.date)) for level in levels}
    own = Pack.open(EMBEDDED_PACK).info
    return found, [_older(path, found["date"], own.date)] if opened.info.date < own.date else []


def of_registry(session: Session) -> Examined:
    """Every record of the registry, and whether it can be written."""
    from geoaddr.wiring import store_url

    found: dict[str, Any] = {"sound": False}
    hindered = _of_file(store_url(session.store), yet_to_be_made=True)
    try:
        with session.registry() as (url, registry):
            found |= {"store": url, "made": registry.exists()}
            found |= registry.stats()
            problems = [problem.said for problem in registry.verify()]
    except GeoaddrError as error:
        return found, hindered or [_told(error)]
    found["sound"] = not problems
    return found, [*problems, *hindered]


def of_keys(url: str | None) -> Examined:
    """The database of keys, as the service would find it; ``None`` where that is not known."""
    from service.keys.database import open_database
    from service.keys.keyring import Keyring

    if url is None:
        return {}, []
    found: dict[str, Any] = {"store": without_password(url), "sound": False}
    hindered = _of_file(url)
    try:
        opened = open_database(url)
        found["keys"] = len(Keyring(opened).all())
        if not hindered:
            opened.check()
        opened.close()
    except GeoaddrError as error:
        return found, hindered or [_told(error)]
    found["sound"] = True
    return found, hindered


def _of_file(url: str, *, yet_to_be_made: bool = False) -> list[Said]:
    """What stands in the way of writing a file.

    :param yet_to_be_made: where there is none, in the folder in which it would be, if there is that.
    """
    path = Path(url.removeprefix(SQLITE))
    if not url.startswith(SQLITE) or not (path.exists() or (yet_to_be_made and path.absolute().parent.is_dir())):
        return []
    free = free_bytes(path)
    if free < SCARCE_BYTES:
        left = round(free / 1e6)
        return [_and(Said(f"{path}: {left} MB are free", f"{path}: chỉ còn trống {left} MB"), _MAKE_ROOM)]
    if (why := obstacle(path)) is None:
        return []
    said = Said(f"{path}: {_CANNOT_WRITE.en}: {why.en}", f"{path}: {_CANNOT_WRITE.vi}: {why.vi}")
    return [_and(said, _GIVE_RIGHT)]


def _told(error: GeoaddrError) -> Said:
    return Said(refusal(error, "en"), refusal(error, "vi"))


def _and(said: Said, advice: Said) -> Said:
    return Said(f"{said.en}; {advice.en}", f"{said.vi}; {advice.vi}")


def _older(path: Path, of_pack: str, of_software: object) -> Said:
    return Said(
        f"{path}: its units are those of {of_pack}, those that come with geoaddr of {of_software}; "
        "make it again with 'geoaddr data import'",
        f"{path}: dữ liệu đơn vị hành chính của ngày {of_pack}, bản kèm theo geoaddr là ngày {of_software}; "
        "hãy tạo lại bằng lệnh 'geoaddr data import'",
    )

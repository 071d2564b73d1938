"""A verb over a Dask frame: each partition is answered by the process that computes it, when it is computed.

What travels to a worker is where the pack and the registry are, never what stands in them. A process opens them
once, and all on one machine share the pages of the pack.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Any

from geoaddr.bulk.engine import REGISTRY_READERS
from geoaddr.bulk.frames import answered
from geoaddr.bulk.ports import Origin, Platform
from geoaddr.errors import DataError, InvalidInput, Said

MEMORY = "memory:"
ISSUED_IN_TURN = Said(
    "codes are issued by one registry, in turn: write the frame to Parquet and use `geoaddr batch assign`, or "
    "issue them from several processes on a PostgreSQL registry",
    "mã do một sổ đăng ký cấp lần lượt: hãy ghi bảng ra Parquet và dùng `geoaddr batch assign`, hoặc cấp từ nhiều "
    "tiến trình trên sổ đăng ký PostgreSQL",
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """From where every worker opens the platform, and how it knows that it is the same one.

    ``registry``: the hash of the registry's key; ``None`` where there is none, or the verb asks none.
    """

    origin: Origin
    version: str
    asks_registry: bool
    registry: str | None


def answered_lazily(ga: Platform, verb: str, frame: Any, **how: Any) -> Any:
    """The Dask frame of ``verb``'s answers; divisions, index and partitions stay, nothing is computed.

    Columns and their coordinate system are judged now; whether points are misplaced, by the first partition.

    :param how: as for :func:`geoaddr.bulk.frames.answered`.
    :raises InvalidInput: for ``assign``, a registry in this process's memory, a platform that was not opened from
        a pack and a store.
    """
    whereabouts = _whereabouts(ga, verb)
    meta = answered(ga, verb, frame._meta, **how)
    out = frame.map_partitions(_partition, whereabouts, verb, how, meta=meta)
    if getattr(frame, "spatial_partitions", None) is not None:  # no row moves
        out.spatial_partitions = frame.spatial_partitions
    return out


def _partition(
    part: Any, whereabouts: Whereabouts, verb: str, how: dict[str, Any], partition_info: Any = None
) -> Any:
    first = partition_info is None or partition_info["number"] == 0
    return answered(_opened(whereabouts), verb, part, first=first, **how)


def _whereabouts(ga: Platform, verb: str) -> Whereabouts:
    if verb == "assign":
        raise InvalidInput("frame", "dask", ISSUED_IN_TURN)
    if ga.origin is None:
        said = Said("the platform was not opened by geoaddr.open, so no worker could open the same one",
                    "nền tảng không được mở bằng geoaddr.open, nên tiến trình khác không mở lại được")  # fmt: skip
        raise InvalidInput("frame", "dask", said)
    asks = verb in REGISTRY_READERS
    if asks and ga.origin.store == MEMORY:
        said = Said(f"{verb} asks the registry, and one in memory is seen by no worker; name a file or a server",
                    f"{verb} tra sổ đăng ký, mà sổ trong bộ nhớ thì tiến trình khác không thấy; hãy dùng tệp "
                    "hoặc máy chủ")  # fmt: skip
        raise InvalidInput("store", MEMORY, said)
    return Whereabouts(ga.origin, ga.pack.info.version, asks, _registry(ga) if asks else None)


def _registry(ga: Platform) -> str | None:
    """Which registry it is, without telling its key."""
    if ga.known is None:
        return None
    return hashlib.sha256(b"registry" + ga.registry.store.key()).hexdigest()


_opening = threading.Lock()
_platforms: dict[tuple[Origin, str], Platform] = {}
_seen: set[Whereabouts] = set()
"""Those whose registry was compared in this process."""


def _opened(whereabouts: Whereabouts) -> Platform:
    """The platform of this process, opened when it is first asked for.

    :raises DataError: when what is found here is not what the frame was planned with.
    """
    with _opening:
        opened = whereabouts.origin, whereabouts.version
        if opened not in _platforms:
            _platforms[opened] = _same_pack(*opened)
        if whereabouts not in _seen:
            _check_registry(_platforms[opened], whereabouts)
            _seen.add(whereabouts)
        return _platforms[opened]


def _same_pack(origin: Origin, version: str) -> Platform:
    ga: Platform = origin.opener(origin.pack, origin.store)
    found = ga.pack.info.version
    if found != version:
        ga.close()
        said = Said(
            f"this worker has version {found}, the frame was planned with {version}; give all the same pack",
            f"tiến trình này có phiên bản {found}, bảng được lập với {version}; hãy dùng cùng một gói",
        )
        raise DataError(ga.pack.path, said)
    return ga


def _check_registry(ga: Platform, whereabouts: Whereabouts) -> None:
    if whereabouts.asks_registry and _registry(ga) != whereabouts.registry:
        said = Said(
            "this worker finds another registry there than the frame was planned with, or none",
            "tại đó tiến trình này thấy sổ đăng ký khác với lúc lập bảng, hoặc không thấy sổ nào",
        )
        raise DataError("registry", said)

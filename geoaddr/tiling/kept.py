"""Outlines on disk, in the user's cache folder: whatever is lost there is drawn again."""

from __future__ import annotations

import fcntl
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import platformdirs
import shapely
from numpy.typing import NDArray

LAYOUT = 2
"""Changed with the way in which outlines are drawn or written."""

_MULTIPOLYGON = shapely.GeometryType.MULTIPOLYGON

OFFSETS = ("ring_offsets", "part_offsets", "unit_offsets")


class KeptOutlines:
    """The outlines of one layer of one pack, a file for each name.

    :param layer: what tells the layer, and its content, from every other.
    :param folder: by default ``tiles`` in the user's cache folder.
    """

    def __init__(self, layer: str, folder: Path | None = None) -> None:
        name = hashlib.sha256(f"{LAYOUT} {layer}".encode()).hexdigest()[:24]
        self.folder = (folder or platformdirs.user_cache_path("geoaddr") / "tiles") / name

    def has(self, name: str) -> bool:
        """Whether something is kept under a name."""
        return self._path(name).is_file()

    def read(self, name: str) -> NDArray[Any] | None:
        """The polygons of a name; ``None`` where they are not kept, or the file is damaged."""
        try:
            with np.load(self._path(name), allow_pickle=False) as file:
                coords, *offsets = (file[column] for column in ("coords", *OFFSETS))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        found: NDArray[Any] = shapely.from_ragged_array(_MULTIPOLYGON, coords, tuple(offsets))
        return found

    def write(self, name: str, polygons: NDArray[Any]) -> None:
        """Keep polygons; without a folder that can be written, they are not kept."""
        several = np.array([_multi(polygon) for polygon in polygons], dtype=object)
        _, coords, offsets = shapely.to_ragged_array(several, include_z=False)
        path = self._path(name)
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("xb") as out:
                np.savez(out, coords=coords, **dict(zip(OFFSETS, offsets, strict=True)))
            partial.replace(path)
        except OSError:
            with suppress(OSError):
                partial.unlink()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process is in here; where the folder cannot be written, nobody waits."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("wb")
        except OSError:
            yield
            return
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npz"


def _multi(polygon: Any) -> Any:
    return shapely.multipolygons(shapely.get_parts(polygon))

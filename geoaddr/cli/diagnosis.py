"""What is installed and in use, and what is wrong with it, as plain data."""

from __future__ import annotations

import platform as machine
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from geoaddr._version import __version__
from geoaddr.cli.frame import Session
from geoaddr.cli.refusals import refusal
from geoaddr.errors import GeoaddrError, Said
from geoaddr.interpretation.detail_compiled import ENGINE
from geoaddr.model import Level

CORE = (
    "click", "numpy", "platformdirs", "pyarrow", "pyogrio", "rapidfuzz", "rich", "rtree",
    "shapely",
)  # fmt: skip
"""The packages that every installation needs."""

EXTRAS: dict[str, tuple[str, ...]] = {
    "service": ("flask", "fpdf2", "granian", "orjson", "pydantic", "segno"),
    "postgres": ("psycopg",),
    "dask": ("dask", "dask-geopandas"),
    "excel": ("openpyxl",),
    "crs": ("pyproj",),
    "fast": ("numba",),
}
"""The optional parts of the installation, and the packages of each."""


@dataclass
class Diagnosis:
    """What was found. ``compiled``: whether the compiled engine was built. ``pack`` and ``registry`` are plain
    data; ``settings`` those of the service, each with its value and where it comes from; ``problems`` sentences
    for people."""

    packages: dict[str, str | None] = field(default_factory=dict)
    extras: dict[str, dict[str, str | None]] = field(default_factory=dict)
    compiled: bool = False
    pack: dict[str, Any] = field(default_factory=dict)
    registry: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Said] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as plain data."""
        return {
            "sound": not self.problems,
            "geoaddr": __version__,
            "python": machine.python_version(),
            "packages": self.packages,
            "extras": self.extras,
            "compiled": self.compiled,
            "pack": self.pack,
            "registry": self.registry,
            "settings": self.settings,
            "problems": [said._asdict() for said in self.problems],
        }


def diagnose(session: Session, config: str | None = None) -> Diagnosis:
    """Look at the installation, at every byte of the pack and every record of the registry.

    :param config: a file of the service's settings; by default the one that ``GEOADDR_CONFIG`` names, if any.
    """
    found = Diagnosis()
    found.packages = {name: _version(name) for name in CORE}
    found.problems += [_absent(name) for name, known in found.packages.items() if known is None]
    found.extras = {extra: {name: _version(name) for name in names} for extra, names in EXTRAS.items()}
    session = _look_at_settings(found, session, config)
    found.compiled = find_spec(ENGINE) is not None
    _look_at_pack(found, session.pack)
    _look_at_registry(found, session)
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _absent(name: str) -> Said:
    return Said(f"{name} is not installed; install geoaddr again", f"chưa cài {name}; hãy cài lại geoaddr")


def _look_at_settings(found: Diagnosis, session: Session, config: str | None) -> Session:
    """The session with the pack and the registry that the service would use."""
    from service.configuration import configure

    try:
        configured = configure({"pack": session.pack, "store": session.store}, file=config)
    except GeoaddrError as error:
        found.problems.append(Said(refusal(error, "en"), refusal(error, "vi")))
        return session
    found.settings = configured.shown()
    return replace(session, pack=configured.settings.pack, store=configured.settings.store)


def _look_at_pack(found: Diagnosis, given: str | None) -> None:
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.pack import Pack
    from geoaddr.wiring import EMBEDDED_PACK, pack_path

    path = pack_path(given)
    found.pack = {"file": str(path), "embedded": path == EMBEDDED_PACK, "sound": False}
    try:
        opened = Pack.open(path, verify="always")
        gazetteer = Gazetteer.from_pack(opened)
    except GeoaddrError as error:
        found.problems.append(Said(refusal(error, "en"), refusal(error, "vi")))
        return
    levels: tuple[Level, ...] = ("province", "commune")
    found.pack |= opened.info.to_dict()
    found.pack |= {"sound": True, "bytes": path.stat().st_size, "sections": len(opened.sections)}
    found.pack["units"] = {level: len(gazetteer.units(level, as_of=opened.info.date)) for level in levels}


def _look_at_registry(found: Diagnosis, session: Session) -> None:
    found.registry = {"sound": False}
    try:
        with session.registry() as (url, registry):
            found.registry |= {"store": url, "made": registry.exists()}
            found.registry |= registry.stats()
            problems = [problem.said for problem in registry.verify()]
    except GeoaddrError as error:
        found.problems.append(Said(refusal(error, "en"), refusal(error, "vi")))
        return
    found.registry["sound"] = not problems
    found.problems += problems

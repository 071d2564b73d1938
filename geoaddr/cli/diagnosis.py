"""What is installed and in use, and what is wrong with it, as plain data."""

from __future__ import annotations

import platform as machine
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from geoaddr._version import __version__
from geoaddr.cli import examination
from geoaddr.cli.frame import Session
from geoaddr.cli.refusals import refusal
from geoaddr.errors import GeoaddrError, Said
from geoaddr.interpretation.detail_compiled import ENGINE

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
    """What was found. ``compiled``: whether the compiled engine was built. ``pack``, ``registry`` and
    ``keys`` are plain data; ``settings`` those of the service, each with its value and where it comes from;
    ``problems`` sentences for people."""

    packages: dict[str, str | None] = field(default_factory=dict)
    extras: dict[str, dict[str, str | None]] = field(default_factory=dict)
    compiled: bool = False
    pack: dict[str, Any] = field(default_factory=dict)
    registry: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
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
            "keys": self.keys,
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
    session, access = _look_at_settings(found, session, config)
    found.compiled = find_spec(ENGINE) is not None
    found.pack, in_pack = examination.of_pack(session.pack)
    found.registry, in_registry = examination.of_registry(session)
    found.keys, in_keys = examination.of_keys(access)
    found.problems += [*in_pack, *in_registry, *in_keys]
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _absent(name: str) -> Said:
    return Said(f"{name} is not installed; install geoaddr again", f"chưa cài {name}; hãy cài lại geoaddr")


def _look_at_settings(found: Diagnosis, session: Session, config: str | None) -> tuple[Session, str | None]:
    """The session with the pack and the registry that the service would use, and the URL of its keys."""
    from service.configuration import configure

    try:
        configured = configure({"pack": session.pack, "store": session.store}, file=config)
    except GeoaddrError as error:
        found.problems.append(Said(refusal(error, "en"), refusal(error, "vi")))
        return session, None
    found.settings = configured.shown()
    settings = configured.settings
    return replace(session, pack=settings.pack, store=settings.store), settings.access_url()

"""``geoaddr data build``: the embedded pack, from its sources in a checkout."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.output import print_fields, print_json
from geoaddr.errors import DataError, Said
from geoaddr.model import PackInfo

BUILD = "geoaddr_data_build"
"""The name under which the build step is loaded; it stands in the sources' folder and is not installed."""


@click.command(cls=Verb)
@click.option("--sources", metavar="FOLDER", type=click.Path(path_type=Path),
              help="Folder of the sources; by default data/ of this checkout.")  # fmt: skip
@click.option("-o", "--out", metavar="PACK", type=click.Path(path_type=Path),
              help="The pack to write; by default the embedded one.")  # fmt: skip
@click.pass_obj
def build(session: Session, sources: Path | None, out: Path | None) -> int:
    """Rebuild the embedded pack from the text sources in a checkout.

    Byte for byte the same, with the versions of data/build/requirements.txt.
    """
    from geoaddr.wiring import EMBEDDED_PACK

    folder = sources or Path(__file__).parents[2] / "data"
    target = out or EMBEDDED_PACK
    made = _step(folder)(folder, target)
    if session.as_json:
        print_json({"file": str(target), **made.to_dict()})
    else:
        print_fields([("file", str(target)), ("version", made.version)], session.lang)
    return 0


def _step(folder: Path) -> Callable[[Path, Path], PackInfo]:
    """The build step of a folder of sources."""
    file = folder / "build" / "__init__.py"
    if not file.is_file():
        said = Said(
            "no sources here; they are in a checkout, in data/", "không có nguồn; nguồn ở thư mục data/ của kho mã"
        )
        raise DataError(folder, said)
    spec = importlib.util.spec_from_file_location(BUILD, file, submodule_search_locations=[str(file.parent)])
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[BUILD] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    step: Callable[[Path, Path], PackInfo] = module.build
    return step

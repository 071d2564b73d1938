"""``geoaddr doctor``: what is installed and in use, and whether it is sound."""

from __future__ import annotations

from collections.abc import Mapping

import click

from geoaddr.cli.diagnosis import Diagnosis, diagnose
from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import label, word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.views import Rows
from geoaddr.text.figures import figure, megabytes


@click.command(cls=Verb)
@click.option("--config", metavar="FILE", help="TOML file of the service's settings. [env: GEOADDR_CONFIG]")
@click.pass_obj
def doctor(session: Session, config: str | None) -> int:
    """What is installed, which settings, pack, registry and keys are in use, and whether they are sound.

    Reads every byte of the pack and every record of the registry. Exit code 1: something is wrong.
    """
    found = diagnose(session, config)
    if session.as_json:
        print_json(found.to_dict())
    else:
        print_fields(_rows(found, session.lang), session.lang)
    return NEGATIVE if found.problems else 0


def _rows(found: Diagnosis, lang: str) -> Rows:
    answer = found.to_dict()
    settings = [(name, known) for name, known in found.settings.items() if known["value"] is not None]
    yield "geoaddr", answer["geoaddr"]
    yield "python", answer["python"]
    yield "packages", _versions(found.packages, lang)
    yield "extras", [f"{extra}: {_versions(names, lang)}" for extra, names in found.extras.items()]
    yield "compiled", word("built" if found.compiled else "not_built", lang)
    yield "pack", [*_pack_lines(found, lang), _verdict(found.pack["sound"], lang)]
    yield "store", [*_registry_lines(found, lang), _verdict(found.registry["sound"], lang)]
    if found.keys:
        yield "keys", [found.keys["store"], _verdict(found.keys["sound"], lang)]
    yield "settings", [f"{name} = {known['value']}  ({word(known['from'], lang)})" for name, known in settings]
    yield "problems", [said.in_language(lang) for said in found.problems] or word("none_found", lang)


def _versions(names: Mapping[str, str | None], lang: str) -> str:
    return ", ".join(f"{name} {known or '(' + word('missing', lang) + ')'}" for name, known in names.items())


def _verdict(sound: bool, lang: str) -> str:
    return word("sound" if sound else "not_sound", lang)


def _pack_lines(found: Diagnosis, lang: str) -> list[str]:
    pack = found.pack
    if "version" not in pack:
        return [pack["file"]]
    counts = ", ".join(f"{label(level, lang)}: {figure(count, lang)}" for level, count in pack["units"].items())
    return [
        pack["file"],
        f"{pack['name']} {pack['version']} ({pack['date']}), {megabytes(pack['bytes'], lang)}, {counts}",
        word(pack["boundary_accuracy"], lang),
    ]


def _registry_lines(found: Diagnosis, lang: str) -> list[str]:
    registry = found.registry
    lines = [registry["store"]] if "store" in registry else []
    if not registry.get("made", True):
        return [*lines, word("not_made", lang)]
    if "addresses" in registry:
        count = figure(registry["addresses"], lang)
        lines.append(f"{registry['engine']}, {label('addresses', lang)}: {count}")
    return lines

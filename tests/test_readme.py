"""Every example of the README and of the tutorial runs, and prints what the page says.

A ``console`` block is run in one shell, each command after its ``$``; the ``python`` blocks of a page are one
session, and what follows as a comment ``# -> ...`` after an expression is what that expression must show. In
expected output ``...`` stands for anything.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorial").glob("*.md"))]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[object]:
    found = []
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8"))):
            if match[1] == language:
                found.append(pytest.param(page.name, match[2], id=f"{page.name}-{number}"))
    return found


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A user's empty folder, and an environment of the defaults with a registry of its own."""
    home = tmp_path_factory.mktemp("user")
    env = {k: v for k, v in os.environ.items() if not k.startswith("GEOADDR_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    return home, {**env, "PATH": path, "GEOADDR_STORE": f"sqlite:///{home}/registry.db", "LANG": "C.UTF-8"}


def agrees(want: str, got: str) -> bool:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(want, got, flags)


@pytest.mark.parametrize(("page", "block"), blocks("console"))
def test_console(page: str, block: str, shell: tuple[Path, dict[str, str]]) -> None:
    folder, env = shell
    examples = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    script = "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + "".join(f"printf '\\036'\n{c}\n" for c, _ in examples)
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    for (command, want), got in zip(examples, run.stdout.split("\036")[1:], strict=True):
        assert agrees(want, got), f"$ {command}\nexpected:\n{want}\ngot:\n{got}"


@pytest.fixture(scope="module")
def sessions() -> dict[str, dict[str, object]]:
    """The names that each page's blocks have made so far."""
    return {}


@pytest.mark.parametrize(("page", "block"), blocks("python"))
def test_python(
    page: str,
    block: str,
    shell: tuple[Path, dict[str, str]],
    sessions: dict[str, dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, env = shell
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GEOADDR_STORE", env["GEOADDR_STORE"])
    monkeypatch.delenv("GEOADDR_PACK", raising=False)
    session = re.sub(r"^(.*\S)  # -> (.*)$", r">>> \1\n\2", block, flags=re.MULTILINE)
    lines = [
        line if line.startswith(">>>") or after_value else prompt(line)
        for line, after_value in with_values(session.splitlines())
    ]
    names = sessions.setdefault(page, {})
    example = doctest.DocTestParser().get_doctest("\n".join(lines) + "\n", names, page, None, None)
    out: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    results = runner.run(example, out=out.append, clear_globs=False)
    names.update(example.globs)
    assert results.attempted
    assert not results.failed, "".join(out)


def with_values(lines: list[str]) -> list[tuple[str, bool]]:
    """Each line, and whether it is the expected value of the ``>>>`` line before it."""
    return [(line, i > 0 and lines[i - 1].startswith(">>>")) for i, line in enumerate(lines)]


def prompt(line: str) -> str:
    if not line.strip():
        return ""
    return f"... {line}" if line[0] in " )]}" else f">>> {line}"

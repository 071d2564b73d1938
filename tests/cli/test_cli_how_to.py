"""Every ``console`` block of the how-to pages runs, from top to bottom, and prints what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_readme import BLOCK, ROOT, agrees

PAGES = sorted((ROOT / "docs/how-to").glob("*.md"))

COMMAND = re.compile(r"^\$ (.*<<END\n(?:.*\n)*?END|.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_page(page: Path, tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GEOADDR_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    env = {**kept, "PATH": path, "GEOADDR_STORE": "sqlite:///registry.db", "LC_ALL": "C.UTF-8"}
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block[1] != "console":
            continue
        for command, want in COMMAND.findall(block[2]):
            run = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True)
            got = run.stdout + run.stderr
            assert agrees(want, got), f"$ {command}\nexpected:\n{want}\ngot:\n{got}"

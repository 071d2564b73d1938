"""Command lines as tests type them: in this process for breadth, in one of their own for the real thing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from geoaddr.cli.main import cli


@dataclass(frozen=True)
class Ran:
    """What a line did."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def answers(self) -> list[Any]:
        """The JSON Lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The one line on standard error, after the steps of a long command."""
        lines = [line for line in self.err.splitlines() if not line.endswith(" …")]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("geoaddr: ")
        return lines[0].removeprefix("geoaddr: ")


class Lines:
    """Runs command lines with a registry of their own and nothing else from the environment."""

    def __init__(self, folder: Path) -> None:
        self.store = f"sqlite:///{folder / 'registry.db'}"
        self.environment = {
            "GEOADDR_STORE": self.store,
            "GEOADDR_PACK": "",
            "LC_ALL": "C.UTF-8",
        }

    def __call__(self, *words: object, stdin: str | None = None, **environment: str) -> Ran:
        """In this process."""
        done = CliRunner().invoke(cli, [*map(str, words)], input=stdin, env={**self.environment, **environment})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return Ran(done.exit_code, done.stdout, done.stderr)

    def start(self, *words: object, **environment: str) -> subprocess.Popen[bytes]:
        """In a process of its own, still running."""
        return subprocess.Popen(
            [sys.executable, "-m", "geoaddr.cli", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.whole_environment | environment,
        )

    def script(self, text: str) -> Ran:
        """A Python script in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", text], capture_output=True, text=True, env=self.whole_environment, timeout=60
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @property
    def whole_environment(self) -> dict[str, str]:
        """That of a process: the tests' own, with the registry and language of these lines."""
        return {**os.environ, **self.environment}

    def real(self, *words: object, **environment: str) -> Ran:
        """In a process of its own, to its end."""
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=60)
        return Ran(process.returncode, out.decode(), err.decode())

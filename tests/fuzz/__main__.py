"""A coverage-guided run: see README.md beside.

python -m tests.fuzz [--seconds N] [--keep] [--found FOLDER]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz import strategies
from tests.fuzz.engine import bytes_of, text_of

CORPUS = Path(__file__).parent / "corpus.txt"
MOST_KEPT = 200
LONGEST = 600


def engine(*arguments: str) -> int:
    """Run the engine, which ends its process, in one of its own."""
    return subprocess.run([sys.executable, "-m", "tests.fuzz.engine", *arguments], check=False).returncode


def main() -> int:
    """Fuzz, say what was found, and with ``--keep`` write the smallest corpus of the same coverage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="how long to run (60)")
    parser.add_argument("--keep", action="store_true", help="rewrite corpus.txt with what reaches the most code")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"), help="folder for texts that fail")
    given = parser.parse_args()
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("the fuzzer is not installed: pip install atheris", file=sys.stderr)
        return 2
    given.found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        grown, least, words = (Path(scratch) / name for name in ("grown", "least", "words"))
        grown.mkdir()
        least.mkdir()
        for number, line in enumerate(CORPUS.read_text(encoding="utf-8").splitlines()):
            (grown / f"kept-{number}").write_bytes(bytes_of(json.loads(line)))
        known = [*strategies.NAMES, *strategies.TYPES, *strategies.NUMBERS, *strategies.LEFTOVERS]
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in known), encoding="ascii")
        code = engine(
            str(grown), f"-max_total_time={given.seconds}", f"-dict={words}", f"-max_len={LONGEST}", "-timeout=5",
            "-len_control=0", f"-artifact_prefix={given.found}/", "-print_final_stats=1", "-close_fd_mask=0",
        )  # fmt: skip
        if given.keep and code == 0:
            if engine("-merge=1", f"-max_len={LONGEST}", str(least), str(grown)) or not any(least.iterdir()):
                print("the corpus could not be merged and stays as it was", file=sys.stderr)
                return 2
            write_corpus([text_of(path.read_bytes()) for path in least.iterdir()])
    for path in sorted(given.found.iterdir()):
        print(f"failed: {json.dumps(text_of(path.read_bytes()))}")
    return 1 if code else 0


def write_corpus(texts: list[str]) -> None:
    """The shortest :data:`MOST_KEPT` of ``texts``, one JSON string a line."""
    shortest = sorted(set(texts), key=lambda text: (len(text), text))[:MOST_KEPT]
    CORPUS.write_text("".join(f"{json.dumps(text)}\n" for text in shortest), encoding="utf-8")


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    sys.exit(main())

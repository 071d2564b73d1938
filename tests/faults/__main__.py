"""The whole campaign, or some kinds of it.

python -m tests.faults [--each N] [--seed N] [--kind TEXT]
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from tests.faults.kinds import KINDS, campaign
from tests.postgres_server import Absent, Server


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--each", type=int, default=100, help="rounds of each kind")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--kind", default="", help="only those whose name has this in it")
    given = arguments.parse_args()
    names = [name for name in KINDS if given.kind in name]
    server: Server | None = None
    try:
        server = Server()
    except Absent as absent:
        print(f"without PostgreSQL: {absent}")
        names = [name for name in names if KINDS[name].engine == "sqlite"]
    failed = 0
    try:
        for name in names:
            began = time.monotonic()
            said = "nothing lost, nothing twice, nothing half done"
            try:
                campaign(name, given.each, server=server, seed=given.seed)
            except AssertionError as error:
                failed += 1
                (*_, last) = traceback.extract_tb(error.__traceback__)
                said = f"{last.line} | {str(error)[-500:]} | {error.__notes__[-1]}".replace("\n", " ")
            print(f"{name:44} {given.each:5} rounds {time.monotonic() - began:7.1f} s   {said}", flush=True)
    finally:
        if server is not None:
            server.remove()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How well and how fast addresses are understood: one table, ours beside a peer's, in one run.

    python -m tests.benchmarks.understanding [--rows N] [--million [N]] [--no-peer]
        [--only old,new,legacy,components,styles,robust,speed,hostile]
        [--json FILE] [--wrong FILE] [--labels FILE]

Reads the addresses of the shared data folder. Every figure comes through the verbs that users call. ``--rows``
takes a seeded sample of each set; ``--million`` also converts a file of N rows by ``geoaddr batch convert``;
``--wrong`` writes the rows that are wrong, each with its cause, and ``--labels`` those whose label is wrong, each
with the reason. The peer is ``vietnamadminunits`` 1.0.4, where installed.
"""

from __future__ import annotations

from tests.benchmarks.understanding.hostile import LONG

__all__ = ["LONG"]

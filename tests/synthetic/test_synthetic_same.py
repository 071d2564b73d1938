"""The same seed and data give the same bytes, however they are made; another seed gives another nation."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import geoaddr
from geoaddr.synthetic import nation
from geoaddr.synthetic.draws import splitmix64


def made(ga: geoaddr.Geoaddr, out: Path, **options: object) -> str:
    ga.synth(
        out, **{"households": 3_000, "provinces": ["04", "48"], "style": "mixed", "overwrite": True} | options
    )
    return hashlib.sha256(out.read_bytes()).hexdigest()


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_again_and_by_more_threads_or_smaller_steps(
    ga: geoaddr.Geoaddr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    out = tmp_path / f"x.{ending}"
    first = made(ga, out, workers=1)
    assert made(ga, out, workers=3) == first
    monkeypatch.setattr(nation, "BLOCK_ROWS", 50)
    assert made(ga, out, workers=2) == first
    monkeypatch.setattr(nation, "BLOCK_ROWS", 10**6)
    assert made(ga, out) == first


def test_another_process_makes_the_same(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    import subprocess
    import sys

    out = tmp_path / "x.parquet"
    first = made(ga, out)
    words = f"{out} --households 3000 --province 48 --province 04 --style mixed --overwrite --workers 1".split()
    subprocess.run([sys.executable, "-m", "geoaddr.cli", "synth", "-o", *words], check=True, capture_output=True)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == first


def test_another_seed_moves_every_household_and_code(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    tables = []
    for seed in (1, 2):
        made(ga, tmp_path / "x.parquet", seed=seed)
        tables.append(pq.read_table(tmp_path / "x.parquet"))
    one, other = tables
    assert one["commune_code"].equals(other["commune_code"])  # by weight, not by chance
    for name in ("lat", "lon", "ndas"):
        same = np.array(one[name].to_pylist()) == np.array(other[name].to_pylist())
        assert same.mean() < 0.01, name


def test_numbers_are_those_of_the_reference() -> None:
    """The first numbers of SplitMix64 from 1234567, as published for checking implementations (Rosetta Code)."""
    assert splitmix64(1234567, np.arange(5)).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]

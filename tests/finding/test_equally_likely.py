"""More streets are a slip away from a text than are looked at, all as likely: the same ones in every process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geoaddr

NAME = "Quang Hà Thành"
SLIPS = [f"{NAME[:at]}{letter}{NAME[at + 1 :]}" for at in (3, 9, 13) for letter in "bcdklmpqrsvx"]
ASK = """
import json, sys, geoaddr
ga = geoaddr.open(store=sys.argv[1])
print(json.dumps([(each.label, each.weight) for each in ga.geocode(sys.argv[2], limit=50)]))
"""


def test_which_are_looked_at_is_no_matter_of_chance(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    with geoaddr.open(store=url) as ga:
        for n, street in enumerate(SLIPS):
            stated = {"house_number": str(4 + n % 3), "street": street, "commune": "00004"}
            ga.assign(stated, lat=21.035 + n / 1e4, lon=105.835)
    words = [sys.executable, "-c", ASK, url, f"5 {NAME}, Phường Ba Đình, Hà Nội"]
    told = {
        subprocess.run(words, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed in "123456"
    }
    assert len(told) == 1
    assert sum(any(slip in label for slip in SLIPS) for label, _ in json.loads(told.pop())) > 5

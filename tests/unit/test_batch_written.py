"""What is written of weights and dictionaries, by themselves."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.bulk.views import weights
from geoaddr.bulk.writers import repeating


@given(
    st.dictionaries(st.from_regex(r"[0-9]{5}", fullmatch=True), st.floats(0.001, 1000), min_size=1, max_size=60)
)
def test_printed_weights_sum_to_one(shares: dict[str, float]) -> None:
    printed = [part.split(":")[1] for part in weights(shares).split("; ")]
    assert sum(round(100 * float(share)) for share in printed) == 100
    assert all(float(share) > 0 for share in printed)


@pytest.mark.parametrize(
    ("shares", "printed"),
    [
        ({"00004": 0.999, "00008": 0.001}, "00004:1.00"),
        ({"00004": 0.001, "00008": 0.5, "00010": 0.5}, "00008:0.50; 00010:0.50"),
        ({"00004": 0.5, "00008": 0.5}, "00004:0.50; 00008:0.50"),
        ({"00004": 1e-9}, "00004:1.00"),
        ({}, ""),
    ],
)
def test_candidates_that_round_to_nothing_are_left_out(shares: dict[str, float], printed: str) -> None:
    assert weights(shares) == printed


def test_dictionaries_are_of_what_repeats() -> None:
    rows = 100
    table = pa.record_batch(
        {
            "id": pa.array(range(rows)),
            "code": [f"{n:05d}" for n in range(rows)],
            "province": ["Hà Nội", "Huế"] * (rows // 2),
            "empty": pa.nulls(rows, pa.string()),
        }
    )
    assert repeating(table) == ["province", "empty"]

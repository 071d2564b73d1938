"""What a caller lacks is named at once, so that one key is asked for and not one after another."""

from __future__ import annotations

import pytest

from geoaddr.disclosure import Grants
from service.access import Caller, KeyRequired, ScopeMissing, require

LACKS = """
key | holds         | lacks
no  |               | address point
yes | area          | address point
yes | address       | point
"""


@pytest.mark.parametrize("row", LACKS.strip().splitlines()[1:])
def test_all_that_is_missing_is_named(row: str) -> None:
    key, holds, lacks = (cell.strip() for cell in row.split("|"))
    caller = Caller(Grants(dict.fromkeys(holds.split())), "k" if key == "yes" else None)
    with pytest.raises(ScopeMissing if key == "yes" else KeyRequired) as refused:
        require("address", caller, "point")
    assert refused.value.scope == lacks
    assert all(f"'{scope}'" in refused.value.message("vi") for scope in lacks.split())

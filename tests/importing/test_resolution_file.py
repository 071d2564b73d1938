"""What a resolution's table may say, and the one error that names line and column of what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoaddr.errors import DataError
from geoaddr.importing.amend import plan
from geoaddr.importing.resolution import read_resolution
from geoaddr.pack import Pack

HEAD = "action,on,legal_basis,unit,into,name,type,parent,postcode,geometry\n"
MERGE = "merge,2027-01-01,1/NQ,20209,20242,,,,,\nmerge,2027-01-01,1/NQ,20242,20242,,,,,\n"
TWO = "merge,2027-01-01,1/NQ,20200,20242,,,,50999,\nmerge,2027-01-01,1/NQ,20194,20242,,,,50998,\n"

REFUSED = """
action,on,legal_basis\\n                            | line 1                     | columns are missing: unit
action,on,legal_basis,unit,note\\nrename,,,,\\n     | line 1, column note        | no such column
HEAD                                                |                            | holds no line
HEAD+rename,2027-01-01,1/NQ,20194\\n                | line 2                     | more or fewer fields
HEAD+merger,2027-01-01,1/NQ,20194,,,,,,\\n          | line 2, column action      | not one of rename, retype
HEAD+rename,2027-01-01,,20194,,A,,,,\\n             | line 2, column legal_basis | missing
HEAD+rename,1/1/2027,1/NQ,20194,,A,,,,\\n           | line 2, column on          | not a date
HEAD+rename,2025-07-01,1/NQ,20194,,A,,,,\\n         | line 2, column on          | only changes after 2025-08-24
HEAD+rename,2027-01-01,1/NQ,2019,,A,,,,\\n          | line 2, column unit        | not the code of a unit
HEAD+merge,2027-01-01,1/NQ,48,20242,,,,,\\n         | line 2, column unit        | not the code of a unit: 5 digits
HEAD+rename,2027-01-01,1/NQ,20194,,,,,,\\n          | line 2, column name        | missing; a rename needs it
HEAD+rename,2027-01-01,1/NQ,20194,,A,Xã,,,\\n       | line 2, column type        | a rename has no type
HEAD+rename,2027-01-01,1/NQ,20194,,Xã A,,,,\\n      | line 2, column name        | without its type
HEAD+retype,2027-01-01,1/NQ,20194,,,Quận,,,\\n      | line 2, column type        | not a type of this level
HEAD+transfer,2027-01-01,1/NQ,20194,,,,048,,\\n     | line 2, column parent      | not the code of a province
HEAD+MERGE+merge,2027-01-01,1/NQ,20200,20242,,,,5020,\\n | line 4, column postcode | not 5 digits
""".strip()  # fmt: skip

UNFIT = """
rename,2027-01-01,1/NQ,20210,,A,,,,\\n              | line 2, column unit        | no commune 20210 stands
rename,2027-01-01,1/NQ,20194,,Hải Vân,,,,\\n        | line 2, column name        | has it already
rename,2027-01-01,1/NQ,20194,,Hải Châu,,,,\\n       | line 2, column name        | would both be Phường Hải Châu
rename,2027-01-01,1/NQ,20194,,A,,,,\\nrename,2027-01-01,1/NQ,20194,,B,,,,\\n | line 3, column unit | line 2 says it
retype,2026-09-01,1/NQ,09313,,,Phường,,,\\n         | line 2, column unit        | changed on 2026-09-20
transfer,2027-01-01,1/NQ,20194,,,,49,,\\n           | line 2, column parent      | no province 49 stands
merge,2027-01-01,1/NQ,20209,20242,,,,,\\n           | line 2, column into        | at least two units
merge,2027-01-01,1/NQ,20209,20242,,,,,\\nmerge,2027-01-01,1/NQ,20200,20242,,,,,\\n | line 2, column into | goes on
merge,2027-01-01,1/NQ,20209,20999,,,,,\\nmerge,2027-01-01,1/NQ,20242,20999,,,,,\\n | line 2, column name | new code
MERGE+rename,2027-01-01,1/NQ,20242,,A,,,,\\n        | line 4, column unit        | merged or split on that day
MERGE+TWO POSTCODES                                 | line 5, column postcode    | another line says 50999
MERGE+merge,2027-01-01,1/NQ,20200,20242,,,,11120,\\n | line 2, column postcode   | 11120 is the postcode of 00004
split,2027-01-01,1/NQ,20194,20194,,,,,\\n           | line 2, column into        | at least two lines
""".strip()  # fmt: skip


def table(text: str) -> list[tuple[str, str, str]]:
    rows = (tuple(cell.strip() for cell in line.split(" | ")) for line in text.splitlines())
    return [(a, b, c) for a, b, c in rows]


def content(cell: str) -> str:
    return (
        cell.replace("\\n", "\n")
        .replace("HEAD+", HEAD)
        .replace("HEAD", HEAD)
        .replace("MERGE+", MERGE)
        .replace("TWO POSTCODES", TWO)
    )


@pytest.mark.parametrize(("text", "where", "reason"), table(REFUSED))
def test_a_table_that_cannot_be_read(tmp_path: Path, text: str, where: str, reason: str) -> None:
    file = tmp_path / "r.csv"
    file.write_text(content(text), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_resolution(file)
    assert str(caught.value).startswith(f"{file}, {where}: " if where else f"{file}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(("text", "where", "reason"), table(UNFIT))
def test_a_change_that_does_not_fit_what_stands(
    base: Pack, tmp_path: Path, text: str, where: str, reason: str
) -> None:
    file = tmp_path / "r.csv"
    file.write_text(HEAD + content(text), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        plan(file, base)
    assert str(caught.value).startswith(f"{file}, {where}: ")
    assert reason in str(caught.value)


def test_not_text_and_not_there(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        read_resolution(tmp_path / "r.csv")
    with pytest.raises(DataError, match="cannot be read"):
        read_resolution(tmp_path / "none.csv")

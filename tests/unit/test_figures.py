"""Figures and reasons in the words of a language."""

from __future__ import annotations

import errno
import os

import pytest

from geoaddr.errors import os_reason
from geoaddr.text.figures import figure, length, megabytes

LENGTHS = """\
metres     english   vietnamese
0.0186     0.019_m   0,019_m
2.784      2.8_m     2,8_m
275.6      276_m     276_m
999.4      999_m     999_m
5566       5.6_km    5,6_km
2226000    2,226_km  2.226_km
"""


@pytest.mark.parametrize("row", LENGTHS.splitlines()[1:])
def test_lengths_are_plain(row: str) -> None:
    metres, english, vietnamese = (part.replace("_", " ") for part in row.split())
    assert length(float(metres), "en") == english
    assert length(float(metres), "vi") == vietnamese


def test_numbers_have_the_signs_of_the_language() -> None:
    assert (figure(1_234_567, "en"), figure(1_234_567, "vi")) == ("1,234,567", "1.234.567")
    assert figure(1234.5, "vi", ",.1f") == "1.234,5"
    assert megabytes(7_340_000, "vi") == "7,3 MB"


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EADDRINUSE])
def test_the_reasons_of_the_system_are_vietnamese_too(number: int) -> None:
    said = os_reason(OSError(number, os.strerror(number)))
    assert said.en == os.strerror(number)
    assert not said.vi.isascii()


def test_an_uncommon_reason_is_said_in_the_words_of_the_system() -> None:
    assert os_reason(OSError(errno.ELOOP, "Too many levels")) == ("Too many levels", "Too many levels")
